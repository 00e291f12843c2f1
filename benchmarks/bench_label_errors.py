"""How well likely label errors are found: blood cells with known errors put in, a short training on them, the check.

    python benchmarks/bench_label_errors.py                2.5 % each dropped, of a wrong class, shifted, made up
    python benchmarks/bench_label_errors.py --keep DIR     keep what was trained and found there, and go on from it

The training, from starter weights and as short as a person would wait for, learns from the labels with the errors, as
it would in truth. Then all images are checked. Errors of the training split are counted apart: a model agrees with what
it has learned. Figures are average precision and precision among the first k by kind; the set has label errors of its
own, which count as wrong here.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bccd_data import write_bccd
from bccd_train import DATA, Printed
from boxwright.domain.doubting import Judge, Marked, Spotted
from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, read_header, read_records, write_manifest
from measuring import keep, table

SHARE = 0.025
# As the service has them.
LEAST, FLOOR = 0.05, 0.2


@dataclass(frozen=True)
class Planted:
    """An error that was put in: on which image, of which kind, where, and on which annotation (none: dropped)."""

    image: str
    split: str
    kind: str
    box: tuple[float, ...]
    id: str | None


@dataclass(frozen=True)
class Suspected:
    """What the check lists: where the model sees something, and the annotation that it doubts."""

    image: str
    split: str
    kind: str
    score: float
    box: tuple[float, ...] | None
    id: str | None

    def is_about(self, item: Planted) -> bool:
        """Tell whether this is the error that was put in."""
        if item.image != self.image:
            return False
        if item.id is None:
            return self.box is not None and overlap(self.box, item.box) >= 0.5
        return item.id == self.id


def spoil(records: Iterable[ImageRecord], classes: int, seed: int) -> tuple[list[ImageRecord], list[Planted]]:
    """Drop, relabel and shift a share of the objects each, and add as many that are nothing."""
    random = np.random.default_rng(seed)
    spoiled, planted = [], []
    for record in records:
        kept = []
        for truth in record.annotations:
            item = truth
            luck = random.random()
            box = tuple(item.geometry.bounds)
            if luck < SHARE:
                planted.append(Planted(record.id, record.split, "missing", box, None))
                continue
            if luck < 2 * SHARE:
                other = int((item.class_index + 1 + random.integers(classes - 1)) % classes)
                item = replace(item, class_index=other)
                planted.append(Planted(record.id, record.split, "class", box, item.id))
            elif luck < 3 * SHARE:
                item = replace(item, geometry=shifted(item.geometry, record, random))
                planted.append(Planted(record.id, record.split, "box", box, item.id))
            kept.append(item)
            if random.random() < SHARE:
                false = nowhere(item, record, random, len(kept))
                if false is not None:
                    planted.append(Planted(record.id, record.split, "spurious", tuple(false.geometry.bounds), false.id))
                    kept.append(false)
        spoiled.append(replace(record, annotations=tuple(kept)))
    return spoiled, planted


def shifted(shape: Any, record: ImageRecord, random: np.random.Generator) -> Box:
    """Return a box of which each side is moved by up to a quarter, so that it overlaps the true one by 0.5 to 0.8."""
    x0, y0, x1, y1 = shape.bounds
    w, h = x1 - x0, y1 - y0
    for _ in range(200):
        dx0, dy0, dx1, dy1 = random.uniform(-0.25, 0.25, 4)
        new = (max(0.0, x0 + dx0 * w), max(0.0, y0 + dy0 * h),
               min(float(record.width), x1 + dx1 * w), min(float(record.height), y1 + dy1 * h))  # fmt: skip
        if 0.5 < overlap(new, (x0, y0, x1, y1)) < 0.75:
            break
    return Box(x0=new[0], y0=new[1], x1=new[2], y1=new[3])


def nowhere(item: Labelled, record: ImageRecord, random: np.random.Generator, number: int) -> Labelled | None:
    """Return a copy of an object where nothing is, None where the image is full."""
    x0, y0, x1, y1 = item.geometry.bounds
    w, h = x1 - x0, y1 - y0
    for _ in range(50):
        x, y = random.uniform(0, max(1, record.width - w)), random.uniform(0, max(1, record.height - h))
        box = (x, y, min(x + w, record.width), min(y + h, record.height))
        if all(overlap(box, other.geometry.bounds) < 0.05 for other in record.annotations):
            return replace(
                item, id=f"{item.id}-false-{number}", geometry=Box(x0=box[0], y0=box[1], x1=box[2], y1=box[3])
            )
    return None


def overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the IoU of two boxes."""
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    inner = max(0.0, w) * max(0.0, h)
    return inner / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inner)


