"""The figures of a project."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from boxwright.api.deps import App, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.statistics import Statistics

router = APIRouter(prefix=PREFIX, tags=["projects"])


@router.get(
    "/projects/{project_id}/statistics", operation_id="getStatistics", dependencies=[Depends(in_project("viewer"))]
)
def get_statistics(
    project_id: str, app: App, class_id: Annotated[str | None, Query(max_length=40)] = None
) -> Statistics:
    """Return classes, sizes, shapes and places of objects, objects of an image and sizes of images, by split."""
    return app.figures.get(project_id, class_id)
