"""The loop on real data through the command line: import, train, evaluate, predict, export and back again.

    python benchmarks/bench_loop.py                        three seeds, 30 epochs at 320 px (about 15 minutes)
    python benchmarks/bench_loop.py --seeds 1 --epochs 1   a look whether it works

Prints one Markdown table of what was measured. Data: `bccd` in ../shared/data or BOXWRIGHT_TEST_DATA.
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
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
FORMATS = ("coco", "yolo", "voc")
Boxes = Counter[tuple[str, str, tuple[int, ...]]]


@dataclass
class Shell:
    """`boxwright` on one data folder."""

    data: Path

    def __call__(self, *arguments: object) -> tuple[Any, float]:
        """Run a command with --json; returns its value and the seconds it took. Raises SystemExit where it fails."""
        command = [sys.executable, "-m", "boxwright", *map(str, arguments), "--data", str(self.data), "--json"]
        begin = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"boxwright {' '.join(map(str, arguments))} ended with status {done.returncode}")
        return json.loads(done.stdout), time.perf_counter() - begin


def boxes_of(archive: Path) -> Boxes:
    """Boxes of a COCO export as (image, class, corners in hundredths of a pixel), with how often each is there."""
    found: Boxes = Counter()
    with zipfile.ZipFile(archive) as opened:
        for name in (name for name in opened.namelist() if name.startswith("annotations/") and name.endswith(".json")):
            document = json.loads(opened.read(name))
            images = {image["id"]: image["file_name"] for image in document["images"]}
            classes = {item["id"]: item["name"] for item in document["categories"]}
            for item in document["annotations"]:
                corners = tuple(round(value * 100) for value in item["bbox"])
                file = Path(images[item["image_id"]]).name
                found[(file, classes[item["category_id"]], corners)] += 1
    return found


def difference(first: Boxes, second: Boxes) -> int:
    """How many boxes one side has and the other lacks, one hundredth of a pixel forgiven."""
    missing, extra = first - second, second - first
    for (file, label, corners), count in list(missing.items()):
        near = [key for key in extra if key[:2] == (file, label) and _near(key[2], corners)]
        for key in near[:count]:
            missing[(file, label, corners)] -= 1
            extra[key] -= 1
    return sum((+missing).values()) + sum((+extra).values())


def _near(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= 1 for one, other in zip(first, second, strict=True))


def round_trips(shell: Shell, folder: Path) -> list[tuple[str, str]]:
    """Export in each format, import that into a new project, compare; rows for the table."""
    shell("export", "--project", "bccd", "--format", "coco", "--no-images", "--out", folder / "truth.zip")
    truth = boxes_of(folder / "truth.zip")
    rows = []
    for name in FORMATS:
        _, out = shell("export", "--project", "bccd", "--format", name, "--out", folder / f"{name}.zip")
        _, back = shell("import", folder / f"{name}.zip", "--project", f"back-{name}", "--create-project")
        shell(
            "export", "--project", f"back-{name}", "--format", "coco", "--no-images", "--out", folder / f"{name}-2.zip"
        )
        changed = difference(truth, boxes_of(folder / f"{name}-2.zip"))
        rows.append(
            (
                f"{name}: export / import again",
                f"{out:.1f} s / {back:.1f} s, {changed} of {truth.total()} boxes changed",
            )
        )
    return rows


def train(shell: Shell, epochs: int, seeds: int) -> list[tuple[str, str]]:
    """Train once a seed, evaluate the last model again; rows for the table."""
    maps, map50s, times = [], [], []
    for seed in range(seeds):
        options = ("--epochs", epochs, "--image-size", 320, "--seed", seed, "--name", f"wren-{seed}")
        result, seconds = shell("train", "--project", "bccd", "--architecture", "wren-n", *options)
        maps.append(result["map50_95"] or 0.0)
        map50s.append(result["map50"] or 0.0)
        times.append(seconds)
        print(f"seed {seed}: mAP50 {map50s[-1]:.3f}, mAP50-95 {maps[-1]:.3f}, {seconds:.0f} s", file=sys.stderr)
    evaluated, seconds = shell("evaluate", "--project", "bccd", "--model", f"wren-{seeds - 1}", "--split", "test")
    label = f"train wren-n, {epochs} epochs at 320 px, median of {seeds}"
    figures = f"test mAP50 {statistics.median(map50s):.3f}, mAP50-95 {statistics.median(maps):.3f}"
    return [
        (label, f"{figures}, {statistics.median(times):.0f} s"),
        ("each seed, mAP50 / mAP50-95", ", ".join(f"{a:.3f} / {b:.3f}" for a, b in zip(map50s, maps, strict=True))),
        ("evaluate again on test", f"mAP50 {evaluated['map50'] or 0.0:.3f}, {seconds:.1f} s"),
    ]


def predict(shell: Shell, source: Path, folder: Path, seeds: int) -> tuple[str, str]:
    """Predict on the test pictures; a row for the table."""
    listed = (source / "BCCD" / "ImageSets" / "Main" / "test.txt").read_text().split()
    pictures = [source / "BCCD" / "JPEGImages" / f"{stem}.jpg" for stem in listed]
    _, seconds = shell("predict", "--model", f"wren-{seeds - 1}", *pictures, "--out", folder / "found")
    return "predict", f"{len(pictures)} pictures in {seconds:.1f} s, with the start of a server"


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    source = DATA / "bccd"
    if not source.is_dir():
        print(f"no bccd in {DATA}: set BOXWRIGHT_TEST_DATA", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shell = Shell(folder / "data")
        imported, seconds = shell("import", source, "--project", "bccd", "--create-project")
        counts = f"{imported['images']} images, {imported['annotations']} boxes, {len(imported['problems'])} problems"
        rows = [("import bccd", f"{seconds:.1f} s: {counts}"), *round_trips(shell, folder)]
        rows += train(shell, options.epochs, options.seeds)
        rows.append(predict(shell, source, folder, options.seeds))
    print("| what | measured |\n|---|---|")
    for label, figure in rows:
        print(f"| {label} | {figure} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
