"""The DETR families as the training loop meets them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from boxwright.domain.architectures import architecture as described
from boxwright.domain.errors import Invalid
from boxwright.ml.adapters.masks import Masks, Planes
from boxwright.ml.data.outlines import InputGrid, MaskGrid
from boxwright.ml.nets.base import Exportable, Losses, Truth, plain_groups
from boxwright.ml.nets.detr.exporting import Served
from boxwright.ml.nets.detr.families import FAMILIES, feeding, part
from boxwright.ml.nets.detr.loading import LICENCE, PREPROCESSOR, build, configuration, fit_to_size, read_notes
from boxwright.ml.nets.detr.losses import losses_of
from boxwright.ml.nets.detr.targets import corners, targets

if TYPE_CHECKING:
    from boxwright.ml.training.params import TrainingParams

# Pixels of the input to a place where masks are looked at.
STRIDE = 4


class DetrLearner:
    """A network of one of the families, for `classes` classes and square inputs of `size` pixels.

    Args:
        name: of the architecture.
        classes: number of classes.
        size: side in pixels.
        weights: safetensors file with the network's configuration in its header.

    Raises:
        Invalid: no weights: these networks cannot begin from nothing; or a size that does not suit the network.
        InvalidModel: weights of another network.
    """

    decoder = "detr"
    nms = False

    def __init__(self, name: str, classes: int, size: int, weights: Path | None) -> None:
        if weights is None:
            raise Invalid(f"{name} needs weights to start from", code="weights_needed")
        about = described(name)
        self.family = FAMILIES[about.model_type, about.task]
        self.net, self.origin = build(self.family, about.model_type, weights, classes)
        self._notes = read_notes(weights)
        config: Any = self.net.config
        self.backbone = part(self.net, *self.family.backbones)
        fit_to_size(self.backbone, config.backbone_config, size)
        self.input = feeding(self.family, config, json.loads(self._notes.get(PREPROCESSOR, "{}")), size)
        self.licence = self._notes.get(LICENCE, "unknown")
        self.options: dict[str, str] = {}
        parts = ("boxes", "logits", *(("masks",) if self.family.masks else ()))
        self.outputs = {name: name for name in parts}
        self._groups = int(getattr(config, "group_detr", 1))
        self.grid: MaskGrid | None = None
        if self.family.masks:
            from boxwright.ml.nets.detr.masks import use_known_masks

            use_known_masks()
            self.grid = InputGrid(size // STRIDE, size // STRIDE, STRIDE)

    def notes(self) -> dict[str, str]:
        """Return the configuration, how the network is fed, and the licence of the weights it began from."""
        kept = {key: value for key, value in self._notes.items() if key in (PREPROCESSOR, LICENCE)}
        return {**kept, "config": configuration(self.net)}

    def stages(self) -> list[nn.Module]:
        """Return the backbone, as one."""
        return [self.backbone]

    def groups(self, net: nn.Module, params: "TrainingParams") -> list[dict[str, Any]]:
        """Return the head at the learning rate and the pretrained backbone at a part of it, frozen where that is 0."""
        backbone = part(net, *self.family.backbones)
        if not params.backbone_lr:
            backbone.requires_grad_(False)
        inside = {id(parameter) for parameter in backbone.parameters()}
        head = nn.ParameterList(p for p in net.parameters() if id(p) not in inside)
        return [
            *plain_groups(head, params.weight_decay),
            *plain_groups(backbone, params.weight_decay, params.backbone_lr),
        ]

    def forward(self, net: nn.Module, pixels: Tensor, truth: Truth | None = None) -> Any:
        """Return the network's answer, with its losses where there is a truth."""
        config: Any = net.config
        # Groups of queries (Group DETR) only exist in training; the loss has to know.
        config.group_detr = self._groups if net.training else 1
        try:
            wanted = None if truth is None else targets(truth, pixels, masks=self.family.masks)
            return net(pixels, labels=wanted)
        finally:
            config.group_detr = self._groups

    def loss(self, raw: Any, truth: Truth, box_gain: float, cls_gain: float) -> Losses:  # noqa: ARG002
        """Return the losses of a batch, in the published proportions at the default gains."""
        return losses_of(raw.loss_dict, self.net.config, box_gain, cls_gain)

    def decode(self, raw: Any) -> tuple[Tensor, Tensor]:
        """Return boxes (b, n, 4) in input pixels and scores (b, n, classes), float32."""
        size = torch.tensor([self.input.width, self.input.height] * 2, device=raw.logits.device)
        return corners(raw.pred_boxes.float()) * size, raw.logits.float().sigmoid()

    def masks(self, raw: Any) -> list[Masks] | None:
        """Return for each picture the masks of its n boxes."""
        return [Planes(part) for part in raw.pred_masks.float().cpu().numpy()] if self.family.masks else None

    def exportable(self, net: nn.Module) -> Exportable:
        """Wrap a network so that it answers logits and boxes, and for the proof the scores of its proposals."""
        served = Served(net, self.family.proposals, masks=self.family.masks)
        return Exportable(module=served, outputs=tuple(self.outputs), hidden=("proposals",))
