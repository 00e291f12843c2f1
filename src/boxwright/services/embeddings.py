"""Pictures made ready for clicks by networks: a model of the project, or the files in the folder `assist`."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from boxwright.domain.assist import Assistant, Prompt
from boxwright.domain.errors import BoxwrightError, InvalidModel
from boxwright.domain.geometry import Polygon
from boxwright.domain.ports import BlobStore
from boxwright.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from boxwright.ml.assist.sam import Embedding, Sam

log = logging.getLogger(__name__)
FILES = ("encoder.onnx", "decoder.onnx")
# An embedding of SAM 2.1 takes 16 MB.
_KEPT = 8
_WAITING = 3
# Networks of projects that stay loaded.
_PAIRS = 2


class Source(Protocol):
    """Where the two networks come from."""

    def stamp(self) -> Hashable | None:
        """Return what tells these files from later ones; None where one is missing."""

    def files(self) -> tuple[Path, Path]:
        """Return where they lie."""


class Folder:
    """Two files that a person has put into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stamp(self) -> Hashable | None:
        """Return when they were written."""
        try:
            return tuple(path.stat().st_mtime for path in self.files())
        except OSError:
            return None

    def files(self) -> tuple[Path, Path]:
        """Return their paths."""
        return self._folder / FILES[0], self._folder / FILES[1]


class Stored:
    """Two blobs of a model."""

    def __init__(self, blobs: BlobStore, digests: tuple[str, str]) -> None:
        self._blobs, self._digests = blobs, digests

    def stamp(self) -> Hashable | None:
        """Return their digests: they never change."""
        return self._digests

    def files(self) -> tuple[Path, Path]:
        """Bring them here. Raises NotFound."""
        return self._blobs.local_path(self._digests[0]), self._blobs.local_path(self._digests[1])


class Networks:
    """The networks of each project: its newest model of the kind, else the files of the folder."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, folder: Path, memory: int | None = None) -> None:
        self._uow, self._blobs, self._memory = uow, blobs, memory
        self._shared = Embeddings(Folder(folder), memory)
        self._own: OrderedDict[tuple[str, str], Embeddings] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, project_id: str | None) -> tuple[str | None, "Embeddings"]:
        """Return the name of the model that is used, None for the files of the folder, and what works with it."""
        if project_id is None:
            return None, self._shared
        with self._uow.read() as tx:
            found = tx.models.assisting(project_id)
        if found is None or found[1].weights_sha256 is None:
            return None, self._shared
        key = (found[1].onnx_sha256, found[1].weights_sha256)
        with self._lock:
            if key not in self._own:
                self._own[key] = Embeddings(Stored(self._blobs, key), self._memory)
            self._own.move_to_end(key)
            while len(self._own) > _PAIRS:
                self._own.popitem(last=False)
            return found[0], self._own[key]


class Embeddings:
    """Encodes pictures in the background, one at a time, and keeps the last ones."""

    def __init__(self, source: Source, memory: int | None = None) -> None:
        self._source, self._memory = source, memory
        self._sam: Sam | None = None
        self._stamp: Hashable | None = None
        self._broken = ""
        self._kept: OrderedDict[str, Embedding] = OrderedDict()
        self._waiting: set[str] = set()
        self._lock, self._turn = threading.Lock(), threading.Lock()

    def assistant(self) -> Assistant:
        """Say whether there are networks, and what is wrong with them."""
        if self._source.stamp() is None:
            return Assistant(network="none", message="")
        return Assistant(network="broken" if self._loaded() is None else "ready", message=self._broken)

    def prepare(self, key: str, picture: Callable[[], Any]) -> bool:
        """Begin to encode a picture where that is worth it; tell whether it is ready for clicks."""
        if self._source.stamp() is None:
            return False
        with self._lock:
            if key in self._kept:
                return True
            if key in self._waiting or len(self._waiting) >= _WAITING:
                return False
            self._waiting.add(key)
        threading.Thread(target=self._encode, args=(key, picture), name="embedding", daemon=True).start()
        return False

    def decode(self, key: str, prompt: Prompt) -> tuple[bool, Polygon | None]:
        """Return whether the picture was ready, and the outline that is meant."""
        with self._lock:
            embedding = self._kept.get(key)
            if embedding is not None:
                self._kept.move_to_end(key)
        sam = None if embedding is None else self._loaded()
        return (False, None) if sam is None or embedding is None else (True, sam.decode(embedding, prompt))

    def _encode(self, key: str, picture: Callable[[], Any]) -> None:
        try:
            with self._turn:
                sam = self._loaded()
                if sam is not None:
                    embedding = sam.encode(picture())
                    with self._lock:
                        self._kept[key] = embedding
                        while len(self._kept) > _KEPT:
                            self._kept.popitem(last=False)
        except BoxwrightError as error:
            self._broken = error.message
            log.warning("a picture could not be made ready for clicks: %s", error)
        finally:
            with self._lock:
                self._waiting.discard(key)

    def _loaded(self) -> "Sam | None":
        """Return the networks, loaded anew where other files lie there now; None where they cannot be used."""
        stamp = self._source.stamp()
        with self._lock:
            if stamp == self._stamp:
                return self._sam
            try:
                files = None if stamp is None else self._source.files()
            except BoxwrightError as error:  # a store may be away for a moment: it is asked again
                self._broken = error.message
                return None
            self._stamp, self._sam, self._broken = stamp, None, ""
            self._kept.clear()
            try:
                from boxwright.ml.assist.sam import Sam

                self._sam = None if files is None else Sam(files, self._memory)
            except InvalidModel as error:
                self._broken = error.message
                log.warning("smart outlines go on without networks: %s", error)
            return self._sam
