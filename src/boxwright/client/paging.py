# Made from aio/paging.py by scripts/sync_client.py: change that one, then run `make api`.
"""Long lists, one page after the other."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from boxwright.domain.paging import Page

T = TypeVar("T")


def all_items(page: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Yield the items of every page; `page` fetches the one at a cursor."""
    cursor: str | None = None
    while True:
        found = page(cursor)
        for item in found.items:
            yield item
        cursor = found.next_cursor
        if cursor is None:
            return
