"""How services put jobs into the queue."""

from collections.abc import Callable, Mapping

from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.storage.job_store import announce
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


def new_job(kind: str, project_id: str, title: str, params: Mapping[str, object], caller: Caller) -> Job:
    """Return a job that waits for its turn."""
    return Job(
        id=new_id(),
        kind=kind,
        project_id=project_id,
        state="queued",
        stopping="",
        title=title,
        phase="",
        done=0.0,
        total=0.0,
        seconds_left=None,
        attempt=0,
        params=params,
        result=None,
        error_code=None,
        error=None,
        created_by=caller.id,
        created_at=now(),
        started_at=None,
        finished_at=None,
        heartbeat_at=None,
    )


def enqueue(tx: Transaction, job: Job) -> Job:
    """Insert a job in an open transaction; wake the scheduler after the commit."""
    tx.jobs.add(job)
    announce(tx, job)
    return job


class Queue:
    """Adds a job in a transaction of its own, then wakes the scheduler."""

    def __init__(self, uow: UnitOfWork, wake: Callable[[], None]) -> None:
        self._uow = uow
        self.wake = wake

    def add(self, job: Job, also: Callable[[Transaction], None] | None = None, *, caller: Caller | None = None) -> Job:
        """Insert a job, and do `also` in the same transaction. Raises NotFound where its project is in the trash."""
        with self._uow.write() as tx:
            if job.project_id is not None:
                tx.projects.get(job.project_id)
            if also is not None:
                also(tx)
            enqueue(tx, job)
            detail = {"kind": job.kind, "title": job.title}
            tx.audit.add(caller, "job.start", project_id=job.project_id, subject=job.id, detail=detail)
        self.wake()
        return job
