"""Task: read the quality of a model on one split of a dataset."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from boxwright.domain.cards import card_from_json
from boxwright.domain.errors import Cancelled, Invalid
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import ModelCard
from boxwright.domain.ports import TaskContext
from boxwright.domain.quality import Twins
from boxwright.ml.adapters.memory import bounded
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.data.dataset import look_for_twins
from boxwright.ml.data.samples import Sample, read_dataset
from boxwright.ml.metrics import all_metrics, detect, metrics_to_json, operating_scores, write_report
from boxwright.ml.metrics.coco import MAX_DETECTIONS
from boxwright.ml.metrics.remap import Remapped

REPORT = "report.jsonl"


@bounded
def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Score `params["model"]` (an ONNX file with `params["card"]`) on `params["split"]` of `params["manifest"]`.

    Writes the quality report, at the operating scores of the card; where the card has none, those are found here if the
    split is `val`, else they are its `score_threshold`. The report tells the near twins in the split `train` of
    `params["learned"]`, the manifest of what the model learned from, where that is known.

    Returns:
        `{"metrics": Metrics, "files": {"report"}, "images": int, "twins": {split: int}, "seconds": float}`.

    Raises:
        Invalid: the split is empty, or model and dataset share no class.
    """
    started = time.monotonic()
    manifest, split = Path(params["manifest"]), str(params.get("split", "test"))
    card = card_from_json(params["card"])
    outlines = card.task == "segment"
    header, (samples,) = read_dataset(manifest, (split,), outlines=outlines)
    if not samples:
        raise Invalid(f"the split {split} has no labelled images to evaluate on", code="split_empty")
    table = class_map(card, header.classes)
    detector = Remapped(OnnxDetector(params["model"], card, memory=params.get("memory"), outlines=outlines), table)

    def tick(done: int) -> None:
        if context.stopping():
            raise Cancelled("the evaluation was cancelled")
        passed = time.monotonic() - started
        context.progress(done, len(samples), phase="evaluating", seconds_left=passed / done * (len(samples) - done))

    limit = int(params.get("max_detections", MAX_DETECTIONS))
    found = detect(detector, samples, max_detections=limit, warn=lambda line: context.log(line, "warning"), tick=tick)
    metrics = all_metrics(header.classes, found, limit)
    known = {
        header.classes[to].id: item.threshold
        for item, to in zip(card.classes, table, strict=True)
        if to >= 0 and item.threshold is not None
    }
    scores = operating_scores(header.classes, known, metrics if split == "val" else None, card.score_threshold)
    twins = _twins(params, split, samples, card, context)
    write_report(context.workdir / REPORT, header.classes, found, scores, limit, twins)
    return {
        "metrics": metrics_to_json(metrics),
        "files": {"report": REPORT},
        "images": metrics.images,
        "twins": {} if twins is None else {split: twins.images},
        "seconds": time.monotonic() - started,
    }


def _twins(
    params: Mapping[str, Any], split: str, samples: Sequence[Sample], card: ModelCard, context: TaskContext
) -> Twins | None:
    """Find near twins in what the model learned from; None where that is not known."""
    if params.get("learned") is None:
        return None
    _, (train,) = read_dataset(Path(params["learned"]), ("train",))
    return look_for_twins(split, samples, train, card.input.width, context)


def class_map(card: ModelCard, classes: Sequence[ManifestClass]) -> list[int]:
    """Return for each class of the model its position in the dataset, -1 where it is not there.

    Ids go first, then names, then names that differ only in capitals.

    Raises:
        Invalid: no class is shared.
    """
    by_id = {item.id: index for index, item in enumerate(classes)}
    by_name = {item.name: index for index, item in enumerate(classes)}
    alike = {item.name.casefold(): index for index, item in enumerate(classes)}
    found = [by_id.get(item.id, by_name.get(item.name, alike.get(item.name.casefold(), -1))) for item in card.classes]
    if max(found, default=-1) < 0:
        raise Invalid("the model and the dataset have no class in common", code="classes_differ")
    return found
