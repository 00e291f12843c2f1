"""Writers that take polygons as text write what they write of geometries."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxwright.domain.geometry import Box, Point, Polygon
from boxwright.domain.manifest import (
    ImageRecord,
    Labelled,
    ManifestHeader,
    parts_of_records,
    read_records,
    record_line,
    write_manifest,
)
from boxwright.formats.coco_lines import Told, annotation_lines
from boxwright.formats.report import gather
from boxwright.formats.yolo_write import label_files

HEADER = ManifestHeader(name="x", classes=())
NUMBERS = st.one_of(
    st.integers(0, 640).map(float),
    st.integers(0, 64_000).map(lambda hundredths: hundredths / 100),
    st.floats(-0.5, 640),
    st.sampled_from([1e-7, 0.1 + 0.2, 3.0000000001, -0.0]),
)


def polygon(rings: Sequence[Sequence[Point]]) -> Polygon | Box:
    flat = [point for ring in rings for point in ring]
    if len({x for x, _ in flat}) < 2 or len({y for _, y in flat}) < 2:
        return Box(x0=1, y0=2, x1=30.5, y1=4)
    return Polygon(rings=tuple(map(tuple, rings)))


POLYGONS = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=6), min_size=1, max_size=2).map(polygon)
ITEMS = st.builds(
    Labelled,
    class_index=st.integers(0, 3),
    geometry=POLYGONS,
    crowd=st.booleans(),
    score=st.none() | st.floats(0, 1),
    attributes=st.dictionaries(
        st.sampled_from(["a", '"geometry":{', '{"class_index":1']), st.text(max_size=3), max_size=2
    ),
)
RECORDS = st.lists(st.lists(ITEMS, max_size=4), min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(RECORDS)
def test_text_and_geometries_are_written_alike(tmp_path: Path, found: list[list[Labelled]]) -> None:
    records = [
        ImageRecord(name=f"{n}.jpg", width=640, height=480, annotations=tuple(some)) for n, some in enumerate(found)
    ]
    write_manifest(tmp_path / "m.jsonl", HEADER, records)
    texts = list(read_records(tmp_path / "m.jsonl"))
    assert all(item.text is not None for record in texts for item in record.annotations)
    assert label_files(texts) == label_files(records)
    assert annotation_lines(told(texts)) == annotation_lines(told(records))
    assert gather(HEADER, texts) == gather(HEADER, records)
    assert [*map(record_line, texts)] == [*map(record_line, records)]
    assert texts == records


def told(records: list[ImageRecord]) -> list[Told]:
    return [Told(part, 7, number, 3) for number, parts in enumerate(parts_of_records(records)) for part in parts]


def test_another_geometry_takes_the_text_with_it(tmp_path: Path) -> None:
    item = Labelled(class_index=0, geometry=Box(x0=0, y0=0, x1=2, y1=2))
    write_manifest(tmp_path / "m.jsonl", HEADER, [ImageRecord(name="a.jpg", width=9, height=9, annotations=(item,))])
    (read,) = next(read_records(tmp_path / "m.jsonl")).annotations
    assert (read.kind, read.text) == ("box", b'{"x0":0,"y0":0,"x1":2,"y1":2,"type":"box"}')
    moved = replace(read, geometry=Box(x0=1, y0=0, x1=2, y1=2))
    assert moved.text is None
    assert moved.geometry.bounds == (1, 0, 2, 2)
