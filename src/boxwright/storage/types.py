"""Column types that behave the same on SQLite and PostgreSQL."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from boxwright.domain.jsontext import decode, encode

Str = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts by code point on both, as cursors need it."""


# One encoder for all: `json.dumps` would make one a row. ASCII only: PostgreSQL takes no NUL in text, JSON escapes it.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def json_text(value: Any) -> str | None:
    """Return a value as columns of JSON have it; None stays NULL."""
    return None if value is None else _encode(value)


class Json(TypeDecorator[Any]):
    """JSON kept as text: it is read as a whole, never queried inside, and text is the same on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write a value; None stays NULL."""
        return json_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read a value."""
        return None if value is None else decode(value)


class PlainJson(Json):
    """JSON without text of people, which is written several times faster."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write a value; None stays NULL."""
        return None if value is None else encode(value).decode()
