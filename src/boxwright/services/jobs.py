"""Jobs as people see them: lists, curves, logs, stopping, resuming, files."""

import mimetypes
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from boxwright.domain.answers import FileAnswer
from boxwright.domain.clock import ago, now
from boxwright.domain.errors import Conflict, NotFound
from boxwright.domain.jobs import FINISHED, Job, JobState, LogLine, Metric
from boxwright.domain.paging import Page
from boxwright.jobs.scheduler import Scheduler
from boxwright.storage.job_store import announce
from boxwright.storage.unit_of_work import UnitOfWork

LOG_FILE = "output.log"
LISTED = 100
WORK_LIFE, FILES_LIFE = timedelta(days=7), timedelta(days=30)


class Jobs:
    """The queue's public face."""

    def __init__(self, uow: UnitOfWork, scheduler: Scheduler) -> None:
        self._uow, self._scheduler = uow, scheduler

    def page(
        self,
        project_id: str | None,
        *,
        kind: str | None = None,
        state: JobState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """Return jobs, newest first. An import's problems, and the ids of more than 100 pictures, are only in `get`."""
        with self._uow.read() as tx:
            page = tx.jobs.page(project_id, kind=kind, state=state, cursor=cursor, limit=limit)
        return replace(page, items=tuple(map(_light, page.items)))

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.jobs.get(job_id)

    def metrics(self, job_id: str, after_step: int | None = None) -> tuple[Metric, ...]:
        """Return the values of all curves at steps beyond `after_step`."""
        with self._uow.read() as tx:
            return tx.jobs.metrics(job_id, after_step)

    def log(self, job_id: str, after: int = 0) -> tuple[LogLine, ...]:
        """Return log lines numbered beyond `after`, at most 1,000."""
        with self._uow.read() as tx:
            return tx.jobs.log(job_id, after)

    def cancel(self, job_id: str, *, keep: bool = False) -> Job:
        """Stop a job: with `keep` it finishes early with what it has, otherwise it is broken off.

        A job that waits or is paused is cancelled at once; for one that has ended nothing changes.
        """
        with self._uow.write() as tx:
            job = tx.jobs.get(job_id)
            mode = "keep" if keep and job.stopping != "discard" else "discard"
            # Not by the state just read: on PostgreSQL the job may start or end in between.
            changed = tx.jobs.update(
                job_id, only=("queued", "paused"), state="cancelled", stopping="", finished_at=now()
            )
            changed = changed or tx.jobs.update(job_id, only=("running",), stopping=mode)
            job = tx.jobs.get(job_id)
            if not changed:
                return job
            announce(tx, job)
        if job.state == "running":
            self._scheduler.request_stop(job_id, "keep" if mode == "keep" else "discard")
        return job

    def pause(self, job_id: str) -> Job:
        """Lay a job aside until it is resumed; one that runs writes a checkpoint first.

        A restart of the server changes nothing about it. For a job that stops already or has ended nothing changes.
        """
        with self._uow.write() as tx:
            changed = tx.jobs.update(job_id, only=("queued",), state="paused")
            if not changed and not tx.jobs.get(job_id).stopping:
                changed = tx.jobs.update(job_id, only=("running",), stopping="pause")
            job = tx.jobs.get(job_id)
            if not changed:
                return job
            announce(tx, job)
        if job.state == "running":
            self._scheduler.request_stop(job_id, "pause")
        return job

    def resume(self, job_id: str) -> Job:
        """Queue a paused, failed or cancelled job again; it goes on from its last checkpoint.

        A job that waits or runs stays as it is. Raises Conflict for one that has succeeded.
        """
        with self._uow.write() as tx:
            job = tx.jobs.get(job_id)
            if job.state == "succeeded":
                raise Conflict("the job has succeeded; start a new one", code="job_succeeded")
            if job.state not in (*FINISHED, "paused"):
                return job
            fresh = {"state": "queued", "stopping": "", "attempt": 0, "error": None, "error_code": None}
            tx.jobs.update(job_id, only=("paused", "failed", "cancelled"), **fresh, finished_at=None)
            job = tx.jobs.get(job_id)
            announce(tx, job)
        self._scheduler.wake()
        return job

    def file(self, job_id: str, name: str) -> FileAnswer:
        """Return a file that a job made (an export's ZIP, `output.log`). Raises NotFound."""
        self.get(job_id)
        folder = self._scheduler.job_folder(job_id)
        found = {path.name: path for path in (folder / "files").glob("*")} | {LOG_FILE: folder / LOG_FILE}
        path = found.get(name)
        if path is None or path.is_symlink() or not path.is_file():
            raise NotFound("the job has no such file")
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return FileAnswer(path=path, mime=mime, name=name)

    def tidy(self) -> None:
        """Remove what nobody will ask for: work of jobs that ended a week ago, files of those of a month ago."""
        for folder in self._scheduler.folder.glob("*"):
            with self._uow.read() as tx:
                job = tx.jobs.find(folder.name)
            if job is None:  # went with its project
                shutil.rmtree(folder, ignore_errors=True)
            elif job.finished_at is not None:
                if job.finished_at < ago(WORK_LIFE):
                    shutil.rmtree(folder / "work", ignore_errors=True)
                if job.finished_at < ago(FILES_LIFE):
                    shutil.rmtree(folder / "files", ignore_errors=True)


def _light(job: Job) -> Job:
    named = job.params.get("image_ids")
    if isinstance(named, list) and len(named) > LISTED:
        job = replace(job, params={**job.params, "image_ids": named[:LISTED]})
    report = (job.result or {}).get("report")
    if not isinstance(report, Mapping):
        return job
    return replace(job, result={**(job.result or {}), "report": {**report, "problems": []}})
