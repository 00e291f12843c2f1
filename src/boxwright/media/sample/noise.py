"""Noise: the stuff that surfaces are made of."""

from functools import cache

import cv2
import numpy as np

from boxwright.media.sample.arrays import Array, Random

TILE = 256
_ROW = 1024  # OpenCV takes no lists longer than 32,767


def smooth(rng: Random, height: int, width: int, cell_y: float, cell_x: float) -> Array:
    """Return noise of mean 0 and deviation about 1 whose lumps measure `cell_y` x `cell_x` pixels."""
    rows, columns = max(2, round(height / cell_y)), max(2, round(width / cell_x))
    grid = rng.standard_normal((rows, columns), np.float32)
    fine = min(cell_y, cell_x) < 1.6
    return np.asarray(cv2.resize(grid, (width, height), interpolation=cv2.INTER_LINEAR if fine else cv2.INTER_CUBIC))


def fractal(rng: Random, size: int, cell: float, octaves: int, *, stretch: float = 1.0, gain: float = 0.5) -> Array:
    """Return the sum of `octaves` noises, each half as coarse and `gain` as strong; `stretch` lengthens lumps in x."""
    total = np.zeros((size, size), np.float32)
    strength, norm = 1.0, 0.0
    for _ in range(octaves):
        total += strength * smooth(rng, size, size, cell, cell * stretch)
        norm += strength * strength
        strength *= gain
        cell = max(cell / 2, 1.0)
    return np.asarray(total / np.sqrt(norm), np.float32)


@cache
def tile(kind: str) -> Array:
    """Return a square of noise that repeats without a seam, of mean 0 and deviation 1: `cloud`, `grain` or `dots`."""
    rng = np.random.default_rng(abs(hash_text(kind)))
    white = rng.standard_normal((TILE, TILE)).astype(np.float32)
    spectrum = np.fft.rfft2(white)
    fy, fx = np.fft.fftfreq(TILE)[:, None] * TILE, np.fft.rfftfreq(TILE)[None, :] * TILE
    if kind == "cloud":
        weight = 1 / np.maximum(np.hypot(fx, fy), 1) ** 1.6
    elif kind == "grain":
        weight = 1 / np.maximum(np.hypot(fx * 9, fy), 1) ** 1.2
    else:
        weight = np.exp(-((np.hypot(fx, fy) / 60) ** 2))
    weight[0, 0] = 0
    found = np.fft.irfft2(spectrum * weight, (TILE, TILE)).astype(np.float32)
    return np.asarray(found / found.std(), np.float32)


def hash_text(text: str) -> int:
    """Return a number that a text stands for, the same in every process."""
    return int.from_bytes(text.encode(), "little") % (1 << 31)


def sample(kind: str, x: Array, y: Array) -> Array:
    """Look noise up at places in units of the tile's side."""
    scale = np.float32(TILE)
    return look_up(tile(kind), (x * scale) % scale, (y * scale) % scale, cv2.BORDER_WRAP)


def look_up(field: Array, u: Array, v: Array, border: int = cv2.BORDER_REPLICATE) -> Array:
    """Return the values of a picture (h, w) or (h, w, c) at places (n,), between pixels in proportion."""
    count = len(u)
    rows = -(-count // _ROW)
    places = np.zeros((2, rows * _ROW), np.float32)
    places[0, :count], places[1, :count] = u, v
    x, y = places.reshape(2, rows, _ROW)
    found = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(found.reshape(rows * _ROW, *field.shape[2:])[:count], np.float32)
