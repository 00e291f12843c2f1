"""Help for the hand on one picture: from a box or clicks to an outline."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from boxwright.domain import raster
from boxwright.domain.assist import Assistant, AssistShape, Outlined, Prepared, Prompt, Similar, checked, checked_box
from boxwright.domain.errors import Invalid, InvalidImage, Unavailable
from boxwright.domain.geometry import Bounds, Mask, Polygon
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Image
from boxwright.media import decode_rgb
from boxwright.services.embeddings import Embeddings, Networks
from boxwright.storage.unit_of_work import UnitOfWork

Rgb = NDArray[np.uint8]
# All pixels of a picture are decoded, 3 bytes each.
MAX_PIXELS = 120_000_000
_KEPT_BYTES = 400_000_000
_WAIT = 20.0


class Pictures:
    """The pictures last worked on, decoded: the next click on one of them need not wait for that again."""

    def __init__(self, room: int = _KEPT_BYTES) -> None:
        self._room = room
        self._kept: OrderedDict[str, Rgb] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, image: Image, blobs: BlobStore) -> Rgb:
        """Return the upright pixels. Raises NotFound, InvalidImage."""
        with self._lock:
            if image.sha256 in self._kept:
                self._kept.move_to_end(image.sha256)
                return self._kept[image.sha256]
        rgb = decode_rgb(blobs.local_path(image.sha256))
        with self._lock:
            self._kept[image.sha256] = rgb
            while sum(kept.nbytes for kept in self._kept.values()) > self._room:
                self._kept.popitem(last=False)
        return rgb


class Assisting:
    """Smart tools of the editor; nothing is stored here, a person takes what is found or leaves it."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, parallel: int = 2, networks: Networks | None = None) -> None:
        self._uow, self._blobs = uow, blobs
        self._pictures = Pictures()
        self._networks = networks
        self._turn = threading.BoundedSemaphore(parallel)

    def segment(self, image_id: str, prompt: Prompt, shape: AssistShape = "polygon") -> Outlined:
        """Return the outline of the object that a box or clicks mean.

        Raises:
            NotFound: no such picture.
            Invalid: a prompt that says nothing about the picture (`prompt_invalid`), or a picture that is too large.
            InvalidImage: its bytes are broken.
            Unavailable: too many ask at once.
        """
        image = self._picture(image_id)
        asked = checked(prompt, image.width, image.height)
        from boxwright.ml.assist.segment import segment  # OpenCV loads with the first click, not with the server

        with self._at_work():
            by_network, found = self._by_network(image, asked)
            if not by_network:
                found = segment(self._pixels(image), asked)
        method: Literal["colours", "network"] = "network" if by_network else "colours"
        return Outlined(method=method, geometry=found if shape == "polygon" or found is None else _mask(found, image))

    def similar(self, image_id: str, box: Bounds) -> tuple[Similar, ...]:
        """Return other places of a picture that look like one box of it, the likest first. Raises as `segment`."""
        image = self._picture(image_id)
        asked = checked_box(box, image.width, image.height)
        from boxwright.ml.assist.similar import find_similar

        with self._at_work():
            return tuple(find_similar(self._pixels(image), asked))

    def assistant(self, project_id: str | None = None) -> Assistant:
        """Say whether there are networks for outlines: of a project, or those that all projects have."""
        if self._networks is None:
            return Assistant(network="none", message="")
        model, embeddings = self._networks.of(project_id)
        return replace(embeddings.assistant(), model=model)

    def prepare(self, image_id: str) -> Prepared:
        """Begin to make a picture ready for clicks, where there are networks; return at once. Raises as `segment`."""
        return Prepared(ready=self._ready(self._picture(image_id)) is not None)

    def _ready(self, image: Image) -> Embeddings | None:
        """Return what answers to clicks on a picture, None where nothing does yet."""
        if self._networks is None:
            return None
        _, embeddings = self._networks.of(image.project_id)
        return embeddings if embeddings.prepare(image.sha256, lambda: self._pixels(image)) else None

    def _by_network(self, image: Image, prompt: Prompt) -> tuple[bool, Polygon | None]:
        """Return whether a network could be asked, and what it found; it is not waited for."""
        embeddings = self._ready(image)
        return (False, None) if embeddings is None else embeddings.decode(image.sha256, prompt)

    def _pixels(self, image: Image) -> Rgb:
        rgb = self._pictures.get(image, self._blobs)
        if rgb.shape[:2] != (image.height, image.width):
            raise InvalidImage("the picture's bytes are of another size than they were")
        return rgb

    def _picture(self, image_id: str) -> Image:
        with self._uow.read() as tx:
            image = tx.images.get(image_id)
        if image.width * image.height > MAX_PIXELS:
            message = f"smart tools work on pictures of at most {MAX_PIXELS // 1_000_000} megapixels, not on "
            raise Invalid(f"{message}{image.width} x {image.height}; outline it by hand", code="image_too_large")
        return image

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Wait for one's turn: few at once, so that memory and the server's other work are safe."""
        if not self._turn.acquire(timeout=_WAIT):
            raise Unavailable("many people use smart tools just now; try again in a moment", code="busy")
        try:
            yield
        finally:
            self._turn.release()


def _mask(polygon: Polygon, image: Image) -> Mask | None:
    """Return the pixels of an outline; None where it encloses no pixel's middle."""
    counts = raster.runs(polygon, image.width, image.height)
    if not any(counts[1::2]):
        return None
    return Mask(width=image.width, height=image.height, counts=counts)
