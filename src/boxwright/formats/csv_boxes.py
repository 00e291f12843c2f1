"""CSV with one box a row: `filename,width,height,class,xmin,ymin,xmax,ymax`: reading.

Numbers are edges in pixels, half-open, from 0, as the tools that train from such files take them. A row without class
and numbers says that the picture has been looked at and is empty. Text that a spreadsheet would take for a formula is
written with an apostrophe before it, which reading takes off again.
"""

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import Split
from boxwright.formats.paths import split_of_path, split_of_word
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading
from boxwright.formats.shapes import RawBox
from boxwright.formats.source import Source
from boxwright.formats.spool import Spool

COLUMNS = ("filename", "width", "height", "class", "xmin", "ymin", "xmax", "ymax")
_EDGES = COLUMNS[4:]
_ALIASES = {
    "filename": ("filename", "file_name", "image", "image_path", "image_name", "file"),
    "class": ("class", "label", "class_name", "name", "cell_type", "category"),
    "xmin": ("xmin", "x_min", "x1", "left"),
    "ymin": ("ymin", "y_min", "y1", "top"),
    "xmax": ("xmax", "x_max", "x2", "right"),
    "ymax": ("ymax", "y_max", "y2", "bottom"),
    "width": ("width", "image_width"),
    "height": ("height", "image_height"),
    "split": ("split", "set", "subset"),
    "score": ("score", "confidence"),
}
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula; `unguarded` undoes it."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def detect(source: Source) -> bool:
    """Tell whether a CSV file has the columns of boxes."""
    return any(_header(source, name) for name in source.files(".csv"))


def _header(source: Source, name: str) -> tuple[str, Mapping[str, int]] | None:
    """Delimiter and position of each known column; None where the file is no list of boxes."""
    with source.path(name).open(encoding=source.encoding(name), errors="replace", newline="") as stream:
        first = stream.readline(100_000)
    delimiter = max(",;\t", key=first.count)
    titles = [title.strip().lower() for title in next(csv.reader([first], delimiter=delimiter), [])]
    found = ((key, alias) for key, aliases in _ALIASES.items() for alias in reversed(aliases) if alias in titles)
    columns = {key: titles.index(alias) for key, alias in found}
    needed = ("filename", "class", *_EDGES)
    return (delimiter, columns) if all(key in columns for key in needed) else None


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all CSV files in the order of their first rows."""
    spool = Spool(reading.scratch)
    try:
        for name in reading.source.files(".csv"):
            if header := _header(reading.source, name):
                try:
                    spool.items(_rows(reading, spool, name, *header))
                except (csv.Error, UnicodeDecodeError) as error:
                    raise InvalidDataset(f"{name}: not a readable CSV file: {error}", code="csv_broken") from error
        yield from _records(reading, spool)
    finally:
        spool.close()


def _rows(
    reading: Reading, spool: Spool, name: str, delimiter: str, columns: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    broken: set[str] = set()
    with reading.source.path(name).open(encoding=reading.source.encoding(name), newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter)
        next(rows)
        for row in rows:
            where = Where(name, rows.line_num)
            cells = {key: row[at].strip() for key, at in columns.items() if at < len(row)}
            if not any(cells.values()):
                continue
            filename = unguarded(cells.get("filename", ""))
            if not filename or filename in broken:
                if not filename:
                    reading.problems.add(where, "row_invalid", "has no file name")
                continue
            if not spool.knows(filename) and not _spool_image(reading, spool, filename, cells, where):
                broken.add(filename)
                continue
            if any(cells.get(key) for key in ("class", *_EDGES)):
                yield filename, json.dumps({"line": rows.line_num, "file": name, **cells})


def _spool_image(reading: Reading, spool: Spool, filename: str, cells: Mapping[str, str], where: Where) -> bool:
    found = reading.find(filename, where)
    width, height = _number(cells.get("width", "")), _number(cells.get("height", ""))
    if found:
        picture = reading.picture(found, wanted=filename)
        if picture and width == width and height == height:
            reading.check_size(picture, width, height, where)
    elif width >= 1 and height >= 1:
        message = f"{filename!r} is not among the files: used only where the project has a picture of this name"
        reading.problems.add(where, "image_missing", message, "kept")
        picture = Picture(name=filename, source=None, width=int(width), height=int(height))
    else:
        reading.problems.add(where, "image_missing", f"{filename!r} is not among the files and has no size")
        return False
    if picture is None:
        return False
    body = json.dumps({"picture": asdict(picture), "split": _split(reading, cells, where.file, found)})
    spool.image(picture.name, body, filename)
    return True


def _split(reading: Reading, cells: Mapping[str, str], name: str, found: str | None) -> Split | None:
    return (
        split_of_word(cells.get("split", ""))
        or split_of_path(name)
        or (reading.split_of_folder(found) if found else None)
    )


def _records(reading: Reading, spool: Spool) -> Iterator[ImageRecord]:
    for _, body, items in spool.groups():
        head = json.loads(body)
        picture = Picture(**head["picture"])
        raws = [raw for item in items if (raw := _raw(reading, json.loads(item), picture.name))]
        yield reading.record(picture, raws, split=head["split"])


def _raw(reading: Reading, cells: Mapping[str, str], image: str) -> Raw | None:
    where = Where(str(cells["file"]), int(cells["line"]), image)
    class_name = unguarded(cells.get("class", ""))
    if not class_name:
        reading.problems.add(where, "row_invalid", "has a box but no class")
        return None
    xmin, ymin, xmax, ymax = (_number(cells.get(edge, "")) for edge in _EDGES)
    score = _number(cells.get("score", ""))
    return Raw(
        class_name=class_name,
        shape=RawBox(xmin, ymin, xmax, ymax),
        where=where,
        score=score if math.isfinite(score) else None,
    )


def _number(text: str) -> float:
    """A number, with a decimal point or comma; NaN where it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan
