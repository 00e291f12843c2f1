"""Proposals to review, and what auto-annotation runs did to pictures, as the change log tells it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.annotations import Annotation, LogEntry
from boxwright.domain.queries import ProposalQuery
from boxwright.storage.repositories.annotations import make_annotation, make_entry
from boxwright.storage.tables import annotations, change_log, images

_CHUNK = 500


class ProposalRepository:
    """Reads the tables `annotations`, `change_log` and `images`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def waiting(self, project_id: str, query: ProposalQuery) -> list[tuple[str, int]]:
        """Return (id, number of proposals) of the living pictures that a query is about and that have some, by id."""
        where = images.c.project_id == project_id, images.c.deleted_at.is_(None), images.c.proposals > 0
        select = sa.select(images.c.id, images.c.proposals).where(*where).order_by(images.c.id)
        if query.split is not None:
            select = select.where(images.c.split == query.split)
        named = None if query.image_ids is None else set(query.image_ids)
        return [(row[0], row[1]) for row in self._db.execute(select) if named is None or row[0] in named]

    def entries(self, image_ids: Sequence[str], set_id: str) -> dict[str, list[LogEntry]]:
        """Return what runs did to these pictures, by picture id, oldest first."""
        found: dict[str, list[LogEntry]] = {image_id: [] for image_id in image_ids}
        for start in range(0, len(image_ids), _CHUNK):
            chunk = change_log.c.image_id.in_(image_ids[start : start + _CHUNK])
            where = chunk, change_log.c.set_id == set_id, change_log.c.run_id.is_not(None)
            for row in self._db.execute(sa.select(change_log).where(*where).order_by(change_log.c.revision)):
                found[row.image_id].append(make_entry(row))
        return found

    def touched(self, run_id: str) -> list[str]:
        """Return the pictures that a run changed, by id."""
        query = sa.select(change_log.c.image_id).where(change_log.c.run_id == run_id)
        return list(self._db.scalars(query.distinct().order_by(change_log.c.image_id)))

    def made(self, run_id: str) -> tuple[int, int]:
        """Return how many proposals a run made, and on how many pictures."""
        both = sa.func.count(), sa.func.count(sa.distinct(annotations.c.image_id))
        row = self._db.execute(sa.select(*both).where(annotations.c.run_id == run_id)).one()
        return row[0], row[1]

    def buried(self, ids: Sequence[str]) -> list[tuple[str, Annotation]]:
        """Return those of the ids that are deleted proposals, as (picture id, annotation)."""
        found = []
        for start in range(0, len(ids), _CHUNK):
            where = annotations.c.id.in_(ids[start : start + _CHUNK]), annotations.c.state == "proposal"
            query = sa.select(annotations).where(*where, annotations.c.deleted_at.is_not(None))
            found += [
                (row.image_id, make_annotation(row)) for row in self._db.execute(query.order_by(annotations.c.id))
            ]
        return found
