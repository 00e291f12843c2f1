"""Training: wren-n beside Ultralytics YOLO11n, both from random weights, on the blood cells and the playing cards.

    make bench-train                                     the whole comparison, three seeds: about four hours
    python benchmarks/bench_training.py                  one seed
    python benchmarks/bench_training.py --sets bccd --threads 2 --keep best.pt

320 pixels; val selects, test is read once at the end, all by the same COCO evaluation. Each trains with two torch
threads, and as it is shipped (its own choice of threads). The curves are val mAP50-95 of the averaged weights after
each epoch, against seconds on the wall and of processor time since the process began; measuring YOLO11n's epochs
happens after its training and is not counted. Ultralytics (AGPL-3.0) is installed apart, only for this comparison;
`--keep` saves its weights for bench_predict. What was measured before with the same settings is not measured again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import rivals
from bccd_data import write_bccd
from bccd_train import DATA, Printed
from boxwright.domain.detections import Detections
from boxwright.domain.manifest import ManifestHeader
from boxwright.ml.data.samples import Sample, read_dataset
from boxwright.ml.metrics.coco import Found, box_metrics
from cards_data import write_cards
from measuring import RESULTS, keep, processor_of, table

SIZE = 320
NAME = "bench_training"
SPLITS = ("train", "val", "test")
SETS: dict[str, tuple[Path, Callable[[Path, Path], int]]] = {
    "bccd": (DATA, write_bccd),
    "cards": (DATA.parent / "playing_cards", write_cards),
}
THREADS = {2: "two torch threads", 0: "as shipped"}
TRAIN = """
import json, os, shutil, sys, time
begin = time.monotonic()
from pathlib import Path
folder, epochs, threads, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
sys.path.insert(0, sys.argv[5])
from measuring import processor_of
import torch
from ultralytics import YOLO
import ultralytics.utils.torch_utils as utils
if threads:
    utils.NUM_THREADS = threads
    torch.set_num_threads(threads)
    keep = torch.set_num_threads
    torch.set_num_threads = lambda _: keep(threads)
weights, marks = folder / "runs" / "run" / "weights", []

def note(trainer):
    if not marks or marks[-1][0] != trainer.epoch + 1:
        marks.append((trainer.epoch + 1, time.monotonic() - begin, processor_of(os.getpid())))
        shutil.copy(weights / "last.pt", weights / f"{trainer.epoch + 1}.pt")

def find(model, split):
    found = {}
    for path in sorted((folder / split / "images").iterdir()):
        boxes = model.predict(str(path), imgsz=320, conf=0.001, iou=0.6, max_det=300, verbose=False)[0].boxes
        found[path.stem] = [boxes.xyxy.tolist(), boxes.conf.tolist(), boxes.cls.tolist()]
    return found

model = YOLO("yolo11n.yaml")
model.add_callback("on_model_save", note)
model.train(data=str(folder / "data.yaml"), epochs=epochs, imgsz=320, device="cpu", seed=seed, workers=2,
            project=str(folder / "runs"), name="run", pretrained=False, verbose=False, plots=False, exist_ok=True)
end = time.monotonic() - begin, processor_of(os.getpid())
curve = [[wall, used, find(YOLO(weights / f"{epoch}.pt"), "val")]
         for epoch, wall, used in marks if epoch % 2 == 0 or epoch == epochs]
