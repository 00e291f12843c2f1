"""Who labels which picture for themselves."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.agreement import Labeler
from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import annotation_sets, images, labelers, users

# Made once: it runs with every save.
_MINE = sa.select(labelers.c.set_id).where(
    labelers.c.image_id == sa.bindparam("image"), labelers.c.user_id == sa.bindparam("user")
)


def _make(row: Row[Any]) -> Labeler:
    return Labeler(user_id=row.user_id, name=row.name, set_id=row.set_id, submitted=row.submitted_at is not None)


class LabelerRepository:
    """Table `labelers`, and the sets of annotators."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def set_of(self, project_id: str, user_id: str, name: str) -> str:
        """Return the annotation set of a person in a project; makes it the first time."""
        where = (
            annotation_sets.c.project_id == project_id,
            annotation_sets.c.kind == "annotator",
            annotation_sets.c.user_id == user_id,
        )
        known: str | None = self._db.scalar(sa.select(annotation_sets.c.id).where(*where))
        if known is not None:
            return known
        set_id = new_id()
        values = {"id": set_id, "project_id": project_id, "kind": "annotator", "name": name, "user_id": user_id}
        self._db.execute(sa.insert(annotation_sets).values(**values, created_at=now()))
        return set_id

    def add(self, project_id: str, rows: Iterable[tuple[str, str, str]]) -> None:
        """Insert (picture, person, set); who is there already stays as is."""
        names = ("image_id", "user_id", "set_id")
        values = [dict(zip(names, row, strict=True)) | {"project_id": project_id} for row in rows]
        if values:
            self._db.execute(insert(self._db.dialect.name, labelers).on_conflict_do_nothing(), values)

    def mine(self, image_id: str, user_id: str) -> str | None:
        """Return the set in which a person labels a picture; None where it is not one of those who label it twice."""
        return self._db.scalar(_MINE, {"image": image_id, "user": user_id})

    def of_image(self, image_id: str) -> tuple[Labeler, ...]:
        """Return who labels a picture, by name."""
        query = (
            sa.select(labelers, users.c.name)
            .join(users, users.c.id == labelers.c.user_id)
            .where(labelers.c.image_id == image_id)
            .order_by(users.c.name_fold)
        )
        return tuple(_make(row) for row in self._db.execute(query))

    def submit(self, image_id: str, user_id: str, at: str | None) -> None:
        """Note that a person has done a picture, or has not."""
        where = labelers.c.image_id == image_id, labelers.c.user_id == user_id
        self._db.execute(sa.update(labelers).where(*where).values(submitted_at=at))

    def doubled(self, project_id: str) -> list[tuple[str, str, list[Labeler]]]:
        """Return the living pictures that several people label: id, name, and who does, by name."""
        query = (
            sa.select(labelers, users.c.name, images.c.name.label("image_name"))
            .join(users, users.c.id == labelers.c.user_id)
            .join(images, images.c.id == labelers.c.image_id)
            .where(labelers.c.project_id == project_id, images.c.deleted_at.is_(None))
            .order_by(images.c.name_nfc, users.c.name_fold)
        )
        found: dict[str, tuple[str, str, list[Labeler]]] = {}
        for row in self._db.execute(query):
            found.setdefault(row.image_id, (row.image_id, row.image_name, []))[2].append(_make(row))
        return list(found.values())
