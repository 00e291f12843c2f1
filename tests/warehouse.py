"""A project with much in it: rendered pictures, boxes, outlines, proposals, a trash, a measured model, long names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from boxwright.domain.clock import now
from boxwright.domain.geometry import Box
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import ImageRecord, geometry_to_json
from boxwright.domain.models import ClassMetrics, Evaluation, Metrics, Model
from boxwright.formats.sample import Plan, rendered
from boxwright.media.sample import CLASSES
from boxwright.storage.repositories.models import ModelFiles
from showroom import Seeder
from tiny_onnx import tiny_card, write_tiny_onnx

IMAGES = 38
PROJECTS = ("Blood smears", "Parcels on the belt, camera 2 (night shift, infrared)", "Weeds", "Street signs", "Vials")
# Per class: instances, AP 50-95, AP50, precision, recall, F1, best threshold.
FIGURES = (
    (41, 0.812, 0.981, 0.95, 0.93, 0.94, 0.41),
    (24, 0.655, 0.9, 0.88, 0.83, 0.855, 0.36),
    (9, 0.31, 0.52, 0.6, 0.44, 0.51, 0.2),
)


def fill(seeder: Seeder) -> dict[str, str]:
    """Make the project; returns its ids, all beginning with `many`."""
    for name in PROJECTS:
        seeder.post("/projects", json={"name": name})
    text = "Things on tables, from above. Label the last ones, then train again."
    project = str(seeder.post("/projects", json={"name": "Coins, dice and buttons", "description": text})["id"])
    made = seeder.post(f"/projects/{project}/classes", json={"names": list(CLASSES)})
    classes = [str(one["id"]) for one in made]
    model = _model(seeder, project, classes)
    with TemporaryDirectory() as name:
        images = [
            _image(seeder, project, record, Path(name) / str(record.path), classes, model)
            for record in rendered(Plan(images=IMAGES, seed=7, shapes="polygon"), Path(name) / "files", lambda *_: None)
        ]
    seeder.post(f"/projects/{project}/images/bulk", json={"ids": images[-8:-6], "action": "trash"})
    seeder.post(f"/projects/{project}/versions", json={"name": "before the new camera"})
    return {
        "many": project,
        "many_boxes": images[2],
        "many_polygons": images[1],
        "many_proposals": images[5],
        "many_model": model,
    }


def _image(seeder: Seeder, project: str, record: ImageRecord, path: Path, classes: list[str], model: str) -> str:
    params = {"name": record.name, "split": record.split}
    uploaded = seeder.post(f"/projects/{project}/images", params=params, content=path.read_bytes())
    image = str(uploaded["image"]["id"])
    number = int(record.name[6:9]) - 1
    boxes, proposed = number % 2 == 0, number % 5 == 0
    items = []
    for place, found in enumerate(record.annotations):
        shape = found.geometry
        if boxes:
            x0, y0, x1, y1 = shape.bounds
            shape = Box(x0=x0, y0=y0, x1=x1, y1=y1)
        item: dict[str, object] = {
            "id": new_id(),
            "class_id": classes[found.class_index],
            "geometry": geometry_to_json(shape),
        }
        if proposed and place % 3 != 0:
            score = round(0.97 - 0.09 * (place % 8), 2)
            item |= {"state": "proposal", "source": "model", "score": score, "model_id": model}
        items.append({"op": "upsert", "annotation": item})
    if items:
        body = {"change_id": new_id(), "base_revision": 0, "changes": items}
        seeder.post(f"/images/{image}/changes", json=body)
    return image


def _model(seeder: Seeder, project: str, classes: list[str]) -> str:
    """Put a model into the library: a real network, and figures that differ from class to class."""
    per_class = tuple(
        ClassMetrics(
            class_id=class_id,
            name=name,
            instances=int(instances),
            ap50_95=ap,
            ap50=ap50,
            precision=precision,
            recall=recall,
            f1=f1,
            best_threshold=best,
        )
        for class_id, name, (instances, ap, ap50, precision, recall, f1, best) in zip(
            classes, CLASSES, FIGURES, strict=True
        )
    )
    metrics = Metrics(
        map50_95=0.592,
        map50=0.8,
        map75=0.64,
        map_small=None,
        map_medium=0.57,
        map_large=0.66,
        ar100=0.68,
        images=6,
        instances=74,
        per_class=per_class,
    )
    card = replace(tiny_card("coin", "die"), parameters=2_413_000, score_threshold=0.35)
    with TemporaryDirectory() as name:
        data = write_tiny_onnx(Path(name) / "model.onnx").read_bytes()
    application = seeder.application
    first = ""
    for title in ("wren-n 640, shadows augmented", "wren-s 640"):
        model = Model(
            id=new_id(),
            project_id=project,
            name=title,
            architecture="wren-n",
            task="detect",
            card=replace(card, name=title),
            version_id=None,
            job_id=None,
            parent_id=None,
            onnx_bytes=9_700_000,
            created_at=now(),
        )
        with application.uow.write() as tx:
            sha256 = application.blobs.put_bytes(data)
            tx.models.add(model, ModelFiles(onnx_sha256=sha256, weights_sha256=None))
            tx.models.update(model.id, test=metrics, val=replace(metrics, map50_95=0.61))
            for split in ("val", "test"):
                tx.models.add_evaluation(_evaluation(model.id, split, metrics), project)
        first = first or model.id
    return first


def _evaluation(model: str, split: str, metrics: Metrics) -> Evaluation:
    values: dict[str, Any] = {"version_id": None, "job_id": None, "created_at": now()}
    return Evaluation(id=new_id(), model_id=model, split=split, metrics=metrics, **values)
