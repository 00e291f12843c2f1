"""The work on pictures: its log, and how much of it there is."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.projects import Image
from boxwright.domain.workflow import WorkCount, WorkEntry
from boxwright.storage.tables import images, labelers, users, work_log

_LOGGED = ("id", "step", "state", "assignee_id", "author_id", "note", "created_at")
_CHUNK = 500
_assignees, _authors = users.alias("assignees"), users.alias("authors")
_NAMED = work_log.outerjoin(_assignees, _assignees.c.id == work_log.c.assignee_id).outerjoin(
    _authors, _authors.c.id == work_log.c.author_id
)


def _entry(row: Row[Any]) -> WorkEntry:
    names = {"assignee_name": row.assignee_name, "author_name": row.author_name}
    return WorkEntry(**{name: getattr(row, name) for name in _LOGGED}, **names)


class WorkRepository:
    """Table `work_log`, and the columns of `images` that say whose they are."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def name_of(self, user_id: str | None) -> str | None:
        """Return the name of a user."""
        return None if user_id is None else self._db.scalar(sa.select(users.c.name).where(users.c.id == user_id))

    def known(self, image_id: str, change_id: str) -> bool:
        """Tell whether this step was taken before."""
        where = work_log.c.image_id == image_id, work_log.c.change_id == change_id
        return self._db.scalar(sa.select(work_log.c.id).where(*where)) is not None

    def add(self, project_id: str, change_id: str, entries: Iterable[tuple[str, WorkEntry]]) -> None:
        """Append steps, as (picture id, entry), to the log."""
        rows = [
            {name: getattr(entry, name) for name in _LOGGED}
            | {"project_id": project_id, "image_id": image_id, "change_id": change_id}
            for image_id, entry in entries
        ]
        if rows:
            self._db.execute(sa.insert(work_log), rows)

    def log(self, image_id: str, limit: int = 50) -> tuple[WorkEntry, ...]:
        """Return the newest steps of a picture, the newest first."""
        names = _assignees.c.name.label("assignee_name"), _authors.c.name.label("author_name")
        query = sa.select(work_log, *names).select_from(_NAMED).where(work_log.c.image_id == image_id)
        return tuple(_entry(row) for row in self._db.execute(query.order_by(work_log.c.id.desc()).limit(limit)))

    def give(self, ids: Sequence[str], assignee_id: str | None) -> None:
        """Assign pictures to one person, or to nobody."""
        new = {"assignee_id": assignee_id, "work_revision": images.c.work_revision + 1}
        for start in range(0, len(ids), _CHUNK):
            chunk = images.c.id.in_(ids[start : start + _CHUNK])
            self._db.execute(sa.update(images).where(chunk).values(**new))

    def counts(self, project_id: str) -> tuple[WorkCount, ...]:
        """Return the living pictures by person and state."""
        # The names come afterwards, so that the index of the work is all that is read.
        columns = images.c.work_state, images.c.assignee_id
        query = (
            sa.select(*columns, sa.func.count().label("images"))
            .where(images.c.project_id == project_id, images.c.deleted_at.is_(None))
            .group_by(*columns)
        )
        found = self._db.execute(query).all()
        mine = users.c.id.in_({row.assignee_id for row in found} - {None})
        names = {row.id: row.name for row in self._db.execute(sa.select(users.c.id, users.c.name).where(mine))}
        counts = [
            WorkCount(
                assignee_id=row.assignee_id,
                assignee_name=names.get(row.assignee_id),
                state=row.work_state,
                images=row.images,
            )
            for row in found
        ]
        return tuple(sorted(counts, key=lambda item: (item.assignee_name or "", item.state)))

    def next_mine(self, project_id: str, user_id: str, *, but: str | None) -> str | None:
        """Return a picture that the person works on, one that was returned if there is any."""
        states = ("returned", "in_work", "new")
        rank = sa.case({state: place for place, state in enumerate(states)}, value=images.c.work_state)
        own = sa.exists().where(
            labelers.c.image_id == images.c.id, labelers.c.user_id == user_id, labelers.c.submitted_at.is_(None)
        )
        mine = sa.or_(images.c.assignee_id == user_id, own), images.c.work_state.in_(states)
        return self._next(project_id, but, mine, (rank, images.c.name_nfc))

    def next_review(self, project_id: str, user_id: str, *, but: str | None) -> str | None:
        """Return the picture that somebody else has submitted first."""
        last = sa.select(sa.func.max(work_log.c.id)).where(work_log.c.image_id == images.c.id)
        others = images.c.assignee_id.is_distinct_from(user_id), images.c.work_state == "submitted"
        return self._next(project_id, but, others, (last.correlate(images).scalar_subquery(), images.c.name_nfc))

    def _next(self, project_id: str, but: str | None, where: Any, order: Any) -> str | None:
        here = images.c.project_id == project_id, images.c.deleted_at.is_(None), *where
        query = sa.select(images.c.id).where(*here).order_by(*order).limit(1)
        return self._db.scalar(query if but is None else query.where(images.c.id != but))

    def ids(self, query: sa.Select[Any], limit: int) -> list[str]:
        """Return the ids of a list of pictures by name, at most `limit` of them."""
        return list(self._db.scalars(query.with_only_columns(images.c.id).order_by(images.c.name_nfc).limit(limit)))

    def take_step(self, image: Image, entry: WorkEntry, change_id: str) -> None:
        """Note a step of a picture whose row the transaction holds."""
        new = {"work_state": entry.state, "assignee_id": entry.assignee_id, "work_revision": image.work_revision + 1}
        self._db.execute(sa.update(images).where(images.c.id == image.id).values(**new))
        self.add(image.project_id, change_id, [(image.id, entry)])
