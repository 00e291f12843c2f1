"""Pictures with their objects in batches, as far as figures about a project need them."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.geometry import LINES
from boxwright.domain.tally import Picture, Row
from boxwright.storage.tables import annotations, images

_BATCH = 2000  # pictures
_HERE = images.c.project_id == sa.bindparam("project"), images.c.deleted_at.is_(None)
_PICTURES = (
    sa.select(images.c.id, images.c.split, images.c.state, images.c.width, images.c.height)
    .where(*_HERE, images.c.id > sa.bindparam("after"))
    .order_by(images.c.id)
    .limit(_BATCH)
)
# By a stretch of ids: naming each picture takes half as long again.
_ROWS = sa.select(
    *(annotations.c.image_id, annotations.c.class_id, annotations.c.x0, annotations.c.y0),
    *(annotations.c.x1, annotations.c.y1, annotations.c.area),
).where(
    annotations.c.image_id >= sa.bindparam("first"),
    annotations.c.image_id <= sa.bindparam("last"),
    annotations.c.set_id == sa.bindparam("set"),
    annotations.c.deleted_at.is_(None),
    annotations.c.state != "proposal",
)


class StatisticsRepository:
    """Reads `images` and `annotations`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def batches(self, project_id: str, set_id: str) -> Iterator[tuple[Sequence[Picture], Sequence[Row]]]:
        """Yield the living pictures of a project, some at a time, each with its objects in a set; proposals aside.

        There may be objects of pictures in the trash among them.
        """
        after = ""
        while pictures := self._db.execute(_PICTURES, {"project": project_id, "after": after}).all():
            first, after = pictures[0][0], pictures[-1][0]
            rows = self._db.execute(_ROWS, {"first": first, "last": after, "set": set_id}).all()
            yield pictures, rows

    def trainable(self, project_id: str, set_id: str) -> tuple[int, int]:
        """Return how many areas the living pictures of the split train have, and how many of them have an outline.

        Proposals aside; polylines and points are no areas, and boxes have no outline.
        """
        here = (images.c.project_id == project_id, images.c.split == "train", images.c.deleted_at.is_(None))
        mine = (annotations.c.set_id == set_id, annotations.c.deleted_at.is_(None), annotations.c.state != "proposal")
        areas = sa.func.count().filter(annotations.c.type.not_in(LINES))
        outlined = sa.func.count().filter(annotations.c.type.in_(("polygon", "mask", "ellipse")))
        query = sa.select(areas, outlined).select_from(annotations.join(images)).where(*here, *mine)
        total, found = self._db.execute(query).one()
        return total, found
