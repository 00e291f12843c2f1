"""How well similar images are found without a model of one's own, and what it costs.

    python benchmarks/bench_similar.py            the quality on real sets, then 118,000 vectors
    python benchmarks/bench_similar.py --quick    100 images of each set, 20,000 vectors

Three sets of the shared test data lie in one project: blood cells, playing cards, everyday photos. Counted is which
share of the 10 nearest of an image comes from its own set, and, within a set, how far the classes on an image agree
with those on its 10 nearest (intersection by union of the sets of classes), against images drawn by luck.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bccd_data import write_bccd
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import ImageRecord, read_records
from boxwright.media import decode_within
from boxwright.ml.selection.features import starter
from boxwright.ml.selection.index import Index, comparable, write_index
from boxwright.ml.selection.projection import project
from cards_data import write_cards
from coco_data import write_coco
from measuring import ROOT, keep, table

DATA = ROOT.parent / "shared" / "data"
SETS = (("bccd", write_bccd), ("playing_cards", write_cards), ("coco_permissive", write_coco))
NEAREST = 10
DIMENSIONS = 256


def records_of(folder: Path, most: int | None) -> dict[str, list[ImageRecord]]:
    """Return the images of each set."""
    found = {}
    for name, write in SETS:
        write(DATA / name, folder / f"{name}.jsonl")
        found[name] = list(islice(read_records(folder / f"{name}.jsonl"), most))
    return found


def looked(records: Sequence[ImageRecord], folder: Path) -> tuple[NDArray[np.float16], float]:
    """Return the vectors of all images, and the processor milliseconds an image."""
    network = starter(folder / "cut.onnx")
    begin = time.process_time()
    rows = [network.of(decode_within(Path(str(item.path)), network.within)[0]) for item in records]
    return np.asarray(rows, np.float16), 1000 * (time.process_time() - begin) / len(records)


def neighbours(vectors: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nearest of each row among the rows, itself left out."""
    cosines = vectors[rows] @ vectors[rows].T
    np.fill_diagonal(cosines, -np.inf)
    return rows[np.argsort(-cosines, 1)[:, :NEAREST]]


def agreement(records: Sequence[ImageRecord], rows: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    """Return how far the classes on images and on their others agree."""
    sets = [frozenset(label.class_index for label in item.annotations) for item in records]
    values = [
        len(sets[row] & sets[other]) / max(1, len(sets[row] | sets[other]))
        for row, line in zip(rows, others, strict=True)
        for other in line
    ]
    return float(np.mean(values))


def quality(folder: Path, most: int | None) -> tuple[list[list[object]], float, int]:
    """Return the rows of the table, the milliseconds an image, and the dimensions of a vector."""
    random = np.random.default_rng(0)
    found = records_of(folder, most)
    records = [item for items in found.values() for item in items]
    origin = np.repeat(np.arange(len(found)), [len(items) for items in found.values()])
    raw, cost = looked(records, folder)
    vectors = comparable(raw).vectors
    near = neighbours(vectors, np.arange(len(records)))
    places = project(vectors)
    flat = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(flat, np.inf)
    beside = np.argsort(flat, 1)[:, :NEAREST]
    rows: list[list[object]] = []
    for number, name in enumerate(found):
        mine = np.flatnonzero(origin == number)
        own = neighbours(comparable(raw[mine]).vectors, np.arange(len(mine)))
        luck = random.integers(0, len(mine), (len(mine), NEAREST))
        rows.append(
            [
                name,
                len(mine),
                float((origin[near[mine]] == number).mean()),
                float((origin[beside[mine]] == number).mean()),
                len(mine) / len(records),
                agreement(records, mine, mine[own]),
                agreement(records, mine, mine[luck]),
            ]
        )
    return rows, cost, raw.shape[1]


def cost_of(n: int, folder: Path) -> list[list[object]]:
    """Return what it costs to keep and search n vectors."""
    random = np.random.default_rng(0)
    heaps = random.normal(0, 3, (200, DIMENSIONS)).astype(np.float16)
    raw = heaps[random.integers(0, 200, n)]
    for start in range(0, n, 4096):
        raw[start : start + 4096] += random.normal(0, 1, raw[start : start + 4096].shape).astype(np.float16)
    begin = time.process_time()
    seen = comparable(raw)
    compared = time.process_time() - begin
    begin = time.process_time()
    places = project(seen.vectors)
    laid = time.process_time() - begin
    write_index(folder / "index", sorted(new_id() for _ in range(n)), raw, seen, places)
    index = Index(folder / "index")
    times = []
    for row in random.integers(0, n, 60):
        begin = time.process_time()
        index.nearest(index.vectors[row], 100)
        times.append(time.process_time() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        ["vectors made comparable, processor s", compared],
        ["laid out on a plane, processor s", laid],
        ["file, MB", (folder / "index").stat().st_size / 1e6],
        ["100 nearest, processor ms (median)", 1000 * float(np.median(times))],
        ["largest memory of the whole process, MiB", peak],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    n = 20_000 if quick else 118_000
    with tempfile.TemporaryDirectory() as temporary:
        rows, cost, dimensions = quality(Path(temporary), 100 if quick else None)
        costs = cost_of(n, Path(temporary))
    head = (
        "set",
        "images",
        "10 nearest of the same set",
        "10 nearest on the map",
        "by luck",
        "classes agree",
        "by luck",
    )
    text = (
        f"Network with the starter weights of wren-n, {dimensions} numbers an image, {cost:.1f} ms of processor time "
        f"an image with decoding.\n\n{table(head, rows)}\n\n{n:,} made-up vectors of {DIMENSIONS} numbers:\n\n"
        f"{table(('', ''), costs)}"
    )
    keep("bench_similar", text, {"sets": rows, "milliseconds": cost, "dimensions": dimensions, "n": n, "cost": costs})


if __name__ == "__main__":
    main()
