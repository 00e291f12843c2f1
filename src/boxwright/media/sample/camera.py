"""A pinhole camera over a table.

The world: millimetres, x to the right, y away from the viewer, z up; the table is z = 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from boxwright.media.sample.arrays import Array, unit, vector


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Camera:
    """Where it stands and looks. `focal` in pixels; pixel centres lie at whole numbers plus one half."""

    width: int
    height: int
    focal: float
    eye: Array
    right: Array
    down: Array
    forward: Array

    @property
    def scale(self) -> float:
        """Pixels a millimetre of the table has in the middle of the picture."""
        return float(self.focal * -self.forward[2] / self.eye[2])

    def rays(self, u: ArrayLike, v: ArrayLike) -> Array:
        """Return the directions (n, 3) of length 1 in which places (n,) of the picture look."""
        x = (np.asarray(u, np.float32) - self.width / 2) / self.focal
        y = (np.asarray(v, np.float32) - self.height / 2) / self.focal
        return unit(self.forward + x[:, None] * self.right + y[:, None] * self.down)

    def project(self, points: Array) -> Array:
        """Return where points (n, 3) appear in the picture, (n, 2)."""
        away = points - self.eye
        depth = away @ self.forward
        u = self.width / 2 + self.focal * (away @ self.right) / depth
        v = self.height / 2 + self.focal * (away @ self.down) / depth
        return np.stack([u, v], 1).astype(np.float32)

    def on_table(self, u: float, v: float) -> Array:
        """Return the point of the table (3,) that is seen at a place of the picture."""
        ray = self.rays(vector(u), vector(v))[0]
        return np.asarray(self.eye - ray * (self.eye[2] / ray[2]), np.float32)

    def table_to_picture(self) -> Array:
        """Return the homography from x, y on the table to u, v in the picture."""
        axes = np.stack([self.right, self.down, self.forward])
        world = np.column_stack([axes[:, 0], axes[:, 1], -axes @ self.eye])
        lens = np.array([[self.focal, 0, self.width / 2], [0, self.focal, self.height / 2], [0, 0, 1]], np.float32)
        return np.asarray(lens @ world, np.float32)


def look_at_table(width: int, height: int, *, across: float, tilt: float, angle: float) -> Camera:
    """Return a camera that sees `across` millimetres of the table from side to side in the middle of the picture.

    `tilt` is its way off the vertical, `angle` the field of view from side to side, both in radians.
    """
    focal = width / 2 / np.tan(angle / 2)
    distance = focal * across / width
    sin, cos = float(np.sin(tilt)), float(np.cos(tilt))
    return Camera(
        width=width,
        height=height,
        focal=float(focal),
        eye=vector(0, -distance * sin, distance * cos),
        right=vector(1, 0, 0),
        down=vector(0, -cos, -sin),
        forward=vector(0, sin, -cos),
    )
