"""What looking a dataset through has found; the looking itself is a job of kind `checkup`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from boxwright.api.deps import App, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.checkups import Checkup, DuplicateGroup, Flaw, FlawedImage
from boxwright.domain.paging import Page

router = APIRouter(prefix=PREFIX, tags=["checkups"])
Value = Annotated[float | None, Query(ge=0, le=1e9, allow_inf_nan=False)]


@router.get("/projects/{project_id}/checkup", operation_id="getCheckup", dependencies=[Depends(in_project("viewer"))])
def get_checkup(project_id: str, app: App) -> Checkup:
    """Return how far a project has been looked through, and what was found."""
    return app.checkups.get(project_id)


@router.get(
    "/projects/{project_id}/duplicates", operation_id="listDuplicates", dependencies=[Depends(in_project("viewer"))]
)
def list_duplicates(project_id: str, app: App, cursor: Cursor = None, limit: Limit = 50) -> Page[DuplicateGroup]:
    """Return groups of images that show the same, page by page."""
    return app.checkups.duplicates(project_id, cursor, limit)


@router.get("/projects/{project_id}/flaws", operation_id="listFlaws", dependencies=[Depends(in_project("viewer"))])
def list_flaws(
    project_id: str, flaw: Flaw, app: App, value: Value = None, cursor: Cursor = None, limit: Limit = 100
) -> Page[FlawedImage]:
    """Return images with a flaw, the worst first, as far as `value` or the usual limit."""
    return app.checkups.flawed(project_id, flaw, value, cursor=cursor, limit=limit)
