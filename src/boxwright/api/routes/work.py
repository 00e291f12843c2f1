"""Who works on which picture, and how far it is."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.filters import whose
from boxwright.api.routes import PREFIX
from boxwright.domain.people import Caller
from boxwright.domain.projects import Split
from boxwright.domain.queries import ImageFilter, ImageQuery, WorkFilter
from boxwright.domain.workflow import Assigned, Work, WorkQueue, WorkStep

router = APIRouter(prefix=PREFIX, tags=["work"])


class Assignment(BaseModel):
    """People, and the pictures that they get: those named, else all that match the filter of the library.

    `query` is the whole filter; without it the single fields are.
    """

    user_ids: list[str] = Field(max_length=100)
    image_ids: list[str] | None = Field(default=None, max_length=10_000)
    split: Split | None = None
    state: ImageFilter | None = None
    class_id: str | None = None
    name: str | None = Field(default=None, max_length=200)
    assignee: str | None = Field(default=None, max_length=40)
    work: WorkFilter | None = None
    query: ImageQuery | None = None


def query_of(body: Assignment, caller: Caller) -> ImageQuery:
    """Return the filter of an assignment, whatever the order: nobody works on what is in the trash."""
    if body.query is not None:
        return replace(whose(body.query, caller), trash=False, order="name")
    return whose(ImageQuery(**body.model_dump(exclude={"user_ids", "image_ids", "query"})), caller)


@router.post(
    "/projects/{project_id}/assignments", operation_id="assignImages", dependencies=[Depends(in_project("manager"))]
)
def assign_images(project_id: str, body: Assignment, app: App, caller: Who) -> Assigned:
    """Give images to one person, spread them evenly over several, or with no `user_ids` take them from everybody."""
    query = query_of(body, caller)
    return app.work.assign(project_id, body.user_ids, caller, image_ids=body.image_ids, query=query)


@router.get("/projects/{project_id}/work", operation_id="getWorkQueue", dependencies=[Depends(in_project("viewer"))])
def get_work_queue(
    project_id: str, app: App, caller: Who, but: Annotated[str | None, Query(max_length=40)] = None
) -> WorkQueue:
    """Return what waits for whom, and what the caller would open next; `but` names the image that is open."""
    return app.work.queue(project_id, caller, but=but)


@router.get("/images/{image_id}/work", operation_id="getWork", dependencies=[Depends(guard("image", "viewer"))])
def get_work(image_id: str, app: App) -> Work:
    """Return who works on an image, how far it is, and the newest steps."""
    return app.work.get(image_id)


@router.post("/images/{image_id}/work", operation_id="stepWork", dependencies=[Depends(guard("image", "annotator"))])
def step_work(image_id: str, body: WorkStep, app: App, caller: Who) -> Work:
    """Submit an image or withdraw it; as a reviewer accept or return it; 409 `work_conflict` has the newer state."""
    return app.work.take(image_id, body, caller, app.access.role_at(caller, "image", image_id))
