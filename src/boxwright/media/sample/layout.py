"""What lies where: things at random places, some on top of others, all of them in sight."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from boxwright.media.sample.arrays import Array, Random, lean, spin, vector
from boxwright.media.sample.buttons import random_button
from boxwright.media.sample.camera import Camera
from boxwright.media.sample.coins import random_coin
from boxwright.media.sample.dice import random_die
from boxwright.media.sample.light import Surface
from boxwright.media.sample.solids import Hits, Solid

MOST = 12
_VISIBLE = 0.5  # the part of a thing that must be seen, in the picture and not below others
_SOCIABLE = 0.4  # how often a thing lies close to another, or on it
_TRIES = 40
_SMALL = 4  # pixels of the picture a pixel of the sketch, in each direction


class Thing(Protocol):
    """A coin, die or button before it lies anywhere."""

    @property
    def radius(self) -> float:
        """Half the width of its footprint in millimetres."""

    @property
    def height(self) -> float:
        """Millimetres from the table to its top."""

    def solid(self, turn: Array, place: Array) -> Solid:
        """Return its body at a place."""

    def surface(self, solid: Solid, hits: Hits) -> Surface:
        """Return what the rays see of it."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Placed:
    """A thing at its place; `layer` is 1 for what lies on another thing."""

    label: int
    thing: Thing
    solid: Solid
    layer: int


def arrange(rng: Random, camera: Camera) -> list[Placed]:
    """Return one to twelve things in the order in which they are drawn: low before high, far before near."""
    wanted = int(np.clip(np.round(rng.gamma(6.0, 1.25)), 1, MOST))
    favourite = rng.dirichlet((1.6, 1.6, 1.6))
    placed: list[Placed] = []
    for _ in range(wanted):
        label = int(rng.choice(3, p=0.5 / 3 + 0.5 * favourite))
        for _ in range(_TRIES):
            item = _put(rng, camera, label, placed)
            if item is not None and _all_seen([*placed, item], camera):
                placed.append(item)
                break
    return _ordered(placed, camera)


def _ordered(placed: list[Placed], camera: Camera) -> list[Placed]:
    def key(item: Placed) -> tuple[int, int, float]:
        return (int(item.label == 1), item.layer, -float((item.solid.place - camera.eye) @ camera.forward))

    return sorted(placed, key=key)


def _put(rng: Random, camera: Camera, label: int, placed: list[Placed]) -> Placed | None:
    """Try one random place; None where the thing cannot lie there."""
    thing: Thing = (random_coin, random_die, random_button)[label](rng)
    spot = _spot(rng, camera, thing, placed)
    below = []
    for other in placed:
        away = float(np.hypot(*(spot - other.solid.place)[:2]))
        room = thing.radius + other.thing.radius
        if away >= room + 0.3:
            continue
        deep = room - away > 0.75 * 2 * min(thing.radius, other.thing.radius)
        if deep or other.layer or label == 1 or other.label == 1:
            return None
        below.append((other, away))
    turn = spin(float(rng.uniform(0, 2 * np.pi)))
    if not below:
        place = spot + vector(0, 0, thing.height / 2)
        return Placed(label=label, thing=thing, solid=thing.solid(turn, place), layer=0)
    return _leaning(thing, label, turn, spot, below) if len(below) == 1 else None


def _spot(rng: Random, camera: Camera, thing: Thing, placed: list[Placed]) -> Array:
    """Return a place on the table: somewhere in the picture, now and then close to another thing."""
    if placed and rng.random() < _SOCIABLE:
        other = placed[int(rng.integers(len(placed)))]
        away = (thing.radius + other.thing.radius) * float(rng.uniform(0.45, 1.25))
        side = float(rng.uniform(0, 2 * np.pi))
        spot = other.solid.place + vector(away * np.cos(side), away * np.sin(side), 0)
        spot[2] = 0
        return np.asarray(spot, np.float32)
    return camera.on_table(rng.uniform(0.03, 0.97) * camera.width, rng.uniform(0.04, 0.96) * camera.height)


def _leaning(thing: Thing, label: int, turn: Array, spot: Array, below: list[tuple[Placed, float]]) -> Placed:
    """Lay a thing with one side on another: its far edge rests on the table."""
    other, away = below[0]
    step = other.thing.height
    reach = min(thing.radius + other.thing.radius - away, 2 * thing.radius)
    flat = away < other.thing.radius  # its middle is carried: it lies level
    angle = 0.0 if flat else float(np.arcsin(min(step / max(2 * thing.radius - reach, 2 * step), 0.5)))
    toward = np.arctan2(*(spot - other.solid.place)[1::-1])
    lift = step if flat else thing.radius * np.sin(angle)
    place = spot + vector(0, 0, lift + thing.height / 2 * np.cos(angle))
    return Placed(label=label, thing=thing, solid=thing.solid(lean(float(toward), angle) @ turn, place), layer=1)


def _all_seen(placed: list[Placed], camera: Camera) -> bool:
    """Tell whether enough of everything is inside the picture and not hidden, by a sketch of the hulls."""
    margin = 64
    size = (camera.height // _SMALL + 2 * margin, camera.width // _SMALL + 2 * margin)
    sketch = np.zeros(size, np.uint8)
    whole = []
    for number, item in enumerate(_ordered(placed, camera), 1):
        hull = cv2.convexHull(camera.project(item.solid.rim()) / _SMALL + margin)
        whole.append(cv2.contourArea(hull))
        cv2.fillConvexPoly(sketch, np.round(hull).astype(np.int32), number)
    seen = np.bincount(sketch[margin:-margin, margin:-margin].ravel(), minlength=len(placed) + 1)[1:]
    return bool((seen >= _VISIBLE * np.array(whole)).all() and min(whole) * _SMALL * _SMALL > 150)
