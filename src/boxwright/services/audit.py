"""Reading the audit log. Each service writes it, in the transaction of the deed."""

from datetime import timedelta

from boxwright.domain.clock import ago
from boxwright.domain.paging import Page
from boxwright.domain.people import AuditEntry
from boxwright.storage.unit_of_work import UnitOfWork

KEPT = timedelta(days=730)


class Audit:
    """Who did what, from where."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, project_id: str | None = None, *, cursor: str | None = None, limit: int = 50) -> Page[AuditEntry]:
        """Return entries, newest first; of all projects and none where `project_id` is None."""
        with self._uow.read() as tx:
            return tx.audit.page(project_id, cursor, limit)

    def tidy(self) -> None:
        """Forget what is older than two years."""
        with self._uow.write() as tx:
            tx.audit.delete_before(ago(KEPT))
