"""Jobs: durable work that a child process does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

JobState = Literal["queued", "running", "paused", "succeeded", "failed", "cancelled"]
StopMode = Literal["keep", "discard", "pause"]
Stopping = Literal["", "keep", "discard", "pause"]
# Requests at which a task ends without a result; after a pause it is called again.
BREAKS_OFF: tuple[Stopping, ...] = ("discard", "pause")
FINISHED: tuple[JobState, ...] = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job as everybody sees it. `done / total` is the progress of `phase`; `seconds_left` is None while unknown."""

    id: str
    kind: str
    project_id: str | None
    state: JobState
    stopping: Stopping
    title: str
    phase: str
    done: float
    total: float
    seconds_left: float | None
    attempt: int
    params: Mapping[str, object]
    result: Mapping[str, object] | None
    error_code: str | None
    error: str | None
    created_by: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    heartbeat_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One value of one curve: `step` is the epoch or iteration the task documents."""

    step: int
    name: str
    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLine:
    """One line of a job's log."""

    number: int
    level: Literal["info", "warning", "error"]
    message: str
    created_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JobEvent:
    """What a child reports: `kind` is started, progress, metric, log, heartbeat, checkpoint, done or failed."""

    kind: Literal["started", "progress", "metric", "log", "heartbeat", "checkpoint", "done", "failed"]
    data: Mapping[str, object]
