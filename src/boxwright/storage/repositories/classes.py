"""Label classes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Executable, Row

from boxwright.domain.attributes import AttributeDefinition, from_json, to_json
from boxwright.domain.clock import now
from boxwright.domain.errors import NotFound
from boxwright.domain.projects import SPLITS, ClassCount, LabelClass, Split
from boxwright.storage.repositories.text import nfc
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import annotation_sets, annotations, class_counts, images, label_classes, projects, tracks
from boxwright.storage.types import Json

_CHUNK = 500
_TRUTH = (
    sa.select(images.c.split, annotations.c.class_id, sa.func.count())
    .select_from(images)
    .join(annotations, annotations.c.image_id == images.c.id)
    .join(annotation_sets, annotation_sets.c.id == annotations.c.set_id)
    .where(
        annotation_sets.c.kind == "ground_truth", annotations.c.deleted_at.is_(None), annotations.c.state != "proposal"
    )
    .group_by(images.c.split, annotations.c.class_id)
)
_FIELDS = ("id", "project_id", "name", "color", "hotkey", "position", "hidden")


def _make(row: Row[Any]) -> LabelClass:
    values = {name: getattr(row, name) for name in _FIELDS}
    return LabelClass(**values, annotations=row.used, attributes=from_json(row.attributes))


_SHARED = sa.select(projects.c.attributes).where(projects.c.id == sa.bindparam("project"))
_OWN = sa.select(label_classes.c.id, label_classes.c.attributes).where(
    label_classes.c.project_id == sa.bindparam("project"), label_classes.c.attributes != sa.literal([], Json)
)
_LIVING = sa.select(label_classes.c.id).where(
    label_classes.c.project_id == sa.bindparam("project"), label_classes.c.deleted_at.is_(None)
)


@cache
def _counting(dialect: str) -> Executable:
    """Add to counts, new or not."""
    statement = insert(dialect, class_counts)
    total = {"annotations": class_counts.c.annotations + statement.excluded.annotations}
    return statement.on_conflict_do_update(index_elements=["class_id", "split"], set_=total)


class ClassRepository:
    """Table `label_classes`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def list(self, project_id: str) -> tuple[LabelClass, ...]:
        """Return the living classes in their order, with their counts of annotations on living pictures."""
        used = sa.select(sa.func.coalesce(sa.func.sum(class_counts.c.annotations), 0)).where(
            class_counts.c.class_id == label_classes.c.id
        )
        query = (
            sa.select(label_classes, used.correlate(label_classes).scalar_subquery().label("used"))
            .where(label_classes.c.project_id == project_id, label_classes.c.deleted_at.is_(None))
            .order_by(label_classes.c.position, label_classes.c.id)
        )
        return tuple(_make(row) for row in self._db.execute(query))

    def names(self, project_id: str) -> dict[str, str]:
        """Return the living classes as compared name (NFC) -> id, in their order."""
        query = (
            sa.select(label_classes.c.name_nfc, label_classes.c.id)
            .where(label_classes.c.project_id == project_id, label_classes.c.deleted_at.is_(None))
            .order_by(label_classes.c.position, label_classes.c.id)
        )
        return {row[0]: row[1] for row in self._db.execute(query)}

    def belonging(self, project_id: str, ids: Collection[str]) -> set[str]:
        """Return those of the ids that are living classes of the project."""
        return set(self._db.scalars(_LIVING, {"project": project_id})).intersection(ids)

    def held(self, project_id: str, ids: Collection[str]) -> set[str]:
        """Do as `belonging`; none of them is merged or deleted before the end of this transaction."""
        if self._db.dialect.name == "sqlite":  # which has one writer
            return self.belonging(project_id, ids)
        mine = label_classes.c.project_id == project_id, label_classes.c.id.in_(sorted(ids))
        query = sa.select(label_classes.c.id).where(*mine, label_classes.c.deleted_at.is_(None))
        return set(self._db.scalars(query.with_for_update(read=True, key_share=True)))

    def close(self, ids: Collection[str]) -> None:
        """Wait for those who use classes at this moment, and let nobody use them before the end of the transaction."""
        self._db.execute(
            sa.select(label_classes.c.id)
            .where(label_classes.c.id.in_(sorted(ids)))
            .order_by(label_classes.c.id)
            .with_for_update()
        ).all()

    def heirs(self, project_id: str, ids: Collection[str]) -> dict[str, str]:
        """Return the living classes that took the objects of merged ones, by the id of those."""
        query = sa.select(label_classes.c.id, label_classes.c.merged_into, label_classes.c.deleted_at)
        rows = {row.id: row for row in self._db.execute(query.where(label_classes.c.project_id == project_id))}
        found: dict[str, str] = {}
        for key in ids:
            last, seen = key, {key}
            while last in rows and rows[last].deleted_at is not None and rows[last].merged_into not in {None, *seen}:
                last = rows[last].merged_into
                seen.add(last)
            if last != key and last in rows and rows[last].deleted_at is None:
                found[key] = last
        return found

    def attributes(
        self, project_id: str
    ) -> tuple[tuple[AttributeDefinition, ...], dict[str, tuple[AttributeDefinition, ...]]]:
        """Return the attributes of all classes, and those of the classes that have some of their own, by class id."""
        shared = self._db.execute(_SHARED, {"project": project_id}).scalar_one()
        own = {row.id: from_json(row.attributes) for row in self._db.execute(_OWN, {"project": project_id})}
        return from_json(shared), own

    def get(self, class_id: str) -> LabelClass:
        """Return a living class. Raises NotFound."""
        query = sa.select(label_classes.c.project_id).where(
            label_classes.c.id == class_id, label_classes.c.deleted_at.is_(None)
        )
        project_id = self._db.scalar(query)
        if project_id is None:
            raise NotFound("there is no such class")
        return next(item for item in self.list(project_id) if item.id == class_id)

    def add(self, classes: Sequence[LabelClass]) -> None:
        """Insert classes."""
        rows = [
            {name: getattr(item, name) for name in _FIELDS}
            | {"name_nfc": nfc(item.name), "created_at": now(), "attributes": to_json(item.attributes)}
            for item in classes
        ]
        if rows:
            self._db.execute(sa.insert(label_classes), rows)

    def update(self, class_id: str, **values: object) -> None:
        """Change columns of a class."""
        if "name" in values:
            values["name_nfc"] = nfc(str(values["name"]))
        self._db.execute(sa.update(label_classes).where(label_classes.c.id == class_id).values(**values))

    def tally(self, image_ids: Sequence[str]) -> Counter[tuple[Split, str]]:
        """Return how many ground-truth annotations these pictures have, by (split, class id)."""
        found: Counter[tuple[Split, str]] = Counter()
        for start in range(0, len(image_ids), _CHUNK):
            where = images.c.id.in_(image_ids[start : start + _CHUNK])
            for row in self._db.execute(_TRUTH.where(where)):
                found[(row[0], row[1])] += row[2]
        return found

    def count_up(self, more: Mapping[tuple[Split, str], int]) -> None:
        """Add to the counts of (split, class id). The caller holds the project's row (`projects.count_up`)."""
        rows = [{"split": key[0], "class_id": key[1], "annotations": n} for key, n in sorted(more.items()) if n]
        if not rows:
            return
        self._db.execute(_counting(self._db.dialect.name), rows)

    def recount(self, project_id: str) -> None:
        """Count every class of a project anew. The caller holds the project's row."""
        mine = sa.select(label_classes.c.id).where(label_classes.c.project_id == project_id)
        self._db.execute(sa.delete(class_counts).where(class_counts.c.class_id.in_(mine)))
        alive = images.c.project_id == project_id, images.c.deleted_at.is_(None)
        # SQLite would go through all annotations and look their pictures up one by one.
        counted = _TRUTH.where(*alive).with_hint(annotations, "INDEXED BY ix_annotations_image", "sqlite")
        self._db.execute(sa.insert(class_counts).from_select(["split", "class_id", "annotations"], counted))

    def counts(self, project_id: str) -> tuple[ClassCount, ...]:
        """Return the annotations of each living class by split, in the order of the classes."""
        query = sa.select(class_counts).join(label_classes).where(label_classes.c.project_id == project_id)
        found = {(row.class_id, row.split): row.annotations for row in self._db.execute(query)}
        return tuple(
            ClassCount(class_id=item.id, name=item.name, **{split: found.get((item.id, split), 0) for split in SPLITS})
            for item in self.list(project_id)
        )

    def used(self, class_id: str) -> int:
        """Return how many annotations, proposals and tracks use a class, in any set, also of what is in the trash."""
        return sum(
            self._db.scalar(
                sa.select(sa.func.count()).where(table.c.class_id == class_id, table.c.deleted_at.is_(None))
            )
            or 0
            for table in (annotations, tracks)
        )

    def delete(self, class_id: str, heir: str | None = None) -> None:
        """Take a class out of the list; deleted annotations may still point to it, and it to the class it went to."""
        gone = {"deleted_at": now(), "merged_into": heir}
        self._db.execute(sa.update(label_classes).where(label_classes.c.id == class_id).values(**gone))

    def find(self, project_id: str, ids: Collection[str]) -> dict[str, LabelClass]:
        """Return classes of the project by id, also deleted ones; without their counts."""
        where = label_classes.c.project_id == project_id, label_classes.c.id.in_(sorted(ids))
        query = sa.select(label_classes, sa.literal(0).label("used")).where(*where)
        return {row.id: _make(row) for row in self._db.execute(query)}

    def revive(self, project_id: str, ids: Collection[str]) -> None:
        """Put deleted classes, whose names are free, back into the list."""
        mine = label_classes.c.project_id == project_id, label_classes.c.id.in_(ids)
        self._db.execute(sa.update(label_classes).where(*mine).values(deleted_at=None, merged_into=None))
