"""The child's side of the conversation: the channel to the server and the context a task works with."""

import math
import os
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal, cast

from boxwright.domain.jobs import JobEvent, Stopping
from boxwright.jobs.protocol import MAX_MESSAGE, decode_event, encode_event

HEARTBEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.25
JOURNAL = ".metrics.jsonl"


def die() -> None:
    """End this process and everything it started, at once: nobody is listening any more."""
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


class Channel:
    """Sends events to the server, from any thread, each as one unbroken line."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._lock = threading.Lock()

    def send(self, event: JobEvent) -> None:
        """Send an event; ends the process when the server no longer listens."""
        line = encode_event(event)
        try:
            with self._lock:
                self._out.write(line)
                self._out.flush()
        except (OSError, ValueError):
            die()


class ChildContext:
    """`TaskContext` of a child process; see `boxwright.domain.ports.TaskContext`."""

    def __init__(self, workdir: Path, channel: Channel) -> None:
        self.workdir = workdir
        self._channel = channel
        self._stopping: Stopping = ""
        self._lock = threading.Lock()
        self._phase = ""
        self._sent_at = 0.0
        self._pending: JobEvent | None = None
        self._journal = (workdir / JOURNAL).open("ab", buffering=0)
        self._journal.write(b"\n")  # the former process may have died within a line

    def replay(self) -> None:
        """Report again the curves of a former process: what it said last may have died with it or with its server."""
        for line in (self.workdir / JOURNAL).read_bytes().splitlines():
            event = decode_event(line)
            if event is not None:
                self._channel.send(event)

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None:
        """Report progress; at most four reports a second are sent, the last of a phase always."""
        data = {"done": float(done), "total": float(total), "phase": phase, "seconds_left": seconds_left}
        event = JobEvent(kind="progress", data=data)
        now = time.monotonic()
        with self._lock:
            due = phase != self._phase or done >= total or now - self._sent_at >= PROGRESS_SECONDS
            self._phase = phase
            self._pending = None if due else event
            if due:
                self._sent_at = now
                self._channel.send(event)

    def metric(self, step: int, values: Mapping[str, float]) -> None:
        """Report values of curves; a value that is no finite number leaves a gap in its curve."""
        finite = {name: float(value) for name, value in values.items() if math.isfinite(value)}
        if finite:
            event = JobEvent(kind="metric", data={"step": int(step), "values": finite})
            self._journal.write(encode_event(event))
            self._channel.send(event)

    def log(self, message: str, level: Literal["info", "warning", "error"] = "info") -> None:
        """Add a line to the job's log."""
        data = {"message": str(message)[:MAX_MESSAGE], "level": level}
        self._channel.send(JobEvent(kind="log", data=data))

    def checkpoint(self, path: Path) -> None:
        """Announce a durable checkpoint."""
        name = path.relative_to(self.workdir) if path.is_absolute() else path
        self._channel.send(JobEvent(kind="checkpoint", data={"path": name.as_posix()}))

    def stopping(self) -> Stopping:
        """Return what was asked for."""
        return self._stopping

    def stop(self, mode: str) -> None:
        """Take note of a request to stop; `discard` outweighs the others."""
        if mode == "discard" or (mode in ("keep", "pause") and not self._stopping):
            self._stopping = cast("Stopping", mode)

    def beat(self) -> None:
        """Send the progress that was held back, if any, and a sign of life; runs forever in its own thread."""
        while True:
            time.sleep(HEARTBEAT_SECONDS)
            with self._lock:
                pending, self._pending = self._pending, None
                if pending is not None:
                    self._channel.send(pending)
            self._channel.send(JobEvent(kind="heartbeat", data={}))
