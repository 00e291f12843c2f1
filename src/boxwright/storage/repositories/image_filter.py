"""Filter and order of the library, as SQL.

What is asked of objects is one EXISTS on the index of a picture's annotations, so that no list reads all annotations.
Walking all pictures that way until a page is full takes long where nearly none has an object of the class; so a class
that has few objects is looked up first, and only their pictures are looked at.
"""

import json
import math
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection, ScalarSelect

from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import OPEN
from boxwright.storage.repositories.text import fold, nfc
from boxwright.storage.tables import annotation_sets, annotations, comments, dataset_versions, images, labelers

# Gigapixel pictures are beyond the integers of PostgreSQL.
_PIXELS = sa.cast(images.c.width, sa.BigInteger) * images.c.height
# Written out: SQLite uses an index on some rows only where it knows the condition when it plans.
_TO_REVIEW = images.c.proposals > sa.literal_column("0")
FEW = 2000  # objects of a class up to which it is rare
_NO_SCORE = 2.0  # behind every score
_OF_OBJECTS = (
    "class_id", "objects", "source", "min_score", "max_score", "min_area", "max_area", "min_share", "max_share",
    "min_ratio", "max_ratio", "attribute_value", "attribute",
)  # fmt: skip


def filtered(connection: Connection, project_id: str, query: ImageQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a list."""
    alive = images.c.deleted_at.is_not(None) if query.trash else images.c.deleted_at.is_(None)
    among = _of_rare_classes(connection, project_id, query)
    # Not both: beside the project SQLite would walk all of its pictures in their order.
    here = images.c.project_id == project_id if among is None else images.c.id.in_(among or [""])
    where: list[ColumnElement[bool]] = [here, alive]
    return where + _standing(project_id, query) + _work(query) + _described(query) + _objects(project_id, query)


def _of_rare_classes(connection: Connection, project_id: str, query: ImageQuery) -> list[str] | None:
    """Return the pictures of the project with an object of the classes asked for; None where there are many objects."""
    classes = _classes(query)
    if not classes:
        return None
    of = annotations.c.class_id.in_(classes), annotations.c.set_id == _truth(project_id)
    seen = sa.select(annotations.c.image_id).where(*of, annotations.c.deleted_at.is_(None)).limit(FEW + 1)
    found = list(connection.scalars(seen))
    return None if len(found) > FEW else sorted(set(found))


def _truth(project_id: str) -> ScalarSelect[str]:
    """The set of the project's own annotations."""
    own = sa.text("annotation_sets.kind = 'ground_truth'")
    return sa.select(annotation_sets.c.id).where(annotation_sets.c.project_id == project_id, own).scalar_subquery()


def _classes(query: ImageQuery) -> list[str]:
    return list(dict.fromkeys([*([] if query.class_id is None else [query.class_id]), *query.class_ids]))


def asked_of_objects(query: ImageQuery) -> list[ColumnElement[bool]]:
    """Return what a query asks of an object itself, its class aside; of annotations and proposals alike unless said."""
    where = _asked(replace(query, class_id=None, class_ids=()))
    if query.objects in ("annotations", "proposals"):
        proposed = annotations.c.state == "proposal"
        where.append(proposed if query.objects == "proposals" else ~proposed)
    return where


def without_objects(query: ImageQuery) -> ImageQuery:
    """Return a query with nothing that is asked of objects."""
    nothing: dict[str, Any] = dict.fromkeys(_OF_OBJECTS)
    return replace(query, class_ids=(), **nothing)


def sort_key(query: ImageQuery) -> tuple[tuple[ColumnElement[Any], ...], bool]:
    """Return the sort columns of a list, together unique, and whether they run downward."""
    if query.trash:
        return (images.c.deleted_at, images.c.id), True
    return _ORDERS[query.order]


def _standing(project_id: str, query: ImageQuery) -> list[ColumnElement[bool]]:
    """Split, state, name, number of objects, time and video."""
    where: list[ColumnElement[bool]] = []
    if query.split is not None:
        where.append(images.c.split == query.split)
    if query.order == "least_sure" and not query.trash:
        # Every name is that, and it leads SQLite to the index of pictures with proposals.
        where += [_TO_REVIEW, images.c.name_nfc >= ""]
    elif query.state == "proposals":
        where.append(_TO_REVIEW)
    if query.state is not None and query.state != "proposals":
        where.append(images.c.state == query.state)
    if query.name:
        where.append(images.c.name_fold.contains(fold(query.name), autoescape=True))
    # A sum, unless that is the order: else SQLite would take the index of it and sort what it finds.
    objects = images.c.annotations if query.order.endswith("_objects") else images.c.annotations + 0
    where += _between(objects, query.min_objects, query.max_objects)
    where += _between(_PIXELS, query.min_pixels, query.max_pixels)
    first, end = query.added()
    if first is not None:
        where.append(images.c.created_at >= first)
    if end is not None:
        where.append(images.c.created_at < end)
    if query.changed_since is not None:
        since = sa.select(dataset_versions.c.created_at).where(
            dataset_versions.c.id == query.changed_since, dataset_versions.c.project_id == project_id
        )
        where.append(images.c.changed_at > since.scalar_subquery())
    if query.video is not None:
        of = {"any": images.c.video_id.is_not(None), "none": images.c.video_id.is_(None)}
        where.append(of.get(query.video, images.c.video_id == query.video))
    return where


def _between(column: ColumnElement[Any], low: float | None, high: float | None) -> list[ColumnElement[bool]]:
    return ([] if low is None else [column >= low]) + ([] if high is None else [column <= high])


def _work(query: ImageQuery) -> list[ColumnElement[bool]]:
    """Whose they are, how far, and whether people have said something about them."""
    where: list[ColumnElement[bool]] = []
    if query.assignee is not None:
        where.append(_belongs(query.assignee))
    if query.work is not None:
        where.append(images.c.work_state.in_(OPEN if query.work == "open" else (query.work,)))
    if query.comments is not None:
        spoken = sa.exists().where(comments.c.image_id == images.c.id)
        opened = spoken.where(comments.c.resolved_at.is_(None))
        where.append({"any": spoken, "open": opened, "none": ~spoken}[query.comments])
    return where


def _belongs(assignee: str) -> ColumnElement[bool]:
    """To a person alone, or among those who label it each for themselves; `nobody` for neither."""
    twice = sa.exists().where(labelers.c.image_id == images.c.id)
    if assignee == "nobody":
        return sa.and_(images.c.assignee_id.is_(None), ~twice)
    return sa.or_(images.c.assignee_id == assignee, twice.where(labelers.c.user_id == assignee))


def _described(query: ImageQuery) -> list[ColumnElement[bool]]:
    """Tags and metadata."""
    wanted = dict.fromkeys([*([] if query.tag is None else [query.tag]), *query.tags])
    where = [_tagged(tag) for tag in wanted]
    if query.metadata:
        where.append(_entry(images.c.metadata, query.metadata, query.metadata_value))
    return where


def _tagged(tag: str) -> ColumnElement[bool]:
    """Pictures whose list of tags has this one."""
    word = json.dumps(nfc(tag))
    return sa.or_(*(_holds(images.c.tags, f"{start}{word}{end}") for start in "[," for end in ",]"))


def _holds(column: Column[Any], piece: str) -> ColumnElement[bool]:
    """Whether the text of a JSON column has a piece. Taking it out changes the text, which unlike LIKE minds case."""
    text = sa.type_coerce(column, sa.Text)
    return sa.func.replace(text, piece, "") != text


def _entry(column: Column[Any], name: str, value: str | None) -> ColumnElement[bool]:
    """Whether a JSON object of plain values has this name with this value, or with any but null."""
    keys = [f"{start}{json.dumps(name)}:" for start in "{,"]
    if value is None:
        return sa.or_(*(sa.and_(_holds(column, key), ~_holds(column, f"{key}null")) for key in keys))
    spelled = [f"{key}{written}{end}" for key in keys for written in _spellings(value) for end in ",}"]
    return sa.or_(*(_holds(column, piece) for piece in spelled))


def _spellings(value: str) -> list[str]:
    """How JSON writes what a person has typed: as text, and as the number or yes and no that it may mean."""
    found = [json.dumps(value)]
    if value in ("true", "false"):
        return [*found, value]
    try:
        number = float(value)
    except ValueError:
        return found
    if math.isfinite(number):
        found.append(json.dumps(number))
        if number.is_integer():
            found.append(str(int(number)))
    return found


def _objects(project_id: str, query: ImageQuery) -> list[ColumnElement[bool]]:
    """That there is an object of which all holds that is asked of objects."""
    asked = _asked(query)
    if not asked:
        return []
    one = [
        annotations.c.image_id == images.c.id,
        annotations.c.set_id == _truth(project_id),
        annotations.c.deleted_at.is_(None),
    ]
    proposed = annotations.c.state == "proposal"
    which = query.objects or ("proposals" if query.state == "proposals" else "annotations")
    if which != "both":
        one.append(proposed if which == "proposals" else ~proposed)
    return [sa.exists().where(*one, *asked)]


def _asked(query: ImageQuery) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    classes = _classes(query)
    if classes:
        where.append(annotations.c.class_id.in_(classes) if classes[1:] else annotations.c.class_id == classes[0])
    if query.source is not None:
        where.append(annotations.c.source == query.source)
    where += _between(annotations.c.score, query.min_score, query.max_score)
    where += _between(annotations.c.area, query.min_area, query.max_area)
    # As numbers with a point, so that the pixels of a very large picture fit.
    if query.min_share is not None:
        where.append(annotations.c.area >= sa.literal(query.min_share, sa.Float) * images.c.width * images.c.height)
    if query.max_share is not None:
        where.append(annotations.c.area <= sa.literal(query.max_share, sa.Float) * images.c.width * images.c.height)
    wide, high = annotations.c.x1 - annotations.c.x0, annotations.c.y1 - annotations.c.y0
    if query.min_ratio is not None:
        where.append(wide >= query.min_ratio * high)
    if query.max_ratio is not None:
        where.append(wide <= query.max_ratio * high)
    if query.attribute:
        where.append(_entry(annotations.c.attributes, query.attribute, query.attribute_value))
    return where


def _lowest_score() -> ColumnElement[Any]:
    lowest = (
        sa.select(sa.func.min(annotations.c.score))
        .where(
            annotations.c.image_id == images.c.id,
            annotations.c.state == "proposal",
            annotations.c.deleted_at.is_(None),
        )
        .correlate(images)
    )
    return sa.type_coerce(sa.func.coalesce(lowest.scalar_subquery(), _NO_SCORE), sa.Float)


_ORDERS: dict[str, tuple[tuple[ColumnElement[Any], ...], bool]] = {
    "unlabeled_first": ((images.c.todo, images.c.name_nfc), False),
    "name": ((images.c.name_nfc,), False),
    "newest": ((images.c.id,), True),
    "oldest": ((images.c.id,), False),
    "last_changed": ((images.c.changed_at, images.c.id), True),
    "most_objects": ((images.c.annotations, images.c.id), True),
    "fewest_objects": ((images.c.annotations, images.c.id), False),
    "least_sure": ((_lowest_score(), images.c.name_nfc), False),
    "largest": ((_PIXELS, images.c.id), True),
    "smallest": ((_PIXELS, images.c.id), False),
}
