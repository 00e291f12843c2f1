"""Models and their evaluations; the files lie in the blob store."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.cards import card_from_json, metrics_from_json
from boxwright.domain.clock import now
from boxwright.domain.errors import NotFound
from boxwright.domain.models import Evaluation, Metrics, Model, ModelCard
from boxwright.domain.paging import Page
from boxwright.storage.repositories import keyset
from boxwright.storage.tables import evaluations, model_variants, models

_FIELDS = (
    "id", "project_id", "name", "architecture", "task", "version_id", "job_id", "parent_id", "onnx_bytes",
    "created_at", "deleted_at",
)  # fmt: skip

_chosen = sa.and_(model_variants.c.model_id == models.c.id, model_variants.c.precision == models.c.serving)
_SERVING = (
    sa.select(
        sa.func.coalesce(model_variants.c.onnx_sha256, models.c.onnx_sha256).label("onnx_sha256"),
        models.c.job_id,
        sa.cast(models.c.card, sa.Text).label("card"),
    )
    .select_from(models.outerjoin(model_variants, _chosen))
    .where(models.c.id == sa.bindparam("id"), models.c.deleted_at.is_(None))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelFiles:
    """The blobs of a model: SHA-256 of the ONNX file and of the trained weights, where there are any.

    Of networks for outlines by clicks (task `assist`): of the encoder, and of the decoder.
    """

    onnx_sha256: str
    weights_sha256: str | None


class Serving(NamedTuple):
    """What it takes to answer with a model: its file, its card, and whether it comes from elsewhere."""

    onnx_sha256: str
    card: ModelCard
    foreign: bool


def _metrics(value: Mapping[str, Any] | None) -> Metrics | None:
    return None if value is None else metrics_from_json(value)


def _model(row: Row[Any]) -> Model:
    return Model(
        **{name: getattr(row, name) for name in _FIELDS},
        card=card_from_json(row.card),
        val=_metrics(row.val),
        test=_metrics(row.test),
    )


def _evaluation(row: Row[Any]) -> Evaluation:
    names = ("id", "model_id", "version_id", "job_id", "split", "created_at", "report_sha256")
    return Evaluation(**{name: getattr(row, name) for name in names}, metrics=metrics_from_json(row.metrics))


@lru_cache(maxsize=64)  # a card of 80 classes takes longer to read than a picture to prepare
def _parsed(card: str) -> ModelCard:
    return card_from_json(json.loads(card))


class ModelRepository:
    """Tables `models` and `evaluations`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, model: Model, files: ModelFiles) -> None:
        """Insert a model."""
        values = {name: getattr(model, name) for name in _FIELDS} | {"card": asdict(model.card)}
        values |= {name: asdict(found) if found else None for name, found in (("val", model.val), ("test", model.test))}
        self._db.execute(sa.insert(models).values(**values, **asdict(files)))

    def get(self, model_id: str) -> Model:
        """Return a living model. Raises NotFound."""
        query = sa.select(models).where(models.c.id == model_id, models.c.deleted_at.is_(None))
        row = self._db.execute(query).one_or_none()
        if row is None:
            raise NotFound("there is no such model")
        return _model(row)

    def files(self, model_id: str) -> ModelFiles:
        """Return the blobs of a model, also of a deleted one. Raises NotFound."""
        query = sa.select(models.c.onnx_sha256, models.c.weights_sha256).where(models.c.id == model_id)
        row = self._db.execute(query).one_or_none()
        if row is None:
            raise NotFound("there is no such model")
        return ModelFiles(onnx_sha256=row.onnx_sha256, weights_sha256=row.weights_sha256)

    def serving(self, model_id: str) -> Serving:
        """Return what a living model answers with. Raises NotFound."""
        row = self._db.execute(_SERVING, {"id": model_id}).one_or_none()
        if row is None:
            raise NotFound("there is no such model")
        return Serving(row.onnx_sha256, _parsed(row.card), row.job_id is None)

    def page(self, project_id: str, cursor: str | None, limit: int, *, assist: bool = False) -> Page[Model]:
        """Return living models, newest first; with `assist` also those that find nothing by themselves."""
        query = sa.select(models).where(models.c.project_id == project_id, models.c.deleted_at.is_(None))
        if not assist:
            query = query.where(models.c.task != "assist")
        return keyset.page(self._db, query, (models.c.id,), _model, cursor=cursor, limit=limit, descending=True)

    def assisting(self, project_id: str) -> tuple[str, ModelFiles] | None:
        """Return name and files of the newest living networks for outlines by clicks; None where there are none."""
        query = (
            sa.select(models.c.name, models.c.onnx_sha256, models.c.weights_sha256)
            .where(models.c.project_id == project_id, models.c.task == "assist", models.c.deleted_at.is_(None))
            .order_by(models.c.id.desc())
            .limit(1)
        )
        row = self._db.execute(query).one_or_none()
        if row is None:
            return None
        return row.name, ModelFiles(onnx_sha256=row.onnx_sha256, weights_sha256=row.weights_sha256)

    def update(self, model_id: str, **values: object) -> None:
        """Change columns; `val` and `test` take Metrics."""
        plain = {name: asdict(value) if isinstance(value, Metrics) else value for name, value in values.items()}
        self._db.execute(sa.update(models).where(models.c.id == model_id).values(**plain))

    def delete(self, model_id: str) -> None:
        """Take a model out of the library; its files stay until they are swept."""
        self.update(model_id, deleted_at=now())

    def add_evaluation(self, evaluation: Evaluation, project_id: str) -> None:
        """Insert an evaluation."""
        values = asdict(evaluation) | {"project_id": project_id}
        self._db.execute(sa.insert(evaluations).values(**values))

    def evaluation(self, evaluation_id: str) -> Evaluation | None:
        """Return an evaluation."""
        row = self._db.execute(sa.select(evaluations).where(evaluations.c.id == evaluation_id)).one_or_none()
        return _evaluation(row) if row else None

    def evaluations(self, model_id: str) -> tuple[Evaluation, ...]:
        """Return the evaluations of a model, newest first."""
        query = sa.select(evaluations).where(evaluations.c.model_id == model_id).order_by(evaluations.c.id.desc())
        return tuple(_evaluation(row) for row in self._db.execute(query))
