"""A dataset of more than 4 GB as one ZIP: written, checked by another reader, imported again; time and memory.

    python benchmarks/bench_archive.py [--gigabytes 5] [--folder FOLDER]

The pictures are noise, 45 MB each, so that the ZIP is as large as they are. It is exported as YOLO with its pictures,
every checksum is read by Python's `zipfile` (offsets over 4 GiB: ZIP64), and a new project imports it.
Four times its size is needed on the disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image as Pixels

from measuring import Cost, keep, run, table

WIDTH, HEIGHT = 4000, 3750
OFFSET = 0xFFFFFFFF  # the largest a ZIP without ZIP64 can hold


def make(folder: Path, gigabytes: float) -> int:
    """Write a YOLO dataset of noise with one box in each picture; returns the number of pictures."""
    count = round(gigabytes * 1e9 / (WIDTH * HEIGHT * 3))
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    (folder / "data.yaml").write_text("train: images\nval: images\nnc: 1\nnames: [thing]\n")
    noise = np.random.default_rng(0)
    for number in range(count):
        pixels = noise.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
        Pixels.fromarray(pixels).save(folder / "images" / f"{number:04}.png", compress_level=0)
        (folder / "labels" / f"{number:04}.txt").write_text("0 0.5 0.5 0.25 0.25\n")
    return count


def boxwright(data: Path, *arguments: str | Path) -> Cost:
    """Run a command of Boxwright."""
    return run([sys.executable, "-m", "boxwright", *arguments, "--data", data, "--json"])


def checked(path: Path, count: int) -> int:
    """Read every byte of the ZIP; returns its size. Raises SystemExit where something is wrong with it."""
    with zipfile.ZipFile(path) as archive:
        broken = archive.testzip()
        pictures = [item for item in archive.infolist() if item.filename.endswith(".png")]
        last = max(item.header_offset for item in archive.infolist())
    if broken or len(pictures) != count or last <= OFFSET:
        raise SystemExit(f"{path}: broken {broken}, {len(pictures)} pictures, last offset {last}")
    return path.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=5)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        count = make(folder / "noise", given.gigabytes)
        data, archive = folder / "data", folder / "noise.zip"
        for project in ("first", "second"):
            boxwright(data, "project", "create", project)
        costs = {
            "import of the folder": boxwright(data, "import", folder / "noise", "--project", "first"),
            "export as one ZIP": boxwright(data, "export", "--project", "first", "--format", "yolo", "--out", archive),
        }
        size = checked(archive, count)
        costs["import of the ZIP"] = boxwright(data, "import", archive, "--project", "second")
    rows = [[label, cost.wall, cost.processor, cost.memory] for label, cost in costs.items()]
    head = ("", "wall s", "processor s", "peak memory MiB")
    text = f"{count} pictures of {WIDTH} x {HEIGHT}, a ZIP of {size / 1e9:.2f} GB, every checksum right"
    keep("bench_archive", f"{text}\n\n{table(head, rows)}", {k: vars(v) for k, v in costs.items()})


if __name__ == "__main__":
    main()
