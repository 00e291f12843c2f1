"""Changes of classes, and what each has touched."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.annotations import Attributes
from boxwright.domain.class_changes import ClassChange
from boxwright.domain.errors import NotFound
from boxwright.domain.ids import new_id
from boxwright.storage.tables import change_log, class_changes, class_moves

_FIELDS = (
    "id", "project_id", "created_at", "created_by", "kind", "objects", "images", "tracks", "kept", "undoes",
)  # fmt: skip
_TOLD = ("names", "into", "fields")
_BATCH = 500
Move = tuple[str, str, dict[str, list[str]], dict[str, Attributes]]
"""Image, set, objects by the class that they had, attributes that were taken from them."""


class ClassChangeRepository:
    """Tables `class_changes` and `class_moves`, and entries of `change_log` that name objects by their ids."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, change: ClassChange) -> None:
        """Insert a change that begins."""
        values = {name: getattr(change, name) for name in _FIELDS}
        self._db.execute(sa.insert(class_changes).values(**values, told=_told(change), memory={}))

    def finish(self, change: ClassChange, memory: Mapping[str, object]) -> None:
        """Note what a change has touched, and what it takes to take it back beside the objects."""
        numbers = {name: getattr(change, name) for name in ("objects", "images", "tracks", "kept")}
        here = class_changes.c.id == change.id
        new = {**numbers, "told": _told(change), "memory": dict(memory)}
        self._db.execute(sa.update(class_changes).where(here).values(**new))

    def add_moves(self, change_id: str, moves: Iterable[Move]) -> None:
        """Note what objects were."""
        rows = [
            {"change_id": change_id, "image_id": image, "set_id": key, "before": {"classes": classes, "values": values}}
            for image, key, classes, values in moves
        ]
        if rows:
            self._db.execute(sa.insert(class_moves), rows)

    def moves(self, change_id: str, set_id: str, after: str) -> list[Move]:
        """Return what a change touched in a set on the next images behind the id `after`."""
        where = class_moves.c.change_id == change_id, class_moves.c.set_id == set_id, class_moves.c.image_id > after
        query = sa.select(class_moves).where(*where).order_by(class_moves.c.image_id).limit(_BATCH)
        rows = self._db.execute(query)
        return [(row.image_id, row.set_id, row.before["classes"], row.before["values"]) for row in rows]

    def add_log(self, project_id: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Append to the change log; the changes of a row are JSON already."""
        values = [{**row, "id": new_id(), "project_id": project_id} for row in rows]
        if values:
            self._db.execute(sa.insert(change_log), values)

    def get(self, change_id: str) -> ClassChange:
        """Return a change. Raises NotFound."""
        row = self._db.execute(self._select().where(class_changes.c.id == change_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such change of classes")
        return _make(row)

    def memory(self, change_id: str) -> dict[str, Any]:
        """Return what it takes to take a change back."""
        found: dict[str, Any] = self._db.execute(
            sa.select(class_changes.c.memory).where(class_changes.c.id == change_id)
        ).scalar_one()
        return found

    def newest(self, project_id: str, limit: int) -> tuple[ClassChange, ...]:
        """Return the newest changes of a project, newest first."""
        query = self._select().where(class_changes.c.project_id == project_id)
        return tuple(_make(row) for row in self._db.execute(query.order_by(class_changes.c.id.desc()).limit(limit)))

    @staticmethod
    def _select() -> sa.Select[Any]:
        later = class_changes.alias()
        here = later.c.project_id == class_changes.c.project_id
        undone = sa.exists().where(here, later.c.undoes == class_changes.c.id)
        return sa.select(class_changes, undone.label("undone"))


def _told(change: ClassChange) -> dict[str, object]:
    return {name: getattr(change, name) for name in _TOLD}


def _make(row: Row[Any]) -> ClassChange:
    told = row.told
    return ClassChange(
        **{name: getattr(row, name) for name in _FIELDS},
        names=tuple(told["names"]),
        into=told["into"],
        fields=tuple(told["fields"]),
        undone=bool(row.undone),
    )
