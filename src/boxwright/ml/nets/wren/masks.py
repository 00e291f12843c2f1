"""What the masks of Wren are told: cross-entropy and overlap (Milletari et al., V-Net, 2016) on a grid of each object.

The prototypes are looked at only where an object's own grid lies, so the memory that is needed grows with the number of
objects and not with the size of the input, and a small object is learned as finely as a large one.
"""

import torch
from torch import Tensor
from torch.nn import functional

from boxwright.ml.data.outlines import BoxGrid
from boxwright.ml.nets.base import Truth
from boxwright.ml.nets.wren.assign import TOP_K, Assignment
from boxwright.ml.nets.wren.model import MASK_STRIDE, WrenRaw

GRID = BoxGrid(28, 28, 0.1)
GAIN = 2.0
# Of more objects in a batch, evenly spread ones are learned from.
MAX_OBJECTS = 400


def mask_loss(raw: WrenRaw, truth: Truth, found: Assignment) -> Tensor:
    """Return the weighted loss of the masks of a batch, a scalar.

    Args:
        raw: with coefficients and prototypes.
        truth: with masks (g, 28, 28) of `GRID`; objects whose mask is not known are passed over.
        found: which cells learn which object, by rising object.
    """
    assert raw.coefficients is not None
    assert raw.prototypes is not None
    assert truth.masks is not None
    assert truth.masked is not None
    objects = torch.unique(found.truth)
    objects = objects[truth.masked[objects]]
    objects = objects[:: max(1, -(-len(objects) // MAX_OBJECTS))]
    if not len(objects):
        return raw.prototypes.sum() * 0.0
    coefficients, weights = _by_object(raw.coefficients, found, objects, len(truth.boxes))
    seen = _grids(raw.prototypes.float(), truth, objects)
    logits = torch.bmm(coefficients, seen)
    target = truth.masks[objects].flatten(1).float()[:, None].expand_as(logits)
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none").mean(2)
    chance = logits.sigmoid()
    overlap = (2 * (chance * target).sum(2) + 1) / (chance.sum(2) + target.sum(2) + 1)
    return GAIN * ((entropy + 1 - overlap) * weights).sum() / weights.sum().clamp(min=1.0)


def _by_object(coefficients: Tensor, found: Assignment, objects: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the coefficients (o, TOP_K, k) of the cells of each object, and their weights (o, TOP_K), 0 where none."""
    place = torch.full((count,), -1, device=objects.device)
    place[objects] = torch.arange(len(objects), device=objects.device)
    keep = place[found.truth] >= 0
    owner = place[found.truth[keep]]
    rank = torch.arange(len(owner), device=owner.device) - torch.searchsorted(owner, owner)
    table = coefficients.new_zeros((len(objects), TOP_K, coefficients.shape[2]), dtype=torch.float32)
    weights = torch.zeros(table.shape[:2], device=owner.device)
    weights[owner, rank] = found.quality[keep]
    return table.index_put((owner, rank), coefficients.flatten(0, 1)[found.cell[keep]].float()), weights


def _grids(prototypes: Tensor, truth: Truth, objects: Tensor) -> Tensor:
    """Return the prototypes (o, k, points) at the places of each object's grid, bilinear between the cells."""
    from torchvision.ops import roi_align  # here: every training of boxes would take a second to start for it

    boxes = truth.boxes[objects]
    grow = (boxes[:, 2:] - boxes[:, :2]) * GRID.margin
    frames = torch.cat([truth.image[objects, None].float(), boxes[:, :2] - grow, boxes[:, 2:] + grow], 1)
    grids: Tensor = roi_align(prototypes, frames, (GRID.rows, GRID.columns), 1 / MASK_STRIDE, 1, aligned=True)
    return grids.flatten(2)
