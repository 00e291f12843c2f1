"""Wren as the training loop meets it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.masks import Masks, Prototypes
from boxwright.ml.data.outlines import MaskGrid
from boxwright.ml.export.weights import load_matching
from boxwright.ml.nets.base import Exportable, Losses, Truth, plain_groups
from boxwright.ml.nets.wren.loss import wren_loss
from boxwright.ml.nets.wren.masks import GRID
from boxwright.ml.nets.wren.model import SIZES, Backbone, Wren, WrenExport, WrenRaw, anchor_points, decode_boxes

if TYPE_CHECKING:
    from boxwright.ml.training.params import TrainingParams

PARTS = ("boxes", "scores", "coefficients", "prototypes")
AXES = {
    "images": {2: "height", 3: "width"},
    "boxes": {1: "cells"},
    "scores": {1: "cells"},
    "coefficients": {1: "cells"},
    "prototypes": {2: "rows", 3: "columns"},
}


class WrenLearner:
    """A Wren that finds boxes of `classes` classes; it will be used on square inputs of `size` pixels.

    Of `weights` it takes over every tensor that fits by name and shape.
    """

    decoder = "wren"
    licence = "Apache-2.0"
    nms = True
    grid: MaskGrid | None = None

    def __init__(self, architecture: str, classes: int, size: int, weights: Path | None = None) -> None:
        self.net: nn.Module = Wren(classes, SIZES[architecture.removesuffix("-seg")], masks=self.grid is not None)
        self.origin: str | None = None
        if weights is not None:
            taken, total = load_matching(self.net, weights)
            self.origin = f"started from {weights.name}: {taken} of {total} tensors fit"
        self.input = ModelInput(width=size, height=size, trim=True)
        self.options: dict[str, str] = {}
        self.outputs: dict[str, str] = {}

    def notes(self) -> dict[str, str]:
        """Return nothing: the architecture says it all."""
        return {}

    def groups(self, net: nn.Module, params: "TrainingParams") -> list[dict[str, Any]]:
        """Return all parameters at one learning rate."""
        return plain_groups(net, params.weight_decay)

    def forward(self, net: nn.Module, pixels: Tensor, truth: Truth | None = None) -> WrenRaw:  # noqa: ARG002
        """Return the raw outputs."""
        raw: WrenRaw = net(pixels)
        return raw

    def loss(self, raw: WrenRaw, truth: Truth, box_gain: float, cls_gain: float) -> Losses:
        """Return the losses of a batch."""
        return wren_loss(raw, truth, box_gain, cls_gain)

    def stages(self) -> list[nn.Module]:
        """Return the stem, the four stages and the pyramid pool of the backbone."""
        backbone = self.net.backbone
        assert isinstance(backbone, Backbone)
        return [backbone.stem, *backbone.stages, backbone.pool]

    def decode(self, raw: WrenRaw) -> tuple[Tensor, Tensor]:
        """Return boxes (b, n, 4) in input pixels and scores (b, n, classes), float32."""
        centres, strides = anchor_points(*raw.size, raw.distances.device)
        return decode_boxes(raw.distances, centres, strides), raw.logits.float().sigmoid()

    def masks(self, raw: WrenRaw) -> list[Masks] | None:  # noqa: ARG002
        """Return nothing: boxes are all there is."""
        return None

    def exportable(self, net: nn.Module) -> Exportable:
        """Wrap a Wren so that it maps a picture to boxes and scores."""
        assert isinstance(net, Wren)
        return Exportable(module=WrenExport(net), axes=AXES)


class WrenMaskLearner(WrenLearner):
    """A Wren that also gives the mask of each object."""

    grid: MaskGrid | None = GRID

    def __init__(self, architecture: str, classes: int, size: int, weights: Path | None = None) -> None:
        super().__init__(architecture, classes, size, weights)
        self.outputs = {name: name for name in PARTS}

    def masks(self, raw: WrenRaw) -> list[Masks] | None:
        """Return for each picture the masks of its n boxes."""
        assert raw.coefficients is not None
        assert raw.prototypes is not None
        parts = (part.float().cpu().numpy() for part in (raw.coefficients, raw.prototypes))
        return [Prototypes(*pair) for pair in zip(*parts, strict=True)]

    def exportable(self, net: nn.Module) -> Exportable:
        """Wrap a Wren so that it maps a picture to boxes, scores, coefficients and prototypes."""
        assert isinstance(net, Wren)
        return Exportable(module=WrenExport(net), outputs=PARTS, axes=AXES)
