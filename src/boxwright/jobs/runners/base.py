"""What the scheduler needs of a place where tasks run: a process of this machine today, a cluster node tomorrow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from boxwright.domain.jobs import JobEvent, StopMode


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSpec:
    """All a runner gets: names and JSON, never live objects. `log` receives what the task prints."""

    entry: str
    params: Mapping[str, object]
    workdir: Path
    log: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit:
    """How a task's process ended: exactly one of exit `code` and `signal` is set."""

    code: int | None = None
    signal: int | None = None


class Handle(Protocol):
    """A started task. None of these raises when the task is gone already."""

    def request_stop(self, mode: StopMode) -> None:
        """Ask the task to stop by itself."""

    def terminate(self) -> None:
        """Ask the process to stop (SIGTERM)."""

    def kill(self) -> None:
        """End the process and all it started, now (SIGKILL)."""


class Runner(Protocol):
    """Starts tasks."""

    def start(self, spec: TaskSpec, on_event: Callable[[JobEvent], None], on_exit: Callable[[Exit], None]) -> Handle:
        """Start a task.

        `on_event` is called in the order the task reports; `on_exit` once, after the last event. Both come from a
        thread of the runner. Raises OSError or BoxwrightError when nothing could be started.
        """
