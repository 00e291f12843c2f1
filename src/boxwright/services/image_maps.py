"""Images by what they show: similar ones, and a map of all."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.image_maps import STARTER_NAME, ImageMap, MapPoints, SimilarImage
from boxwright.domain.jobs import Job
from boxwright.domain.models import Model, check_finds
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import EmbedRequest
from boxwright.jobs.kinds import JobKind
from boxwright.media import decode_within
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.repositories.image_maps import StoredMap
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

if TYPE_CHECKING:
    from boxwright.ml.selection.features import Features
    from boxwright.ml.selection.index import Floats, Index

_PICTURES, _KEEP, _STORED = "pictures.jsonl", "keep.json", "stored.json"
_OPEN, _MOST = 4, 500
_NONE = "nobody has looked at the images yet; make the map first (`boxwright similar map`)"


class ImageMaps:
    """Maps of projects, and what is alike in them."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, inputs: Inputs, queue: Queue, cache: Path) -> None:
        self._uow, self._blobs, self._inputs, self._queue = uow, blobs, inputs, queue
        self._cache = cache
        self._indexes: OrderedDict[str, Index] = OrderedDict()
        self._networks: OrderedDict[str, Features] = OrderedDict()
        self._lock = threading.Lock()
        self.kind: JobKind[Transaction] = JobKind(
            name="embed",
            entry="boxwright.ml.tasks.embed:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
            attempts=3,
        )

    def get(self, project_id: str) -> ImageMap:
        """Return how far a project was looked at. Raises NotFound."""
        with self._uow.read() as tx:
            total = tx.projects.get(project_id).images
            found = tx.image_maps.get(project_id)
        return ImageMap(
            total=total,
            images=0 if found is None else found.images,
            model_id=None if found is None else found.model_id,
            model_name=None if found is None else found.model_name,
            made_at=None if found is None else found.made_at,
        )

    def points(self, project_id: str) -> MapPoints:
        """Return where the living images lie. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            found = tx.image_maps.get(project_id)
            living = {row[0]: row for row in tx.image_maps.living(project_id)} if found else {}
            classes = tx.image_maps.main_classes(project_id) if found else {}
        index = None if found is None else self._index(found.sha256)
        rows = [] if index is None else list(zip(index.names(), index.places.tolist(), strict=True))
        rows = [row for row in rows if row[0] in living]
        return MapPoints(
            ids=tuple(name for name, _ in rows),
            x=tuple(round(place[0], 4) for _, place in rows),
            y=tuple(round(place[1], 4) for _, place in rows),
            splits=tuple(living[name][2] for name, _ in rows),
            states=tuple(living[name][3] for name, _ in rows),
            classes=tuple(classes.get(name) for name, _ in rows),
        )

    def similar(self, image_id: str, limit: int) -> tuple[SimilarImage, ...]:
        """Return the images most like one of the project. Raises NotFound, Invalid (`no_image_map`, `image_new`)."""
        with self._uow.read() as tx:
            image = tx.images.get(image_id)
        index = self._open(image.project_id)
        row = index.row(image_id)
        if row is None:
            message = "the map was made before this image was added; make it anew, which looks at new images only"
            raise Invalid(message, code="image_new")
        return self._alike(image.project_id, index, index.vectors[row], limit, but=image_id)

    def similar_to(self, project_id: str, picture: bytes, limit: int) -> tuple[SimilarImage, ...]:
        """Return the images most like a picture from elsewhere. Raises InvalidImage, NotFound, Invalid."""
        index = self._open(project_id)
        network = self._network(project_id)
        vector = index.vector(network.of(decode_within(picture, network.within)[0]))
        return self._alike(project_id, index, vector, limit)

    def _alike(
        self, project_id: str, index: "Index", vector: "Floats", limit: int, but: str | None = None
    ) -> tuple[SimilarImage, ...]:
        # More than asked for: some may lie in the trash since.
        found = index.nearest(vector, min(_MOST, 2 * limit + 20))
        names = index.names([row for row, _ in found])
        with self._uow.read() as tx:
            here = {image.id: image for image in tx.images.some(project_id, names) if image.deleted_at is None}
        pairs = ((here.get(name), cosine) for name, (_, cosine) in zip(names, found, strict=True) if name != but)
        alike = [SimilarImage(image=one, similarity=round(cosine, 4)) for one, cosine in pairs if one is not None]
        return tuple(alike[:limit])

    def _open(self, project_id: str) -> "Index":
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            found = tx.image_maps.get(project_id)
        if found is None:
            raise Invalid(_NONE, code="no_image_map")
        return self._index(found.sha256)

    def _index(self, sha256: str) -> "Index":
        with self._lock:
            if sha256 not in self._indexes:
                from boxwright.ml.selection.index import Index

                self._indexes[sha256] = Index(self._blobs.local_path(sha256))
                while len(self._indexes) > _OPEN:
                    self._indexes.popitem(last=False)
            self._indexes.move_to_end(sha256)
            return self._indexes[sha256]

    def _network(self, project_id: str) -> "Features":
        """Return the network that the map was made with. Raises NotFound where its model is gone."""
        from boxwright.ml.selection.features import Features, starter

        with self._uow.read() as tx:
            found = tx.image_maps.get(project_id)
            model = None if found is None or found.model_id is None else tx.models.get(found.model_id)
            digest = None if model is None else tx.models.files(model.id).onnx_sha256
        key = digest or "starter"
        with self._lock:
            if key not in self._networks:
                self._cache.mkdir(parents=True, exist_ok=True)
                cut = self._cache / f"{key}.onnx"
                if model is None or digest is None:
                    self._networks[key] = starter(cut)
                else:
                    memory = self._inputs.memory_of(model)
                    self._networks[key] = Features(self._blobs.local_path(digest), model.card.input, cut, memory)
                while len(self._networks) > _OPEN:
                    self._networks.popitem(last=False)
            return self._networks[key]

    def submit(self, request: EmbedRequest, caller: Caller) -> Job:
        """Queue a look at the images. Raises NotFound, Invalid (`no_images`)."""
        with self._uow.read() as tx:
            model = _model(tx, request)
            if not tx.projects.get(request.project_id).images:
                raise Invalid("the project has no images yet; add some first", code="no_images")
        name = STARTER_NAME if model is None else model.name
        params = {"model_id": None if model is None else model.id, "again": request.again}
        return self._queue.add(
            new_job("embed", request.project_id, f"Map of images with {name}"[:200], params, caller), caller=caller
        )

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """List the images that the network has not looked at, and those whose vectors are kept."""
        project_id, model_id = str(job.project_id), job.params["model_id"]
        with self._uow.read() as tx:
            model = None if model_id is None else tx.models.get(str(model_id))
            digest = None if model is None else tx.models.files(model.id).onnx_sha256
            living = {row[0]: row[1] for row in tx.image_maps.living(project_id)}
            former = tx.image_maps.get(project_id)
        usable = former is not None and former.model_id == model_id and not job.params["again"]
        known = set(self._index(former.sha256).names()) if usable and former is not None else set()
        waiting = [(key, sha256) for key, sha256 in living.items() if key not in known]
        listed, keep = workdir / _PICTURES, workdir / _KEEP
        part = listed.with_suffix(".tmp")
        with full_disk_is_an_answer(), part.open("w", encoding="utf-8") as out:
            for (key, _), path in self._inputs.located(job, workdir, waiting, lambda item: item[1]):
                out.write(json.dumps({"id": key, "path": path}) + "\n")
            keep.write_text(json.dumps(sorted(known & set(living))))
        part.replace(listed)
        return {
            "pictures": str(listed),
            "keep": str(keep),
            "former": self._inputs.fetch(workdir, former.sha256) if known and former is not None else None,
            **({} if model is None or digest is None else self._inputs.model(workdir, model, digest)),
        }

    def stage(self, _job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the file."""
        sha256 = self._blobs.put_file(workdir / result["files"]["index"])
        (workdir / _STORED).write_text(json.dumps(sha256))

    @staticmethod
    def adopt(tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Put the map in the place of the former."""
        project_id, model_id = str(job.project_id), job.params["model_id"]
        name = STARTER_NAME
        if model_id is not None:
            try:
                name = tx.models.get(str(model_id)).name
            except NotFound:  # deleted meanwhile; its vectors are as good as before
                name = job.title
        sha256 = json.loads((workdir / _STORED).read_text())
        stored = StoredMap(
            model_id=None if model_id is None else str(model_id),
            model_name=name,
            images=int(result["images"]),
            sha256=sha256,
            made_at=now(),
        )
        tx.image_maps.put(project_id, stored)
        tx.publish(Event(topic="images", project_id=project_id, id=project_id, data={"action": "mapped"}))
        return {"images": result["images"], "failed": result["failed"], "model_id": model_id, "model_name": name}


def _model(tx: Transaction, request: EmbedRequest) -> Model | None:
    """Return the model that is asked for, else the newest trained here; None where there is none."""
    if request.model_id is not None:
        model = tx.models.get(request.model_id)
        if model.project_id != request.project_id:
            raise NotFound("there is no such model in this project")
        check_finds(model.name, model.task)
        return model
    if request.starter:
        return None
    models = tx.models.page(request.project_id, None, 500).items
    return next((model for model in models if model.job_id is not None), None)
