"""The truth of a batch as transformers asks for it."""

import torch
from torch import Tensor

from boxwright.ml.nets.base import Truth


def targets(truth: Truth, pixels: Tensor, *, masks: bool) -> list[dict[str, Tensor]]:
    """Return for each picture `class_labels` (g,) and `boxes` (g, 4) as centre and size, 0 to 1.

    With `masks` also those (g, rows, columns), and `masked` (g,), of which objects they are known.
    """
    height, width = pixels.shape[-2:]
    size = torch.tensor([width, height] * 2, device=truth.boxes.device)
    boxes = centred(truth.boxes / size)
    found = []
    for index in range(len(pixels)):
        mine = truth.image == index
        item = {"class_labels": truth.labels[mine], "boxes": boxes[mine]}
        if masks:
            assert truth.masks is not None
            assert truth.masked is not None
            item |= {"masks": truth.masks[mine], "masked": truth.masked[mine]}
        found.append(item)
    return found


def centred(boxes: Tensor) -> Tensor:
    """Turn corners (..., 4) into centre and size."""
    return torch.cat([(boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]], -1)


def corners(boxes: Tensor) -> Tensor:
    """Turn centre and size (..., 4) into corners."""
    half = boxes[..., 2:] / 2
    return torch.cat([boxes[..., :2] - half, boxes[..., :2] + half], -1)
