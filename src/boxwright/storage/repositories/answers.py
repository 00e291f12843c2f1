"""Answers given to requests with an `Idempotency-Key`, so that a repeated request gets the same one."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.clock import now
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import answers


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered; `status` is None while the first request is still at work."""

    status: int | None
    media_type: str | None
    body: bytes | None


class AnswerRepository:
    """Table `answers`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def claim(self, key: str) -> StoredAnswer | None:
        """Take a key and return None, or return what stands under it already."""
        values = {"key": key, "created_at": now()}
        statement = insert(self._db.dialect.name, answers).values(values).on_conflict_do_nothing(index_elements=["key"])
        if self._db.scalar(statement.returning(answers.c.key)) is not None:
            return None
        row = self._db.execute(sa.select(answers).where(answers.c.key == key)).one()
        return StoredAnswer(row.status, row.media_type, row.body)

    def store(self, key: str, answer: StoredAnswer) -> None:
        """Keep the answer under a key that was claimed."""
        values = {"status": answer.status, "media_type": answer.media_type, "body": answer.body}
        self._db.execute(sa.update(answers).where(answers.c.key == key).values(values))

    def release(self, key: str) -> None:
        """Give a claimed key back: the request failed and may be tried again."""
        self._db.execute(sa.delete(answers).where(answers.c.key == key))

    def release_all(self) -> None:
        """Give back every claim: the server that was at work is no more."""
        self._db.execute(sa.delete(answers).where(answers.c.status.is_(None)))

    def sweep(self, before: str) -> None:
        """Forget answers older than `before`."""
        self._db.execute(sa.delete(answers).where(answers.c.created_at < before))
