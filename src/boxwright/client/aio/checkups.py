"""What looking a dataset through has found."""

from collections.abc import AsyncIterator

from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_page
from boxwright.domain.checkups import Checkup, DuplicateGroup, Flaw, FlawedImage
from boxwright.domain.paging import Page


class Checkups:
    """Duplicates and flaws; `jobs.start(CheckupRequest(...))` looks for them."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, project_id: str) -> Checkup:
        """Return how far a project has been looked through, and what was found."""
        return decode(Checkup, await self._http.get(f"/projects/{project_id}/checkup"))

    def duplicates(self, project_id: str) -> AsyncIterator[DuplicateGroup]:
        """Yield groups of images that show the same."""
        return all_items(lambda cursor: self.duplicates_page(project_id, cursor=cursor, limit=200))

    async def duplicates_page(
        self, project_id: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[DuplicateGroup]:
        """Return one page of groups of images that show the same."""
        params = {"cursor": cursor, "limit": limit}
        return decode_page(DuplicateGroup, await self._http.get(f"/projects/{project_id}/duplicates", params))

    def flaws(self, project_id: str, flaw: Flaw, value: float | None = None) -> AsyncIterator[FlawedImage]:
        """Yield images with a flaw, the worst first, as far as `value` or the usual limit."""
        return all_items(lambda cursor: self.flaws_page(project_id, flaw, value, cursor=cursor, limit=500))

    async def flaws_page(
        self, project_id: str, flaw: Flaw, value: float | None = None, *, cursor: str | None = None, limit: int = 100
    ) -> Page[FlawedImage]:
        """Return one page of images with a flaw."""
        params = {"flaw": flaw, "value": value, "cursor": cursor, "limit": limit}
        return decode_page(FlawedImage, await self._http.get(f"/projects/{project_id}/flaws", params))
