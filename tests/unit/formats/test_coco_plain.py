"""Annotations that are read together are those that are read one by one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.geometry import Geometry, Polygon
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import geometry_to_json, labelled_line, record_from_line, record_line
from boxwright.formats.coco import box_shape, ring_shape
from boxwright.formats.coco_plain import category_of, id_of, plain_boxes, plain_line, plain_polygons, within
from boxwright.formats.shapes import place

SIZE = 640, 480
NUMBERS: Any = st.one_of(
    st.integers(0, 500),
    st.integers(0, 50_000).map(lambda hundredths: hundredths / 100),
    st.floats(-1, 700),
    st.sampled_from([1e-7, -0.005, float("nan"), float("inf"), None, "7", "x", True, 10**400, [1]]),
)
RINGS: Any = st.lists(NUMBERS, min_size=2, max_size=9) | st.sampled_from([None, 3, "abcdef", {}])
SEGMENTATIONS: Any = st.lists(RINGS, max_size=3) | st.sampled_from([None, {"size": [1, 1], "counts": "0"}, "text", 5])
BOXES: Any = st.lists(NUMBERS, min_size=4, max_size=4) | st.lists(NUMBERS, max_size=5) | st.sampled_from([None, "abcd"])


def told(shape: Any) -> tuple[Geometry | None, list[tuple[str, str, str]]]:
    problems: list[tuple[str, str, str]] = []
    return place(shape, *SIZE, lambda *problem: problems.append(problem)), problems


@given(st.lists(SEGMENTATIONS, max_size=5))
def test_polygons_together_and_one_by_one_are_alike(segmentations: list[Any]) -> None:
    for segmentation, drawn in zip(
        segmentations, plain_polygons([{"segmentation": s} for s in segmentations]), strict=True
    ):
        if drawn is not None and within(drawn[1], *SIZE):
            geometry, problems = told(ring_shape(segmentation))
            assert problems == []
            assert isinstance(geometry, Polygon)
            assert drawn == (encode(geometry_to_json(geometry)).decode(), geometry.bounds)


@given(st.lists(BOXES, max_size=5))
def test_boxes_together_and_one_by_one_are_alike(boxes: list[Any]) -> None:
    for box, drawn in zip(boxes, plain_boxes(boxes), strict=True):
        if drawn is not None and within(drawn[1], *SIZE):
            shape = box_shape(box)
            assert shape is not None
            geometry, problems = told(shape)
            assert problems == []
            assert geometry is not None
            assert drawn == (encode(geometry_to_json(geometry)).decode(), geometry.bounds)


def test_a_plain_polygon_is_taken_also_beside_odd_ones() -> None:
    plain: dict[str, Any] = {"segmentation": [[0, 0, 9.5, 0, 9.5, 4]]}
    odd: list[dict[str, Any]] = [{"segmentation": [[1, 2, 3]]}, {}, {"segmentation": [[0, 0, float("nan"), 0, 5, 5]]}]
    text = '{"rings":[[[0.0,0.0],[9.5,0.0],[9.5,4.0]]],"type":"polygon"}'
    assert plain_polygons([plain, *odd]) == [(text, (0, 0, 9.5, 4)), None, None, None]
    assert plain_polygons(odd) == [None] * 3


def test_a_plain_line_is_what_a_manifest_would_have() -> None:
    attributes = {"proposal": True, "geometry": '\n,"geometry":{', "class_index": 1}
    item = {"id": 7, "category_id": 3, "iscrowd": 1, "score": 0.25, "attributes": attributes | {"left": [1]}}
    line = plain_line(item, '{"x0":0.0,"y0":0.0,"x1":3.0,"y1":4.0,"type":"box"}')
    assert line is not None
    category, rest = category_of(line)
    assert (category, id_of(rest)) == (b"3", "7")
    assert b"\n" not in line
    text = b'{"class_index":0%b' % rest
    head = b'{"name":"a.jpg","width":9,"height":9,"annotations":['
    record = record_from_line(head + text + b'],"split":"none","path":null}\n')
    (found,) = record.annotations
    assert len(record.annotations) == 1
    assert labelled_line(found) == text
    assert record_from_line(record_line(record)) == record
    assert (found.crowd, found.score, found.external_id, dict(found.attributes)) == (True, 0.25, "7", attributes)


def test_what_is_odd_has_no_plain_line() -> None:
    plain: dict[str, Any] = {"id": 7, "category_id": 3}
    assert plain_line(plain, "{}") is not None
    for odd in ({"id": None}, {"id": "7"}, {"id": True}, {"id": 10**30}, {"category_id": "3"}, {"score": "1"}):
        assert plain_line({**plain, **odd}, "{}") is None
