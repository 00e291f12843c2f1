"""Train wren-n on the blood cells from random weights: `python benchmarks/bccd_train.py [--seeds 3] [--threads 2]`.

30 epochs at 320 pixels on the 205 training pictures; val selects, test is read once at the end of each run. Every seed
runs in a process of its own; processor seconds are those of that process. Prints a table and writes
`benchmarks/results/bccd_train.json` and `.txt`.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bccd_data import write_bccd

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data")) / "bccd"
RESULTS = ROOT / "benchmarks" / "results"


class Printed:
    """A task context that prints the log."""

    def __init__(self, workdir: Path) -> None:
        self.workdir = workdir

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None:
        """Pass over it."""

    def metric(self, step: int, values: Mapping[str, float]) -> None:
        """Pass over it."""

    def log(self, message: str, level: str = "info") -> None:
        """Print a line."""
        print(f"{level}: {message}", file=sys.stderr, flush=True)

    def checkpoint(self, path: Path) -> None:
        """Pass over it."""

    def stopping(self) -> str:
        """Never."""
        return ""


def one_run(workdir: Path, hyper: dict[str, object]) -> dict[str, object]:
    """Train once in this process."""
    from boxwright.ml.tasks import train

    started = time.monotonic()
    write_bccd(DATA, workdir / "manifest.jsonl")
    params = {"manifest": str(workdir / "manifest.jsonl"), "architecture": "wren-n", "hyper": hyper, "weights": None}
    result = train.run(params, Printed(workdir))  # type: ignore[arg-type]
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seed": hyper["seed"],
        **{
            f"{split}_{name}": result["metrics"][split][name]
            for split in ("val", "test")
            for name in ("map50", "map50_95")
        },  # type: ignore[index]
        "best_epoch": result["best_epoch"],
        "parity": result["parity"]["max_abs_diff"],  # type: ignore[index]
        "wall_seconds": round(time.monotonic() - started, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
    }


def in_child(hyper: dict[str, object]) -> dict[str, object]:
    """Train once in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", folder, "--hyper", json.dumps(hyper)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def processor() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


def report(runs: list[dict[str, object]], hyper: dict[str, object]) -> dict[str, object]:
    """Return the whole record of the benchmark."""
    names = ("test_map50", "test_map50_95", "val_map50", "val_map50_95", "wall_seconds", "processor_seconds")
    median = {name: statistics.median(float(str(run[name])) for run in runs) for name in names}
    return {
        "benchmark": "bccd_train",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processor": processor(), "python": platform.python_version(), "load_at_end": os.getloadavg()[0]},
        "hyper": hyper,
        "runs": runs,
        "median": median,
    }


def text(record: dict[str, object]) -> str:
    """Return the record for people."""
    runs, median = record["runs"], record["median"]
    assert isinstance(runs, list)
    assert isinstance(median, dict)
    columns = (
        "seed",
        "test_map50",
        "test_map50_95",
        "val_map50",
        "val_map50_95",
        "best_epoch",
        "wall_seconds",
        "processor_seconds",
    )
    rows = [
        columns,
        *[[run[c] for c in columns] for run in runs],
        ["median", *[median.get(c, "") for c in columns[1:]]],
    ]
    shown = [[f"{v:.4f}" if isinstance(v, float) and v <= 1 else str(v) for v in row] for row in rows]
    lines = ["  ".join(cell.rjust(len(columns[i])) for i, cell in enumerate(row)) for row in shown]
    return (
        "\n".join([f"{record['benchmark']}  {record['date']}  {record['machine']}  {record['hyper']}", *lines]) + "\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--hyper", type=json.loads, default={}, help="JSON of training parameters to change")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(one_run(given.child, given.hyper)))
        return
    hyper = {"epochs": 30, "image_size": 320, "threads": given.threads, **given.hyper}
    runs = [in_child({**hyper, "seed": seed}) for seed in range(given.seeds)]
    record = report(runs, hyper)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bccd_train.json").write_text(json.dumps(record, indent=1) + "\n")
    (RESULTS / "bccd_train.txt").write_text(text(record))
    print(text(record))


if __name__ == "__main__":
    main()
