"""Proposals of models: review many at once; a whole auto-annotation run or import undone."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, check_role, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.annotations import Reviewed, RunUndone
from boxwright.domain.projects import Split
from boxwright.domain.queries import ProposalQuery
from boxwright.services.import_undo import IMPORTS

router = APIRouter(prefix=PREFIX, tags=["proposals"])
Score = Annotated[float | None, Field(ge=0, le=1)]


class Review(BaseModel):
    """Accept or reject proposals: of one class, with scores in a range, of a run, a split, some pictures, or all."""

    action: Literal["accept", "reject"]
    class_id: str | None = None
    min_score: Score = None
    max_score: Score = None
    run_id: str | None = None
    split: Split | None = None
    image_ids: list[str] | None = Field(default=None, max_length=10_000)


@router.post(
    "/projects/{project_id}/proposals/review",
    operation_id="reviewProposals",
    dependencies=[Depends(in_project("annotator"))],
)
def review_proposals(project_id: str, body: Review, app: App, caller: Who) -> Reviewed:
    """Accept or reject all proposals that match, on the whole project where nothing narrows it down.

    On one image an annotator may; on many it is a reviewer's.
    """
    if body.image_ids is None or len(body.image_ids) > 1:
        check_role(app, caller, project_id, "reviewer")
    named = None if body.image_ids is None else tuple(body.image_ids)
    query = ProposalQuery(**body.model_dump(exclude={"action", "image_ids"}), image_ids=named)
    return app.proposals.review(project_id, body.action, query, caller)


@router.post("/jobs/{job_id}/undo", operation_id="undoJob", dependencies=[Depends(guard("job", "annotator"))])
def undo_job(job_id: str, app: App, caller: Who) -> RunUndone:
    """Take back an auto-annotation run: unreviewed proposals go, those it had replaced return, accepted ones stay.

    One's own an annotator may; somebody else's is a reviewer's. An import is a manager's: the pictures that it brought
    go to the trash, what it changed on others returns, and what somebody has worked on since stays.
    """
    job = app.jobs.get(job_id)
    if job.kind in IMPORTS:
        check_role(app, caller, job.project_id, "manager")
        return app.import_undo.undo(job_id, caller)
    if job.created_by != caller.id:
        check_role(app, caller, job.project_id, "reviewer")
    return app.proposals.undo_run(job_id, caller)
