"""Dataset versions: rows here, the manifest in the blob store."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.errors import NotFound
from boxwright.domain.models import DatasetVersion
from boxwright.domain.paging import Page
from boxwright.storage.repositories import keyset
from boxwright.storage.tables import dataset_versions

_FIELDS = (
    "id", "project_id", "name", "content_hash", "images", "annotations", "train", "val", "test", "created_at",
    "created_by",
)  # fmt: skip


def _make(row: Row[Any]) -> DatasetVersion:
    return DatasetVersion(**{name: getattr(row, name) for name in _FIELDS})


class VersionRepository:
    """Table `dataset_versions`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, version: DatasetVersion, manifest_sha256: str) -> None:
        """Insert a version."""
        values = {name: getattr(version, name) for name in _FIELDS}
        self._db.execute(sa.insert(dataset_versions).values(**values, manifest_sha256=manifest_sha256))

    def get(self, version_id: str) -> DatasetVersion:
        """Return a version. Raises NotFound."""
        row = self._db.execute(sa.select(dataset_versions).where(dataset_versions.c.id == version_id)).one_or_none()
        if row is None:
            raise NotFound("there is no such version")
        return _make(row)

    def manifest(self, version_id: str) -> str:
        """Return the SHA-256 of a version's manifest. Raises NotFound."""
        query = sa.select(dataset_versions.c.manifest_sha256).where(dataset_versions.c.id == version_id)
        found: str | None = self._db.scalar(query)
        if found is None:
            raise NotFound("there is no such version")
        return found

    def with_hash(self, project_id: str, content_hash: str) -> DatasetVersion | None:
        """Return the version of a project with this content."""
        where = dataset_versions.c.project_id == project_id, dataset_versions.c.content_hash == content_hash
        row = self._db.execute(sa.select(dataset_versions).where(*where)).one_or_none()
        return _make(row) if row else None

    def count(self, project_id: str) -> int:
        """Return how many versions a project has."""
        return self._db.scalar(sa.select(sa.func.count()).where(dataset_versions.c.project_id == project_id)) or 0

    def page(self, project_id: str, cursor: str | None, limit: int) -> Page[DatasetVersion]:
        """Return versions, newest first."""
        query = sa.select(dataset_versions).where(dataset_versions.c.project_id == project_id)
        key = (dataset_versions.c.id,)
        return keyset.page(self._db, query, key, _make, cursor=cursor, limit=limit, descending=True)
