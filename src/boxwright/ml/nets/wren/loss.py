"""What Wren minimises: complete IoU (Zheng et al., 2020), cross-entropy against aligned quality, and mask losses."""

import math

import torch
from torch import Tensor
from torch.nn import functional

from boxwright.ml.nets.base import Losses, Truth
from boxwright.ml.nets.wren.assign import assign
from boxwright.ml.nets.wren.masks import mask_loss
from boxwright.ml.nets.wren.model import WrenRaw, anchor_points, decode_boxes

_TINY = 1e-7


def complete_iou(a: Tensor, b: Tensor) -> Tensor:
    """Return CIoU (k,), -1 to 1, of boxes a (k, 4) and b (k, 4): IoU less centre distance less difference of aspect."""
    wh_a, wh_b = a[:, 2:] - a[:, :2], b[:, 2:] - b[:, :2]
    inter = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    iou = inter / (wh_a.prod(1) + wh_b.prod(1) - inter + _TINY)
    hull = torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])
    apart = ((a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) ** 2).sum(1) / 4
    angle = torch.atan(wh_b[:, 0] / (wh_b[:, 1] + _TINY)) - torch.atan(wh_a[:, 0] / (wh_a[:, 1] + _TINY))
    aspect = 4 / math.pi**2 * angle**2
    with torch.no_grad():
        weight = aspect / (1 - iou + aspect + _TINY)
    return iou - apart / ((hull**2).sum(1) + _TINY) - weight * aspect


def wren_loss(raw: WrenRaw, truth: Truth, box_gain: float, cls_gain: float) -> Losses:
    """Return the losses of a batch.

    Args:
        raw: what `Wren.forward` answered.
        truth: the objects of the batch; may be none.
        box_gain: weight of the box part; cls_gain: weight of the class part.
    """
    distances, logits = raw.distances.float(), raw.logits.float()
    centres, strides = anchor_points(*raw.size, distances.device)
    boxes = decode_boxes(distances, centres, strides)
    target = torch.zeros(logits.shape, device=logits.device)
    # Nothing, yet with a gradient of nothing for every weight.
    box_loss = distances.sum() * 0.0
    mask_part = None if raw.coefficients is None else raw.coefficients.sum() * 0.0
    norm = torch.ones((), device=logits.device)
    if len(truth.boxes):
        found = assign(truth, boxes.detach(), logits.detach().sigmoid(), centres, strides)
        target.view(-1, target.shape[2])[found.cell, truth.labels[found.truth]] = found.quality
        norm = found.quality.sum().clamp(min=1.0)
        similarity = complete_iou(boxes.reshape(-1, 4)[found.cell], truth.boxes[found.truth])
        box_loss = ((1 - similarity) * found.quality).sum() / norm
        if mask_part is not None:
            mask_part = mask_part + mask_loss(raw, truth, found)
    cls_loss = functional.binary_cross_entropy_with_logits(logits, target, reduction="sum") / norm
    box_part, cls_part = box_gain * box_loss, cls_gain * cls_loss
    total = box_part + cls_part if mask_part is None else box_part + cls_part + mask_part
    return Losses(total, box_part, cls_part, mask_part)
