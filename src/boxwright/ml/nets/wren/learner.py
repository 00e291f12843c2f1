"""Wren as the training loop meets it."""

from torch import Tensor, nn

from boxwright.ml.nets.base import Losses, Truth
from boxwright.ml.nets.wren.loss import wren_loss
from boxwright.ml.nets.wren.model import SIZES, Wren, WrenExport, anchor_points, decode_boxes

Raw = tuple[Tensor, Tensor]


class WrenLearner:
    """A Wren for `classes` classes and square inputs of `size` pixels."""

    decoder = "wren"
    licence = "Apache-2.0"

    def __init__(self, architecture: str, classes: int, size: int) -> None:
        self.net: nn.Module = Wren(classes, SIZES[architecture])
        self.size = size

    def loss(self, raw: Raw, truth: Truth, box_gain: float, cls_gain: float) -> Losses:
        """Return the losses of a batch."""
        return wren_loss(raw, truth, self.size, box_gain, cls_gain)

    def decode(self, raw: Raw) -> Raw:
        """Return boxes (b, n, 4) in input pixels and scores (b, n, classes), float32."""
        centres, strides = anchor_points(self.size, self.size, raw[0].device)
        return decode_boxes(raw[0], centres, strides), raw[1].float().sigmoid()

    def export_module(self, net: nn.Module) -> nn.Module:
        """Wrap a Wren so that it maps a picture to boxes and scores."""
        assert isinstance(net, Wren)
        return WrenExport(net, self.size, self.size)
