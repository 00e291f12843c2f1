"""The same request sent twice gets the first answer again."""

from datetime import timedelta

from boxwright.domain.clock import ago
from boxwright.domain.errors import Conflict
from boxwright.storage.repositories.answers import StoredAnswer
from boxwright.storage.unit_of_work import UnitOfWork

KEEP = timedelta(hours=24)


class Idempotency:
    """Remembers answers for a day."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def start(self) -> None:
        """Forget what a former server left at work."""
        with self._uow.write() as tx:
            tx.answers.release_all()

    def tidy(self) -> None:
        """Forget what is older than a day."""
        with self._uow.write() as tx:
            tx.answers.sweep(ago(KEEP))

    def begin(self, key: str) -> StoredAnswer | None:
        """Return the answer that was given under `key`, or None where the request is to be done now.

        Raises:
            Conflict: with code `request_in_progress` while the first request is still at work.
        """
        with self._uow.write() as tx:
            found = tx.answers.claim(key)
        if found is not None and found.status is None:
            raise Conflict("the same request is still at work; wait for its answer", code="request_in_progress")
        return found

    def finish(self, key: str, answer: StoredAnswer) -> None:
        """Keep an answer; one that says the server failed is forgotten, so that the request can be tried again."""
        with self._uow.write() as tx:
            if answer.status is None or answer.status >= 500 or answer.status in (401, 403):
                tx.answers.release(key)
            else:
                tx.answers.store(key, answer)
