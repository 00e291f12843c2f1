"""What images look like to a network, and what else there is to say of each on the map."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.projects import ImageState, Split
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import annotation_sets, annotations, image_maps, images

_CHUNK = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMap:
    """The row of a project."""

    model_id: str | None
    model_name: str
    network: str
    images: int
    sha256: str
    made_at: str


class ImageMapRepository:
    """Table `image_maps`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, project_id: str) -> StoredMap | None:
        """Return what there is for a project."""
        row = self._db.execute(sa.select(image_maps).where(image_maps.c.project_id == project_id)).one_or_none()
        if row is None:
            return None
        return StoredMap(**{name: getattr(row, name) for name in StoredMap.__slots__})

    def put(self, project_id: str, found: StoredMap) -> None:
        """Put it in the place of the former."""
        values = {name: getattr(found, name) for name in StoredMap.__slots__}
        statement = insert(self._db.dialect.name, image_maps).values(project_id=project_id, **values)
        self._db.execute(statement.on_conflict_do_update(index_elements=["project_id"], set_=values))

    def living(self, project_id: str) -> Iterator[tuple[str, str, Split, ImageState]]:
        """Yield (id, SHA-256, split, state) of the living images of a project."""
        columns = images.c.id, images.c.sha256, images.c.split, images.c.state
        query = sa.select(*columns).where(images.c.project_id == project_id, images.c.deleted_at.is_(None))
        for row in self._db.execute(query).all():
            yield row[0], row[1], row[2], row[3]

    def main_classes(self, project_id: str) -> dict[str, str]:
        """Return the class of most objects by image id, for images that have any."""
        truth = sa.select(annotation_sets.c.id).where(
            annotation_sets.c.project_id == project_id, annotation_sets.c.kind == "ground_truth"
        )
        number = sa.func.count().label("number")
        query = (
            sa.select(annotations.c.image_id, annotations.c.class_id, number)
            .where(
                annotations.c.set_id.in_(truth), annotations.c.deleted_at.is_(None), annotations.c.state != "proposal"
            )
            .group_by(annotations.c.image_id, annotations.c.class_id)
        )
        best: dict[str, tuple[int, str]] = {}
        for image_id, class_id, count in self._db.execute(query):
            best[image_id] = max(best.get(image_id, (0, "")), (count, class_id))
        return {image_id: class_id for image_id, (_, class_id) in best.items()}
