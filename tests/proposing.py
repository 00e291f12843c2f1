"""Auto-annotation without a model: the test says what was found on which picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from boxwright.domain.annotations import Annotation, ImageAnnotations
from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.models import Model
from boxwright.domain.people import Caller
from boxwright.domain.requests import LabelRequest
from boxwright.services.annotations import Annotations
from boxwright.services.inputs import Inputs
from boxwright.services.labelling import Labelling
from boxwright.services.proposals import Proposals
from boxwright.services.queue import Queue
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.job_store import DatabaseJobStore
from boxwright.storage.repositories.models import ModelFiles
from boxwright.storage.unit_of_work import UnitOfWork
from makers import changes
from tiny_onnx import tiny_card

Find = tuple[str, float, tuple[float, float, float, float]]


def find(name: str = "disc", score: float = 0.9, x: float = 10, y: float = 10, side: float = 20) -> Find:
    return name, score, (x, y, x + side, y + side)


def add_model(uow: UnitOfWork, blobs: ObjectBlobs, project_id: str, *names: str) -> str:
    """A model with the classes `disc` and `square`, whose file is none."""
    card = tiny_card(*names)
    model = Model(
        id=new_id(),
        project_id=project_id,
        name="tiny",
        architecture=card.architecture,
        task="detect",
        card=card,
        version_id=None,
        job_id=None,
        parent_id=None,
        onnx_bytes=3,
        created_at=now(),
    )
    with uow.write() as tx:
        tx.models.add(model, ModelFiles(onnx_sha256=blobs.put_bytes(b"onx"), weights_sha256=None))
    return model.id


class Robot:
    """Runs label jobs of one project by hand."""

    def __init__(
        self, uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, project_id: str, folder: Path, *names: str
    ) -> None:
        self.uow, self.caller, self.project_id, self.folder = uow, caller, project_id, folder
        self.model_id = add_model(uow, blobs, project_id, *names)
        self.labelling = Labelling(uow, Inputs(uow, blobs), Queue(uow, lambda: None))
        self.proposals, self.annotations = Proposals(uow), Annotations(uow)
        self.store = DatabaseJobStore(uow, lambda _: self.labelling.kind.adopt)

    def submit(self, **options: Any) -> Job:
        request = LabelRequest(project_id=self.project_id, model_id=self.model_id, **options)
        job = self.labelling.submit(request, self.caller)
        claimed = self.store.claim([])
        assert claimed is not None
        assert claimed.id == job.id
        return claimed

    def workdir(self, job: Job) -> Path:
        folder = self.folder / job.id
        folder.mkdir(exist_ok=True)
        return folder

    def detect(self, job: Job, found: Mapping[str, Sequence[Find]]) -> dict[str, object]:
        """Prepare the job and do what the task does: one line for each picture that the job lists."""
        workdir = self.workdir(job)
        self.labelling.prepare(job, workdir)
        asked = [json.loads(line)["id"] for line in (workdir / "pictures.jsonl").read_text().splitlines()]
        with (workdir / "detections.jsonl").open("w") as out:
            for image_id in asked:
                rows = [{"class": name, "score": score, "box": box} for name, score, box in found.get(image_id, ())]
                out.write(json.dumps({"id": image_id, "width": 100, "height": 80, "detections": rows}) + "\n")
        return {"files": {"detections": "detections.jsonl"}, "images": len(asked), "failed": 0, "seconds": 0.1}

    def land(self, job: Job, result: Mapping[str, object]) -> Job:
        self.labelling.stage(job, result, self.workdir(job))
        self.store.adopt(job.id, result, self.workdir(job))
        return self.store.get(job.id)

    def run(self, found: Mapping[str, Sequence[Find]], **options: Any) -> Job:
        job = self.submit(**options)
        return self.land(job, self.detect(job, found))

    def get(self, image_id: str) -> ImageAnnotations:
        return self.annotations.get(image_id)

    def waiting(self, image_id: str) -> list[Annotation]:
        return [item for item in self.get(image_id).annotations if item.state == "proposal"]

    def save(self, image_id: str, *items: Annotation | str) -> int:
        base = self.get(image_id).revision
        return self.annotations.apply_changes(image_id, changes(*items, base=base), self.caller).revision
