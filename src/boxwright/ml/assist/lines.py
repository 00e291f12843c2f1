"""The edge of a field as a polygon of the picture, with as few points as are needed."""

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.clipping import clip
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Polygon
from boxwright.ml.adapters.contours import trace
from boxwright.ml.assist.window import Floats, Window

_DIGITS = 2
# In cells of the field: what is nearer to the line than this can go.
_TOLERANCE = 0.4
SPECK = 0.01


def outlined(field: Floats, window: Window, size: tuple[int, int], speck: float = SPECK) -> Polygon | None:
    """Return the outline of what is over 0, in pixels of the picture of `size`; None where nothing is.

    Parts and holes of less than a share `speck` of the largest part are left out.
    """
    rings = trace(field, *window.middles())
    sizes = [_area(ring) for ring in rings]
    least = speck * max(sizes, default=0.0)
    tolerance = _TOLERANCE / max(window.scale_x, window.scale_y)
    simple = [_simplified(ring, tolerance) for ring, area in zip(rings, sizes, strict=True) if area > least]
    try:
        found = clip(Polygon(rings=tuple(ring for ring in simple if len(ring) >= 3)), *size)
    except Invalid:
        return None
    return found if isinstance(found, Polygon) else None


def _area(ring: NDArray[np.float64]) -> float:
    x, y = (ring - ring[0]).T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def _simplified(ring: NDArray[np.float64], tolerance: float) -> tuple[tuple[float, float], ...]:
    """Return the points that matter (Douglas and Peucker, 1973), to a hundredth of a pixel."""
    corner = ring.min(0)  # the numbers stay small, so that 32 bits hold them exactly enough
    points = cv2.approxPolyDP((ring - corner).astype(np.float32)[:, None], tolerance, closed=True)[:, 0]
    places = np.round(points + corner, _DIGITS).tolist()
    pairs = zip(places[-1:] + places[:-1], places, strict=True)
    return tuple((x, y) for before, (x, y) in pairs if before != [x, y])
