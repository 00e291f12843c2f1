"""Measure the editor's scissors: outlines that follow edges from click to click, against lines through the same clicks.

    python benchmarks/bench_scissors.py [--data ../shared/data] [--objects 16]

Clicks on every n-th corner of the true outline of nuclei and everyday objects, exactly and 2 pixels off at random, and
compares the IoU with the truth of the polygon through the clicks and of what the scissors make of them. Nobody looks
and clicks again where the outline went astray, as a person would.

Needs the front end's node_modules (`make web`). Writes `benchmarks/results/bench_scissors.md`.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright import media
from boxwright.domain import raster, rle
from boxwright.domain.geometry import Mask, Polygon
from boxwright.domain.outlines import outline

HERE = Path(__file__).parent
WEB = HERE.parent / "web"
EVERY = (2, 4, 8)
OFF = 2.0


@dataclass(frozen=True)
class Thing:
    """One object: where its picture is, and its outline with as few corners as a pixel of slack allows."""

    picture: Path
    truth: NDArray[np.bool_]
    corners: tuple[tuple[float, float], ...]


def things(folder: Path, most: int) -> Iterator[Thing]:
    """Objects of one part and no hole to speak of, spread over the data set; the largest of each picture."""
    document = json.loads((folder / "instances.json").read_text())
    by_image: dict[Any, list[dict[str, Any]]] = {}
    for item in document["annotations"]:
        if not item["iscrowd"]:
            by_image.setdefault(item["image_id"], []).append(item)
    images = [image for image in document["images"] if image["id"] in by_image]
    for image in images[:: max(1, len(images) // most)][:most]:
        width, height = image["width"], image["height"]
        item = max(by_image[image["id"]], key=lambda one: float(one["area"]))
        truth = _pixels(item["segmentation"], width, height)
        rings = outline(Mask(width=width, height=height, counts=rle.encode(truth)))
        corners = _simplified(max(rings, key=len))
        if truth.sum() >= 200 and len(corners) >= 6:
            yield Thing(folder / "images" / image["file_name"], truth, corners)


def _pixels(segmentation: Any, width: int, height: int) -> NDArray[np.bool_]:
    if isinstance(segmentation, dict):
        counts = segmentation["counts"]
        return rle.decode(rle.from_text(counts) if isinstance(counts, str) else tuple(counts), width, height)
    return _filled([list(zip(flat[::2], flat[1::2], strict=True)) for flat in segmentation], width, height)


def _filled(rings: list[Any], width: int, height: int) -> NDArray[np.bool_]:
    points = tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings)
    return raster.fill(Polygon(rings=points), width, height)


def _simplified(ring: Any) -> tuple[tuple[float, float], ...]:
    import cv2

    points = cv2.approxPolyDP(np.asarray(ring, np.float32)[:, None], 1.0, True)[:, 0]
    return tuple((float(x), float(y)) for x, y in points)


def clicks(thing: Thing, every: int, off: float) -> list[list[float]]:
    """Every n-th corner, at least three of them, each up to `off` pixels beside its place."""
    corners = thing.corners[:: min(every, max(1, len(thing.corners) // 3))]
    moved = np.asarray(corners) + np.random.default_rng(len(corners)).uniform(-off, off, (len(corners), 2))
    height, width = thing.truth.shape
    return [[float(x), float(y)] for x, y in moved.round().clip(0, (width, height))]


def iou(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Return the overlap of two sets of pixels."""
    return float((a & b).sum() / max((a | b).sum(), 1))


@dataclass(frozen=True)
class Cut:
    """What one way of clicking gave: clicks an object, mean IoU of lines and of the scissors, milliseconds a click."""

    clicks: float
    lines: float
    wired: float
    times: list[float]


def cut(found: list[Thing], every: int, off: float, program: Path, folder: Path) -> Cut:
    """Click on all of them; `program` is the scissors' bundle, `folder` takes raw pixels."""
    wishes = []
    for thing in found:
        raw = folder / f"{thing.picture.stem}.rgb"
        if not raw.exists():
            raw.write_bytes(media.decode_rgb(thing.picture).tobytes())
        height, width = thing.truth.shape
        wishes.append({"file": str(raw), "width": width, "height": height, "clicks": clicks(thing, every, off)})
    lines = "".join(f"{json.dumps(wish)}\n" for wish in wishes)
    done = subprocess.run(["node", str(program)], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return Cut(
        clicks=mean(len(wish["clicks"]) for wish in wishes),  # type: ignore[arg-type]
        lines=mean(_overlap(thing, wish["clicks"]) for thing, wish in zip(found, wishes, strict=True)),
        wired=mean(_overlap(thing, answer["ring"]) for thing, answer in zip(found, answers, strict=True)),
        times=[time for answer in answers for time in answer["times"]],
    )


def _overlap(thing: Thing, ring: Any) -> float:
    height, width = thing.truth.shape
    return iou(_filled([ring], width, height), thing.truth) if ring else 0.0


HEAD = """| objects | every n-th corner | clicks off by | clicks | IoU of lines | IoU of scissors |
|---|---|---|---|---|---|"""


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared/data")
    parser.add_argument("--objects", type=int, default=16, help="most objects of each data set")
    options = parser.parse_args()
    rows, times = [], []
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "scissors.mjs"
        bundle = ["npx", "--no-install", "rolldown", str(HERE / "canvas/scissors.ts"), "--format", "esm"]
        bundle += ["--platform", "node", "--file", str(program)]
        subprocess.run(bundle, cwd=WEB, check=True, capture_output=True)
        for name in ("nuclei", "coco_permissive"):
            found = list(things(options.data / name, options.objects))
            for off in (0.0, OFF):
                for every in EVERY:
                    one = cut(found, every, off, program, Path(scratch))
                    figures = f"{one.clicks:.1f} | {one.lines:.3f} | {one.wired:.3f}"
                    rows.append(f"| {name} ({len(found)}) | {every} | {off:g} | {figures} |")
                    times += one.times
                    print(rows[-1], flush=True)
    speed = f"One click with the way to the next one: median {median(times):.0f} ms, slowest {max(times):.0f} ms."
    about = (__doc__ or "").split("\n\n")[2]
    text = f"# Scissors\n\n{about}\n\n{HEAD}\n" + "\n".join(rows) + f"\n\n{speed}\n"
    (HERE / "results/bench_scissors.md").write_text(text)
    print(speed)


if __name__ == "__main__":
    main()
