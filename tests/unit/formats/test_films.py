"""Tracks in the formats of other tools: there and back again, and files as those tools write them."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.interpolation import seen_at
from boxwright.domain.tracks import KeyFrame, Track
from boxwright.domain.videos import Video
from boxwright.formats import cvat_video, films, mot
from boxwright.formats.film import Film, FoundTrack, near, sparse
from boxwright.formats.problems import Problems
from boxwright.formats.source import Source
from boxwright.media.archives import Member, safe_extract
from boxwright.media.zipstream import write_zip

VIDEO = Video(
    id="v", project_id="p", name="street & co.mp4", state="ready", problem=None, job_id=None, format="mp4", width=160,
    height=120, frames=30, fps=12.5, duration=2.4, bytes=1, sha256="0", revision=0, tracks=0, created_at="",
)  # fmt: skip
CLASSES = {"c1": "car", "c2": "person <small>"}


def key(frame: int, geometry: Geometry, **options: Any) -> KeyFrame:
    return KeyFrame(frame=frame, geometry=geometry, **options)


def box(x: float, y: float = 20, w: float = 30, h: float = 25) -> Box:
    return Box(x0=x, y0=y, x1=x + w, y1=y + h)


def ring(x: float, count: int = 4) -> Polygon:
    angles = [math.tau * n / count for n in range(count)]
    return Polygon(rings=(tuple((round(x + 20 * math.cos(a), 2), round(60 + 20 * math.sin(a), 2)) for a in angles),))


def boxes() -> list[Track]:
    """What MOT holds: boxes that come, go, come back, hide, stand still."""
    return [
        Track(
            id="1",
            class_id="c1",
            external_id="7",
            keyframes=(
                key(0, box(10)),
                key(8, box(26.5)),
                key(10, box(26.5), occluded=True),
                key(12, box(40), outside=True),
                key(18, box(60)),
                key(24, box(66, w=40)),
            ),
        ),
        Track(
            id="2", class_id="c2", external_id="3", keyframes=(key(5, box(100, 50)), key(6, box(100, 50), outside=True))
        ),
        Track(
            id="3",
            class_id="c2",
            external_id="9",
            keyframes=(key(2, box(0.25, 70.5), attributes={"visibility": 0.75}), key(29, box(90.75, 70.5))),
        ),
    ]


def shapes() -> list[Track]:
    line = Polyline(points=((1, 2), (30, 40), (50, 45)))
    moved = Polyline(points=((5, 2), (34, 40), (54, 45)))
    return [
        Track(
            id="4",
            class_id="c1",
            z=3,
            attributes={"colour": "red", "wheels": 4, "new": True},
            keyframes=(
                key(0, ring(40)),
                key(10, ring(60), attributes={"pose": "left"}),
                key(20, ring(80), outside=True),
            ),
        ),
        Track(id="5", class_id="c1", keyframes=(key(3, ring(40, 5)), key(13, ring(60, 7)))),
        Track(
            id="6",
            class_id="c2",
            keyframes=(
                key(0, RotatedBox(cx=50, cy=50, w=30, h=20, angle=0.5)),
                key(9, RotatedBox(cx=70, cy=50, w=30, h=24, angle=1.25)),
            ),
        ),
        Track(
            id="7",
            class_id="c2",
            keyframes=(
                key(0, Ellipse(cx=50, cy=50, rx=30, ry=20, angle=0)),
                key(9, Ellipse(cx=60, cy=50, rx=20, ry=20)),
            ),
        ),
        Track(id="8", class_id="c1", keyframes=(key(1, line), key(5, moved))),
        Track(
            id="9",
            class_id="c1",
            keyframes=(key(1, Points(points=((3, 4), (8, 9)))), key(4, Points(points=((7, 8), (9, 9))))),
        ),
        Track(
            id="10",
            class_id="c1",
            keyframes=(key(2, Mask(width=160, height=120, counts=(1000, 5, 115, 5, 18075))),),
        ),
    ]


def film(tracks: list[Track], *, jpeg: bool = False) -> Film:
    picture = (lambda frame: b"frame %d" % frame) if jpeg else None
    return Film(video=VIDEO, classes=CLASSES, tracks=tracks, jpeg=picture)


def written(tracks: list[Track], name: str, folder: Path) -> Path:
    path = folder / f"{name}.zip"
    write_zip(path, films.FORMATS[name].entries(film(tracks)))
    return path


def back(path: Path, folder: Path) -> tuple[list[FoundTrack], Problems, str]:
    target = folder / f"out-{path.stem}"
    source = Source(safe_extract(path, target))
    problems, name = Problems(), films.detect(source)
    return list(films.FORMATS[name].read(source, VIDEO, problems)), problems, name


def tracks_of(found: list[FoundTrack]) -> list[Track]:
    ids = {name: class_id for class_id, name in CLASSES.items()}
    return [
        Track(
            id=str(number),
            class_id=ids[item.class_name],
            keyframes=item.keyframes,
            attributes=item.attributes or {},
            external_id=item.external_id,
            z=item.z,
        )
        for number, item in enumerate(found)
    ]


def pictured(tracks: list[Track]) -> Iterator[tuple[str, int, Geometry, bool, dict[str, Any]]]:
    for track in tracks:
        for frame in range(VIDEO.frames):
            seen = seen_at(track, frame)
            if seen is not None:
                yield track.class_id, frame, seen.geometry, seen.occluded, dict(seen.attributes)


def same(a: list[Track], b: list[Track], *, attributes: bool = True) -> None:
    """Every frame shows the same."""
    one, other = list(pictured(a)), list(pictured(b))
    assert [item[:2] + item[3:4] for item in one] == [item[:2] + item[3:4] for item in other]
    for x, y in zip(one, other, strict=True):
        assert near(x[2], y[2]), (x, y)
        assert not attributes or x[4] == y[4], (x, y)


def test_mot_and_back(tmp_path: Path) -> None:
    path = written(boxes(), "mot", tmp_path)
    found, problems, name = back(path, tmp_path)
    assert (name, problems.count) == ("mot", 0)
    by_id = sorted(tracks_of(found), key=lambda item: ["7", "3", "9"].index(str(item.external_id)))
    same(boxes(), by_id)
    assert [len(item.keyframes) for item in by_id] == [6, 2, 2], "not a key frame for every row"
    again = written(by_id, "mot", tmp_path)
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(again) as other:
        assert one.read("gt/gt.txt") == other.read("gt/gt.txt")
        assert one.read("seqinfo.ini").decode().splitlines()[4:7] == ["seqLength=30", "imWidth=160", "imHeight=120"]
        first = one.read("gt/gt.txt").decode().splitlines()[0]
        assert one.read("gt/labels.txt").decode().splitlines() == list(CLASSES.values())
    assert first == "1,7,11,21,30,25,1,1,1", "frames, pixels and classes count from 1"


def test_mot_holds_boxes_only_and_says_so() -> None:
    lost = {item.code: item.count for item in mot.losses(film(boxes() + shapes()))}
    assert lost == {"shapes_as_box": 7, "attributes": 1, "z_order": 1, "keyframes": 10}


def test_mot_as_the_challenge_has_it(tmp_path: Path) -> None:
    (tmp_path / "gt").mkdir()
    rows = ["1, 1, 1, 1, 20, 30, 1, 1, 1", "2,1,3,1,20,30,1,1,0.3", "1,2,200,1,9,9,1,3,1", "1,1,4,4,4,4,1,1,1"]
    rows += ["31,1,1,1,2,2,1,1,1", "x,y", "", "4,2,11,11,10,10,0,3,1", "3,-1,5,5,5,5,0.9,-1,-1", "2,5,5,5,0,5,1,1,1"]
    (tmp_path / "gt" / "gt.txt").write_text("\n".join(rows))
    problems = Problems()
    found = {(one.class_name, one.external_id): one for one in mot.read(Source.from_folder(tmp_path), VIDEO, problems)}
    assert list(found) == [("pedestrian", "1"), ("car", "2"), ("object", None)]
    walker = found["pedestrian", "1"].keyframes
    assert [(item.frame, item.geometry, item.occluded, item.outside) for item in walker] == [
        (0, Box(x0=0, y0=0, x1=20, y1=30), False, False),
        (1, Box(x0=2, y0=0, x1=22, y1=30), True, False),
        (2, Box(x0=2, y0=0, x1=22, y1=30), True, True),
    ]
    assert walker[1].attributes == {"visibility": 0.3}
    assert found["car", "2"].keyframes[0].attributes == {"ignored": True}
    codes = sorted(item.code for item in problems.items)
    assert codes == ["frame_unknown", "no_area", "outside", "row_invalid", "row_twice"]
    assert {item.line for item in problems.items} == {3, 4, 5, 6, 10}


def test_cvat_and_back(tmp_path: Path) -> None:
    tracks = boxes() + shapes()
    path = written(tracks, "cvat", tmp_path)
    found, problems, name = back(path, tmp_path)
    assert (name, [item.message for item in problems.items]) == ("cvat", [])
    read = tracks_of(found)
    same(tracks, read)
    assert [[item.frame for item in one.keyframes] for one in read] == [
        [item.frame for item in one.keyframes] for one in tracks
    ], "the same key frames"
    assert [item.z for item in read] == [item.z for item in tracks]
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(written(read, "cvat", tmp_path)) as other:
        assert one.read("annotations.xml") == other.read("annotations.xml")


def test_cvat_says_what_it_cannot_hold() -> None:
    two = Polygon(rings=(((0, 0), (9, 0), (9, 9)), ((20, 20), (29, 20), (29, 29))))
    odd = Track(id="1", class_id="c1", keyframes=(key(0, two, attributes={"note": None}),))
    assert {item.code: item.count for item in cvat_video.losses(film([odd]))} == {
        "polygon_parts": 1,
        "attribute_values": 1,
    }
    assert not cvat_video.losses(film(boxes()))


XML = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><size>30</size><mode>interpolation</mode><labels><label><name>car</name><attributes>
<attribute><name>model</name><mutable>False</mutable><input_type>text</input_type></attribute>
<attribute><name>parked</name><mutable>True</mutable><input_type>checkbox</input_type></attribute>
</attributes></label></labels><original_size><width>{width}</width><height>120</height></original_size></task></meta>
<track id="0" label="car" source="manual">
<box frame="2" outside="0" occluded="1" keyframe="1" xtl="10" ytl="10" xbr="30" ybr="30" z_order="1">
<attribute name="model">12</attribute><attribute name="parked">true</attribute></box>
<box frame="3" outside="0" occluded="1" keyframe="0" xtl="{x3}" ytl="10" xbr="35" ybr="30" z_order="1">
<attribute name="model">12</attribute><attribute name="parked">true</attribute></box>
<box frame="4" outside="0" occluded="0" keyframe="1" xtl="20" ytl="10" xbr="40" ybr="30" z_order="1">
<attribute name="model">12</attribute><attribute name="parked">false</attribute></box>
<box frame="5" outside="1" occluded="0" keyframe="1" xtl="200" ytl="10" xbr="240" ybr="30" z_order="1"/>
</track>
<track id="1" label="car"><cube frame="1" keyframe="1" outside="0"/></track>
<track id="2" label="car"><box frame="40" keyframe="1" outside="0" xtl="1" ytl="1" xbr="3" ybr="3"/></track>
</annotations>"""


