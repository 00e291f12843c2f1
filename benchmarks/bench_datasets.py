"""Import and export of datasets: time and memory, beside datumaro and Label Studio.

    python benchmarks/bench_datasets.py [--images 5000] [--rounds 3] [--large]

Two datasets of COCO polygons of 20 points, as many an image as val2017 has: 5,000 images with 37,000 objects, with
640 x 480 JPEGs of about 40 kB and again as annotations alone; and, with `--large`, 118,000 images with 860,000 objects,
as annotations alone. Boxwright imports through its command line into a new SQLite project: every file is hashed,
decoded once, stored durably; the start of its server is part of every figure. Annotations alone are imported onto
pictures that the project has. Datumaro reads the annotations and saves a project of its own with copies of the images;
its images are not opened. Label Studio takes and gives the same objects through its API and opens no images either.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

import rivals
from bench_server import answers, checked, clients, label_studio_settings, serving
from measuring import Cost, keep, processor_of, run, table
from polygons_data import CLASSES, add_pictures, make

FORMATS = ("coco", "yolo", "voc")
LARGE, LARGE_OBJECTS = 118_000, 7.29
READ = """
import sys, datumaro
dataset = datumaro.Dataset.import_from(sys.argv[1], "coco_instances")
assert len(dataset) == int(sys.argv[2]), len(dataset)
if sys.argv[3:]:
    dataset.export(sys.argv[3], sys.argv[4], save_media=len(sys.argv) > 5)
"""


def ours(dataset: Path, folder: Path, formats: tuple[str, ...] = FORMATS) -> dict[str, Cost]:
    """Import and export with pictures, each as one command of Boxwright."""
    data = folder / "data"
    boxwright(data, "project", "create", "bench")
    found = {"import": boxwright(data, "import", dataset, "--project", "bench", "--format", "coco")}
    for name in formats:
        found[f"export {name}"] = export(data, name, folder)
    return found


def ours_alone(dataset: Path, folder: Path, images: int) -> dict[str, Cost]:
    """The same with annotations alone, onto pictures that the project has."""
    data = folder / "alone"
    boxwright(data, "project", "create", "bench")
    with sqlite3.connect(data / "boxwright.db") as database:
        project = str(database.execute("SELECT id FROM projects").fetchone()[0])
    add_pictures(data / "boxwright.db", project, images)
    file = dataset / "annotations" / "instances_val.json"
    found = {"import alone": boxwright(data, "import", file, "--project", "bench", "--format", "coco")}
    for name in ("coco", "yolo"):
        found[f"export {name} alone"] = export(data, name, folder, "--no-images")
    return found


def boxwright(data: Path, *arguments: str | Path) -> Cost:
    """Run a command of Boxwright."""
    return run([sys.executable, "-m", "boxwright", *arguments, "--data", data, "--json"])


def export(data: Path, name: str, folder: Path, *more: str) -> Cost:
    """Export the project as a ZIP."""
    return boxwright(data, "export", "--project", "bench", "--format", name, "--out", folder / f"{name}.zip", *more)


def theirs(python: Path, dataset: Path, folder: Path, images: int, *, alone: bool = False) -> dict[str, Cost]:
    """The same with datumaro; `read` is reading alone, which every export includes."""
    command: list[str | Path] = [python, "-W", "ignore", "-c", READ, dataset, str(images)]
    found = {"read": run(command)}
    if not alone:
        found["import"] = run([*command, folder / "stored", "datumaro", "media"])
        for name in FORMATS:
            found[f"export {name}"] = run([*command, folder / name, name, "media"])
    for name in ("coco", "yolo"):
        found[f"export {name} alone"] = run([*command, folder / f"{name}-alone", name])
    return found


def label_studio(python: Path, dataset: Path, folder: Path) -> dict[str, Cost]:
    """The objects into Label Studio and out of it as COCO, through its API; the cost is that of its server."""
    token, base = secrets.token_hex(20), "http://127.0.0.1:18098"
    env = label_studio_settings(folder / "label-studio", token, secrets.token_hex(8))
    command: list[str | Path] = [python.with_name("label-studio"), "start", "--no-browser", "--port", "18098"]
    with serving(command, env, lambda: answers(base + "/health")) as (pid, _):
        http = clients(base + "/api", f"Token {token}", 1)[0]
        labels = "".join(f'<Label value="class {number}"/>' for number in range(1, CLASSES + 1))
        shape = f'<PolygonLabels name="label" toName="image">{labels}</PolygonLabels>'
        config = f'<View><Image name="image" value="$image"/>{shape}</View>'
        project = checked(http.post("/projects", json={"title": "bench", "label_config": config}))["id"]
        tasks = tasks_of(dataset)
        return {
            "import alone": served(pid, lambda: checked(http.post(f"/projects/{project}/import", json=tasks))),
            "export coco alone": served(pid, lambda: got(http, f"/projects/{project}/export?exportType=COCO")),
        }


def tasks_of(dataset: Path) -> list[dict[str, Any]]:
    """Return the dataset as Label Studio takes it."""
    document = json.loads((dataset / "annotations" / "instances_val.json").read_text())
    regions: dict[int, list[dict[str, Any]]] = {item["id"]: [] for item in document["images"]}
    for item in document["annotations"]:
        ring = item["segmentation"][0]
        points = [[x / 6.4, y / 4.8] for x, y in zip(ring[::2], ring[1::2], strict=True)]
        value = {"points": points, "polygonlabels": [f"class {item['category_id']}"]}
        kind = {"from_name": "label", "to_name": "image", "type": "polygonlabels"}
        size = {"original_width": 640, "original_height": 480, "image_rotation": 0}
        regions[item["image_id"]].append({**kind, **size, "value": value})
    return [
        {"data": {"image": f"/data/{number}.jpg"}, "annotations": [{"result": found}]}
        for number, found in regions.items()
    ]


def got(http: httpx.Client, address: str) -> None:
    """Fetch a file."""
    answer = http.get(address)
    if not answer.is_success:
        raise SystemExit(f"{address}: {answer.status_code} {answer.text[:300]}")


def served(pid: int, ask: Callable[[], object]) -> Cost:
    """Return what a request costs a server."""
    before, begin = processor_of(pid), time.perf_counter()
    ask()
    wall, used = time.perf_counter() - begin, processor_of(pid) - before
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return Cost(wall, used, peak / 1024)


def medians(rounds: list[dict[str, Cost]]) -> dict[str, Cost]:
    """Return the median of each figure."""
    return {
        step: Cost(
            *(statistics.median(getattr(found[step], part) for found in rounds) for part in Cost.__annotations__)
        )
        for step in rounds[0]
    }


def small(images: int, rounds: int) -> tuple[dict[str, dict[str, Cost]], int]:
    """Measure the small dataset, the products in turn, so that a change of the machine's mood meets all."""
    pythons = {name: rivals.python(name) for name in ("datumaro", "label-studio")}
    found: dict[str, list[dict[str, Cost]]] = {"Boxwright": [], "datumaro": [], "Label Studio": []}
    with tempfile.TemporaryDirectory() as name:
        dataset = Path(name) / "coco"
        objects = make(dataset, images)
        for _ in range(rounds):
            folder = Path(name) / "work"
            folder.mkdir()
            found["Boxwright"].append(ours(dataset, folder) | ours_alone(dataset, folder, images))
            if pythons["datumaro"]:
                found["datumaro"].append(theirs(pythons["datumaro"], dataset, folder, images))
            if pythons["label-studio"]:
                found["Label Studio"].append(label_studio(pythons["label-studio"], dataset, folder))
            shutil.rmtree(folder)
    return {who: medians(rounds) for who, rounds in found.items() if rounds}, objects


