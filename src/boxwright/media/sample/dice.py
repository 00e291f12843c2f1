"""Dice: rounded cubes with pips, opposite faces adding up to seven."""

from dataclasses import dataclass

import numpy as np

from boxwright.media.sample import noise
from boxwright.media.sample.arrays import Array, Random, linear, mix, ramp
from boxwright.media.sample.light import Surface, tilted
from boxwright.media.sample.solids import Hits, Solid

_CORNERS = ((-1, -1), (1, 1), (-1, 1), (1, -1), (-1, 0), (1, 0))
_PIPS = {
    1: ((0, 0),),
    2: _CORNERS[:2],
    3: (*_CORNERS[:2], (0, 0)),
    4: _CORNERS[:4],
    5: (*_CORNERS[:4], (0, 0)),
    6: _CORNERS,
}
# The value of the face on the positive and on the negative side of each axis.
_VALUES = ((1, 6), (2, 5), (3, 4))
# Body and pips.
_COLORS = (
    ("#F4EFE2", "#1D1D1F"),
    ("#F4EFE2", "#1D1D1F"),
    ("#FBFBFB", "#B3122A"),
    ("#C11226", "#FAF7F0"),
    ("#17181B", "#F5F2EA"),
    ("#1450A8", "#FAF7F0"),
    ("#0C7A50", "#FAF7F0"),
    ("#E7B71A", "#1D1D1F"),
    ("#5B2A86", "#F3E9FA"),
    ("#E86A17", "#FFF8EE"),
    ("#D9C29A", "#3A2412"),
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Die:
    """One die; `axes` says which of its own axes points where."""

    side: float
    rounding: float
    color: Array
    pips: Array
    marbled: float
    axes: Array
    offset: Array

    @property
    def radius(self) -> float:
        """Half the diagonal of its footprint in millimetres."""
        return float(self.side * 0.5 * np.sqrt(2) - 0.4 * self.rounding)

    @property
    def height(self) -> float:
        """Millimetres above the table."""
        return self.side

    def solid(self, turn: Array, place: Array) -> Solid:
        """Return its body at a place."""
        half = self.side / 2
        turned = np.asarray(turn @ self.axes, np.float32)
        return Solid(shape="box", half=(half, half, half), rounding=self.rounding, turn=turned, place=place)

    def surface(self, solid: Solid, hits: Hits) -> Surface:
        """Return what the rays see of it."""
        at = hits.at / np.float32(self.side / 2)
        pip, bend = self._pips(at)
        veins = noise.sample(
            "cloud", at[:, 0] * 0.2 + at[:, 2] * 0.11 + self.offset[0], at[:, 1] * 0.2 + self.offset[1]
        )
        body = self.color * (1 + np.float32(self.marbled) * veins[:, None]).clip(0.3, 1.8)
        color = mix(body, np.broadcast_to(self.pips, body.shape), pip)
        bent = hits.normal + bend
        normal = tilted(bent, solid.turn, np.zeros_like(pip), np.zeros_like(pip))
        gloss = np.full(len(at), 1.0, np.float32)
        return Surface(color=color, normal=normal, gloss=gloss, hollow=(1 - 0.25 * pip).astype(np.float32))

    def _pips(self, at: Array) -> tuple[Array, Array]:
        """Return how much of a pip (n,) each place is, and the bend (n, 3) of its dimple."""
        inside = np.zeros(len(at), np.float32)
        bend = np.zeros_like(at)
        axis = np.abs(at).argmax(1)
        for number, values in enumerate(_VALUES):
            for sign, value in zip((1, -1), values, strict=True):
                here = np.flatnonzero((axis == number) & (at[:, number] * sign > 0))
                if here.size:
                    others = [(number + 1) % 3, (number + 2) % 3]
                    flat = at[here][:, others]
                    size = 0.27 if value == 1 else 0.19
                    for x, y in _PIPS[value]:
                        away = flat - np.array((x, y), np.float32) * np.float32(0.5)
                        distance = np.sqrt((away * away).sum(1))
                        part = ramp(distance, size + 0.03, size - 0.03)
                        inside[here] = np.maximum(inside[here], part)
                        for column, other in enumerate(others):
                            bend[here, other] -= part * away[:, column] * np.float32(1.6 / size * 0.35)
        return inside, bend


def random_die(rng: Random) -> Die:
    """Return some die."""
    body, pips = _COLORS[int(rng.integers(len(_COLORS)))]
    side = float(rng.choice([12.0, 14.0, 16.0, 16.0, 18.0]))
    order = rng.permutation(3)
    axes = np.zeros((3, 3), np.float32)
    axes[np.arange(3), order] = rng.choice([-1.0, 1.0], 3)
    if np.linalg.det(axes) < 0:
        axes[0] *= -1
    return Die(
        side=side,
        rounding=side * float(rng.uniform(0.09, 0.17)),
        color=linear(body),
        pips=linear(pips),
        marbled=float(rng.uniform(0.1, 0.3)) if rng.random() < 0.3 else 0.03,
        axes=axes,
        offset=rng.uniform(0, 1, 2).astype(np.float32),
    )
