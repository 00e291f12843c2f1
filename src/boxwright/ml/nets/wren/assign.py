"""Which cells learn which object: task-aligned assignment (Feng et al., TOOD, 2021), with a start by place.

Before a network can locate anything its overlaps say nothing. A cell whose place and level suit an object counts as if
it overlapped a little, as with fixed assigners (Tian et al., FCOS, 2019), until the predictions are better than that.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from boxwright.ml.nets.base import Truth

TOP_K = 10
SCORE_POWER = 0.5
IOU_POWER = 6.0
# The overlap that the best place alone is worth.
PLACE_WORTH = 0.7
# Objects of so many strides a side suit a level best; the spread is in strides for the place, in octaves for the size.
SIDE, PLACE_SPREAD, SIZE_SPREAD = 5.6, 1.5, 1.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Assignment:
    """k positive cells.

    `cell` (k,) index into the flattened (b * n) cells, each at most once; `truth` (k,) index of its object;
    `quality` (k,) the score to learn, 0 to 1.
    """

    cell: Tensor
    truth: Tensor
    quality: Tensor


def box_iou_pairs(a: Tensor, b: Tensor) -> Tensor:
    """Return the IoU (k,) of boxes a (k, 4) and b (k, 4)."""
    size = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0)
    inter = size.prod(1)
    areas = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1)
    return inter / (areas - inter + _TINY)


def _candidates(truth: Truth, centres: Tensor, strides: Tensor) -> tuple[Tensor, Tensor]:
    """Return pairs (object, cell) where the cell's centre lies in the object, or within half a cell of its middle."""
    middle = (truth.boxes[:, :2] + truth.boxes[:, 2:]) / 2
    half = (truth.boxes[:, 2:] - truth.boxes[:, :2]) / 2
    inside_x = (centres[:, 0] - middle[:, :1]).abs() < torch.maximum(half[:, :1], strides[:, 0] / 2)
    inside_y = (centres[:, 1] - middle[:, 1:]).abs() < torch.maximum(half[:, 1:], strides[:, 0] / 2)
    pairs = (inside_x & inside_y).nonzero()
    return pairs[:, 0], pairs[:, 1]


def _place(boxes: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Return how well cells suit objects (k, 4) by place and level alone (k,), 0 to 1."""
    middle, sides = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    apart = ((centres - middle) / strides).square().sum(1)
    octaves = torch.log2(sides.prod(1).clamp(min=1).sqrt() / (strides[:, 0] * SIDE))
    return torch.exp(-apart / (2 * PLACE_SPREAD**2) - octaves.square() / (2 * SIZE_SPREAD**2))


@torch.no_grad()
def assign(truth: Truth, boxes: Tensor, scores: Tensor, centres: Tensor, strides: Tensor) -> Assignment:
    """Choose for every object the cells that locate and classify it best.

    Args:
        truth: g objects.
        boxes: predicted (b, n, 4) in input pixels.
        scores: predicted (b, n, classes), 0 to 1.
        centres: (n, 2) cell centres; strides: (n, 1).
    """
    cells = boxes.shape[1]
    owner, cell = _candidates(truth, centres, strides)
    flat = truth.image[owner] * cells + cell
    objects = truth.boxes[owner]
    place = _place(objects, centres[cell], strides[cell])
    overlap = torch.maximum(box_iou_pairs(boxes.reshape(-1, 4)[flat], objects), PLACE_WORTH * place)
    score = scores.reshape(-1, scores.shape[2])[flat, truth.labels[owner]]
    dense = torch.zeros(len(truth.boxes), cells, device=boxes.device)
    overlaps = torch.zeros_like(dense)
    dense[owner, cell] = score.pow(SCORE_POWER) * overlap.pow(IOU_POWER) + _TINY
    overlaps[owner, cell] = overlap
    value, chosen = dense.topk(min(TOP_K, cells), dim=1)
    rows, columns = (value > 0).nonzero(as_tuple=True)
    chosen = chosen[rows, columns]
    keep = _one_object_per_cell(
        rows, truth.image[rows] * cells + chosen, overlaps[rows, chosen], boxes.shape[0] * cells
    )
    rows, chosen = rows[keep], chosen[keep]
    fit, overlap = dense[rows, chosen], overlaps[rows, chosen]
    best_fit = torch.zeros(len(dense), device=boxes.device).scatter_reduce(0, rows, fit, "amax")
    best_overlap = torch.zeros(len(dense), device=boxes.device).scatter_reduce(0, rows, overlap, "amax")
    quality = fit * best_overlap[rows] / (best_fit[rows] + _TINY)
    return Assignment(truth.image[rows] * cells + chosen, rows, quality)


def _one_object_per_cell(rows: Tensor, flat: Tensor, overlap: Tensor, total: int) -> Tensor:
    """Return the mask (k,) of pairs that keep their cell: the greatest overlap wins, at a tie the first object."""
    best = torch.zeros(total, device=overlap.device).scatter_reduce(0, flat, overlap, "amax")
    wins = overlap >= best[flat]
    order = torch.where(wins, rows, torch.iinfo(rows.dtype).max)
    first = torch.full((total,), torch.iinfo(rows.dtype).max, device=rows.device, dtype=rows.dtype)
    first = first.scatter_reduce(0, flat, order, "amin")
    return wins & (rows == first[flat])
