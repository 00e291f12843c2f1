"""Objects of some classes, many at once: counted, found batch by batch, given another class, buried and dug up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select
from sqlalchemy.sql.util import ClauseAdapter

from boxwright.domain.annotations import Annotation, Attributes
from boxwright.domain.clock import now
from boxwright.domain.projects import ImageState
from boxwright.domain.queries import ImageQuery
from boxwright.storage.repositories.annotations import make_annotation
from boxwright.storage.repositories.image_filter import asked_of_objects, filtered, without_objects
from boxwright.storage.tables import annotation_sets, annotations, image_set_state, images
from boxwright.storage.types import Json

_CHUNK = 500
_IMAGES, _OBJECTS = 500, 20_000  # a batch
_THING = annotations.alias("thing")
_ADAPT = ClauseAdapter(_THING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """Which objects: of these classes, and of the images and with the values that a query asks for."""

    project_id: str
    class_ids: tuple[str, ...]
    query: ImageQuery | None = None
    image_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """An object as far as a change of classes looks at it."""

    id: str
    image_id: str
    class_id: str
    proposal: bool
    dead: bool
    attributes: Attributes | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """How many objects of a class there are: of one state, in the ground truth or not, in the trash or not."""

    class_id: str
    state: str
    truth: bool
    trash: bool
    objects: int


class ClassObjectRepository:
    """Table `annotations`, with what `images` and `annotation_sets` say of them."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def sets(self, project_id: str) -> list[str]:
        """Return all annotation sets of a project."""
        query = sa.select(annotation_sets.c.id).where(annotation_sets.c.project_id == project_id)
        return list(self._db.scalars(query.order_by(annotation_sets.c.id)))

    def seen(self, pick: Pick, truth: str) -> list[Seen]:
        """Count objects."""
        kinds = _THING.c.class_id, _THING.c.state, _THING.c.set_id == truth, images.c.deleted_at.is_not(None)
        joined = _THING.join(images, images.c.id == _THING.c.image_id)
        query = sa.select(*kinds, sa.func.count()).select_from(joined).where(*self._where(pick)).group_by(*kinds)
        return [Seen(row[0], row[1], bool(row[2]), bool(row[3]), row[4]) for row in self._db.execute(query)]

    def images(self, pick: Pick) -> tuple[int, dict[str, int]]:
        """Count the images that they are on: all of them, and by class."""
        different = sa.func.count(sa.distinct(_THING.c.image_id))
        query = self._select(pick, _THING.c.class_id, different).group_by(_THING.c.class_id)
        found: dict[str, int] = {row[0]: row[1] for row in self._db.execute(query)}
        if len(found) < 2:
            return sum(found.values()), found
        return self._db.scalar(self._select(pick, different)) or 0, found

    def total(self, class_id: str) -> int:
        """Count all objects of a class."""
        where = annotations.c.class_id == class_id, annotations.c.deleted_at.is_(None)
        return self._db.scalar(sa.select(sa.func.count()).select_from(annotations).where(*where)) or 0

    def emptied(self, pick: Pick, truth: str) -> int:
        """Count the images of the library whose annotations are all among these."""
        mine = (
            self._select(pick, _THING.c.image_id, sa.func.count().label("n"))
            .where(_THING.c.set_id == truth, _THING.c.state != "proposal")
            .group_by(_THING.c.image_id)
            .subquery()
        )
        query = sa.select(sa.func.count()).select_from(images.join(mine, images.c.id == mine.c.image_id))
        return self._db.scalar(query.where(images.c.annotations == mine.c.n, images.c.deleted_at.is_(None))) or 0

    def values(self, pick: Pick) -> Iterator[tuple[Attributes, int]]:
        """Yield the attributes that objects have, each with how many have exactly these."""
        query = self._select(pick, _THING.c.attributes, sa.func.count()).group_by(_THING.c.attributes)
        rows = self._db.execute(query.where(_THING.c.attributes != sa.literal({}, Json)))
        return ((row[0], row[1]) for row in rows)

    def batch(self, pick: Pick, set_id: str, after: str, *, values: bool = False) -> list[Thing]:
        """Return the objects on the next images behind the id `after`, with their attributes if `values`."""
        ids = self._next(pick, set_id, after)
        columns: list[Any] = [*_COLUMNS, *((_THING.c.attributes,) if values else ())]
        found: list[Thing] = []
        for start in range(0, len(ids), _CHUNK):
            here = _THING.c.set_id == set_id, _THING.c.image_id.in_(ids[start : start + _CHUNK])
            query = self._select(pick, *columns).where(*here).order_by(_THING.c.image_id, _THING.c.id)
            found += map(_thing, self._db.execute(query))
        return found

    def _next(self, pick: Pick, set_id: str, after: str) -> list[str]:
        """Return images for one batch, by id. Class by class, so that each is one range of the index."""
        counts: dict[str, int] = defaultdict(int)
        for class_id in pick.class_ids:
            query = self._select(pick, _THING.c.image_id, sa.func.count(), class_id=class_id)
            query = query.where(_THING.c.set_id == set_id, _THING.c.image_id > after)
            for row in self._db.execute(query.group_by(_THING.c.image_id).order_by(_THING.c.image_id).limit(_IMAGES)):
                counts[row[0]] += row[1]
        found: list[str] = []
        objects = 0
        for image_id in sorted(counts)[:_IMAGES]:
            objects += counts[image_id]
            if found and objects > _OBJECTS:
                break
            found.append(image_id)
        return found

    def things(self, set_id: str, ids: Sequence[str]) -> list[Thing]:
        """Return objects by id, also deleted ones, with their attributes."""
        found: list[Thing] = []
        for start in range(0, len(ids), _CHUNK):
            where = _THING.c.set_id == set_id, _THING.c.id.in_(ids[start : start + _CHUNK])
            query: Select[Any] = sa.select(*_COLUMNS, _THING.c.attributes).where(*where)
            found += [_thing(row) for row in self._db.execute(query.order_by(_THING.c.image_id, _THING.c.id))]
        return found

    def whole(self, ids: Sequence[str]) -> dict[str, Annotation]:
        """Return annotations by id, also deleted ones."""
        found: dict[str, Annotation] = {}
        for start in range(0, len(ids), _CHUNK):
            query = sa.select(annotations).where(annotations.c.id.in_(ids[start : start + _CHUNK]))
            found |= {row.id: make_annotation(row) for row in self._db.execute(query)}
        return found

    def put(self, ids: Sequence[str], **values: object) -> None:
        """Change the same columns of many objects."""
        for start in range(0, len(ids), _CHUNK):
            where = annotations.c.id.in_(ids[start : start + _CHUNK])
            self._db.execute(sa.update(annotations).where(where).values(**values, updated_at=now()))

    def put_values(self, values: Mapping[str, Attributes]) -> None:
        """Give objects attributes, by id."""
        if values:
            new = {"attributes": sa.bindparam("new_attributes", type_=Json)}
            rows = [{"key": key, "new_attributes": dict(item)} for key, item in values.items()]
            self._db.execute(sa.update(annotations).where(annotations.c.id == sa.bindparam("key")).values(new), rows)

    def standing(self, set_id: str, image_ids: Sequence[str]) -> dict[str, tuple[int, ImageState, int]]:
        """Return (revision, state, annotations) of images in a set."""
        found: dict[str, tuple[int, ImageState, int]] = {}
        for start in range(0, len(image_ids), _CHUNK):
            chunk = image_set_state.c.image_id.in_(image_ids[start : start + _CHUNK])
            rows = self._db.execute(sa.select(image_set_state).where(chunk, image_set_state.c.set_id == set_id))
            found |= {row.image_id: (row.revision, row.state, row.annotations) for row in rows}
        return found

    def _select(self, pick: Pick, *columns: ColumnElement[Any], class_id: str | None = None) -> Select[Any]:
        where = self._where(pick, class_id)
        query = sa.select(*columns).where(*where)
        if pick.query is not None:
            query = query.select_from(_THING.join(images, images.c.id == _THING.c.image_id))
        return query

    def _where(self, pick: Pick, class_id: str | None = None) -> list[ColumnElement[bool]]:
        of = _THING.c.class_id.in_(pick.class_ids) if class_id is None else _THING.c.class_id == class_id
        where: list[ColumnElement[bool]] = [of, _THING.c.deleted_at.is_(None)]
        if pick.image_ids is not None:
            where.append(_THING.c.image_id.in_(pick.image_ids or ("",)))
        if pick.query is not None:
            # An object passes for itself, unless its image has to have one of other classes.
            shown = pick.query if pick.query.class_ids or pick.query.class_id else without_objects(pick.query)
            where += filtered(self._db, pick.project_id, shown)
            where += (_ADAPT.traverse(item) for item in asked_of_objects(pick.query))
        return where


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _THING.c.id,
    _THING.c.image_id,
    _THING.c.class_id,
    (_THING.c.state == "proposal").label("proposal"),
    _THING.c.deleted_at.is_not(None).label("dead"),
)


def _thing(row: Row[Any]) -> Thing:
    values = row._mapping.get("attributes")
    return Thing(row.id, row.image_id, row.class_id, bool(row.proposal), bool(row.dead), values)


def by_image(things: Iterable[Thing]) -> dict[str, list[Thing]]:
    """Group objects by their image, in order."""
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        found[thing.image_id].append(thing)
    return found
