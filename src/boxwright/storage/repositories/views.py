"""Views of the library under a name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.errors import NotFound
from boxwright.domain.queries import query_from_json, query_to_json
from boxwright.domain.views import SavedView
from boxwright.storage.repositories.text import nfc
from boxwright.storage.tables import saved_views

_FIELDS = ("id", "project_id", "name", "author_id", "created_at", "updated_at")


def _make(row: Row[Any]) -> SavedView:
    look = row.query.get("look") or {}
    columns = look.get("columns")
    return SavedView(
        **{name: getattr(row, name) for name in _FIELDS},
        query=query_from_json(row.query),
        layout=look.get("layout"),
        columns=None if columns is None else tuple(columns),
    )


def _asked(view: SavedView) -> dict[str, Any]:
    """The query and, beside what it asks, how it is shown: a reader of an older version leaves that out."""
    if view.layout is None and view.columns is None:
        return query_to_json(view.query)
    return query_to_json(view.query) | {"look": {"layout": view.layout, "columns": view.columns}}


class ViewRepository:
    """Table `saved_views`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: str) -> tuple[SavedView, ...]:
        """Return the views of a project by name."""
        query = sa.select(saved_views).where(saved_views.c.project_id == project_id).order_by(saved_views.c.name_nfc)
        return tuple(_make(row) for row in self._db.execute(query))

    def get(self, view_id: str) -> SavedView:
        """Return a view. Raises NotFound."""
        row = self._db.execute(sa.select(saved_views).where(saved_views.c.id == view_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such view any more")
        return _make(row)

    def named(self, project_id: str, name: str) -> str | None:
        """Return the id of the view of a project with this name."""
        where = saved_views.c.project_id == project_id, saved_views.c.name_nfc == nfc(name)
        return self._db.scalar(sa.select(saved_views.c.id).where(*where))

    def put(self, view: SavedView) -> None:
        """Insert a view, or replace that of the same id."""
        values = {name: getattr(view, name) for name in _FIELDS}
        values |= {"name_nfc": nfc(view.name), "query": _asked(view)}
        here = saved_views.c.id == view.id
        if self._db.execute(sa.update(saved_views).where(here).values(**values)).rowcount == 0:
            self._db.execute(sa.insert(saved_views).values(**values))

    def delete(self, view_id: str) -> None:
        """Remove a view."""
        self._db.execute(sa.delete(saved_views).where(saved_views.c.id == view_id))
