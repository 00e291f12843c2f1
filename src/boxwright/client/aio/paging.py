"""Long lists, one page after the other."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from boxwright.domain.paging import Page

T = TypeVar("T")


async def all_items(page: Callable[[str | None], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """Yield the items of every page; `page` fetches the one at a cursor."""
    cursor: str | None = None
    while True:
        found = await page(cursor)
        for item in found.items:
            yield item
        cursor = found.next_cursor
        if cursor is None:
            return
