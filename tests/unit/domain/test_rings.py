"""What is asked of many rings at once is what is asked of each alone, to the last bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.geometry import Polygon, ring_area
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import geometry_to_json
from boxwright.domain.rings import inner_text, measured, read_rings, ring_texts, rounded

NUMBERS = st.one_of(
    st.floats(-10, 5000),
    st.integers(0, 5000).map(float),
    st.integers(0, 500_000).map(lambda hundredths: hundredths / 100),
)
POLYGONS = st.lists(
    st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=9), min_size=1, max_size=3),
    min_size=1,
    max_size=6,
)


@given(POLYGONS)
def test_bounds_and_areas_are_those_of_each_polygon(polygons: list[list[list[tuple[float, float]]]]) -> None:
    shapes = [
        Polygon(rings=tuple(map(tuple, rings)))
        for rings in polygons
        if len({x for ring in rings for x, _ in ring}) > 1 < len({y for ring in rings for _, y in ring})
    ]
    if not shapes:
        return
    texts = [inner_text(encode(geometry_to_json(shape))) or b"" for shape in shapes]
    parts = [ring_texts(text) for text in texts]
    rings = read_rings([text for some in parts for text in some])
    assert measured(rings, [*map(len, parts)]).tolist() == [[*shape.bounds, shape.area] for shape in shapes]
    assert rings.areas.tolist() == [ring_area(ring) for shape in shapes for ring in shape.rings]


@given(
    st.lists(st.one_of(st.floats(-1e17, 1e17), NUMBERS, st.integers(0, 10**14).map(lambda half: (half + 0.5) / 1e9)))
)
def test_rounding_many_is_rounding_each(values: list[float]) -> None:
    assert rounded(np.array(values, np.float64), 9).tolist() == [round(value, 9) for value in values]


def test_only_what_we_wrote_ourselves_is_taken_by_its_look() -> None:
    assert inner_text(b'{"type":"polygon","rings":[[[1,2],[3,4],[5,7]]]}') is None
    assert inner_text(b'{"x0":1,"y0":2,"x1":3,"y1":4,"type":"box"}') is None
    assert inner_text(b'{"rings":[[[1,2],[3,4],[5,7]]],"type":"polygon"}') == b"1,2],[3,4],[5,7"
