"""Counts of the pictures of each split, kept with every change: counting a million anew takes seconds.

What changes is counted while it changes and added at the very end of the transaction. So nobody waits for these rows
while holding them, and no two writers can wait for each other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Executable

from boxwright.domain.projects import SPLITS, Image, ImageState, SplitCount
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import images, split_counts

_CHUNK = 500
NAMES = ("images", "unlabeled", "annotations", "proposals", "to_review", "trash", "turnover")
_living = images.c.deleted_at.is_(None)


def _sum(value: ColumnElement[int] | Any) -> ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((_living, value), else_=0)), 0)


# Of a picture that comes or goes each side counts one, so that no such change leaves the turnover as it was.
_SUMS = (
    _sum(1),
    _sum(1 - images.c.todo),
    _sum(images.c.annotations),
    _sum(images.c.proposals),
    _sum(sa.case((images.c.proposals > 0, 1), else_=0)),
    sa.func.coalesce(sa.func.sum(sa.case((_living, 0), else_=1)), 0),
)
_BY_SPLIT = sa.select(images.c.project_id, images.c.split, *_SUMS).group_by(images.c.project_id, images.c.split)
_SOME = _BY_SPLIT.where(images.c.id.in_(sa.bindparam("ids", expanding=True)))
_ALL = _BY_SPLIT.where(images.c.project_id == sa.bindparam("project"))


@cache
def _adding(dialect: str) -> Executable:
    statement = insert(dialect, split_counts)
    total = {name: split_counts.c[name] + statement.excluded[name] for name in NAMES}
    return statement.on_conflict_do_update(index_elements=["project_id", "split"], set_=total)


class TotalsRepository:
    """Table `split_counts`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._more: dict[tuple[str, str], Counter[str]] = {}

    @contextmanager
    def changing(self, ids: Sequence[str]) -> Iterator[None]:
        """Count what the block makes of these pictures."""
        before = self._seen(ids)
        yield
        after = self._seen(ids)
        for key in before.keys() | after.keys():
            more = self._more.setdefault(key, Counter())
            old, new = before.get(key, _NOTHING), after.get(key, _NOTHING)
            more.update({name: new[place] - old[place] for place, name in enumerate(NAMES[:-1])})
            more["turnover"] += int(old[0] != new[0])

    def added(self, pictures: Iterable[Image]) -> None:
        """Count new pictures."""
        for image in pictures:
            more = self._of(image)
            more["turnover"] += 1
            if image.deleted_at is not None:
                more["trash"] += 1
                continue
            more["images"] += 1
            more["unlabeled"] += int(image.state == "unlabeled")
            more["annotations"] += image.annotations
            more["proposals"] += image.proposals
            more["to_review"] += int(image.proposals > 0)

    def saved(self, before: Image, state: ImageState, annotations: int, proposals: int) -> None:
        """Count a living picture anew, whose row this transaction has locked: without asking for it again."""
        more = self._of(before)
        more["unlabeled"] += (state == "unlabeled") - (before.state == "unlabeled")
        more["annotations"] += annotations - before.annotations
        more["proposals"] += proposals - before.proposals
        more["to_review"] += (proposals > 0) - (before.proposals > 0)

    def _of(self, image: Image) -> Counter[str]:
        key = image.project_id, image.split
        if key not in self._more:
            self._more[key] = Counter()
        return self._more[key]

    def flush(self) -> None:
        """Add what has changed."""
        rows = [
            {"project_id": key[0], "split": key[1], **{name: more[name] for name in NAMES}}
            for key, more in sorted(self._more.items())
            if any(more.values())
        ]
        self._more.clear()
        if rows:
            self._db.execute(_adding(self._db.dialect.name), rows)

    def recount(self, project_id: str) -> None:
        """Count the pictures of a project anew."""
        mine = split_counts.c.project_id == project_id
        self._db.execute(sa.select(split_counts.c.split).where(mine).order_by(split_counts.c.split).with_for_update())
        self._more = {key: more for key, more in self._more.items() if key[0] != project_id}
        known = {row.split: row.turnover for row in self._db.execute(sa.select(split_counts).where(mine))}
        self._db.execute(sa.delete(split_counts).where(mine))
        rows = [
            dict(zip(("project_id", "split", *NAMES), (*row, known.get(row[1], 0) + 1), strict=True))
            for row in self._db.execute(_ALL, {"project": project_id})
        ]
        if rows:
            self._db.execute(sa.insert(split_counts), rows)

    def of(self, project_id: str) -> Counter[str]:
        """Return the counts of all splits together."""
        found: Counter[str] = Counter()
        for row in self._db.execute(sa.select(split_counts).where(split_counts.c.project_id == project_id)):
            found.update({name: row._mapping[name] for name in NAMES})
        return found

    def splits(self, project_id: str) -> tuple[SplitCount, ...]:
        """Return the counts of each split, in the order of SPLITS."""
        rows = self._db.execute(sa.select(split_counts).where(split_counts.c.project_id == project_id))
        found = {row.split: row for row in rows}
        return tuple(
            SplitCount(split=split, images=row.images, unlabeled=row.unlabeled, annotations=row.annotations)
            if (row := found.get(split)) is not None
            else SplitCount(split=split, images=0, unlabeled=0, annotations=0)
            for split in SPLITS
        )

    def _seen(self, ids: Sequence[str]) -> dict[tuple[str, str], tuple[int, ...]]:
        found: dict[tuple[str, str], tuple[int, ...]] = {}
        for start in range(0, len(ids), _CHUNK):
            for row in self._db.execute(_SOME, {"ids": list(ids[start : start + _CHUNK])}):
                values = tuple(map(int, row[2:]))
                old = found.get((row[0], row[1]), _NOTHING)
                found[row[0], row[1]] = tuple(a + b for a, b in zip(old, values, strict=True))
        return found


_NOTHING = (0,) * (len(NAMES) - 1)
