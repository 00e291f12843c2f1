"""COCO, as it is met in the wild."""

import io
import json
from contextlib import redirect_stdout

import numpy as np
import pytest

from boxwright.domain import rle
from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Mask, Polygon


def coco(annotations, *, images=None, categories=None, **more):
    return json.dumps(
        {
            "images": images or [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 80}],
            "categories": categories or [{"id": 3, "name": "cat"}, {"id": 7, "name": "dog"}],
            "annotations": annotations,
            **more,
        }
    )


def box(annotation_id=1, bbox=(10, 20, 30, 40), **more):
    return {"id": annotation_id, "image_id": 1, "category_id": 3, "bbox": list(bbox), **more}


@pytest.fixture
def one(load, make_picture):
    def run(annotations, **options):
        params = options.pop("params", {})
        return load({"a.jpg": make_picture(), "annotations.json": coco(annotations, **options)}, **params)

    return run


def test_plain_boxes_keep_ids_and_order(one):
    got = one([box(17), box(5, category_id=7, area=3, iscrowd=0, segmentation=[])])
    assert got.report["format"] == "coco"
    assert got.class_names == ["cat", "dog"]
    assert [item.id for item in got.header.classes] == ["3", "7"]
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60)), ("dog", (10, 20, 40, 60))]
    assert [item.external_id for item in got.by_name["a.jpg"].annotations] == ["17", "5"]
    assert got.by_name["a.jpg"].external_id == "1"
    assert got.report["problem_count"] == 0


def test_missing_area_info_licenses_segmentation(one):
    assert one([{"image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4]}]).report["annotations"] == 1


@pytest.mark.parametrize("zero_based", [True, False])
def test_category_ids_with_gaps_from_zero_and_as_text(one, zero_based):
    categories = [{"id": "0" if not zero_based else 0, "name": "first"}, {"id": "9", "name": "last"}]
    got = one([box(category_id=0), box(category_id=9), box(category_id="9")], categories=categories)
    assert [name for name, _ in got.labels("a.jpg")] == ["first", "last", "last"]


def test_polygon_multipolygon_and_crowd_with_polygon(one):
    square = [10, 10, 30, 10, 30, 30, 10, 30]
    other = [50, 50, 60, 50, 60, 70]
    got = one([box(segmentation=[square]), box(segmentation=[square, other], iscrowd=1)])
    first, second = got.by_name["a.jpg"].annotations
    assert first.geometry == Polygon(rings=(((10, 10), (30, 10), (30, 30), (10, 30)),))
    assert len(second.geometry.rings) == 2
    assert (first.crowd, second.crowd) == (False, True)


def test_rle_compressed_and_not_crowd_or_not(one):
    pixels = np.zeros((80, 100), bool)
    pixels[10:20, 30:50] = True
    counts = rle.encode(pixels)
    got = one(
        [
            box(segmentation={"size": [80, 100], "counts": list(counts)}, iscrowd=0),
            box(segmentation={"size": [80, 100], "counts": rle.to_text(counts)}, iscrowd=1),
        ]
    )
    first, second = got.by_name["a.jpg"].annotations
    assert first.geometry == second.geometry == Mask(width=100, height=80, counts=counts)
    assert (first.crowd, second.crowd) == (False, True)


@pytest.mark.parametrize(
    "counts",
    [
        [2**62, 2**62],
        [1, -1, 8000],
        [8000.5],
        ["x"],
        "~~~~",
        "o" * 40,
        [0] * 5,
        [8000],
        [4000, 10**18, 4000],
        [10**30],
        None,
        {"a": 1},
    ],
)
def test_impossible_rle_falls_back_to_the_box(one, counts):
    got = one([box(segmentation={"size": [80, 100], "counts": counts})])
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60))]
    assert got.report["problem_count"] >= 1


def test_mask_of_another_size_falls_back_to_the_box(one):
    got = one([box(segmentation={"size": [100, 80], "counts": [4000, 4000]})])
    assert "mask_size" in got.codes
    assert isinstance(got.by_name["a.jpg"].annotations[0].geometry, Box)


