"""Resumable uploads: how far each has come. The bytes lie in a folder."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.clock import now
from boxwright.domain.exchange import Upload
from boxwright.storage.tables import uploads

_FIELDS = ("id", "name", "size", "received", "created_at")


def _make(row: Row[Any]) -> Upload:
    return Upload(**{name: getattr(row, name) for name in _FIELDS})


class UploadRepository:
    """Table `uploads`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, upload: Upload, user_id: str) -> None:
        """Insert an upload."""
        values = {name: getattr(upload, name) for name in _FIELDS}
        self._db.execute(sa.insert(uploads).values(**values, user_id=user_id, updated_at=now()))

    def find(self, upload_id: str, user_id: str) -> Upload | None:
        """Return an upload of this user."""
        where = uploads.c.id == upload_id, uploads.c.user_id == user_id
        row = self._db.execute(sa.select(uploads).where(*where)).one_or_none()
        return _make(row) if row else None

    def advance(self, upload_id: str, base: int, received: int) -> bool:
        """Note how many bytes are safe, if `base` was the number before; tell whether it was."""
        where = uploads.c.id == upload_id, uploads.c.received == base
        statement = sa.update(uploads).where(*where).values(received=received, updated_at=now())
        return self._db.execute(statement).rowcount == 1

    def delete(self, upload_id: str) -> None:
        """Remove an upload."""
        self._db.execute(sa.delete(uploads).where(uploads.c.id == upload_id))

    def untouched_since(self, at: str) -> list[str]:
        """Return the ids of uploads that last moved before the time `at`."""
        return list(self._db.scalars(sa.select(uploads.c.id).where(uploads.c.updated_at < at)))
