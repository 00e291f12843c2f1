"""Measure what a picture of 20,000 x 20,000 pixels costs: taking it in, its thumbnail, and cutting it into tiles.

    python benchmarks/bench_tiles.py [--side 20000] [--formats jpeg,png,tiff]

Each step runs in a process of its own and says how long it took and how much memory it had at most. Writes
`benchmarks/results/bench_tiles.md`.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESULT = Path(__file__).parent / "results/bench_tiles.md"
STEPS = ("take in", "thumbnail", "tiles")
SAVED_AS = {"jpeg": "jpg[Q=85]", "png": "png[compression=1]", "tiff": "tif[compression=deflate,tile=false]"}


def write(path: Path, side: int, kind: str) -> Path:
    """Write a picture of clouds and grain, as photographs have them."""
    import pyvips

    clouds = [pyvips.Image.perlin(side, side, cell_size=side // 12, seed=band) * 60 + 128 for band in range(3)]
    grain = pyvips.Image.gaussnoise(side, side, sigma=6, mean=0, seed=1)
    picture = clouds[0].bandjoin(clouds[1:]) + grain
    picture.cast("uchar").copy(interpretation="srgb").write_to_file(f"{path}.{SAVED_AS[kind]}")
    return Path(f"{path}.{SAVED_AS[kind].partition('[')[0]}")


def step(name: str, source: Path, folder: Path) -> None:
    """Do one step and print seconds and megabytes; run in a process of its own."""
    from boxwright import media
    from boxwright.storage.files import sha256_of

    begun = time.perf_counter()
    info = media.probe(source)
    if name == "take in":
        sha256_of(source)
    elif name == "thumbnail":
        media.thumbnail(source, 640)
    else:
        media.make_tiles(source, folder / "t_files", info)
    seconds = time.perf_counter() - begun
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--formats", default="jpeg,png,tiff")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step[0], Path(options.step[1]), Path(options.step[2]))
        return
    rows = []
    for kind in options.formats.split(","):
        with tempfile.TemporaryDirectory() as scratch:
            source = write(Path(scratch) / "a", options.side, kind)
            for name in STEPS:
                command = [sys.executable, __file__, "--step", name, str(source), scratch]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                seconds, most = json.loads(done.stdout)
                size = f"{source.stat().st_size / 1e6:.0f} MB"
                rows.append(f"| {kind}, {size} | {name} | {seconds:.1f} s | {most:.0f} MB |")
                print(rows[-1], flush=True)
            tiles = list((Path(scratch) / "t_files").rglob("*.jpg"))
            rows.append(
                f"| {kind} | {len(tiles)} tiles | {sum(path.stat().st_size for path in tiles) / 1e6:.0f} MB | |"
            )
            print(rows[-1], flush=True)
    head = "| picture | step | time | most memory |\n|---|---|---|---|"
    about = f"{options.side:,} x {options.side:,} pixels, {os.cpu_count()} cores that other work may share."
    RESULT.write_text(f"# Very large pictures\n\n{about}\n\n{head}\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
