"""What imports did to pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from boxwright.domain.annotations import Annotation, LogEntry
from boxwright.domain.exchange import ImageBefore
from boxwright.storage.repositories.annotations import make_annotation, make_entry
from boxwright.storage.repositories.upsert import insert_rows
from boxwright.storage.tables import annotations, change_log, comments, import_changes, labelers
from boxwright.storage.types import json_text

_CHUNK = 500
_FIELDS = tuple(item.name for item in fields(ImageBefore))


def _text_of(before: ImageBefore) -> str | None:
    values = {name: getattr(before, name) for name in _FIELDS}
    return json_text(values | {"fields": dict(before.fields), "to_fields": dict(before.to_fields)})


class ImportChangeRepository:
    """Table `import_changes`, and what others tell of the same pictures. Many ids are asked for in chunks of 500."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, job_id: str, rows: Iterable[tuple[str, ImageBefore | None]]) -> None:
        """Note pictures as (id, what they were before; None for new ones)."""
        values = [(job_id, image_id, None if before is None else _text_of(before)) for image_id, before in rows]
        insert_rows(self._db, import_changes, ("job_id", "image_id", "before"), values)

    def all(self, job_id: str) -> list[str]:
        """Return the pictures that an import brought or changed, by id."""
        query = sa.select(import_changes.c.image_id).where(import_changes.c.job_id == job_id)
        return list(self._db.scalars(query.order_by(import_changes.c.image_id)))

    def before(self, job_id: str, image_ids: Sequence[str]) -> dict[str, ImageBefore | None]:
        """Return what pictures were before an import, by picture id; None for those that it brought."""
        query = sa.select(import_changes).where(import_changes.c.job_id == job_id)
        rows = self._rows(query, import_changes.c.image_id, image_ids)
        return {row.image_id: None if row.before is None else ImageBefore(**row.before) for row in rows}

    def entries(self, change_id: str, image_ids: Sequence[str], set_id: str) -> dict[str, LogEntry]:
        """Return what a change did to the annotations of pictures, by picture id."""
        query = sa.select(change_log).where(change_log.c.set_id == set_id, change_log.c.change_id == change_id)
        return {row.image_id: make_entry(row) for row in self._rows(query, change_log.c.image_id, image_ids)}

    def later(self, revisions: Mapping[str, int], set_id: str) -> dict[str, list[LogEntry]]:
        """Return what happened to the annotations of pictures after a revision, by picture id."""
        found: dict[str, list[LogEntry]] = {image_id: [] for image_id in revisions}
        query = sa.select(change_log).where(change_log.c.set_id == set_id)
        for row in self._rows(query, change_log.c.image_id, sorted(revisions)):
            entry = make_entry(row)
            # Classes that were merged are no work on the picture.
            if row.revision > revisions[row.image_id] and (entry.changes or not row.changes):
                found[row.image_id].append(entry)
        return found

    def spoken_of(self, image_ids: Sequence[str]) -> set[str]:
        """Return those pictures that have comments, or that somebody labels for themselves."""
        found: set[str] = set()
        for table in (comments, labelers):
            found |= {row[0] for row in self._rows(sa.select(table.c.image_id), table.c.image_id, image_ids)}
        return found

    def buried(self, ids: Sequence[str]) -> dict[str, Annotation]:
        """Return those of the annotations that are deleted, by id."""
        query = sa.select(annotations).where(annotations.c.deleted_at.is_not(None))
        return {row.id: make_annotation(row) for row in self._rows(query, annotations.c.id, ids)}

    def _rows(self, query: Select[Any], column: sa.Column[str], ids: Sequence[str]) -> Iterable[sa.Row[Any]]:
        for start in range(0, len(ids), _CHUNK):
            yield from self._db.execute(query.where(column.in_(ids[start : start + _CHUNK])))
