"""Pictures: rows, lists, and where a picture stands in a list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Executable, Row, Select

from boxwright.domain.clock import now
from boxwright.domain.errors import NotFound
from boxwright.domain.paging import Page
from boxwright.domain.projects import Image, ImageState, TagCount
from boxwright.domain.queries import ImageQuery, Neighbours
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.image_filter import filtered, sort_key
from boxwright.storage.repositories.text import compared, nfc
from boxwright.storage.tables import images
from boxwright.storage.types import Json

_FIELDS = (
    "id", "project_id", "name", "width", "height", "orientation", "format", "bytes", "sha256", "split", "state",
    "annotations", "proposals", "revision", "created_at", "deleted_at", "metadata", "video_id", "frame_index",
    "assignee_id", "work_state", "work_revision",
)  # fmt: skip
_CHUNK = 500
# What a dataset version holds of a picture, beside its annotations.
_CONTENT = {"name", "split", "state", "tags", "metadata"}


def make_image(row: Row[Any]) -> Image:
    """Return the picture of a row that has all columns of the table."""
    return Image(**{name: row._mapping[name] for name in _FIELDS}, tags=tuple(row.tags))


def _values(image: Image, external_id: str | None = None) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(image, name) for name in _FIELDS}
    values |= compared(image.name) | {"todo": int(image.state != "unlabeled"), "external_id": external_id}
    return values | {"tags": list(image.tags), "metadata": dict(image.metadata), "changed_at": image.created_at}


_LOCK = sa.select(images).where(images.c.id == sa.bindparam("image")).with_for_update(key_share=True)


@cache
def _update_of(names: tuple[str, ...]) -> Executable:
    """Change these columns of the picture `key`. Made once: making it takes longer than running it."""
    new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return sa.update(images).where(images.c.id == sa.bindparam("key")).values(new)


class ImageRepository:
    """Table `images`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, image: Image, *, external_id: str | None = None) -> None:
        """Insert a picture."""
        self._db.execute(sa.insert(images).values(**_values(image, external_id)))

    def bulk_insert(self, rows: Iterable[tuple[Image, str | None]]) -> int:
        """Insert many pictures, each with its external id; returns how many."""
        values = [_values(image, external_id) for image, external_id in rows]
        if values:
            self._db.execute(sa.insert(images), values)
        return len(values)

    def find(self, image_id: str) -> Image | None:
        """Return a picture, also one in the trash."""
        row = self._db.execute(sa.select(images).where(images.c.id == image_id)).one_or_none()
        return make_image(row) if row else None

    def get(self, image_id: str) -> Image:
        """Return a picture, also one in the trash. Raises NotFound."""
        found = self.find(image_id)
        if found is None:
            raise NotFound("there is no such picture")
        return found

    def lock(self, image_id: str) -> Image:
        """Return a picture that nobody else changes before the end of this transaction. Raises NotFound."""
        row = self._db.execute(_LOCK, {"image": image_id}).one_or_none()
        if row is None:
            raise NotFound("there is no such picture")
        return make_image(row)

    def some(self, project_id: str, ids: Sequence[str], *, lock: bool = False) -> list[Image]:
        """Return those of the ids that are pictures of the project, also in the trash, sorted by id.

        With `lock` nobody else changes them before the end of this transaction.
        """
        found: list[Image] = []
        ordered = sorted(ids)
        for start in range(0, len(ordered), _CHUNK):
            chunk = images.c.id.in_(ordered[start : start + _CHUNK])
            query = sa.select(images).where(images.c.project_id == project_id, chunk).order_by(images.c.id)
            found += [
                make_image(row) for row in self._db.execute(query.with_for_update(key_share=True) if lock else query)
            ]
        return found

    def named(self, project_id: str, name: str) -> Image | None:
        """Return the living picture of this name."""
        where = images.c.project_id == project_id, images.c.name_nfc == nfc(name), images.c.deleted_at.is_(None)
        row = self._db.execute(sa.select(images).where(*where)).one_or_none()
        return make_image(row) if row else None

    def names(self, project_id: str) -> dict[str, str]:
        """Return all living pictures as compared name (NFC) -> id."""
        where = images.c.project_id == project_id, images.c.deleted_at.is_(None)
        return {row[0]: row[1] for row in self._db.execute(sa.select(images.c.name_nfc, images.c.id).where(*where))}

    def frames_of(self, video_id: str) -> set[int]:
        """Return the frames of a video that are living pictures."""
        where = images.c.video_id == video_id, images.c.deleted_at.is_(None), images.c.frame_index.is_not(None)
        return set(self._db.scalars(sa.select(images.c.frame_index).where(*where)))

    def tags(self, project_id: str) -> tuple[TagCount, ...]:
        """Return the tags of the living pictures, each with how many have it, by name."""
        where = images.c.project_id == project_id, images.c.deleted_at.is_(None), images.c.tags != sa.literal([], Json)
        rows = self._db.execute(sa.select(images.c.tags, sa.func.count()).where(*where).group_by(images.c.tags))
        found: Counter[str] = Counter()
        for tags, count in rows:
            found.update(dict.fromkeys(tags, count))
        return tuple(TagCount(tag=tag, images=found[tag]) for tag in sorted(found))

    def with_bytes(self, project_id: str, sha256: str) -> str | None:
        """Return the id of the oldest living picture with these bytes."""
        where = images.c.project_id == project_id, images.c.sha256 == sha256, images.c.deleted_at.is_(None)
        return self._db.scalar(sa.select(images.c.id).where(*where).order_by(images.c.id).limit(1))

    def page(self, project_id: str, query: ImageQuery, cursor: str | None, limit: int) -> Page[Image]:
        """Return one page of the library."""
        key, descending = sort_key(query)
        return keyset.page(
            self._db, self.select(project_id, query), key, make_image, cursor=cursor, limit=limit, descending=descending
        )

    def select(self, project_id: str, query: ImageQuery) -> Select[Any]:
        """Return the statement of a list, unsorted."""
        return sa.select(images).where(*filtered(self._db, project_id, query))

    def neighbours(self, image: Image, query: ImageQuery) -> Neighbours:
        """Return what stands before and after a picture in a list, whether or not it is in the list itself."""
        columns, descending = sort_key(query)
        where = filtered(self._db, image.project_id, query)
        row = self._db.execute(sa.select(*columns).where(images.c.id == image.id)).one()
        if any(value is None for value in row):  # a living picture has no place in the trash
            return Neighbours(previous_id=None, next_id=None, position=None, total=self._count(where))
        behind = keyset.after(columns, row, descending=descending)
        before = keyset.after(columns, row, descending=not descending)
        member = self._count([*where, images.c.id == image.id]) == 1
        return Neighbours(
            previous_id=self._first([*where, before], columns, descending=not descending),
            next_id=self._first([*where, behind], columns, descending=descending),
            position=self._count([*where, before]) + 1 if member else None,
            total=self._count(where),
        )

    def _first(
        self, where: list[ColumnElement[bool]], columns: tuple[ColumnElement[Any], ...], *, descending: bool
    ) -> str | None:
        order = [column.desc() if descending else column.asc() for column in columns]
        return self._db.scalar(sa.select(images.c.id).where(*where).order_by(*order).limit(1))

    def _count(self, where: list[ColumnElement[bool]]) -> int:
        return self._db.scalar(sa.select(sa.func.count()).select_from(images).where(*where)) or 0

    def all_living(self, project_id: str) -> Iterator[tuple[Image, str | None]]:
        """Yield the living pictures by name, each with its external id."""
        where = images.c.project_id == project_id, images.c.deleted_at.is_(None)
        statement = sa.select(images).where(*where).order_by(images.c.name_nfc)
        for row in self._db.execute(statement, execution_options={"yield_per": 1000}):
            yield make_image(row), row.external_id

    def update(self, image_id: str, *, changed: bool | None = None, **values: object) -> None:
        """Change columns of a picture; name and state bring their companions along.

        `changed` tells whether what a dataset version holds of it changes; where that is left out, the columns tell.
        """
        if changed or (changed is None and not _CONTENT.isdisjoint(values)):
            values["changed_at"] = now()
        if "name" in values:
            values |= compared(str(values["name"]))
        if "state" in values:
            values["todo"] = int(values["state"] != "unlabeled")
        new = {f"new_{name}": value for name, value in values.items()}
        self._db.execute(_update_of(tuple(values)), {"key": image_id, **new})

    def update_many(self, ids: Sequence[str], **values: object) -> None:
        """Change the same columns of many pictures."""
        if not _CONTENT.isdisjoint(values):
            values["changed_at"] = now()
        for start in range(0, len(ids), _CHUNK):
            chunk = images.c.id.in_(ids[start : start + _CHUNK])
            self._db.execute(sa.update(images).where(chunk).values(**values))

    def settle(self, rows: Iterable[tuple[str, ImageState, int, int, int, str | None]]) -> None:
        """Put (id, state, annotations, proposals, revision, time) of many pictures; no time for proposals alone."""
        names = ("key", "new_state", "new_annotations", "new_proposals", "new_revision", "new_changed_at")
        values = [dict(zip(names, row, strict=True)) | {"new_todo": int(row[1] != "unlabeled")} for row in rows]
        if not values:
            return
        new: dict[str, ColumnElement[Any]] = {name[4:]: sa.bindparam(name) for name in (*names[1:], "new_todo")}
        new["changed_at"] = sa.func.coalesce(new["changed_at"], images.c.changed_at)
        self._db.execute(sa.update(images).where(images.c.id == sa.bindparam("key")).values(**new), values)

    def update_each(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Change the same columns of many pictures, each by its `id` and with values of its own."""
        if rows:
            names = tuple(name for name in rows[0] if name != "id")
            values = [{f"new_{name}": row[name] for name in names} | {"key": row["id"]} for row in rows]
            self._db.execute(_update_of(names), values)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove pictures and, with them, their annotations and history."""
        for start in range(0, len(ids), _CHUNK):
            self._db.execute(sa.delete(images).where(images.c.id.in_(ids[start : start + _CHUNK])))

    def trashed_before(self, at: str) -> list[tuple[str, str]]:
        """Return (project id, picture id) of all pictures that went to the trash before the time `at`."""
        query = sa.select(images.c.project_id, images.c.id).where(images.c.deleted_at < at)
        return [(row[0], row[1]) for row in self._db.execute(query)]
