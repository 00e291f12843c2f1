"""MOT Challenge: `gt/gt.txt` with a row for each object in each frame, `gt/labels.txt` (as CVAT has it), `seqinfo.ini`.

Rows are `frame, id, left, top, width, height, flag, class, visibility`; frames, classes and pixels count from 1. A flag
of 0 says that the row is to be left out of evaluations. https://motchallenge.net/instructions/
"""

import csv
import math
from collections.abc import Iterable, Iterator

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box
from boxwright.domain.interpolation import Seen
from boxwright.domain.tracks import KeyFrame
from boxwright.domain.videos import Video
from boxwright.formats.film import Film, FoundTrack, loss, said, sparse
from boxwright.formats.problems import Problems, Where
from boxwright.formats.shapes import RawBox, place
from boxwright.formats.source import Source
from boxwright.formats.values import finite
from boxwright.formats.writing import Ids, exact, whole
from boxwright.media.zipstream import Entry

# The classes of MOT16 to MOT20, for files without labels.txt.
_NAMES = (
    "pedestrian", "person on vehicle", "car", "bicycle", "motorbike", "non motorized vehicle", "static person",
    "distractor", "occluder", "occluder on the ground", "occluder full", "reflection", "crowd",
)  # fmt: skip
_OWN = ("visibility", "ignored")
_MOST = 2_000_000
Rows = dict[tuple[int, int], dict[int, KeyFrame]]


def losses(film: Film) -> list[Loss]:
    """Return what MOT cannot hold of these tracks."""
    boxes = sum(track.type != "box" for track in film.tracks)
    others = sum(any(name not in _OWN for attributes in said(t) for name in attributes) for t in film.tracks)
    return [
        *loss("shapes_as_box", "shapes other than boxes become their enclosing boxes", boxes),
        *loss("attributes", "attributes are left out (but visibility, and whether an object is ignored)", others),
        *loss(
            "z_order", "the order in which objects lie over each other is left out", sum(t.z != 0 for t in film.tracks)
        ),
        *loss("keyframes", "which frames are key frames is left out: there is a row for every frame", len(film.tracks)),
    ]


def entries(film: Film) -> Iterator[Entry]:
    """Yield the files of the export."""
    video = film.video
    lines = ["[Sequence]", f"name={_one_line(video.name)}", "imDir=img1", f"frameRate={exact(video.fps)}"]
    lines += [f"seqLength={video.frames}", f"imWidth={video.width}", f"imHeight={video.height}", "imExt=.jpg", ""]
    yield Entry("seqinfo.ini", "\n".join(lines).encode())
    yield Entry("gt/labels.txt", "".join(f"{_one_line(name)}\n" for name in film.classes.values()).encode())
    yield Entry("gt/gt.txt", _rows(film))
    yield from film.pictures(lambda frame: f"img1/{frame + 1:06d}.jpg")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _rows(film: Film) -> Iterator[bytes]:
    numbers, ids = film.numbers(), list(Ids(whole(track.external_id) for track in film.tracks).walk())
    found: dict[int, list[str]] = {}
    for track, number in zip(film.tracks, ids, strict=True):
        for frame, seen in film.shown(track):
            found.setdefault(frame, []).append(_row(frame, number, seen, numbers[track.class_id]))
    for frame in sorted(found):
        yield "".join(found[frame]).encode()


def _row(frame: int, number: int, seen: Seen, class_number: int) -> str:
    x0, y0, x1, y1 = seen.geometry.bounds
    place = [_text(x0 + 1), _text(y0 + 1), _text(x1 - x0), _text(y1 - y0)]
    visible = finite(seen.attributes.get("visibility"))
    if visible is None or not 0 <= visible <= 1:
        visible = 0.0 if seen.occluded else 1.0
    flag = 0 if seen.attributes.get("ignored") is True else 1
    return ",".join([str(frame + 1), str(number), *place, str(flag), str(class_number), exact(visible)]) + "\n"


def _text(value: float) -> str:
    return exact(round(value, 6))


def detect(source: Source) -> bool:
    """Tell whether there is a gt.txt, or a text file whose first line looks like one of MOT."""
    return _truth(source) is not None


