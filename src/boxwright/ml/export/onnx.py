"""ONNX export of a learned network, and the proof that both compute the same."""

import io
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from boxwright.domain.cards import card_to_json
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelCard
from boxwright.ml.adapters.onnx import METADATA_KEY
from boxwright.ml.data.letterbox import letterbox, normalise, trimmed
from boxwright.ml.files import write_atomic
from boxwright.ml.nets.base import Exportable

OPSET = 17
# Outputs may differ by this part of their largest value, or by this much where that is below 1.
TOLERANCE = 1e-4
Floats = NDArray[np.float32]


def export_onnx(exported: Exportable, card: ModelCard, path: Path, pictures: Sequence[NDArray[np.uint8]]) -> float:
    """Write a network as ONNX with a dynamic batch and the card inside, once it is proven on real pictures.

    Args:
        exported: on the CPU, float32; put into evaluation mode here.
        card: becomes the metadata entry `boxwright.card`; its input says how pictures are fed.
        path: written atomically.
        pictures: RGB (h, w, 3).

    Returns:
        How far torch and ONNX Runtime differ at most, in parts of the largest value.

    Raises:
        InvalidModel: the difference is over TOLERANCE.
    """
    exported.module.eval()
    model = _captured(exported, card)
    worst = _parity(exported, model, card, pictures)
    del model.graph.output[len(exported.outputs) :]
    model.producer_name, model.producer_version = "boxwright", card.boxwright_version
    onnx.checker.check_model(model)
    _write(model, card, path)
    return worst


def embed_card(card: ModelCard, path: Path) -> None:
    """Put a card into an ONNX file, in place of the one there."""
    _write(onnx.load(path), card, path)


def _write(model: Any, card: ModelCard, path: Path) -> None:
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(card_to_json(card), ensure_ascii=False)})
    write_atomic(path, lambda out: out.write(model.SerializeToString()))


def _captured(exported: Exportable, card: ModelCard) -> Any:
    """Return the ONNX model with all outputs."""
    # Two pictures: a batch of one would be taken for a constant.
    example = torch.zeros(2, 3, card.input.height, card.input.width)
    names: list[str] = [*exported.outputs, *exported.hidden]
    axes = {name: {0: "batch", **exported.axes.get(name, {})} for name in ("images", *names)}
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter is announced as old, yet it is the one that captures all of these networks, and at once.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            exported.module,
            (example,),
            buffer,  # type: ignore[arg-type]
            opset_version=OPSET,
            dynamo=False,
            input_names=["images"],
            output_names=names,
            dynamic_axes=axes,
        )
        answers = exported.module(example)
    model = onnx.load_model_from_string(buffer.getvalue())
    # Where some axes follow the picture the exporter loses sight of those that do not.
    for output, answer in zip(model.graph.output, answers, strict=True):
        for axis, (known, size) in enumerate(zip(output.type.tensor_type.shape.dim, answer.shape, strict=True)):
            if axis not in axes[output.name]:
                known.dim_value = size
    return model


def _parity(exported: Exportable, model: Any, card: ModelCard, pictures: Sequence[NDArray[np.uint8]]) -> float:
    """Return the greatest difference. Raises InvalidModel."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    hidden = len(exported.hidden)
    worst = 0.0
    for picture in pictures:
        canvas = trimmed(card.input, picture.shape[1], picture.shape[0])
        batch = normalise(letterbox(picture, card.input, canvas)[0][None], card.input)
        with torch.no_grad():
            wanted = [part.numpy() for part in exported.module(torch.from_numpy(batch))]
        pairs = list(zip(wanted, session.run(None, {"images": batch}), strict=True))
        before = max((_difference(*pair) for pair in pairs[len(pairs) - hidden :]), default=0.0)
        after = max(_difference(*pair) for pair in pairs[: len(pairs) - hidden])
        # Of two proposals that rounding can swap either may be refined, and the outputs are then of other objects.
        excused = after > TOLERANCE and hidden and _tied(wanted[-1], before, wanted[0].shape[1])
        worst = max(worst, before, 0.0 if excused else after)
    if worst > TOLERANCE:
        raise InvalidModel(f"the ONNX file differs from the trained network by {worst:.2g}", code="parity_failed")
    return worst


def _difference(wanted: Floats, got: Floats) -> float:
    if wanted.shape != got.shape:
        raise InvalidModel(f"the ONNX file answers {got.shape} in place of {wanted.shape}", code="parity_failed")
    return float(np.abs(wanted - got).max()) / max(1.0, float(np.abs(wanted).max()))


def _tied(proposals: Floats, difference: float, queries: int) -> bool:
    """Tell whether two neighbours in the ranking of proposals (1, n, classes) are closer than the rounding."""
    scores = np.sort(proposals[0].max(-1))[::-1][: queries + 1]
    room = 2 * max(difference, 1e-6) * max(1.0, float(np.abs(proposals).max()))
    return bool((scores[:-1] - scores[1:] <= room).any())