@pytest.mark.parametrize(("x3", "frames"), [("15", [2, 4, 5]), ("14", [2, 3, 4, 5])])
def test_cvat_as_cvat_writes_it(tmp_path: Path, x3: str, frames: list[int]) -> None:
    (tmp_path / "annotations.xml").write_text(XML.format(x3=x3, width=320))
    problems = Problems()
    source = Source.from_folder(tmp_path)
    assert films.detect(source) == "cvat"
    (found,) = cvat_video.read(source, VIDEO, problems)
    assert [item.frame for item in found.keyframes] == frames, "what lies elsewhere than in between is kept"
    assert (found.class_name, found.external_id, found.z) == ("car", "0", 1)
    first, last = found.keyframes[0], found.keyframes[-1]
    assert (first.occluded, first.attributes["parked"]) == (True, True)
    assert (last.outside, last.geometry) == (True, Box(x0=20, y0=10, x1=40, y1=30)), "where it went is no matter"
    codes = [item.code for item in problems.items]
    assert codes == ["size_differs", "shape_unknown", "track_invalid", "frame_unknown", "track_invalid"]


def test_cvat_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "annotations.xml"
    path.write_text('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><annotations>&e;</annotations>')
    with pytest.raises(InvalidDataset):
        films.detect(Source.from_folder(tmp_path))
    with pytest.raises(InvalidDataset):
        list(cvat_video.read(Source.from_folder(tmp_path), VIDEO, Problems()))


