"""Annotations, their sets, the revision of each picture in each set, and the change log."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from operator import attrgetter
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Executable, Row

from boxwright.domain.annotations import Annotation, Attributes, Delete, Drawn, LogEntry, Upsert
from boxwright.domain.clock import now
from boxwright.domain.geometry import Box
from boxwright.domain.ids import new_id
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import geometry_from_json, geometry_to_json, labelled_text
from boxwright.domain.paging import Page
from boxwright.domain.projects import ImageState
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.drawn import drawn_of, drawn_text
from boxwright.storage.repositories.relabels import is_relabel, remember, spelled_out
from boxwright.storage.repositories.upsert import insert, insert_rows
from boxwright.storage.tables import annotation_sets, annotations, change_log, image_set_state, projects, users
from boxwright.storage.types import json_text

SetKind = Literal["ground_truth", "annotator", "model"]
_FIELDS = (
    "id", "class_id", "source", "state", "score", "z", "crowd", "attributes", "track_id", "group_id", "author_id",
    "model_id", "run_id", "external_id",
)  # fmt: skip
_COLUMNS = (*Drawn._fields, "image_id", "project_id", "set_id", "created_at", "updated_at")
_LOGGED = ("id", "image_id", "set_id", "change_id", "revision", "author_id", "created_at", "run_id")
_logged = attrgetter(*_LOGGED)
_ANNOTATION = tuple(item.name for item in fields(Annotation))
_COUNTED = annotations.c.state != "proposal"
_KEPT = ("id", "project_id", "image_id", "set_id", "created_at")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where an annotation is, of which class, whether it counts (is there still, and no proposal), and its run."""

    image_id: str
    set_id: str
    class_id: str
    counts: bool
    run_id: str | None


