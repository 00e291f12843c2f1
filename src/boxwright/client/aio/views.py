"""Saved views of the library."""

from collections.abc import Sequence
from dataclasses import asdict

from boxwright.client.aio.http import Http
from boxwright.client.decode import decode, decode_list
from boxwright.domain.queries import ImageQuery
from boxwright.domain.views import Layout, SavedView


class Views:
    """Filters and orders under a name; `view.query` goes to `images.all`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, project_id: str) -> tuple[SavedView, ...]:
        """Return the views of a project by name."""
        return decode_list(SavedView, await self._http.get(f"/projects/{project_id}/views"))

    async def create(
        self,
        project_id: str,
        name: str,
        query: ImageQuery,
        *,
        layout: Layout | None = None,
        columns: Sequence[str] | None = None,
    ) -> SavedView:
        """Save a view for everybody in the project. Raises Conflict (`name_taken`), Invalid.

        `layout` and `columns`, names of metadata fields, say how the page shows it.
        """
        look = {"layout": layout, "columns": None if columns is None else list(columns)}
        body = {"name": name, "query": asdict(query), **look}
        return decode(SavedView, await self._http.create(f"/projects/{project_id}/views", body))

    async def update(self, view_id: str, *, name: str | None = None, query: ImageQuery | None = None) -> SavedView:
        """Rename one's own view, or let it show something else. Raises Conflict (`name_taken`), Invalid, Forbidden."""
        body = {"name": name, "query": None if query is None else asdict(query)}
        return decode(SavedView, await self._http.send("PATCH", f"/views/{view_id}", json=body))

    async def delete(self, view_id: str) -> None:
        """Delete one's own view; managers delete anybody's."""
        await self._http.send("DELETE", f"/views/{view_id}")
