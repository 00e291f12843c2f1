"""LabelMe: every shape, masks, pictures inside the JSON, broken files."""

import base64
import json

import numpy as np
import pytest

from boxwright.domain import rle
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polyline, RotatedBox
from boxwright.media import encode_plane

WIDE = base64.b64encode(encode_plane(np.ones((9, 9), np.uint8))).decode()


def shape(kind: str, points: list, label: str = "cat", **more: object) -> dict:
    return {"label": label, "points": points, "shape_type": kind, "group_id": None, "flags": {}, **more}


def document(*shapes: object, **more: object) -> str:
    head = {
        "version": "5.0.1",
        "flags": {},
        "imagePath": "a.jpg",
        "imageData": None,
        "imageHeight": 80,
        "imageWidth": 100,
    }
    return json.dumps({**head, "shapes": list(shapes), **more})


@pytest.fixture
def read(load, make_picture):
    def run(text: str):
        return load({"a.json": text, "a.jpg": make_picture()})

    return run


def test_every_shape(read):
    plane = np.array([[0, 255, 255], [255, 0, 255]], np.uint8)
    mask = base64.b64encode(encode_plane(plane)).decode()
    got = read(
        document(
            shape("rectangle", [[40, 60], [10, 20]], group_id=3, flags={"occluded": True}, description="old"),
            shape("circle", [[50, 40], [53, 44]]),
            shape("polygon", [[1, 1], [50, 1], [50, 50]]),
            shape("line", [[1, 1], [5, 5]]),
            shape("linestrip", [[1, 1], [5, 5], [9, 1]]),
            shape("point", [[9, 8]]),
            shape("points", [[9, 8], [1, 2]], "dog"),
            shape("mask", [[5, 6], [7, 7]], mask=mask),
            shape("oriented_rectangle", [[20, 10], [30, 20], [20, 30], [10, 20]]),
            flags={"night": True, "rain": False},
        )
    )
    record = got.by_name["a.jpg"]
    box, circle, polygon, line, strip, point, points, cut, turned = (item.geometry for item in record.annotations)
    assert box == Box(x0=10, y0=20, x1=40, y1=60)
    assert circle == Ellipse(cx=50, cy=40, rx=5, ry=5)
    assert polygon.area == 49 * 49 / 2
    assert line == Polyline(points=((1, 1), (5, 5)))
    assert len(strip.points) == 3
    assert (point, points) == (Points(points=((9, 8),)), Points(points=((9, 8), (1, 2))))
    assert isinstance(cut, Mask)
    assert (rle.decode(cut.counts, 100, 80)[6:8, 5:8] == (plane > 0)).all()
    assert isinstance(turned, RotatedBox)
    first = record.annotations[0]
    assert (first.group_id, dict(first.attributes)) == ("3", {"occluded": True, "description": "old"})
    assert record.tags == ("night",)
    assert not got.report["problems"]


def test_a_picture_inside_the_file_is_taken_only_where_no_other_is(load, make_picture):
    inside = base64.b64encode(make_picture(shade=9)).decode()
    box = shape("rectangle", [[1, 2], [30, 40]])
    alone = load({"set/a.json": document(box, imageData=inside, imagePath="..\\img\\b.jpg")})
    assert alone.labels("img/b.jpg") == [("cat", (1, 2, 30, 40))]
    assert (alone.workdir / alone.records[0].path).read_bytes() == make_picture(shade=9)
    beside = load({"a.json": document(box, imageData=inside), "a.jpg": make_picture(shade=3)})
    assert len(beside.records) == 1
    assert (beside.workdir / beside.records[0].path).read_bytes() == make_picture(shade=3)
    dry = load({"a.json": document(box, imageData=inside)}, dry_run=True)
    assert dry.records[0].sha256
    assert not (dry.workdir / "files").exists()
    lost = load({"a.json": document(box, imageData="no!")})
    assert lost.codes == ["image_data_invalid", "image_missing"]
    broken = load({"a.json": document(box, imageData="AAAA"), "b.jpg": make_picture()})
    assert broken.by_name.keys() == {"b.jpg"}


def test_files_of_one_name_in_two_folders_mean_their_own_pictures(load, make_picture):
    got = load(
        {
            "x/a.json": document(shape("rectangle", [[1, 1], [9, 9]])),
            "y/a.json": document(shape("rectangle", [[2, 2], [9, 9]])),
            "x/a.jpg": make_picture(shade=1),
            "y/a.jpg": make_picture(shade=2),
        }
    )
    assert got.labels("x/a.jpg")[0][1][0] == 1
    assert got.labels("y/a.jpg")[0][1][0] == 2


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (shape("cloud", [[1, 1]]), "shape_unknown"),
        (shape("rectangle", [[1, 1]]), "shape_invalid"),
        (shape("circle", [[1, 1], [1, 1]]), "geometry_invalid"),
        (shape("mask", [[1, 1], [3, 3]], mask="!"), "shape_invalid"),
        (shape("mask", [[1, 1], [3, 3]], mask=base64.b64encode(b"no picture").decode()), "shape_invalid"),
        (shape("mask", [[1, 1], [3, 3]], mask=WIDE), "shape_invalid"),
        (shape("polygon", [[1, 1], [2, 2]]), "too_few_points"),
        (shape("polygon", [["x", 1], [2, 2], [3, 1]]), "not_finite"),
        (shape("rectangle", [[1, 1], [9, 9]], ""), "class_missing"),
        ({"label": "cat"}, "shape_invalid"),
        (7, "shape_invalid"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported(bad, code, read):
    got = read(document(bad, shape("rectangle", [[10, 20], [40, 60]], "dog")))
    assert got.codes[:1] == [code]
    assert ("dog", (10, 20, 40, 60)) in got.labels("a.jpg")


@pytest.mark.parametrize("text", [document()[:-5], '{"shapes": ["' + "[],[" * 50])
def test_broken_files_are_reported(text, load, make_picture):
    good = document(shape("rectangle", [[1, 2], [30, 40]]))
    got = load({"b.json": text, "a.json": good, "a.jpg": make_picture()})
    assert got.labels("a.jpg") == [("cat", (1, 2, 30, 40))]