@pytest.mark.parametrize(
    ("bbox", "code", "kept"),
    [
        ((-5, 10, 20, 20), "out_of_bounds", (0, 10, 15, 30)),
        ((90, 70, 20, 20), "out_of_bounds", (90, 70, 100, 80)),
        ((200, 10, 20, 20), "outside", None),
        ((10, 10, 0, 20), "no_area", None),
        ((10, 10, -3, 20), "negative_size", None),
        ((None, 10, 3, 20), "not_finite", None),
        (("x", 10, 3, 20), "not_finite", None),
        ((1, 2, 3), "bbox_invalid", None),
        ((10, 10, 1, 1), "suspicious_size", (10, 10, 11, 11)),
    ],
)
def test_odd_boxes_are_reported(one, bbox, code, kept):
    got = one([box(17, bbox)])
    assert got.codes == [code]
    assert "annotation 17 of a.jpg" in got.report["problems"][0]["message"]
    assert got.labels("a.jpg") == ([("cat", kept)] if kept else [])


def test_nan_and_infinity_in_the_json(load, make_picture):
    text = coco([box(1), box(2), box(3, note='NaN Infinity -Infinity \\" ')])
    text = text.replace('"bbox": [10, 20, 30, 40]', '"bbox": [NaN, 20, -Infinity, 40]', 1)
    text = text.replace('"bbox": [10, 20, 30, 40]', '"bbox": [10, 20, Infinity, 40]', 1)
    got = load({"a.jpg": make_picture(), "a.json": text})
    assert got.codes == ["not_finite", "not_finite"]
    assert got.report["annotations"] == 1


def test_polygon_oddities(one):
    got = one(
        [
            box(1, segmentation=[[1, 1, 2, 2]]),
            box(2, segmentation=[[5, 5, 5, 5, 5, 5]]),
            box(3, segmentation=[[1, 1, 9, 1, 9]]),
            box(4, segmentation=[[90, 70, 110, 70, 110, 90, 90, 90]]),
            box(5, segmentation=[[10, 10, 20, 10, 20, 20], [1, 2]]),
            box(6, segmentation=[["a", 1, 2, 3, 4, 5]]),
            box(7, segmentation=[[1, 1, 1, 1, 9, 1, 9, 9, 9, 9]]),
        ]
    )
    shapes = [item.geometry for item in got.by_name["a.jpg"].annotations]
    assert [shape.type for shape in shapes] == ["box", "box", "box", "polygon", "polygon", "box", "polygon"]
    assert shapes[3].bounds == (90, 70, 100, 80)
    assert {"too_few_points", "no_area", "segmentation_invalid", "out_of_bounds", "fallback_box"} == set(got.codes)


def test_polygon_of_a_million_points(one):
    ring = [float(value % 70) for value in range(2_000_000)]
    got = one([box(segmentation=[ring])])
    assert "geometry_invalid" in got.codes
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60))]


def test_annotations_of_absent_images_and_unknown_classes(one):
    got = one(
        [box(1, image_id=99), box(2, category_id=99), box(3, image_id=None), {"id": 4, "image_id": 1, "category_id": 3}]
    )
    assert sorted(got.codes) == ["class_unknown", "image_absent", "image_absent", "no_geometry"]
    assert got.by_name["a.jpg"].state == "empty"


def test_images_without_file_id_or_name(load, make_picture):
    images = [
        {"id": 1, "file_name": "a.jpg", "width": 100, "height": 80},
        {"id": 2, "file_name": "gone.jpg", "width": 50, "height": 40},
        {"id": 3, "file_name": "gone2.jpg"},
        {"file_name": "x.jpg"},
        {"id": 5},
        {"id": 1, "file_name": "a.jpg"},
        "nonsense",
    ]
    annotations = [box(1), box(2, image_id=2, bbox=(1, 2, 3, 4)), box(3, image_id=3)]
    got = load({"a.jpg": make_picture(), "b.jpg": make_picture(shade=9), "c.json": coco(annotations, images=images)})
    assert got.by_name["gone.jpg"].path is None
    assert got.labels("gone.jpg") == [("cat", (1, 2, 4, 6))]
    assert "gone2.jpg" not in got.by_name
    assert got.codes.count("image_missing") == 2
    assert got.codes.count("image_invalid") == 3
    assert "image_twice" in got.codes
    assert got.by_name["b.jpg"].state == "unlabeled"
    assert [problem["file"] for problem in got.problems("image_unmatched")] == ["b.jpg"]


