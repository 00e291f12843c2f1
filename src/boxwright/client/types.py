"""Answers of the server that are no domain objects."""

from collections.abc import Mapping
from dataclasses import dataclass

from boxwright.domain.jobs import Job, LogLine, Metric


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Whether the server answers."""

    status: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """What an installation can do; `disk_free` and `disk_total` in bytes."""

    version: str
    can_train: bool
    disk_free: int
    disk_total: int
    data: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingParameter:
    """One training parameter: its default, range and meaning."""

    name: str
    kind: str
    default: float | int | bool | str | None
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...] | None
    help: str
    group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AugmentationPreset:
    """A preset, what it is for, and the parameters in which it differs from the defaults."""

    name: str
    help: str
    values: Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingAdvice:
    """A value that suits a project's data, and why; a `hint` is not taken by itself."""

    name: str
    value: float
    why: str
    hint: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class JobUpdate:
    """What is new about a job: its present state, and the curve values and log lines since the last update."""

    job: Job
    metrics: tuple[Metric, ...] = ()
    log: tuple[LogLine, ...] = ()
