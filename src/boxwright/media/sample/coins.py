"""Coins: eight denominations of four metals, worn and tarnished each in its own way."""

from dataclasses import dataclass

import numpy as np

from boxwright.media.sample import noise, relief
from boxwright.media.sample.arrays import Array, Random, linear, mix, ramp
from boxwright.media.sample.light import Surface, tilted
from boxwright.media.sample.solids import Hits, Solid

_COPPER, _BRASS = linear("#B9714A"), linear("#C6A24E")
_NICKEL, _SILVER = linear("#A59D90"), linear("#BCBFC3")
_TARNISH = linear("#5A4632")


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """Diameter and height in millimetres, the metals outside and inside, and where the inner one begins."""

    diameter: float
    height: float
    outer: Array
    inner: Array
    border: float
    value: str


_KINDS = (
    _Kind(16.5, 1.7, _COPPER, _COPPER, 0, "1"),
    _Kind(18.8, 1.7, _COPPER, _COPPER, 0, "2"),
    _Kind(21.2, 1.7, _COPPER, _COPPER, 0, "5"),
    _Kind(19.8, 1.9, _BRASS, _BRASS, 0, "10"),
    _Kind(24.2, 2.3, _BRASS, _BRASS, 0, "50"),
    _Kind(22.2, 2.1, _SILVER, _SILVER, 0, "20"),
    _Kind(23.2, 2.3, _BRASS, _NICKEL, 0.72, "1"),
    _Kind(25.8, 2.2, _SILVER, _BRASS, 0.70, "2"),
)
_PICTURES = ("star", "sun", "tree", "crown")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Coin:
    """One coin: its kind, the side that is up, and its age."""

    kind: _Kind
    side: str
    worn: float
    tarnish: float
    tint: Array
    offset: Array

    @property
    def radius(self) -> float:
        """Half the diameter in millimetres."""
        return self.kind.diameter / 2

    def solid(self, turn: Array, place: Array) -> Solid:
        """Return its body at a place."""
        half = (self.radius, self.radius, self.kind.height / 2)
        return Solid(shape="disc", half=half, rounding=0.35, turn=turn, place=place)

    @property
    def height(self) -> float:
        """Millimetres from face to face."""
        return self.kind.height

    def surface(self, solid: Solid, hits: Hits) -> Surface:
        """Return what the rays see of it."""
        x, y = hits.at[:, 0] / self.radius, hits.at[:, 1] / self.radius
        around = np.sqrt(x * x + y * y)
        up = hits.normal[:, 2] > 0.6
        struck = relief.struck(self.side, x, y)
        depth = np.float32(0.085 * (1 - 0.6 * self.worn)) * up
        scratch = noise.sample("grain", x * 0.31 + self.offset[0], y * 0.31 + self.offset[1])
        spots = noise.sample("cloud", x * 0.14 + self.offset[1], y * 0.14 + self.offset[2])
        metal = mix(self.kind.inner, self.kind.outer, ramp(around, self.kind.border - 0.015, self.kind.border + 0.015))
        seam = 1 - 0.5 * np.exp(-(((around - self.kind.border) / 0.022) ** 2)) * (self.kind.border > 0)
        dirt = (self.tarnish * ((1 - struck[:, 2]) * 1.3 + ramp(spots, 0.2, 2.2) * 0.9)).clip(0, 0.85)
        color = mix(metal * self.tint, _TARNISH * metal.mean(), dirt.astype(np.float32))
        edge = np.abs(hits.normal[:, 2]) < 0.5
        reeds = np.where(edge, 0.82 + 0.18 * np.sin(np.arctan2(y, x) * 96), 1)
        gloss = (0.92 - 0.5 * dirt + 0.05 * scratch).clip(0.2, 1.1)
        normal = tilted(
            hits.normal,
            solid.turn,
            struck[:, 0] * depth + (0.02 * scratch + 0.1 * x) * up,
            struck[:, 1] * depth + (0.012 * spots + 0.1 * y) * up,
        )
        hollow = np.where(up, struck[:, 2], 1) * seam * reeds
        return Surface(
            color=color, normal=normal, gloss=gloss.astype(np.float32), hollow=hollow.astype(np.float32), metal=1.0
        )


def random_coin(rng: Random) -> Coin:
    """Return some coin."""
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    side = kind.value if rng.random() < 0.55 else _PICTURES[int(rng.integers(4))]
    return Coin(
        kind=kind,
        side=side,
        worn=float(rng.uniform(0, 1)),
        tarnish=float(rng.beta(1.3, 2.2)),
        tint=(1 + rng.uniform(-0.07, 0.07, 3)).astype(np.float32),
        offset=rng.uniform(0, 1, 3).astype(np.float32),
    )
