"""What plans for splits need to know, changes of splits, and what leaks from one split into another."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row

from boxwright.domain.errors import NotFound
from boxwright.domain.projects import Split
from boxwright.domain.splits import LeakImage, LeakKind, Leaks, SplitChange, SplitPlan
from boxwright.storage.tables import annotations, checkups, images, import_changes, split_changes, split_moves

_EXAMPLES = 50
_SHOWN = 20  # images of one example
Move = tuple[str, Split, Split]


@dataclass(frozen=True, slots=True)
class Dealt:
    """A picture as plans see it: which folder, video, bytes and import it is of."""

    id: str
    split: Split
    labeled: bool
    name: str
    video_id: str | None
    sha256: str
    metadata: dict[str, str]
    alike: str | None


_DEALT = (
    images.c.id,
    images.c.split,
    images.c.todo,
    images.c.name_nfc,
    images.c.video_id,
    images.c.sha256,
    images.c.metadata,
    checkups.c.alike,
)


def _living(project_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return images.c.project_id == project_id, images.c.deleted_at.is_(None)


class SplitRepository:
    """Tables `split_changes` and `split_moves`, and questions about splits."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def pictures(self, project_id: str) -> list[Dealt]:
        """Return the living pictures by name."""
        looked = images.outerjoin(checkups, checkups.c.image_id == images.c.id)
        query = sa.select(*_DEALT).select_from(looked).where(*_living(project_id))
        rows = self._db.execute(query.order_by(images.c.name_nfc))
        return [Dealt(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]

    def objects(self, project_id: str, set_id: str) -> Iterable[tuple[str, str, int]]:
        """Return (picture id, class id, number of objects) of the living pictures."""
        rows = self._db.execute(
            sa.select(annotations.c.image_id, annotations.c.class_id, sa.func.count())
            .select_from(images)
            .join(annotations, annotations.c.image_id == images.c.id)
            .where(
                *_living(project_id),
                annotations.c.set_id == set_id,
                annotations.c.deleted_at.is_(None),
                annotations.c.state != "proposal",
            )
            .group_by(annotations.c.image_id, annotations.c.class_id)
            # SQLite would go through all annotations and look their pictures up one by one.
            .with_hint(annotations, "INDEXED BY ix_annotations_image", "sqlite")
        )
        return ((row[0], row[1], row[2]) for row in rows)

    def imports(self, project_id: str) -> dict[str, str]:
        """Return which import brought a picture, by picture id."""
        brought = sa.select(import_changes.c.image_id, import_changes.c.job_id).join(images)
        rows = self._db.execute(brought.where(*_living(project_id), import_changes.c.before.is_(None)))
        return {row[0]: row[1] for row in rows}

    def add(self, change: SplitChange, moves: Sequence[Move]) -> None:
        """Insert a change and what it moved."""
        names = ("id", "project_id", "created_at", "created_by", "moved", "undoes")
        values = {name: getattr(change, name) for name in names}
        plan = None if change.plan is None else asdict(change.plan)
        self._db.execute(sa.insert(split_changes).values(**values, plan=plan))
        if moves:
            rows = [{"change_id": change.id, "image_id": m[0], "before": m[1], "after": m[2]} for m in moves]
            self._db.execute(sa.insert(split_moves), rows)

    def get(self, change_id: str) -> SplitChange:
        """Return a change. Raises NotFound."""
        row = self._db.execute(self._select().where(split_changes.c.id == change_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such change of splits")
        return _make(row)

    def newest(self, project_id: str, limit: int) -> tuple[SplitChange, ...]:
        """Return the newest changes of a project, newest first."""
        query = self._select().where(split_changes.c.project_id == project_id)
        return tuple(_make(row) for row in self._db.execute(query.order_by(split_changes.c.id.desc()).limit(limit)))

    def moves(self, change_id: str) -> list[Move]:
        """Return what a change moved as (picture id, before, after), by id."""
        query = sa.select(split_moves).where(split_moves.c.change_id == change_id).order_by(split_moves.c.image_id)
        return [(row.image_id, row.before, row.after) for row in self._db.execute(query)]

    def leaks(self, project_id: str, kind: LeakKind) -> Leaks:
        """Return the groups of a kind that lie in several of train, val and test."""
        key: ColumnElement[Any] = images.c.video_id
        if kind == "duplicates":  # what was found to show the same, and the same bytes
            key = sa.func.coalesce(checkups.c.alike, images.c.sha256)
        mine = (
            sa.select(images.c.id, images.c.name, images.c.name_nfc, images.c.split, key.label("key"))
            .select_from(images.outerjoin(checkups, checkups.c.image_id == images.c.id))
            .where(*_living(project_id), images.c.split != "none", key.is_not(None))
            .cte("mine")
        )
        torn = (
            sa.select(mine.c.key, sa.func.count().label("size"))
            .group_by(mine.c.key)
            .having(sa.func.min(mine.c.split) < sa.func.max(mine.c.split))
        ).subquery()
        sums = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(torn.c.size), 0)).select_from(torn)
        groups, total = self._db.execute(sums).one()
        keys = list(self._db.scalars(sa.select(torn.c.key).order_by(torn.c.key).limit(_EXAMPLES)))
        return Leaks(kind=kind, groups=groups, images=int(total), examples=self._examples(mine, keys))

    def _examples(self, mine: sa.CTE, keys: Sequence[str]) -> tuple[tuple[LeakImage, ...], ...]:
        # One of each split first: the rest of a long video says nothing new.
        place = sa.func.row_number().over(partition_by=(mine.c.key, mine.c.split), order_by=mine.c.name_nfc)
        found = sa.select(mine, place.label("place")).where(mine.c.key.in_(keys)).subquery()
        query = sa.select(found).where(found.c.place <= _SHOWN).order_by(found.c.place, found.c.split)
        groups: dict[str, list[LeakImage]] = {key: [] for key in keys}
        for row in self._db.execute(query):
            if len(groups[row.key]) < _SHOWN:
                groups[row.key].append(LeakImage(id=row.id, name=row.name, split=row.split))
        return tuple(map(tuple, groups.values()))

    @staticmethod
    def _select() -> sa.Select[Any]:
        later = split_changes.alias()
        undone = sa.exists().where(later.c.undoes == split_changes.c.id)
        return sa.select(split_changes, undone.label("undone"))


def _make(row: Row[Any]) -> SplitChange:
    plan = row.plan
    if plan is not None:
        plan = SplitPlan(**{**plan, "together": tuple(plan["together"]), "metadata": tuple(plan["metadata"])})
    return SplitChange(
        id=row.id,
        project_id=row.project_id,
        created_at=row.created_at,
        created_by=row.created_by,
        moved=row.moved,
        plan=plan,
        undoes=row.undoes,
        undone=bool(row.undone),
    )
