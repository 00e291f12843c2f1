"""The durable queue of `boxwright.domain.ports.JobStore` in the database."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, cast

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict
from boxwright.domain.events import Event
from boxwright.domain.jobs import Job, JobEvent, JobState, LogLine, Metric
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

Adopt = Callable[[Transaction, Job, Mapping[str, object], Path], Mapping[str, object]]
Level = Literal["info", "warning", "error"]
MAX_STARTS = 10


class DatabaseJobStore:
    """Jobs as rows.

    Args:
        uow: opens transactions.
        adopter: returns the function that takes over the result of a job kind; it runs inside the closing transaction.
    """

    def __init__(self, uow: UnitOfWork, adopter: Callable[[str], Adopt]) -> None:
        self._uow, self._adopter = uow, adopter

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.jobs.get(job_id)

    def claim(self, kinds_busy: Iterable[str]) -> Job | None:
        """Take the oldest queued job whose kind is not busy, set it running and return it."""
        with self._uow.write() as tx:
            job = tx.jobs.oldest_queued(kinds_busy)
            if job is None:
                return None
            at = now()
            values: dict[str, Any] = {
                "state": "running",
                "attempt": job.attempt + 1,
                "phase": "preparing",
                "heartbeat_at": at,
            }
            tx.jobs.update(job.id, **values, started_at=job.started_at or at, seconds_left=None)
            return _announce(tx, job.id)

    def apply(self, job_id: str, events: Iterable[JobEvent]) -> None:
        """Record a batch of a child's events; nothing is recorded for a job that runs no more.

        Raises NotFound where the job is gone, with its project.
        """
        events = tuple(events)
        with self._uow.write() as tx:
            project_id = tx.jobs.get(job_id).project_id
            if not tx.jobs.update(job_id, only=("running",), heartbeat_at=now(), **_columns(events)):
                return
            if metrics := _metrics(events):
                tx.jobs.put_metrics(job_id, metrics)
                data = {"step": max(item.step for item in metrics)}
                tx.publish(Event(topic="job.metric", project_id=project_id, id=job_id, data=data))
            if lines := _lines(events, tx.jobs.last_log(job_id)):
                tx.jobs.add_log(job_id, lines)
                tx.publish(Event(topic="job.log", project_id=project_id, id=job_id, data={"number": lines[-1].number}))
            if any(event.kind in ("progress", "started") for event in events):
                _announce(tx, job_id)

    def finish(self, job_id: str, state: JobState, *, error: str | None = None, code: str | None = None) -> None:
        """Close a running job that has no result, or lay it aside (`paused`)."""
        with self._uow.write() as tx:
            if state == "paused":
                _lay_aside(tx, job_id)
                return
            _close(tx, job_id, state, error=None if error is None else _plain(error), error_code=code)

    def adopt(self, job_id: str, result: Mapping[str, object], workdir: Path) -> None:
        """Take over the files of a finished task and close the job, in one transaction."""
        with self._uow.write() as tx:
            job = tx.jobs.get(job_id)
            if job.state != "running":
                raise Conflict("the job is closed already")
            stored = self._adopter(job.kind)(tx, job, result, workdir)
            _close(tx, job_id, "succeeded", result=dict(stored), done=job.total)

    def requeue(self, job_id: str) -> None:
        """Put a running job back into the queue because the server shuts down; the start does not count."""
        with self._uow.write() as tx:
            job = tx.jobs.get(job_id)
            tx.jobs.update(job_id, only=("running",), state="queued", attempt=max(0, job.attempt - 1))
            _announce(tx, job_id)

    def requeue_abandoned(self) -> list[str]:
        """Put jobs that a former server left running back into the queue; return their ids.

        A job that a person had cancelled is closed instead, and so is one that was started so often that it may be what
        brings the server down.
        """
        queued = []
        with self._uow.write() as tx:
            for job in tx.jobs.in_state("running"):
                if job.stopping == "discard":
                    _close(tx, job.id, "cancelled")
                elif job.stopping == "pause":
                    _lay_aside(tx, job.id)
                elif job.attempt >= MAX_STARTS:
                    message = f"the server stopped {job.attempt} times while this job ran; resume it to try again"
                    _close(tx, job.id, "failed", error=message, error_code="too_many_starts")
                else:
                    tx.jobs.update(job.id, state="queued", seconds_left=None)
                    queued.append(job.id)
                    _announce(tx, job.id)
        return queued


def announce(tx: Transaction, job: Job) -> None:
    """Tell the listeners how a job stands, once the transaction is committed."""
    data = {"kind": job.kind, "state": job.state, "phase": job.phase, "done": job.done, "total": job.total}
    data |= {"seconds_left": job.seconds_left, "stopping": job.stopping}
    tx.publish(Event(topic="job", project_id=job.project_id, id=job.id, data=data))


def _announce(tx: Transaction, job_id: str) -> Job:
    job = tx.jobs.get(job_id)
    announce(tx, job)
    return job


def _close(tx: Transaction, job_id: str, state: JobState, **values: object) -> None:
    if tx.jobs.update(
        job_id, only=("running",), state=state, stopping="", seconds_left=None, finished_at=now(), **values
    ):
        _announce(tx, job_id)


def _lay_aside(tx: Transaction, job_id: str) -> None:
    if tx.jobs.update(job_id, only=("running",), state="paused", stopping="", seconds_left=None, attempt=0):
        _announce(tx, job_id)


def _plain(value: object) -> str:
    """Return text that a database takes: libraries print what they like."""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _columns(events: tuple[JobEvent, ...]) -> dict[str, object]:
    values: dict[str, object] = {}
    for event in events:
        if event.kind == "progress":
            values |= {name: event.data.get(name) for name in ("done", "total", "seconds_left")}
            values["phase"] = _plain(event.data.get("phase", ""))
        elif event.kind == "started" and "attempt" in event.data:
            values |= {"attempt": event.data["attempt"]}
    return values


def _metrics(events: tuple[JobEvent, ...]) -> list[Metric]:
    latest: dict[tuple[int, str], float] = {}
    for event in events:
        if event.kind == "metric":
            data = cast("Mapping[str, Any]", event.data)
            latest |= {(int(data["step"]), _plain(name)): float(value) for name, value in data["values"].items()}
    return [Metric(step=step, name=name, value=value) for (step, name), value in latest.items()]


def _lines(events: tuple[JobEvent, ...], last: int) -> list[LogLine]:
    said = [event.data for event in events if event.kind == "log"]
    at = now()
    return [
        LogLine(
            number=last + 1 + index, level=cast("Level", data["level"]), message=_plain(data["message"]), created_at=at
        )
        for index, data in enumerate(said)
    ]
