"""Polygons that are read together are those that are read one by one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.geometry import Polygon
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import geometry_to_json
from boxwright.formats.coco import ring_shape
from boxwright.formats.coco_rings import plain_polygons
from boxwright.formats.shapes import RawText, place

SIZE = 640, 480
NUMBERS: Any = st.one_of(
    st.integers(0, 500),
    st.integers(0, 50_000).map(lambda hundredths: hundredths / 100),
    st.floats(-1, 700),
    st.sampled_from([1e-7, -0.005, float("nan"), float("inf"), None, "7", "x", True, 10**400, [1]]),
)
RINGS: Any = st.lists(NUMBERS, min_size=2, max_size=9) | st.sampled_from([None, 3, "abcdef", {}])
SEGMENTATIONS: Any = st.lists(RINGS, max_size=3) | st.sampled_from([None, {"size": [1, 1], "counts": "0"}, "text", 5])


def told(shape: Any) -> tuple[object, list[tuple[str, str, str]]]:
    problems: list[tuple[str, str, str]] = []
    return place(shape, *SIZE, lambda *problem: problems.append(problem)), problems


@given(st.lists(SEGMENTATIONS, max_size=5))
def test_together_and_one_by_one_are_alike(segmentations: list[Any]) -> None:
    for segmentation, drawn in zip(
        segmentations, plain_polygons([{"segmentation": s} for s in segmentations]), strict=True
    ):
        if drawn is None:
            continue
        text = RawText(*drawn)
        alone = told(ring_shape(segmentation))
        assert told(text) == alone
        if text.within(*SIZE):
            geometry, problems = alone
            assert problems == []
            assert isinstance(geometry, Polygon)
            assert drawn == (encode(geometry_to_json(geometry)).decode(), geometry.bounds)


def test_a_plain_polygon_is_taken_also_beside_odd_ones() -> None:
    plain = {"segmentation": [[0, 0, 9.5, 0, 9.5, 4]]}
    odd = [{"segmentation": [[1, 2, 3]]}, {}, {"segmentation": [[0, 0, float("nan"), 0, 5, 5]]}]
    text = '{"rings":[[[0.0,0.0],[9.5,0.0],[9.5,4.0]]],"type":"polygon"}'
    assert plain_polygons([plain, *odd]) == [(text, (0, 0, 9.5, 4)), None, None, None]
    assert plain_polygons(odd) == [None] * 3
