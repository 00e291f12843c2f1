from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import (
    ImageRecord,
    Labelled,
    ManifestClass,
    ManifestHeader,
    content_hash,
    line_of,
    read_header,
    read_heads,
    read_records,
    record_from_line,
    record_line,
    write_manifest,
)

HEADER = ManifestHeader(name="cells", classes=(ManifestClass(id="a", name="red cell"),))
SHAPES = (
    Box(x0=0, y0=0.5, x1=3, y1=4),
    RotatedBox(cx=5, cy=5, w=4, h=2, angle=0.3),
    Polygon(rings=(((0, 0), (4, 0), (4, 3)), ((1, 1), (2, 1), (2, 2)))),
    Mask(width=4, height=3, counts=(2, 5, 5)),
    Ellipse(cx=5, cy=5, rx=3, ry=1.5, angle=0.2),
    Polyline(points=((0, 0), (4, 0.25), (4, 3))),
    Points(points=((1.5, 2),)),
)
RECORD = ImageRecord(
    name="ordner/bild #1.jpg",
    width=640,
    height=480,
    split="train",
    state="labeled",
    sha256="ab",
    path="/somewhere/ab",
    annotations=tuple(Labelled(class_index=0, geometry=shape, attributes={"blurred": True}) for shape in SHAPES),
)


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    assert write_manifest(path, HEADER, [RECORD, replace(RECORD, name="leer.jpg", annotations=())]) == 2
    assert read_header(path) == HEADER
    assert list(read_records(path)) == [RECORD, replace(RECORD, name="leer.jpg", annotations=())]


def test_the_content_hash_ignores_where_files_lie_and_nothing_else() -> None:
    same = content_hash(HEADER, [RECORD])
    assert content_hash(HEADER, [replace(RECORD, path=None)]) == same
    assert content_hash(HEADER, [replace(RECORD, split="val")]) != same
    assert content_hash(replace(HEADER, classes=(ManifestClass(id="a", name="cell"),)), [RECORD]) != same


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"name": "x", "classes": 3}', '{"name":"x","classes":[],"schema":"9"}']
)
def test_a_file_that_is_no_manifest_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text(text)
    with pytest.raises(InvalidDataset, match=r"manifest\.jsonl"):
        read_header(path)


def test_a_line_is_taken_apart_and_put_together(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    tricky = replace(
        RECORD,
        name='"annotations":[ ],"split":"x',
        path='a,"path":null',
        external_id='],"split":"val","path":null',
        tags=('],"split":',),
    )
    write_manifest(path, HEADER, [RECORD, tricky, replace(RECORD, annotations=())])
    lines = path.read_bytes().splitlines(keepends=True)[1:]
    heads = list(read_heads(path))
    assert [head for head, _ in heads] == [
        replace(record, annotations=()) for record in (RECORD, tricky, replace(RECORD, annotations=()))
    ]
    assert [line_of(head, annotations) for head, annotations in heads] == lines


PIECES = st.sampled_from(
    ['{"class_index":', ',"geometry":', "}", "{", '"', ",", "x", "\\", '],"split":', '"annotations":[']
)
WORDS = st.lists(PIECES, max_size=4).map("".join)
ATTRIBUTES = st.dictionaries(st.sampled_from(["class_index", "geometry"]) | WORDS, WORDS | st.just(True), max_size=3)


@given(st.lists(ATTRIBUTES, min_size=1, max_size=3))
def test_attributes_that_look_like_a_line_come_back(found: list[dict[str, str | bool]]) -> None:
    items = tuple(Labelled(class_index=at, geometry=SHAPES[at], attributes=one) for at, one in enumerate(found))
    record = replace(RECORD, annotations=items)
    assert record_from_line(record_line(record)) == record
