"""The gate behind an export: the ONNX file must be as good as the network that was trained."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import Metrics
from boxwright.ml.adapters.session import Network

# The mAP50-95 that an export may lose.
MAX_DROP = 0.002


class TorchNetwork(Network):
    """A trained network in the place of its ONNX file: `OnnxDetector` feeds and reads it in the very same way.

    Args:
        module: what was exported, on the CPU and in evaluation mode; its first outputs are the file's, in their order.
        exported: the file.
    """

    def __init__(self, module: nn.Module, exported: Network) -> None:
        self.__dict__.update(exported.__dict__)
        self._module = module

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Return the outputs by name. Raises InvalidModel where they are not finite."""
        with torch.no_grad():
            parts = [part.numpy() for part in self._module(torch.from_numpy(feeds[self.picture.name]))]
        if not all(np.isfinite(part).all() for part in parts):
            raise InvalidModel("the trained network's outputs are not finite numbers", code="model_broken")
        return dict(zip((item.name for item in self.outputs), parts, strict=False))


def check_drop(trained: Metrics, exported: Metrics, split: str) -> float:
    """Return how much lower the ONNX file scores than the trained network (mAP50-95, negative where higher).

    Of boxes and of outlines, the greater drop.

    Raises:
        InvalidModel: code `export_drop`, where that is over MAX_DROP.
    """
    pairs = (
        (trained.map50_95, exported.map50_95, "mAP50-95"),
        (trained.mask_map50_95, exported.mask_map50_95, "mAP50-95 of outlines"),
    )
    known = [(a - b, a, b, what) for a, b, what in pairs if a is not None and b is not None]
    drop, before, after, what = max(known, default=(0.0, 0.0, 0.0, ""))
    if drop > MAX_DROP:
        raise InvalidModel(
            f"the exported ONNX file scores {drop:.4f} less than the trained network on {split} ({what} "
            f"{after:.4f} after {before:.4f}), and {MAX_DROP} is allowed; the model was not "
            "added. Its last checkpoint stays with the job: resume it to export again",
            code="export_drop",
        )
    return drop
