"""Label Studio: percents, turning corners, brushes, several annotations, choices, minimal JSON, hostile values."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain import rle
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polyline, RotatedBox
from boxwright.formats.brush import alpha_runs, brush_of


def region(kind: str, value: dict, label: str = "cat", **more: object) -> dict:
    labels = {f"{kind}labels": [label]} if label else {}
    sizes = {"original_width": 100, "original_height": 80}
    return {"id": more.pop("id", f"{kind}1"), "type": f"{kind}labels", "value": {**value, **labels}, **sizes, **more}


def task(*results: dict, image: str = "/data/upload/29/0a1b2c3d-a.jpg", **more: object) -> dict:
    return {"id": 5, "data": {"image": image}, "annotations": [{"id": 1, "result": list(results)}], **more}


@pytest.fixture
def read(load, make_picture):
    def run(*tasks: object):
        return load({"tasks.json": json.dumps(tasks), "images/a.jpg": make_picture()})

    return run


BOX = {"x": 10, "y": 25, "width": 30, "height": 50, "rotation": 0}


def test_every_kind_of_region(read):
    turned = {"x": 50, "y": 50, "width": 20, "height": 10, "rotation": 90}
    vertices = [{"x": 1, "y": 1}, {"x": 50, "y": 50}]
    pixels = np.zeros((80, 100), bool)
    pixels[10:20, 30:50] = True
    got = read(
        task(
            region("rectangle", BOX, score=0.5),
            region("rectangle", turned, "dog", id="r2"),
            region("ellipse", {"x": 50, "y": 50, "radiusX": 10, "radiusY": 10, "rotation": 0}),
            region("polygon", {"points": [[1, 1], [50, 1], [50, 50]]}),
            region("keypoint", {"x": 50, "y": 25, "width": 1}),
            region("vector", {"vertices": vertices, "closed": False}),
            region("brush", {"format": "rle", "rle": brush_of(list(rle.encode(pixels.T)))}),
            {"type": "choices", "from_name": "light", "value": {"choices": ["night", "rain"]}},
        )
    )
    record = got.by_name["a.jpg"]
    box, turned_box, ellipse, polygon, point, line, mask = (item.geometry for item in record.annotations)
    assert box == Box(x0=10, y0=20, x1=40, y1=60)
    assert isinstance(turned_box, RotatedBox)  # 20 x 8 pixels, turned by 90 degrees about its corner 50, 40
    assert (turned_box.cx, turned_box.cy, turned_box.w, turned_box.h) == pytest.approx((46, 50, 20, 8))
    assert turned_box.angle == pytest.approx(math.pi / 2)
    assert ellipse == Ellipse(cx=50, cy=40, rx=10, ry=8)
    assert polygon.bounds == (1, 0.8, 50, 40)
    assert point == Points(points=((50, 20),))
    assert line == Polyline(points=((1, 0.8), (50, 40)))
    assert isinstance(mask, Mask)
    assert (rle.decode(mask.counts, 100, 80) == pixels).all()
    assert (record.tags, record.external_id) == (("night", "rain"), "5")
    assert record.annotations[0].score == 0.5
    assert got.class_names == ["cat", "dog"]


def test_which_annotation_is_taken(read):
    def one(number: int, **more: object) -> dict:
        return {"id": number, "result": [region("rectangle", {**BOX, "x": number})], **more}

    latest = [one(1, updated_at="2024-02-01"), one(2, updated_at="2024-01-01"), one(3, was_cancelled=True)]
    got = read({"id": 1, "data": {"image": "a.jpg"}, "annotations": latest})
    assert got.labels("a.jpg")[0][1][0] == 1
    assert got.codes == ["annotation_cancelled", "several_annotations"]
    assert "(1) is taken" in got.report["problems"][1]["message"]
    truth = [one(1, updated_at="2024-02-01"), one(2, ground_truth=True)]
    got = read({"id": 1, "data": {"image": "a.jpg"}, "annotations": truth})
    assert got.labels("a.jpg")[0][1][0] == 2
    assert "the ground truth (2)" in got.report["problems"][0]["message"]


def test_nobody_annotated_is_not_empty(read):
    got = read(
        {
            "id": 1,
            "data": {"image": "a.jpg"},
            "annotations": [],
            "predictions": [{"result": [region("rectangle", BOX)]}],
        }
    )
    assert got.by_name["a.jpg"].state == "unlabeled"
    assert any("predictions" in note for note in got.report["notes"])
    assert read(task()).by_name["a.jpg"].state == "empty"


def test_predictions_come_as_proposals_where_they_are_wanted(load, make_picture):
    def model(score: float, made: str, *results: dict, name: object = "v1") -> dict:
        return {"id": made, "score": score, "model_version": name, "created_at": made, "result": list(results)}

    older = model(0.1, "2024-01-01", region("rectangle", {**BOX, "x": 1}))
    whole = region("rectangle", BOX, "dog", id="r2")
    newer = model(0.7, "2024-02-01", region("rectangle", BOX, score=0.9), whole, name="yolo 3")
    tasks = [
        {"id": 1, "data": {"image": "a.jpg"}, "annotations": [], "predictions": [older, newer]},
        task(
            region("rectangle", BOX, "cat"),
            image="b.jpg",
            predictions=[model(2, "x", region("rectangle", BOX), name=7)],
        ),
    ]
    files = {"tasks.json": json.dumps(tasks), "a.jpg": make_picture(), "b.jpg": make_picture()}
    got = load(files, predictions=True)
    assert got.by_name["a.jpg"].state == "unlabeled"
    found = got.by_name["a.jpg"].annotations
    assert [(item.proposal, item.score, item.attributes) for item in found] == [
        (True, 0.9, {"model": "yolo 3"}),
        (True, 0.7, {"model": "yolo 3"}),
    ]
    assert got.labels("a.jpg")[1] == ("dog", (10, 20, 40, 60))
    assert [item.proposal for item in got.by_name["b.jpg"].annotations] == [False, True]
    assert (got.report["annotations"], got.report["proposals"]) == (1, 3)
    assert got.codes == ["several_predictions", "same_picture"]
    left = load(files)
    assert (left.report["annotations"], left.report["proposals"]) == (1, 0)


def test_what_is_said_about_a_region_and_labels_apart(read):
    got = read(
        task(
            {"id": "r", "type": "rectangle", "from_name": "box", "value": BOX},
            {"id": "r", "type": "labels", "from_name": "what", "value": {**BOX, "labels": ["dog", "cat"]}},
            {"id": "r", "type": "choices", "from_name": "colour", "value": {"choices": ["red"]}},
            {"id": "r", "type": "textarea", "from_name": "plate", "value": {"text": ["AB 1"]}},
            {"id": "r", "type": "rating", "from_name": "sure", "value": {"rating": 4}},
        )
    )
    (item,) = got.by_name["a.jpg"].annotations
    assert dict(item.attributes) == {"colour": "red", "plate": "AB 1", "sure": 4}
    assert got.class_names == ["dog"]
    assert got.codes == ["several_labels"]


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("/data/upload/29/0a1b2c3d-a.jpg", "a.jpg"),
        ("/data/local-files/?d=sub%20x/a.jpg", "a.jpg"),
        ("s3://bucket/key/a.jpg", "a.jpg"),
        ("https://host.example/x/a.jpg?sig=1", "a.jpg"),
    ],
)
def test_links_to_pictures(image, name, read):
    assert read(task(region("rectangle", BOX), image=image)).by_name[name].path


def test_minimal_json(load, make_picture):
    value = {**BOX, "rectanglelabels": ["cat"], "original_width": 100, "original_height": 80}
    tasks = [
        {"id": 3, "image": "/data/upload/1/0a1b2c3d-a.jpg", "box": [value], "light": {"choices": ["night"]}, "odd": 7}
    ]
    got = load({"min.json": json.dumps(tasks), "a.jpg": make_picture()})
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60))]
    assert got.by_name["a.jpg"].tags == ("night",)
    assert got.by_name["a.jpg"].metadata == {"odd": "7"}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (region("rectangle", {"x": 1}), "shape_invalid"),
        (region("rectangle", {**BOX, "x": "NaN"}), "not_finite"),
        (region("polygon", {"points": [[1]]}), "shape_invalid"),
        (region("brush", {"rle": [255] * 8}), "shape_invalid"),
        (region("brush", {"rle": "x"}), "shape_invalid"),
        (region("rectangle", BOX, ""), "class_missing"),
        (region("rectangle", BOX, image_rotation=90), "image_rotation"),
        ({"id": "x", "type": "paragraphs", "value": {}}, "region_left"),
        ({"id": "x"}, "region_invalid"),
        ("text", "region_invalid"),
    ],
)
def test_what_is_wrong_is_reported(bad, code, read):
    got = read(task(bad, region("rectangle", {**BOX, "x": 1}, "dog", id="good")))
    assert got.codes == [code]
    assert ("dog", (1, 20, 31, 60)) in got.labels("a.jpg")


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=9))
def test_brush_there_and_back(runs):
    width = sum(runs)
    if not width:
        return
    data = brush_of(runs)
    assert all(0 <= byte < 256 for byte in data)
    back = alpha_runs(data, width, 1)
    values = [number % 2 for number, run in enumerate(runs) for _ in range(run)]
    assert [number % 2 for number, run in enumerate(back) for _ in range(run)] == values


@given(st.lists(st.integers(0, 255), max_size=60), st.integers(1, 9), st.integers(1, 9))
def test_any_bytes_are_a_brush_or_refused(data, width, height):
    head = list((4 * width * height).to_bytes(4, "big"))
    with contextlib.suppress(Invalid):
        assert sum(alpha_runs(head + data, width, height)) == width * height


def test_values_one_by_one():
    """What other encoders write: a block that is not repeated."""
    bits = f"{8:032b}" + f"{7:05b}" + "".join(f"{size:04b}" for size in (2, 3, 7, 15))
    bits += "0" + "00" + f"{7:03b}" + "".join(f"{value:08b}" for value in (0, 0, 0, 0, 9, 9, 9, 255))
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    assert alpha_runs(data, 2, 1) == [1, 1]
