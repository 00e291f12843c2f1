"""Pictures: upload, library, files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter
from starlette.concurrency import run_in_threadpool

from boxwright.api.bodies import RAW_BODY, file_response, small_file_response, spooled
from boxwright.api.deps import App, Who, application_of, check_role, guard, in_project
from boxwright.api.filters import Filter
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.api.visits import read_query, visit
from boxwright.domain.paging import Page
from boxwright.domain.projects import Image, Split, Uploaded
from boxwright.domain.queries import Neighbours
from boxwright.services.previews import ThumbnailSize
from boxwright.settings import MEGABYTE

router = APIRouter(prefix=PREFIX, tags=["images"])
Size = Annotated[ThumbnailSize, BeforeValidator(int)]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]
# Seconds: shorter than a person notices, with what else a request takes.
_MOMENT = 0.02
Name = Annotated[str, Query(min_length=1, max_length=1024)]


class ImagePatch(BaseModel):
    """Fields that are left out stay as they are.

    The state `empty` says that there is nothing to annotate, which also rejects what a model had proposed; `unlabeled`
    takes that back. Both are for pictures without annotations.
    """

    split: Split | None = None
    name: str | None = Field(default=None, min_length=1, max_length=1024)
    tags: list[Annotated[str, Field(max_length=100)]] | None = Field(default=None, max_length=100)
    metadata: dict[str, Annotated[str, Field(max_length=10_000)]] | None = Field(default=None, max_length=100)
    state: Literal["empty", "unlabeled"] | None = None


class Bulk(BaseModel):
    """One action on many pictures of one project."""

    ids: list[str] = Field(min_length=1, max_length=10_000)
    action: Literal["move", "trash", "restore", "delete", "empty", "unlabeled"]
    split: Split | None = None


class Affected(BaseModel):
    """How many pictures an action changed."""

    count: int


@router.get("/projects/{project_id}/images", operation_id="listImages", dependencies=[Depends(in_project("viewer"))])
def list_images(
    project_id: str,
    app: App,
    query: Filter,
    cursor: Cursor = None,
    limit: Limit = 100,
    offset: Offset = 0,
    partial: bool = False,
) -> Page[Image]:
    """Return pictures by filter, page by page.

    With an `offset` the page begins so many pictures down the list, whatever the cursor; that is quick in a whole
    library or split. With `partial` a filter that finds few among very many pictures answers after a moment with what
    it found so far, which may be less than a page or nothing; the cursor leads on.
    """
    seconds = _MOMENT if partial else None
    return app.images.page(project_id, query, cursor=cursor, limit=limit, offset=offset, seconds=seconds)


@router.post(
    "/projects/{project_id}/images",
    operation_id="uploadImage",
    status_code=201,
    dependencies=[Depends(in_project("manager"))],
    openapi_extra=RAW_BODY,
)
async def upload_image(project_id: str, request: Request, app: App, name: Name, split: Split = "none") -> Uploaded:
    """Store one picture, sent as the raw body; answered only once its bytes and row are safe."""
    limit = app.settings.max_upload_mb * MEGABYTE
    async with spooled(request, app.settings.incoming_folder, limit) as path:
        return await run_in_threadpool(app.images.add, project_id, name, path, split)


@router.post(
    "/projects/{project_id}/images/bulk", operation_id="bulkImages", dependencies=[Depends(in_project("annotator"))]
)
def bulk_images(project_id: str, body: Bulk, app: App, caller: Who) -> Affected:
    """Say that there are no objects (`empty`) or take that back; managers also move, trash, restore and delete."""
    if body.action not in ("empty", "unlabeled"):
        check_role(app, caller, project_id, "manager")
    return Affected(count=app.images.bulk(project_id, body.ids, body.action, split=body.split, caller=caller))


@router.get("/images/{image_id}", operation_id="getImage", dependencies=[Depends(guard("image", "viewer"))])
def get_image(image_id: str, app: App) -> Image:
    """Return one picture's record."""
    return app.images.get(image_id)


@router.patch("/images/{image_id}", operation_id="updateImage", dependencies=[Depends(guard("image", "annotator"))])
def update_image(image_id: str, body: ImagePatch, app: App, caller: Who) -> Image:
    """Change tags, metadata or whether there is anything to annotate, and as a manager split or name."""
    if body.split is not None or body.name is not None:
        check_role(app, caller, app.access.project_of("image", image_id), "manager")
    return app.images.update(image_id, **body.model_dump(exclude_none=True), caller=caller)


@router.get(
    "/images/{image_id}/neighbours", operation_id="getNeighbours", dependencies=[Depends(guard("image", "viewer"))]
)
def get_neighbours(image_id: str, app: App, query: Filter) -> Neighbours:
    """Return the pictures before and after this one under a filter."""
    return app.images.neighbours(image_id, query)


@router.get(
    "/images/{image_id}/file",
    operation_id="getImageFile",
    response_class=FileResponse,
    dependencies=[Depends(guard("image", "viewer"))],
)
def get_file(image_id: str, app: App) -> FileResponse:
    """Return the original bytes."""
    return file_response(app.images.file(image_id), immutable=True)


@router.get(
    "/images/{image_id}/view",
    operation_id="getImageView",
    response_class=FileResponse,
    dependencies=[Depends(guard("image", "viewer"))],
)
def get_view(image_id: str, app: App, whole: bool = True) -> FileResponse:
    """Return the upright picture in a format that browsers show; without `whole` a small copy of one that has tiles."""
    return file_response(app.images.view(image_id, whole=whole), immutable=True)


_SIZES: TypeAdapter[ThumbnailSize] = TypeAdapter(Size)


def _thumbnail(request: Request, _body: bytes) -> Response:
    size = read_query(request, "size", _SIZES, 320)
    return get_thumbnail(request.path_params["image_id"], application_of(request), size)


thumbnails = APIRouter(prefix=PREFIX, tags=["images"], route_class=visit(_thumbnail))


@thumbnails.get(
    "/images/{image_id}/thumbnail",
    operation_id="getThumbnail",
    response_class=FileResponse,
    dependencies=[Depends(guard("image", "viewer"))],
)
def get_thumbnail(image_id: str, app: App, size: Size = 320) -> Response:
    """Return an upright thumbnail whose longer side is `size` pixels."""
    return small_file_response(app.images.thumbnail(image_id, size))


router.routes.extend(thumbnails.routes)