best = find(YOLO(weights / "best.pt"), "test")
(folder / "found.json").write_text(json.dumps({"curve": curve, "test": best, "end": end}))
"""


class Spent(NamedTuple):
    """Seconds since a training began."""

    wall: float
    processor: float


class Point(NamedTuple):
    """A point of a curve: mAP50-95 on val."""

    spent: Spent
    value: float


class Run(NamedTuple):
    """What one training took, how good it became on test, and how it came there."""

    spent: Spent
    map50: float
    map50_95: float
    curve: list[Point]

    def at(self, seconds: float, kind: int) -> float:
        """Return the best value on val up to then; `kind` is a column of Spent."""
        return max((point.value for point in self.curve if point.spent[kind] <= seconds), default=0.0)

    def when(self, value: float, kind: int) -> float:
        """Return the seconds until val reached a value."""
        return next((point.spent[kind] for point in self.curve if point.value >= value), float("inf"))


class Curve(Printed):
    """A task context that notes the validations."""

    def __init__(self, workdir: Path, begin: float) -> None:
        super().__init__(workdir)
        self.begin = begin
        self.points: list[Point] = []

    def metric(self, step: int, values: Mapping[str, float]) -> None:  # noqa: ARG002
        """Note the validation of an epoch."""
        if "val/map50_95" in values:
            self.points.append(Point(spent_since(self.begin), values["val/map50_95"]))


def spent_since(begin: float) -> Spent:
    """Return what this process and its children spent."""
    return Spent(time.monotonic() - begin, processor_of(os.getpid()))


def child(name: str, hyper: Mapping[str, object], folder: Path) -> None:
    """Train wren-n once in this process and print one line of JSON."""
    begin = time.monotonic()
    from boxwright.ml.tasks import train

    source, write = SETS[name]
    write(source, folder / "manifest.jsonl")
    context = Curve(folder, begin)
    params = {"manifest": str(folder / "manifest.jsonl"), "architecture": "wren-n", "hyper": hyper, "weights": None}
    test: Any = train.run(params, context)["metrics"]["test"]  # type: ignore[arg-type, index]
    print(json.dumps(Run(spent_since(begin), test["map50"], test["map50_95"], context.points)))


def ours(name: str, epochs: int, threads: int, seed: int) -> Run:
    """Train wren-n once in a fresh process; `threads` 0 is the default."""
    # Both know nothing at the start: what starter weights are worth is measured by bench_ablation.
    hyper = {"epochs": epochs, "image_size": SIZE, "seed": seed, "threads": threads, "start": "random"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", folder, "--sets", name, "--hyper", json.dumps(hyper)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return run_of(json.loads(done.stdout.splitlines()[-1]))


def theirs(python: Path, name: str, epochs: int, threads: int, seed: int, weights: Path | None) -> Run:
    """Train YOLO11n once; `threads` 0 leaves the choice to Ultralytics."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, write = SETS[name]
        write(source, folder / "manifest.jsonl")
        header, parts = read_dataset(folder / "manifest.jsonl", SPLITS)
        write_yolo(header, parts, folder)
        given = [folder, epochs, threads, seed, Path(__file__).parent]
        command = [str(python), "-c", TRAIN, *map(str, given)]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = json.loads((folder / "found.json").read_text())
        if weights is not None:
            shutil.copy(folder / "runs" / "run" / "weights" / "best.pt", weights)
    curve = [Point(Spent(wall, used), scored(header, parts[1], seen)[1]) for wall, used, seen in found["curve"]]
    return Run(Spent(*found["end"]), *scored(header, parts[2], found["test"]), curve)


def write_yolo(header: ManifestHeader, parts: Sequence[Sequence[Sample]], folder: Path) -> None:
    """Write the dataset as Ultralytics reads it."""
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
    names = "\n".join(f"  {index}: {item.name}" for index, item in enumerate(header.classes))
    (folder / "data.yaml").write_text(f"path: {folder}\ntrain: train/images\nval: val/images\nnames:\n{names}\n")


def scored(header: ManifestHeader, samples: Sequence[Sample], found: Mapping[str, Any]) -> tuple[float, float]:
    """Return mAP50 and mAP50-95 of boxes, scores and classes by the name of the picture."""
    results = []
    for sample in samples:
        boxes, scores, labels = found[Path(sample.name).stem]
        columns = np.asarray(boxes, np.float32).reshape(-1, 4), np.asarray(scores, np.float32)
        results.append(Found(sample, Detections(*columns, np.asarray(labels, np.int64))))
    metrics = box_metrics(header.classes, results)
    return metrics.map50 or 0.0, metrics.map50_95 or 0.0


