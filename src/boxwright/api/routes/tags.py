"""Tags and metadata of pictures."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.images import Affected
from boxwright.domain.projects import TagCount

router = APIRouter(prefix=PREFIX, tags=["images"])
Words = list[Annotated[str, Field(max_length=100)]]


class TagChange(BaseModel):
    """Tags that many pictures get, and others that are taken from them."""

    ids: list[str] = Field(min_length=1, max_length=10_000)
    add: Words = Field(default=[], max_length=100)
    remove: Words = Field(default=[], max_length=100)


class Described(BaseModel):
    """Fields of one picture; an empty value takes a field away, and fields that are not named stay."""

    id: str
    fields: dict[str, Annotated[str, Field(max_length=10_000)]] = Field(max_length=100)


class MetadataChange(BaseModel):
    """Fields of many pictures."""

    images: list[Described] = Field(min_length=1, max_length=10_000)


@router.get("/projects/{project_id}/tags", operation_id="listTags", dependencies=[Depends(in_project("viewer"))])
def list_tags(project_id: str, app: App) -> tuple[TagCount, ...]:
    """Return the tags of the project's pictures, each with how many have it."""
    return app.tags.list(project_id)


@router.post(
    "/projects/{project_id}/images/tags", operation_id="tagImages", dependencies=[Depends(in_project("annotator"))]
)
def tag_images(project_id: str, body: TagChange, app: App) -> Affected:
    """Give many pictures tags and take others from them, all or none."""
    return Affected(count=app.tags.change(project_id, body.ids, body.add, body.remove))


@router.post(
    "/projects/{project_id}/images/metadata",
    operation_id="describeImages",
    dependencies=[Depends(in_project("annotator"))],
)
def describe_images(project_id: str, body: MetadataChange, app: App) -> Affected:
    """Write metadata fields of many pictures, all or none."""
    return Affected(count=app.metadata.change(project_id, {one.id: one.fields for one in body.images}))
