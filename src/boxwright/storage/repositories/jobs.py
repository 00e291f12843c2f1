"""Jobs, their curves and their logs."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.errors import NotFound
from boxwright.domain.jobs import Job, JobState, LogLine, Metric
from boxwright.domain.paging import Page
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import job_logs, job_metrics, jobs

_FIELDS = tuple(column.name for column in jobs.columns)


def _make(row: Row[Any]) -> Job:
    return Job(**{name: getattr(row, name) for name in _FIELDS})


class JobRepository:
    """Tables `jobs`, `job_metrics` and `job_logs`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, job: Job) -> None:
        """Insert a job."""
        values = {name: getattr(job, name) for name in _FIELDS}
        result = None if job.result is None else dict(job.result)
        self._db.execute(sa.insert(jobs).values(**values | {"params": dict(job.params), "result": result}))

    def find(self, job_id: str) -> Job | None:
        """Return a job."""
        row = self._db.execute(sa.select(jobs).where(jobs.c.id == job_id)).one_or_none()
        return _make(row) if row else None

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFound."""
        found = self.find(job_id)
        if found is None:
            raise NotFound("there is no such job")
        return found

    def page(
        self,
        project_id: str | None,
        *,
        kind: str | None = None,
        state: JobState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """Return jobs, newest first, of one project or of all."""
        query = sa.select(jobs)
        for column, value in ((jobs.c.project_id, project_id), (jobs.c.kind, kind), (jobs.c.state, state)):
            if value is not None:
                query = query.where(column == value)
        return keyset.page(self._db, query, (jobs.c.id,), _make, cursor=cursor, limit=limit, descending=True)

    def in_state(self, *states: JobState) -> list[Job]:
        """Return all jobs in these states, oldest first."""
        query = sa.select(jobs).where(jobs.c.state.in_(states)).order_by(jobs.c.id)
        return [_make(row) for row in self._db.execute(query)]

    def oldest_queued(self, kinds_busy: Iterable[str]) -> Job | None:
        """Return the oldest queued job whose kind is not busy."""
        query = sa.select(jobs).where(jobs.c.state == "queued", jobs.c.kind.not_in(tuple(kinds_busy)))
        row = self._db.execute(query.order_by(jobs.c.id).limit(1)).one_or_none()
        return _make(row) if row else None

    def update(self, job_id: str, *, only: Sequence[JobState] = (), **values: object) -> bool:
        """Change columns of a job, only while it is in a state of `only` if given; tell whether it was changed."""
        statement = sa.update(jobs).where(jobs.c.id == job_id)
        if only:
            statement = statement.where(jobs.c.state.in_(only))
        return self._db.execute(statement.values(**values)).rowcount == 1

    def interrupt(self, error: str, at: str) -> int:
        """Close every job that waits or runs, so that it can be resumed; returns how many. For a restored backup."""
        open_ = jobs.c.state.in_(("queued", "running"))
        closed = {"stopping": "", "seconds_left": None, "finished_at": at}
        unwanted = sa.update(jobs).where(open_, jobs.c.stopping == "discard")
        self._db.execute(unwanted.values(state="cancelled", **closed))
        failed = sa.update(jobs).where(open_).values(state="failed", error=error, error_code="interrupted", **closed)
        return self._db.execute(failed).rowcount

    def put_metrics(self, job_id: str, metrics: Sequence[Metric]) -> None:
        """Insert values of curves; a value for the same step and name is replaced."""
        rows = [{"job_id": job_id, "step": item.step, "name": item.name, "value": item.value} for item in metrics]
        if not rows:
            return
        statement = insert(self._db.dialect.name, job_metrics)
        key = ["job_id", "step", "name"]
        new = {"value": statement.excluded.value}
        self._db.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)

    def metrics(self, job_id: str, after_step: int | None = None) -> tuple[Metric, ...]:
        """Return the curves behind a step, by step and name."""
        query = sa.select(job_metrics).where(job_metrics.c.job_id == job_id)
        if after_step is not None:
            query = query.where(job_metrics.c.step > after_step)
        rows = self._db.execute(query.order_by(job_metrics.c.step, job_metrics.c.name))
        return tuple(Metric(step=row.step, name=row.name, value=row.value) for row in rows)

    def last_log(self, job_id: str) -> int:
        """Return the number of the last log line, 0 where there is none."""
        return self._db.scalar(sa.select(sa.func.max(job_logs.c.number)).where(job_logs.c.job_id == job_id)) or 0

    def add_log(self, job_id: str, lines: Sequence[LogLine]) -> None:
        """Append lines; their numbers must follow `last_log`."""
        names = ("number", "level", "message", "created_at")
        rows = [{"job_id": job_id, **{name: getattr(line, name) for name in names}} for line in lines]
        if rows:
            self._db.execute(sa.insert(job_logs), rows)

    def log(self, job_id: str, after: int = 0, limit: int = 1000) -> tuple[LogLine, ...]:
        """Return up to `limit` lines behind the number `after`."""
        where = job_logs.c.job_id == job_id, job_logs.c.number > after
        rows = self._db.execute(sa.select(job_logs).where(*where).order_by(job_logs.c.number).limit(limit))
        return tuple(
            LogLine(number=row.number, level=row.level, message=row.message, created_at=row.created_at) for row in rows
        )
