"""Pictures by reference: where they lie, and copied in after all."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.originals import CopiedIn, ImageOriginal, Original, OriginalCount

router = APIRouter(prefix=PREFIX, tags=["images"])


class CopyIn(BaseModel):
    """Where to go on: `next_after` of the answer before."""

    after: Annotated[str, Field(max_length=64)] = ""


class Which(BaseModel):
    """Some images of a project."""

    ids: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=1_000)]


@router.post(
    "/projects/{project_id}/originals/find",
    operation_id="findOriginals",
    dependencies=[Depends(in_project("viewer"))],
)
def find_originals(project_id: str, body: Which, app: App) -> tuple[ImageOriginal, ...]:
    """Return which of some images are there by reference, and where they lie."""
    return app.originals.of_images(project_id, body.ids)


@router.get(
    "/projects/{project_id}/originals", operation_id="countOriginals", dependencies=[Depends(in_project("viewer"))]
)
def count_originals(project_id: str, app: App) -> OriginalCount:
    """Return how many images of a project are there by reference."""
    return app.originals.count(project_id)


@router.get("/images/{image_id}/original", operation_id="getOriginal", dependencies=[Depends(guard("image", "viewer"))])
def get_original(image_id: str, app: App) -> Original | None:
    """Return where the bytes of an image lie; null where they are copied."""
    return app.originals.of_image(image_id)


@router.post(
    "/projects/{project_id}/originals/copy",
    operation_id="copyOriginals",
    dependencies=[Depends(in_project("manager"))],
)
def copy_originals(project_id: str, body: CopyIn, app: App) -> CopiedIn:
    """Copy the next of a project's originals in; asked with `next_after` until there is none, all of them."""
    return app.originals.copy_in(project_id, body.after)
