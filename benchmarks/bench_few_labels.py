"""How good a detector becomes from a few labelled pictures on two cores: blood cells (boxes) and nuclei (outlines).

    python benchmarks/bench_few_labels.py            20, 10 and 50 pictures of bccd, nuclei with four fifths; five draws
    python benchmarks/bench_few_labels.py --quick    one draw of 20 pictures and of the nuclei
    python benchmarks/bench_few_labels.py --hyper '{"epochs": 60}'    other parameters than the defaults

As a user would train, so from starter weights; `--hyper '{"start": "random"}'` goes without. All pictures of a draw
are learned from, so none is left to choose an epoch by: the last is kept, as it is for a user without validation
images. Measured once on test: that of bccd, and the fifth of the nuclei that was held back. Prints the mean over the
draws and their spread (standard deviation), and the longest time.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bccd_data import write_bccd
from bccd_train import DATA, Printed
from boxwright.domain.manifest import ImageRecord, read_header, read_records, write_manifest
from measuring import keep, table
from nuclei_data import write_nuclei

NUCLEI = DATA.parent / "nuclei"
SETS = ("bccd 20", "bccd 10", "bccd 50", "nuclei")


def records_of(name: str, draw: int, folder: Path) -> tuple[Any, list[ImageRecord]]:
    """Return the header and the pictures of a draw: those to learn from as `train`, those to measure on as `test`."""
    whole = folder / "whole.jsonl"
    if name == "nuclei":
        write_nuclei(NUCLEI, whole, fold=draw % 5)
        records = [replace(item, split="train" if item.split == "val" else item.split) for item in read_records(whole)]
        return read_header(whole), records
    write_bccd(DATA, whole)
    records = list(read_records(whole))
    known = [item for item in records if item.split == "train"]
    chosen = np.random.default_rng(draw).choice(len(known), int(name.split()[1]), replace=False)
    return read_header(whole), [known[i] for i in chosen] + [item for item in records if item.split == "test"]


def child(name: str, draw: int, hyper: Mapping[str, object], folder: Path) -> None:
    """Train once in this process and print one line of JSON."""
    from boxwright.ml.tasks import train

    manifest = folder / "manifest.jsonl"
    header, records = records_of(name, draw, folder)
    write_manifest(manifest, header, records)
    architecture = "wren-n-seg" if name == "nuclei" else "wren-n"
    begin = time.monotonic()
    params = {"manifest": str(manifest), "architecture": architecture, "weights": None,
              "hyper": {"threads": 2, **hyper, "seed": draw}}  # fmt: skip
    result: Any = train.run(params, Printed(folder))  # type: ignore[arg-type]
    used = resource.getrusage(resource.RUSAGE_SELF)
    value = result["metrics"]["test"]
    names = ("map50", "map50_95", "mask_map50", "mask_map50_95")
    found = {name: value[name] for name in names if value.get(name) is not None}
    print(json.dumps({**found, "wall": time.monotonic() - begin, "processor": used.ru_utime + used.ru_stime}))


def measure(name: str, draw: int, hyper: Mapping[str, object]) -> dict[str, float]:
    """Train once in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", folder, "--sets", name, "--draws", str(draw)]
        done = subprocess.run([*command, "--hyper", json.dumps(hyper)], check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{name}, draw {draw}: the training ended with status {done.returncode}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}, draw {draw}: {found}", file=sys.stderr, flush=True)
    return found


def report(found: Mapping[str, Sequence[Mapping[str, float]]], hyper: Mapping[str, object]) -> str:
    """Return the table."""
    rows = []
    for name, draws in found.items():
        kinds = [("boxes", "map50", "map50_95")]
        if "mask_map50_95" in draws[0]:
            kinds.append(("outlines", "mask_map50", "mask_map50_95"))
        for kind, rough, fine in kinds:
            values = [item[fine] for item in draws]
            spread = f"{statistics.stdev(values):.3f}" if len(values) > 1 else "-"
            rows.append([name, kind, len(draws), f"{statistics.mean(item[rough] for item in draws):.3f}",
                         f"{statistics.mean(values):.3f}", spread, f"{max(item['wall'] for item in draws):.0f}",
                         f"{statistics.mean(item['processor'] for item in draws):.0f}"])  # fmt: skip
    head = ("labelled", "of", "draws", "test mAP50", "test mAP50-95", "spread", "longest, s", "processor s")
    return f"wren-n, two threads, parameters: {json.dumps(dict(hyper)) if hyper else 'defaults'}\n\n{table(head, rows)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sets", help=f"which, split by ; of: {'; '.join(SETS)}")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--hyper", type=json.loads, default={})
    parser.add_argument("--name", default="bench_few_labels", help="name of the result")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.sets, given.draws, given.hyper, given.child)
        return
    if not DATA.is_dir() or not NUCLEI.is_dir():
        raise SystemExit("this benchmark needs the shared data `bccd` and `nuclei`")
    sets = given.sets.split(";") if given.sets else ["bccd 20", "nuclei"] if given.quick else list(SETS)
    draws = 1 if given.quick else given.draws
    found = {name: [measure(name, draw, given.hyper) for draw in range(draws)] for name in sets}
    keep(given.name, report(found, given.hyper), {"hyper": given.hyper, "runs": found})


if __name__ == "__main__":
    main()
