"""Two rounded bodies, a box and a disc, hit by the rays of a camera."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from boxwright.media.sample.arrays import Array, dot
from boxwright.media.sample.camera import Camera

FINE = 2  # rays a pixel, in each direction
_STEPS = 7
# Millimetres: close enough, too far to come closer than a pixel, and room around a body for rays that pass by.
_NEAR, _FAR, _SPARE = 0.02, 20.0, 0.3
Rect = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Solid:
    """A box or disc with rounded edges.

    `half` holds half the sizes in x, y and z (a disc: radius, radius, half the height), `turn` the matrix from its own
    axes to the world's, `place` the centre.
    """

    shape: Literal["box", "disc"]
    half: tuple[float, float, float]
    rounding: float
    turn: Array
    place: Array

    @property
    def top(self) -> float:
        """The height of its highest point, in millimetres (edges as if they were sharp)."""
        return float(self.rim()[:, 2].max())

    def rim(self) -> Array:
        """Return points of the world (n, 3) whose hull is the body with its edges hardly rounded."""
        if self.shape == "box":
            # Rounding takes the corners off: the hull of slightly smaller edges is closer to what is seen.
            signs = np.array(np.meshgrid(*[(-1, 1)] * 3), np.float32).reshape(3, 8).T
            points = signs * (np.array(self.half, np.float32) - 0.3 * self.rounding)
        else:
            angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
            flat = np.stack([np.cos(angles), np.sin(angles)], 1) * self.half[0]
            points = np.concatenate([np.column_stack([flat, np.full(40, z)]) for z in (-self.half[2], self.half[2])])
        return np.asarray(points.astype(np.float32) @ self.turn.T + self.place, np.float32)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hits:
    """What the rays through a part of the picture met.

    `coverage` is of each (h, w) fine pixel; rays that pass close by count partly, at their nearest point. `met` says
    which of them have any, and of those are `at`, `normal` (both in the body's own axes) and `ray`.
    """

    rect: Rect
    coverage: Array
    met: NDArray[np.intp]
    at: Array
    normal: Array
    ray: Array


def frame_of(solid: Solid, camera: Camera) -> Rect | None:
    """Return the pixels x0 y0 x1 y1 in which a body may appear, or None where it is outside the picture."""
    seen = camera.project(solid.rim())
    x0, y0 = np.floor(seen.min(0)).astype(int) - 2
    x1, y1 = np.ceil(seen.max(0)).astype(int) + 2
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, camera.width), min(y1, camera.height)
    return (int(x0), int(y0), int(x1), int(y1)) if x1 > x0 and y1 > y0 else None


def trace(solid: Solid, camera: Camera, rect: Rect) -> Hits:
    """Follow the rays through the fine pixels of a rectangle to a body."""
    x0, y0, x1, y1 = rect
    columns = (np.arange((x1 - x0) * FINE, dtype=np.float32) + 0.5) / FINE + x0
    rows = (np.arange((y1 - y0) * FINE, dtype=np.float32) + 0.5) / FINE + y0
    u, v = (axis.ravel() for axis in np.meshgrid(columns, rows))
    ray = camera.rays(u, v)
    origin = np.asarray((camera.eye - solid.place) @ solid.turn, np.float32)
    way = np.asarray(ray @ solid.turn, np.float32)
    reach, nearest = _march(solid, origin, way)
    size = float(np.linalg.norm(camera.eye - solid.place)) / camera.focal / FINE
    coverage = (1 - nearest / size).clip(0, 1)
    met = np.flatnonzero(coverage)
    at = np.asarray(origin + way[met] * reach[met, None], np.float32)
    shape = (rows.size, columns.size)
    return Hits(rect=rect, coverage=coverage.reshape(shape), met=met, at=at, normal=_normal(solid, at), ray=ray[met])


def _march(solid: Solid, origin: Array, way: Array) -> tuple[Array, Array]:
    """Return for each ray (n,) where it comes closest to a body, and how close."""
    middle, size = -(way @ origin), np.float32(np.linalg.norm(solid.half))
    # Nothing is met before a ray is between all pairs of opposite faces of the box around the body.
    enter = (-np.sign(way) * (np.array(solid.half, np.float32) + _SPARE) - origin) / np.where(way == 0, 1e-9, way)
    far = np.maximum(middle - size, enter[:, 2] if solid.shape == "disc" else enter.max(1))
    far = np.minimum(far, middle + size).astype(np.float32)
    reach, nearest = far.copy(), np.full(far.shape, np.inf, np.float32)
    going = np.arange(len(far))
    for _ in range(_STEPS):
        here = far[going]
        distance = _distance(solid, origin + way[going] * here[:, None])
        # Both bodies are convex: a ray that gets no closer has passed.
        closer = np.flatnonzero(distance < nearest[going])
        going, here, distance = going[closer], here[closer], distance[closer]
        reach[going], nearest[going] = here, distance
        far[going] = here + distance
        going = going[(distance > _NEAR) & (distance < _FAR)]
        if not going.size:
            break
    return reach, nearest


def _folded(solid: Solid, at: Array) -> Array:
    """Return how far points lie outside of the body's sharp core, along its two or three directions."""
    if solid.shape == "box":
        return np.asarray(np.abs(at) - (np.array(solid.half) - solid.rounding), np.float32)
    around = np.sqrt(at[:, 0] * at[:, 0] + at[:, 1] * at[:, 1]) - np.float32(solid.half[0] - solid.rounding)
    return np.stack([around, np.abs(at[:, 2]) - np.float32(solid.half[2] - solid.rounding)], 1)


def _distance(solid: Solid, at: Array) -> Array:
    outside = np.maximum(_folded(solid, at), 0)
    return np.sqrt(dot(outside, outside)) - np.float32(solid.rounding)


def _normal(solid: Solid, at: Array) -> Array:
    outside = np.maximum(_folded(solid, at), 1e-6)
    outside /= np.sqrt(dot(outside, outside))[:, None]
    if solid.shape == "box":
        return np.asarray(outside * np.where(at < 0, -1, 1), np.float32)
    around = at[:, :2] / np.sqrt(dot(at[:, :2], at[:, :2]))[:, None].clip(1e-6)
    return np.concatenate(
        [around * outside[:, :1], outside[:, 1:] * np.where(at[:, 2:] < 0, -1, 1)], 1, dtype=np.float32
    )