def trained(folder: Path, manifest: Path, hyper: Mapping[str, object]) -> float:
    """Train, unless that was done before; return the seconds."""
    from boxwright.ml.tasks import train

    begin = time.monotonic()
    if not (folder / "card.json").exists():
        params = {"manifest": str(manifest), "architecture": "wren-n", "weights": None,
                  "hyper": {"threads": 2, "seed": 0, **hyper}}  # fmt: skip
        train.run(params, Printed(folder))  # type: ignore[arg-type]
    return time.monotonic() - begin


def predicted(folder: Path, records: Sequence[ImageRecord]) -> float:
    """Detect on all images as the job does; return the seconds."""
    from boxwright.ml.tasks import predict

    begin = time.monotonic()
    card = json.loads((folder / "card.json").read_text())
    params = {"model": str(folder / "model.onnx"), "card": card, "score_threshold": 0.02,
              "images": [{"id": item.id, "path": item.path} for item in records]}  # fmt: skip
    predict.run(params, Printed(folder))  # type: ignore[arg-type]
    return time.monotonic() - begin


def suspected(folder: Path, records: Sequence[ImageRecord]) -> list[Suspected]:
    """Judge all images as the service does; return what it would list, the most likely first."""
    card = json.loads((folder / "card.json").read_text())
    judge = Judge([item["threshold"] or card["score_threshold"] for item in card["classes"]])
    with (folder / "detections.jsonl").open() as lines:
        found = {item["id"]: item["detections"] for item in map(json.loads, lines)}
    cases = []
    for record in records:
        rows = [row for row in found[record.id] if row["score"] >= LEAST]
        marks = record.annotations
        boxes = np.array([item.geometry.bounds for item in marks], np.float64).reshape(-1, 4)
        labels = np.array([item.class_index for item in marks], np.int64)
        spotted = Spotted(
            np.array([row["box"] for row in rows], np.float64).reshape(-1, 4),
            np.array([row["class_id"] for row in rows], np.int64),
            np.array([row["score"] for row in rows], np.float64),
        )
        doubts = judge.look(Marked(boxes, labels, np.zeros(len(marks), bool)), spotted)
        cases += [(doubt, record, marks, rows) for doubt in doubts]
    scored = [
        Suspected(
            record.id,
            record.split,
            doubt.kind,
            float(judge.score(doubt)),
            None if doubt.find is None else tuple(rows[doubt.find]["box"]),
            None if doubt.mark is None else marks[doubt.mark].id,
        )
        for doubt, record, marks, rows in cases
    ]
    return sorted((one for one in scored if one.score >= FLOOR), key=lambda one: -one.score)


def figures(listed: Sequence[Suspected], planted: Sequence[Planted]) -> list[str | int]:
    """Return how many were put in and listed, what share of them is listed, AP, precision at 10 and at k = put in."""
    free, hits = list(planted), []
    for one in listed:
        match = next((item for item in free if one.is_about(item)), None)
        hits.append(match is not None)
        if match is not None:
            free.remove(match)
    right = np.array(hits, float)
    precision = right.cumsum() / np.arange(1, len(right) + 1)
    k = len(planted)
    values = (right.sum() / k, (precision * right).sum() / k, right[:10].mean(), right[:k].mean())
    return [k, len(listed), *(f"{value:.2f}" for value in values)]


def report(folder: Path, records: Sequence[ImageRecord], planted: Sequence[Planted]) -> tuple[str, list[list[Any]]]:
    """Return the table, and its rows."""
    listed = suspected(folder, records)
    rows = []
    for kind in ("missing", "spurious", "class", "box"):
        for name, splits in (("new", ("val", "test")), ("learned from", ("train",))):
            mine = [one for one in listed if one.kind == kind and one.split in splits]
            truth = [one for one in planted if one.kind == kind and one.split in splits]
            rows.append([kind, name, *figures(mine, truth)])
    head = ("kind", "images", "put in", "listed", "recall", "AP", "precision at 10", "precision at k")
    return table(head, rows), rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for what is trained and found")
    parser.add_argument("--note", default="", help="words for the result")
    given = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit("this benchmark needs the shared data `bccd`")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        whole, manifest = folder / "whole.jsonl", folder / "manifest.jsonl"
        write_bccd(DATA, whole)
        header = read_header(whole)
        records, planted = spoil(read_records(whole), len(header.classes), given.seed)
        write_manifest(manifest, header, records)
        trained(folder, manifest, {"epochs": given.epochs, "image_size": 320})
        predicted(folder, records)
        text, rows = report(folder, records, planted)
    objects = sum(len(item.annotations) for item in records)
    words = given.note or f"wren-n from starter weights, {given.epochs} epochs at 320 pixels on the spoiled labels"
    said = f"bccd, {len(records)} images, {objects} objects, {len(planted)} errors put in. {words}\n\n{text}"
    keep("bench_label_errors", said, {"note": words, "objects": objects, "errors": len(planted), "rows": rows})


if __name__ == "__main__":
    main()