def _truth(source: Source) -> str | None:
    names = source.files(".txt")
    told = [name for name in names if name.rpartition("/")[2].lower() in ("gt.txt", "det.txt")]
    return next(iter(sorted(told, key=lambda name: not name.lower().endswith("gt.txt"))), None) or next(
        (name for name in names if _looks(source, name)), None
    )


def _looks(source: Source, name: str) -> bool:
    with source.path(name).open(encoding="utf-8", errors="replace") as stream:
        values = stream.readline(500).strip().split(",")
    return 6 <= len(values) <= 10 and all(finite(value.strip()) is not None for value in values)


def read(source: Source, video: Video, problems: Problems) -> Iterator[FoundTrack]:
    """Yield the tracks of a file."""
    name = _truth(source)
    if name is None:
        return
    names = _labels(source)
    rows: Rows = {}
    with source.path(name).open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        for number, values in enumerate(_limited(csv.reader(stream), problems, name), 1):
            if values and any(value.strip() for value in values):
                _take(rows, values, video, problems, Where(name, number))
    for (identity, class_number), found in rows.items():
        keyframes = sparse([found[frame] for frame in sorted(found)], video.frames - 1)
        own = None if identity < 0 else str(identity)
        yield FoundTrack(class_name=_class_name(names, class_number), keyframes=keyframes, external_id=own)


def _limited(rows: Iterable[list[str]], problems: Problems, name: str) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(rows):
            if number >= _MOST:
                problems.add(Where(name, number + 1), "too_long", f"rows behind the first {_MOST:,} are not read")
                return
            yield row
    except csv.Error as error:
        problems.add(Where(name), "row_invalid", f"cannot be read on: {error}")


def _labels(source: Source) -> list[str]:
    name = next((name for name in source.files(".txt") if name.rpartition("/")[2].lower() == "labels.txt"), None)
    if name is None:
        return list(_NAMES)
    text = source.path(name).read_text(encoding="utf-8-sig", errors="replace")
    return [line.strip()[:200] for line in text.splitlines()]


def _class_name(names: list[str], number: int) -> str:
    known = names[number - 1] if 0 < number <= len(names) else ""
    return known or (f"class {number}" if number > 0 else "object")


def _take(rows: Rows, values: list[str], video: Video, problems: Problems, where: Where) -> None:
    numbers = [finite(value.strip()) for value in values[:9]]
    if len(numbers) < 6 or any(value is None for value in numbers[:6]):
        problems.add(where, "row_invalid", "is no row of MOT: frame, id, left, top, width, height, ...")
        return
    frame, identity, left, top, width, height = (float(value) for value in numbers[:6] if value is not None)
    if not frame.is_integer() or not 1 <= frame <= video.frames:
        problems.add(where, "frame_unknown", f"frame {frame:g}: the video's frames are 1 to {video.frames}")
        return
    flag, class_number, visible = ([*numbers[6:9], None, None, None])[:3]

    raw = RawBox(left - 1, top - 1, left - 1 + width, top - 1 + height)
    geometry = place(raw, video.width, video.height, problems.at(where))
    if not isinstance(geometry, Box):
        return
    # Detections have no identity: each is a track of its own.
    key = (
        int(identity) if math.isfinite(identity) and identity >= 0 else -1 - (where.line or 0),
        int(class_number or 0),
    )
    found = rows.setdefault(key, {})
    if int(frame) - 1 in found:
        problems.add(where, "row_twice", f"object {key[0]} stands in frame {frame:g} twice")
        return
    found[int(frame) - 1] = _keyframe(int(frame) - 1, geometry, flag, visible)


def _keyframe(frame: int, box: Box, flag: float | None, visible: float | None) -> KeyFrame:
    attributes: dict[str, float | bool] = {"ignored": True} if flag == 0 else {}
    if visible is not None and 0 < visible < 1:
        attributes["visibility"] = visible
    return KeyFrame(
        frame=frame, geometry=box, occluded=visible is not None and 0 <= visible < 0.5, attributes=attributes
    )
