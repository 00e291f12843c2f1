"""A `JobStore` in memory, for tests of the mechanics; the real one has its own tests."""

import threading
from dataclasses import replace

from boxwright.domain.clock import now
from boxwright.domain.errors import NotFound, Unavailable
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import FINISHED, Job


class MemoryStore:
    def __init__(self):
        self.jobs, self.events, self.adopted = {}, {}, {}
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.failures = 0
        self.adopt_error = None

    def add(self, kind, **params):
        empty = dict.fromkeys(
            ("project_id", "seconds_left", "result", "error_code", "error", "created_by", "started_at", "finished_at",
             "heartbeat_at"))  # fmt: skip
        job = Job(id=new_id(), kind=kind, state="queued", stopping="", title=kind, phase="", done=0, total=0, attempt=0,
                  params=params, created_at=now(), **empty)  # fmt: skip
        with self.changed:
            self.jobs[job.id] = job
            self.events[job.id] = []
        return job.id

    def _set(self, job_id, **values):
        with self.changed:
            self.jobs[job_id] = replace(self.get(job_id), **values)
            self.changed.notify_all()

    def _fail_for_a_while(self):
        with self.lock:
            if self.failures:
                self.failures -= 1
                raise Unavailable("the database is locked")

    def claim(self, kinds_busy):
        self._fail_for_a_while()
        with self.lock:
            for job in self.jobs.values():
                if job.state == "queued" and job.kind not in kinds_busy:
                    self._set(job.id, state="running", attempt=job.attempt + 1)
                    return self.jobs[job.id]
        return None

    def get(self, job_id):
        if job_id not in self.jobs:
            raise NotFound("no such job")
        return self.jobs[job_id]

    def apply(self, job_id, events):
        self._fail_for_a_while()
        with self.changed:
            self.events[job_id].extend(events)
            for event in events:
                if event.kind == "started" and "attempt" in event.data:
                    self._set(job_id, attempt=event.data["attempt"])
            self.changed.notify_all()

    def finish(self, job_id, state, *, error=None, code=None):
        self._fail_for_a_while()
        self._set(job_id, state=state, error=error, error_code=code)

    def adopt(self, job_id, result, workdir):
        self._fail_for_a_while()
        if self.adopt_error:
            raise self.adopt_error
        self.adopted[job_id] = sorted(item.name for item in workdir.iterdir())
        self._set(job_id, state="succeeded", result=result)

    def requeue(self, job_id):
        self._set(job_id, state="queued", attempt=self.jobs[job_id].attempt - 1)

    def requeue_abandoned(self):
        with self.lock:
            left = [job.id for job in self.jobs.values() if job.state == "running"]
            for job_id in left:
                self._set(job_id, state="queued")
            return left

    def wait(self, job_id, done=lambda job: job.state in FINISHED, seconds=120):
        with self.changed:
            assert self.changed.wait_for(lambda: done(self.jobs[job_id]), seconds), self.jobs[job_id]
            return self.jobs[job_id]

    def wait_event(self, job_id, kind, seconds=120):
        with self.changed:
            assert self.changed.wait_for(lambda: any(e.kind == kind for e in self.events[job_id]), seconds)

    def metrics(self, job_id):
        return [(e.data["step"], e.data["values"]) for e in self.events[job_id] if e.kind == "metric"]
