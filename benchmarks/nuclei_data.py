"""The nuclei of the shared test data (Kaggle DSB-2018, masks as COCO RLE) as a manifest."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from boxwright.domain import rle
from boxwright.domain.geometry import Mask
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, write_manifest


def write_nuclei(folder: Path, manifest: Path, fold: int = 0) -> int:
    """Write the manifest of `folder` and return the number of pictures.

    Of every five pictures one is held back as `test`, which one is said by `fold` (0 to 4); of the rest every eighth is
    `val`.
    """
    document = json.loads((folder / "instances.json").read_text())
    objects = defaultdict(list)
    for item in document["annotations"]:
        objects[item["image_id"]].append(item)
    records, seen = [], 0
    for number, image in enumerate(document["images"]):
        held = number % 5 == fold
        seen += not held
        split = "test" if held else "val" if seen % 8 == 0 else "train"
        records.append(_record(folder, image, objects[image["id"]], split))
    header = ManifestHeader(name="nuclei", classes=(ManifestClass(id="nucleus", name="nucleus"),))
    return write_manifest(manifest, header, records)


def _record(folder: Path, image: dict[str, Any], objects: list[dict[str, Any]], split: str) -> ImageRecord:
    width, height = image["width"], image["height"]
    masks = [Mask(width=width, height=height, counts=_counts(item["segmentation"]["counts"])) for item in objects]
    return ImageRecord(
        id=str(image["id"]),
        name=image["file_name"],
        width=width,
        height=height,
        annotations=tuple(Labelled(class_index=0, geometry=mask) for mask in masks),
        split=split,  # type: ignore[arg-type]
        state="labeled",
        path=str(folder / "images" / image["file_name"]),
    )


def _counts(counts: str | list[int]) -> tuple[int, ...]:
    return rle.from_text(counts) if isinstance(counts, str) else tuple(counts)
