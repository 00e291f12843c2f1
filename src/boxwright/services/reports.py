"""Quality reports: kept with their evaluations, read page by page."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.paging import Page
from boxwright.domain.ports import BlobStore
from boxwright.domain.quality import (
    ImageOutcome,
    OutcomeQuery,
    QualityReport,
    key,
    outcome_from_json,
    report_from_json,
)
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.unit_of_work import UnitOfWork

_STORED = "reports.json"


def store(blobs: BlobStore, files: Mapping[str, str], workdir: Path) -> None:
    """Put the reports that a task wrote, by their names, into the blob store."""
    digests = {name: blobs.put_file(workdir / file) for name, file in files.items()}
    with full_disk_is_an_answer():
        (workdir / _STORED).write_text(json.dumps(digests))


def stored(workdir: Path) -> dict[str, str]:
    """Return the blobs that `store` made, by name."""
    found: dict[str, str] = json.loads((workdir / _STORED).read_text())
    return found


class Reports:
    """Reads quality reports."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore) -> None:
        self._uow, self._blobs = uow, blobs

    def get(self, evaluation_id: str) -> QualityReport:
        """Return the report of an evaluation. Raises NotFound, with code `report_missing` where it has none."""
        with self._path(evaluation_id).open("rb") as lines:
            return report_from_json(json.loads(lines.readline()))

    def images(
        self, evaluation_id: str, query: OutcomeQuery, cursor: str | None = None, limit: int = 50
    ) -> Page[ImageOutcome]:
        """Return the pictures that a query asks for, the most certain errors first.

        Raises NotFound as `get` does, Invalid for a mix of questions or a cursor that is none.
        """
        wanted = key(query)
        with self._path(evaluation_id).open("rb") as lines:
            _go(lines, cursor)
            items: list[ImageOutcome] = []
            for start, body in _matching(lines, wanted):
                if len(items) == limit:
                    return Page(items=tuple(items), next_cursor=str(start))
                items.append(outcome_from_json(json.loads(body)))
        return Page(items=tuple(items))

    def _path(self, evaluation_id: str) -> Path:
        with self._uow.read() as tx:
            found = tx.models.evaluation(evaluation_id)
        if found is None:
            raise NotFound("there is no such evaluation")
        if found.report_sha256 is None:
            message = "this evaluation was made by an older version and has no report; evaluate the model again"
            raise NotFound(message, code="report_missing")
        return self._blobs.local_path(found.report_sha256)


def _go(lines: BinaryIO, cursor: str | None) -> None:
    """Go to where a page begins: the cursor is the place of a line in the file."""
    if cursor is None:
        lines.readline()
        return
    start = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else 0
    lines.seek(max(0, start - 1))
    if start < 1 or lines.read(1) != b"\n":
        raise Invalid("the cursor is not one that this list gave out; start again without it", code="cursor_invalid")


def _matching(lines: BinaryIO, wanted: str | None) -> Iterator[tuple[int, bytes]]:
    """Yield place and picture of the lines that have a key. Most lines are passed over without being parsed."""
    needle = None if wanted is None else json.dumps(wanted, ensure_ascii=False).encode()
    start = lines.tell()
    for line in lines:
        keys, _, body = line.partition(b"\t")
        if needle is None or needle in keys:
            yield start, body
        start += len(line)
