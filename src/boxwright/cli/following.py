"""Waiting for a job with the keyboard in reach: progress, log lines, Ctrl-C."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from boxwright.cli.failures import Interrupted, JobFailed
from boxwright.cli.progress import duration, note, on_terminal, progress
from boxwright.domain.errors import Unauthenticated, Unavailable
from boxwright.domain.jobs import Job, LogLine

if TYPE_CHECKING:
    from boxwright.client import Client

# Curves worth a place beside the bar, and what to call them there.
_CURVES = {"iter/loss": "loss", "val/map50": "mAP50", "val/map50_95": "mAP50-95"}


def follow(client: "Client", job: Job, *, keep: bool = False) -> Job:
    """Show a job until it has ended and return it.

    Ctrl-C stops the job before the command ends: with `keep` the first one asks it to finish with what it has, and only
    a second one breaks it off.

    Raises:
        JobFailed: the job failed, somebody cancelled it, or its server went away.
        Interrupted: it was broken off from here.
    """
    stops = [True, False] if keep else [False]
    stop: bool | None = None
    interrupted = False
    told: set[int] = set()
    while True:
        try:
            if stop is not None:
                client.jobs.cancel(job.id, keep=stop)
            ended = _show(client, job, told)
            break
        except KeyboardInterrupt:
            if not stops:
                raise
            interrupted = True
            stop = stops.pop(0)
            note("stopping; keeping what is done (Ctrl-C again to give it up)" if stop else "stopping")
        except (Unavailable, Unauthenticated) as error:
            hint = f"the job is kept and goes on with the next server: boxwright job show {job.id} --wait"
            raise JobFailed(f"{error.message}; {hint}", code=error.code) from error
    if ended.state == "cancelled":
        raise Interrupted("interrupted") if interrupted else JobFailed(f"the {ended.kind} job was cancelled")
    if ended.state == "failed":
        raise JobFailed(ended.error or f"the {ended.kind} job failed", code=ended.error_code)
    return ended


def _show(client: "Client", job: Job, told: set[int]) -> Job:
    values: dict[str, float] = {}
    with progress(job.title or job.kind) as show:
        for update in client.jobs.follow(job.id):
            job = update.job
            values.update({_CURVES[item.name]: item.value for item in update.metrics if item.name in _CURVES})
            _tell([line for line in update.log if line.number not in told])
            told.update(line.number for line in update.log)
            show(job.done, job.total, ", ".join(_words(job, values)))
    return job


def _tell(lines: Sequence[LogLine]) -> None:
    for line in lines:
        if line.level != "info":
            note(f"{line.level}: {line.message}")
        elif not on_terminal():
            note(line.message)


def _words(job: Job, values: dict[str, float]) -> Iterator[str]:
    if job.state == "queued":
        yield "waiting for its turn"
    if job.state == "paused":
        yield f"paused; boxwright job resume {job.id}"
    if job.phase:
        yield f"{job.phase} {job.done:g}/{job.total:g}" if job.total else job.phase
    if job.phase == "training":
        yield from (f"{name} {value:.3f}" for name, value in values.items())
    if job.done < job.total and (left := duration(job.seconds_left)):
        yield left
