"""Models in other precisions, and which one predicts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.cards import metrics_from_json
from boxwright.domain.errors import NotFound
from boxwright.domain.variants import PRECISIONS, ModelVariants, Precision, Variant
from boxwright.storage.tables import model_variants as variants
from boxwright.storage.tables import models


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVariant:
    """A variant and its blob."""

    variant: Variant
    onnx_sha256: str | None


class VariantRepository:
    """Table `model_variants`, and the column `serving` of `models`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def replace(
        self, model_id: str, rows: Sequence[StoredVariant], *, split: str, job_id: str, created_at: str
    ) -> None:
        """Put these in the place of what was there; one that is no longer there does not go on predicting."""
        serving = self.serving(model_id)
        self.drop(model_id)
        for row in rows:
            item = row.variant
            self._db.execute(
                sa.insert(variants).values(
                    model_id=model_id,
                    precision=item.precision,
                    onnx_sha256=row.onnx_sha256,
                    onnx_bytes=item.bytes,
                    milliseconds=item.milliseconds,
                    metrics=asdict(item.metrics) if item.metrics else None,
                    error=item.error,
                    split=split,
                    job_id=job_id,
                    created_at=created_at,
                )
            )
        if any(row.variant.precision == serving and row.onnx_sha256 for row in rows):
            self.serve(model_id, serving)

    def drop(self, model_id: str) -> None:
        """Forget all variants of a model; its own file predicts."""
        self._db.execute(sa.delete(variants).where(variants.c.model_id == model_id))
        self.serve(model_id, "fp32")

    def serving(self, model_id: str) -> Precision:
        """Return which variant predicts."""
        found: Precision | None = self._db.scalar(sa.select(models.c.serving).where(models.c.id == model_id))
        return found or "fp32"

    def serve(self, model_id: str, precision: Precision) -> None:
        """Let a variant predict."""
        value = None if precision == "fp32" else precision
        self._db.execute(sa.update(models).where(models.c.id == model_id).values(serving=value))

    def file(self, model_id: str, precision: Precision) -> str:
        """Return the blob of a model in a precision. Raises NotFound, with code `variant_missing`."""
        if precision == "fp32":
            found = self._db.scalar(sa.select(models.c.onnx_sha256).where(models.c.id == model_id))
        else:
            query = sa.select(variants.c.onnx_sha256).where(
                variants.c.model_id == model_id, variants.c.precision == precision
            )
            found = self._db.scalar(query)
        if found is None:
            message = f"this model has no {precision} file; make its variants first"
            raise NotFound(message, code="variant_missing")
        return str(found)

    def served(self, model_id: str) -> str:
        """Return the blob of the variant that predicts. Raises NotFound."""
        return self.file(model_id, self.serving(model_id))

    def of(self, model_id: str) -> ModelVariants:
        """Return the variants of a model; before any were made, its own file alone. Raises NotFound."""
        size = self._db.scalar(
            sa.select(models.c.onnx_bytes).where(models.c.id == model_id, models.c.deleted_at.is_(None))
        )
        if size is None:
            raise NotFound("there is no such model")
        query = sa.select(variants).where(variants.c.model_id == model_id)
        found = {str(row["precision"]): row for row in self._db.execute(query).mappings()}
        rows = tuple(_variant(found[name]) for name in PRECISIONS if name in found)
        about = next(iter(found.values()), None)
        shared = {} if about is None else {name: about[name] for name in ("split", "job_id", "created_at")}
        return ModelVariants(
            model_id=model_id,
            serving=self.serving(model_id),
            rows=rows or (Variant(precision="fp32", bytes=size),),
            **shared,
        )


def _variant(row: sa.RowMapping) -> Variant:
    return Variant(
        precision=row["precision"],
        bytes=row["onnx_bytes"],
        milliseconds=row["milliseconds"],
        metrics=None if row["metrics"] is None else metrics_from_json(row["metrics"]),
        error=row["error"],
    )
