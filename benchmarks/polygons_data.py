"""COCO datasets of polygons of one's own making: as many objects an image as val2017 has, star shapes of 20 points."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from boxwright.domain.ids import new_ids
from boxwright.domain.projects import Image
from boxwright.storage.engine import WRITE, open_engine
from boxwright.storage.repositories.images import ImageRepository

OBJECTS_AN_IMAGE = 7.4
POINTS = 20
CLASSES = 80
_WIDTH, _HEIGHT = 640, 480
_CHUNK = 1000


def make(folder: Path, images: int, objects_an_image: float = OBJECTS_AN_IMAGE, *, pictures: bool = True) -> int:
    """Write the dataset to `folder`, with JPEGs of about 40 kB or without; returns the number of objects."""
    random = np.random.default_rng(7)
    (folder / "annotations").mkdir(parents=True)
    if pictures:
        write_pictures(folder / "images" / "val", images)
    records = [{"id": n, "file_name": name_of(n), "width": _WIDTH, "height": _HEIGHT} for n in range(1, images + 1)]
    categories = [{"id": index, "name": f"class {index}"} for index in range(1, CLASSES + 1)]
    count = 0
    with (folder / "annotations" / "instances_val.json").open("w") as out:
        out.write(f'{{"images": {json.dumps(records)}, "annotations": [')
        for start in range(1, images + 1, _CHUNK):
            owners = np.arange(start, min(start + _CHUNK, images + 1))
            owners = np.repeat(owners, random.poisson(objects_an_image, len(owners)))
            for item in polygons(random, owners, count + 1):
                out.write(f"{', ' if count else ''}{json.dumps(item)}")
                count += 1
        out.write(f'], "categories": {json.dumps(categories)}}}')
    return count


def name_of(number: int) -> str:
    """Return the file name of a picture."""
    return f"{number:012d}.jpg"


def write_pictures(folder: Path, images: int) -> None:
    """Write the JPEGs."""
    random = np.random.default_rng(11)
    folder.mkdir(parents=True)
    for number in range(1, images + 1):
        coarse = random.integers(0, 256, (30, 40, 3), dtype=np.uint8)
        pixels = cv2.resize(coarse, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / name_of(number)), pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])


def polygons(random: np.random.Generator, owners: np.ndarray, first: int) -> Iterator[dict[str, object]]:
    """Yield COCO annotations, one for each of the pictures `owners`."""
    many = len(owners)
    radius = random.uniform(5, 60, many)
    centres = random.uniform(radius + 1, _WIDTH - 1 - radius), random.uniform(radius + 1, _HEIGHT - 1 - radius)
    angles = np.linspace(0, 2 * np.pi, POINTS, endpoint=False)
    reach = radius[:, None] * random.uniform(0.6, 1, (many, POINTS))
    xs = np.round(centres[0][:, None] + np.cos(angles) * reach, 2)
    ys = np.round(centres[1][:, None] + np.sin(angles) * reach, 2)
    areas = np.abs((xs * np.roll(ys, -1, 1) - ys * np.roll(xs, -1, 1)).sum(1)) / 2
    x0, y0 = xs.min(1), ys.min(1)
    boxes = np.round(np.stack([x0, y0, xs.max(1) - x0, ys.max(1) - y0], 1), 2).tolist()
    rings = np.stack([xs, ys], 2).reshape(many, -1).tolist()
    classes = random.integers(1, CLASSES + 1, many)
    for at in range(many):
        yield {
            "id": first + at,
            "image_id": int(owners[at]),
            "category_id": int(classes[at]),
            "segmentation": [rings[at]],
            "bbox": boxes[at],
            "area": float(areas[at]),
            "iscrowd": 0,
        }


def add_pictures(database: Path, project_id: str, images: int) -> None:
    """Have the pictures in a project as rows alone, for imports of annotations without pixels."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    rows = [
        Image(
            id=key,
            project_id=project_id,
            name=name_of(number),
            width=_WIDTH,
            height=_HEIGHT,
            orientation=1,
            format="jpeg",
            bytes=40_000,
            sha256=f"{number:064x}",
            split="none",
            state="unlabeled",
            annotations=0,
            revision=0,
            created_at=time,
        )
        for number, key in enumerate(new_ids(images), start=1)
    ]
    with open_engine(f"sqlite:///{database}").connect().execution_options(**{WRITE: True}) as connection:
        ImageRepository(connection).bulk_insert((row, None) for row in rows)
        connection.commit()
