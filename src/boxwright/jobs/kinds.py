"""What a service tells the queue about one kind of job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from boxwright.domain.jobs import Job

Tx = TypeVar("Tx")


@dataclass(frozen=True, kw_only=True, slots=True)
class JobKind(Generic[Tx]):
    """How a kind of job is run.

    Args:
        name: `Job.kind` of its jobs.
        entry: the task, `module:function`.
        prepare: makes the task's params from the job and puts its input files into the work folder. Called before every
            start, so it must find its own earlier work there and answer the same. Files that are only read belong into
            the folder `inputs` beside the work folder; it goes when the job ends.
        stage: done with the result just before `adopt`, outside its transaction: slow work that may be repeated, as
            storing large files.
        adopt: takes over what the task made, inside the transaction that closes the job, and returns the result to
            store. May be called again when the transaction failed. Files to keep belong beside the work folder, which
            is removed afterwards.
        group: jobs of a group share the group's limit of running at the same time.
        attempts: how often the task is started in all when its process is killed.
    """

    name: str
    entry: str
    prepare: Callable[[Job, Path], Mapping[str, object]]
    adopt: Callable[[Tx, Job, Mapping[str, object], Path], Mapping[str, object]]
    stage: Callable[[Job, Mapping[str, object], Path], None] | None = None
    group: str = "light"
    attempts: int = 2
