"""The audit log: rows are added and read, never changed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.paging import Page
from boxwright.domain.people import AuditEntry, Caller
from boxwright.storage.repositories import keyset
from boxwright.storage.tables import audit_log

_FIELDS = tuple(column.name for column in audit_log.columns)


def _make(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**{name: getattr(row, name) for name in _FIELDS})


class AuditRepository:
    """Table `audit_log`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self,
        caller: Caller | None,
        action: str,
        *,
        project_id: str | None = None,
        subject: str | None = None,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Note that `caller`, or the server itself, did `action`; `subject` is an id, `detail` small."""
        self.add_nobody(
            action,
            user_id=caller and caller.id,
            user_name=caller.name if caller else "",
            address=caller and caller.address,
            project_id=project_id,
            subject=subject,
            detail=dict(detail or {}),
        )

    def add_nobody(self, action: str, **values: object) -> None:
        """Note a deed of somebody who is not signed in: a sign-in that failed."""
        columns = {"user_name": "", "detail": {}, **values}
        self._db.execute(sa.insert(audit_log).values(id=new_id(), created_at=now(), action=action, **columns))

    def page(self, project_id: str | None, cursor: str | None, limit: int) -> Page[AuditEntry]:
        """Return entries, of one project or all, newest first."""
        query = sa.select(audit_log)
        if project_id is not None:
            query = query.where(audit_log.c.project_id == project_id)
        return keyset.page(self._db, query, (audit_log.c.id,), _make, cursor=cursor, limit=limit, descending=True)

    def delete_before(self, at: str) -> None:
        """Remove entries older than the time `at`."""
        self._db.execute(sa.delete(audit_log).where(audit_log.c.created_at < at))
