"""Who looks at a picture or a video at this moment."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from boxwright.api.deps import App, Who, guard
from boxwright.api.routes import PREFIX
from boxwright.domain.presence import Present

router = APIRouter(prefix=PREFIX, tags=["presence"])
Tab = Annotated[str, Path(max_length=100)]


@router.put(
    "/images/{image_id}/presence/{tab}", operation_id="enterImage", dependencies=[Depends(guard("image", "viewer"))]
)
def enter_image(image_id: str, tab: Tab, app: App, caller: Who) -> tuple[Present, ...]:
    """Say that a window shows an image, every 20 seconds; returns everybody who looks at it."""
    return app.presence.enter(app.access.project_of("image", image_id), image_id, tab, caller)


@router.delete(
    "/images/{image_id}/presence/{tab}",
    operation_id="leaveImage",
    status_code=204,
    dependencies=[Depends(guard("image", "viewer"))],
)
def leave_image(image_id: str, tab: Tab, app: App, caller: Who) -> None:
    """Say that a window does not show the image any more."""
    app.presence.leave(app.access.project_of("image", image_id), image_id, tab, caller)


@router.put(
    "/videos/{video_id}/presence/{tab}", operation_id="enterVideo", dependencies=[Depends(guard("video", "viewer"))]
)
def enter_video(video_id: str, tab: Tab, app: App, caller: Who) -> tuple[Present, ...]:
    """Say that a window shows a video, every 20 seconds; returns everybody who looks at it."""
    return app.presence.enter(app.access.project_of("video", video_id), video_id, tab, caller)


@router.delete(
    "/videos/{video_id}/presence/{tab}",
    operation_id="leaveVideo",
    status_code=204,
    dependencies=[Depends(guard("video", "viewer"))],
)
def leave_video(video_id: str, tab: Tab, app: App, caller: Who) -> None:
    """Say that a window does not show the video any more."""
    app.presence.leave(app.access.project_of("video", video_id), video_id, tab, caller)
