"""Annotations that go to the database as text are what they would be as objects."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.annotations import Annotation, Upsert
from boxwright.domain.clipping import clip
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.jsontext import decode, encode
from boxwright.domain.manifest import (
    ImageRecord,
    Labelled,
    geometry_to_json,
    labelled_line,
    labelled_text,
    record_from_line,
    record_line,
)
from boxwright.services.drawn import drawn_parts, shape_of, signature
from boxwright.storage.repositories.annotations import _change_from_json
from boxwright.storage.repositories.drawn import drawn_of, drawn_text
from boxwright.storage.types import json_text

SIZE = 64, 48
NUMBERS = (st.integers(-5, 70) | st.floats(-5, 70)).map(lambda value: round(float(value), 3))
POINTS = st.tuples(NUMBERS, NUMBERS)
OTHERS: list[Geometry] = [
    Mask(width=4, height=3, counts=(2, 5, 5)),
    Mask(width=64, height=48, counts=(64, 10, 64 * 48 - 74)),
    Ellipse(cx=5, cy=5, rx=3, ry=1.5, angle=0.2),
    RotatedBox(cx=70, cy=5, w=4, h=20, angle=0.3),
    Polyline(points=((0.0, 0.0), (4.0, 0.25), (70.0, 3.0))),
    Points(points=((1.5, 2.0),)),
]


def _made(kind: Any, **values: Any) -> Geometry | None:
    try:
        made: Geometry = kind(**values)
    except Invalid:
        return None
    return made


BOXES = st.tuples(POINTS, POINTS).map(lambda two: _made(Box, x0=two[0][0], y0=two[0][1], x1=two[1][0], y1=two[1][1]))
RINGS = st.lists(POINTS, min_size=3, max_size=6).map(tuple)
POLYGONS = st.lists(RINGS, min_size=1, max_size=3).map(lambda rings: _made(Polygon, rings=tuple(rings)))
GEOMETRIES: Any = st.one_of(BOXES, POLYGONS, st.sampled_from(OTHERS))
WORDS = st.sampled_from(["7", "a b", 'q"', "é", '{"class_index":', ',"geometry":{', '"proposal":true}', "\ud800"])
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "crowd": st.just(True),
        "score": st.floats(0, 1),
        "external_id": WORDS,
        "attributes": st.dictionaries(WORDS | st.just("proposal"), WORDS | st.booleans() | st.none(), max_size=2),
        "z": st.integers(1, 3),
        "group_id": WORDS,
    },
)


def _slow(geometry: Geometry) -> tuple[object, ...] | None:
    found = clip(geometry, *SIZE)
    if found is None:
        return None
    return encode(geometry_to_json(found)).decode(), found.type, found.bounds, found.area


@given(st.lists(st.lists(GEOMETRIES.filter(bool), max_size=4), max_size=3), st.booleans())
def test_shapes_read_together_are_those_read_one_by_one(found: list[list[Geometry]], written: bool) -> None:
    records = [
        ImageRecord(
            name="a.jpg",
            width=SIZE[0],
            height=SIZE[1],
            annotations=tuple(Labelled(class_index=at, geometry=shape) for at, shape in enumerate(shapes)),
        )
        for shapes in found
    ]
    if written:
        records = [record_from_line(record_line(record)) for record in records]
    for shapes, parts in zip(found, drawn_parts(records), strict=True):
        assert [part.class_index for part in parts] == list(range(len(shapes)))
        for shape, part in zip(shapes, parts, strict=True):
            if isinstance(shape, Mask) and (shape.width, shape.height) != SIZE:
                with pytest.raises(Invalid):
                    shape_of(part, *SIZE)
            else:
                assert shape_of(part, *SIZE) == _slow(shape)


@given(GEOMETRIES.filter(bool), ITEMS)
def test_lines_from_the_database_are_those_of_objects(geometry: Geometry, fields: dict[str, Any]) -> None:
    item = Labelled(class_index=3, geometry=geometry, id="one", **fields)
    text = encode(geometry_to_json(geometry)).decode()
    attributes = json_text(dict(item.attributes)) or ""
    said = (item.z, item.group_id, item.id, item.crowd, item.score, item.external_id, attributes)
    assert labelled_text(3, text, *said) == labelled_line(item)


@given(GEOMETRIES.filter(bool), ITEMS, st.booleans())
def test_the_log_says_all_of_a_new_annotation(geometry: Geometry, fields: dict[str, Any], more: bool) -> None:
    about: dict[str, Any] = {"author_id": "somebody-1", "track_id": "t", "model_id": "m", "run_id": "r"} if more else {}
    item = Annotation(id="one", class_id="two", geometry=geometry, **fields, **about)
    drawn = drawn_of(item)
    assert signature(drawn) == signature(item)
    assert _change_from_json(decode(drawn_text(drawn))) == Upsert(annotation=item)
