"""Tracks: what they must be, and where an object is between its key frames."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Geometry, Polygon, RotatedBox
from boxwright.domain.ids import new_id
from boxwright.domain.interpolation import between, is_seen, seen_at
from boxwright.domain.manifest import geometry_to_json
from boxwright.domain.tracks import (
    KeyFrame,
    Track,
    TrackDelete,
    TrackUpsert,
    change_from_json,
    change_to_json,
    keyframe_from_json,
    keyframe_to_json,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "interpolation.json").read_text())
BOX = Box(x0=0, y0=0, x1=10, y1=10)
numbers = st.floats(-1e4, 1e4, allow_nan=False)
sizes = st.floats(0.5, 1e4)
boxes = st.builds(lambda x, y, w, h: Box(x0=x, y0=y, x1=x + w, y1=y + h), numbers, numbers, sizes, sizes)
rotated = st.builds(
    lambda x, y, w, h, a: RotatedBox(cx=x, cy=y, w=w, h=h, angle=a), numbers, numbers, sizes, sizes, st.floats(-9, 9)
)


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """A ring round a middle, with any number of corners: such are easy to follow, and never without area."""
    count = draw(st.integers(3, 12))
    x, y = draw(numbers), draw(numbers)
    radii = [draw(st.floats(20, 200)) for _ in range(count)]
    turn = draw(st.floats(0, math.tau))
    angles = [turn + math.tau * n / count for n in range(count)]
    points = [(x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]
    return Polygon(rings=(tuple(points if draw(st.booleans()) else points[::-1]),))


def track(*keyframes: KeyFrame, **options: Any) -> Track:
    return Track(id=new_id(), class_id=new_id(), keyframes=keyframes, **options)


def key(frame: int, geometry: Geometry = BOX, **options: Any) -> KeyFrame:
    return KeyFrame(frame=frame, geometry=geometry, **options)


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def close(found: Any, wanted: Any) -> None:
    """Compare JSON values, numbers with the tolerance of the table."""
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys()
        for name in wanted:
            close(found[name], wanted[name])
    elif isinstance(wanted, list):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            close(one, other)
    elif isinstance(wanted, float | int) and not isinstance(wanted, bool):
        assert found == pytest.approx(wanted, abs=GOLDEN["tolerance"])
    else:
        assert found == wanted


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_the_table_that_the_front_end_keeps_to(case: dict[str, Any]) -> None:
    one = track(*map(keyframe_from_json, case["keyframes"]), attributes=case["attributes"])
    for frame, wanted in case["seen"].items():
        seen = seen_at(one, int(frame))
        found = seen and {
            "geometry": plain(geometry_to_json(seen.geometry)),
            "occluded": seen.occluded,
            "attributes": dict(seen.attributes),
            "key": seen.key,
        }
        close(found, wanted)


@given(boxes, boxes, st.floats(0, 1))
def test_a_box_stays_between_its_ends(a: Box, b: Box, share: float) -> None:
    found = between(a, b, share)
    for low, value, high in zip(map(min, a.bounds, b.bounds), found.bounds, map(max, a.bounds, b.bounds), strict=True):
        assert low - 1e-6 <= value <= high + 1e-6


@given(rotated, rotated, st.floats(0, 1))
def test_an_angle_never_goes_the_long_way(a: RotatedBox, b: RotatedBox, share: float) -> None:
    found = between(a, b, share)
    assert isinstance(found, RotatedBox)
    assert abs(found.angle - a.angle) <= math.pi + 1e-9
    end = between(a, b, 1.0)
    assert isinstance(end, RotatedBox)
    assert math.cos(end.angle - b.angle) == pytest.approx(1)


@given(stars(), stars())
def test_a_ring_begins_as_the_one_and_ends_as_the_other(a: Polygon, b: Polygon) -> None:
    for share, wanted in ((0.0, a), (1.0, b)):
        found = between(a, b, share)
        assert isinstance(found, Polygon)
        if len(a.rings[0]) == len(b.rings[0]):  # may pass through a shape without area, and then `a` stays
            continue
        assert found.bounds == pytest.approx(wanted.bounds, abs=1e-5)
        assert found.area == pytest.approx(wanted.area, rel=1e-5)


@given(stars(), st.integers(0, 11), st.floats(0, 1))
def test_a_ring_with_a_corner_more_that_begins_elsewhere_is_the_same(a: Polygon, start: int, share: float) -> None:
    ring = a.rings[0]
    start %= len(ring)
    turned = (*ring[start:], *ring[:start])
    middle = tuple((p + q) / 2 for p, q in zip(turned[0], turned[1], strict=True))
    other = Polygon(rings=((turned[0], middle, *turned[1:]),))  # type: ignore[arg-type]
    found = between(a, other, share)
    assert found.bounds == pytest.approx(a.bounds, abs=1e-5)
    assert found.area == pytest.approx(a.area, rel=1e-5)


def test_large_rings_are_matched_quickly_and_well() -> None:
    def ring(count: int, radius: float, turn: float) -> Polygon:
        angles = [turn + math.tau * n / count for n in range(count)]
        return Polygon(rings=(tuple((radius * math.cos(a), radius * math.sin(a)) for a in angles),))

    found = between(ring(5000, 100, 0), ring(4000, 200, 2.0), 0.5)
    assert isinstance(found, Polygon)
    assert found.area == pytest.approx(math.pi * 150 * 150, rel=1e-3)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6, unique=True), st.integers(0, 60))
def test_a_track_is_seen_from_its_first_key_frame_on(frames: list[int], frame: int) -> None:
    frames.sort()
    one = track(*(key(number, outside=place % 3 == 2) for place, number in enumerate(frames)))
    before = [place for place, number in enumerate(frames) if number <= frame]
    seen = seen_at(one, frame)
    assert (seen is not None) == (bool(before) and before[-1] % 3 != 2)
    assert is_seen(one, frame) == (seen is not None)
    assert seen is None or seen.key == (frame in frames)


def test_a_track_is_checked_when_it_is_made() -> None:
    for wrong in ((), (key(3), key(3)), (key(4), key(3)), (key(0), key(1, Ellipse(cx=1, cy=1, rx=1, ry=1)))):
        with pytest.raises(Invalid) as caught:
            track(*wrong)
        assert caught.value.code == "keyframes_invalid"
    with pytest.raises(Invalid):
        key(-1)


def test_json_and_back() -> None:
    one = track(
        key(0, attributes={"a": 1.5}, occluded=True), key(9, outside=True), z=3, attributes={"b": None}, external_id="7"
    )
    for change in (TrackUpsert(track=one), TrackDelete(id=one.id)):
        assert change_from_json(plain(change_to_json(change))) == change
    assert [keyframe_from_json(plain(keyframe_to_json(item))) for item in one.keyframes] == list(one.keyframes)
