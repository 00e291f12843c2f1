"""Datasets drawn by hypothesis for the round trips, and what two readings of them have to share."""

import math

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from boxwright.domain import rle
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import Labelled

W, H = 100, 80
SETTINGS = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # an example is five jobs: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def along(limit):
    """A coordinate with as many digits as files carry."""
    whole = st.integers(0, limit).map(float)
    return whole | st.integers(0, limit * 1000).map(lambda n: n / 1000) | st.floats(0, limit).map(lambda v: round(v, 9))


@st.composite
def boxes(draw):
    x0, x1 = sorted(draw(st.lists(along(W), min_size=2, max_size=2, unique=True)))
    y0, y1 = sorted(draw(st.lists(along(H), min_size=2, max_size=2, unique=True)))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


@st.composite
def polygons(draw):
    ring = draw(st.lists(st.tuples(along(W), along(H)), min_size=5, max_size=9, unique=True))
    if len({x for x, _ in ring}) < 2 or len({y for _, y in ring}) < 2:
        ring = [(0.0, 0.0), (W / 2, 0.0), (W / 2, H / 3), (7.0, 9.0), (3.0, 2.5)]
    return Polygon(rings=(tuple(ring),))


@st.composite
def masks(draw):
    pixels = np.zeros((H, W), bool)
    for _ in range(draw(st.integers(1, 4))):
        x, y = draw(st.integers(0, W - 1)), draw(st.integers(0, H - 1))
        pixels[y : y + draw(st.integers(1, 30)), x : x + draw(st.integers(1, 30))] ^= True
    pixels[draw(st.integers(0, H - 1)), draw(st.integers(0, W - 1))] = True
    return Mask(width=W, height=H, counts=rle.encode(pixels))


def size(limit):
    """A width, height or radius that a person could see."""
    return st.integers(1, limit * 1000).map(lambda n: n / 1000) | st.floats(0.01, limit).map(lambda v: round(v, 9))


def angles():
    return st.sampled_from([0.0, 0.5, math.pi / 2, math.pi, -3.0]).map(lambda v: round(v, 9)) | st.floats(
        -3.14, 3.14
    ).map(lambda v: round(v, 9))


def rotated():
    turned = angles().filter(lambda angle: angle != 0)
    return st.builds(RotatedBox, cx=along(W), cy=along(H), w=size(W), h=size(H), angle=turned)


def ellipses():
    return st.builds(Ellipse, cx=along(W), cy=along(H), rx=size(W), ry=size(H), angle=angles())


def circles():
    return st.builds(lambda cx, cy, r: Ellipse(cx=cx, cy=cy, rx=r, ry=r), along(W), along(H), size(H))


def upright_ellipses():
    return st.builds(Ellipse, cx=along(W), cy=along(H), rx=size(W), ry=size(H))


def lines():
    points = st.lists(st.tuples(along(W), along(H)), min_size=2, max_size=6, unique=True)
    return points.map(lambda found: Polyline(points=tuple(found)))


def dots(most=5):
    points = st.lists(st.tuples(along(W), along(H)), min_size=1, max_size=most)
    return points.map(lambda found: Points(points=tuple(found)))


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), max_size=6)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "occluded": st.just(True),
        "note": TEXT,
        "age": st.integers(-5, 99) | st.floats(-9, 9).filter(lambda value: not value.is_integer()),
        'a <b> & "c"': st.booleans(),
    },
)


def items(geometries, **fields):
    return st.lists(st.builds(Labelled, class_index=st.integers(0, 1), geometry=geometries, **fields), max_size=4)


def datasets(geometries, **fields):
    record = st.builds(
        lambda annotations, split, state: (tuple(annotations), split, "labeled" if annotations else state),
        items(geometries, **fields),
        st.sampled_from(["train", "val", "test", "none"]),
        st.sampled_from(["empty", "unlabeled"]),
    )
    return st.lists(record, min_size=1, max_size=4)


def close(a, b):
    """Equal shapes, where numbers may differ by what rounding at the ninth decimal can do; angles by full turns."""
    assert type(a) is type(b)
    if isinstance(a, Mask):
        assert a == b
        return
    for key in a.__slots__:
        one, other = getattr(a, key), getattr(b, key)
        if key == "angle":
            assert abs(math.remainder(one - other, 2 * math.pi)) < 3e-9
        elif key == "rings":
            assert len(one) == len(other)
            for ring, same in zip(one, other, strict=True):
                assert np.allclose(ring, same, rtol=0, atol=2e-9)
        elif key != "type":
            assert np.allclose(one, other, rtol=0, atol=2e-9)
