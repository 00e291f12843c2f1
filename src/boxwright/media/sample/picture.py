"""One picture of the sample: a table, things on it, and exactly which pixels belong to what.

A pixel belongs to a thing when the thing covers at least half of it, after everything that lies above it was laid over
it; so no pixel belongs to two. Holes of buttons belong to the button. Masks are those of the sharp picture: blur
spreads over them evenly.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.media.sample import shadows
from boxwright.media.sample.arrays import Array, Random, vector
from boxwright.media.sample.camera import Camera, look_at_table
from boxwright.media.sample.layout import Placed, arrange
from boxwright.media.sample.lens import develop
from boxwright.media.sample.light import Light, lit, random_light
from boxwright.media.sample.solids import FINE, frame_of, trace
from boxwright.media.sample.tables import random_table

CLASSES = ("coin", "die", "button")
WIDTH, HEIGHT = 640, 480
_TABLE = 760


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Piece:
    """One thing: its class as an index into CLASSES, its visible pixels (h, w), and the part of it that is visible."""

    label: int
    mask: NDArray[np.bool_]
    visible: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The tight box around the visible pixels: x0 y0 x1 y1, half-open."""
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rendered:
    """Pixels (h, w, 3) in RGB and what is on them."""

    pixels: NDArray[np.uint8]
    pieces: tuple[Piece, ...]


def render(seed: int, number: int) -> Rendered:
    """Render picture `number` of the sample with a seed."""
    rng = np.random.default_rng((seed, number))
    camera = look_at_table(
        WIDTH,
        HEIGHT,
        across=float(rng.uniform(115, 215)),
        tilt=float(np.radians(rng.uniform(2, 42))),
        angle=float(np.radians(rng.uniform(28, 48))),
    )
    light = random_light(rng)
    placed = arrange(rng, camera)
    cast = [shadows.cast(item.solid, camera, light) for item in placed]
    canvas = _table(rng, camera, light, cast)
    owner = np.full((HEIGHT, WIDTH), -1, np.int16)
    alone = [_draw(number, placed, cast, camera, light, canvas, owner) for number in range(len(placed))]
    pieces = []
    for index, (item, whole) in enumerate(zip(placed, alone, strict=True)):
        mask = owner == index
        pieces.append(Piece(label=item.label, mask=mask, visible=float(mask.sum()) / max(whole, 1)))
    return Rendered(pixels=develop(canvas, rng), pieces=tuple(pieces))


def _table(rng: Random, camera: Camera, light: Light, cast: list[shadows.Shadow]) -> Array:
    """Return the light (h, w, 3) of the table with all shadows on it."""
    angle = float(rng.choice([0, np.pi / 2]) + rng.normal(0, 0.35))
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = float(light.toward[0]), float(light.toward[1])
    scale = camera.scale * _TABLE / 960
    table = random_table(rng, _TABLE, scale, (cos * x + sin * y, -sin * x + cos * y))
    # From pixels of the square to millimetres: turned, and y down becomes y away.
    size = _TABLE / 2 / scale
    to_table = np.array(
        [
            [cos / scale, sin / scale, -size * (cos + sin)],
            [sin / scale, -cos / scale, -size * (sin - cos)],
            [0, 0, 1],
        ]
    )
    matrix = camera.table_to_picture().astype(np.float64) @ to_table
    color = cv2.warpPerspective(
        table.color, matrix, (camera.width, camera.height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    lamp = np.ones((-(-camera.height // shadows.COARSE), -(-camera.width // shadows.COARSE)), np.float32)
    around = lamp.copy()
    for shadow in cast:
        lamp *= 1 - shadow.lamp
        around *= 1 - shadow.around
    lamp, around = (shadows.full_size(mask, camera) for mask in (lamp, around))
    bright, shine = _falloff(rng, camera, light, table.gloss)
    ambient = light.ambient(vector(0, 0, 1)[None])[0]
    light_here = (lamp * bright)[..., None] * (light.lamp * light.toward[2]) + around[..., None] * ambient
    return np.asarray(color * light_here + (shine * lamp)[..., None] * light.lamp, np.float32)


def _falloff(rng: Random, camera: Camera, light: Light, gloss: float) -> tuple[Array, Array]:
    """Return how much of the lamp reaches each pixel of the table, and how much the table mirrors into the camera."""
    rows = np.linspace(-1, 1, camera.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, camera.width, dtype=np.float32)[None, :]
    strength = np.float32(rng.uniform(0.03, 0.22))
    bright = 1 + strength * (columns * light.toward[0] - rows * light.toward[1])
    spot = camera.eye[:2] + light.toward[:2] * (camera.eye[2] / light.toward[2])
    u, v = camera.project(vector(float(spot[0]), float(spot[1]), 0)[None])[0]
    x, y = (columns + 1) * camera.width / 2 - u, (rows + 1) * camera.height / 2 - v
    reach = camera.width * 0.55
    shine = gloss * 0.22 * np.exp(-(x * x + y * y) / (reach * reach))
    return np.asarray(bright, np.float32), np.asarray(shine, np.float32)


def _draw(
    number: int,
    placed: list[Placed],
    cast: list[shadows.Shadow],
    camera: Camera,
    light: Light,
    canvas: Array,
    owner: NDArray[np.int16],
) -> int:
    """Draw a thing over what is there; return how many pixels it would have alone."""
    item = placed[number]
    rect = frame_of(item.solid, camera)
    if rect is None:
        return 0
    hits = trace(item.solid, camera, rect)
    world = hits.at @ item.solid.turn.T + item.solid.place
    above = [other for other, thing in enumerate(placed) if other != number and _shades(thing, item)]
    lamp = shadows.reaching(world, [cast[other].lamp for other in above], camera, light)
    around = shadows.reaching(world, [cast[other].around for other in above], camera, None)
    # Near the table less of the room is seen, least of all on walls.
    near = 1 - 0.55 * np.exp(-world[:, 2].clip(0, None) / 1.6) * (hits.normal @ item.solid.turn.T[:, 2] < 0.6)
    surface = item.thing.surface(item.solid, hits)
    seen = lit(surface, hits.ray, light, lamp=lamp, around=np.asarray(around * near, np.float32))
    x0, y0, x1, y1 = rect
    size = (x1 - x0, y1 - y0)
    alpha = hits.coverage
    fine = np.zeros((*alpha.shape, 3), np.float32)
    fine.reshape(-1, 3)[hits.met] = seen * alpha.reshape(-1)[hits.met, None]
    color = cv2.resize(fine, size, interpolation=cv2.INTER_AREA) if FINE > 1 else fine
    cover = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) if FINE > 1 else alpha
    part = canvas[y0:y1, x0:x1]
    part *= 1 - cover[..., None]
    part += color
    mine = cover >= 0.5
    owner[y0:y1, x0:x1][mine] = number
    return int(mine.sum())


def _shades(other: Placed, item: Placed) -> bool:
    """Tell whether a thing may throw its shadow on another: dice on all, what lies on top on what lies below."""
    return other.label == 1 or (other.layer > item.layer and item.label != 1)
