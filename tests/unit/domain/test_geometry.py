import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Points, Polygon, Polyline, RotatedBox, clip_box, iou, ring_area

coordinate = st.floats(-1e4, 1e4, allow_nan=False, width=32)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(coordinate), draw(coordinate)
    return Box(x0=x0, y0=y0, x1=x0 + draw(st.floats(0.5, 1e3)), y1=y0 + draw(st.floats(0.5, 1e3)))


@pytest.mark.parametrize("values", [(0, 0, 0, 5), (3, 0, 1, 5), (0, 0, math.nan, 5), (0, 0, math.inf, 5)])
def test_a_box_without_area_or_with_a_foreign_number_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(Invalid) as caught:
        Box(x0=values[0], y0=values[1], x1=values[2], y1=values[3])
    assert caught.value.code == "geometry_invalid"


@given(boxes(), boxes())
def test_iou_is_symmetric_and_between_0_and_1(a: Box, b: Box) -> None:
    assert iou(a.bounds, b.bounds) == pytest.approx(iou(b.bounds, a.bounds))
    assert 0 <= iou(a.bounds, b.bounds) <= 1 + 1e-9
    assert iou(a.bounds, a.bounds) == pytest.approx(1)


@given(boxes(), st.integers(1, 5000), st.integers(1, 5000))
def test_a_clipped_box_lies_in_the_picture_and_in_the_box(box: Box, width: int, height: int) -> None:
    clipped = clip_box(box.bounds, width, height)
    outside = box.x1 <= 0 or box.y1 <= 0 or box.x0 >= width or box.y0 >= height
    assert (clipped is None) == outside
    if clipped:
        assert 0 <= clipped.x0 < clipped.x1 <= width
        assert 0 <= clipped.y0 < clipped.y1 <= height
        assert clipped.area <= box.area + 1e-6


@given(boxes(), st.floats(-10, 10))
def test_a_rotated_box_keeps_its_centre_and_grows_its_bounds(box: Box, angle: float) -> None:
    rotated = RotatedBox(cx=0, cy=0, w=box.x1 - box.x0, h=box.y1 - box.y0, angle=angle)
    x0, y0, x1, y1 = rotated.bounds
    assert (x0 + x1, y0 + y1) == pytest.approx((0, 0), abs=1e-6)
    assert (x1 - x0) * (y1 - y0) >= rotated.area * (1 - 1e-9)


@given(st.floats(0.6, 3000), st.floats(0.6, 3000), st.floats(-10, 10))
def test_an_ellipse_lies_in_its_bounds_and_its_polygon_along_it(rx: float, ry: float, angle: float) -> None:
    ellipse = Ellipse(cx=7, cy=-3, rx=rx, ry=ry, angle=angle)
    x0, y0, x1, y1 = ellipse.bounds
    assert ring_area(ellipse.ring) == pytest.approx(ellipse.area)
    for x, y in ellipse.ring:
        assert x0 - 0.06 <= x <= x1 + 0.06
        assert y0 - 0.06 <= y <= y1 + 0.06
    xs, ys = [x for x, _ in ellipse.ring], [y for _, y in ellipse.ring]
    assert max(xs) - min(xs) == pytest.approx(x1 - x0, abs=0.2)
    assert max(ys) - min(ys) == pytest.approx(y1 - y0, abs=0.2)


@pytest.mark.parametrize("angle", [0, math.pi / 2, math.pi / 4])
def test_a_circle_has_the_same_bounds_however_it_is_turned(angle: float) -> None:
    assert Ellipse(cx=5, cy=6, rx=2, ry=2, angle=angle).bounds == pytest.approx((3, 4, 7, 8))


def test_lines_and_points_have_bounds_and_no_area() -> None:
    line, point = Polyline(points=((1, 2), (5, 2))), Points(points=((3, 4),))
    assert (line.bounds, line.area) == ((1, 2, 5, 2), 0)
    assert (point.bounds, point.area) == ((3, 4, 3, 4), 0)
    for make in (
        lambda: Polyline(points=((1, 2),)),
        lambda: Polyline(points=((1, 2), (1, 2))),
        lambda: Points(points=()),
        lambda: Points(points=((math.nan, 1),)),
        lambda: Ellipse(cx=1, cy=1, rx=0, ry=1),
    ):
        with pytest.raises(Invalid):
            make()


def test_a_polygon_needs_three_points_and_an_area() -> None:
    with pytest.raises(Invalid):
        Polygon(rings=(((0, 0), (1, 1)),))
    with pytest.raises(Invalid):
        Polygon(rings=(((0, 0), (1, 0), (2, 0)),))
    square = Polygon(rings=(((0, 0), (4, 0), (4, 3), (0, 3)),))
    assert (square.area, square.bounds) == (12, (0, 0, 4, 3))
    assert ring_area([(0, 0), (2, 0), (0, 2)]) == 2
