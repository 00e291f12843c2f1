"""ONNX export of a learned network with its decoding, and the proof that both compute the same."""

import io
import json
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from boxwright.domain.cards import card_to_json
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelCard
from boxwright.ml.adapters.onnx import METADATA_KEY, OnnxDetector
from boxwright.ml.data.letterbox import letterbox, normalise
from boxwright.ml.files import write_atomic

OPSET = 17
# Box coordinates may differ by this part of the input size, scores by this much.
TOLERANCE = 1e-4


def export_onnx(module: nn.Module, card: ModelCard, path: Path) -> None:
    """Write `module` (picture (b, 3, h, w) to boxes and scores) as ONNX with a dynamic batch and the card inside.

    Args:
        module: on the CPU, float32; put into evaluation mode here.
        card: becomes the metadata entry `boxwright.card`.
        path: written atomically.
    """
    module.eval()
    example = torch.zeros(1, 3, card.input.height, card.input.width)
    buffer = io.BytesIO()
    names = {"input_names": ["images"], "output_names": ["boxes", "scores"]}
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter is announced as old, yet it is the one that makes small graphs of this network.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            (example,),
            buffer,  # type: ignore[arg-type]
            opset_version=OPSET,
            dynamo=False,
            **names,  # type: ignore[arg-type]
            dynamic_axes={name: {0: "batch"} for name in ("images", "boxes", "scores")},
        )
    model = onnx.load_model_from_string(buffer.getvalue())
    model.producer_name, model.producer_version = "boxwright", card.boxwright_version
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(card_to_json(card), ensure_ascii=False)})
    onnx.checker.check_model(model)
    write_atomic(path, lambda out: out.write(model.SerializeToString()))


def parity(module: nn.Module, detector: OnnxDetector, pictures: Sequence[NDArray[np.uint8]]) -> float:
    """Return how far torch and ONNX Runtime differ at most: in scores, and in boxes as parts of the input size.

    Args:
        module: what was exported.
        detector: the exported file.
        pictures: real pictures, RGB (h, w, 3).

    Raises:
        InvalidModel: the difference is over TOLERANCE.
    """
    spec = detector.card.input
    worst = 0.0
    for picture in pictures:
        batch = normalise(letterbox(picture, spec)[0][None], spec)
        with torch.no_grad():
            boxes, scores = (part.numpy() for part in module(torch.from_numpy(batch)))
        got_boxes, got_scores = detector.raw(batch)
        worst = max(worst, float(np.abs(boxes - got_boxes).max()) / max(spec.width, spec.height))
        worst = max(worst, float(np.abs(scores - got_scores).max()))
    if worst > TOLERANCE:
        raise InvalidModel(f"the ONNX file differs from the trained network by {worst:.2g}", code="parity_failed")
    return worst