def test_one_file_a_split_and_same_names_in_two_folders(load, make_picture):
    files = {}
    for number, split in enumerate(("train", "valid", "test")):
        files[f"set/{split}/a.jpg"] = make_picture(shade=number)
        files[f"set/{split}/_annotations.coco.json"] = coco([box(bbox=(number, 1, 5, 5))])
    got = load(files)
    assert got.report["splits"] == {"train": 1, "val": 1, "test": 1}
    assert sorted(got.by_name) == ["test/a.jpg", "train/a.jpg", "valid/a.jpg"]
    assert got.labels("valid/a.jpg") == [("cat", (1, 1, 6, 6))]
    assert got.by_name["valid/a.jpg"].split == "val"


def test_file_names_with_folders_and_back_slashes(load, make_picture):
    images = [
        {"id": 1, "file_name": "sub\\a.jpg", "width": 100, "height": 80},
        {"id": 2, "file_name": "/home/me/sub2/a.jpg"},
    ]
    files = {
        "d/images/sub/a.jpg": make_picture(),
        "d/images/sub2/a.jpg": make_picture(shade=3),
        "d/annotations/instances_val2017.json": coco([box(), box(image_id=2)], images=images),
    }
    got = load(files)
    assert sorted(got.by_name) == ["sub/a.jpg", "sub2/a.jpg"]
    assert got.report["splits"] == {"val": 2}
    assert got.report["problem_count"] == 0


def test_nfc_nfd_and_case_find_each_other(load, make_picture):
    images = [{"id": 1, "file_name": "e\u0301.jpg"}, {"id": 2, "file_name": "IMG #1=50%.JPG"}]
    files = {
        "images/\u00e9.jpg": make_picture(),
        "images/img #1=50%.jpg": make_picture(shade=3),
        "a.json": coco([box(), box(image_id=2)], images=images),
    }
    got = load(files)
    assert [len(record.annotations) for record in got.records] == [1, 1]


def test_broken_picture_is_skipped_with_its_annotations(load, make_picture):
    got = load({"a.jpg": b"no picture", "b.jpg": make_picture(), "a.json": coco([box()])})
    assert list(got.by_name) == ["b.jpg"]
    assert got.codes == ["image_unreadable", "image_unmatched"]


def test_size_mismatch_is_told(load, make_picture):
    images = [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 160}]
    got = load({"a.jpg": make_picture(), "a.json": coco([box()], images=images)})
    assert got.codes == ["size_mismatch"]


