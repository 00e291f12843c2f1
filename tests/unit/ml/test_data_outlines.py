import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain import raster, rle
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Geometry, Mask, Polygon
from boxwright.ml.data.augment import affine_matrix
from boxwright.ml.data.outlines import BoxGrid, InputGrid, Outlines, joined, none, outlines_of

WIDTH, HEIGHT = 24, 18
SPOTS = st.lists(st.booleans(), min_size=48, max_size=48).filter(any)
CORNERS = st.lists(st.tuples(st.floats(-6, WIDTH + 6), st.floats(-6, HEIGHT + 6)), min_size=3, max_size=8, unique=True)


def mask(spots: list[bool]) -> tuple[Mask, np.ndarray]:
    """A mask of blocks of 3 x 3 pixels."""
    pixels = np.kron(np.reshape(spots, (6, 8)), np.ones((3, 3))).astype(bool)
    return Mask(width=WIDTH, height=HEIGHT, counts=rle.encode(pixels)), pixels


def whole(outlines: Outlines, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    frames = InputGrid(height, width, 1).frames(np.zeros((outlines.count, 4), np.float32))
    return outlines.sampled(frames, height, width)


@given(SPOTS)
def test_pixels_come_back_as_they_were(spots: list[bool]) -> None:
    shape, pixels = mask(spots)
    found = outlines_of([shape], WIDTH, HEIGHT)
    np.testing.assert_array_equal(whole(found)[0], pixels)
    np.testing.assert_array_equal(found.bounds()[0], shape.bounds)


@given(st.lists(CORNERS, min_size=1, max_size=3))
def test_polygons_are_filled_as_everywhere_else(rings: list[list[tuple[float, float]]]) -> None:
    try:
        shape = Polygon(rings=tuple(map(tuple, rings)))
    except Invalid:  # no area
        return
    box = Box(x0=1, y0=1, x1=2, y1=2)
    found = outlines_of([box, shape], WIDTH, HEIGHT)
    assert not found.known[0]
    np.testing.assert_array_equal(whole(found)[1], raster.fill(shape, WIDTH, HEIGHT))
    if found.known[1]:
        x0, y0, x1, y1 = found.bounds()[1]
        assert 0 <= x0 <= x1 <= WIDTH
        assert 0 <= y0 <= y1 <= HEIGHT


@given(SPOTS, st.sampled_from([0, 90, 180, 270]), st.sampled_from([1, 2, 3]), st.integers(-9, 9), st.integers(-9, 9))
def test_turned_scaled_and_cut_it_stays_on_its_pixels(spots, degrees: int, scale: int, dx: int, dy: int) -> None:
    shape, pixels = mask(spots)
    side = 64
    matrix = affine_matrix((12, 9), side, scale, degrees, (dx / side, dy / side))
    found = outlines_of([shape], WIDTH, HEIGHT).moved(matrix)
    cut, boxes = found.clipped(side, side)
    # Where each pixel of the target came from, looked up one by one.
    ys, xs = np.mgrid[:side, :side] + 0.5
    back = np.linalg.inv(matrix[:, :2])
    source = np.floor((np.stack([xs, ys], -1) - matrix[:, 2]) @ back.T + 1e-9).astype(int)
    inside = (source >= 0).all(-1) & (source < [WIDTH, HEIGHT]).all(-1)
    expected = np.zeros((side, side), bool)
    expected[inside] = pixels[source[inside][:, 1], source[inside][:, 0]]
    np.testing.assert_array_equal(whole(cut, side, side)[0], expected)
    rows, columns = np.nonzero(expected)
    tight = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1] if expected.any() else [0, 0, 0, 0]
    np.testing.assert_allclose(boxes[0], tight, atol=1e-4)
    assert cut.known[0] == expected.any()


@pytest.mark.parametrize(
    ("rings", "box"),
    [
        ([[(2, 2), (4, 2), (4, 4), (2, 4)], [(10, 3), (14, 3), (14, 5), (10, 5)]], [2, 2, 4, 4]),
        ([[(4, 1), (20, 1), (20, 20), (4, 20), (4, 18), (18, 18), (18, 3), (4, 3)]], [4, 1, 10, 3]),
        ([[(-5, -5), (30, -5), (30, 30), (-5, 30)]], [0, 0, 10, 10]),
        ([[(-5, 2), (30, 2), (30, 30), (-5, 30)], [(8, -5), (8, 30), (30, 30), (30, -5)]], [0, 0, 10, 10]),
        ([[(10, 4), (12, 2), (14, 4), (12, 6)]], [0, 0, 0, 0]),
    ],
    ids=["beside the edge", "around a corner", "all of it", "overlap", "a corner on the edge"],
)
def test_what_only_touches_the_edge_is_not_seen(rings: list[list[tuple[float, float]]], box: list[float]) -> None:
    shape = Polygon(rings=tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings))
    found, boxes = outlines_of([shape], 40, 40).clipped(10, 10)
    np.testing.assert_allclose(boxes[0], box)
    assert found.known[0] == any(box)


def test_a_hole_stays_a_hole_in_a_grid_of_its_box() -> None:
    ring = lambda a, b: ((a, a), (b, a), (b, b), (a, b))  # noqa: E731
    found = outlines_of([Polygon(rings=(ring(4.0, 16.0), ring(8.0, 12.0)))], WIDTH, HEIGHT)
    grid = BoxGrid(6, 6, 0.0)
    seen = found.sampled(grid.frames(found.bounds()), 6, 6)[0]
    assert seen.sum() == 32
    assert not seen[2:4, 2:4].any()
    wider = BoxGrid(12, 12, 0.5).frames(found.bounds())
    np.testing.assert_allclose(wider[0], [-2, -2, 22, 22])
    assert found.sampled(wider, 12, 12)[0].sum() == 32


def test_objects_are_taken_and_joined() -> None:
    boxes: list[Geometry] = [Polygon(rings=(((i, i), (i + 4.0, i), (i, i + 4.0)),)) for i in range(4)]
    found = outlines_of(boxes, WIDTH, HEIGHT)
    both = joined([found.take(np.array([3, 1])), none(2), found.take(np.array([False, False, True, False]))])
    assert both.count == 5
    assert both.known.tolist() == [True, True, False, False, True]
    np.testing.assert_array_equal(both.bounds()[[0, 1, 4], 0], [3, 1, 2])
    sheets = whole(both)
    np.testing.assert_array_equal(sheets[4], whole(found)[2])
    assert not sheets[2:4].any()
    assert whole(none(0)).shape == (0, HEIGHT, WIDTH)


@pytest.mark.parametrize("count", [0, 3])
def test_nothing_is_no_trouble(count: int) -> None:
    empty = none(count)
    assert empty.clipped(10, 10)[0].count == count == len(empty.bounds())
    assert not empty.moved(np.eye(3)[:2]).known.any()
    assert joined([empty, empty]).count == 2 * count
