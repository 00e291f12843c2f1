"""What pictures look like, groups that show the same, and pictures that are worth a look."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from boxwright.domain.checkups import (
    FLAWS,
    Checkup,
    DuplicateGroup,
    Flaw,
    FlawCount,
    FlawedImage,
    Looked,
    usual_limits,
)
from boxwright.domain.paging import Page
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.images import make_image
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import checkups, images

_CHUNK = 500
_READ = checkups.c.error.is_(None)
# SQLite has no function for the smaller of two on both databases alike.
_SIDE = sa.case((images.c.width < images.c.height, images.c.width), else_=images.c.height)


def _living(project_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return images.c.project_id == project_id, images.c.deleted_at.is_(None)


def _joined(project_id: str) -> Select[Any]:
    """Living pictures that were looked at."""
    return (
        sa.select(images)
        .join(checkups, checkups.c.image_id == images.c.id)
        .where(checkups.c.project_id == project_id, images.c.deleted_at.is_(None))
    )


def _flawed(flaw: Flaw, limit: float) -> tuple[ColumnElement[bool], ColumnElement[Any], bool]:
    """Return the condition of a flaw, what it is sorted by, and whether that runs downward."""
    if flaw == "blurred":
        return sa.and_(_READ, checkups.c.sharpness < limit), checkups.c.sharpness, False
    if flaw == "dark":
        return sa.and_(_READ, checkups.c.brightness < limit), checkups.c.brightness, False
    if flaw == "bright":
        return sa.and_(_READ, checkups.c.brightness > limit), checkups.c.brightness, True
    if flaw == "tiny":
        return limit > _SIDE, _SIDE, False
    return ~_READ, checkups.c.sharpness, False


class CheckupRepository:
    """Table `checkups`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def waiting(self, project_id: str, *, again: bool = False) -> list[tuple[str, str]]:
        """Return (id, SHA-256) of the living pictures that nobody has looked at yet; of all with `again`."""
        query = sa.select(images.c.id, images.c.sha256).where(*_living(project_id)).order_by(images.c.name_nfc)
        if not again:
            query = query.where(~sa.exists().where(checkups.c.image_id == images.c.id))
        return [(row[0], row[1]) for row in self._db.execute(query)]

    def put(self, project_id: str, found: Sequence[Looked]) -> None:
        """Note what pictures look like; those that are gone are left out."""
        statement = insert(self._db.dialect.name, checkups)
        names = ("sharpness", "brightness", "bits", "grey", "error")
        new = {name: statement.excluded[name] for name in names}
        upsert = statement.on_conflict_do_update(index_elements=["image_id"], set_=new)
        for start in range(0, len(found), _CHUNK):
            chunk = {item.image_id: item for item in found[start : start + _CHUNK]}
            here = sa.select(images.c.id).where(images.c.project_id == project_id, images.c.id.in_(chunk))
            rows = [_values(project_id, chunk[key]) for key in self._db.scalars(here)]
            if rows:
                self._db.execute(upsert, rows)

    def prints(self, project_id: str) -> Iterator[tuple[str, int, bytes]]:
        """Yield the fingerprints of a project as (picture id, bits, grey), also of what is in the trash, by id."""
        query = sa.select(checkups.c.image_id, checkups.c.bits, checkups.c.grey)
        query = query.where(checkups.c.project_id == project_id, _READ).order_by(checkups.c.image_id)
        for row in self._db.execute(query, execution_options={"yield_per": 5000}):
            yield row[0], int(row[1], 16), base64.b64decode(row[2])

    def group(self, project_id: str, alike: Mapping[str, str]) -> None:
        """Put the groups of a project: the name of its group by picture id."""
        mine = checkups.c.project_id == project_id, checkups.c.alike.is_not(None)
        self._db.execute(sa.update(checkups).where(*mine).values(alike=None))
        rows = [{"key": key, "name": name} for key, name in alike.items()]
        if rows:
            statement = sa.update(checkups).where(checkups.c.image_id == sa.bindparam("key"))
            self._db.execute(statement.values(alike=sa.bindparam("name")), rows)

    def summary(self, project_id: str) -> Checkup:
        """Return how far a project has been looked through, and what was found."""
        count = sa.func.count()
        total = self._db.scalar(sa.select(count).select_from(images).where(*_living(project_id))) or 0
        joined = _joined(project_id).subquery()
        checked = self._db.scalar(sa.select(count).select_from(joined)) or 0
        groups = self._groups(project_id).subquery()
        limits = self.limits(project_id)
        found = sa.select(count, sa.func.coalesce(sa.func.sum(groups.c.size), 0)).select_from(groups)
        number, members = self._db.execute(found).one()
        return Checkup(
            images=total,
            checked=checked,
            groups=number,
            repeated=int(members) - number,
            flaws=tuple(self._flaw_count(project_id, flaw, limits[flaw]) for flaw in FLAWS),
        )

    def limits(self, project_id: str) -> dict[Flaw, float]:
        """Return where an image of the project begins to be worth a look."""
        mine = checkups.c.project_id == project_id, _READ
        half = (self._db.scalar(sa.select(sa.func.count()).where(*mine)) or 0) // 2
        medians = [
            self._db.scalar(sa.select(column).where(*mine).order_by(column).offset(half).limit(1)) or 0.0
            for column in (checkups.c.sharpness, checkups.c.brightness)
        ]
        return usual_limits(*medians)

    def _flaw_count(self, project_id: str, flaw: Flaw, limit: float) -> FlawCount:
        where, _, _ = _flawed(flaw, limit)
        query = _joined(project_id).where(where).with_only_columns(sa.func.count())
        return FlawCount(flaw=flaw, images=self._db.scalar(query) or 0, limit=limit)

    def flawed(self, project_id: str, flaw: Flaw, limit: float, cursor: str | None, size: int) -> Page[FlawedImage]:
        """Return pictures beyond the limit of a flaw, the worst first."""
        where, value, descending = _flawed(flaw, limit)
        query = _joined(project_id).where(where).add_columns(value.label("value"), checkups.c.error)

        def make(row: sa.Row[Any]) -> FlawedImage:
            return FlawedImage(image=make_image(row), value=float(row.value), error=row.error)

        key = (value, images.c.id)
        return keyset.page(self._db, query, key, make, cursor=cursor, limit=size, descending=descending)

    def duplicates(self, project_id: str, cursor: str | None, size: int) -> Page[DuplicateGroup]:
        """Return groups of pictures that show the same."""
        groups = self._groups(project_id)
        key = (checkups.c.alike,)
        page = keyset.page(self._db, groups, key, lambda row: str(row.alike), cursor=cursor, limit=size)
        members: dict[str, list[Any]] = {name: [] for name in page.items}
        query = _joined(project_id).where(checkups.c.alike.in_(page.items)).add_columns(checkups.c.alike)
        best = images.c.annotations.desc(), (images.c.width * images.c.height).desc(), images.c.id
        for row in self._db.execute(query.order_by(*best)):
            members[row.alike].append(make_image(row))
        return Page(items=tuple(map(_group, members.items())), next_cursor=page.next_cursor)

    @staticmethod
    def _groups(project_id: str) -> Select[Any]:
        size = sa.func.count().label("size")
        return (
            _joined(project_id)
            .where(checkups.c.alike.is_not(None))
            .with_only_columns(checkups.c.alike, size)
            .group_by(checkups.c.alike)
            .having(sa.func.count() > 1)
        )


def _group(entry: tuple[str, Iterable[Any]]) -> DuplicateGroup:
    name, members = entry[0], tuple(entry[1])
    return DuplicateGroup(id=name, exact=len({image.sha256 for image in members}) == 1, images=members)


def _values(project_id: str, item: Looked) -> dict[str, object]:
    return {
        "image_id": item.image_id,
        "project_id": project_id,
        "sharpness": item.sharpness,
        "brightness": item.brightness,
        "bits": f"{item.bits:016x}",
        "grey": base64.b64encode(item.grey).decode(),
        "error": item.error,
    }
