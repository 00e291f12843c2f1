"""Pictures: rows, lists, and where a picture stands in a list."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Executable, Row, Select

from boxwright.domain.clock import now
from boxwright.domain.errors import NotFound
from boxwright.domain.paging import Page
from boxwright.domain.projects import Image, ImageState, TagCount
from boxwright.domain.queries import ImageQuery, Neighbours
from boxwright.storage.repositories import keyset, walking
from boxwright.storage.repositories.image_filter import conditions, filtered, is_whole, path_of
from boxwright.storage.repositories.image_probes import TAGGED, few
from boxwright.storage.repositories.text import compared, nfc
from boxwright.storage.repositories.totals import TotalsRepository
from boxwright.storage.repositories.upsert import update_rows
from boxwright.storage.repositories.walking import Path
from boxwright.storage.tables import annotations, images
from boxwright.storage.types import json_text

_FIELDS = (
    "id", "project_id", "name", "width", "height", "orientation", "format", "bytes", "sha256", "split", "state",
    "annotations", "proposals", "revision", "created_at", "deleted_at", "metadata", "video_id", "frame_index",
    "assignee_id", "work_state", "work_revision",
)  # fmt: skip
_CHUNK = 500
# What a dataset version holds of a picture, beside its annotations.
_CONTENT = {"name", "split", "state", "tags", "metadata"}
_SAVED = ("state", "todo", "annotations", "proposals", "revision")
_CHANGED = (*_SAVED, "changed_at")
# What the counts of splits are made of.
_COUNTED = ("split", "state", "todo", "annotations", "proposals", "deleted_at")


def make_image(row: Row[Any]) -> Image:
    """Return the picture of a row that has all columns of the table."""
    values = row._mapping  # made anew each time that it is asked for
    return Image(**{name: values[name] for name in _FIELDS}, tags=tuple(values["tags"]))


def _values(image: Image, external_id: str | None = None) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(image, name) for name in _FIELDS}
    values |= compared(image.name) | {"todo": int(image.state != "unlabeled"), "external_id": external_id}
    values["pixels"] = image.width * image.height
    return values | {"tags": list(image.tags), "metadata": dict(image.metadata), "changed_at": image.created_at}


_LOCK = sa.select(images).where(images.c.id == sa.bindparam("image")).with_for_update(key_share=True)


# Of any set, as the order of a list has it; the annotations are written before the picture is.
_LOWEST = sa.func.coalesce(
    sa.select(sa.func.min(annotations.c.score))
    .where(
        annotations.c.image_id == images.c.id,
        annotations.c.state == "proposal",
        annotations.c.deleted_at.is_(None),
    )
    .correlate(images)
    .scalar_subquery(),
    2.0,
)


@cache
def _update_of(names: tuple[str, ...], waiting: bool) -> Executable:
    """Change these columns of the picture `key`; `waiting` says that there are proposals.

    Made once: making it takes longer than running it.
    """
    new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    if "proposals" in names:
        new["lowest_score"] = _LOWEST if waiting else 2.0
    return sa.update(images).where(images.c.id == sa.bindparam("key")).values(new)


class ImageRepository:
    """Table `images`."""

    def __init__(self, connection: Connection, totals: TotalsRepository | None = None) -> None:
        self._db = connection
        self._totals = totals or TotalsRepository(connection)

    def add(self, image: Image, *, external_id: str | None = None) -> None:
        """Insert a picture."""
        self._db.execute(sa.insert(images).values(**_values(image, external_id)))
        self._totals.added([image])

    def bulk_insert(self, rows: Iterable[tuple[Image, str | None]]) -> int:
        """Insert many pictures, each with its external id; returns how many."""
        new = list(rows)
        if new:
            self._db.execute(sa.insert(images), [_values(image, external_id) for image, external_id in new])
            self._totals.added(image for image, _ in new)
        return len(new)

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
        where = images.c.project_id == project_id, images.c.deleted_at.is_(None), *TAGGED
        rows = self._db.execute(sa.select(images.c.tags, sa.func.count()).where(*where).group_by(images.c.tags))
        found: Counter[str] = Counter()
        for tags, count in rows:
            found.update(dict.fromkeys(tags, count))
        return tuple(TagCount(tag=tag, images=found[tag]) for tag in sorted(found))

    def with_bytes(self, project_id: str, sha256: str) -> str | None:
        """Return the id of the oldest living picture with these bytes."""
        where = images.c.project_id == project_id, images.c.sha256 == sha256, images.c.deleted_at.is_(None)
        return self._db.scalar(sa.select(images.c.id).where(*where).order_by(images.c.id).limit(1))

    def page(
        self, project_id: str, query: ImageQuery, cursor: str | None, limit: int, *, seconds: float | None = None
    ) -> Page[Image]:
        """Return one page of the library; with `seconds`, in a list that takes longer, what was found by then."""
        path, among = path_of(project_id, query), few(self._db, project_id, query)
        select = sa.select(images).where(*conditions(project_id, query, among))
        if seconds is None or among is not None or is_whole(query):
            columns, descending = path.columns, path.descending
            return keyset.page(self._db, select, columns, make_image, cursor=cursor, limit=limit, descending=descending)
        return walking.page(self._db, select, path, make_image, cursor=cursor, limit=limit, seconds=seconds)

    def cursor_at(self, project_id: str, query: ImageQuery, offset: int) -> str | None:
        """Return the cursor of the page that begins so many pictures down the list; None where that is behind its end.

        `offset` is at least 1.
        """
        path, where = path_of(project_id, query), filtered(self._db, project_id, query)
        descending, skipped = path.descending, offset - 1
        if is_whole(query):  # the index of the order is all that is read, from the nearer end
            total, where = self._total(project_id, query, path, where, 0)[0], path.where
            where = where if query.split is None else [*where, images.c.split == query.split]
            if offset > total:
                return None
            if offset > total // 2:
                descending, skipped = not path.descending, total - offset
        order = [column.desc() if descending else column.asc() for column in path.columns]
        place = sa.select(*path.columns).select_from(images).where(*where).order_by(*order)
        row = self._db.execute(place.offset(skipped).limit(1)).one_or_none()
        return None if row is None else keyset.encode(tuple(row))

    def select(self, project_id: str, query: ImageQuery) -> Select[Any]:
        """Return the statement of a list, unsorted."""
        return sa.select(images).where(*filtered(self._db, project_id, query))

    def neighbours(self, image: Image, query: ImageQuery, seconds: float = 10) -> Neighbours:
        """Return what stands before and after a picture in a list, whether or not it is in the list itself.

        Counting ends after about so many seconds.
        """
        path, among = path_of(image.project_id, query), few(self._db, image.project_id, query)
        where = conditions(image.project_id, query, among)
        total, all_of_them = self._total(image.project_id, query, path, where, seconds)
        row = self._db.execute(sa.select(*path.columns).where(images.c.id == image.id)).one()
        if any(value is None for value in row):  # a living picture has no place in the trash
            return Neighbours(previous_id=None, next_id=None, position=None, total=total, more=not all_of_them)
        behind = keyset.after(path.columns, row, descending=path.descending)
        before = keyset.after(path.columns, row, descending=not path.descending)
        member = self._count([*where, images.c.id == image.id]) == 1
        return Neighbours(
            previous_id=self._first([*where, before], path.columns, descending=not path.descending),
            next_id=self._first([*where, behind], path.columns, descending=path.descending),
            position=self._count([*where, before]) + 1 if member and all_of_them else None,
            total=total,
            more=not all_of_them,
        )

    def _total(
        self, project_id: str, query: ImageQuery, path: Path, where: list[ColumnElement[bool]], seconds: float
    ) -> tuple[int, bool]:
        """Return how many pictures a list has, and whether that are all."""
        if is_whole(query):
            splits = self._totals.splits(project_id)
            return sum(item.images for item in splits if query.split in (None, item.split)), True
        return walking.count(self._db, where, path, seconds)

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

    def update(self, image_id: str, **values: object) -> None:
        """Change columns of a picture; name and state bring their companions along."""
        if not _CONTENT.isdisjoint(values):
            values["changed_at"] = now()
        if "name" in values:
            values |= compared(str(values["name"]))
        if "state" in values:
            values["todo"] = int(values["state"] != "unlabeled")
        new = {f"new_{name}": value for name, value in values.items()}
        with self._counted([image_id], values):
            self._db.execute(_update_of(tuple(values), bool(values.get("proposals"))), {"key": image_id, **new})

    def save(self, before: Image, state: ImageState, counts: tuple[int, int], revision: int, *, changed: bool) -> None:
        """Put what a save of annotations makes of a living picture whose row this transaction has locked.

        `counts` are annotations and proposals; `changed` tells whether there is more to it than proposals.
        """
        annotations, proposals = counts
        values: dict[str, object] = {"new_state": state, "new_todo": int(state != "unlabeled")}
        values |= {"new_revision": revision, "new_annotations": annotations, "new_proposals": proposals}
        if changed:
            values["new_changed_at"] = now()
        statement = _update_of(_CHANGED if changed else _SAVED, proposals > 0)
        self._db.execute(statement, {"key": before.id, **values})
        self._totals.saved(before, state, annotations, proposals)

    def _counted(self, ids: Sequence[str], names: Container[str]) -> AbstractContextManager[None]:
        return self._totals.changing(ids) if any(name in names for name in _COUNTED) else nullcontext()

    def rate(self, ids: Sequence[str]) -> None:
        """Find the lowest score of the proposals of new pictures."""
        for start in range(0, len(ids), _CHUNK):
            chunk = images.c.id.in_(ids[start : start + _CHUNK])
            self._db.execute(sa.update(images).where(chunk).values(lowest_score=_LOWEST))

    def update_many(self, ids: Sequence[str], **values: object) -> None:
        """Change the same columns of many pictures."""
        if not _CONTENT.isdisjoint(values):
            values["changed_at"] = now()
        with self._counted(ids, values):
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
        new["lowest_score"] = _LOWEST
        with self._totals.changing([str(row["key"]) for row in values]):
            self._db.execute(sa.update(images).where(images.c.id == sa.bindparam("key")).values(**new), values)

    def update_each(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Change the same columns of many pictures, each by its `id` and with values of its own."""
        if rows:
            names = tuple(name for name in rows[0] if name != "id")
            with self._counted([str(row["id"]) for row in rows], names):
                self._change(names, [row for row in rows if row.get("proposals", 0)], waiting=True)
                self._change(names, [row for row in rows if not row.get("proposals", 0)], waiting=False)

    def _change(self, names: tuple[str, ...], rows: Sequence[Mapping[str, object]], *, waiting: bool) -> None:
        if waiting and rows:
            values = [{f"new_{name}": row[name] for name in names} | {"key": row["id"]} for row in rows]
            self._db.execute(_update_of(names, True), values)
        elif rows:
            rest: dict[str, object] = {"lowest_score": 2.0} if "proposals" in names else {}
            plain = [{**row, "metadata": json_text(row["metadata"])} if "metadata" in row else row for row in rows]
            more = (*rest, *names)
            update_rows(
                self._db, images, more, [(*rest.values(), *(row[name] for name in names), row["id"]) for row in plain]
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove pictures and, with them, their annotations and history."""
        with self._totals.changing(ids):
            for start in range(0, len(ids), _CHUNK):
                self._db.execute(sa.delete(images).where(images.c.id.in_(ids[start : start + _CHUNK])))

    def trashed_before(self, at: str) -> list[tuple[str, str]]:
        """Return (project id, picture id) of all pictures that went to the trash before the time `at`."""
        query = sa.select(images.c.project_id, images.c.id).where(images.c.deleted_at < at)
        return [(row[0], row[1]) for row in self._db.execute(query)]
