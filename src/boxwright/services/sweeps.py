"""Sweeps: several short trainings that find the parameters of a good one, as one job."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.errors import Invalid
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.requests import SweepRequest
from boxwright.jobs.kinds import JobKind
from boxwright.ml.training.sweep import check_space
from boxwright.services.queue import Queue, new_job
from boxwright.services.training import Training
from boxwright.storage.unit_of_work import Transaction

MINUTES = (0.5, 7 * 24 * 60.0)
TRIALS = (2, 64)


class Sweeps:
    """A sweep needs what a training needs, and its model reaches the library in the same way."""

    def __init__(self, training: Training, queue: Queue) -> None:
        self._training, self._queue = training, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="sweep",
            entry="boxwright.ml.tasks.sweep:run",
            prepare=self.prepare,
            stage=training.stage,
            adopt=self.adopt,
            group="train",
            attempts=3,
        )

    def submit(self, request: SweepRequest, caller: Caller) -> Job:
        """Queue a sweep. Raises what `Training.submit` does, Invalid with code sweep_invalid."""
        if not MINUTES[0] <= request.minutes <= MINUTES[1]:
            raise Invalid(
                f"minutes: {request.minutes:g} is outside {MINUTES[0]:g} to {MINUTES[1]:g}", code="sweep_invalid"
            )
        if not TRIALS[0] <= request.trials <= TRIALS[1]:
            raise Invalid(f"trials: {request.trials} is outside {TRIALS[0]} to {TRIALS[1]}", code="sweep_invalid")
        check_space(request.hyper, request.space)
        params = self._training.plan(request, caller)
        # As it was asked for: what a trial leaves open is chosen for that trial.
        params |= {"hyper": dict(request.hyper), "minutes": request.minutes, "trials": request.trials}
        params |= {"space": {name: list(values) for name, values in request.space.items()}}
        title = f"Sweep {params['name']}"[:200]
        return self._queue.add(new_job("sweep", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Do what a training does, and pass the search on."""
        return {**self._training.prepare(job, workdir), **{k: job.params[k] for k in ("minutes", "trials", "space")}}

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Put the best model into the library, and keep what was tried."""
        return {**self._training.adopt(tx, job, result, workdir), "trials": result["trials"]}
