"""A model again from its weights and its card: the network is built, filled, and exported."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from boxwright import __version__
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelCard
from boxwright.ml.export.onnx import export_onnx
from boxwright.ml.export.weights import load_matching
from boxwright.ml.registry import lookup


def export_again(weights: Path, card: ModelCard, out: Path) -> ModelCard:
    """Write the ONNX file of weights that Boxwright saved, proven on a few textures; return its card.

    Args:
        weights: a safetensors file with every tensor of the network.
        card: the card saved with it. What the network itself says about feeding and reading goes before the card.
        out: written atomically.

    Raises:
        Invalid: the card names an architecture that is not known here.
        InvalidModel: weights and card do not belong together, or the file does not answer as the network does.
    """
    if card.input.width != card.input.height:
        message = "the networks of Boxwright take square pictures; the card says otherwise"
        raise InvalidModel(message, code="weights_foreign")
    torch.set_num_threads(1)
    if card.task == "assist":
        raise InvalidModel("its card is that of SAM, which has no weights to train on")
    learner = lookup(card.architecture, card.task, "torch")(card.architecture, len(card.classes), card.input.width)
    taken, total = load_matching(learner.net, weights)
    if taken < total:
        message = (
            f"only {taken} of the {total} tensors of {card.architecture} are in the weights; card and weights differ"
        )
        raise InvalidModel(message, code="weights_foreign")
    card = replace(
        card,
        decoder=learner.decoder,
        input=learner.input,
        options=learner.options,
        outputs=learner.outputs,
        parameters=sum(p.numel() for p in learner.net.parameters()),
        boxwright_version=__version__,
    )
    rng = np.random.default_rng(1)
    textures = [rng.integers(0, 256, (card.input.height, card.input.width, 3), np.uint8) for _ in range(2)]
    export_onnx(learner.exportable(learner.net), card, out, textures)
    return card
