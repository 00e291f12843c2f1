import json
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from boxwright.client.decode import decode, decode_list, decode_page, encode
from boxwright.domain import rle
from boxwright.domain.annotations import Annotation, ChangeSet, Delete, ImageAnnotations, Upsert
from boxwright.domain.detections import DetectionRow
from boxwright.domain.errors import Unavailable
from boxwright.domain.geometry import Box, Mask, Polygon, RotatedBox
from boxwright.domain.jobs import Job
from boxwright.domain.predictions import ImageSize, Prediction, RunImage
from boxwright.domain.projects import Image, LabelClass
from boxwright.domain.requests import ImportRequest, TrainRequest

MASK = Mask(width=4, height=3, counts=rle.encode(np.eye(3, 4, dtype=bool)))
SHAPES = (
    Box(x0=1, y0=2, x1=3.5, y1=4),
    RotatedBox(cx=5, cy=5, w=3, h=2, angle=0.3),
    Polygon(rings=(((0, 0), (4, 0), (4, 4)), ((1, 1), (2, 1), (2, 2)))),
    MASK,
)
ROW = DetectionRow(class_id=1, class_name="cell", score=0.5, box=(1.0, 2.0, 3.0, 4.0))
VALUES: tuple[Any, ...] = (
    ImageAnnotations(
        image_id="i",
        set_id="s",
        revision=3,
        annotations=tuple(
            Annotation(id=str(n), class_id="c", geometry=shape, attributes={"a": 1.5, "b": None, "c": "x", "d": True})
            for n, shape in enumerate(SHAPES)
        ),
    ),
    ChangeSet(
        change_id="k",
        base_revision=0,
        changes=(Upsert(annotation=Annotation(id="1", class_id="c", geometry=SHAPES[0])), Delete(id="2")),
    ),
    Prediction(model="m", image=ImageSize(width=3, height=4), detections=(ROW,)),
    RunImage(id="1", run_id="r", position=0, name="a", width=1, height=1, image_id=None, detections=None, error="no"),
    RunImage(id="1", run_id="r", position=0, name="a", width=1, height=1, image_id="i", detections=(ROW,), error=None),
    Image(
        id="1", project_id="p", name="a/b.jpg", width=10, height=20, orientation=6, format="jpeg", bytes=3, sha256="0",
        split="val", state="empty", annotations=0, revision=0, created_at="t", tags=("x",), metadata={"k": "v"},
    ),
    LabelClass(id="1", project_id="p", name="a", color="#112233", hotkey=None, position=0),
    TrainRequest(project_id="p", hyper={"epochs": 3, "mosaic": 0.5}),
    ImportRequest(project_id="p", upload_id="u", class_map={"a": "b"}),
)  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_speaks_as_the_server_does(value: Any) -> None:
    wire = TypeAdapter(type(value)).dump_python(value, mode="json", by_alias=True)
    assert json.loads(json.dumps(encode(value))) == wire
    assert decode(type(value), wire) == value


def test_unknown_fields_are_ignored_and_defaults_filled() -> None:
    wire = {"id": "1", "project_id": "p", "name": "a", "color": "#1", "hotkey": None, "position": 0, "new": [1]}
    assert decode(LabelClass, wire).annotations == 0


def test_whole_numbers_fit_where_fractions_are_expected() -> None:
    size = decode(Prediction, {"model": "m", "image": {"width": 1, "height": 1}, "detections": []})
    assert size.detections == ()
    box = decode(DetectionRow, {"class_id": 0, "class": "a", "score": 1, "box": [0, 0, 1, 1]})
    assert isinstance(box.score, float)
    assert box.box == (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("kind", "value", "where"),
    [
        (Job, {"id": "1"}, "Job.kind is missing"),
        (LabelClass, [], "LabelClass should be an object"),
        (DetectionRow, {"class_id": "a", "class": "a", "score": 1, "box": []}, "DetectionRow.class_id should be int"),
        (DetectionRow, {"class_id": 1, "class": "a", "score": 1, "box": [1]}, "should have 4 values"),
        (Upsert, {"annotation": {"id": "1", "class_id": "c", "geometry": {"type": "star"}}}, "unknown kind"),
    ],
)
def test_foreign_answers_are_named(kind: type, value: object, where: str) -> None:
    with pytest.raises(Unavailable, match=where):
        decode(kind, value)


def test_lists_and_pages() -> None:
    rows = [{"class_id": 0, "class": "a", "score": 0.5, "box": [0, 0, 1, 1]}]
    assert len(decode_list(DetectionRow, rows)) == 1
    page = decode_page(DetectionRow, {"items": rows, "next_cursor": "x"})
    assert page.next_cursor == "x"
    with pytest.raises(Unavailable):
        decode_list(DetectionRow, {"items": rows})
    with pytest.raises(Unavailable):
        decode_page(DetectionRow, rows)


def test_an_outline_comes_as_a_polygon() -> None:
    value = {"class_id": 0, "class": "a", "score": 0.5, "box": [0, 0, 4, 4]}
    assert decode(DetectionRow, value).mask is None
    assert decode(DetectionRow, {**value, "mask": None}).mask is None
    row = decode(DetectionRow, {**value, "mask": {"type": "polygon", "rings": [[[0, 0], [4, 0], [4, 4]]]}})
    assert row.mask == Polygon(rings=(((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)),))
    assert row.pixels(6, 5).sum() == 6
    assert decode(DetectionRow, encode(row)) == row
