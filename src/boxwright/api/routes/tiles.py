"""Very large pictures in tiles."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath
from fastapi.responses import FileResponse

from boxwright.api.bodies import file_response
from boxwright.api.deps import App, guard
from boxwright.api.routes import PREFIX
from boxwright.domain.tiles import Tiles

router = APIRouter(prefix=PREFIX, tags=["images"], dependencies=[Depends(guard("image", "viewer"))])
Level = Annotated[int, InPath(ge=0, le=16)]
Place = Annotated[int, InPath(ge=0, le=1_000)]


@router.get("/images/{image_id}/tiles", operation_id="getTiles")
def get_tiles(image_id: str, app: App) -> Tiles:
    """Say how a very large picture is cut; the first time this begins with it, so ask until it is ready."""
    return app.images.tiles(image_id)


@router.get("/images/{image_id}/tiles/{level}/{x}/{y}", operation_id="getTile", response_class=FileResponse)
def get_tile(image_id: str, level: Level, x: Place, y: Place, app: App) -> FileResponse:
    """Return one tile of the upright picture as JPEG: column `x` and row `y` of a level, 0 being the picture itself."""
    return file_response(app.images.tile(image_id, level, x, y), immutable=True)
