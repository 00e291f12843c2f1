"""Prediction runs and their pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.detections import DetectionRow, row_from_json, row_to_json
from boxwright.domain.errors import NotFound
from boxwright.domain.paging import Page
from boxwright.domain.predictions import Run, RunImage
from boxwright.storage.repositories import keyset
from boxwright.storage.tables import prediction_runs, run_images

_RUN = (
    "id", "project_id", "model_id", "model_name", "job_id", "name", "score_threshold", "iou_threshold", "images",
    "done", "failed", "created_at",
)  # fmt: skip
_IMAGE = ("id", "run_id", "position", "name", "width", "height", "image_id", "error")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPicture:
    """Where the pixels of a run's picture are: SHA-256 of the stored bytes and their EXIF orientation."""

    id: str
    name: str
    sha256: str
    orientation: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOutcome:
    """What a prediction said about one picture of a run: detections, or why there are none."""

    id: str
    detections: tuple[DetectionRow, ...] | None
    error: str | None = None


def _run(row: Row[Any]) -> Run:
    return Run(**{name: getattr(row, name) for name in _RUN})


def _image(row: Row[Any]) -> RunImage:
    found = None if row.detections is None else tuple(map(row_from_json, row.detections))
    return RunImage(**{name: getattr(row, name) for name in _IMAGE}, detections=found)


class RunRepository:
    """Tables `prediction_runs` and `run_images`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, run: Run, created_by: str | None = None) -> None:
        """Insert a run."""
        values = {name: getattr(run, name) for name in _RUN}
        self._db.execute(sa.insert(prediction_runs).values(**values, created_by=created_by))

    def get(self, run_id: str) -> Run:
        """Return a run. Raises NotFound."""
        row = self._db.execute(sa.select(prediction_runs).where(prediction_runs.c.id == run_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such run")
        return _run(row)

    def page(self, project_id: str, cursor: str | None, limit: int) -> Page[Run]:
        """Return runs, newest first."""
        query = sa.select(prediction_runs).where(prediction_runs.c.project_id == project_id)
        key = (prediction_runs.c.id,)
        return keyset.page(self._db, query, key, _run, cursor=cursor, limit=limit, descending=True)

    def update(self, run_id: str, **values: object) -> None:
        """Change columns of a run."""
        self._db.execute(sa.update(prediction_runs).where(prediction_runs.c.id == run_id).values(**values))

    def delete(self, run_id: str) -> None:
        """Remove a run and its pictures."""
        self._db.execute(sa.delete(prediction_runs).where(prediction_runs.c.id == run_id))

    def recount(self, run_id: str) -> None:
        """Count the run's pictures anew: all, done and failed."""
        done = sa.func.count(run_images.c.detections)
        query = sa.select(sa.func.count(), done, sa.func.count(run_images.c.error)).where(run_images.c.run_id == run_id)
        images, predicted, failed = self._db.execute(query).one()
        self.update(run_id, images=images, done=predicted, failed=failed)

    def add_images(self, images: Iterable[tuple[RunImage, StoredPicture]]) -> int:
        """Insert pictures; returns how many."""
        rows = [
            {**{name: getattr(item, name) for name in _IMAGE}, "sha256": file.sha256, "orientation": file.orientation}
            for item, file in images
        ]
        if rows:
            self._db.execute(sa.insert(run_images), rows)
        return len(rows)

    def next_position(self, run_id: str) -> int:
        """Return the position behind the last picture, from 0."""
        query = sa.select(sa.func.max(run_images.c.position)).where(run_images.c.run_id == run_id)
        last = self._db.scalar(query)
        return 0 if last is None else last + 1

    def image(self, run_image_id: str) -> RunImage:
        """Return a picture of a run. Raises NotFound."""
        row = self._db.execute(sa.select(run_images).where(run_images.c.id == run_image_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such picture in a run")
        return _image(row)

    def picture(self, run_image_id: str) -> StoredPicture:
        """Return where the pixels of a run's picture are. Raises NotFound."""
        row = self._db.execute(sa.select(run_images).where(run_images.c.id == run_image_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such picture in a run")
        return StoredPicture(id=row.id, name=row.name, sha256=row.sha256, orientation=row.orientation)

    def waiting(self, run_id: str) -> list[StoredPicture]:
        """Return the pictures that have neither detections nor an error, in order."""
        where = run_images.c.run_id == run_id, run_images.c.detections.is_(None), run_images.c.error.is_(None)
        rows = self._db.execute(sa.select(run_images).where(*where).order_by(run_images.c.position))
        return [StoredPicture(id=r.id, name=r.name, sha256=r.sha256, orientation=r.orientation) for r in rows]

    def images_page(
        self, run_id: str, cursor: str | None, limit: int, *, min_score: float | None = None
    ) -> Page[RunImage]:
        """Return pictures in their order; with `min_score` only those with a detection of at least that score."""
        query = sa.select(run_images).where(run_images.c.run_id == run_id)
        if min_score is not None:
            query = query.where(run_images.c.max_score >= min_score)
        return keyset.page(self._db, query, (run_images.c.position,), _image, cursor=cursor, limit=limit)

    def put_outcomes(self, outcomes: Sequence[RunOutcome]) -> None:
        """Write what was found on pictures."""
        rows = [
            {
                "key": item.id,
                "found": None if item.detections is None else [row_to_json(row) for row in item.detections],
                "best": max((row.score for row in item.detections or ()), default=None),
                "problem": item.error,
            }
            for item in outcomes
        ]
        if not rows:
            return
        names = {"detections": "found", "max_score": "best", "error": "problem"}
        statement = sa.update(run_images).where(run_images.c.id == sa.bindparam("key"))
        self._db.execute(statement.values(**{column: sa.bindparam(name) for column, name in names.items()}), rows)
