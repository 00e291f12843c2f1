"""What a camera adds: depth of field, shaken hands, vignetting, colour cast, noise; and light to 8-bit sRGB."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.media.sample.arrays import Array, Random, ramp

_LEVELS = 4096
_GRAIN = 1024


def develop(light: Array, rng: Random) -> NDArray[np.uint8]:
    """Return the picture (h, w, 3) of the light that fell on the sensor."""
    height, width = light.shape[:2]
    image = _out_of_focus(light, rng)
    if rng.random() < 0.12:
        image = _shaken(image, rng)
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    vignette = 1 - np.float32(rng.uniform(0.0, 0.28)) * (rows * rows + columns * columns) / 2
    exposure = np.float32(_exposure(image, rng))
    cast = (exposure * (1 + rng.uniform(-0.06, 0.06, 3))).astype(np.float32)
    image = np.asarray(image * (vignette[..., None] * cast), np.float32)
    noise = _grain()
    top, left = (int(rng.integers(0, _GRAIN - side)) for side in (height, width))
    strength = np.float32(rng.uniform(0.002, 0.014))
    image += noise[top : top + height, left : left + width] * strength * np.sqrt(image + 0.02)
    return np.take(_curve(), (image * (_LEVELS / 2)).clip(0, _LEVELS - 1).astype(np.uint16))


def _exposure(image: Array, rng: Random) -> float:
    """Return the gain that makes the picture neither dark nor burnt, with some freedom."""
    bright = float(np.percentile(image[::4, ::4].max(2), 98.5))
    wanted = min(1.0, 0.48 + 0.45 * bright)
    return float(np.clip(wanted / max(bright, 1e-3), 0.5, 2.4) * rng.uniform(0.88, 1.12))


def _out_of_focus(image: Array, rng: Random) -> Array:
    """Blur what is farther or nearer than where the camera is focused."""
    softness = float(rng.uniform(0.35, 0.8))
    sharp = cv2.GaussianBlur(image, (0, 0), softness)
    if rng.random() < 0.45:
        return np.asarray(sharp, np.float32)
    strength = float(rng.uniform(1.0, 3.2))
    soft = cv2.GaussianBlur(image, (0, 0), strength)
    focus = float(rng.uniform(0.3, 0.7))
    rows = np.linspace(0, 1, image.shape[0], dtype=np.float32)
    part = ramp(np.abs(rows - focus), 0.12, 0.62)[:, None, None]
    return np.asarray(sharp + (soft - sharp) * part, np.float32)


def _shaken(image: Array, rng: Random) -> Array:
    length = int(rng.integers(2, 5)) * 2 + 1
    kernel = np.zeros((length, length), np.float32)
    middle, angle = length // 2, float(rng.uniform(0, np.pi))
    dx, dy = round(middle * float(np.cos(angle))), round(middle * float(np.sin(angle)))
    cv2.line(kernel, (middle - dx, middle - dy), (middle + dx, middle + dy), 1.0, 1)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.float32)


@cache
def _grain() -> Array:
    white = np.random.default_rng(7).standard_normal((_GRAIN, _GRAIN, 3), np.float32)
    return np.asarray(cv2.GaussianBlur(white, (0, 0), 0.6) * 1.8, np.float32)


@cache
def _curve() -> NDArray[np.uint8]:
    """From linear light 0 to 2 to sRGB, highlights rolled off like film."""
    x = np.arange(_LEVELS) / (_LEVELS / 2)
    film = np.where(x < 0.6, x, 0.6 + 0.4 * (1 - np.exp(-(x - 0.6) / 0.4)))
    srgb = np.where(film < 0.0031308, film * 12.92, 1.055 * film ** (1 / 2.4) - 0.055)
    return np.asarray((srgb * 255 + 0.5).clip(0, 255), np.uint8)
