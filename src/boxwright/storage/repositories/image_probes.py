"""The few pictures of a rare filter, found through an index before a list is walked.

Walking a list until a page is full takes long where nearly no picture passes. So each part of a filter that has an
index is asked for its first pictures: where they are few, only those are looked at, in whatever order.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select

from boxwright.domain.projects import WORK_STATES
from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import OPEN
from boxwright.storage.tables import annotation_sets, annotations, comments, dataset_versions, images, labelers

FEW = 1000  # objects or pictures up to which a filter is rare
_SOURCES, _STATES = ("manual", "import", "model"), ("manual", "proposal", "accepted")
# Written out: SQLite uses an index on some rows only where it knows the condition when it plans.
# Every score is at least 0, and that leads SQLite to the index of pictures with proposals.
UNSURE = [images.c.proposals > sa.literal_column("0"), images.c.lowest_score >= 0]
# Every name is at least that, and so on.
_EMPTY = [images.c.state == sa.literal_column("'empty'"), images.c.name_nfc >= ""]
TAGGED = [images.c.tags != sa.literal_column("'[]'"), images.c.name_nfc >= ""]
_DESCRIBED = [images.c.metadata != sa.literal_column("'{}'"), images.c.name_nfc >= ""]


def few(connection: Connection, project_id: str, query: ImageQuery) -> list[str] | None:
    """Return pictures of the project among which all are that a filter finds; None where no part of it finds few."""
    for probe in _probes(project_id, query):
        found = list(connection.scalars(probe.limit(FEW + 1)))
        if len(found) <= FEW:
            return sorted(set(found))
    return None


def truth(project_id: str) -> sa.ScalarSelect[str]:
    """The set of the project's own annotations."""
    own = sa.text("annotation_sets.kind = 'ground_truth'")
    return sa.select(annotation_sets.c.id).where(annotation_sets.c.project_id == project_id, own).scalar_subquery()


def version_time(project_id: str, version_id: str) -> sa.ScalarSelect[str]:
    """When a version of the project was made."""
    of = dataset_versions.c.id == version_id, dataset_versions.c.project_id == project_id
    return sa.select(dataset_versions.c.created_at).where(*of).scalar_subquery()


def classes_of(query: ImageQuery) -> list[str]:
    """Return the classes that a filter names."""
    return list(dict.fromkeys([*([] if query.class_id is None else [query.class_id]), *query.class_ids]))


def tags_of(query: ImageQuery) -> list[str]:
    """Return the tags that a filter names."""
    return list(dict.fromkeys([*([] if query.tag is None else [query.tag]), *query.tags]))


def between(column: ColumnElement[Any], low: float | None, high: float | None) -> list[ColumnElement[bool]]:
    """The conditions of a range."""
    return ([] if low is None else [column >= low]) + ([] if high is None else [column <= high])


def added(query: ImageQuery, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """The conditions of when a picture was added."""
    first, end = query.added()
    return ([] if first is None else [column >= first]) + ([] if end is None else [column < end])


def _probes(project_id: str, query: ImageQuery) -> Iterator[Select[Any] | CompoundSelect[Any]]:
    """Yield what finds pictures through an index, the cheapest first; it may find more of them than pass."""
    if not query.trash:
        here = images.c.project_id == project_id, images.c.deleted_at.is_(None)
        for where in _of_pictures(project_id, query):
            yield sa.select(images.c.id).where(*here, *where)
        if query.assignee not in (None, "nobody"):
            alone = images.c.work_state.in_(WORK_STATES), images.c.assignee_id == query.assignee
            twice = labelers.c.project_id == project_id, labelers.c.user_id == query.assignee
            yield sa.union_all(
                sa.select(images.c.id).where(*here, *alone), sa.select(labelers.c.image_id).where(*twice)
            )
    if query.comments in ("any", "open"):
        said = sa.select(comments.c.image_id).where(comments.c.project_id == project_id)
        yield said.where(comments.c.resolved_at.is_(None)) if query.comments == "open" else said
    yield from _of_objects(project_id, query)


def _of_pictures(project_id: str, query: ImageQuery) -> Iterator[list[ColumnElement[bool]]]:
    if query.split is not None:
        yield [images.c.split == query.split]
    states = {"empty": _EMPTY, "unlabeled": [images.c.todo == 0], "proposals": UNSURE}
    if query.state is not None and query.state in states:
        yield states[query.state]
    if tags_of(query):
        yield TAGGED
    if query.metadata:
        yield _DESCRIBED
    ranges = [
        between(images.c.annotations, query.min_objects, query.max_objects),
        between(images.c.pixels, query.min_pixels, query.max_pixels),
        added(query, images.c.created_at),
    ]
    yield from filter(None, ranges)
    if query.changed_since is not None:
        yield [images.c.changed_at > version_time(project_id, query.changed_since)]
    if query.video not in (None, "none"):
        yield [images.c.video_id.is_not(None), *([] if query.video == "any" else [images.c.video_id == query.video])]
    if query.work is not None:
        yield [images.c.work_state.in_(OPEN if query.work == "open" else (query.work,))]


def _of_objects(project_id: str, query: ImageQuery) -> Iterator[Select[Any] | CompoundSelect[Any]]:
    own = annotations.c.set_id == truth(project_id), annotations.c.deleted_at.is_(None)
    classes = classes_of(query)
    if classes:
        yield sa.select(annotations.c.image_id).where(annotations.c.class_id.in_(classes), *own)
    score = between(annotations.c.score, query.min_score, query.max_score)
    if score or query.source is not None:
        yield sa.select(annotations.c.image_id).where(
            annotations.c.project_id == project_id,
            *own,
            annotations.c.source.in_(_SOURCES if query.source is None else (query.source,)),
            annotations.c.state.in_(_STATES),
            *score,
        )
