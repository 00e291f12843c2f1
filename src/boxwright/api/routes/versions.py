"""Dataset versions: frozen, compared, brought back."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.differences import Restored, VersionDiff
from boxwright.domain.models import DatasetVersion
from boxwright.domain.paging import Page

router = APIRouter(prefix=PREFIX, tags=["versions"])


class NewVersion(BaseModel):
    """A name for the present state of the project."""

    name: str | None = Field(default=None, max_length=200)


@router.get(
    "/projects/{project_id}/versions", operation_id="listVersions", dependencies=[Depends(in_project("viewer"))]
)
def list_versions(project_id: str, app: App, cursor: Cursor = None, limit: Limit = 50) -> Page[DatasetVersion]:
    """Return the dataset versions, newest first."""
    return app.versions.page(project_id, cursor=cursor, limit=limit)


@router.post(
    "/projects/{project_id}/versions",
    operation_id="createVersion",
    status_code=201,
    dependencies=[Depends(in_project("manager"))],
)
def create_version(project_id: str, body: NewVersion, app: App, caller: Who) -> DatasetVersion:
    """Freeze the present state; equal content returns the version that exists."""
    return app.versions.create(project_id, body.name, caller)


@router.get("/versions/{version_id}", operation_id="getVersion", dependencies=[Depends(guard("version", "viewer"))])
def get_version(version_id: str, app: App) -> DatasetVersion:
    """Return one version."""
    return app.versions.get(version_id)


@router.get(
    "/versions/{version_id}/changes", operation_id="compareVersion", dependencies=[Depends(guard("version", "viewer"))]
)
def compare_version(version_id: str, app: App, other: str | None = None) -> VersionDiff:
    """Return what is different in another version of the project, or in the project now."""
    return app.version_changes.compare(version_id, other)


@router.post(
    "/versions/{version_id}/restore", operation_id="restoreVersion", dependencies=[Depends(guard("version", "manager"))]
)
def restore_version(version_id: str, app: App, caller: Who) -> Restored:
    """Bring the project back to a version; what it is now becomes a version first, which undoes this."""
    return app.version_changes.restore(version_id, caller)
