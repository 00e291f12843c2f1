"""Buttons: two or four holes, a rim, plastic, horn, pearl or wood."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from boxwright.media.sample import noise
from boxwright.media.sample.arrays import Array, Random, linear, mix, ramp, vector
from boxwright.media.sample.light import Surface, tilted
from boxwright.media.sample.solids import Hits, Solid

Stuff = Literal["plastic", "matte", "horn", "pearl", "wood"]
_PLASTIC = (
    "#C8102E", "#1B3A8C", "#0E7C66", "#F2B705", "#E8E2D4", "#20242A", "#7A3E9D", "#EF7C8E", "#3FA7D6", "#8BBF3F",
    "#F26B21", "#6B4A32", "#9AA3AB", "#13405A", "#B03A5B",
)  # fmt: skip
_HORN = (("#2B1A10", "#A8702F"), ("#1C1512", "#6E4A2B"), ("#5A3A1E", "#E0B878"))
_WOOD = (("#8A5A2E", "#C99457"), ("#4A2C18", "#7A4C28"), ("#B98B55", "#E3C190"))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Button:
    """One button. Lengths are parts of the radius, except `radius` and `height` in millimetres."""

    radius: float
    height: float
    holes: int
    hole: float
    spread: float
    rim: float
    dish: float
    stuff: Stuff
    dark: Array
    bright: Array
    offset: Array

    def solid(self, turn: Array, place: Array) -> Solid:
        """Return its body at a place."""
        rounding = min(0.9, self.height * 0.4)
        half = (self.radius, self.radius, self.height / 2)
        return Solid(shape="disc", half=half, rounding=rounding, turn=turn, place=place)

    def surface(self, solid: Solid, hits: Hits) -> Surface:
        """Return what the rays see of it."""
        x, y = hits.at[:, 0] / self.radius, hits.at[:, 1] / self.radius
        around = np.sqrt(x * x + y * y)
        up = (hits.normal[:, 2] > 0.3).astype(np.float32)
        color, gloss = self._stuff(x, y)
        # The rim is a ring, the middle a shallow dish: their slopes along the radius.
        inner = 1 - self.rim
        ring = np.exp(-(((around - inner + 0.05) / 0.05) ** 2)) * 0.75
        slope = (ring - self.dish * around * ramp(around, inner, inner - 0.1)) * up
        safe = around.clip(1e-4)
        slope_x, slope_y = slope * x / safe, slope * y / safe
        open_, dark = np.zeros_like(x), np.zeros_like(x)
        for number in range(self.holes):
            angle = 2 * np.pi * number / self.holes
            dx, dy = x - self.spread * np.float32(np.cos(angle)), y - self.spread * np.float32(np.sin(angle))
            distance = np.sqrt(dx * dx + dy * dy)
            lip = np.exp(-(((distance - self.hole * 1.15) / (self.hole * 0.28)) ** 2)) * 0.8 * up
            slope_x -= lip * dx / distance.clip(1e-4)
            slope_y -= lip * dy / distance.clip(1e-4)
            open_ = np.maximum(open_, ramp(distance, self.hole * 1.08, self.hole * 0.92) * up)
            dark = np.maximum(dark, ramp(distance, self.hole * 1.7, self.hole) * up)
        normal = tilted(hits.normal, solid.turn, slope_x.astype(np.float32), slope_y.astype(np.float32))
        groove = 1 - 0.25 * np.exp(-(((around - inner + 0.07) / 0.05) ** 2)) * up
        hollow = (groove * (1 - 0.2 * dark) * (1 - 0.9 * open_)).astype(np.float32)
        return Surface(
            color=np.asarray(color * (1 - 0.93 * open_)[:, None], np.float32),
            normal=normal,
            gloss=(gloss * (1 - open_)).astype(np.float32),
            hollow=hollow,
        )

    def _stuff(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return colour (n, 3) and gloss (n,)."""
        a, b, c = (float(value) for value in self.offset)
        if self.stuff in ("plastic", "matte"):
            specks = noise.sample("dots", x * 0.2 + a, y * 0.2 + b)
            color = self.dark * (1 + 0.03 * specks)[:, None]
            return np.asarray(color, np.float32), np.full_like(x, 1.0 if self.stuff == "plastic" else 0.25)
        if self.stuff == "wood":
            grain = noise.sample("grain", x * 0.22 + a, y * 0.22 + b) + 0.6 * np.sin(
                9 * y + 3 * noise.sample("cloud", x * 0.1 + b, y * 0.1 + c)
            )
            return mix(self.dark, self.bright, ramp(grain, -1.6, 1.6)), np.full_like(x, 0.3)
        cloud = noise.sample("cloud", x * 0.13 + a, y * 0.2 + b) + 0.3 * noise.sample("cloud", x * 0.4 + c, y * 0.4 + a)
        if self.stuff == "horn":
            return mix(self.dark, self.bright, ramp(cloud, -1.0, 1.8)), np.full_like(x, 0.9)
        hue = cloud[:, None] * 2.1 + vector(0, 2.1, 4.2)
        color = self.dark * (0.9 + 0.1 * np.sin(hue)) * (0.94 + 0.05 * cloud)[:, None]
        return np.asarray(color.clip(0, 1), np.float32), np.full_like(x, 1.4)


def random_button(rng: Random) -> Button:
    """Return some button."""
    names: tuple[Stuff, ...] = ("plastic", "matte", "horn", "pearl", "wood")
    stuff = names[int(rng.choice(5, p=(0.46, 0.18, 0.13, 0.11, 0.12)))]
    dark = bright = linear(_PLASTIC[int(rng.integers(len(_PLASTIC)))])
    if stuff in ("horn", "wood"):
        pair = (_HORN if stuff == "horn" else _WOOD)[int(rng.integers(3))]
        dark, bright = linear(pair[0]), linear(pair[1])
    elif stuff == "pearl":
        dark = linear(("#F1ECE4", "#E9E4EA", "#D9DEE4")[int(rng.integers(3))])
    radius = float(rng.choice([5.8, 7.5, 9.0, 10.0, 11.5, 13.5], p=(0.15, 0.2, 0.25, 0.2, 0.12, 0.08)))
    holes = 4 if rng.random() < 0.6 else 2
    return Button(
        radius=radius,
        height=float(rng.uniform(2.2, 3.6)),
        holes=holes,
        hole=float(rng.uniform(0.095, 0.125)),
        spread=float(rng.uniform(0.24, 0.29)) if holes == 4 else float(rng.uniform(0.2, 0.26)),
        rim=float(rng.uniform(0.14, 0.28)),
        dish=float(rng.uniform(0.0, 0.35)),
        stuff=stuff,
        dark=dark,
        bright=bright,
        offset=rng.uniform(0, 1, 3).astype(np.float32),
    )
