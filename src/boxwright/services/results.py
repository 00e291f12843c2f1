"""What a prediction run found, as files to take away; everything is made while it is sent, in constant memory."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from boxwright.domain.answers import StreamAnswer
from boxwright.domain.detections import row_to_json
from boxwright.domain.errors import BoxwrightError, Invalid
from boxwright.domain.predictions import Run, RunImage
from boxwright.media import decode_rgb, draw, encode_jpeg
from boxwright.media.zipstream import Entry, stream_zip
from boxwright.services.result_shapes import coco_shape, yolo_lines

CSV_HEADER = ("filename", "class", "score", "x0", "y0", "x1", "y1")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """A run to be written.

    Args:
        run: the run.
        names: class names of its model by class id.
        colors: `#rrggbb` by class id.
        pictures: starts a pass over its pictures, by position.
        path: where the bytes of a picture lie.
        min_score: what was asked for.
        least: class id to the score below which detections are left out.
    """

    run: Run
    names: Sequence[str]
    colors: Sequence[str]
    pictures: Callable[[], Iterator[RunImage]]
    path: Callable[[RunImage], Path]
    min_score: float
    least: Callable[[int], float]

    def each(self) -> Iterator[RunImage]:
        """Yield the pictures, without the detections that are too uncertain."""
        for picture in self.pictures():
            if picture.detections is None:
                yield picture
            else:
                sure = tuple(row for row in picture.detections if row.score >= self.least(row.class_id))
                yield replace(picture, detections=sure)


def stream(results: Results, kind: str) -> StreamAnswer:
    """Return the file of a format: csv, coco, yolo, json or images. Raises Invalid for another name."""
    writers: dict[str, tuple[str, str, Callable[[Results], Iterator[bytes]]]] = {
        "csv": ("csv", "text/csv; charset=utf-8", _csv),
        "coco": ("coco.json", "application/json", _coco),
        "json": ("json", "application/json", _json),
        "yolo": ("yolo.zip", "application/zip", _yolo),
        "images": ("images.zip", "application/zip", _images),
    }
    if kind not in writers:
        raise Invalid(f"unknown format {kind!r}; choose one of {', '.join(writers)}", code="format_unknown")
    suffix, mime, write = writers[kind]
    return StreamAnswer(name=f"{file_stem(results.run.name)}.{suffix}", mime=mime, chunks=write(results))


def file_stem(name: str) -> str:
    """Return a file name that every system takes, close to `name`."""
    kept = "".join(char if char.isalnum() or char in "-_. " else "_" for char in name).strip(" .")
    return kept[:80] or "boxwright"


def safe_cell(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(results: Results) -> Iterator[bytes]:
    def lines(rows: Iterable[Sequence[object]]) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return out.getvalue().encode()

    yield lines([CSV_HEADER])
    for picture in results.each():
        name = safe_cell(picture.name)
        rows = [(name, safe_cell(row.class_name), row.score, *row.box) for row in picture.detections or ()]
        if rows:
            yield lines(rows)


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _array(values: Iterable[object]) -> Iterator[bytes]:
    yield b"["
    for number, value in enumerate(values):
        yield (b",\n" if number else b"\n") + _dump(value)
    yield b"]"


def _coco(results: Results) -> Iterator[bytes]:
    categories = [{"id": index + 1, "name": name} for index, name in enumerate(results.names)]
    yield b'{"info":' + _dump({"description": results.run.name, "model": results.run.model_name})
    yield b',"licenses":[],"categories":' + _dump(categories) + b',"images":'
    yield from _array(
        {"id": item.position + 1, "file_name": item.name, "width": item.width, "height": item.height}
        for item in results.each()
    )
    yield b',"annotations":'
    yield from _array(_coco_annotations(results))
    yield b"}\n"


def _coco_annotations(results: Results) -> Iterator[dict[str, object]]:
    number = 0
    for picture in results.each():
        for row in picture.detections or ():
            number += 1
            yield {
                "id": number,
                "image_id": picture.position + 1,
                "category_id": row.class_id + 1,
                **coco_shape(row, picture.width, picture.height),
                "iscrowd": 0,
                "score": row.score,
            }


def _json(results: Results) -> Iterator[bytes]:
    run = results.run
    head = {"run": run.id, "name": run.name, "model": run.model_name, "min_score": results.min_score}
    yield _dump(head)[:-1] + b',"images":'
    yield from _array(
        {
            "name": item.name,
            "width": item.width,
            "height": item.height,
            "error": item.error,
            "detections": None if item.detections is None else [row_to_json(row) for row in item.detections],
        }
        for item in results.each()
    )
    yield b"}\n"


class _Names:
    """Names inside an archive: relative, and none twice."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def take(self, name: str, folder: str, suffix: str) -> str:
        parts = [part for part in PurePosixPath(name.replace("\\", "/").replace(":", "_")).parts if part not in "/.."]
        stem = "/".join([folder, *parts[:-1], PurePosixPath(parts[-1]).stem if parts else "picture"])
        candidate, number = f"{stem}{suffix}", 1
        while candidate.casefold() in self._seen:
            number += 1
            candidate = f"{stem} ({number}){suffix}"
        self._seen.add(candidate.casefold())
        return candidate


def _yolo(results: Results) -> Iterator[bytes]:
    def entries() -> Iterator[Entry]:
        names = _Names()
        yield Entry("classes.txt", "".join(f"{name}\n" for name in results.names).encode())
        for picture in results.each():
            if picture.detections is None:
                continue
            lines = yolo_lines(picture.detections, picture.width, picture.height)
            yield Entry(names.take(picture.name, "labels", ".txt"), lines.encode())

    return stream_zip(entries())


def _images(results: Results) -> Iterator[bytes]:
    def entries() -> Iterator[Entry]:
        names, colors = _Names(), dict(enumerate(results.colors))
        problems: list[str] = []
        for picture in results.each():
            if picture.detections is None:
                problems.append(f"{picture.name}: {picture.error or 'not predicted yet'}\n")
                continue
            try:
                drawn = draw(decode_rgb(results.path(picture)), picture.detections, colors)
            except BoxwrightError as error:
                problems.append(f"{picture.name}: {error.message}\n")
                continue
            yield Entry(names.take(picture.name, "images", ".jpg"), encode_jpeg(drawn))
        if problems:
            yield Entry("NOT-DRAWN.txt", "".join(problems).encode())

    return stream_zip(entries())
