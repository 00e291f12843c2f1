"""Keyset paging: a cursor is the sort key of the last row that was sent."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select

from boxwright.domain.errors import Invalid
from boxwright.domain.paging import MAX_LIMIT, Page

T = TypeVar("T")
_BIG = 1 << 31


def encode(values: Sequence[str | int | float]) -> str:
    """Return an opaque cursor for a sort key."""
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def decode(cursor: str, columns: Sequence[ColumnElement[Any]]) -> tuple[Any, ...]:
    """Read a cursor for these sort columns. Raises Invalid with code `cursor_invalid`."""
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, UnicodeDecodeError, RecursionError) as error:
        raise _invalid() from error
    if not isinstance(values, list) or len(values) != len(columns):
        raise _invalid()
    for value, column in zip(values, columns, strict=True):
        big = 1 << 63 if isinstance(column.type, sa.BigInteger) else _BIG
        if type(value) is not column.type.python_type or not _storable(value, big):
            raise _invalid()
    return tuple(values)


def _storable(value: str | int | float, big: int) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    return -big < value < big


def _invalid() -> Invalid:
    return Invalid("the cursor is not one that this list gave out; start again without it", code="cursor_invalid")


def after(
    columns: Sequence[ColumnElement[Any]], key: Sequence[Any], *, descending: bool = False
) -> ColumnElement[bool]:
    """Return the condition "sorted behind `key`"."""
    left, right = _sides(columns, key)
    return left < right if descending else left > right


def until(
    columns: Sequence[ColumnElement[Any]], key: Sequence[Any], *, descending: bool = False
) -> ColumnElement[bool]:
    """Return the condition "sorted before `key`, or at it"."""
    left, right = _sides(columns, key)
    return left >= right if descending else left <= right


def _sides(columns: Sequence[ColumnElement[Any]], key: Sequence[Any]) -> tuple[sa.Tuple, sa.Tuple]:
    values = (sa.literal(value, column.type) for value, column in zip(key, columns, strict=True))
    return sa.tuple_(*columns), sa.tuple_(*values)


def check_limit(limit: int) -> None:
    """Raise Invalid for a limit outside 1 to 500."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid(f"limit must be 1 to {MAX_LIMIT}", code="limit_invalid")


def page(
    connection: Connection,
    query: Select[Any],
    columns: Sequence[ColumnElement[Any]],
    make: Callable[[Row[Any]], T],
    *,
    cursor: str | None,
    limit: int,
    descending: bool = False,
) -> Page[T]:
    """Run `query` sorted by `columns` (all in one direction, together unique) and return one page of it.

    Raises Invalid for a cursor that is none, or a limit outside 1 to 500.
    """
    check_limit(limit)
    if cursor is not None:
        query = query.where(after(columns, decode(cursor, columns), descending=descending))
    order = [column.desc() if descending else column.asc() for column in columns]
    labels = [column.label(f"key_{number}") for number, column in enumerate(columns)]
    rows = connection.execute(query.add_columns(*labels).order_by(*order).limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    last = encode(rows[-1][-len(columns) :]) if more else None
    return Page(items=tuple(make(row) for row in rows), next_cursor=last)
