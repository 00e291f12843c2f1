"""Which images are alike, and where each lies on the map."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.image_maps import STARTER_NETWORK, MapPoints, SimilarImage
from boxwright.domain.models import Model
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Image
from boxwright.media import decode_within
from boxwright.services.inputs import Inputs
from boxwright.storage.repositories.image_maps import StoredMap
from boxwright.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from boxwright.ml.selection.features import Features
    from boxwright.ml.selection.index import Floats, Index

_OPEN = 4
MOST = 500
"""Images that one answer has at most."""
_POINTS = 150_000
_NONE = "nobody has looked at the images of this project yet; let a job do it: `boxwright similar run`, or the page Map"
_NEW = "this image was added after the last look at the images; look again, which looks at new ones only"
_GONE = "the model that looked at the images was deleted; look again, then pictures from elsewhere can be compared"


class SimilarImages:
    """What is read from the maps of projects; the job of kind `embed` makes them."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, inputs: Inputs, cache: Path) -> None:
        self._uow, self._blobs, self._inputs, self._cache = uow, blobs, inputs, cache
        self._indexes: OrderedDict[str, Index] = OrderedDict()
        self._networks: OrderedDict[str, Features] = OrderedDict()
        self._lock = threading.Lock()

    def points(self, project_id: str) -> MapPoints:
        """Return where the living images lie; none before anybody has looked. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            found = tx.image_maps.get(project_id)
            living = {row[0]: row for row in tx.image_maps.living(project_id)} if found else {}
            classes = tx.image_maps.main_classes(project_id) if found else {}
        index = None if found is None else self._index(found.sha256)
        rows = [] if index is None else list(zip(index.names(), index.places.tolist(), strict=True))
        rows = [row for row in rows if row[0] in living]
        total, step = len(rows), -(-len(rows) // _POINTS)
        rows = rows[::step] if step else rows
        numbers = {key: number for number, key in enumerate(sorted(set(classes.values())))}
        return MapPoints(
            total=total,
            ids=tuple(name for name, _ in rows),
            x=tuple(round(place[0], 4) for _, place in rows),
            y=tuple(round(place[1], 4) for _, place in rows),
            splits=tuple(living[name][2] for name, _ in rows),
            states=tuple(living[name][3] for name, _ in rows),
            classes=tuple(numbers.get(classes.get(name, ""), -1) for name, _ in rows),
            class_ids=tuple(numbers),
        )

    def some(self, project_id: str, ids: Sequence[str]) -> tuple[Image, ...]:
        """Return living images of a project by their ids, in this order; others are left out. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            here = {image.id: image for image in tx.images.some(project_id, ids) if image.deleted_at is None}
        return tuple(here[key] for key in dict.fromkeys(ids) if key in here)

    def like(self, image_id: str, limit: int) -> tuple[SimilarImage, ...]:
        """Return the images most like one of the project. Raises NotFound, Invalid (`no_image_map`, `image_new`)."""
        with self._uow.read() as tx:
            image = tx.images.get(image_id)
        index = self._index(self._map(image.project_id).sha256)
        row = index.row(image_id)
        if row is None:
            raise Invalid(_NEW, code="image_new")
        return self._alike(image.project_id, index, index.vectors[row], limit, but=image_id)

    def like_picture(self, project_id: str, picture: bytes | Path, limit: int) -> tuple[SimilarImage, ...]:
        """Return the images most like a picture from elsewhere. Raises InvalidImage, NotFound, Invalid."""
        found = self._map(project_id)
        index, network = self._index(found.sha256), self._network(found)
        vector = index.vector(network.of(decode_within(picture, network.within)[0]))
        return self._alike(project_id, index, vector, limit)

    def _alike(
        self, project_id: str, index: "Index", vector: "Floats", limit: int, but: str | None = None
    ) -> tuple[SimilarImage, ...]:
        # More than asked for: some may lie in the trash since.
        found = index.nearest(vector, 2 * limit + 20)
        names = index.names([row for row, _ in found])
        with self._uow.read() as tx:
            here = {image.id: image for image in tx.images.some(project_id, names) if image.deleted_at is None}
        pairs = ((here.get(name), cosine) for name, (_, cosine) in zip(names, found, strict=True) if name != but)
        alike = [SimilarImage(image=one, similarity=_rounded(cosine)) for one, cosine in pairs if one is not None]
        return tuple(alike[:limit])

    def _map(self, project_id: str) -> StoredMap:
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            found = tx.image_maps.get(project_id)
        if found is None:
            raise Invalid(_NONE, code="no_image_map")
        return found

    def _index(self, sha256: str) -> "Index":
        with self._lock:
            if sha256 not in self._indexes:
                self._indexes[sha256] = self._opened(sha256)
                while len(self._indexes) > _OPEN:
                    self._indexes.popitem(last=False)
            self._indexes.move_to_end(sha256)
            return self._indexes[sha256]

    def _opened(self, sha256: str) -> "Index":
        from boxwright.ml.selection.index import DAMAGED, Index

        try:
            return Index(self._blobs.local_path(sha256))
        except NotFound:
            raise Invalid(DAMAGED, code="map_damaged") from None

    def _network(self, found: StoredMap) -> "Features":
        """Return the network that a map was made with."""
        model = self._model(found)
        with self._lock:
            if found.network not in self._networks:
                self._networks[found.network] = self._loaded(found.network, model)
                while len(self._networks) > _OPEN:
                    self._networks.popitem(last=False)
            self._networks.move_to_end(found.network)
            return self._networks[found.network]

    def _loaded(self, network: str, model: Model | None) -> "Features":
        from boxwright.ml.selection.features import Features, starter

        self._cache.mkdir(parents=True, exist_ok=True)
        cut = self._cache / f"{network}.onnx"
        if model is None:
            return starter(cut)
        return Features(self._blobs.local_path(network), model.card.input, cut, self._inputs.memory_of(model))

    def _model(self, found: StoredMap) -> Model | None:
        """Return the model that has looked, None for the starter network."""
        if found.model_id is None and found.network == STARTER_NETWORK:
            return None
        try:
            with self._uow.read() as tx:
                return tx.models.get(str(found.model_id))
        except NotFound:
            raise Invalid(_GONE, code="model_gone") from None


def _rounded(cosine: float) -> float:
    return round(max(-1.0, min(1.0, cosine)), 4)
