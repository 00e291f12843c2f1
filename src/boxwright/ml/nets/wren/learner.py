"""Wren as the training loop meets it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from boxwright.domain.models import ModelInput
from boxwright.ml.export.weights import load_matching
from boxwright.ml.nets.base import Exportable, Losses, Truth, plain_groups
from boxwright.ml.nets.wren.loss import wren_loss
from boxwright.ml.nets.wren.model import SIZES, Wren, WrenExport, anchor_points, decode_boxes

if TYPE_CHECKING:
    from boxwright.ml.training.params import TrainingParams

Raw = tuple[Tensor, Tensor]


class WrenLearner:
    """A Wren for `classes` classes and square inputs of `size` pixels."""

    decoder = "wren"
    licence = "Apache-2.0"
    nms = True

    def __init__(self, architecture: str, classes: int, size: int) -> None:
        self.net: nn.Module = Wren(classes, SIZES[architecture])
        self.size = size
        self.input = ModelInput(width=size, height=size)
        self.options: dict[str, str] = {}
        self.outputs: dict[str, str] = {}

    def start_from(self, weights: Path) -> str:
        """Take over every tensor that fits by name and shape."""
        taken, total = load_matching(self.net, weights)
        return f"started from {weights.name}: {taken} of {total} tensors fit"

    def notes(self) -> dict[str, str]:
        """Return nothing: the architecture says it all."""
        return {}

    def groups(self, net: nn.Module, params: "TrainingParams") -> list[dict[str, Any]]:
        """Return all parameters at one learning rate."""
        return plain_groups(net, params.weight_decay)

    def forward(self, net: nn.Module, pixels: Tensor, truth: Truth | None = None) -> Raw:  # noqa: ARG002
        """Return raw distances (b, n, 4) and logits (b, n, classes)."""
        raw: Raw = net(pixels)
        return raw

    def loss(self, raw: Raw, truth: Truth, box_gain: float, cls_gain: float) -> Losses:
        """Return the losses of a batch."""
        return wren_loss(raw, truth, self.size, box_gain, cls_gain)

    def decode(self, raw: Raw) -> Raw:
        """Return boxes (b, n, 4) in input pixels and scores (b, n, classes), float32."""
        centres, strides = anchor_points(self.size, self.size, raw[0].device)
        return decode_boxes(raw[0], centres, strides), raw[1].float().sigmoid()

    def exportable(self, net: nn.Module) -> Exportable:
        """Wrap a Wren so that it maps a picture to boxes and scores."""
        assert isinstance(net, Wren)
        return Exportable(module=WrenExport(net, self.size, self.size))
