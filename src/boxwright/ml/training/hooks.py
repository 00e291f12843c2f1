"""Hooks of the training loop: reports and checkpoints."""

import time
from pathlib import Path

from boxwright.domain.ports import TaskContext
from boxwright.ml.training.checkpoint import Run, save
from boxwright.ml.training.params import Plan
from boxwright.ml.training.step import StepReport

REPORT_SECONDS = 1.0
# Part of the time, and seconds of an epoch, that a network may wait for images before somebody is told.
STARVED = 0.15
STARVED_SECONDS = 2.0


class Reporter:
    """Tells progress, time left and figures; the step of `iter/loss` is the iteration, of others the epoch from 1."""

    def __init__(self, context: TaskContext, plan: Plan) -> None:
        self.context, self.plan = context, plan
        self._told = 0.0
        self._started: float | None = None
        self._first = 0
        self._warned = False
        # Seconds of the epoch; the loop has begun to count anew when it tells of the epoch's end.
        self._waited = 0.0

    def after_step(self, run: Run, report: StepReport) -> None:
        """Report at most once a second."""
        self._waited = run.position.waited
        now = time.monotonic()
        done = run.position.epoch * self.plan.steps + run.position.step
        if self._started is None:
            self._started, self._first = now, done
        if now - self._told < REPORT_SECONDS:
            return
        self._told = now
        self.context.metric(done, {"iter/loss": report.loss})
        # Validation and checkpoints happen within the measured time, so they are in the estimate too.
        steps = done - self._first
        left = (now - self._started) / steps * (self.plan.iterations - done) if steps else None
        self.context.progress(done, self.plan.iterations, phase="training", seconds_left=left)

    def after_epoch(self, run: Run, values: dict[str, float]) -> None:
        """Report the epoch's figures."""
        self.context.metric(run.position.epoch, values)
        waiting = values["time/waiting"]
        if waiting > STARVED and self._waited > STARVED_SECONDS and not self._warned:
            self._warned = True
            todo = "raise cache_mb so that decoded images stay in memory, or workers"
            self.context.log(f"the network waited for images {waiting:.0%} of the time; {todo}", "warning")
        shown = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
        self.context.log(f"epoch {run.position.epoch} of {self.plan.epochs}: {shown}")


class Checkpointer:
    """Writes a checkpoint after each epoch, before a pause, and within an epoch when `seconds` have passed since."""

    def __init__(self, context: TaskContext, path: Path, fingerprint: str, seconds: float) -> None:
        self.context, self.path, self.fingerprint, self.seconds = context, path, fingerprint, seconds
        self._last = time.monotonic()

    def after_step(self, run: Run, report: StepReport) -> None:  # noqa: ARG002
        """Write when it is time."""
        if time.monotonic() - self._last >= self.seconds or self.context.stopping() == "pause":
            self._write(run)

    def after_epoch(self, run: Run, values: dict[str, float]) -> None:  # noqa: ARG002
        """Write always."""
        self._write(run)

    def _write(self, run: Run) -> None:
        save(run, self.path, self.fingerprint)
        self.context.checkpoint(self.path)
        self._last = time.monotonic()
