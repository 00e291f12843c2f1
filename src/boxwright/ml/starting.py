"""What a training begins from: chosen weights, those that come with a Wren, or nothing. Loads no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.ml.registry import MASKS
from boxwright.ml.training.params import TrainingParams

FOLDER = Path(__file__).parent / "nets" / "wren" / "starter"


def starting_weights(params: Mapping[str, Any], hyper: TrainingParams) -> Path | None:
    """Return the weights file of a training task, or None for random weights.

    Args:
        params: of the task: `architecture`, and `weights` where some were chosen.
        hyper: its parameter `start` says whether a Wren without chosen weights begins from its starter weights.
    """
    if params.get("weights"):
        return Path(params["weights"])
    starter = FOLDER / f"{str(params['architecture']).removesuffix(MASKS)}-starter.safetensors"
    return starter if hyper.start == "starter" and starter.is_file() else None
