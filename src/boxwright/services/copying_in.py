"""A job that copies pictures in which are there by reference: all of a project, or some."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from boxwright.domain.clock import now
from boxwright.domain.errors import Cancelled
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.requests import CopyInRequest
from boxwright.jobs.kinds import JobKind
from boxwright.services.image_actions import chosen
from boxwright.services.originals import Originals
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.job_store import announce
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_DONE = "copied.json"
_TOLD = 100  # lines about what could not be copied


@dataclass(slots=True)
class _Done:
    """What was copied so far; a later start goes on behind `after`."""

    copied: int = 0
    failed: int = 0
    after: str = ""
    problems: list[str] = field(default_factory=list)


class CopyingIn:
    """Rules about copying in as a job. What was copied stays copied, also where the job is stopped."""

    def __init__(self, uow: UnitOfWork, originals: Originals, queue: Queue) -> None:
        self._uow, self._originals, self._queue = uow, originals, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="copy_in",
            entry="boxwright.jobs.nothing:run",
            prepare=self.prepare,
            adopt=self.adopt,
            attempts=3,
        )

    def submit(self, request: CopyInRequest, caller: Caller) -> Job:
        """Queue it for the images that are named, or for all. Raises NotFound, Invalid."""
        ids = list(dict.fromkeys(request.image_ids))
        if ids:
            with self._uow.write() as tx:
                chosen(tx, request.project_id, ids)
        title = "Copy images in" if len(ids) != 1 else "Copy an image in"
        return self._queue.add(new_job("copy_in", request.project_id, title, {"ids": ids}, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Copy, a few at a time: here are the keys to where they lie. Raises Cancelled, StorageFull, Unavailable."""
        project_id, noted = str(job.project_id), workdir / _DONE
        done = _Done(**json.loads(noted.read_text())) if noted.exists() else _Done()
        ids = cast("list[str]", job.params["ids"]) or None
        with self._uow.read() as tx:
            hashes = None if ids is None else sorted({image.sha256 for image in tx.images.some(project_id, ids)})
            total = done.copied + done.failed + tx.originals.waiting(project_id, done.after, hashes)
        started = time.monotonic()
        first = done.copied + done.failed
        while True:
            self._tell(job, done.copied + done.failed, total, time.monotonic() - started, first)
            batch = self._originals.copy_in(project_id, done.after, hashes=hashes)
            done.copied += batch.copied
            done.failed += len(batch.problems)
            done.problems = [*done.problems, *batch.problems][:_TOLD]
            if batch.next_after is None:
                break
            done.after = batch.next_after
            part = noted.with_suffix(".tmp")
            with full_disk_is_an_answer():
                part.write_text(json.dumps(asdict(done)))
                part.replace(noted)
        return {"result": {"copied": done.copied, "failed": done.failed, "problems": done.problems}}

    @staticmethod
    def adopt(tx: Transaction, job: Job, result: Mapping[str, Any], _workdir: Path) -> Mapping[str, object]:
        """Say how many are left."""
        return {**result, "left": tx.originals.count(str(job.project_id))}

    def _tell(self, job: Job, done: int, total: int, seconds: float, first: int) -> None:
        rate = seconds / (done - first) if done > first else None
        values: dict[str, Any] = {
            "phase": "copying",
            "done": done,
            "total": max(total, done),
            "seconds_left": None if rate is None else rate * (total - done),
        }
        with self._uow.write() as tx:
            if tx.jobs.get(job.id).stopping in ("keep", "discard"):
                raise Cancelled("the job was stopped; what was copied stays")
            tx.jobs.update(job.id, **values, heartbeat_at=now())
            announce(tx, tx.jobs.get(job.id))