def large(images: int) -> tuple[dict[str, dict[str, Cost]], int]:
    """Measure the large dataset once."""
    datumaro = rivals.python("datumaro")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = folder / "coco"
        objects = make(dataset, images, LARGE_OBJECTS, pictures=False)
        (dataset / "images" / "val").mkdir(parents=True)  # datumaro wants the folder
        found = {"Boxwright": ours_alone(dataset, folder, images)}
        if datumaro:
            found["datumaro"] = theirs(datumaro, dataset, folder, images, alone=True)
    return found, objects


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="the large dataset instead, once")
    parser.add_argument("--large-images", type=int, default=LARGE)
    given = parser.parse_args()
    if given.large:
        found, objects = large(given.large_images)
        report("bench_datasets_large", found, f"{given.large_images} images, {objects} polygons, one run")
    else:
        found, objects = small(given.images, given.rounds)
        report("bench_datasets", found, f"{given.images} images, {objects} polygons, medians of {given.rounds}")


def report(name: str, found: dict[str, dict[str, Cost]], title: str) -> None:
    """Print and keep the table."""
    steps = dict.fromkeys(step for costs in reversed(found.values()) for step in costs)
    rows: list[list[object]] = [
        [step, who, costs[step].wall, costs[step].processor, costs[step].memory]
        for step in steps
        for who, costs in found.items()
        if step in costs
    ]
    head = ("step", "", "wall s", "processor s", "largest process MiB")
    as_json = {who: {step: vars(cost) for step, cost in costs.items()} for who, costs in found.items()}
    keep(name, f"{title}\n\n{table(head, rows)}", as_json)


if __name__ == "__main__":
    main()
