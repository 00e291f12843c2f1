"""`boxwright quickstart` from nothing, as shipped: time and test mAP50.

    python benchmarks/bench_quickstart.py            three seeds, each with pictures of its own (about 5 minutes)
    python benchmarks/bench_quickstart.py --seeds 1

Each run has an empty data folder, renders its pictures, trains, measures, predicts and exports. Processor seconds are
those of the command, its server and all jobs. The aims: less than 180 s on two cores, test mAP50 of at least 0.9.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import keep, table

AIM_SECONDS, AIM_MAP50 = 180.0, 0.9


def quickstart(seed: int, more: list[str]) -> dict[str, Any]:
    """Run the command once in folders of its own; its value, with the seconds it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "boxwright", "quickstart", "--json", "--seed", str(seed)]
        command += ["--data", str(folder / "data"), "--out", str(folder / "out"), *more]
        begin = time.perf_counter()
        with (folder / "value.json").open("wb") as out:
            process = subprocess.Popen(command, stdout=out)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begin
        if process.returncode:
            raise SystemExit(f"seed {seed}: quickstart ended with status {process.returncode}")
        value = json.loads((folder / "value.json").read_text())
    return {"seed": seed, "wall": wall, "processor": used.ru_utime + used.ru_stime, **value}


def main() -> int:
    """Measure and print; returns 1 where the median misses an aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="not those of the command")
    parser.add_argument("--images", type=int, help="not those of the command")
    given = parser.parse_args()
    chosen = {"--epochs": given.epochs, "--images": given.images}
    more = [text for name, value in chosen.items() if value is not None for text in (name, str(value))]
    runs = [quickstart(seed, more) for seed in range(given.seeds)]
    columns = ("wall", "training_seconds", "processor", "map50", "map50_95", "detections")
    rows: list[list[object]] = [[f"seed {run['seed']}", *(run[name] for name in columns)] for run in runs]
    middle = {name: float(statistics.median(run[name] or 0 for run in runs)) for name in columns}
    rows.append(["median", *middle.values()])
    head = ("", "wall s", "training s", "processor s", "test mAP50", "test mAP50-95", "found on 10 images")
    what = f"quickstart, {runs[0]['images']} images, {runs[0]['annotations']} boxes with seed 0"
    text = f"{what}\n\n{table(head, rows)}"
    if more:  # a look whether it works: nothing to keep
        print(text)
        return 0
    keep("bench_quickstart", text, [{name: run[name] for name in ("seed", *columns)} for run in runs])
    return 0 if middle["wall"] < AIM_SECONDS and middle["map50"] >= AIM_MAP50 else 1


if __name__ == "__main__":
    sys.exit(main())
