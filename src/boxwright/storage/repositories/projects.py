"""Projects, the counts on their cards, and which project a thing belongs to."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select, Table

from boxwright.domain.attributes import from_json
from boxwright.domain.errors import NotFound
from boxwright.domain.paging import Page
from boxwright.domain.projects import Project
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.classes import ClassRepository
from boxwright.storage.repositories.text import compared, fold, nfc
from boxwright.storage.repositories.totals import TotalsRepository
from boxwright.storage.tables import (
    annotations,
    class_changes,
    comments,
    dataset_versions,
    evaluations,
    images,
    jobs,
    label_classes,
    memberships,
    models,
    prediction_runs,
    projects,
    run_images,
    saved_views,
    split_changes,
    suspicions,
    tracks,
    videos,
)

_OWNED: dict[str, Table] = {
    "image": images,
    "class": label_classes,
    "comment": comments,
    "version": dataset_versions,
    "model": models,
    "evaluation": evaluations,
    "run": prediction_runs,
    "job": jobs,
    "video": videos,
    "view": saved_views,
    "split_change": split_changes,
    "class_change": class_changes,
    "suspicion": suspicions,
}
_COLUMNS = (
    projects.c.id,
    projects.c.name,
    projects.c.description,
    projects.c.cover_image_id,
    projects.c.created_at,
    projects.c.updated_at,
    projects.c.deleted_at,
    projects.c.images,
    projects.c.labeled,
    projects.c.annotations,
    projects.c.workflow,
)


def _children(table: Table) -> Any:
    count = sa.select(sa.func.count()).where(table.c.project_id == projects.c.id, table.c.deleted_at.is_(None))
    return count.correlate(projects).scalar_subquery()


def _shared() -> ColumnElement[bool]:
    """Several people take part: two members, or one who does not manage it, for somebody else does then."""
    mine = memberships.c.project_id == projects.c.id
    two = sa.select(sa.func.count()).where(mine).correlate(projects).scalar_subquery() > 1
    return sa.or_(two, sa.exists().where(mine, memberships.c.role != "manager"))


def _select() -> Select[Any]:
    reviewed = sa.or_(projects.c.workflow == "on", sa.and_(projects.c.workflow == "auto", _shared()))
    more = _children(label_classes).label("classes"), _children(models).label("models"), reviewed.label("reviewed")
    return sa.select(*_COLUMNS, projects.c.attributes, *more)


_FIELDS = (*(column.name for column in _COLUMNS), "classes", "models")


def _make(row: Row[Any]) -> Project:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Project(**values, reviewed=bool(row.reviewed), attributes=from_json(row.attributes))


# Made once: these run with every request or save.
_KNOWN = sa.select(projects.c.deleted_at).where(projects.c.id == sa.bindparam("project"))
_OWNERS = {
    kind: sa.select(table.c.project_id).where(table.c.id == sa.bindparam("thing")) for kind, table in _OWNED.items()
}
_COUNT_UP = (
    sa.update(projects)
    .where(projects.c.id == sa.bindparam("project"))
    .values(
        images=projects.c.images + sa.bindparam("more_images"),
        labeled=projects.c.labeled + sa.bindparam("more_labeled"),
        annotations=projects.c.annotations + sa.bindparam("more_annotations"),
        updated_at=sa.bindparam("at"),
    )
)


class ProjectRepository:
    """Table `projects`."""

    def __init__(self, connection: Connection, totals: TotalsRepository | None = None) -> None:
        self._db = connection
        self._totals = totals or TotalsRepository(connection)

    def add(self, project: Project) -> None:
        """Insert a project with no pictures."""
        values = {column.name: getattr(project, column.name) for column in _COLUMNS}
        self._db.execute(sa.insert(projects).values(**values | compared(project.name)))

    def find(self, project_id: str) -> Project | None:
        """Return a project, also one in the trash."""
        row = self._db.execute(_select().where(projects.c.id == project_id)).one_or_none()
        return _make(row) if row else None

    def get(self, project_id: str) -> Project:
        """Return a project. Raises NotFound where it is not there or in the trash."""
        found = self.find(project_id)
        if found is None or found.deleted_at is not None:
            raise NotFound("there is no such project, or it is in the trash")
        return found

    def known(self, project_id: str, *, alive: bool = False) -> bool:
        """Tell whether there is such a project, also in the trash unless `alive`; much cheaper than `get`."""
        row = self._db.execute(_KNOWN, {"project": project_id}).one_or_none()
        return row is not None and not (alive and row.deleted_at is not None)

    def any(self) -> bool:
        """Tell whether there is a project, also one in the trash."""
        return self._db.scalar(sa.select(projects.c.id).limit(1)) is not None

    def named(self, name: str) -> str | None:
        """Return the id of the living project of this name."""
        query = sa.select(projects.c.id).where(projects.c.name_nfc == nfc(name), projects.c.deleted_at.is_(None))
        return self._db.scalar(query)

    def page(
        self, user_id: str | None, *, query: str = "", trash: bool = False, cursor: str | None = None, limit: int = 50
    ) -> Page[Project]:
        """Return projects, last changed first: all where `user_id` is None, else those where the user is a member."""
        select = _select().where(projects.c.deleted_at.is_not(None) if trash else projects.c.deleted_at.is_(None))
        if user_id is not None:
            mine = sa.select(memberships.c.project_id).where(memberships.c.user_id == user_id)
            select = select.where(projects.c.id.in_(mine))
        if query:
            select = select.where(projects.c.name_fold.contains(fold(query), autoescape=True))
        key = (projects.c.updated_at, projects.c.id)
        return keyset.page(self._db, select, key, _make, cursor=cursor, limit=limit, descending=True)

    def update(self, project_id: str, **values: object) -> None:
        """Change columns of a project."""
        if "name" in values:
            values |= compared(str(values["name"]))
        self._db.execute(sa.update(projects).where(projects.c.id == project_id).values(**values))

    def delete_trashed_before(self, at: str) -> None:
        """Remove projects that went to the trash before the time `at`, with all that belongs to them."""
        old = sa.select(projects.c.id).where(projects.c.deleted_at < at)
        # These point to classes without a cascade, so that no class in use can vanish: they go first.
        for table in (annotations, tracks):
            self._db.execute(sa.delete(table).where(table.c.project_id.in_(old)))
        self._db.execute(sa.delete(projects).where(projects.c.deleted_at < at))

    def count_up(self, project_id: str, *, images: int = 0, labeled: int = 0, annotations: int = 0, at: str) -> None:
        """Add to the counts and note the time of the change."""
        more = {"more_images": images, "more_labeled": labeled, "more_annotations": annotations}
        self._db.execute(_COUNT_UP, {"project": project_id, "at": at, **more})

    def recount(self, project_id: str, *, at: str) -> None:
        """Count pictures and annotations anew, after changes to very many pictures at once."""
        # Not against the key, as with every lock here: rows that point to this one hold its key, and whoever wrote them
        # may be waiting for us to count up. Holding the row first makes the sums include every `count_up` that is
        # committed, and none twice.
        self._db.execute(sa.select(projects.c.id).where(projects.c.id == project_id).with_for_update(key_share=True))
        self._totals.recount(project_id)
        sums = self._totals.of(project_id)
        labeled = sums["images"] - sums["unlabeled"]
        self.update(project_id, images=sums["images"], labeled=labeled, annotations=sums["annotations"], updated_at=at)
        ClassRepository(self._db).recount(project_id)
        self.keep_cover(project_id)

    def keep_cover(self, project_id: str) -> None:
        """Choose the first picture as the cover where there is none, or where it went to the trash."""
        mine = projects.c.id == project_id
        alive = (images.c.project_id == project_id, images.c.deleted_at.is_(None))
        first = sa.select(images.c.id).where(*alive)
        cover = self._db.scalar(sa.select(projects.c.cover_image_id).where(mine))
        if cover is None or self._db.scalar(first.where(images.c.id == cover)) is None:
            self.update(project_id, cover_image_id=self._db.scalar(first.order_by(images.c.name_nfc).limit(1)))

    def duplicate_count(self, project_id: str) -> int:
        """Return how many living pictures repeat the bytes of another one."""
        alive = (images.c.project_id == project_id, images.c.deleted_at.is_(None))
        distinct = sa.func.count(sa.distinct(images.c.sha256))
        return self._db.scalar(sa.select(sa.func.count() - distinct).where(*alive)) or 0

    def owner(self, kind: str, thing_id: str) -> str | None:
        """Return the id of the project that a thing belongs to; None where there is none, or no such thing."""
        if kind == "run_image":
            query = sa.select(prediction_runs.c.project_id).join(run_images).where(run_images.c.id == thing_id)
            return self._db.scalar(query)
        return self._db.scalar(_OWNERS[kind], {"thing": thing_id}) if kind in _OWNERS else None
