"""Box to outline and clicks to outline without trained weights: how good, beside trivial answers, and how quick.

    python benchmarks/bench_assist.py [--objects 4]

Quality: mean IoU with the masks of `nuclei` and `coco_permissive` (crowds and objects under 12 x 12 pixels left out),
of the box itself, of the ellipse in it, and of what the tool answers to the box, to the box and two clicks, and to one,
three and six clicks. Clicks are where an annotator's would be: the first in the middle of the object, in a view of four
times its size, each further one in the middle of the largest part that is wrong.
Time: milliseconds for boxes of several sizes on a photo that is enlarged for it, on one core and on all.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain import raster, rle
from boxwright.domain.assist import Prompt
from boxwright.domain.geometry import Bounds, Point, Polygon
from boxwright.media import decode_rgb
from boxwright.ml.assist.segment import segment
from measuring import ROOT, keep, table

DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA") or ROOT.parent / "shared" / "data")
SETS = ("nuclei", "coco_permissive")
SIDES = (100, 300, 1000, 2000)
LEAST = 144
Pixels = NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """One object of a picture."""

    rgb: NDArray[np.uint8]
    mask: Pixels
    box: Bounds


def cases(name: str, most: int) -> Iterator[Case]:
    """Yield up to `most` objects of each picture, chosen by lot."""
    document = json.loads((DATA / name / "instances.json").read_text())
    random = np.random.default_rng(0)
    for image in document["images"]:
        own = [item for item in document["annotations"] if item["image_id"] == image["id"] and not item.get("iscrowd")]
        rgb = decode_rgb(DATA / name / "images" / image["file_name"])
        for i in random.permutation(len(own))[:most]:
            mask = pixels_of(own[i]["segmentation"], rgb.shape[1], rgb.shape[0])
            if np.count_nonzero(mask) >= LEAST:
                rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
                box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
                yield Case(rgb, mask, box)


def pixels_of(shape: Any, width: int, height: int) -> Pixels:
    if isinstance(shape, list):
        rings = tuple(tuple(zip(ring[::2], ring[1::2], strict=True)) for ring in shape)
        return raster.fill(Polygon(rings=rings), width, height)
    counts = shape["counts"]
    return rle.decode(rle.from_text(counts) if isinstance(counts, str) else tuple(counts), width, height)


def answer(case: Case, prompt: Prompt) -> Pixels:
    found = segment(case.rgb, prompt)
    height, width = case.mask.shape
    return np.zeros_like(case.mask) if found is None else raster.fill(found, width, height)


def the_box(case: Case) -> Pixels:
    x0, y0, x1, y1 = map(int, case.box)
    made = np.zeros_like(case.mask)
    made[y0:y1, x0:x1] = True
    return made


def the_ellipse(case: Case) -> Pixels:
    x0, y0, x1, y1 = case.box
    height, width = case.mask.shape
    across = (np.arange(width) + 0.5 - (x0 + x1) / 2) / ((x1 - x0) / 2)
    down = (np.arange(height) + 0.5 - (y0 + y1) / 2) / ((y1 - y0) / 2)
    return np.asarray(np.hypot(across[None, :], down[:, None]) <= 1, bool)


def with_clicks(clicks: int, boxed: bool) -> Callable[[Case], Pixels]:
    """Return what answers to a box and clicks, or to clicks alone in a view of four times the object."""

    def work(case: Case) -> Pixels:
        inside: list[Point] = []
        outside: list[Point] = []
        got = answer(case, Prompt(box=case.box)) if boxed else np.zeros_like(case.mask)
        for _ in range(clicks):
            x, y = middle(case.mask ^ got)
            (inside if case.mask[int(y), int(x)] else outside).append((x, y))
            place = {"box": case.box} if boxed else {"view": around(case.box, case.mask.shape)}
            got = answer(case, Prompt(inside=inside, outside=outside, **place))
        return got

    return work


def middle(part: Pixels) -> Point:
    depth = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    y, x = np.unravel_index(depth.argmax(), depth.shape)
    return float(x) + 0.5, float(y) + 0.5


def around(box: Bounds, shape: tuple[int, ...]) -> Bounds:
    x0, y0, x1, y1 = box
    dx, dy = 1.5 * (x1 - x0), 1.5 * (y1 - y0)
    return max(0.0, x0 - dx), max(0.0, y0 - dy), min(float(shape[1]), x1 + dx), min(float(shape[0]), y1 + dy)


WAYS: dict[str, Callable[[Case], Pixels]] = {
    "the box itself": the_box,
    "the ellipse in the box": the_ellipse,
    "box to outline": with_clicks(0, boxed=True),
    "box and 2 clicks": with_clicks(2, boxed=True),
    "1 click": with_clicks(1, boxed=False),
    "3 clicks": with_clicks(3, boxed=False),
    "6 clicks": with_clicks(6, boxed=False),
}


def quality(most: int) -> tuple[str, dict[str, dict[str, float]]]:
    scores: dict[str, dict[str, float]] = {way: {} for way in WAYS}
    sizes = []
    for name in SETS:
        found = list(cases(name, most))
        sizes.append(f"{len(found)} objects of {name}")
        for way, work in WAYS.items():
            scores[way][name] = statistics.mean(overlap(work(case), case.mask) for case in found)
    rows = [[way, *(f"{scores[way][name]:.3f}" for name in SETS)] for way in WAYS]
    return f"Mean IoU over {' and '.join(sizes)}\n\n{table(('', *SETS), rows)}", scores


def overlap(a: Pixels, b: Pixels) -> float:
    return float(np.count_nonzero(a & b) / max(np.count_nonzero(a | b), 1))


def speed() -> tuple[str, dict[str, list[float]]]:
    case = next(cases("coco_permissive", 1))
    rgb = np.asarray(cv2.resize(case.rgb, (3200, 3200), interpolation=cv2.INTER_CUBIC), np.uint8)
    taken: dict[str, list[float]] = {}
    for threads in (1, os.cpu_count() or 1):
        cv2.setNumThreads(threads)
        for side in SIDES:
            box = (1600 - side / 2, 1600 - side / 2, 1600 + side / 2, 1600 + side / 2)
            prompts = {"box": Prompt(box=box), "click": Prompt(inside=[(1600.0, 1600.0)], view=box)}
            for kind, prompt in prompts.items():
                taken[f"{kind} {side} {threads}"] = [milliseconds(rgb, prompt) for _ in range(7)]
    rows = [[*key.split(), statistics.median(values), max(values)] for key, values in taken.items()]
    return table(("prompt", "pixels a side", "threads", "median ms", "longest ms"), rows), taken


def milliseconds(rgb: NDArray[np.uint8], prompt: Prompt) -> float:
    begin = time.perf_counter()
    segment(rgb, prompt)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=4, help="at most so many objects of each picture")
    given = parser.parse_args()
    timed, taken = speed()
    text, scores = quality(given.objects)
    keep("bench_assist", f"{text}\n\n{timed}", {"iou": scores, "milliseconds": taken})


if __name__ == "__main__":
    main()
