"""Which blobs are still needed."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.storage.tables import (
    dataset_versions,
    evaluations,
    image_maps,
    images,
    jobs,
    model_variants,
    models,
    run_images,
    starting_weights,
    videos,
)

# A model that is deleted takes its reports along.
_REPORTS = (
    sa.select(evaluations.c.report_sha256)
    .join(models, models.c.id == evaluations.c.model_id)
    .where(evaluations.c.report_sha256.is_not(None), models.c.deleted_at.is_(None))
)
_SHA256 = re.compile(r"[0-9a-f]{64}")

_COLUMNS = (
    starting_weights.c.sha256,
    images.c.sha256,
    models.c.onnx_sha256,
    models.c.weights_sha256,
    model_variants.c.onnx_sha256,
    run_images.c.sha256,
    videos.c.sha256,
    videos.c.pack_sha256,
    image_maps.c.sha256,
)


class ReferenceRepository:
    """Reads every table that names a blob."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def manifests(self) -> list[str]:
        """Return the manifests of all versions; they in turn name the bytes of their pictures."""
        return list(self._db.scalars(sa.select(dataset_versions.c.manifest_sha256)))

    def named(self) -> Iterator[str]:
        """Yield every blob that a row names, some more than once: pictures (also in the trash), models, runs, jobs."""
        yield from self.certain()
        yield from self.mentioned()

    def certain(self) -> Iterator[str]:
        """Yield the blobs that columns name: pictures, videos, models, reports, runs, versions, maps."""
        for column in _COLUMNS:
            yield from (found for found in self._db.scalars(sa.select(column).distinct()) if found)
        yield from self._db.scalars(_REPORTS)
        yield from self.manifests()

    def mentioned(self) -> Iterator[str]:
        """Yield what jobs mention. They keep JSON of their own making: anything that looks like a hash counts."""
        raw = sa.select(sa.type_coerce(jobs.c.params, sa.Text), sa.type_coerce(jobs.c.result, sa.Text))
        for row in self._db.execute(raw):
            for text in row:
                yield from _SHA256.findall(text or "")
