"""`metadata.csv` beside the pictures of a dataset: a column for the name of each picture, and one for each field."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.manifest import ImageRecord
from boxwright.formats.csv_boxes import guarded, unguarded
from boxwright.formats.fields import kept_fields
from boxwright.formats.paths import folded
from boxwright.formats.problems import Where
from boxwright.formats.reading import Reading
from boxwright.formats.writing import Dataset, Names
from boxwright.media.zipstream import Entry

FILE = "metadata.csv"
_TITLES = ("name", "file_name", "filename")


class Beside:
    """The fields that files `metadata.csv` have, by picture; on disk, not in memory."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._db = sqlite3.connect(reading.scratch / "fields.db", isolation_level=None)
        self._db.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE fields (name TEXT PRIMARY KEY, line INTEGER, body TEXT, used INTEGER DEFAULT 0);
            BEGIN;
            """
        )
        self._files = [name for name in reading.source.files(".csv") if name.rpartition("/")[2] == FILE]
        self._files = [name for name in self._files if self._read(name)]

    def joined(self, record: ImageRecord) -> ImageRecord:
        """Return a picture with the fields that stand beside it; what its own annotations say counts first."""
        if not self._files:
            return record
        place = (record.path or "")[len(self._reading.source.wrapper) :]
        for name in dict.fromkeys((folded(record.name), folded(place))):
            row = self._db.execute("SELECT body FROM fields WHERE name = ?", (name,)).fetchone()
            if row is not None:
                self._db.execute("UPDATE fields SET used = 1 WHERE name = ?", (name,))
                return replace(record, metadata={**json.loads(row[0]), **record.metadata})
        return record

    def close(self) -> None:
        """Tell what is left over, and let go of the file."""
        left = self._db.execute("SELECT count(*), min(name) FROM fields WHERE used = 0").fetchone()
        if left[0]:
            text = f"{self._files[0]}: {left[0]} lines name no picture of the dataset, the first {left[1][:100]!r}"
            self._reading.problems.note(text)
        self._db.close()

    def _read(self, name: str) -> bool:
        source = self._reading.source
        csv.field_size_limit(1 << 24)
        try:
            with source.path(name).open(encoding=source.encoding(name), newline="") as stream:
                rows = csv.reader(stream)
                titles = [unguarded(title.strip()) for title in next(rows, [])]
                at = next((place for place, title in enumerate(titles) if title in _TITLES), None)
                if at is None or len(titles) < 2:
                    return False
                folder = name[len(source.wrapper) :].rpartition("/")[0]
                pairs = self._rows(rows, titles, at, f"{folder}/" if folder else "", name)
                self._db.executemany("INSERT OR IGNORE INTO fields (name, line, body) VALUES (?, ?, ?)", pairs)
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidDataset(f"{name}: not a readable CSV file: {error}", code="csv_broken") from error
        return True

    def _rows(
        self, rows: Iterable[list[str]], titles: list[str], at: int, folder: str, file: str
    ) -> Iterator[tuple[str, int, str]]:
        for line, row in enumerate(rows, start=2):
            if at >= len(row) or not row[at].strip():
                continue
            picture = folder + unguarded(row[at].strip())
            cells = enumerate(zip(titles, row, strict=False))
            pairs = ((title, unguarded(text)) for place, (title, text) in cells if place != at)
            fields = kept_fields(self._reading.problems, Where(file, line, picture[:200]), pairs)
            yield folded(picture), line, json.dumps(fields)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the file, where a picture has a field."""
    titles = sorted({key for record in dataset.records for key in record.metadata})
    if titles:
        yield Entry(FILE, _table(dataset, titles))


def _table(dataset: Dataset, titles: list[str]) -> Iterator[bytes]:
    """Yield the lines, sorted: which pictures a reader finds first must not change what is written next time."""
    yield _line(["name", *map(guarded, titles)])
    names = Names()
    rows = ((names.take(record), record.metadata) for record in dataset.records)
    with closing(sqlite3.connect("")) as database:  # a file of its own, where it becomes large
        database.execute("CREATE TABLE rows (line BLOB)")
        lines = ((_row(name, titles, metadata),) for name, metadata in rows if metadata)
        database.executemany("INSERT INTO rows VALUES (?)", lines)
        for (line,) in database.execute("SELECT line FROM rows ORDER BY line"):
            yield line


def _row(name: str, titles: list[str], metadata: Mapping[str, str]) -> bytes:
    return _line([guarded(name), *(guarded(metadata.get(title, "")) for title in titles)])


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
