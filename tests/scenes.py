"""Small pictures with bright shapes on noise, and datasets made of them; the same seed gives the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("disc", "square")
COLORS = ((230, 60, 40), (40, 120, 230))


@dataclass(frozen=True)
class Scene:
    """A picture (JPEG or PNG bytes) and its boxes `(class index, x0, y0, x1, y1)`."""

    name: str
    data: bytes
    width: int
    height: int
    boxes: tuple[tuple[int, float, float, float, float], ...]


def make_scene(seed: int, *, size: tuple[int, int] = (128, 96), name: str | None = None, suffix: str = ".jpg") -> Scene:
    """Draw one to three shapes that do not overlap, each in a third of the picture."""
    rng = np.random.default_rng(seed)
    width, height = size
    pixels = rng.integers(90, 140, (height, width, 3), dtype=np.uint8)
    yy, xx = np.mgrid[:height, :width]
    boxes = []
    third = width // 3
    for column in rng.permutation(3)[: rng.integers(1, 4)]:
        side = int(rng.integers(third // 2, third - 2))
        x0 = int(column * third + rng.integers(0, third - side))
        y0 = int(rng.integers(0, height - side))
        kind = int(rng.integers(2))
        inside = (xx >= x0) & (xx < x0 + side) & (yy >= y0) & (yy < y0 + side)
        if kind == 0:
            inside &= (xx - x0 - side / 2 + 0.5) ** 2 + (yy - y0 - side / 2 + 0.5) ** 2 <= (side / 2) ** 2
        pixels[inside] = COLORS[kind]
        boxes.append((kind, float(x0), float(y0), float(x0 + side), float(y0 + side)))
    buffer = io.BytesIO()
    if suffix == ".png":
        Image.fromarray(pixels).save(buffer, "PNG")
    else:
        Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return Scene(name or f"scene_{seed:04d}{suffix}", buffer.getvalue(), width, height, tuple(boxes))


def coco_document(scenes: list[Scene]) -> dict[str, object]:
    """Return the COCO instances document of scenes."""
    images = [{"id": i + 1, "file_name": s.name, "width": s.width, "height": s.height} for i, s in enumerate(scenes)]
    annotations: list[dict[str, object]] = []
    for i, scene in enumerate(scenes):
        for kind, x0, y0, x1, y1 in scene.boxes:
            number = len(annotations) + 1
            box = [x0, y0, x1 - x0, y1 - y0]
            item = {"id": number, "image_id": i + 1, "category_id": kind + 1, "bbox": box, "iscrowd": 0}
            annotations.append({**item, "area": box[2] * box[3]})
    categories = [{"id": i + 1, "name": name} for i, name in enumerate(CLASSES)]
    return {"images": images, "annotations": annotations, "categories": categories}


def coco_zip(path: Path, train: int = 12, val: int = 4, test: int = 4, seed: int = 0) -> Path:
    """Write a ZIP with `annotations/instances_<split>.json` and `<split>/*.jpg`."""
    with zipfile.ZipFile(path, "w") as archive:
        for split, count in (("train", train), ("val", val), ("test", test)):
            scenes = [make_scene(seed + number, name=f"{split}_{number:04d}.jpg") for number in range(count)]
            seed += 1000
            archive.writestr(f"annotations/instances_{split}.json", json.dumps(coco_document(scenes)))
            for scene in scenes:
                archive.writestr(f"{split}/{scene.name}", scene.data)
    return path
