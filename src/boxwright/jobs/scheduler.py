"""Starts queued jobs while there is room for them."""

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.jobs import Job, StopMode
from boxwright.domain.ports import JobStore
from boxwright.jobs.kinds import JobKind
from boxwright.jobs.runners.base import Runner
from boxwright.jobs.supervisor import Supervisor
from boxwright.jobs.timings import Timings

log = logging.getLogger(__name__)
LIMITS: Mapping[str, int] = {"train": 1, "light": 2}
WATCH_SECONDS = 60.0
RETRY_SECONDS = 1.0


class Scheduler:
    """One thread that claims jobs and gives each to a `Supervisor`; it sleeps until `wake` or the end of a job.

    Args:
        store: the durable queue.
        runner: where tasks run.
        kinds: job kinds by name; read at every claim, so services may register theirs after construction.
        folder: `folder/<job id>` holds a job's files.
        limits: how many jobs of each group run at the same time (1 for a group not named).
        timings: see `Timings`.
    """

    def __init__(
        self,
        store: JobStore,
        runner: Runner,
        kinds: Mapping[str, JobKind[Any]],
        folder: Path,
        limits: Mapping[str, int] = LIMITS,
        timings: Timings | None = None,
    ) -> None:
        self._store, self._runner, self._kinds, self.folder = store, runner, kinds, folder
        self._limits, self._timings = limits, timings or Timings()
        self._running: dict[str, Supervisor] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)

    def start(self) -> None:
        """Take up what a former server left running, and start working."""
        self._thread.start()
        self.wake()

    def wake(self) -> None:
        """Look into the queue now: a job was added."""
        self._wake.set()

    def job_folder(self, job_id: str) -> Path:
        """Return the folder of a job: `work` while it runs, `output.log`, `files` that were kept."""
        return self.folder / job_id

    def request_stop(self, job_id: str, mode: StopMode) -> bool:
        """Pass a stop request to a running job; False when it does not run here."""
        with self._lock:
            supervisor = self._running.get(job_id)
        if supervisor is not None:
            supervisor.request_stop(mode)
        return supervisor is not None

    def close(self, seconds: float = 20.0) -> None:
        """End the children, put their jobs back into the queue, and end; waits at most `seconds` for each."""
        self._closing = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join(seconds)
        with self._lock:
            supervisors = list(self._running.values())
        for supervisor in supervisors:
            supervisor.close()
        for supervisor in supervisors:
            supervisor.join(seconds)

    def _loop(self) -> None:
        recovered = False
        while not self._closing:
            timeout = WATCH_SECONDS
            self._wake.clear()
            try:
                if not recovered:
                    self._store.requeue_abandoned()
                    recovered = True
                self._fill()
            except Exception:
                log.exception("the job queue cannot be read; trying again")
                timeout = RETRY_SECONDS
            if not self._closing:
                self._wake.wait(timeout)

    def _fill(self) -> None:
        while not self._closing:
            # Claim and registration are one step for request_stop: a job that says "running" can be reached.
            with self._lock:
                job = self._store.claim(self._busy())
                if job is None:
                    return
                supervisor = self._supervise(job)
                self._running[job.id] = supervisor
            supervisor.start()

    def _supervise(self, job: Job) -> Supervisor:
        folder, kind = self.job_folder(job.id), self._kinds.get(job.kind)
        return Supervisor(job, kind, self._store, self._runner, folder, self._timings, self._ended)

    def _busy(self) -> list[str]:
        kinds = dict(self._kinds)
        used = Counter(kinds[item.job.kind].group for item in self._running.values() if item.job.kind in kinds)
        return [name for name, kind in kinds.items() if used[kind.group] >= self._limits.get(kind.group, 1)]

    def _ended(self, job_id: str) -> None:
        with self._lock:
            self._running.pop(job_id, None)
        self.wake()
