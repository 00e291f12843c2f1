"""A small network that nobody trained, but whose scores differ from place to place."""

from __future__ import annotations

from pathlib import Path

import torch

from boxwright.domain.models import ModelCard
from boxwright.ml.export.again import export_again
from boxwright.ml.export.weights import save_weights
from boxwright.ml.nets.wren.learner import WrenLearner
from tiny_onnx import SIDE


def write_small_net(folder: Path, card: ModelCard) -> tuple[Path, ModelCard]:
    """Write `model.onnx` and its weights for two classes; returns the file and its card."""
    torch.manual_seed(3)
    learner = WrenLearner("wren-n", 2, SIDE)
    with torch.no_grad():
        for name, value in learner.net.named_parameters():
            if value.ndim == 4:
                value.mul_(1.5)
            if name.endswith("bias"):
                value.clamp_(min=-2)
    save_weights(learner.net, folder / "weights.safetensors")
    made = export_again(folder / "weights.safetensors", card, folder / "model.onnx")
    return folder / "model.onnx", made
