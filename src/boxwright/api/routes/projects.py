"""Projects and their classes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.attributes import AttributeDefinition
from boxwright.domain.errors import NotFound
from boxwright.domain.paging import MAX_LIMIT, Page
from boxwright.domain.projects import LabelClass, Project, ProjectCounts, Workflow

router = APIRouter(prefix=PREFIX, tags=["projects"])
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=2000)]
Attributes = Annotated[tuple[AttributeDefinition, ...], Field(max_length=1000)]


class NewProject(BaseModel):
    """A project to make."""

    name: str = Field(max_length=200)
    description: str = Field(default="", max_length=10_000)


class ProjectPatch(BaseModel):
    """Fields that are left out stay as they are."""

    name: str | None = Field(default=None, max_length=200)
    description: str | None = Field(default=None, max_length=10_000)
    cover_image_id: str | None = None
    workflow: Workflow | None = None
    attributes: Attributes | None = None


class Confirm(BaseModel):
    """The name of the project, typed by the person who deletes it."""

    confirm: str = Field(max_length=200)


class NewClasses(BaseModel):
    """Class names; those that exist are returned, not doubled."""

    names: list[str] = Field(min_length=1, max_length=10_000)
    color: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$")


class ClassPatch(BaseModel):
    """Fields that are left out stay as they are; an empty hotkey removes it.

    `attributes` take the place of all those that the class had; what objects have of them stays.
    """

    name: str | None = Field(default=None, max_length=200)
    color: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$")
    hotkey: str | None = Field(default=None, max_length=20)
    position: int | None = Field(default=None, ge=0, le=1_000_000)
    hidden: bool | None = None
    attributes: Attributes | None = None


@router.get("/projects", operation_id="listProjects")
def list_projects(
    app: App, caller: Who, query: str = "", trash: bool = False, cursor: Cursor = None, limit: Limit = 50
) -> Page[Project]:
    """Return the projects that the caller may see, newest change first."""
    return app.projects.page(caller, query=query, trash=trash, cursor=cursor, limit=limit)


@router.post("/projects", operation_id="createProject", status_code=201)
def create_project(body: NewProject, app: App, caller: Who) -> Project:
    """Make an empty project; who is no administrator becomes its manager."""
    return app.projects.create(caller, name=body.name, description=body.description)


@router.get("/projects/{project_id}", operation_id="getProject", dependencies=[Depends(in_project("viewer"))])
def get_project(project_id: str, app: App) -> Project:
    """Return one project."""
    return app.projects.get(project_id)


@router.patch("/projects/{project_id}", operation_id="updateProject", dependencies=[Depends(in_project("manager"))])
def update_project(project_id: str, body: ProjectPatch, app: App) -> Project:
    """Rename, describe, choose the cover, define attributes of all classes, switch reviewing on or off."""
    cover = body.cover_image_id
    if cover is not None and app.access.project_of("image", cover) != project_id:
        raise NotFound("the cover must be a picture of this project")
    return app.projects.update(
        project_id,
        name=body.name,
        description=body.description,
        cover_image_id=cover,
        workflow=body.workflow,
        attributes=body.attributes,
    )


@router.delete(
    "/projects/{project_id}",
    operation_id="deleteProject",
    status_code=204,
    dependencies=[Depends(in_project("manager"))],
)
def delete_project(project_id: str, body: Confirm, app: App, caller: Who) -> None:
    """Move a project to the trash, where it stays for 30 days."""
    app.projects.delete(project_id, body.confirm, caller)


@router.post(
    "/projects/{project_id}/restore", operation_id="restoreProject", dependencies=[Depends(in_project("manager"))]
)
def restore_project(project_id: str, app: App, caller: Who) -> Project:
    """Take a project back out of the trash."""
    return app.projects.restore(project_id, caller)


@router.get(
    "/projects/{project_id}/counts", operation_id="getProjectCounts", dependencies=[Depends(in_project("viewer"))]
)
def get_counts(project_id: str, app: App) -> ProjectCounts:
    """Return pictures and annotations by split and class."""
    return app.projects.counts(project_id)


@router.get("/projects/{project_id}/classes", operation_id="listClasses", dependencies=[Depends(in_project("viewer"))])
def list_classes(project_id: str, app: App) -> tuple[LabelClass, ...]:
    """Return the classes in their order."""
    return app.classes.list(project_id)


@router.post(
    "/projects/{project_id}/classes",
    operation_id="addClasses",
    status_code=201,
    dependencies=[Depends(in_project("manager"))],
)
def add_classes(project_id: str, body: NewClasses, app: App) -> tuple[LabelClass, ...]:
    """Add classes by name and return them."""
    return app.classes.add(project_id, body.names, color=body.color)


@router.patch("/classes/{class_id}", operation_id="updateClass", dependencies=[Depends(guard("class", "manager"))])
def update_class(class_id: str, body: ClassPatch, app: App, caller: Who) -> LabelClass:
    """Rename, recolour, reorder or hide a class, define its attributes; its annotations stay as they are."""
    given = {key: value for key in type(body).model_fields if (value := getattr(body, key)) is not None}
    return app.classes.update(class_id, caller, **given)


@router.delete(
    "/classes/{class_id}",
    operation_id="deleteClass",
    status_code=204,
    dependencies=[Depends(guard("class", "manager"))],
)
def delete_class(class_id: str, app: App, caller: Who) -> None:
    """Delete a class that no annotation uses; `changeClasses` deletes one with its objects."""
    app.classes.delete(class_id, caller)
