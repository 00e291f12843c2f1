"""Task: make fp16 and int8 of a model, and compare them with it in size, speed and quality."""

import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from boxwright.domain.cards import card_from_json, metrics_from_json
from boxwright.domain.errors import Cancelled, Invalid, InvalidImage, InvalidModel
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import Metrics, ModelCard
from boxwright.domain.ports import TaskContext
from boxwright.domain.variants import PRECISIONS, Precision
from boxwright.ml.adapters.memory import bounded
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.session import Network
from boxwright.ml.data.letterbox import letterbox, normalise
from boxwright.ml.data.samples import Sample, read_dataset, read_pixels
from boxwright.ml.export.precision import Feed, chosen, to_fp16, to_int8
from boxwright.ml.files import write_json
from boxwright.ml.metrics import evaluate_detector, metrics_to_json
from boxwright.ml.metrics.remap import Remapped
from boxwright.ml.tasks.evaluate import class_map

CALIBRATION = 32
_TIMED, _WARM = 20, 2


@bounded
def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Convert `params["model"]` (an ONNX file with `params["card"]`), and measure on `params["split"]`.

    int8 takes the ranges of its values from up to 32 training pictures of `params["manifest"]` (from those of the split
    where there are none). A task called again keeps the files and figures that it finds.

    Returns:
        `{"split", "rows": [{"precision", "file", "bytes", "milliseconds", "metrics", "error"}]}`, fp32 first, without a
        file; one that cannot be made has an `error` and nothing else.

    Raises:
        Invalid: the split is empty, or model and dataset share no class.
        Cancelled: stopped.
    """
    card, split = card_from_json(params["card"]), str(params["split"])
    outlines = card.task == "segment"
    header, (train, samples) = read_dataset(Path(params["manifest"]), ("train", split), outlines=outlines)
    if not samples:
        raise Invalid(f"the split {split} has no labelled images to compare on", code="split_empty")
    if not train:
        context.log(f"there are no training pictures; int8 is calibrated on those of {split}", "warning")
    work = _Work(params, card, context, header.classes, samples, train or samples)
    rows = [work.row(precision) for precision in PRECISIONS]
    work.clock(rows)
    return {"split": split, "rows": rows}


class _Work:
    def __init__(
        self,
        params: Mapping[str, Any],
        card: ModelCard,
        context: TaskContext,
        classes: Sequence[ManifestClass],
        samples: Sequence[Sample],
        calibration: Sequence[Sample],
    ) -> None:
        self._context, self._classes, self._samples, self._calibration = context, classes, samples, calibration
        self._source, self._memory = Path(params["model"]), params.get("memory")
        self._card, self._table = card, class_map(card, classes)
        self._paths: dict[str, Path] = {}

    def row(self, precision: Precision) -> dict[str, Any]:
        """Make one variant and score it."""
        path = self._source if precision == "fp32" else self._context.workdir / f"{precision}.onnx"
        try:
            if not path.exists():
                self._make(precision, path)
            metrics = self._score(precision, path)
        except InvalidModel as error:
            if precision == "fp32":
                raise
            path.unlink(missing_ok=True)
            self._context.log(f"{precision}: {error.message}", "warning")
            return {"precision": precision, "file": None, "bytes": None, "error": error.message}
        self._paths[precision] = path
        size, shown = path.stat().st_size, metrics.headline
        self._context.log(f"{precision}: {size / 1e6:.1f} MB, mAP50-95 {'-' if shown is None else f'{shown:.4f}'}")
        file = None if precision == "fp32" else path.name
        return {"precision": precision, "file": file, "bytes": size, "metrics": metrics_to_json(metrics), "error": None}

    def clock(self, rows: Sequence[dict[str, Any]]) -> None:
        """Note the median time of a picture for each variant; they take turns, so that all meet the same machine."""
        detectors = {name: self._detector(path) for name, path in self._paths.items()}
        times: dict[str, list[float]] = {name: [] for name in detectors}
        pictures = list(_pixels(self._samples[:_TIMED]))
        for number, pixels in enumerate(pictures * (1 + (_TIMED + _WARM) // max(1, len(pictures)))):
            self._tick(number, _TIMED + _WARM, "measuring the speed")
            for name, detector in detectors.items():
                started = time.perf_counter()
                detector.predict([pixels])
                times[name].append(time.perf_counter() - started)
            if number + 1 == _TIMED + _WARM:
                break
        for row in rows:
            taken = times.get(row["precision"], [])[_WARM:]
            row["milliseconds"] = round(statistics.median(taken) * 1000, 2) if taken else None

    def _make(self, precision: Precision, path: Path) -> None:
        self._tick(0, 1, f"making {precision}")
        if precision == "fp16":
            to_fp16(self._source, path)
        else:
            feeds = list(self._feeds())
            if not feeds:
                raise Invalid("no training picture can be read to calibrate int8 on", code="dataset_empty")
            to_int8(self._source, path, feeds)

    def _feeds(self) -> Iterator[Feed]:
        network, spec = Network(self._source, memory=self._memory), self._card.input
        pictures = chosen(self._calibration, CALIBRATION)
        for number, pixels in enumerate(_pixels(pictures)):
            self._tick(number, len(pictures), "calibrating int8")
            yield network.feed(normalise(letterbox(pixels, spec)[0][None], spec), spec)

    def _score(self, precision: Precision, path: Path) -> Metrics:
        known = self._context.workdir / f"{precision}.json"
        if known.exists():
            return metrics_from_json(json.loads(known.read_text()))
        total = len(self._samples)
        metrics = evaluate_detector(
            Remapped(self._detector(path, outlines=True), self._table),
            self._classes,
            self._samples,
            warn=lambda line: self._context.log(line, "warning") if precision == "fp32" else None,
            tick=lambda done: self._tick(done, total, f"scoring {precision}"),
        )
        write_json(known, metrics_to_json(metrics))
        return metrics

    def _detector(self, path: Path, *, outlines: bool = False) -> OnnxDetector:
        return OnnxDetector(path, self._card, memory=self._memory, outlines=outlines)

    def _tick(self, done: float, total: float, phase: str) -> None:
        if self._context.stopping():
            raise Cancelled("the comparison was cancelled")
        self._context.progress(done, total, phase=phase)


def _pixels(samples: Sequence[Sample]) -> Iterator[Any]:
    """Yield the pictures that can be read."""
    for sample in samples:
        try:
            yield read_pixels(sample)
        except InvalidImage:
            continue
