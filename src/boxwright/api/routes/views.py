"""Saved views of the library."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.queries import ImageQuery
from boxwright.domain.views import Layout, SavedView

router = APIRouter(prefix=PREFIX, tags=["views"])


class Look(BaseModel):
    """How it is shown: as pictures or as a table, and which metadata fields are columns of that."""

    layout: Layout | None = None
    columns: list[Annotated[str, Field(max_length=200)]] | None = Field(default=None, max_length=50)


class NewView(Look):
    """A view to save."""

    name: str = Field(max_length=200)
    query: ImageQuery


class ViewPatch(Look):
    """Fields that are left out stay as they are; layout and columns go with the query."""

    name: str | None = Field(default=None, max_length=200)
    query: ImageQuery | None = None


@router.get("/projects/{project_id}/views", operation_id="listViews", dependencies=[Depends(in_project("viewer"))])
def list_views(project_id: str, app: App) -> tuple[SavedView, ...]:
    """Return the saved views of a project by name."""
    return app.views.list(project_id)


@router.post(
    "/projects/{project_id}/views",
    operation_id="createView",
    status_code=201,
    dependencies=[Depends(in_project("annotator"))],
)
def create_view(project_id: str, body: NewView, app: App, caller: Who) -> SavedView:
    """Save a filter and an order under a name, for everybody in the project."""
    return app.views.create(project_id, body.name, body.query, caller, layout=body.layout, columns=body.columns)


@router.patch("/views/{view_id}", operation_id="updateView", dependencies=[Depends(guard("view", "annotator"))])
def update_view(view_id: str, body: ViewPatch, app: App, caller: Who) -> SavedView:
    """Rename one's own view, or let it show something else; managers change anybody's."""
    role = app.access.role_at(caller, "view", view_id)
    return app.views.update(
        view_id, caller, role, name=body.name, query=body.query, layout=body.layout, columns=body.columns
    )


@router.delete(
    "/views/{view_id}",
    operation_id="deleteView",
    status_code=204,
    dependencies=[Depends(guard("view", "annotator"))],
)
def delete_view(view_id: str, app: App, caller: Who) -> None:
    """Delete one's own view; managers delete anybody's."""
    app.views.delete(view_id, caller, app.access.role_at(caller, "view", view_id))
