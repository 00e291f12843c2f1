"""The sample as a dataset: splits, shapes, a COCO folder that comes back as it was."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from boxwright.domain import rle
from boxwright.domain.errors import Cancelled, Invalid
from boxwright.domain.geometry import Box, Mask, Polygon, iou
from boxwright.domain.manifest import ImageRecord, read_header, read_records
from boxwright.formats.sample import Plan, rendered, run_sample, write_folder
from boxwright.media import decode_rgb
from working import QuietContext

PARAMS = {"images": 5, "seed": 1, "shapes": "box"}


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


def records(folder: Path, **options: object) -> list[ImageRecord]:
    return list(rendered(Plan(**{"images": 5, "seed": 1, **options}), folder / "files", quiet))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("images", "counts"),
    [
        (190, {"train": 120, "val": 30, "test": 30, "none": 10}),
        (19, {"train": 12, "val": 3, "test": 3, "none": 1}),
        (1, {"train": 1}),
    ],
)
def test_splits(images: int, counts: dict[str, int]) -> None:
    plan = Plan(images=images)
    assert Counter(plan.split_of(number) for number in range(images)) == counts


def test_the_task_leaves_what_an_import_would(tmp_path: Path) -> None:
    result = run_sample(PARAMS, QuietContext(tmp_path))
    path = tmp_path / str(result["files"]["records"])  # type: ignore[index]
    assert [item.name for item in read_header(path).classes] == ["coin", "die", "button"]
    found = list(read_records(path))
    report: dict[str, object] = result["report"]  # type: ignore[assignment]
    assert [item.name for item in found] == [f"table_00{number}.jpg" for number in range(1, 6)]
    assert (report["images"], report["annotations"]) == (5, sum(len(item.annotations) for item in found))
    for record in found:
        data = (tmp_path / str(record.path)).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record.sha256
        assert decode_rgb(data).shape == (record.height, record.width, 3)
        assert (record.state == "labeled") == (record.split != "none") == bool(record.annotations)
    # A start after a crash does the same again.
    assert run_sample(PARAMS, QuietContext(tmp_path)) == result


def test_stopping_ends_the_task(tmp_path: Path) -> None:
    with pytest.raises(Cancelled, match="nothing was added"):
        run_sample(PARAMS, QuietContext(tmp_path, "discard"))
    with pytest.raises(Invalid, match="use box, polygon, mask"):
        run_sample({**PARAMS, "shapes": "blob"}, QuietContext(tmp_path))


def test_box_polygon_and_mask_say_the_same(tmp_path: Path) -> None:
    boxes, polygons, masks = (records(tmp_path, shapes=shapes, images=3) for shapes in ("box", "polygon", "mask"))
    for kinds in zip(boxes, polygons, masks, strict=True):
        for box, polygon, mask in zip(*(record.annotations for record in kinds), strict=True):
            assert isinstance(box.geometry, Box)
            assert isinstance(polygon.geometry, Polygon)
            assert isinstance(mask.geometry, Mask)
            assert box.geometry.bounds == mask.geometry.bounds
            assert iou(polygon.geometry.bounds, box.geometry.bounds) > 0.9
            assert max(map(len, polygon.geometry.rings)) < 60
            assert polygon.geometry.area == pytest.approx(mask.geometry.area, rel=0.05)


def test_the_folder_is_coco_with_masks(tmp_path: Path) -> None:
    written = write_folder(Plan(images=5, seed=1, shapes="mask"), tmp_path / "out", quiet)
    truth = {record.name: record for record in records(tmp_path, shapes="mask")}
    assert written["images"] == len(list((tmp_path / "out" / "images").iterdir())) == 5
    seen = 0
    for path in (tmp_path / "out" / "annotations").iterdir():
        document = json.loads(path.read_text())
        names = {image["id"]: image["file_name"] for image in document["images"]}
        for image in document["images"]:
            assert ("state" in image) == (truth[image["file_name"]].split == "none")
        for name in names.values():
            items = [item for item in document["annotations"] if names[item["image_id"]] == name]
            for item, own in zip(items, truth[name].annotations, strict=True):
                assert isinstance(own.geometry, Mask)
                assert rle.from_text(item["segmentation"]["counts"]) == own.geometry.counts
                x, y, width, height = item["bbox"]
                assert (x, y, x + width, y + height) == own.geometry.bounds
                seen += 1
    assert seen == written["annotations"] > 0


def test_masks_of_one_picture_share_no_pixel(tmp_path: Path) -> None:
    for record in records(tmp_path, shapes="mask", images=4):
        shapes = [item.geometry for item in record.annotations]
        layers = [rle.decode(item.counts, item.width, item.height) for item in shapes if isinstance(item, Mask)]
        assert np.sum(layers, axis=0).max() <= 1
