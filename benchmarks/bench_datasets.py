"""Import and export of 5,000 images with 37,000 objects: time and memory, beside datumaro.

    python benchmarks/bench_datasets.py [--images 5000] [--rounds 3]

The dataset is made here: 640 x 480 JPEGs of about 40 kB and COCO polygons of 20 points, as many an image as val2017
has. Boxwright imports through its command line into a new SQLite project: every file is hashed, decoded once, stored
durably; that of its server is part of the memory. Datumaro reads the annotations and saves a project of its own with
copies of the images; its images are not opened. Exports are written with images by both.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

import rivals
from measuring import Cost, keep, run, table

OBJECTS_AN_IMAGE = 7.4
FORMATS = ("coco", "yolo", "voc")
READ = """
import sys, datumaro
dataset = datumaro.Dataset.import_from(sys.argv[1], "coco_instances")
assert len(dataset) == int(sys.argv[2]), len(dataset)
if sys.argv[3:]:
    dataset.export(sys.argv[3], sys.argv[4], save_media=True)
"""


def make(folder: Path, images: int) -> int:
    """Write the dataset; returns the number of objects."""
    random = np.random.default_rng(7)
    pictures = folder / "images" / "val"
    pictures.mkdir(parents=True)
    (folder / "annotations").mkdir()
    records, objects = [], []
    for number in range(1, images + 1):
        coarse = random.integers(0, 256, (30, 40, 3), dtype=np.uint8)
        pixels = cv2.resize(coarse, (640, 480), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(pictures / f"{number:012d}.jpg"), pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])
        records.append({"id": number, "file_name": f"{number:012d}.jpg", "width": 640, "height": 480})
        for _ in range(random.poisson(OBJECTS_AN_IMAGE)):
            objects.append(polygon(random, len(objects) + 1, number))
    categories = [{"id": index, "name": f"class {index}"} for index in range(1, 81)]
    document = {"images": records, "annotations": objects, "categories": categories}
    (folder / "annotations" / "instances_val.json").write_text(json.dumps(document))
    return len(objects)


def polygon(random: np.random.Generator, number: int, image: int) -> dict[str, object]:
    """Return a COCO annotation: a star-shaped polygon of 20 points."""
    radius = random.uniform(5, 60)
    centre = random.uniform((radius + 1, radius + 1), (639 - radius, 479 - radius))
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    reach = radius * random.uniform(0.6, 1, 20)
    points = centre + np.stack([np.cos(angles), np.sin(angles)], 1) * reach[:, None]
    low, high = points.min(0), points.max(0)
    area = abs(np.dot(points[:, 0], np.roll(points[:, 1], 1)) - np.dot(points[:, 1], np.roll(points[:, 0], 1))) / 2
    return {
        "id": number,
        "image_id": image,
        "category_id": int(random.integers(1, 81)),
        "segmentation": [[round(float(value), 2) for value in points.ravel()]],
        "bbox": [round(float(value), 2) for value in (*low, *(high - low))],
        "area": float(area),
        "iscrowd": 0,
    }


def ours(dataset: Path, folder: Path) -> dict[str, Cost]:
    """Import and export with Boxwright, each as one command."""
    data = folder / "data"

    def boxwright(*arguments: str | Path) -> Cost:
        return run([sys.executable, "-m", "boxwright", *arguments, "--data", data, "--json"])

    boxwright("project", "create", "bench")
    found = {"import": boxwright("import", dataset, "--project", "bench", "--format", "coco")}
    for name in FORMATS:
        found[f"export {name}"] = boxwright("export", "--project", "bench", "--format", name, "--out", folder / "x.zip")
    return found


def theirs(python: Path, dataset: Path, folder: Path, images: int) -> dict[str, Cost]:
    """The same with datumaro; `read` is reading alone, which every export includes."""
    command: list[str | Path] = [python, "-W", "ignore", "-c", READ, dataset, str(images)]
    found = {"read": run(command), "import": run([*command, folder / "stored", "datumaro"])}
    for name in FORMATS:
        found[f"export {name}"] = run([*command, folder / name, name])
    return found


def medians(rounds: list[dict[str, Cost]]) -> dict[str, Cost]:
    """Return the median of each figure."""
    return {
        step: Cost(
            *(statistics.median(getattr(found[step], part) for found in rounds) for part in Cost.__annotations__)
        )
        for step in rounds[0]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    datumaro = rivals.python("datumaro")
    mine, other = [], []
    with tempfile.TemporaryDirectory() as name:
        dataset = Path(name) / "coco"
        objects = make(dataset, given.images)
        # In turn, so that a change of the machine's mood meets both.
        for _ in range(given.rounds):
            for measure, into in (
                (lambda at: ours(dataset, at), mine),
                (lambda at: both(datumaro, dataset, at, given.images), other),
            ):
                folder = Path(name) / "work"
                folder.mkdir()
                into.append(measure(folder))
                shutil.rmtree(folder)
    report(medians(mine), medians(other) if datumaro else {}, given.images, objects)


def both(datumaro: Path | None, dataset: Path, folder: Path, images: int) -> dict[str, Cost]:
    """Measure datumaro where it is installed."""
    return theirs(datumaro, dataset, folder, images) if datumaro else {}


def report(mine: dict[str, Cost], other: dict[str, Cost], images: int, objects: int) -> None:
    """Print and keep the table."""
    rows: list[list[object]] = []
    for step in ("read", *mine):
        for who, found in (("Boxwright", mine.get(step)), ("datumaro", other.get(step))):
            if found:
                rows.append([step, who, found.wall, found.processor, found.memory])
    head = ("step", "", "wall s", "processor s", "largest process MiB")
    text = f"{images} images, {objects} polygons, medians\n\n{table(head, rows)}"
    as_json = {
        who: {step: vars(cost) for step, cost in found.items()}
        for who, found in (("boxwright", mine), ("datumaro", other))
    }
    keep("bench_datasets", text, as_json)


if __name__ == "__main__":
    main()
