"""Training time and quality: wren-n beside Ultralytics YOLO11n, both from random weights on the blood cells.

    python benchmarks/bench_training.py [--epochs 30] [--seeds 1] [--keep best.pt]

205 training pictures at 320 pixels; val selects, test is read once at the end, by the same COCO evaluation for both.
Each trains twice: with two torch threads, and as it is shipped (its own choice of threads). Ultralytics (AGPL-3.0) is
installed apart, only for this comparison; `--keep` saves its weights for bench_predict.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

import rivals
from bccd_data import CLASSES, write_bccd
from bccd_train import DATA, in_child
from boxwright.domain.detections import Detections
from boxwright.domain.manifest import ManifestClass
from boxwright.ml.data.samples import Sample, read_dataset
from boxwright.ml.metrics.coco import Found, box_metrics
from measuring import keep, run, table

SIZE = 320
SPLITS = ("train", "val", "test")
TRAIN = """
import json, os, sys
from pathlib import Path
folder, epochs, threads, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
import torch
from ultralytics import YOLO
import ultralytics.utils.torch_utils as utils
if threads:
    utils.NUM_THREADS = threads
    torch.set_num_threads(threads)
    keep = torch.set_num_threads
    torch.set_num_threads = lambda _: keep(threads)
model = YOLO("yolo11n.yaml")
model.train(data=str(folder / "data.yaml"), epochs=epochs, imgsz=320, device="cpu", seed=seed, workers=2,
            project=str(folder / "runs"), name="run", pretrained=False, verbose=False, plots=False, exist_ok=True)
best = YOLO(str(folder / "runs" / "run" / "weights" / "best.pt"))
found = {}
for path in sorted((folder / "test" / "images").iterdir()):
    boxes = best.predict(str(path), imgsz=320, conf=0.001, iou=0.6, max_det=300, verbose=False)[0].boxes
    found[path.stem] = [boxes.xyxy.tolist(), boxes.conf.tolist(), boxes.cls.tolist()]
(folder / "found.json").write_text(json.dumps(found))
"""


class Run(NamedTuple):
    """What one training took, and how good it became."""

    wall: float
    processor: float
    map50: float
    map50_95: float


def write_yolo(manifest: Path, folder: Path) -> list[Sample]:
    """Write the dataset as Ultralytics reads it; returns the samples of the test split."""
    _, parts = read_dataset(manifest, SPLITS)
    for split, samples in zip(SPLITS, parts, strict=True):
        for name in ("images", "labels"):
            (folder / split / name).mkdir(parents=True)
        for sample in samples:
            shutil.copy(str(sample.path), folder / split / "images" / sample.name)
            lines = []
            for label, (x0, y0, x1, y1) in zip(sample.labels, sample.boxes, strict=True):
                values = ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)
                sides = (sample.width, sample.height) * 2
                lines.append(f"{label} " + " ".join(f"{v / side:.6f}" for v, side in zip(values, sides, strict=True)))
            (folder / split / "labels" / f"{Path(sample.name).stem}.txt").write_text("\n".join(lines) + "\n")
    names = "\n".join(f"  {index}: {name}" for index, name in enumerate(CLASSES))
    (folder / "data.yaml").write_text(f"path: {folder}\ntrain: train/images\nval: val/images\nnames:\n{names}\n")
    return parts[SPLITS.index("test")]


def theirs(python: Path, epochs: int, threads: int, seed: int, weights: Path | None) -> Run:
    """Train YOLO11n once; `threads` 0 leaves the choice to Ultralytics."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_bccd(DATA, folder / "manifest.jsonl")
        test = write_yolo(folder / "manifest.jsonl", folder)
        cost = run([python, "-c", TRAIN, folder, str(epochs), str(threads), str(seed)], cwd=folder)
        found = json.loads((folder / "found.json").read_text())
        if weights is not None:
            shutil.copy(folder / "runs" / "run" / "weights" / "best.pt", weights)
    results = []
    for sample in test:
        boxes, scores, labels = found[Path(sample.name).stem]
        columns = np.asarray(boxes, np.float32).reshape(-1, 4), np.asarray(scores, np.float32)
        results.append(Found(sample, Detections(*columns, np.asarray(labels, np.int64))))
    classes = tuple(ManifestClass(id=name.lower(), name=name) for name in CLASSES)
    metrics = box_metrics(classes, results)
    return Run(cost.wall, cost.processor, metrics.map50 or 0.0, metrics.map50_95 or 0.0)


def ours(epochs: int, threads: int, seed: int) -> Run:
    """Train wren-n once; `threads` 0 is the default."""
    hyper = {"epochs": epochs, "image_size": SIZE, "seed": seed, **({"threads": threads} if threads else {})}
    found = in_child(hyper)
    names = ("wall_seconds", "processor_seconds", "test_map50", "test_map50_95")
    return Run(*(float(str(found[name])) for name in names))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit("this benchmark needs the shared data `bccd`")
    python = rivals.python("ultralytics")
    runs: dict[str, list[Run]] = {}
    for seed in range(given.seeds):
        for threads, label in ((2, "two torch threads"), (0, "as shipped")):
            runs.setdefault(f"wren-n, {label}", []).append(ours(given.epochs, threads, seed))
            if python:
                keep_now = given.keep.resolve() if given.keep else None
                found = theirs(python, given.epochs, threads, seed, keep_now)
                runs.setdefault(f"YOLO11n, {label}", []).append(found)
    report(runs, given.epochs, given.seeds)


def report(runs: dict[str, list[Run]], epochs: int, seeds: int) -> None:
    """Print and keep the table."""
    middle = {label: map(statistics.median, zip(*found, strict=True)) for label, found in runs.items()}
    rows = [[label, *found] for label, found in middle.items()]
    head = ("", "wall s", "processor s", "test mAP50", "test mAP50-95")
    what = f"BCCD, 205 training pictures, {epochs} epochs at {SIZE} px, median of {seeds}"
    record = {label: [item._asdict() for item in found] for label, found in runs.items()}
    keep("bench_training", f"{what}\n\n{table(head, rows)}", record)


if __name__ == "__main__":
    main()
