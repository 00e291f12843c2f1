"""Lamp, room and how surfaces answer them."""

from dataclasses import dataclass

import numpy as np

from boxwright.media.sample.arrays import Array, Random, dot, linear, mix, unit, vector

_WARM, _COLD = linear("#FFD9AE"), linear("#DCE9FF")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Light:
    """One lamp far away, a sky above, a table that throws light back, and windows that shine in metal.

    `toward` leads to the lamp. `softness` is the width of a shadow's border for each millimetre of height.
    """

    toward: Array
    lamp: Array
    sky: Array
    floor: Array
    softness: float
    windows: tuple[tuple[Array, Array, float], ...]

    def ambient(self, normal: Array) -> Array:
        """Return the light (n, 3) that comes from everywhere but the lamp."""
        return mix(self.floor, self.sky, 0.5 + 0.5 * normal[..., 2])

    def mirrored(self, way: Array) -> Array:
        """Return what a mirror shows that looks in directions `way` (n, 3)."""
        up = (0.5 + 0.5 * way[..., 2]).clip(0, 1)
        seen = mix(self.floor * np.float32(0.5), self.sky * np.float32(0.9), up * up)
        for direction, color, sharpness in self.windows:
            seen += np.exp(sharpness * (way @ direction - 1))[..., None] * color
        return np.asarray(seen, np.float32)


def random_light(rng: Random) -> Light:
    """Return a lamp from a random side, warm or cold, with more or less light around it."""
    side, height = rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(36, 68))
    toward = vector(np.cos(side) * np.cos(height), np.sin(side) * np.cos(height), np.sin(height))
    tint = mix(_WARM, _COLD, np.float32(rng.uniform(0, 1)))
    tint = tint / tint.mean()
    strength = rng.uniform(0.62, 0.9)
    lamp = tint * np.float32(strength / np.sin(height))
    sky = (1.5 - 0.5 * tint) * np.float32(rng.uniform(0.24, 0.42))
    windows = [(toward, lamp * np.float32(2.2), 26.0), (toward, lamp * np.float32(0.6), 5.0)]
    for _ in range(3):
        around, up = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 0.97)
        flat = np.sqrt(1 - up * up)
        direction = vector(flat * np.cos(around), flat * np.sin(around), up)
        windows.append((direction, sky * np.float32(rng.uniform(0.8, 2.6)), float(rng.uniform(6, 30))))
    return Light(
        toward=toward,
        lamp=np.asarray(lamp, np.float32),
        sky=np.asarray(sky, np.float32),
        floor=np.asarray(sky * np.float32(0.45), np.float32),
        softness=float(rng.uniform(0.12, 0.4)),
        windows=tuple(windows),
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Surface:
    """What a body is made of at each of n places; `normal` in the axes of the world.

    `metal` 0 or 1, `gloss` how much of the room it mirrors, `hollow` the light that reaches its grooves, 0 to 1.
    """

    color: Array
    normal: Array
    gloss: Array
    hollow: Array
    metal: float = 0.0


def lit(surface: Surface, ray: Array, light: Light, *, lamp: Array, around: Array) -> Array:
    """Return the light (n, 3) that surfaces send back along the rays.

    `lamp` and `around` (n,) are the shares of the lamp and of the room that reach each place.
    """
    normal = surface.normal
    facing = dot(-ray, normal).clip(0.02, 1)
    mirror = ray + (2 * facing)[:, None] * normal
    toward = (normal @ light.toward).clip(0, None)
    around = around * surface.hollow
    diffuse = (toward * lamp)[:, None] * light.lamp + light.ambient(normal) * around[:, None]
    grazing = (1 - facing) ** 5
    room = light.mirrored(unit(mirror)) * (0.35 * around + 0.65 * lamp * around)[:, None]
    if surface.metal:
        shine = surface.color + (1 - surface.color) * grazing[:, None]
        share = np.float32(0.34)
        return np.asarray(surface.color * diffuse * share + shine * room * surface.gloss[:, None], np.float32)
    fresnel = (0.045 + 0.955 * grazing) * surface.gloss
    return np.asarray(surface.color * diffuse * (1 - fresnel)[:, None] + room * fresnel[:, None], np.float32)


def tilted(normal: Array, turn: Array, slope_x: Array, slope_y: Array) -> Array:
    """Return normals (n, 3), given in a body's own axes, in the world's, tilted by a relief's slopes in x and y."""
    bent = normal.copy()
    bent[:, 0] -= slope_x
    bent[:, 1] -= slope_y
    return np.asarray(unit(bent) @ turn.T, np.float32)
