"""Labels that are likely wrong: what a check found, and what people said to it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select

from boxwright.domain.annotations import Annotation
from boxwright.domain.errors import NotFound
from boxwright.domain.geometry import Geometry
from boxwright.domain.manifest import geometry_from_json, geometry_to_json
from boxwright.domain.paging import Page
from boxwright.domain.suspicions import DoubtCount, DoubtKind, DoubtState, Suspicion, SuspicionQuery
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.annotations import make_annotation
from boxwright.storage.repositories.images import make_image
from boxwright.storage.tables import annotation_sets, annotations, images, suspicions

_CHUNK = 500
_PLAIN = ("id", "kind", "state", "score", "confidence", "iou", "class_id", "other_id", "seen", "model_id", "checked_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSuspicion:
    """A suspicion on its way in."""

    id: str
    image_id: str
    kind: DoubtKind
    score: float
    confidence: float
    iou: float
    class_id: str
    other_id: str | None
    annotation_id: str | None
    annotation_at: str | None
    suggestion: Mapping[str, object] | None
    seen: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A suspicion with what acting on it needs."""

    suspicion: Suspicion
    before: Annotation | None
    after: Annotation | None


class Found(NamedTuple):
    """A suspicion, its image, and whether accepting it is possible."""

    id: str
    image_id: str
    fixable: bool


def _is_fixable(kind: str, suggested: str | None, drawn: str | None) -> bool:
    """Tell whether the model's shape may take the place of what is drawn: a box may not, of a finer outline."""
    return not (kind == "box" and suggested == "box" and drawn not in (None, "box"))


