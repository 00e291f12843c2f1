"""The many losses of a DETR (one for each decoder layer, for proposals, for denoising) as three."""

from typing import Any

import torch
from torch import Tensor

from boxwright.ml.nets.base import Losses

# The default gains: with them each family has the proportions that it was published with.
BOX_GAIN, CLS_GAIN = 5.0, 1.0
_CLASS = ("loss_vfl", "loss_mal", "loss_ce", "loss_focal")
# RF-DETR gives its losses unweighted, the others weighted.
_WEIGHTS = {
    "loss_ce": "class_loss_coefficient",
    "loss_bbox": "bbox_loss_coefficient",
    "loss_giou": "giou_loss_coefficient",
    "loss_mask_ce": "mask_class_loss_coefficient",
    "loss_mask_dice": "mask_dice_loss_coefficient",
}


def losses_of(parts: dict[str, Tensor], config: Any, box_gain: float, cls_gain: float) -> Losses:
    """Add the losses up.

    Args:
        parts: by name; what is no loss (`cardinality_error`) is left out. Of a batch without any object some are empty.
        config: of the network, for the weights of RF-DETR.
        box_gain: weight of everything about place.
        cls_gain: weight of everything about classes.
    """
    sums: dict[str, list[Tensor]] = {"cls": [], "box": [], "mask": []}
    for name, value in parts.items():
        if not name.startswith("loss_"):
            continue
        kind = next((key for key in _WEIGHTS if _is(name, key)), None)
        weight = float(getattr(config, _WEIGHTS[kind], 1.0)) if kind else 1.0
        about = "cls" if any(_is(name, key) for key in _CLASS) else "mask" if name.startswith("loss_mask") else "box"
        sums[about].append(value.float().sum() * weight)
    zero = torch.zeros((), device=sums["cls"][0].device)
    cls = sum(sums["cls"], zero) * (cls_gain / CLS_GAIN)
    box = sum(sums["box"], zero) * (box_gain / BOX_GAIN)
    mask = sum(sums["mask"], zero) if sums["mask"] else None
    return Losses(box + cls if mask is None else box + cls + mask, box, cls, mask)


def _is(name: str, key: str) -> bool:
    """Tell whether a name is `key`, or `key` with the layer it comes from behind."""
    rest = name.removeprefix(key)
    return rest != name and (not rest or rest.startswith(("_aux", "_dn", "_enc")) or rest[1:].isdigit())
