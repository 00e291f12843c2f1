"""The sample: rendered pictures to begin with, on request, and by itself on the first start of an installation."""

from collections.abc import Mapping
from pathlib import Path

from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.projects import Project
from boxwright.domain.requests import SAMPLE_IMAGES, SAMPLE_NAME, SampleRequest
from boxwright.jobs.kinds import JobKind
from boxwright.services.imports import Imports
from boxwright.services.queue import Queue, enqueue, new_job
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MOST_IMAGES = 5000
_DESCRIPTION = (
    "A rendered sample to try everything on: label the last ten images, train a detector, see what it finds. "
    "Delete it when it is no longer needed."
)
# In the table `meta`: what became of the sample on the first start.
_MARK = "sample"


class Samples:
    """Jobs that render the sample; their pictures come in the way an import's do."""

    def __init__(self, uow: UnitOfWork, imports: Imports, queue: Queue) -> None:
        self._uow, self._queue = uow, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="sample",
            entry="boxwright.formats.sample:run_sample",
            prepare=self.prepare,
            stage=imports.stage,
            adopt=imports.adopt,
        )

    def submit(self, request: SampleRequest, caller: Caller) -> Job:
        """Queue the rendering of the sample into a project. Raises NotFound, Invalid."""
        if not 1 <= request.images <= MOST_IMAGES:
            raise Invalid(f"images: {request.images} is outside 1 to {MOST_IMAGES}", code="sample_invalid")
        if not 0 <= request.seed < 2**31:
            raise Invalid(f"seed: {request.seed} is outside 0 to {2**31 - 1}", code="sample_invalid")
        return self._queue.add(_job(request, caller), caller=caller)

    @staticmethod
    def prepare(job: Job, _: Path) -> Mapping[str, object]:
        """Return what the task is to render."""
        return {name: job.params[name] for name in ("images", "seed", "shapes")}

    def welcome(self, caller: Caller) -> Project | None:
        """Make the sample's project on the first start of an empty installation; later do nothing.

        What was decided is remembered, so that a sample that was deleted does not come back.
        """
        with self._uow.write() as tx:
            if tx.people.meta(_MARK) is not None:
                return None
            if tx.projects.any():
                tx.people.set_meta(_MARK, "not needed")
                return None
            project = _project()
            tx.projects.add(project)
            tx.annotations.add_set(project.id, "ground_truth", "Ground truth")
            tx.publish(Event(topic="project", project_id=project.id, id=project.id, data={"action": "created"}))
            enqueue(tx, _job(SampleRequest(project_id=project.id), caller))
            tx.people.set_meta(_MARK, project.id)
        self._queue.wake()
        return project


def _project() -> Project:
    time = now()
    return Project(
        id=new_id(),
        name=SAMPLE_NAME,
        description=_DESCRIPTION,
        cover_image_id=None,
        created_at=time,
        updated_at=time,
    )


def _job(request: SampleRequest, caller: Caller) -> Job:
    params = {"images": request.images, "seed": request.seed, "shapes": request.shapes}
    # As of an import: pictures that are here already stay as they are.
    terms = {"dry_run": False, "policy": "skip", "class_map": {}}
    title = "Render the sample" if request.images == SAMPLE_IMAGES else f"Render {request.images} sample images"
    return new_job("sample", request.project_id, title, {**params, **terms}, caller)
