"""The playing cards of the shared test data (CSV beside photos) as a manifest, split here: it brings no splits."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, write_manifest

CLASSES = ("nine", "ten", "jack", "queen", "king", "ace")
PARTS = (("train", 0.6), ("val", 0.8), ("test", 1.0))


def write_cards(folder: Path, manifest: Path) -> int:
    """Write the manifest of `folder` and return the number of pictures; 60 % are `train`, 20 % `val`, 20 % `test`."""
    rows = defaultdict(list)
    with (folder / "train_labels.csv").open() as file:
        for row in csv.DictReader(file):
            rows[row["filename"]].append(row)
    names = sorted(rows)
    order = np.random.default_rng(0).permutation(len(names))
    records = []
    for place, index in enumerate(order):
        split = next(name for name, end in PARTS if place < end * len(names))
        records.append(_record(folder, names[index], rows[names[index]], split))
    header = ManifestHeader(name="cards", classes=tuple(ManifestClass(id=name, name=name) for name in CLASSES))
    return write_manifest(manifest, header, records)


def _record(folder: Path, name: str, rows: list[dict[str, str]], split: str) -> ImageRecord:
    labels = []
    for row in rows:
        x0, y0, x1, y1 = (float(row[side]) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = Box(x0=x0, y0=y0, x1=x1, y1=y1)
        labels.append(Labelled(class_index=CLASSES.index(row["class"]), geometry=box, id=f"{name}-{len(labels)}"))
    return ImageRecord(
        id=name,
        name=name,
        width=int(rows[0]["width"]),
        height=int(rows[0]["height"]),
        annotations=tuple(labels),
        split=split,  # type: ignore[arg-type]
        state="labeled",
        path=str(folder / "train" / name),
    )
