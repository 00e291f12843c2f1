"""Follows one running job from its preparation to its end, in a thread of its own."""

import logging
import math
import queue
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from boxwright.domain.errors import BoxwrightError, Cancelled, StorageFull
from boxwright.domain.jobs import BREAKS_OFF, Job, JobEvent, StopMode, Stopping
from boxwright.domain.ports import JobStore
from boxwright.jobs.durably import Closing, durably
from boxwright.jobs.force import Force
from boxwright.jobs.kinds import JobKind
from boxwright.jobs.outcome import Outcome, judge
from boxwright.jobs.runners.base import Exit, Handle, Runner, TaskSpec
from boxwright.jobs.timings import Timings

log = logging.getLogger(__name__)
T = TypeVar("T")
DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Stop:
    mode: StopMode


class _Close:
    """The server shuts down."""


_Message = JobEvent | Exit | _Stop | _Close


class Supervisor(threading.Thread):
    """Runs one claimed job: prepare, start, record events, stop or restart, adopt or fail.

    Args:
        job: as claimed.
        kind: its kind, or None when this program does not know it.
        folder: the job's folder; the task works in `folder/work`.
        on_end: called last, from this thread.
    """

    def __init__(
        self,
        job: Job,
        kind: JobKind[Any] | None,
        store: JobStore,
        runner: Runner,
        folder: Path,
        timings: Timings,
        on_end: Callable[[str], None],
    ) -> None:
        super().__init__(name=f"job-{job.id}", daemon=True)
        self.job, self.kind, self.folder = job, kind, folder
        self._store, self._runner, self._timings, self._on_end = store, runner, timings, on_end
        self._inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._stopping: Stopping = job.stopping
        self._buffer: list[JobEvent] = []
        self._flush_at: float | None = None

    def request_stop(self, mode: StopMode) -> None:
        """Stop the job: `keep` what it has made so far, or `discard` or `pause` it (asked, then forced)."""
        self._inbox.put(_Stop(mode))

    def close(self) -> None:
        """The server shuts down: end the child; the job goes back into the queue."""
        self._closing.set()
        self._inbox.put(_Close())

    def run(self) -> None:
        """Do it all; never raises."""
        try:
            self._end(self._work())
        except Closing:
            self._hand_back()
        except Exception as error:  # a fault here must not leave the job running for ever
            log.exception("job %s", self.job.id)
            with suppress(Exception):
                message = error.message if isinstance(error, BoxwrightError) else f"{type(error).__name__}: {error}"
                self._store.finish(self.job.id, "failed", error=message, code="internal_error")
        finally:
            self._on_end(self.job.id)

    def _work(self) -> Outcome:
        if self.kind is None:
            return Outcome(error=f"this version has no job kind {self.job.kind!r}", code="job_kind_unknown")
        kind, crashes = self.kind, 0
        try:
            params = self._durably(lambda: self._prepare(kind), self._timings.patience)
        except Cancelled:
            return Outcome(cancelled=True)
        except BoxwrightError as error:
            return Outcome(error=error.message, code=error.code)
        while True:
            self._take_pending()
            if self._breaking_off:
                return Outcome(cancelled=True)
            outcome = self._attempt(kind, params)
            if not outcome.crashed or self._breaking_off:
                return outcome
            crashes += 1
            if crashes >= kind.attempts:
                return outcome
            self._restart_later(outcome, crashes, kind.attempts)

    def _prepare(self, kind: JobKind[Any]) -> Mapping[str, object]:
        # Here and not at the claim: a full disk fails this job, and does not leave it running for ever.
        (self.folder / "work").mkdir(parents=True, exist_ok=True)
        return kind.prepare(self.job, self.folder / "work")

    def _restart_later(self, outcome: Outcome, crashes: int, attempts: int) -> None:
        note = f"{outcome.error}; starting again from the last checkpoint ({crashes + 1} of {attempts})"
        self._add(JobEvent(kind="log", data={"message": note, "level": "warning"}))
        self._add(JobEvent(kind="started", data={"attempt": self.job.attempt + crashes}))
        self._flush()
        backoff = self._timings.backoff
        deadline = time.monotonic() + (backoff[min(crashes, len(backoff)) - 1] if backoff else 0.0)
        while not self._breaking_off and (left := deadline - time.monotonic()) > 0:
            with suppress(queue.Empty):
                self._note(self._inbox.get(timeout=left))

    def _attempt(self, kind: JobKind[Any], params: Mapping[str, object]) -> Outcome:
        spec = TaskSpec(entry=kind.entry, params=params, workdir=self.folder / "work", log=self.folder / "output.log")
        try:
            handle = self._runner.start(spec, self._inbox.put, self._inbox.put)
        except OSError as error:
            return Outcome(error=f"the task could not be started: {error}", code="task_failed")
        try:
            return self._follow(handle, spec.log)
        except Closing:
            handle.kill()
            self._drain()
            raise
        finally:
            handle.kill()

    def _follow(self, handle: Handle, output: Path) -> Outcome:
        last: JobEvent | None = None
        silence_at = time.monotonic() + self._timings.silence
        force = Force(handle, self._timings)
        force.ask(self._stopping)
        while True:
            message = self._next(min(silence_at, force.at))
            if isinstance(message, JobEvent):
                silence_at = time.monotonic() + self._timings.silence
                last = message if message.kind in ("done", "failed") else last
                self._add(message)
            elif isinstance(message, Exit):
                self._flush()
                return judge(last, message, output, stopping=self._stopping, silent=time.monotonic() >= silence_at)
            elif message is not None:
                self._note(message)
                force.ask(self._stopping)
            elif time.monotonic() >= silence_at:
                handle.kill()
            force.tick()
            if self._flush_at is not None and time.monotonic() >= self._flush_at:
                self._flush()

    def _drain(self) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        with suppress(queue.Empty):
            while not isinstance(message := self._inbox.get(timeout=max(0.0, deadline - time.monotonic())), Exit):
                if isinstance(message, JobEvent):
                    self._add(message)

    def _next(self, until: float) -> _Message | None:
        deadline = until if self._flush_at is None else min(until, self._flush_at)
        try:
            return self._inbox.get(timeout=max(0.01, deadline - time.monotonic()))
        except queue.Empty:
            return None

    def _note(self, message: _Message) -> None:
        if isinstance(message, _Close):
            raise Closing
        if isinstance(message, _Stop) and self._stopping != "discard":
            self._stopping = message.mode

    @property
    def _breaking_off(self) -> bool:
        return self._stopping in BREAKS_OFF

    def _take_pending(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._note(self._inbox.get_nowait())

    def _add(self, event: JobEvent) -> None:
        if event.kind in ("done", "failed"):
            return
        self._buffer.append(event)
        if self._flush_at is None:
            self._flush_at = time.monotonic() + self._timings.flush

    def _flush(self) -> None:
        self._flush_at = None
        if self._buffer:
            self._durably(lambda: self._store.apply(self.job.id, tuple(self._buffer)))
            self._buffer.clear()

    def _durably(self, action: Callable[[], T], patience: float = math.inf) -> T:
        return durably(action, self._closing, self._timings, patience)

    def _end(self, outcome: Outcome) -> None:
        job_id = self.job.id
        if outcome.cancelled:
            self._durably(lambda: self._store.finish(job_id, "paused" if self._stopping == "pause" else "cancelled"))
        elif outcome.result is None:
            self._durably(lambda: self._store.finish(job_id, "failed", error=outcome.error, code=outcome.code))
        elif self._adopt(outcome.result):
            shutil.rmtree(self.folder / "work", ignore_errors=True)
        # What was only brought here to be read can be brought again.
        shutil.rmtree(self.folder / "inputs", ignore_errors=True)

    def _adopt(self, result: Mapping[str, object]) -> bool:
        try:
            self._durably(lambda: self._take_over(result), self._timings.patience)
        except Closing:
            raise
        except Exception as error:
            log.exception("adoption of job %s", self.job.id)
            code = error.code if isinstance(error, BoxwrightError) else "adoption_failed"
            reason = error.message if isinstance(error, BoxwrightError) else f"{type(error).__name__}: {error}"
            line = f"the task was done, but its result could not be saved: {reason}; resume the job to try again"
            self._durably(lambda: self._store.finish(self.job.id, "failed", error=line, code=code))
            return False
        return True

    def _take_over(self, result: Mapping[str, object]) -> None:
        try:
            if self.kind is not None and self.kind.stage is not None:
                self.kind.stage(self.job, result, self.folder / "work")
            self._store.adopt(self.job.id, result, self.folder / "work")
        except StorageFull as error:  # waiting would not free the disk, and a person should know
            raise BoxwrightError(error.message, code=error.code) from error

    def _hand_back(self) -> None:
        try:
            if self._buffer:
                self._store.apply(self.job.id, tuple(self._buffer))
            self._store.requeue(self.job.id)
        except Exception:
            log.exception("job %s stays marked as running; the next start takes it up", self.job.id)