def test_coco_with_track_ids_and_back(tmp_path: Path) -> None:
    tracks = boxes() + shapes()[:2] + shapes()[6:]
    path = written(tracks, "coco", tmp_path)
    with zipfile.ZipFile(path) as archive:
        value = json.loads(archive.read("annotations/instances.json"))
    assert {item["track_id"] for item in value["annotations"]} == {3, 7, 9} | {
        item["track_id"] for item in value["annotations"] if item["track_id"] > 9
    }
    assert len(value["images"]) == 30
    found, problems, name = back(path, tmp_path)
    assert (name, problems.count) == ("coco", 0)
    order = {str(item.external_id): place for place, item in enumerate(found)}
    assert len(order) == len(tracks)
    same(tracks, tracks_of(found))
    assert found[0].external_id == "7"


def test_pycocotools_reads_it(tmp_path: Path) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    path = written(boxes(), "coco", tmp_path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    opened = coco.COCO(str(tmp_path / "annotations" / "instances.json"))
    assert len(opened.getImgIds()) == 30
    assert len(opened.getAnnIds(imgIds=[1])) == 1


def test_pictures_come_along(tmp_path: Path) -> None:
    for name, first in (
        ("mot", "img1/000001.jpg"),
        ("cvat", "images/frame_000000.jpg"),
        ("coco", "images/frame_000000.jpg"),
    ):
        path = tmp_path / f"{name}.zip"
        write_zip(path, films.FORMATS[name].entries(film(boxes(), jpeg=True)))
        with zipfile.ZipFile(path) as archive:
            assert archive.read(first) == b"frame 0"
            assert len([one for one in archive.namelist() if one.endswith(".jpg")]) == 30


def test_what_holds_no_tracks_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("hello")
    with pytest.raises(InvalidDataset, match="CVAT for video"):
        films.detect(Source([Member("a.txt", path)]))


def test_rows_need_few_key_frames() -> None:
    rows = [key(frame, box(10 + 2 * frame)) for frame in range(20)]
    assert [item.frame for item in sparse(rows, 29)] == [0, 19, 20]
    assert [item.frame for item in sparse(rows, 19)] == [0, 19]
    still = [key(frame, box(10)) for frame in range(20)]
    assert [item.frame for item in sparse(still, 19)] == [0]
    gap = [*still[:5], *still[9:]]
    assert [(item.frame, item.outside) for item in sparse(gap, 19)] == [(0, False), (5, True), (9, False)]


@st.composite
def any_track(draw: st.DrawFn) -> Track:
    """Boxes at hundredths of a pixel that come and go at random frames."""
    frames = sorted(draw(st.sets(st.integers(0, 29), min_size=1, max_size=6)))
    keyframes = []
    for place, frame in enumerate(frames):
        x, y, w, h = (draw(st.integers(100, 7000)) / 100 for _ in range(4))
        outside = place > 0 and draw(st.booleans())
        keyframes.append(key(frame, box(x, y / 2, w, h / 2 + 1), outside=outside, occluded=draw(st.booleans())))
    return Track(id=str(frames), class_id=draw(st.sampled_from(sorted(CLASSES))), keyframes=tuple(keyframes))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tracks=st.lists(any_track(), min_size=1, max_size=3), name=st.sampled_from(["cvat", "mot", "coco"]))
def test_whatever_boxes_do_comes_back(tracks: list[Track], name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("film")
    numbered = [replace(item, external_id=str(number + 1)) for number, item in enumerate(tracks)]
    found, problems, _ = back(written(numbered, name, folder), folder)
    assert problems.count == 0
    order = sorted(found, key=lambda item: int(item.external_id or 0))
    same(numbered, tracks_of(order), attributes=False)