def test_captions_and_keypoints(load, make_picture):
    keypoints = coco([box(keypoints=[1, 2, 2], num_keypoints=1)])
    got = load({"a.jpg": make_picture(), "annotations/person_keypoints_train.json": keypoints})
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60))]
    assert any("keypoints" in note for note in got.report["notes"])
    captions = json.dumps(
        {"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"id": 1, "image_id": 1, "caption": "x"}]}
    )
    got = load({"a.jpg": make_picture(), "annotations/captions_train.json": captions})
    assert got.report["annotations"] == 0
    assert any("caption" in note for note in got.report["notes"])


def test_instances_win_over_their_companions(load, make_picture):
    files = {"a.jpg": make_picture(), "annotations/instances_train.json": coco([box()])}
    files["annotations/person_keypoints_train.json"] = coco([box(keypoints=[1, 2, 2])])
    assert load(files).report["annotations"] == 1


def test_attributes_and_scores(one):
    got = one([box(attributes={"occluded": True, "note": "x", "deep": {"a": 1}}, score=0.5)])
    item = got.by_name["a.jpg"].annotations[0]
    assert item.attributes == {"occluded": True, "note": "x"}
    assert item.score == 0.5


@pytest.mark.parametrize("text", ['{"images": [{"id": 1}', '{"images": [}', '{"images": [], "annotations": [1,,2]}'])
def test_broken_json_is_one_clear_line(load, make_picture, text):
    with pytest.raises(InvalidDataset) as caught:
        load({"a.jpg": make_picture(), "a.json": text}, format="coco")
    assert "\n" not in caught.value.message


def test_deep_json_does_not_crash(load, make_picture):
    deep = "[" * 100_000 + "]" * 100_000
    text = coco([box(1), box(2)]).replace('"bbox": [10, 20, 30, 40]', f'"bbox": [1, 2, 3, 4], "x": {deep}', 1)
    with pytest.raises(InvalidDataset) as caught:
        load({"a.jpg": make_picture(), "a.json": text})
    assert caught.value.code == "json_unsafe"
    with pytest.raises(InvalidDataset):
        load({"a.json": deep})
    brackets = coco([box(1, note="[" * 100_000 + '\\"' + "{" * 1000)])
    assert load({"a.jpg": make_picture(), "a.json": brackets}).report["annotations"] == 1


def test_one_huge_value_is_refused(load, make_picture, monkeypatch):
    monkeypatch.setattr("boxwright.formats.jsonfile._MAX_ITEM", 1 << 20)
    text = coco([box(1, segmentation=[[1.5] * 900_000])])
    with pytest.raises(InvalidDataset) as caught:
        load({"a.jpg": make_picture(), "a.json": text}, format="coco")
    assert caught.value.code == "json_unsafe"
    many = coco([box(number) for number in range(30_000)])
    assert len(many) > 1 << 20
    assert load({"a.jpg": make_picture(), "a.json": many}).report["annotations"] == 30_000


@pytest.mark.parametrize("orientation", range(1, 9))
def test_frames(load, make_picture, orientation):
    """A box in the stored picture's top-left corner lands where that corner is seen."""
    files = {"a.jpg": make_picture(100, 80, orientation=orientation), "a.json": coco([box(bbox=(0, 0, 10, 20))])}
    got = load(files, frame="raw")
    record = got.by_name["a.jpg"]
    assert (record.width, record.height) == ((80, 100) if orientation >= 5 else (100, 80))
    w, h = record.width, record.height
    corners = {
        1: (0, 0, 10, 20), 2: (w - 10, 0, w, 20), 3: (w - 10, h - 20, w, h), 4: (0, h - 20, 10, h),
        5: (0, 0, 20, 10), 6: (w - 20, 0, w, 10), 7: (w - 20, h - 10, w, h), 8: (0, h - 10, 20, h),
    }  # fmt: skip
    assert got.labels("a.jpg") == [("cat", corners[orientation])]
    upright = load(files, frame="upright")
    assert upright.labels("a.jpg") == [("cat", (0, 0, 10, 20))]
    assert ("frame_mismatch" in upright.codes) == (orientation >= 5)


def test_single_json_without_pictures(load, tmp_path):
    path = tmp_path / "upload-without-a-name"
    path.write_text(coco([box()]))
    got = load(path)
    assert got.by_name["a.jpg"].path is None
    assert got.codes == ["image_missing"]


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
def test_pycocotools_accepts_an_export(one, save, unpack, tmp_path):
    from pycocotools.coco import COCO

    pixels = np.zeros((80, 100), bool)
    pixels[10:20, 30:50] = True
    mask = {"size": [80, 100], "counts": list(rle.encode(pixels))}
    got = one([box(17), box(18, segmentation=[[10, 10, 30, 10, 30, 30]]), box(19, segmentation=mask, iscrowd=1)])
    archive, result = save(got, "coco")
    assert result["losses"] == []
    (tmp_path / "i.json").write_bytes(unpack(archive)["annotations/instances.json"])
    with redirect_stdout(io.StringIO()):
        read = COCO(str(tmp_path / "i.json"))
    assert sorted(read.anns) == [17, 18, 19]
    assert read.loadCats([3, 7])[1]["name"] == "dog"
    assert read.annToMask(read.anns[19]).sum() == 200
    assert read.annToMask(read.anns[18]).sum() > 0
    assert read.imgs[1]["file_name"] == "a.jpg"


@pytest.mark.parametrize("ids", [["5", "5"], ["x", "7"], ["-1", "2"], ["007", None], [str(2**60), "1"], ["٣", "1"]])
def test_ids_at_export_are_unique_whole_numbers(one, save, unpack, ids):
    got = one([box(value) for value in ids])
    document = json.loads(unpack(save(got, "coco")[0])["annotations/instances.json"])
    exported = [item["id"] for item in document["annotations"]]
    assert len(set(exported)) == 2
    assert all(isinstance(value, int) and 0 <= value < 2**53 for value in exported)
