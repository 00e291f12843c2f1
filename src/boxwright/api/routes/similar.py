"""Images that look alike, and a map of all; a job of kind `embed` looks at them first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from boxwright.api.bodies import RAW_BODY, received
from boxwright.api.deps import App, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.image_maps import ImageMap, MapPoints, SimilarImage
from boxwright.domain.projects import Image
from boxwright.services.similar import MOST
from boxwright.settings import MEGABYTE

router = APIRouter(prefix=PREFIX, tags=["similar"])
Most = Annotated[int, Query(ge=1, le=MOST)]


class Picked(BaseModel):
    """Ids of images."""

    ids: Annotated[list[str], Field(max_length=MOST)]


@router.get("/projects/{project_id}/map", operation_id="getImageMap", dependencies=[Depends(in_project("viewer"))])
def get_image_map(project_id: str, app: App) -> ImageMap:
    """Return how many images were looked at, and with which model."""
    return app.image_maps.get(project_id)


@router.get(
    "/projects/{project_id}/map/points", operation_id="listMapPoints", dependencies=[Depends(in_project("viewer"))]
)
def list_map_points(project_id: str, app: App) -> MapPoints:
    """Return where images lie on the map, as columns: what lies together looks alike."""
    return app.similar.points(project_id)


@router.post(
    "/projects/{project_id}/map/images", operation_id="pickMapImages", dependencies=[Depends(in_project("viewer"))]
)
def pick_map_images(project_id: str, body: Picked, app: App) -> tuple[Image, ...]:
    """Return some images by their ids, in this order; what is not there is left out."""
    return app.similar.some(project_id, body.ids)


@router.get(
    "/images/{image_id}/similar-images",
    operation_id="listSimilarImages",
    dependencies=[Depends(guard("image", "viewer"))],
)
def list_similar_images(image_id: str, app: App, limit: Most = 50) -> tuple[SimilarImage, ...]:
    """Return the images of the project that look most like one of them, the likest first.

    422 `no_image_map` before anybody has looked, `image_new` for an image that was added since, `map_damaged`.
    """
    return app.similar.like(image_id, limit)


@router.post(
    "/projects/{project_id}/similar-images",
    operation_id="findSimilarImages",
    dependencies=[Depends(in_project("viewer"))],
    openapi_extra=RAW_BODY,
)
async def find_similar_images(
    project_id: str, request: Request, app: App, limit: Most = 50
) -> tuple[SimilarImage, ...]:
    """Return the images of the project that look most like a picture, sent as the raw body; it is not stored."""
    size = app.settings.max_upload_mb * MEGABYTE
    async with received(request, app.settings.incoming_folder, size) as picture:
        return await run_in_threadpool(app.similar.like_picture, project_id, picture, limit)
