"""The everyday photos of the shared test data (COCO JSON, permissive licences) as a manifest, split here."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, write_manifest
from cards_data import PARTS


def write_coco(folder: Path, manifest: Path) -> int:
    """Write the manifest of `folder` and return the number of pictures; 60 % are `train`, 20 % `val`, 20 % `test`."""
    document = json.loads((folder / "instances.json").read_text())
    classes = {item["id"]: place for place, item in enumerate(document["categories"])}
    objects = defaultdict(list)
    for item in document["annotations"]:
        objects[item["image_id"]].append(item)
    images = document["images"]
    order = np.random.default_rng(0).permutation(len(images))
    records = []
    for place, index in enumerate(order):
        split = next(name for name, end in PARTS if place < end * len(images))
        records.append(_record(folder, images[index], objects[images[index]["id"]], classes, split))
    names = [item["name"] for item in document["categories"]]
    header = ManifestHeader(name="coco", classes=tuple(ManifestClass(id=name, name=name) for name in names))
    return write_manifest(manifest, header, records)


def _record(
    folder: Path, image: dict[str, Any], objects: list[dict[str, Any]], classes: dict[int, int], split: str
) -> ImageRecord:
    labels = []
    for item in objects:
        x, y, width, height = item["bbox"]
        box = Box(x0=x, y0=y, x1=x + width, y1=y + height)
        labels.append(Labelled(class_index=classes[item["category_id"]], geometry=box, crowd=bool(item["iscrowd"])))
    return ImageRecord(
        id=str(image["id"]),
        name=image["file_name"],
        width=image["width"],
        height=image["height"],
        annotations=tuple(labels),
        split=split,  # type: ignore[arg-type]
        state="labeled",
        path=str(folder / "images" / image["file_name"]),
    )
