"""COCO evaluation of boxes: hotcoco, which Boxwright uses, beside faster-coco-eval and pycocotools.

    python benchmarks/bench_metrics.py [--pictures 5000] [--rounds 3]

Made-up pictures with 10 objects and 100 detections each, of 10 classes; detections are objects moved a little.
Each loads them beforehand; matching and accumulating are timed. All must come to the same mAP.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import time
from collections.abc import Callable
from typing import Any

import faster_coco_eval
import hotcoco
import numpy as np
from pycocotools import coco, cocoeval

from measuring import keep, table

OBJECTS, DETECTIONS, CLASSES, SIDE = 10, 100, 10, 640.0


def made_up(pictures: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a COCO dataset and results for it."""
    random = np.random.default_rng(0)
    truths, results = [], []
    for image in range(1, pictures + 1):
        corners, sizes = random.uniform(0, SIDE - 200, (OBJECTS, 2)), random.uniform(8, 200, (OBJECTS, 2))
        kinds = random.integers(1, CLASSES + 1, OBJECTS)
        for corner, size, kind in zip(corners.tolist(), sizes.tolist(), kinds.tolist(), strict=True):
            truths.append({
                "id": len(truths) + 1, "image_id": image, "category_id": kind, "bbox": [*corner, *size],
                "area": size[0] * size[1], "iscrowd": 0,
            })  # fmt: skip
        chosen = random.integers(0, OBJECTS, DETECTIONS)
        boxes = np.hstack([corners, sizes])[chosen] + random.normal(0, 15, (DETECTIONS, 4))
        boxes[:, 2:] = boxes[:, 2:].clip(1)
        for box, kind, score in zip(boxes.tolist(), kinds[chosen].tolist(), random.random(DETECTIONS), strict=True):
            results.append({"image_id": image, "category_id": kind, "bbox": box, "score": float(score)})
    images = [
        {"id": n, "width": int(SIDE), "height": int(SIDE), "file_name": f"{n}.jpg"} for n in range(1, pictures + 1)
    ]
    categories = [{"id": n, "name": str(n)} for n in range(1, CLASSES + 1)]
    return {"images": images, "annotations": truths, "categories": categories}, results


def evaluations(data: dict[str, Any], results: list[dict[str, Any]]) -> dict[str, Callable[[], float]]:
    """Return by library a function that evaluates and returns mAP50-95."""

    def of(load: Callable[[], Any], evaluator: Callable[..., Any]) -> Callable[[], float]:
        truth = load()
        found = truth.loadRes(results)

        def run() -> float:
            done = evaluator(truth, found, "bbox")
            for step in (done.evaluate, done.accumulate, done.summarize):
                step()
            return float(done.stats[0])

        return run

    def pycoco() -> Any:
        made = coco.COCO()
        made.dataset = data
        made.createIndex()
        return made

    return {
        "hotcoco": of(lambda: hotcoco.COCO(data), hotcoco.COCOeval),
        "faster-coco-eval": of(lambda: faster_coco_eval.COCO(data), faster_coco_eval.COCOeval_faster),
        "pycocotools": of(pycoco, cocoeval.COCOeval),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with contextlib.redirect_stdout(io.StringIO()):
        todo = evaluations(*made_up(given.pictures))
        times: dict[str, list[float]] = {name: [] for name in todo}
        scores = {}
        for _ in range(given.rounds):  # turn and turn about
            for name, run in todo.items():
                begin = time.perf_counter()
                scores[name] = run()
                times[name].append(time.perf_counter() - begin)
    middle = {name: statistics.median(found) for name, found in times.items()}
    rows = [[name, taken, taken / middle["hotcoco"], repr(scores[name])] for name, taken in middle.items()]
    head = ("", "seconds", "times hotcoco's", "mAP50-95")
    text = f"{given.pictures} pictures, {DETECTIONS} detections each, median of {given.rounds}\n\n{table(head, rows)}"
    keep("bench_metrics", text, {"times": times, "scores": scores})
    if max(scores.values()) - min(scores.values()) > 1e-9:
        raise SystemExit("they do not agree")


if __name__ == "__main__":
    main()
