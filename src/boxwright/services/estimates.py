"""What a training would take on this machine, measured before it starts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.projects import Split
from boxwright.domain.requests import EstimateRequest
from boxwright.jobs.kinds import JobKind
from boxwright.ml import registry
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.services.training import Training
from boxwright.services.versions import Versions
from boxwright.storage.unit_of_work import Transaction

_USED: tuple[Split, ...] = ("train", "val", "test")


class Estimates:
    """Short jobs that run a few steps of a training and leave nothing behind."""

    def __init__(self, training: Training, versions: Versions, inputs: Inputs, queue: Queue) -> None:
        self._training, self._versions, self._inputs, self._queue = training, versions, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="estimate", entry="boxwright.ml.tasks.estimate:run", prepare=self.prepare, adopt=self.adopt
        )

    def submit(self, request: EstimateRequest, caller: Caller) -> Job:
        """Queue an estimate. Raises what `Training.submit` does."""
        params = self._training.chosen(request)
        architecture = str(params["architecture"])
        self._training.check_state(request.project_id, registry.task_of(architecture))
        title = f"Estimate for {architecture}"
        return self._queue.add(new_job("estimate", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Write the manifest of the project as it is."""
        assert job.project_id is not None
        manifest, locate = workdir / "manifest.jsonl", self._inputs.locator(job, workdir)
        if manifest.exists():
            self._versions.relocate(manifest, locate)
        else:
            self._versions.write_current(job.project_id, manifest, locate, splits=_USED)
        return {**self._training.start(job, workdir), "manifest": str(manifest)}

    @staticmethod
    def adopt(_tx: Transaction, _job: Job, result: Mapping[str, Any], _workdir: Path) -> Mapping[str, object]:
        """Keep the figures."""
        return result
