"""Endless generated scenes to learn from before any real picture: things of invented kinds on invented grounds.

A kind is drawn once from its number: up to four parts, each with a form, a filling and colours of its own. What varies
from one thing to the next of the same kind is what varies between real things: place, size, turn, light, colour, a
little of the form. Nothing here was drawn from a real picture or by a network.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

KINDS = 128
SPRITE = 128
VARIANTS = 5
GROUNDS = 40
Rgb = NDArray[np.uint8]
Floats = NDArray[np.float32]
Random = np.random.Generator
# x and y of the pixels of a thing, -1 to 1.
PLANE = tuple(part.astype(np.float32) for part in np.mgrid[0:SPRITE, 0:SPRITE][::-1] / SPRITE * 2 - 1)


@dataclass(frozen=True)
class Part:
    """A form with its filling; places and sizes in radii of the whole."""

    form: int
    corners: int
    wave: NDArray[np.float64]
    centre: tuple[float, float]
    size: tuple[float, float]
    turn: float
    filling: int
    colours: NDArray[np.float64]
    frequency: float
    edge: float


@dataclass(frozen=True)
class Kind:
    """What all things of a kind have in common."""

    parts: tuple[Part, ...]
    upright: bool
    any_colour: bool
    opacity: float
    aspect: float


@dataclass(frozen=True)
class Scene:
    """A picture uint8 (s, s, 3) RGB with boxes float32 (g, 4) and kinds int64 (g,)."""

    pixels: Rgb
    boxes: Floats
    labels: NDArray[np.int64]


def kind(number: int) -> Kind:
    """Return a kind; the same each time."""
    rng = np.random.default_rng((20261127, number))
    parts = [_part(rng, main=True)] + [_part(rng, main=False) for _ in range(rng.choice(4, p=[0.35, 0.3, 0.2, 0.15]))]
    return Kind(
        tuple(parts),
        upright=rng.random() < 0.4,
        any_colour=rng.random() < 0.35,
        opacity=rng.uniform(0.35, 0.8) if rng.random() < 0.2 else 1.0,
        aspect=math.exp(rng.normal(0, 0.35)),
    )


def _part(rng: Random, *, main: bool) -> Part:
    size = (rng.uniform(0.7, 1.0), rng.uniform(0.45, 1.0)) if main else tuple(rng.uniform(0.12, 0.55, 2))
    return Part(
        form=int(rng.integers(9)),
        corners=int(rng.integers(3, 9)),
        wave=rng.normal(0, 1, (2, 5)) / np.arange(2, 7) * 0.5,
        centre=(0.0, 0.0) if main else (rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6)),
        size=(float(size[0]), float(size[1])),
        turn=rng.uniform(0, 2 * math.pi),
        filling=int(rng.integers(8)),
        colours=rng.uniform(0, 1, (3, 3)),
        frequency=rng.uniform(2, 9),
        edge=rng.uniform(0.02, 0.08) if rng.random() < 0.45 else 0.0,
    )


def _outline(part: Part, rng: Random) -> NDArray[np.float64]:
    """Return the points (n, 2) of a part, of radius about one."""
    angle = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    radius = np.ones_like(angle)
    wave = part.wave * (1 + rng.normal(0, 0.12, part.wave.shape))
    if part.form == 1:  # between ellipse and rectangle
        power = 2 + part.corners
        radius = (np.abs(np.cos(angle)) ** power + np.abs(np.sin(angle)) ** power) ** (-1 / power)
    elif part.form == 2:  # regular polygon
        radius = math.cos(math.pi / part.corners) / np.cos(
            (angle % (2 * math.pi / part.corners)) - math.pi / part.corners
        )
    elif part.form == 3:  # star
        radius = 0.72 + 0.28 * np.sign(np.sin(angle * part.corners)) * np.abs(np.sin(angle * part.corners)) ** 0.5
    elif part.form in (4, 5):  # blob
        radius = 1 + sum(
            wave[0, i] * np.cos((i + 2) * angle) + wave[1, i] * np.sin((i + 2) * angle) for i in range(wave.shape[1])
        ) * (0.5 if part.form == 4 else 1.0)
        radius = np.clip(radius, 0.25, 1.8)
    elif part.form == 6:  # crescent
        radius = np.where(np.cos(angle) > 0.2, 1 - 0.75 * np.cos(angle), 1)
    elif part.form == 7:  # cross
        near = np.minimum(np.abs(np.cos(angle)), np.abs(np.sin(angle)))
        radius = np.clip(0.33 / np.maximum(near, 1e-3), 0, 1)
    elif part.form == 8:  # bar
        radius = np.minimum(1 / np.maximum(np.abs(np.cos(angle)), 1e-3), 0.3 / np.maximum(np.abs(np.sin(angle)), 1e-3))
    points = np.stack([np.cos(angle), np.sin(angle)], 1) * radius[:, None] * part.size
    cos, sin = math.cos(part.turn), math.sin(part.turn)
    jitter = rng.normal(0, 0.03, 2)
    return points @ np.array([[cos, sin], [-sin, cos]]) + np.array(part.centre) + jitter


def _filled(part: Part, colours: NDArray[np.float64], side: int, rng: Random) -> Floats:
    """Return the colours (side, side, 3), 0 to 1, that fill a part."""
    x, y = PLANE
    cos, sin = math.cos(part.turn * 3), math.sin(part.turn * 3)
    u, v = x * cos + y * sin, y * cos - x * sin
    phase = rng.uniform(0, 2 * math.pi)
    f = part.frequency
    share: Floats
    if part.filling == 0:
        share = np.zeros((side, side), np.float32)
    elif part.filling == 1:
        share = (u + 1) / 2
    elif part.filling == 2:
        share = np.clip(np.hypot(x - 0.2, y + 0.2), 0, 1)
    elif part.filling == 3:
        share = (np.sin(u * f * 2 + phase) > 0).astype(np.float32)
    elif part.filling == 4:
        share = ((np.sin(u * f + phase) > 0) ^ (np.sin(v * f + phase) > 0)).astype(np.float32)
    elif part.filling == 5:
        share = (np.sin(u * f * 2 + phase) * np.sin(v * f * 2) > 0.4).astype(np.float32)
    elif part.filling == 6:
        share = (np.sin(np.hypot(x, y) * f * 3) > 0).astype(np.float32)
    else:
        coarse = rng.random((int(f) + 2, int(f) + 2)).astype(np.float32)
        share = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    share = np.clip(share, 0, 1)[..., None]
    low, high = colours[:2].astype(np.float32)
    return low + share.astype(np.float32) * (high - low)


def sprite(what: Kind, rng: Random) -> list[tuple[Rgb, Rgb]]:
    """Return one thing of a kind: colours (s, s, 3) and opacity (s, s), then at half the size, a quarter, an eighth."""
    side = SPRITE
    colour, alpha = np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32)
    shift = rng.uniform(-0.5, 0.5, 3) if what.any_colour else rng.normal(0, 0.06, 3)
    light = rng.uniform(0.75, 1.15)
    for part in what.parts:
        colours = np.clip((part.colours + shift) % 1.0 if what.any_colour else part.colours + shift, 0, 1) * light
        outline = np.round((_outline(part, rng) * 0.5 + 1) * side * 8).astype(np.int32)
        cover = np.zeros((side, side), np.uint8)
        cv2.fillPoly(cover, [outline], 255, cv2.LINE_AA, 4)
        colour, alpha = _over(colour, alpha, _filled(part, colours, side, rng), cover)
        if part.edge:
            line = np.zeros((side, side), np.uint8)
            cv2.polylines(line, [outline], True, 255, max(1, round(part.edge * side / 2)), cv2.LINE_AA, 4)
            colour, alpha = _over(colour, alpha, colours[2].astype(np.float32), line)
    if rng.random() < 0.5:  # light from one side
        turn = rng.uniform(0, 2 * math.pi)
        x, y = PLANE
        colour *= (1 + rng.uniform(0, 0.5) * (x * math.cos(turn) + y * math.sin(turn)))[..., None]
    levels = [((np.clip(colour, 0, 1) * 255).astype(np.uint8), (alpha * what.opacity * 255).astype(np.uint8))]
    for _ in range(3):
        levels.append((cv2.pyrDown(levels[-1][0]), cv2.pyrDown(levels[-1][1])))
    return levels


def _over(colour: Floats, alpha: Floats, paint: Floats, cover: Rgb) -> tuple[Floats, Floats]:
    """Lay paint over what is there."""
    share = cover.astype(np.float32) / 255
    return colour + share[..., None] * (paint - colour), np.maximum(alpha, share)


def ground(rng: Random, side: int = 448) -> Rgb:
    """Return a ground (side, side, 3) without things."""
    base = rng.uniform(0, 255, 3)
    picture = np.tile(base, (side, side, 1))
    y, x = np.mgrid[0:side, 0:side] / side * 2 - 1
    way = rng.integers(6)
    if way in (1, 2, 3):  # clouds of several sizes
        for octave in range(1, 7):
            cells = 2**octave + 1
            noise = rng.normal(0, 1, (cells, cells, 3 if rng.random() < 0.4 else 1)).astype(np.float32)
            large = cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC).reshape(side, side, -1)
            picture += large * rng.uniform(5, 60) / octave ** rng.uniform(0.5, 1.5)
    if way in (2, 4):  # boards, weave, tiles
        turn, f = rng.uniform(0, math.pi), rng.uniform(4, 60)
        u, v = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
        wave = np.sin(u * f) + (np.sin(v * f * rng.uniform(0.5, 2)) if rng.random() < 0.5 else 0)
        picture += (np.sign(wave) if rng.random() < 0.5 else wave)[..., None] * rng.uniform(-40, 40, 3)
    if way in (3, 5):  # patches
        for _ in range(int(rng.integers(3, 30))):
            points = (rng.uniform(-0.2, 1.2, 2) + rng.normal(0, 0.25, (int(rng.integers(3, 6)), 2))) * side
            cv2.fillPoly(picture, [points.astype(np.int32)], rng.uniform(0, 255, 3).tolist())
    for _ in range(int(rng.integers(0, 12)) if rng.random() < 0.4 else 0):  # lines
        points = (rng.uniform(0, 1, 2) + np.cumsum(rng.normal(0, 0.12, (6, 2)), 0)) * side
        cv2.polylines(picture, [points.astype(np.int32)], False, rng.uniform(0, 255, 3).tolist(),
                      int(rng.integers(1, 5)), cv2.LINE_AA)  # fmt: skip
    picture *= (1 + rng.uniform(0, 0.4) * (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)))[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


class Painter:
    """Paints scenes, one after the other, from a stock of things and grounds that is slowly renewed.

    Args:
        seed: of everything this painter does.
        size: side of the scenes in pixels.
    """

    def __init__(self, seed: int, size: int = 320) -> None:
        self.rng, self.size = np.random.default_rng((7, seed)), size
        self.kinds = [kind(number) for number in range(KINDS)]
        self.sprites = [[sprite(what, self.rng) for _ in range(VARIANTS)] for what in self.kinds]
        self.grounds = [ground(self.rng) for _ in range(GROUNDS)]
        self.noise = self.rng.standard_normal((4, 2 * size, 2 * size, 3), np.float32)

    def scenes(self) -> Iterator[Scene]:
        """Yield scenes without end."""
        while True:
            yield self.scene()
            if self.rng.random() < 0.3:
                number = int(self.rng.integers(KINDS))
                self.sprites[number][int(self.rng.integers(VARIANTS))] = sprite(self.kinds[number], self.rng)
            if self.rng.random() < 0.02:
                self.grounds[int(self.rng.integers(GROUNDS))] = ground(self.rng)

    def scene(self) -> Scene:
        """Return one scene."""
        size = self.size
        canvas = np.ascontiguousarray(self._ground())
        owner = np.full((size, size), -1, np.int16)
        boxes, labels, areas = [], [], []
        for number, side in self._plan():
            placed = self._place(canvas, owner, len(boxes), number, side)
            if placed is not None:
                boxes.append(placed[0])
                areas.append(placed[1])
                labels.append(number)
        seen = np.bincount(owner[owner >= 0], minlength=len(boxes)) if boxes else np.zeros(0)
        keep = seen >= 0.3 * np.asarray(areas) if boxes else np.zeros(0, bool)
        found = np.asarray(boxes, np.float32).reshape(-1, 4)[keep]
        return Scene(self._photographed(canvas), found, np.asarray(labels, np.int64)[keep])

    def _ground(self) -> Rgb:
        rng = self.rng
        whole = self.grounds[int(rng.integers(GROUNDS))]
        side = int(rng.integers(160, len(whole) + 1))
        x, y = (int(v) for v in rng.integers(0, len(whole) - side + 1, 2))
        part = cv2.resize(whole[y : y + side, x : x + side], (self.size, self.size), interpolation=cv2.INTER_AREA)
        return np.rot90(part, int(rng.integers(4)))

    def _plan(self) -> list[tuple[int, float]]:
        """Return kinds and sides in pixels of the things of a scene: few large ones, or many of a few kinds."""
        rng = self.rng
        mean = math.exp(rng.uniform(math.log(12), math.log(190)))
        most = min(60.0, 0.9 * (self.size / mean) ** 2 + 1)
        count = int(rng.integers(1, max(2, round(most)) + 1)) if rng.random() < 0.9 else 0
        chosen = rng.integers(0, KINDS, int(rng.integers(1, 7)))
        spread = rng.choice([0.1, 0.3, 0.6])
        sides = np.clip(mean * np.exp(rng.normal(0, spread, count)), 7, self.size * 0.95)
        return [(int(rng.choice(chosen)), float(side)) for side in sides]

    def _place(self, canvas: Rgb, owner: NDArray[np.int16], index: int, number: int, side: float
               ) -> tuple[tuple[float, ...], int] | None:  # fmt: skip
        """Draw a thing; return its box on the canvas and its area there, None where too little of it is inside."""
        rng, what = self.rng, self.kinds[number]
        levels = self.sprites[number][int(rng.integers(VARIANTS))]
        turn = rng.normal(0, 0.15) if what.upright else rng.uniform(0, 2 * math.pi)
        stretch = what.aspect * math.exp(rng.normal(0, 0.1))
        scale = side / SPRITE * 1.6
        shape = np.diag([scale * math.sqrt(stretch), scale / math.sqrt(stretch)])
        if rng.random() < 0.5 and not what.upright:
            shape[0, 0] *= -1
        cos, sin = math.cos(turn), math.sin(turn)
        shape = np.array([[cos, -sin], [sin, cos]]) @ shape
        centre = rng.uniform(-0.02, 1.02, 2) * self.size
        # Only the window that the thing can reach is drawn.
        reach = np.abs(shape).sum(1) * SPRITE / 2 + 1
        low = np.clip(np.floor(centre - reach), 0, self.size).astype(int)
        high = np.clip(np.ceil(centre + reach), 0, self.size).astype(int)
        if (high - low < 3).any():
            return None
        matrix = np.hstack([shape, (centre - low - shape @ np.full(2, SPRITE / 2)).reshape(2, 1)])
        extent = (int(high[0] - low[0]), int(high[1] - low[1]))
        # From the one nearest in size, so that no pixel is skipped.
        level = min(3, max(0, math.floor(-math.log2(scale))))
        colours, alpha = levels[level]
        matrix[:, :2] *= 2**level
        cover = cv2.warpAffine(alpha, matrix, extent).astype(np.float32) / 255
        view = canvas[low[1] : high[1], low[0] : high[0]]
        solid = cover > 0.4 * what.opacity
        area = int(solid.sum())
        whole = float((alpha > 102 * what.opacity).sum()) * abs(np.linalg.det(matrix[:, :2]))
        if area < 12 or area < 0.3 * whole:
            return None
        if rng.random() < 0.3:  # a shadow
            moved = cv2.warpAffine(alpha, matrix + np.array([[0, 0, side * 0.08], [0, 0, side * 0.06]]), extent)
            shade = cv2.blur(moved, (5, 5)).astype(np.float32) / 255 * 0.45
            view[:] = cv2.blendLinear(np.ascontiguousarray(view), np.zeros_like(view), 1 - shade, shade)
        paint = cv2.warpAffine(colours, matrix, extent, borderMode=cv2.BORDER_REPLICATE)
        view[:] = cv2.blendLinear(np.ascontiguousarray(view), paint, 1 - cover, cover)
        owner[low[1] : high[1], low[0] : high[0]][solid] = index
        columns, rows = solid.any(0).nonzero()[0], solid.any(1).nonzero()[0]
        box = (low[0] + columns[0], low[1] + rows[0], low[0] + columns[-1] + 1, low[1] + rows[-1] + 1)
        return tuple(float(v) for v in box), area

    def _photographed(self, pixels: Rgb) -> Rgb:
        """Return the scene as a camera might see it."""
        rng = self.rng
        if rng.random() < 0.25:
            pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.4, 1.6))
        if rng.random() < 0.6:  # white balance, contrast, brightness
            gain, shift = rng.uniform(0.85, 1.15, 3) * rng.uniform(0.5, 1.4), rng.uniform(-40, 40)
            tables = np.clip((np.arange(256)[:, None] - 128) * gain + 128 + shift, 0, 255).astype(np.uint8)
            pixels = cv2.LUT(pixels, tables.reshape(1, 256, 3))
        if rng.random() < 0.1:
            pixels = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        if rng.random() < 0.35:
            x, y = (int(v) for v in rng.integers(0, self.size, 2))
            noise = self.noise[int(rng.integers(4)), y : y + self.size, x : x + self.size]
            pixels = cv2.addWeighted(pixels, 1, noise, rng.uniform(2, 18), 0, dtype=cv2.CV_8U)
        if rng.random() < 0.2:
            _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
            pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return np.ascontiguousarray(pixels)
