"""Arrays, colours and ramps that all parts of the renderer use. Light is linear; 1.0 is white paper in full light."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float32]
Random = np.random.Generator
Rgb = tuple[float, float, float]


def linear(color: str) -> Array:
    """Return a colour `#RRGGBB` in linear light, shape (3,)."""
    values = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return np.power(np.array(values, np.float32), 2.2)


def vector(*values: float) -> Array:
    """Return a float32 vector."""
    return np.array(values, np.float32)


def unit(values: ArrayLike) -> Array:
    """Return vectors (..., 3) at length 1."""
    array = np.asarray(values, np.float32)
    return np.asarray(array / np.sqrt(dot(array, array))[..., None].clip(1e-9), np.float32)


def dot(a: Array, b: Array) -> Array:
    """Return the inner products of vectors (..., 2 or 3)."""
    total = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1]
    return total + a[..., 2] * b[..., 2] if a.shape[-1] == 3 else total


def ramp(values: Array, low: float, high: float) -> Array:
    """Return a smooth step from 0 at `low` to 1 at `high`; falling where `low` is above `high`."""
    t = ((values - low) / (high - low)).clip(0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def mix(a: Array, b: Array, part: Array | np.float32) -> Array:
    """Return colours (..., 3) between `a` and `b`; `part` (...) is the share of `b`."""
    return np.asarray(a + (b - a) * np.asarray(part)[..., None], np.float32)


def spin(angle: float) -> Array:
    """Return the matrix that turns by `angle` radians about the vertical axis."""
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]], np.float32)


def lean(toward: float, angle: float) -> Array:
    """Return the matrix that lets a flat thing sink by `angle` radians on the side that lies in direction `toward`."""
    x, y = -float(np.sin(toward)), float(np.cos(toward))
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    rest = 1 - cos
    return np.array(
        [
            [cos + x * x * rest, x * y * rest, y * sin],
            [x * y * rest, cos + y * y * rest, -x * sin],
            [-y * sin, x * sin, cos],
        ],
        np.float32,
    )
