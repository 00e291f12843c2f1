"""Splits with truth and detections, and pycocotools' word on them."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from boxwright.domain import raster
from boxwright.domain.detections import Detections
from boxwright.domain.geometry import Mask, Polygon
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.rle import to_text
from boxwright.ml.metrics import Found
from learning import sample

CLASSES = tuple(ManifestClass(id=f"id{i}", name=f"class{i}") for i in range(4))  # the last one is never there


def jittered(rng: np.random.Generator, boxes: np.ndarray, labels: np.ndarray, kinds: int, side: int) -> Detections:
    """Detections near most of some objects, twice on some, with wrong classes and false ones, and scores that tie."""
    near = np.concatenate([boxes[rng.random(len(boxes)) < 0.8], boxes[rng.random(len(boxes)) < 0.3]])
    names = np.concatenate([labels, labels])[: len(near)]
    moved = near + rng.normal(0, 4, near.shape)
    moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
    low = rng.uniform(0, side * 0.7, (6, 2))
    every = np.concatenate([moved, np.concatenate([low, low + rng.uniform(5, side * 0.3, (6, 2))], 1)])
    scores = rng.choice(np.linspace(0.05, 0.95, 40), len(every)).astype(np.float32)
    ids = np.concatenate([names, rng.integers(0, kinds, 6)])
    return Detections(np.clip(every, 0, side).astype(np.float32), scores, ids.astype(np.int64))


def random_split(seed: int, pictures: int = 25, side: int = 200, crowds: float = 0.15) -> list[Found]:
    rng = np.random.default_rng(seed)
    found = []
    for number in range(pictures):
        n = int(rng.integers(0, 8))
        low = rng.uniform(0, 120, (n, 2))
        boxes = np.concatenate([low, low + rng.uniform(4, 75, (n, 2))], 1)
        labels = rng.integers(0, 3, n)
        truth = sample(boxes, labels, rng.random(n) < crowds, f"p{number}", side)
        found.append(Found(truth, jittered(rng, boxes, labels, 3, side)))
    return found


def coco_split(folder: Path, seed: int, kinds: int = 5) -> list[Found]:
    """The pictures of a COCO file with jittered detections; categories fold into a few classes, so that they mix."""
    value = json.loads((folder / "instances.json").read_text())
    rng, found = np.random.default_rng(seed), []
    for image in value["images"]:
        rows = [item for item in value["annotations"] if item["image_id"] == image["id"]]
        boxes = np.array([[x, y, x + w, y + h] for x, y, w, h in (r["bbox"] for r in rows)], float).reshape(-1, 4)
        labels = np.array([item["category_id"] % kinds for item in rows], np.int64)
        side = max(image["width"], image["height"])
        truth = sample(boxes, labels, [bool(item["iscrowd"]) for item in rows], image["file_name"], side)
        found.append(Found(truth, jittered(rng, boxes, labels, kinds, side)))
    return found


def masked_split(seed: int, pictures: int = 8, side: int = 60) -> list[Found]:
    """Blobs with masks, some of them crowds, and outlines that nearly fit."""
    rng, found = np.random.default_rng(seed), []
    for number in range(pictures):
        n = int(rng.integers(1, 5))
        centres, radii = rng.uniform(12, side - 12, (n, 2)), rng.uniform(4, 11, n)
        labels = rng.integers(0, 2, n)
        rings = [_ring(c, r) for c, r in zip(centres, radii, strict=True)]
        shapes = [Polygon(rings=(ring,)) for ring in rings]
        truth = sample([s.bounds for s in shapes], labels, rng.random(n) < 0.2, f"m{number}", side)
        outlines = tuple(
            Polygon(rings=(_ring(c + rng.normal(0, 1.5, 2), r),)) for c, r in zip(centres, radii, strict=True)
        )
        scores = rng.choice([0.3, 0.5, 0.7, 0.9], n).astype(np.float32)
        got = Detections(np.array([o.bounds for o in outlines], np.float32), scores, labels, outlines)
        found.append(Found(truth, got, masks=[mask_of(shape, side, side) for shape in shapes]))
    return found


def _ring(centre: np.ndarray, radius: float) -> tuple[tuple[float, float], ...]:
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    return tuple((float(centre[0] + radius * np.cos(t)), float(centre[1] + radius * np.sin(t))) for t in turns)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return Polygon(rings=(((x0, y0), (x1, y0), (x1, y1), (x0, y1)),))


def mask_of(shape: Polygon, width: int, height: int) -> Mask:
    return Mask(width=width, height=height, counts=raster.runs(shape, width, height))


def _pixels(shape: Polygon, width: int, height: int) -> object:
    """Return what a shape covers, which may be nothing, in pycocotools' own run lengths."""
    from pycocotools import mask

    return mask.encode(np.asfortranarray(raster.fill(shape, width, height).astype(np.uint8)))


def reference(found: list[Found], kinds: int = 4, library: str = "pycocotools", shapes: str = "bbox") -> Any:
    """Return the evaluation of another library: `stats`, `eval` and `evalImgs`."""
    if library == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval as Evaluation
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as Evaluation
    annotations: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for number, item in enumerate(found, 1):
        s, got = item.sample, item.detections
        for place, (box, label, crowd, area) in enumerate(
            zip(s.boxes.tolist(), s.labels, s.crowd, s.areas, strict=True)
        ):
            row = {"id": len(annotations) + 1, "image_id": number, "category_id": int(label) + 1, "iscrowd": int(crowd)}
            annotations.append(row | {"bbox": _sized(box), "area": float(area)})
            if item.masks is not None:
                annotations[-1]["segmentation"] = _rle(item.masks[place])
        for place, (box, score, label) in enumerate(
            zip(got.boxes.tolist(), got.scores.tolist(), got.class_ids, strict=True)
        ):
            results.append({"image_id": number, "category_id": int(label) + 1, "score": score})
            if shapes == "bbox":
                results[-1]["bbox"] = _sized(box)
            else:
                assert got.masks is not None
                results[-1]["segmentation"] = _pixels(got.masks[place] or rectangle(*box), s.width, s.height)
    images = [{"id": n, "width": f.sample.width, "height": f.sample.height} for n, f in enumerate(found, 1)]
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        categories = [{"id": n + 1, "name": str(n)} for n in range(kinds)]
        truth.dataset = {"info": {}, "images": images, "annotations": annotations, "categories": categories}
        truth.createIndex()
        run = Evaluation(truth, truth.loadRes(results), shapes)
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run


def _sized(box: list[float]) -> list[float]:
    return [box[0], box[1], box[2] - box[0], box[3] - box[1]]


def _rle(mask: Mask) -> dict[str, object]:
    return {"size": [mask.height, mask.width], "counts": to_text(mask.counts).encode()}
