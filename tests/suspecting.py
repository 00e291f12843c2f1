"""A check of labels as it would have ended: one suspicion of each kind on the first images of a furnished project."""

from __future__ import annotations

from boxwright import bootstrap
from boxwright.domain.annotations import Annotation
from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.suspicions import DoubtKind
from boxwright.storage.repositories.suspicions import NewSuspicion

SCORES: dict[DoubtKind, float] = {"class": 0.91, "missing": 0.83, "box": 0.62, "spurious": 0.44}


def checked_labels(app: bootstrap.Application, job: Job, model: str, images: list[str]) -> None:
    """Add the check, which `job` was, and what it found."""
    project = str(job.project_id)
    with app.uow.write() as tx:
        classes = [item.id for item in tx.classes.list(project)]
        labels = tx.annotations.of_images(images, tx.annotations.default_set(project))
        times = tx.suspicions.times([one.id for found in labels.values() for one in found])
        found = []
        for image, (kind, score) in zip(images, SCORES.items(), strict=False):
            label = None if kind == "missing" else labels[image][0]
            box = None if kind == "spurious" else _elsewhere(label)
            found.append(
                NewSuspicion(
                    id=new_id(),
                    image_id=image,
                    kind=kind,
                    score=score,
                    confidence=0 if box is None else 0.9,
                    iou=0.64 if kind == "box" else 0.0,
                    class_id=classes[0] if label is None else label.class_id,
                    other_id=next(key for key in classes if label and key != label.class_id)
                    if kind == "class"
                    else None,
                    annotation_id=None if label is None else label.id,
                    annotation_at=None if label is None else times[label.id],
                    suggestion=box,
                    seen=kind == "box",
                )
            )
        tx.suspicions.replace(project, images, found, model_id=model, at=now())
        tx.jobs.add(job)


def _elsewhere(label: Annotation | None) -> dict[str, object]:
    x0, y0, x1, y1 = (120.0, 90.0, 180.0, 150.0) if label is None else label.geometry.bounds
    return {"type": "box", "x0": max(0.0, x0 - 9), "y0": max(0.0, y0 - 7), "x1": x1, "y1": y1}