def _mine(project_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return suspicions.c.project_id == project_id, images.c.deleted_at.is_(None)


def _fresh() -> ColumnElement[bool]:
    """The label is as it was when it was looked at; where none was, nobody has drawn one there since."""
    x, y = suspicions.c.x, suspicions.c.y
    truth = sa.select(annotation_sets.c.id).where(
        annotation_sets.c.project_id == suspicions.c.project_id, annotation_sets.c.kind == "ground_truth"
    )
    drawn = sa.exists().where(
        annotations.c.set_id.in_(truth),
        annotations.c.image_id == suspicions.c.image_id,
        annotations.c.deleted_at.is_(None),
        annotations.c.state != "proposal",
        annotations.c.updated_at > suspicions.c.checked_at,
        annotations.c.x0 <= x,
        annotations.c.x1 >= x,
        annotations.c.y0 <= y,
        annotations.c.y1 >= y,
    )
    same = sa.and_(
        annotations.c.deleted_at.is_(None),
        annotations.c.updated_at == suspicions.c.annotation_at,
        annotations.c.class_id == suspicions.c.class_id,
    )
    here = sa.exists().where(annotations.c.id == suspicions.c.annotation_id, same)
    return sa.case((suspicions.c.annotation_id.is_(None), ~drawn), else_=here)


def _asked(project_id: str, query: SuspicionQuery) -> list[ColumnElement[bool]]:
    where = [*_mine(project_id), suspicions.c.state == query.state]
    if query.state == "open":
        where.append(_fresh())
    if query.kind is not None:
        where.append(suspicions.c.kind == query.kind)
    if query.class_id is not None:
        where.append(sa.or_(suspicions.c.class_id == query.class_id, suspicions.c.other_id == query.class_id))
    if query.split is not None:
        where.append(images.c.split == query.split)
    if query.seen is not None:
        where.append(sa.func.coalesce(suspicions.c.seen, sa.false()) == query.seen)
    if query.min_score is not None:
        where.append(suspicions.c.score >= query.min_score)
    if query.max_score is not None:
        where.append(suspicions.c.score < query.max_score)
    return where


def _select() -> Select[Any]:
    """Suspicions with their images."""
    own = [
        suspicions.c[name].label(f"of_{name}") for name in (*_PLAIN, "annotation_id", "suggestion", "before", "after")
    ]
    return sa.select(images, *own).join(suspicions, suspicions.c.image_id == images.c.id)


class SuspicionRepository:
    """Table `suspicions`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def page(self, project_id: str, query: SuspicionQuery, cursor: str | None, limit: int) -> Page[Suspicion]:
        """Return suspicions, the most likely first."""
        key = suspicions.c.score, suspicions.c.id
        found = keyset.page(
            self._db,
            _select().where(*_asked(project_id, query)),
            key,
            lambda row: row,
            cursor=cursor,
            limit=limit,
            descending=True,
        )
        labels = self._labels([row.of_annotation_id for row in found.items])
        return Page(
            items=tuple(_suspicion(row, labels.get(row.of_annotation_id)) for row in found.items),
            next_cursor=found.next_cursor,
        )

    def get(self, suspicion_id: str) -> Stored:
        """Return a suspicion. Raises NotFound."""
        row = self._db.execute(_select().where(suspicions.c.id == suspicion_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such suspicion any more; the labels were checked again")
        label = self._labels([row.of_annotation_id]).get(row.of_annotation_id)
        return Stored(
            suspicion=_suspicion(row, label), before=_annotation(row.of_before), after=_annotation(row.of_after)
        )

    def found(self, project_id: str, query: SuspicionQuery) -> list[Found]:
        """Return all that a query finds, the most likely first, with what tells whether each can be accepted."""
        label = annotations.alias()
        select = (
            sa.select(suspicions.c.id, suspicions.c.image_id, suspicions.c.kind, suspicions.c.suggestion, label.c.type)
            .join(images, images.c.id == suspicions.c.image_id)
            .outerjoin(label, label.c.id == suspicions.c.annotation_id)
            .where(*_asked(project_id, query))
            .order_by(suspicions.c.score.desc(), suspicions.c.id.desc())
        )
        return [
            Found(row.id, row.image_id, fixable=_is_fixable(row.kind, (row.suggestion or {}).get("type"), row.type))
            for row in self._db.execute(select)
        ]

    def decided_at(self, project_id: str, at: str, state: DoubtState) -> list[str]:
        """Return those that one decision about many has accepted or dismissed, the last one first."""
        key = suspicions.c.image_id, suspicions.c.score, suspicions.c.id
        where = suspicions.c.project_id == project_id, suspicions.c.decided_at == at, suspicions.c.state == state
        return list(self._db.scalars(sa.select(suspicions.c.id).where(*where).order_by(*key)))

    def is_fresh(self, suspicion_id: str) -> bool:
        """Tell whether the label is still as it was when it was looked at."""
        query = sa.select(sa.func.count()).select_from(suspicions).where(suspicions.c.id == suspicion_id, _fresh())
        return bool(self._db.scalar(query))

    def _labels(self, ids: Sequence[str | None]) -> dict[str, Annotation]:
        found: dict[str, Annotation] = {}
        known = [key for key in ids if key is not None]
        for start in range(0, len(known), _CHUNK):
            where = annotations.c.id.in_(known[start : start + _CHUNK]), annotations.c.deleted_at.is_(None)
            found |= {row.id: make_annotation(row) for row in self._db.execute(sa.select(annotations).where(*where))}
        return found

    def counts(self, project_id: str) -> tuple[DoubtCount, ...]:
        """Return how many open ones there are of each kind and class."""
        columns = suspicions.c.kind, suspicions.c.class_id
        query = (
            sa.select(*columns, sa.func.count().label("number"))
            .join(images, images.c.id == suspicions.c.image_id)
            .where(*_asked(project_id, SuspicionQuery()))
            .group_by(*columns)
            .order_by(*columns)
        )
        rows = self._db.execute(query)
        return tuple(DoubtCount(kind=row.kind, class_id=row.class_id, count=row.number) for row in rows)

    def decided(self, project_id: str) -> Mapping[str, int]:
        """Return how many were accepted and how many dismissed, by state."""
        query = (
            sa.select(suspicions.c.state, sa.func.count())
            .join(images, images.c.id == suspicions.c.image_id)
            .where(*_mine(project_id))
            .group_by(suspicions.c.state)
        )
        return Counter({row[0]: row[1] for row in self._db.execute(query)})

    def times(self, annotation_ids: Sequence[str]) -> dict[str, str]:
        """Return when annotations were changed last."""
        found: dict[str, str] = {}
        for start in range(0, len(annotation_ids), _CHUNK):
            chunk = annotations.c.id.in_(annotation_ids[start : start + _CHUNK])
            query = sa.select(annotations.c.id, annotations.c.updated_at).where(chunk)
            found |= {row[0]: row[1] for row in self._db.execute(query)}
        return found

    def dismissed(self, project_id: str, image_ids: Collection[str]) -> list[NewSuspicion]:
        """Return those of some images that a person has dismissed."""
        found: list[NewSuspicion] = []
        ordered = sorted(image_ids)
        names = NewSuspicion.__slots__
        for start in range(0, len(ordered), _CHUNK):
            chunk = suspicions.c.image_id.in_(ordered[start : start + _CHUNK])
            here = suspicions.c.project_id == project_id, suspicions.c.state == "dismissed"
            rows = self._db.execute(sa.select(suspicions).where(*here, chunk))
            found += [NewSuspicion(**{name: getattr(row, name) for name in names}) for row in rows]
        return found

    def replace(
        self, project_id: str, image_ids: Sequence[str], found: Sequence[NewSuspicion], *, model_id: str, at: str
    ) -> None:
        """Put what a check found on these images in the place of what was open there; of what is gone nothing stays."""
        for start in range(0, len(image_ids), _CHUNK):
            chunk = suspicions.c.image_id.in_(image_ids[start : start + _CHUNK])
            open_ = suspicions.c.project_id == project_id, suspicions.c.state == "open"
            self._db.execute(sa.delete(suspicions).where(*open_, chunk))
        shared = {"project_id": project_id, "state": "open", "model_id": model_id, "checked_at": at}
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            here = sa.select(images.c.id).where(images.c.id.in_({item.image_id for item in part}))
            living = set(self._db.scalars(here))
            rows = [asdict(item) | _middle(item) | shared for item in part if item.image_id in living]
            if rows:
                self._db.execute(sa.insert(suspicions), rows)

    def decide(
        self,
        suspicion_id: str,
        state: DoubtState,
        *,
        by: str | None,
        at: str | None,
        before: Annotation | None = None,
        after: Annotation | None = None,
    ) -> None:
        """Note what a person said, and what became of the label."""
        written = {"before": _json(before), "after": _json(after)}
        values = {"state": state, "decided_by": by, "decided_at": at, **written}
        self._db.execute(sa.update(suspicions).where(suspicions.c.id == suspicion_id).values(**values))

    def decide_many(self, ids: Sequence[str], state: DoubtState, *, by: str | None, at: str | None) -> None:
        """Note what a person said of many at once; no label changes."""
        values = {"state": state, "decided_by": by, "decided_at": at, "before": None, "after": None}
        for start in range(0, len(ids), _CHUNK):
            chunk = suspicions.c.id.in_(ids[start : start + _CHUNK])
            self._db.execute(sa.update(suspicions).where(chunk).values(**values))

    def renew(self, suspicion_id: str, annotation_at: str | None) -> None:
        """Note that the label is again what was looked at."""
        values = {"annotation_at": annotation_at}
        self._db.execute(sa.update(suspicions).where(suspicions.c.id == suspicion_id).values(**values))


def _middle(item: NewSuspicion) -> dict[str, float | None]:
    """Where the middle of a missing object is, so that a query can see whether it was drawn since."""
    if item.suggestion is None:
        return {"x": None, "y": None}
    x0, y0, x1, y1 = geometry_from_json(dict(item.suggestion)).bounds
    return {"x": (x0 + x1) / 2, "y": (y0 + y1) / 2}


def _json(item: Annotation | None) -> dict[str, object] | None:
    return None if item is None else asdict(item) | {"geometry": geometry_to_json(item.geometry)}


def _annotation(value: dict[str, Any] | None) -> Annotation | None:
    return None if value is None else Annotation(**{**value, "geometry": geometry_from_json(value["geometry"])})


def _shape(value: dict[str, Any] | None) -> Geometry | None:
    return None if value is None else geometry_from_json(value)


def _suspicion(row: Row[Any], label: Annotation | None) -> Suspicion:
    suggestion = _shape(row.of_suggestion)
    drawn = None if label is None else label.geometry.type
    return Suspicion(
        **{name: getattr(row, f"of_{name}") for name in _PLAIN},
        image=make_image(row),
        label=label,
        suggestion=suggestion,
        fixable=_is_fixable(row.of_kind, None if suggestion is None else suggestion.type, drawn),
    )
