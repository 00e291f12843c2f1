"""What the things lie on: wood, felt, linen, paper, stone, brushed metal. Squares of colour, seen from above."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from boxwright.media.sample.arrays import Array, Random, linear, mix, ramp
from boxwright.media.sample.noise import fractal, smooth

_WOODS = (
    ("#5A351C", "#A36F3F"), ("#8F6236", "#D2A570"), ("#3A2318", "#6E452B"), ("#A98658", "#E2C79A"),
    ("#77695C", "#B8AB9A"), ("#6B3A22", "#B5713F"),
)  # fmt: skip
_FELTS = ("#1F6B45", "#7C1B2A", "#203F78", "#4A4D52", "#2E2A3B", "#A98A63", "#136A74", "#5C6B3A")
_LINENS = ("#D9CFBC", "#8FA3B0", "#C4A58A", "#6D7B6A", "#B7B3AD", "#4B5A70", "#E6E0D2")
_PAPERS = ("#F3EEE2", "#E8E4DA", "#F6F6F2", "#D9CDB4", "#CFE0E6", "#EFD9CF")
_STONES = (("#D8D6D2", "#8E8B88"), ("#3B3F45", "#8D949B"), ("#C9B79F", "#8A6F55"), ("#20242A", "#5D6670"),
           ("#B9C2BE", "#6E7F78"))  # fmt: skip
_METALS = ("#B9BDC1", "#8D9299", "#C6B79A", "#6B7178")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Table:
    """A square of the surface: colour (s, s, 3) and how much of the lamp it mirrors, 0 to 1."""

    color: Array
    gloss: float


def _relief(height: Array, toward: tuple[float, float], depth: float) -> Array:
    """Return how bright the slopes of a surface are under a lamp in direction `toward` (x, y); 1 where it is flat."""
    dx = cv2.Scharr(height, cv2.CV_32F, 1, 0, scale=1 / 32)
    dy = cv2.Scharr(height, cv2.CV_32F, 0, 1, scale=1 / 32)
    return np.asarray((1 - depth * (dx * toward[0] - dy * toward[1])).clip(0.5, 1.6), np.float32)


def wood(rng: Random, size: int, scale: float, toward: tuple[float, float]) -> Table:
    """Return boards with grain, pores and joints."""
    dark, bright = (linear(color) for color in _WOODS[int(rng.integers(len(_WOODS)))])
    rows = np.arange(size, dtype=np.float32)[:, None]
    board = scale * float(rng.uniform(45, 110))
    number = np.floor((rows + rng.uniform(0, board)) / board).astype(int)
    per_board = rng.uniform(-1, 1, (int(number.max()) + 1, 3)).astype(np.float32)
    bend = smooth(rng, size, size, 16 * scale, 120 * scale) * 2.5
    year = float(rng.uniform(0.35, 0.9)) / scale
    rings = np.sin((rows + per_board[number, 0] * 300 + bend * scale) * year + 2.2 * per_board[number, 1])
    rings = rings * (0.6 + 0.4 * smooth(rng, size, size, 9 * scale, 90 * scale))
    grain = fractal(rng, size, 3.2 * scale, 4, stretch=24, gain=0.7)
    pores = ramp(smooth(rng, size, size, 0.5 * scale, 7 * scale), 1.2, 2.4)
    tone = 0.5 + 0.13 * rings + 0.17 * grain + 0.22 * per_board[number, 2]
    color = mix(dark, bright, tone.clip(0, 1))
    offset = (rows + 0.5) % board
    joint = np.exp(-((np.minimum(offset, board - offset) / (0.35 * scale)) ** 2)) if rng.random() < 0.7 else 0
    color *= ((1 - 0.42 * pores) * (1 - 0.7 * joint) * _relief(grain, toward, 0.10))[..., None]
    return Table(color=color, gloss=float(rng.uniform(0.05, 0.35)))


def felt(rng: Random, size: int, scale: float, toward: tuple[float, float]) -> Table:
    """Return pressed wool: fibres in all directions."""
    base = linear(_FELTS[int(rng.integers(len(_FELTS)))])
    white = rng.standard_normal((size, size), np.float32)
    fibres = np.zeros((size, size), np.float32)
    for angle in rng.uniform(0, 180, 3):
        length = max(3, int(2.2 * scale))
        line = np.zeros((length, length), np.float32)
        turned = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), float(angle), 1)
        line[length // 2] = 1 / length
        fibres = np.maximum(fibres, cv2.filter2D(white, -1, cv2.warpAffine(line, turned, (length, length))))
    cloud = fractal(rng, size, 30 * scale, 3)
    tone = 1 + 0.55 * (fibres - fibres.mean()) + 0.07 * cloud
    return Table(color=np.asarray(base * (tone * _relief(fibres, toward, 0.35))[..., None], np.float32), gloss=0.0)


def linen(rng: Random, size: int, scale: float, toward: tuple[float, float]) -> Table:
    """Return woven cloth."""
    base = linear(_LINENS[int(rng.integers(len(_LINENS)))])
    thread = max(scale * float(rng.uniform(0.8, 1.5)), 2.6)
    axis = np.arange(size, dtype=np.float32)
    x = axis[None, :] + smooth(rng, size, size, 9 * scale, 9 * scale) * 0.35 * thread
    y = axis[:, None] + smooth(rng, size, size, 9 * scale, 9 * scale) * 0.35 * thread
    along, across = np.abs(np.sin(np.pi * x / thread)), np.abs(np.sin(np.pi * y / thread))
    over = np.sin(np.pi * x / thread) * np.sin(np.pi * y / thread) > 0
    height = np.where(over, along, across).astype(np.float32)
    yarn = np.where(
        over, smooth(rng, size, size, 20 * scale, thread), smooth(rng, size, size, thread, 20 * scale)
    ).astype(np.float32)
    tone = (0.72 + 0.3 * height) * (1 + 0.09 * yarn)
    if rng.random() < 0.4:
        other = linear(_LINENS[int(rng.integers(len(_LINENS)))])
        stripe = ((axis // (scale * float(rng.uniform(8, 22)))) % 2).astype(np.float32)
        base = mix(base, other, 0.4 * (stripe[None, :] + stripe[:, None]))
    return Table(color=np.asarray(base * (tone * _relief(height, toward, 0.25))[..., None], np.float32), gloss=0.0)


def paper(rng: Random, size: int, scale: float, toward: tuple[float, float]) -> Table:
    """Return paper, plain, ruled or squared."""
    base = linear(_PAPERS[int(rng.integers(len(_PAPERS)))])
    tooth, cloud = fractal(rng, size, 1.2 * scale, 2), fractal(rng, size, 40 * scale, 2)
    color = base * ((1 + 0.015 * cloud) * _relief(tooth, toward, 0.09))[..., None]
    kind = rng.random()
    if kind < 0.55:
        step, axis = scale * float(rng.choice([5.0, 8.0])), np.arange(size, dtype=np.float32)
        offset = axis % step
        line = np.exp(-((np.minimum(offset, step - offset) / max(0.18 * scale, 0.6)) ** 2)).astype(np.float32)
        ink = line[:, None] + (line[None, :] if kind < 0.3 else 0)
        color = mix(color, linear("#5B87B0"), (0.42 * ink).clip(0, 0.45) * np.ones((size, size), np.float32))
    return Table(color=np.asarray(color, np.float32), gloss=0.03)


def stone(rng: Random, size: int, scale: float, _: tuple[float, float]) -> Table:
    """Return polished stone with veins or grains."""
    base, other = (linear(color) for color in _STONES[int(rng.integers(len(_STONES)))])
    cloud = fractal(rng, size, 45 * scale, 5, gain=0.6)
    if rng.random() < 0.55:
        bend = fractal(rng, size, 60 * scale, 4)
        vein = np.exp(-((np.abs(bend + 0.25 * cloud) / 0.07) ** 2)) * ramp(cloud, -1.2, 0.8)
        color = mix(base, other, (0.25 + 0.13 * cloud + 0.6 * vein).clip(0, 1).astype(np.float32))
    else:
        grains = cv2.medianBlur(smooth(rng, size, size, 1.3 * scale, 1.3 * scale), 5)
        color = mix(base, other, ramp(grains + 0.25 * cloud, -0.9, 1.3))
        color *= (1 + 0.16 * smooth(rng, size, size, 0.7 * scale, 0.7 * scale))[..., None].clip(0.4, 1.5)
    return Table(color=color, gloss=float(rng.uniform(0.25, 0.6)))


def metal(rng: Random, size: int, scale: float, _: tuple[float, float]) -> Table:
    """Return brushed metal."""
    base = linear(_METALS[int(rng.integers(len(_METALS)))]) * np.float32(0.75)
    fine = smooth(rng, size, size, 1.0, 60 * scale) + 0.6 * smooth(rng, size, size, 2.0, 20 * scale)
    broad = smooth(rng, size, size, 40 * scale, 400 * scale)
    tone = (1 + 0.10 * fine + 0.12 * broad).clip(0.4, 1.7)
    return Table(color=np.asarray(base * tone[..., None], np.float32), gloss=0.7)


Maker = Callable[[Random, int, float, tuple[float, float]], Table]
TABLES: tuple[Maker, ...] = (wood, felt, linen, paper, stone, metal)
SHARES = (0.26, 0.17, 0.17, 0.15, 0.15, 0.1)


def random_table(rng: Random, size: int, scale: float, toward: tuple[float, float]) -> Table:
    """Return some table, `size` pixels square with `scale` pixels a millimetre, lit from `toward` (x, y)."""
    return TABLES[int(rng.choice(len(TABLES), p=SHARES))](rng, size, scale, toward)
