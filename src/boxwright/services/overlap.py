"""Which proposals lie on what somebody has reviewed already."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.annotations import Annotation

SAME_IOU = 0.7
"""A proposal that overlaps a reviewed annotation of its class this much shows the same object, and is left out."""


def fresh(proposals: Sequence[Annotation], existing: Iterable[Annotation]) -> list[Annotation]:
    """Return those proposals that do not show an object which a reviewed annotation of the same class shows."""
    reviewed: dict[str, list[tuple[float, float, float, float]]] = {}
    for item in existing:
        if item.state != "proposal":
            reviewed.setdefault(item.class_id, []).append(item.geometry.bounds)
    columns = {class_id: np.array(bounds) for class_id, bounds in reviewed.items()}
    return [
        item
        for item in proposals
        if item.class_id not in columns or not _overlaps(np.array(item.geometry.bounds), columns[item.class_id])
    ]


def _overlaps(box: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    inter = np.prod(np.clip(sides, 0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    return bool((inter >= SAME_IOU * (np.prod(box[2:] - box[:2]) + areas - inter)).any())