def run_of(value: Sequence[Any]) -> Run:
    """Return a run from its JSON."""
    spent, map50, map50_95, curve = value
    return Run(Spent(*spent), map50, map50_95, [Point(Spent(*point[0]), point[1]) for point in curve])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=30, help="of wren-n")
    parser.add_argument("--their-epochs", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--threads", nargs="+", type=int, choices=THREADS, default=list(THREADS))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--hyper", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.sets[0], given.hyper, given.child)
        return
    if not all(source.is_dir() for source, _ in SETS.values()):
        raise SystemExit("this benchmark needs the shared data `bccd` and `playing_cards`")
    python = rivals.python("ultralytics")
    settings = {"epochs": given.epochs, "their_epochs": given.their_epochs}
    runs = earlier(settings)
    for seed, name, threads in itertools.product(range(given.seeds), given.sets, given.threads):
        todo = {"wren-n": partial(ours, name, given.epochs, threads, seed)}
        if python:
            kept = given.keep.resolve() if given.keep else None
            todo["YOLO11n"] = partial(theirs, python, name, given.their_epochs, threads, seed, kept)
        for network, train in todo.items():
            known = runs.setdefault(f"{name}, {THREADS[threads]}", {}).setdefault(network, {})
            if str(seed) not in known:
                known[str(seed)] = train()
                report(runs, settings)


def earlier(settings: Mapping[str, int]) -> dict[str, dict[str, dict[str, Run]]]:
    """Return what was measured before with the same settings."""
    path = RESULTS / f"{NAME}.json"
    record = json.loads(path.read_text()) if path.exists() else {}
    if record.get("settings") != dict(settings):
        return {}
    return {
        place: {network: {seed: run_of(run) for seed, run in found.items()} for network, found in networks.items()}
        for place, networks in record["runs"].items()
    }


def report(runs: Mapping[str, Mapping[str, Mapping[str, Run]]], settings: Mapping[str, int]) -> None:
    """Print and keep the tables."""
    rows: list[list[object]] = []
    for place, networks in runs.items():
        for network, found in networks.items():
            figures = zip(*[(*run.spent, run.map50, run.map50_95) for run in found.values()], strict=True)
            rows.append([place, network, len(found), *map(statistics.median, figures)])
    head = ("", "network", "seeds", "wall s", "processor s", "test mAP50", "test mAP50-95")
    epochs = f"{settings['epochs']} epochs of wren-n, {settings['their_epochs']} of YOLO11n"
    what = f"From random weights at {SIZE} px, {epochs}, medians"
    curves = [curve_table(place, networks) for place, networks in runs.items()]
    keep(NAME, "\n\n".join([what, table(head, rows), *curves]), {"settings": settings, "runs": runs})


def curve_table(place: str, networks: Mapping[str, Mapping[str, Run]]) -> str:
    """Return the curves of a comparison, the best on val so far, and what they say."""
    end = max(run.spent.wall for found in networks.values() for run in found.values())
    marks = [seconds for seconds in (15, 30, 60, 90, 120, 180, 240, 360, 480, 720) if seconds < end]
    rows = []
    for network, found in networks.items():
        for kind, name in enumerate(Spent._fields):
            values = [statistics.median(run.at(mark, kind) for run in found.values()) for mark in marks]
            rows.append([f"{network}, {name}", *(f"{value:.3f}" for value in values)])
    lines = [f"{place}: best mAP50-95 on val until", table(("", *(f"{mark} s" for mark in marks)), rows)]
    mine, other = networks.get("wren-n", {}), networks.get("YOLO11n", {})
    pairs = [(mine[seed], other[seed]) for seed in mine if seed in other]
    for kind, name in enumerate(Spent._fields if pairs else ()):
        lead = statistics.median(least_lead(a, b, kind) for a, b in pairs)
        share = statistics.median(a.when(b.at(b.spent[kind], kind), kind) / b.spent[kind] for a, b in pairs)
        lines.append(
            f"By {name} time, from 60 s to YOLO11n's end wren-n is ahead by at least {lead:.3f}, "
            f"and reaches its final figure in {share:.2f} of its time."
        )
    return "\n\n".join(lines)


def least_lead(mine: Run, other: Run, kind: int) -> float:
    """Return the least by which the first is ahead from 60 s until the second ends."""
    return min(mine.at(at, kind) - other.at(at, kind) for at in np.arange(60, max(61, other.spent[kind]), 5))


if __name__ == "__main__":
    main()
