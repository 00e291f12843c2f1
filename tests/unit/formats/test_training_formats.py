"""Darknet, CreateML, OpenImages, Datumaro: cases of the wild, and the two that are only written: masks and crops."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import Labelled
from boxwright.media import decode_rgb, encode_plane

HEAD = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n"


def test_darknet_files(build, save, unpack):
    shapes = (
        Labelled(class_index=1, geometry=Box(x0=10, y0=20, x1=50, y1=60)),
        Labelled(class_index=0, geometry=RotatedBox(cx=50, cy=40, w=30, h=20, angle=0.5)),
        Labelled(class_index=0, geometry=Polyline(points=((1, 1), (5, 9)))),
    )
    archive, result = save(
        build([(shapes, "val", "labeled"), ((), "train", "empty"), ((), "none", "unlabeled")]), "darknet"
    )
    files = unpack(archive)
    assert files["obj.names"] == b"cat\nbig dog\n"
    assert (
        files["obj.data"] == b"classes = 2\ntrain = train.txt\nvalid = valid.txt\nnames = obj.names\nbackup = backup/\n"
    )
    assert files["valid.txt"] == b"obj_valid_data/a.jpg\n"
    lines = files["obj_valid_data/a.txt"].decode().splitlines()
    assert lines[0] == "1 0.300000 0.500000 0.400000 0.500000"
    assert len(lines) == 2
    assert files["obj_train_data/images/d.v2.txt"] == b""
    assert "obj_none_data/sub/b c.txt" not in files
    assert {loss["code"] for loss in result["losses"]} == {"rotated_as_box", "lines", "tags"}


def test_createml_cases(load, make_picture):
    place = {"x": 50, "y": 40, "width": 20, "height": 10}
    items = [
        {
            "image": "a.jpg",
            "annotations": [{"label": "cat", "coordinates": place, "confidence": 0.5}, {"label": "night"}],
        },
        {"imagefilename": "b.jpg", "annotation": [{"coordinates": place}, 5, {"label": "cat", "coordinates": {}}]},
        {"image": "c.jpg", "annotations": []},
        {"annotations": []},
        {"image": "gone.jpg", "annotations": []},
    ]
    files = {f"{name}.jpg": make_picture(shade=at) for at, name in enumerate("abcd")}
    got = load({"train/_annotations.createml.json": json.dumps(items), **{f"train/{k}": v for k, v in files.items()}})
    assert got.report["format"] == "createml"
    assert got.labels("a.jpg") == [("cat", (40, 35, 60, 45))]
    assert (got.by_name["a.jpg"].tags, got.by_name["a.jpg"].annotations[0].score) == (("night",), 0.5)
    states = {name: record.state for name, record in got.by_name.items()}
    assert states == {"a.jpg": "labeled", "b.jpg": "empty", "c.jpg": "empty", "d.jpg": "unlabeled"}
    assert got.codes == [*["annotation_invalid"] * 2, "not_finite", "image_invalid", "image_missing", "image_unmatched"]


def test_openimages_with_decimal_commas_flags_and_masks(load, make_picture):
    mask = np.zeros((40, 50), np.uint8)  # half the size of the picture
    mask[10:20, 5:25] = 255
    rows = (
        'a,xclick,/m/1,1,"0,1","0,5","0,25","0,75",1,0,1,-1,0\n'
        "a,machine,/m/2,0.7,0.2,0.4,0.5,0.6,-1,-1,-1,-1,-1\n"
        "b,x,/m/1,1,0.1,0.2,0.1,0.2,,,,,\nzz,x,/m/1,1,0.1,0.2,0.1,0.2,,,,,\n,x,/m/1,1,0.1,0.2,0.1,0.2,,,,,\n"
    )
    masks = (
        "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax\n"
        "a_m.png,a,/m/1,1,0.1,0.5,0.25,0.75\nno.png,b,/m/1,1,0.1,0.2,0.1,0.2\n"
    )
    got = load(
        {
            "annotations/val-annotations-bbox.csv": HEAD + rows,
            "annotations/val-annotations-object-segmentation.csv": masks,
            "annotations/class-descriptions.csv": "/m/2,Dog\n/m/1,Cat\n/m/3,Unused\n",
            "annotations/human-imagelabels.csv": "ImageID,Source,LabelName,Confidence\na,v,/m/3,1\nb,v,/m/2,0\n",
            "images/a.jpg": make_picture(),
            "images/b.jpg": make_picture(shade=2),
            "masks/a_m.png": encode_plane(mask),
        }
    )
    assert got.report["format"] == "openimages"
    assert got.class_names == ["Dog", "Cat"]
    masked, dog = got.by_name["a.jpg"].annotations
    assert masked.geometry.bounds == (10, 20, 50, 40)
    assert dog.geometry == Box(x0=20, y0=40, x1=40, y1=48)
    assert dog.score == 0.7
    assert got.by_name["a.jpg"].tags == ("Unused",)
    assert got.by_name["a.jpg"].split == "val"
    assert got.labels("b.jpg") == [("Cat", (10, 8, 20, 16))]
    assert set(got.codes) == {"mask_invalid", "image_missing", "row_invalid"}


def test_openimages_flags(load, make_picture):
    got = load({"x-annotations-bbox.csv": HEAD + "a,x,/m/1,1,0.1,0.2,0.1,0.2,1,0,1,-1,0\n", "a.jpg": make_picture()})
    (item,) = got.by_name["a.jpg"].annotations
    assert item.crowd
    assert dict(item.attributes) == {"occluded": True, "truncated": False, "inside": False}
    assert got.class_names == ["/m/1"]


def test_datumaro_cases(load, make_picture):
    marks = [
        {
            "type": "bbox",
            "label_id": 0,
            "bbox": [10, 20, 30, 40],
            "group": 3,
            "z_order": 2,
            "attributes": {"is_crowd": True},
        },
        {"type": "ellipse", "label_id": 1, "points": [10, 10, 30, 20]},
        {"type": "points", "label_id": 1, "points": [1, 2, 3, 4]},
        {"type": "label", "label_id": 1},
        {"type": "caption", "caption": "x"},
        {"type": "bbox", "bbox": [1, 2, 9, 9]},
        {"type": "bbox", "label_id": 0, "bbox": [1]},
        {"type": "mask", "label_id": 0, "rle": {"size": [8, 8], "counts": "x"}},
        5,
    ]
    labels = {"label": {"labels": [{"name": "cat"}, {"name": "dog"}]}}
    items = [{"id": "a", "annotations": marks, "image": {"path": "a.jpg", "size": [80, 100]}}, {"annotations": []}]
    text = json.dumps({"info": {}, "categories": labels, "items": items})
    got = load({"annotations/test.json": text, "images/test/a.jpg": make_picture()})
    record = got.by_name["a.jpg"]
    box, ellipse, points, unnamed = record.annotations
    assert (box.geometry, box.crowd, box.z, box.group_id) == (Box(x0=10, y0=20, x1=40, y1=60), True, 2, "3")
    assert ellipse.geometry == Ellipse(cx=20, cy=15, rx=10, ry=5)
    assert points.geometry == Points(points=((1, 2), (3, 4)))
    assert (record.split, record.tags) == ("test", ("dog",))
    assert got.class_names[unnamed.class_index] == "unnamed"
    assert sorted(got.codes) == sorted(
        ["shape_unknown", "class_missing", "shape_invalid", "mask_size", "annotation_invalid", "image_invalid"]
    )


def test_masks_in_layers(build, save, unpack):
    square = Polygon(rings=(((10, 10), (50, 10), (50, 50), (10, 50)), ((20, 20), (30, 20), (30, 30), (20, 30))))
    shapes = (
        Labelled(class_index=1, geometry=Box(x0=40, y0=40, x1=60, y1=60), z=1),
        Labelled(class_index=0, geometry=square),
        Labelled(class_index=0, geometry=Polyline(points=((1, 1), (5, 9)))),
    )
    archive, result = save(
        build([(shapes, "train", "labeled"), ((), "val", "empty"), ((), "val", "unlabeled")]), "masks"
    )
    files = unpack(archive)
    kinds = np.array(Image.open(io.BytesIO(files["SegmentationClass/a.png"])))
    objects = np.array(Image.open(io.BytesIO(files["SegmentationObject/a.png"])))
    assert kinds.shape == (80, 100)
    assert (kinds[12, 12], kinds[25, 25], kinds[45, 45], kinds[0, 0]) == (1, 0, 2, 0)
    assert (objects[12, 12], objects[45, 45]) == (2, 1)
    assert (kinds == 1).sum() == 40 * 40 - 10 * 10 - 10 * 10
    assert not np.array(Image.open(io.BytesIO(files["SegmentationClass/images/d.v2.png"]))).any()
    assert "SegmentationClass/sub/b c.png" not in files
    assert files["labelmap.txt"].decode().splitlines()[1:3] == ["background:0,0,0::", "cat:128,0,0::"]
    assert files["ImageSets/Segmentation/train.txt"] == b"a\n"
    assert tuple(decode_rgb(files["SegmentationClass/a.png"])[45, 45]) == (0, 128, 0)
    assert {loss["code"] for loss in result["losses"]} == {"shapes_as_pixels", "lines", "tags"}


def test_crops_by_class(build, save, unpack, load):
    shapes = (
        Labelled(class_index=1, geometry=Box(x0=10.5, y0=20, x1=50, y1=60)),
        Labelled(class_index=0, geometry=Ellipse(cx=0, cy=0, rx=9, ry=5)),
    )
    dataset = build([(shapes, "train", "labeled"), ((), "val", "empty")])
    archive, result = save(dataset, "crops")
    files = unpack(archive)
    crop = decode_rgb(files["train/big dog/a_0001.jpg"])
    assert crop.shape == (40, 40, 3)
    assert decode_rgb(files["train/cat/a_0002.jpg"]).shape == (5, 9, 3)
    rows = list(csv.reader(io.StringIO(files["crops.csv"].decode())))
    assert rows[1] == ["train/big dog/a_0001.jpg", "a.jpg", "big dog", "10", "20", "50", "60"]
    assert {loss["code"] for loss in result["losses"]} == {"crops", "shapes_cropped", "tags"}
    assert list(unpack(save(dataset, "crops", with_images=False)[0])) == ["crops.csv"]
    assert load(archive).report["format"] == "images"


@pytest.mark.parametrize("kind", ["masks", "crops"])
def test_what_is_only_written_is_no_format_to_read(kind, load, make_picture):
    with pytest.raises(InvalidDataset, match="unknown format"):
        load({"a.jpg": make_picture()}, format=kind)
