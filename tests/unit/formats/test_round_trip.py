"""A -> records -> A is the same, and a second export is the first one byte for byte."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain import rle
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader
from boxwright.formats.registry import READABLE
from drawn import SETTINGS, H, W, boxes, masks, polygons
from drawn import datasets as drawn_datasets

FIELDS = {
    "crowd": st.booleans(),
    "score": st.none() | st.floats(0, 1),
    "external_id": st.none() | st.integers(1, 10**6).map(str),
    "attributes": st.dictionaries(st.sampled_from(["occluded", "note"]), st.booleans() | st.text(max_size=4)),
}


def datasets(geometries):
    return drawn_datasets(geometries, **FIELDS)


def core(record):
    return (record.name, record.width, record.height, record.split)


@SETTINGS
@given(drawn=datasets(boxes() | polygons() | masks()))
def test_coco(drawn, build, again):
    dataset = build(drawn)
    got = again(dataset, "coco")
    assert got.class_names == ["cat", "big dog"]
    for record in dataset[1]:
        mine = got.by_name[record.name]
        assert core(mine) == core(record)
        assert (mine.state, mine.tags) == (record.state, record.tags)
        kept = [(i.class_index, i.geometry, i.crowd, i.score, dict(i.attributes)) for i in mine.annotations]
        assert kept == [(i.class_index, i.geometry, i.crowd, i.score, dict(i.attributes)) for i in record.annotations]
    given_ids = [i.external_id for r in dataset[1] for i in r.annotations if i.external_id]
    if len(set(given_ids)) == len(given_ids):
        assert set(given_ids) <= {i.external_id for r in got.records for i in r.annotations}


@SETTINGS
@given(drawn=datasets(boxes()) | datasets(polygons()))
def test_yolo(drawn, build, again):
    dataset = build(drawn)
    got = again(dataset, "yolo")
    assert got.class_names == ["cat", "big dog"]
    for record in dataset[1]:
        mine = got.by_name[record.name]
        assert core(mine) == core(record)
        assert mine.state == record.state
        expected = [(i.class_index, i.geometry) for i in record.annotations]
        assert [(i.class_index, i.geometry) for i in mine.annotations] == expected


@SETTINGS
@given(drawn=datasets(boxes()))
def test_voc(drawn, build, again):
    dataset = build(drawn)
    got = again(dataset, "voc")
    assert got.class_names == ["cat", "big dog"]
    for record in dataset[1]:
        mine = got.by_name[record.name]
        assert core(mine) == core(record)
        assert mine.state == record.state
        for a, b in zip(mine.annotations, record.annotations, strict=True):
            assert a.class_index == b.class_index
            assert np.allclose(a.geometry.bounds, b.geometry.bounds, rtol=0, atol=1e-9)


@SETTINGS
@given(drawn=datasets(boxes()))
def test_csv(drawn, build, again):
    # No row, no split: that loss is listed, so it is left out here.
    dataset = build([(items, "none" if state == "unlabeled" else split, state) for items, split, state in drawn])
    got = again(dataset, "csv")
    for record in dataset[1]:
        mine = got.by_name[record.name]
        assert core(mine) == core(record)
        assert mine.state == record.state
        labels = [(dataset[0].classes[i.class_index].name, i.geometry.bounds) for i in record.annotations]
        assert got.labels(record.name) == labels


@pytest.mark.parametrize("angle", [0.1, 1.0, -2.5, math.pi / 4, 3.0])
def test_rotated_boxes_through_yolo(angle, build, load, save):
    turned = RotatedBox(cx=50, cy=40, w=30, h=12.5, angle=angle)
    dataset = build([((Labelled(class_index=1, geometry=turned),), "train", "labeled")])
    shape = load(save(dataset, "yolo")[0]).records[0].annotations[0].geometry
    assert isinstance(shape, RotatedBox)
    assert (shape.cx, shape.cy, shape.w, shape.h) == pytest.approx((50, 40, 30, 12.5), abs=1e-6)
    assert math.cos(shape.angle - angle) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["coco", "yolo", "voc", "csv"])
def test_lines_and_points_stay_out_and_ellipses_go_as_what_the_format_has(kind, build, load, save):
    drawn = (
        Labelled(class_index=1, geometry=Points(points=((3, 4),))),
        Labelled(class_index=1, geometry=Ellipse(cx=50, cy=40, rx=20, ry=10, angle=0.4)),
        Labelled(class_index=1, geometry=Polyline(points=((1, 1), (50, 30)))),
    )
    dataset = build([(drawn, "train", "labeled")])
    (shape,) = (item.geometry for item in load(save(dataset, kind)[0]).records[0].annotations)
    assert shape.bounds == pytest.approx(drawn[1].geometry.bounds, abs=0.2)
    if kind in ("coco", "yolo"):
        assert shape.area == pytest.approx(drawn[1].geometry.area)


def test_losses_are_listed_before_and_inside(build, save, tmp_path):
    import zipfile

    pixels = np.zeros((H, W), bool)
    pixels[10:20, 30:50] = True
    hole = Polygon(rings=(((0, 0), (50, 0), (50, 50), (0, 50)), ((10, 10), (20, 10), (20, 20), (10, 20))))
    drawn = (
        Labelled(class_index=0, geometry=Mask(width=W, height=H, counts=rle.encode(pixels)), crowd=True),
        Labelled(class_index=0, geometry=hole, score=0.5),
        Labelled(class_index=0, geometry=RotatedBox(cx=40, cy=40, w=9, h=5, angle=1), attributes={"a": "b"}),
        Labelled(class_index=0, geometry=Ellipse(cx=40, cy=40, rx=9, ry=5)),
        Labelled(class_index=0, geometry=Polyline(points=((1, 1), (5, 9)))),
    )
    dataset = build([(drawn, "train", "labeled"), ((), "val", "unlabeled")])
    expected = {
        "coco": {"rotated_as_polygon", "ellipse_as_polygon", "lines", "polygon_holes"},
        "yolo": {
            "mask_as_polygon",
            "ellipse_as_polygon",
            "lines",
            "polygon_parts",
            "crowd",
            "score",
            "attributes",
            "tags",
        },
        "voc": {"mask_as_box", "polygon_as_box", "rotated_as_box", "ellipse_as_box", "lines", "crowd", "score", "tags"},
        "csv": {
            "unlabeled_split",
            "mask_as_box",
            "polygon_as_box",
            "rotated_as_box",
            "ellipse_as_box",
            "lines",
            "crowd",
            "score",
            "attributes",
            "tags",
            "class_unused",
        },
    }
    for kind, codes in expected.items():
        archive, result = save(dataset, kind)
        assert {loss["code"] for loss in result["losses"]} == codes
        assert all(loss["count"] == 1 and loss["message"] for loss in result["losses"])
        with zipfile.ZipFile(archive) as opened:
            report = json.loads(opened.read("boxwright-report.json"))
            text = opened.read("LOSSES.txt").decode()
        assert report["losses"] == result["losses"]
        assert (report["frame"], report["images"], report["annotations"]) == ("upright", 2, 5)
        assert all(loss["message"] in text for loss in result["losses"])


@pytest.mark.parametrize("kind", READABLE)
def test_names_that_clash_or_climb_stay_inside_and_apart(kind, load, save, unpack, make_picture, tmp_path):
    names = [
        "a.jpg", "a.png", "A.JPG", "../evil.jpg", "/abs/x.jpg", "C:\\dir\\y.jpg", "con.jpg", "no suffix", "q?.jpg",
        "e\u0301.jpg", "\u00e9.jpg", "x/" * 60 + "long.jpg", "a..jpg", ".jpg", "images/train/z.jpg", "50% #=&'\".jpg",
    ]  # fmt: skip
    records = []
    for number, name in enumerate(names):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(make_picture(shade=number))
        box = Box(x0=number, y0=1, x1=number + 20, y1=30)
        item = Labelled(class_index=0, geometry=box)
        records.append(
            ImageRecord(
                name=name, width=100, height=80, annotations=(item,), state="labeled", split="train", path=str(path)
            )
        )
    archive, result = save((ManifestHeader(name="d", classes=(ManifestClass(id="", name="c"),)), records), kind)
    inside = list(unpack(archive))
    assert all(not name.startswith("/") and ".." not in name.split("/") and "\\" not in name for name in inside)
    assert len({name.casefold() for name in inside}) == len(inside)
    got = load(archive)
    assert sorted(r.annotations[0].geometry.x0 for r in got.records) == list(range(len(names)))
    assert len({r.sha256 for r in got.records}) == len(names)
    assert any(loss["code"] == "renamed" for loss in result["losses"])
    assert not got.problems("image_missing")
