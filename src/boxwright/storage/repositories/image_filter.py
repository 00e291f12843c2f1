"""Filter and order of the library, as SQL.

What is asked of objects is one EXISTS on the index of a picture's annotations, so that no list reads all annotations.
Where an index finds few pictures for a part of the filter, only those are looked at (`image_probes`).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection

from boxwright.domain.queries import ImageQuery, ObjectFilter
from boxwright.domain.workflow import OPEN
from boxwright.storage.repositories.image_probes import (
    UNSURE,
    added,
    between,
    classes_of,
    few,
    tags_of,
    truth,
    version_time,
)
from boxwright.storage.repositories.text import fold, nfc
from boxwright.storage.repositories.walking import Path
from boxwright.storage.tables import annotations, comments, images, labelers

_OF_OBJECTS = (
    "class_id", "objects", "source", "min_score", "max_score", "min_area", "max_area", "min_share", "max_share",
    "min_ratio", "max_ratio", "attribute_value", "attribute",
)  # fmt: skip


def filtered(connection: Connection, project_id: str, query: ImageQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of a list."""
    return conditions(project_id, query, few(connection, project_id, query))


def conditions(project_id: str, query: ImageQuery, among: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a list, all of whose pictures are `among` some, where they are known."""
    alive = images.c.deleted_at.is_not(None) if query.trash else images.c.deleted_at.is_(None)
    # Not both: beside the project SQLite would walk all of its pictures in their order.
    here = images.c.project_id == project_id if among is None else images.c.id.in_(among or [""])
    where: list[ColumnElement[bool]] = [here, alive]
    return where + _standing(project_id, query) + _work(query) + _described(query) + _objects(project_id, query)


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


def path_of(project_id: str, query: ImageQuery) -> Path:
    """Return the way through a list in its order."""
    columns, descending = sort_key(query)
    alive = images.c.deleted_at.is_not(None) if query.trash else images.c.deleted_at.is_(None)
    where = [images.c.project_id == project_id, alive]
    if query.order == "unlabeled_first" and not query.trash:
        where += [] if query.split is None else [images.c.split == query.split]
        where += _todo(query)
    elif query.order == "last_changed" and query.changed_since is not None:
        where.append(images.c.changed_at > version_time(project_id, query.changed_since))
    elif query.order.endswith("_objects"):
        where += between(images.c.annotations, query.min_objects, query.max_objects)
    elif query.order in ("largest", "smallest"):
        where += between(images.c.pixels, query.min_pixels, query.max_pixels)
    elif query.order == "least_sure":
        where += UNSURE
    return Path(columns, descending, where)


def is_whole(query: ImageQuery) -> bool:
    """Tell whether a list has all living pictures of a project, or of a split."""
    return replace(query, order="name", split=None) == ImageQuery(order="name") and query.order != "least_sure"


def _todo(query: ImageQuery) -> list[ColumnElement[bool]]:
    """What the filter says about the column by which unlabelled pictures come first.

    As a range: SQLite sorts what is equal and has a place to begin at.
    """
    if query.state == "unlabeled":
        return [images.c.todo <= 0]
    has_objects = bool(query.min_objects) or (bool(_asked(query)) and _which(query) == "annotations")
    return [images.c.todo >= 1] if has_objects or query.state in ("labeled", "empty") else []


def _which(query: ImageQuery) -> ObjectFilter:
    """Of which objects a filter speaks."""
    return query.objects or ("proposals" if query.state == "proposals" else "annotations")


def _apart(column: ColumnElement[str]) -> ColumnElement[str]:
    """The column, but so that SQLite does not take an index of it and sort what it finds."""
    return column.concat("")


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
        where += UNSURE
    elif query.state == "proposals":
        where.append(images.c.proposals > 0)
    if query.state is not None and query.state != "proposals":
        where.append(images.c.state == query.state)
    if query.order == "unlabeled_first" and not query.trash:
        where += _todo(query)
    if query.name:
        where.append(images.c.name_fold.contains(fold(query.name), autoescape=True))
    # A sum, unless that is the order: else SQLite would take the index of it and sort what it finds.
    objects = images.c.annotations if query.order.endswith("_objects") else images.c.annotations + 0
    where += between(objects, query.min_objects, query.max_objects)
    pixels = images.c.pixels if query.order in ("largest", "smallest") else images.c.pixels + 0
    where += between(pixels, query.min_pixels, query.max_pixels)
    where += added(query, _apart(images.c.created_at))
    if query.changed_since is not None:
        changed = images.c.changed_at if query.order == "last_changed" else _apart(images.c.changed_at)
        where.append(changed > version_time(project_id, query.changed_since))
    if query.video is not None:
        video = sa.func.coalesce(images.c.video_id, "")
        of = {"any": video != sa.literal(""), "none": images.c.video_id.is_(None)}
        where.append(of.get(query.video, video == query.video))
    return where


def _work(query: ImageQuery) -> list[ColumnElement[bool]]:
    """Whose they are, how far, and whether people have said something about them."""
    where: list[ColumnElement[bool]] = []
    if query.assignee is not None:
        where.append(_belongs(query.assignee))
    if query.work is not None:
        where.append(_apart(images.c.work_state).in_(OPEN if query.work == "open" else (query.work,)))
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
    where = [_tagged(tag) for tag in tags_of(query)]
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
        annotations.c.set_id == truth(project_id),
        annotations.c.deleted_at.is_(None),
    ]
    proposed = annotations.c.state == "proposal"
    which = _which(query)
    if which != "both":
        one.append(proposed if which == "proposals" else ~proposed)
    return [sa.exists().where(*one, *asked)]


def _asked(query: ImageQuery) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    classes = classes_of(query)
    if classes:
        where.append(annotations.c.class_id.in_(classes) if classes[1:] else annotations.c.class_id == classes[0])
    if query.source is not None:
        where.append(annotations.c.source == query.source)
    where += between(annotations.c.score, query.min_score, query.max_score)
    where += between(annotations.c.area, query.min_area, query.max_area)
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


_ORDERS: dict[str, tuple[tuple[ColumnElement[Any], ...], bool]] = {
    "unlabeled_first": ((images.c.todo, images.c.name_nfc), False),
    "name": ((images.c.name_nfc,), False),
    "newest": ((images.c.id,), True),
    "oldest": ((images.c.id,), False),
    "last_changed": ((images.c.changed_at, images.c.id), True),
    "most_objects": ((images.c.annotations, images.c.id), True),
    "fewest_objects": ((images.c.annotations, images.c.id), False),
    "least_sure": ((images.c.lowest_score, images.c.name_nfc), False),
    "largest": ((images.c.pixels, images.c.id), True),
    "smallest": ((images.c.pixels, images.c.id), False),
}
