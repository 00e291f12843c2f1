"""Lists that take long to look through: after a moment comes what was found so far, and where to go on.

A list is looked through in stretches. Where a stretch ends is read from the index of its order alone, so a page that
found nothing has a cursor all the same, and no question takes longer than a person notices.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select

from boxwright.domain.paging import Page
from boxwright.storage.repositories import keyset
from boxwright.storage.tables import images

T = TypeVar("T")
Where = list[ColumnElement[bool]]
_FIRST, _MOST = 250, 50_000  # pictures of a stretch


@dataclass(frozen=True, slots=True)
class Path:
    """The way through a list: its sort key, and the conditions that the index of this order answers."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool
    where: Where

    def order(self) -> list[ColumnElement[Any]]:
        """Return what to sort by."""
        return [column.desc() if self.descending else column.asc() for column in self.columns]


def stretches(
    connection: Connection, path: Path, place: Sequence[Any] | None, seconds: float
) -> Iterator[tuple[Where, tuple[Any, ...] | None]]:
    """Yield the conditions of one stretch behind a place after the other, and the sort key at its end.

    There is none at the end of the list. Ends there, or when about so many seconds are over.
    """
    end, size = time.monotonic() + seconds, _FIRST
    steps = sa.select(*path.columns).select_from(images).where(*path.where).order_by(*path.order())
    while True:
        begin = time.monotonic()
        here = [] if place is None else [keyset.after(path.columns, place, descending=path.descending)]
        row = connection.execute(steps.where(*here).offset(size - 1).limit(1)).one_or_none()
        last = None if row is None else tuple(row)
        stop = [] if last is None else [keyset.until(path.columns, last, descending=path.descending)]
        yield [*here, *stop], last
        moment = time.monotonic()
        if last is None or moment >= end:
            return
        place, size = last, _next(size, moment - begin, end - moment)


def _next(size: int, spent: float, left: float) -> int:
    """Return how many pictures to look at next, so that about half of the time that is left goes by."""
    pace = size / max(spent, 0.0005)
    return max(_FIRST, min(4 * size, _MOST, int(pace * left / 2)))


def page(
    connection: Connection,
    query: Select[Any],
    path: Path,
    make: Callable[[Row[Any]], T],
    *,
    cursor: str | None,
    limit: int,
    seconds: float,
) -> Page[T]:
    """Return what `keyset.page` does, or less of it: what was found in about so many seconds."""
    keyset.check_limit(limit)
    labels = [column.label(f"key_{number}") for number, column in enumerate(path.columns)]
    keyed = query.add_columns(*labels).order_by(*path.order())
    place = None if cursor is None else keyset.decode(cursor, path.columns)
    found: list[Row[Any]] = []
    last: tuple[Any, ...] | None = None
    for where, end in stretches(connection, path, place, seconds):
        found += connection.execute(keyed.where(*where).limit(limit + 1 - len(found))).all()
        last = end
        if len(found) > limit:
            found = found[:limit]
            last = tuple(found[-1][-len(labels) :])
            break
    return Page(items=tuple(map(make, found)), next_cursor=None if last is None else keyset.encode(last))


def count(connection: Connection, where: Where, path: Path, seconds: float) -> tuple[int, bool]:
    """Return how many pictures there are, or how many were found in about so many seconds; whether that are all."""
    total = 0
    last: tuple[Any, ...] | None = None
    counting = sa.select(sa.func.count()).select_from(images).where(*where)
    for stretch, end in stretches(connection, path, None, seconds):
        total += connection.scalar(counting.where(*stretch)) or 0
        last = end
    return total, last is None
