"""Shadows on the table, and through it on everything: a place is dark where its shadow falls on a shadow."""

from dataclasses import dataclass

import cv2
import numpy as np

from boxwright.media.sample.arrays import Array
from boxwright.media.sample.camera import Camera
from boxwright.media.sample.light import Light
from boxwright.media.sample.noise import look_up
from boxwright.media.sample.solids import Solid

COARSE = 2  # pixels of the picture a pixel of a shadow, in each direction


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Shadow:
    """What one body takes from the table below it: the lamp, and the room around, as shares of (h, w) coarse pixels."""

    lamp: Array
    around: Array


def cast(solid: Solid, camera: Camera, light: Light) -> Shadow:
    """Return the shadow of a body on the table."""
    rim = solid.rim()
    onto = rim - light.toward * (rim[:, 2:] / light.toward[2])
    height = max(solid.top, 0.1)
    lamp = _soft(onto, camera, 0.25 + light.softness * height * 0.5)
    near = rim.copy()
    near[:, 2] = 0
    middle = near.mean(0)
    around = _soft(middle + (near - middle) * 1.03, camera, 0.3 + 0.22 * height)
    return Shadow(lamp=lamp * np.float32(0.96), around=around * np.float32(0.72))


def _soft(points: Array, camera: Camera, blur: float) -> Array:
    """Return a hull of points on the table as a blurred picture; `blur` in millimetres."""
    width, height = -(-camera.width // COARSE), -(-camera.height // COARSE)
    hull = cv2.convexHull(camera.project(points) / COARSE)[:, 0]
    sigma = max(blur * camera.scale / COARSE, 0.4)
    image = np.zeros((height, width), np.float32)
    reach = int(3 * sigma) + 2
    x0, y0 = np.floor(hull.min(0)).astype(int) - reach
    x1, y1 = np.ceil(hull.max(0)).astype(int) + reach
    if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
        return image
    part = np.zeros((int(y1 - y0), int(x1 - x0)), np.uint8)
    moved = np.round((hull - (x0, y0) - 0.5) * 16).astype(np.int32)
    cv2.fillConvexPoly(part, moved, 255, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(part, (0, 0), float(sigma)).astype(np.float32) / 255
    left, top, right, bottom = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    image[top:bottom, left:right] = soft[top - y0 : bottom - y0, left - x0 : right - x0]
    return image


def full_size(mask: Array, camera: Camera) -> Array:
    """Return a coarse picture in the size of the camera's."""
    return np.asarray(cv2.resize(mask, (camera.width, camera.height), interpolation=cv2.INTER_LINEAR), np.float32)


def reaching(points: Array, masks: list[Array], camera: Camera, light: Light | None) -> Array:
    """Return the share (n,) of light that shadows leave at points of the world (n, 3).

    With a light the masks are shadows of its lamp; without, they lie straight below.
    """
    if not masks:
        return np.ones(len(points), np.float32)
    left = np.prod([1 - mask for mask in masks], axis=0).astype(np.float32)
    onto = points.copy() if light is None else points - light.toward * (points[:, 2:] / light.toward[2])
    onto[:, 2] = 0
    places = np.asarray(camera.project(onto) / COARSE - 0.5, np.float32)
    return look_up(left, places[:, 0], places[:, 1])