def make_annotation(row: Row[Any]) -> Annotation:
    """Return the annotation of a row."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return Annotation(**values, geometry=geometry_from_json(row.geometry))


def _values(annotation: Annotation) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(annotation, name) for name in _FIELDS}
    shape = annotation.geometry
    x0, y0, x1, y1 = shape.bounds
    values |= {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "area": shape.area, "type": shape.type}
    # Nearly all shapes are boxes, and the general way takes four times as long.
    plain = isinstance(shape, Box)
    stored = {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "type": "box"} if plain else geometry_to_json(shape)
    return values | {"geometry": stored, "attributes": dict(annotation.attributes), "deleted_at": None}


def _change_text(change: Upsert | Delete) -> str:
    """A change as the log has it."""
    if isinstance(change, Delete):
        return json_text(asdict(change)) or ""
    item = change.annotation
    values = {name: getattr(item, name) for name in _ANNOTATION}
    values |= {"geometry": geometry_to_json(item.geometry), "attributes": dict(item.attributes)}
    return encode({"annotation": values, "op": change.op}).decode()


def _change_from_json(value: dict[str, Any]) -> Upsert | Delete:
    if value["op"] == "delete":
        return Delete(id=value["id"])
    fields = dict(value["annotation"])
    return Upsert(annotation=Annotation(**{**fields, "geometry": geometry_from_json(fields["geometry"])}))


def make_entry(row: Row[Any]) -> LogEntry:
    """Return the entry of a row of the change log, without what only the entries before it can spell out."""
    return _entry(row, tuple(_change_from_json(value) for value in row.changes if not is_relabel(value)))


def _entry(row: Row[Any], changes: tuple[Upsert | Delete, ...]) -> LogEntry:
    named = row._mapping.get("author_name")
    return LogEntry(**{name: getattr(row, name) for name in _LOGGED}, changes=changes, author_name=named)


def _replayed(rows: Iterable[Row[Any]]) -> list[LogEntry]:
    """Return the entries of a picture in a set, from its first on."""
    known: dict[str, Annotation] = {}
    found = []
    for row in rows:
        changes: list[Upsert | Delete] = []
        for value in row.changes:
            said = spelled_out(value, known) if is_relabel(value) else [_change_from_json(value)]
            remember(known, said)
            changes += said
        found.append(_entry(row, tuple(changes)))
    return found


# Statements of every save are made once: making one takes about as long as running it.
_STATE = image_set_state.c.image_id == sa.bindparam("image"), image_set_state.c.set_id == sa.bindparam("set")
_ADVANCE = (
    sa.update(image_set_state)
    .where(*_STATE, image_set_state.c.revision == sa.bindparam("base"))
    .values(revision=image_set_state.c.revision + 1)
)
_SET_STATE = (
    sa.update(image_set_state)
    .where(*_STATE)
    .values(state=sa.bindparam("new_state"), annotations=sa.bindparam("new_count"))
)
_COUNT = sa.select(sa.func.count().filter(_COUNTED), sa.func.count().filter(~_COUNTED)).where(
    annotations.c.image_id == sa.bindparam("image"),
    annotations.c.set_id == sa.bindparam("set"),
    annotations.c.deleted_at.is_(None),
)
_PLACES = sa.select(
    annotations.c.id,
    *(annotations.c.image_id, annotations.c.set_id, annotations.c.class_id, annotations.c.run_id),
    sa.and_(annotations.c.deleted_at.is_(None), _COUNTED).label("counts"),
).where(annotations.c.id.in_(sa.bindparam("ids", expanding=True)))
_REVISION_OF = sa.select(change_log.c.revision).where(
    change_log.c.image_id == sa.bindparam("image"),
    change_log.c.set_id == sa.bindparam("set"),
    change_log.c.change_id == sa.bindparam("change"),
)
_IN_TEXT = ("id", "crowd", "score", "external_id")
_TEXTS = sa.select(
    annotations.c.image_id,
    annotations.c.class_id,
    sa.type_coerce(annotations.c.geometry, sa.Text),
    annotations.c.z,
    annotations.c.group_id,
    *(annotations.c[name] for name in _IN_TEXT),
    sa.type_coerce(annotations.c.attributes, sa.Text),
)
_DEFAULT_SET = (
    sa.select(annotation_sets.c.id, projects.c.deleted_at)
    .join(projects)
    .where(annotation_sets.c.project_id == sa.bindparam("project"), annotation_sets.c.kind == "ground_truth")
)


@cache
def _upsert_of(dialect: str, names: tuple[str, ...]) -> Executable:
    """Insert or replace rows with these columns. Made once: making it takes longer than running it."""
    statement = insert(dialect, annotations)
    new = {name: statement.excluded[name] for name in names if name not in _KEPT}
    same = sa.and_(
        annotations.c.image_id == statement.excluded.image_id, annotations.c.set_id == statement.excluded.set_id
    )
    return statement.on_conflict_do_update(index_elements=["id"], set_=new, where=same)


class AnnotationRepository:
    """Tables `annotations`, `annotation_sets`, `image_set_state` and `change_log`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._defaults: dict[str, str] = {}

    def add_set(self, project_id: str, kind: SetKind, name: str) -> str:
        """Insert an annotation set and return its id."""
        set_id = new_id()
        values = {"id": set_id, "project_id": project_id, "kind": kind, "name": name, "created_at": now()}
        self._db.execute(sa.insert(annotation_sets).values(**values))
        return set_id

    def default_set(self, project_id: str) -> str:
        """Return the id of the project's ground truth."""
        if project_id not in self._defaults:
            self._defaults[project_id] = self._db.execute(_DEFAULT_SET, {"project": project_id}).scalar_one()
        return self._defaults[project_id]

    def living(self, project_id: str) -> bool:
        """Tell whether a project is there and not in the trash, and ask for its ground truth on the way."""
        row = self._db.execute(_DEFAULT_SET, {"project": project_id}).one_or_none()
        if row is None or row.deleted_at is not None:
            return False
        self._defaults[project_id] = row.id
        return True

    def set_owner(self, set_id: str) -> tuple[str, str | None] | None:
        """Return the project of a set, and the person who labels in it, if it is somebody's own."""
        columns = annotation_sets.c.project_id, annotation_sets.c.user_id
        row = self._db.execute(sa.select(*columns).where(annotation_sets.c.id == set_id)).one_or_none()
        return None if row is None else (row.project_id, row.user_id)

    def revision(self, image_id: str, set_id: str) -> int:
        """Return the revision of a picture in a set; 0 where nothing was saved yet."""
        where = image_set_state.c.image_id == image_id, image_set_state.c.set_id == set_id
        return self._db.scalar(sa.select(image_set_state.c.revision).where(*where)) or 0

    def advance(self, image_id: str, set_id: str, base: int) -> bool:
        """Raise the revision by one if it is `base`; tell whether it was. Holds the row until the end."""
        place = {"image": image_id, "set": set_id, "base": base}
        if self._db.execute(_ADVANCE, place).rowcount == 1:  # nearly always: it was saved before
            return True
        if base:
            return False
        first = insert(self._db.dialect.name, image_set_state).values(
            image_id=image_id, set_id=set_id, revision=0, state="unlabeled", annotations=0
        )
        self._db.execute(first.on_conflict_do_nothing())
        return self._db.execute(_ADVANCE, place).rowcount == 1

    def set_state(self, image_id: str, set_id: str, state: ImageState, count: int) -> None:
        """Note state and count of a picture in a set."""
        new = {"new_state": state, "new_count": count}
        self._db.execute(_SET_STATE, {"image": image_id, "set": set_id, **new})

    def put_state(self, image_id: str, set_id: str, state: ImageState) -> None:
        """Note the state of a picture without annotations in a set, whether or not something was saved before."""
        statement = insert(self._db.dialect.name, image_set_state).values(
            image_id=image_id, set_id=set_id, revision=0, state=state, annotations=0
        )
        new = {"state": state}
        self._db.execute(statement.on_conflict_do_update(index_elements=["image_id", "set_id"], set_=new))

    def bulk_states(self, set_id: str, rows: Iterable[tuple[str, int, ImageState, int]]) -> None:
        """Put (image id, revision, state, count) of many pictures in a set, new or not."""
        new = ("revision", "state", "annotations")
        values = [(*row, set_id) for row in rows]
        insert_rows(
            self._db, image_set_state, ("image_id", *new, "set_id"), values, key=("image_id", "set_id"), new=new
        )

    def of_image(self, image_id: str, set_id: str) -> tuple[Annotation, ...]:
        """Return the annotations of a picture in a set, in drawing order."""
        return tuple(self.of_images([image_id], set_id)[image_id])

    def of_images(self, image_ids: Sequence[str], set_id: str) -> dict[str, list[Annotation]]:
        """Return the annotations of many pictures by picture id, each in drawing order (z, then id)."""
        found: dict[str, list[Annotation]] = {image_id: [] for image_id in image_ids}
        for start in range(0, len(image_ids), _CHUNK):
            chunk = annotations.c.image_id.in_(image_ids[start : start + _CHUNK])
            where = chunk, annotations.c.set_id == set_id, annotations.c.deleted_at.is_(None)
            query = sa.select(annotations).where(*where).order_by(annotations.c.z, annotations.c.id)
            for row in self._db.execute(query):
                found[row.image_id].append(make_annotation(row))
        return found

    def texts_of_images(
        self, image_ids: Sequence[str], set_id: str, ranks: Mapping[str, int], sources: Collection[str] = ()
    ) -> dict[str, list[bytes]]:
        """Return the annotations of many pictures as manifests have them; `ranks` are the places of classes by id.

        Without proposals and, where `sources` are named, without what others made.
        """
        found: dict[str, list[bytes]] = {image_id: [] for image_id in image_ids}
        kept = [_COUNTED, annotations.c.set_id == set_id, annotations.c.deleted_at.is_(None)]
        if sources:
            kept.append(annotations.c.source.in_(sources))
        for start in range(0, len(image_ids), _CHUNK):
            where = annotations.c.image_id.in_(image_ids[start : start + _CHUNK]), *kept
            query = _TEXTS.where(*where).order_by(annotations.c.z, annotations.c.id)
            for some in self._db.execute(query).partitions(_CHUNK):
                for image_id, class_id, *values in some:
                    # The geometry is text already, and nearly all of it: it goes along unread.
                    found[image_id].append(labelled_text(ranks[class_id], *values))
        return found

    def count(self, image_id: str, set_id: str) -> tuple[int, int]:
        """Return how many annotations a picture has in a set, and how many proposals that wait for a review."""
        row = self._db.execute(_COUNT, {"image": image_id, "set": set_id}).one()
        return row[0], row[1]

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        """Return where those annotations are that exist, deleted ones too, by id."""
        found: dict[str, Place] = {}
        for start in range(0, len(ids), _CHUNK):
            for row in self._db.execute(_PLACES, {"ids": ids[start : start + _CHUNK]}):
                found[row.id] = Place(row.image_id, row.set_id, row.class_id, bool(row.counts), row.run_id)
        return found

    def upsert(
        self, project_id: str, image_id: str, set_id: str, items: Sequence[Annotation], *, at: str | None = None
    ) -> None:
        """Insert annotations, or replace those with the same id on the same picture and set."""
        place = {"project_id": project_id, "image_id": image_id, "set_id": set_id}
        self._write([_values(item) | place for item in items], at or now())

    def put_many(self, project_id: str, set_id: str, items: Iterable[tuple[str, Annotation]], *, at: str) -> None:
        """Do for many pictures, as (picture id, annotation), what `upsert` does for one."""
        place = {"project_id": project_id, "set_id": set_id}
        self._write([_values(item) | place | {"image_id": image_id} for image_id, item in items], at)

    def bulk_insert(
        self, project_id: str, set_id: str, items: Iterable[tuple[str, Annotation | Drawn]], *, at: str | None = None
    ) -> int:
        """Insert (image id, annotation) pairs of many pictures; returns how many."""
        time = at or now()
        place = (project_id, set_id, time, time)
        rows = [(*(item if isinstance(item, Drawn) else drawn_of(item)), key, *place) for key, item in items]
        insert_rows(self._db, annotations, _COLUMNS, rows)
        return len(rows)

    def _write(self, rows: list[dict[str, object]], at: str) -> None:
        if not rows:
            return
        rows = [row | {"created_at": at, "updated_at": at} for row in rows]
        self._db.execute(_upsert_of(self._db.dialect.name, tuple(rows[0])), rows)

    def delete(self, image_id: str, set_id: str, ids: Sequence[str]) -> None:
        """Mark annotations of a picture in a set as deleted; those that are gone already do not matter."""
        if ids:  # nearly never: the conditions alone take as long as another statement
            self._bury(ids, annotations.c.image_id == image_id, annotations.c.set_id == set_id)

    def delete_many(self, set_id: str, ids: Sequence[str]) -> None:
        """Mark annotations of any pictures in a set as deleted."""
        self._bury(ids, annotations.c.set_id == set_id)

    def _bury(self, ids: Sequence[str], *here: ColumnElement[bool]) -> None:
        time = now()
        for start in range(0, len(ids), _CHUNK):
            where = annotations.c.id.in_(ids[start : start + _CHUNK]), annotations.c.deleted_at.is_(None)
            self._db.execute(sa.update(annotations).where(*where, *here).values(deleted_at=time))

    def attributes_of(self, ids: Collection[str]) -> dict[str, Attributes]:
        """Return the attributes stored under these ids, also of what is deleted."""
        query = sa.select(annotations.c.id, annotations.c.attributes)
        found: dict[str, Attributes] = {}
        keys = sorted(ids)
        for start in range(0, len(keys), _CHUNK):
            where = annotations.c.id.in_(keys[start : start + _CHUNK])
            found |= {row.id: row.attributes for row in self._db.execute(query.where(where))}
        return found

    def add_log(self, project_id: str, entries: Sequence[LogEntry]) -> None:
        """Append to the change log."""
        self.add_drawn_log(project_id, [(entry, ()) for entry in entries])

    def add_drawn_log(self, project_id: str, entries: Iterable[tuple[LogEntry, Sequence[Drawn]]]) -> None:
        """Append to the change log entries that put new annotations before what else they changed."""
        rows = [
            (*_logged(one), project_id, f"[{','.join([*map(drawn_text, new), *map(_change_text, one.changes)])}]")
            for one, new in entries
        ]
        insert_rows(self._db, change_log, (*_LOGGED, "project_id", "changes"), rows)

    def logged_revision(self, image_id: str, set_id: str, change_id: str) -> int | None:
        """Return the revision that a change set made, where it was saved before."""
        return self._db.scalar(_REVISION_OF, {"image": image_id, "set": set_id, "change": change_id})

    def log_until(self, image_id: str, set_id: str, revision: int) -> list[LogEntry]:
        """Return the log of a picture in a set up to a revision, oldest first."""
        where = change_log.c.image_id == image_id, change_log.c.set_id == set_id, change_log.c.revision <= revision
        order = change_log.c.revision, change_log.c.id
        return _replayed(self._db.execute(sa.select(change_log).where(*where).order_by(*order)))

    def log_page(self, image_id: str, set_id: str, cursor: str | None, limit: int) -> Page[LogEntry]:
        """Return the log of a picture in a set, newest first."""
        named = change_log.outerjoin(users, users.c.id == change_log.c.author_id)
        query = sa.select(change_log, users.c.name.label("author_name")).select_from(named)
        query = query.where(change_log.c.image_id == image_id, change_log.c.set_id == set_id)
        short: list[int] = []

        def made(row: Row[Any]) -> LogEntry:
            short.extend(row.revision for value in row.changes if is_relabel(value))
            return make_entry(row)

        key = change_log.c.revision, change_log.c.id
        page = keyset.page(self._db, query, key, made, cursor=cursor, limit=limit, descending=True)
        if not short:
            return page
        whole = {entry.id: entry.changes for entry in self.log_until(image_id, set_id, max(short))}
        items = (replace(item, changes=whole.get(item.id, item.changes)) for item in page.items)
        return Page(items=tuple(items), next_cursor=page.next_cursor)
