"""Images that two people label, each for themselves."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.work import Assignment, query_of
from boxwright.domain.agreement import AgreementReport
from boxwright.domain.annotations import ImageAnnotations
from boxwright.domain.workflow import Assigned

router = APIRouter(prefix=PREFIX, tags=["agreement"])


class Adoption(BaseModel):
    """The set of one of those who labelled an image."""

    set_id: str


@router.post(
    "/projects/{project_id}/assignments/twice",
    operation_id="assignTwice",
    dependencies=[Depends(in_project("manager"))],
)
def assign_twice(project_id: str, body: Assignment, app: App, caller: Who) -> Assigned:
    """Give each image to two of these people, who label it without seeing each other's work."""
    query = query_of(body, caller)
    return app.agreements.assign_twice(project_id, body.user_ids, caller, image_ids=body.image_ids, query=query)


@router.get(
    "/projects/{project_id}/agreement", operation_id="getAgreement", dependencies=[Depends(in_project("reviewer"))]
)
def get_agreement(project_id: str, app: App) -> AgreementReport:
    """Return how far people agree who labelled the same images: by pair and class, and image by image."""
    return app.agreements.report(project_id)


@router.get(
    "/images/{image_id}/labelers", operation_id="listLabelerSets", dependencies=[Depends(guard("image", "reviewer"))]
)
def list_labeler_sets(image_id: str, app: App) -> tuple[ImageAnnotations, ...]:
    """Return what each of those who label an image has drawn."""
    return app.agreements.sets(image_id)


@router.post("/images/{image_id}/adopt", operation_id="adoptSet", dependencies=[Depends(guard("image", "reviewer"))])
def adopt_set(image_id: str, body: Adoption, app: App, caller: Who) -> ImageAnnotations:
    """Make what one person has drawn the ground truth of an image; its history can take that back."""
    return app.agreements.adopt(image_id, body.set_id, caller)
