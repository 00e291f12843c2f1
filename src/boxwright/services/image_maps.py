"""Maps of images: a network looks at each once, and all are laid out on a plane by what it saw."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.image_maps import STARTER_NAME, STARTER_NETWORK, ImageMap
from boxwright.domain.jobs import Job
from boxwright.domain.models import Model, check_finds
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import EmbedRequest
from boxwright.jobs.kinds import JobKind
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.repositories.image_maps import StoredMap
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_PICTURES, _KEEP, _STORED = "pictures.jsonl", "keep.json", "stored.json"
_MODELS = 500


class ImageMaps:
    """Rules about looking at images; `SimilarImages` reads what comes of it."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._blobs, self._inputs, self._queue = uow, blobs, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="embed",
            entry="boxwright.ml.tasks.embed:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
            attempts=3,
        )

    def get(self, project_id: str) -> ImageMap:
        """Return how far a project was looked at, and who would look next. Raises NotFound."""
        with self._uow.read() as tx:
            total = tx.projects.get(project_id).images
            found = tx.image_maps.get(project_id)
            model = _newest(tx, project_id)
        return ImageMap(
            total=total,
            images=0 if found is None else found.images,
            model_id=None if found is None else found.model_id,
            model_name=None if found is None else found.model_name,
            made_at=None if found is None else found.made_at,
            next_model_id=None if model is None else model.id,
            next_model_name=STARTER_NAME if model is None else model.name,
        )

    def submit(self, request: EmbedRequest, caller: Caller) -> Job:
        """Queue a look at the images. Raises NotFound, Invalid (`no_images`, `model_assists`)."""
        with self._uow.read() as tx:
            if not tx.projects.get(request.project_id).images:
                raise Invalid("the project has no images yet; add some, then look at them", code="no_images")
            model = _model(tx, request)
        name = STARTER_NAME if model is None else model.name
        params = {"model_id": None if model is None else model.id, "model_name": name, "again": request.again}
        title = f"Map of images with {name}"[:200]
        return self._queue.add(new_job("embed", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """List the images that the network has not looked at, and those whose vectors are kept."""
        project_id, model_id = str(job.project_id), job.params["model_id"]
        with self._uow.read() as tx:
            model = None if model_id is None else tx.models.get(str(model_id))
            network = STARTER_NETWORK if model is None else tx.models.files(model.id).onnx_sha256
            living = {row[0]: row[1] for row in tx.image_maps.living(project_id)}
            former = tx.image_maps.get(project_id)
        if former is not None and (former.network != network or job.params["again"]):
            former = None
        found, known = (None, set[str]()) if former is None else self._known(workdir, former.sha256)
        known &= set(living)
        waiting = [(key, sha256) for key, sha256 in living.items() if key not in known]
        listed, keep, stored = workdir / _PICTURES, workdir / _KEEP, workdir / _STORED
        part = listed.with_suffix(".tmp")
        with full_disk_is_an_answer(), part.open("w", encoding="utf-8") as out:
            for (key, _), path in self._inputs.located(job, workdir, waiting, lambda item: item[1]):
                out.write(json.dumps({"id": key, "path": path}) + "\n")
            keep.write_text(json.dumps(sorted(known)))
            stored.write_text(json.dumps({"network": network}))
        part.replace(listed)
        return {
            "pictures": str(listed),
            "keep": str(keep),
            "former": found,
            **({} if model is None else self._inputs.model(workdir, model, network)),
        }

    def _known(self, workdir: Path, sha256: str) -> tuple[str | None, set[str]]:
        """Return where an index lies and its images; nothing of one that is lost or damaged, so all are looked at."""
        from boxwright.ml.selection.index import Index

        try:
            path = self._inputs.fetch(workdir, sha256)
            return path, set(Index(Path(path)).names())
        except (NotFound, Invalid):
            return None, set()

    def stage(self, _job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the file."""
        stored = workdir / _STORED
        sha256 = self._blobs.put_file(workdir / result["files"]["index"])
        stored.write_text(json.dumps(json.loads(stored.read_text()) | {"sha256": sha256}))

    @staticmethod
    def adopt(tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Put the map in the place of the former."""
        project_id, model_id, name = str(job.project_id), job.params["model_id"], str(job.params["model_name"])
        stored = json.loads((workdir / _STORED).read_text())
        tx.image_maps.put(
            project_id,
            StoredMap(
                model_id=None if model_id is None else str(model_id),
                model_name=name,
                network=stored["network"],
                images=int(result["images"]),
                sha256=stored["sha256"],
                made_at=now(),
            ),
        )
        tx.publish(Event(topic="images", project_id=project_id, id=project_id, data={"action": "mapped"}))
        new, failed = result["looked"], result["failed"]
        return {"images": result["images"], "looked": new, "failed": failed, "model_id": model_id, "model_name": name}


def _model(tx: Transaction, request: EmbedRequest) -> Model | None:
    """Return the model that is asked for, else the newest that looks by itself; None for the starter network."""
    if request.model_id is None:
        return None if request.starter else _newest(tx, request.project_id)
    model = tx.models.get(request.model_id)
    if model.project_id != request.project_id:
        raise NotFound("there is no such model in this project")
    check_finds(model.name, model.task)
    return model


def _newest(tx: Transaction, project_id: str) -> Model | None:
    """Return the newest Wren that was trained here: its network is known to see in a way that can be compared."""
    models = tx.models.page(project_id, None, _MODELS).items
    return next((one for one in models if one.job_id is not None and one.architecture.startswith("wren")), None)
