"""Who takes part in a project."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, in_project, known_id
from boxwright.api.routes import PREFIX
from boxwright.domain.people import Member, MyRole, Role

router = APIRouter(prefix=PREFIX, tags=["members"])
_MANAGER = [Depends(in_project("manager"))]


class NewRole(BaseModel):
    """What a member may do."""

    role: Role


class NewMember(BaseModel):
    """A user by name, and what the user may do."""

    name: str = Field(max_length=200)
    role: Role


@router.get("/projects/{project_id}/role", operation_id="myRole", dependencies=[Depends(in_project("viewer"))])
def my_role(project_id: str, app: App, caller: Who) -> MyRole:
    """Return what the caller may do in a project."""
    return MyRole(role=app.access.role(caller, project_id))


@router.get("/projects/{project_id}/members", operation_id="listMembers", dependencies=[Depends(in_project("viewer"))])
def list_members(project_id: str, app: App) -> tuple[Member, ...]:
    """Return the members by name."""
    return app.members.list(project_id)


@router.post("/projects/{project_id}/members", operation_id="addMember", status_code=201, dependencies=_MANAGER)
def add_member(project_id: str, body: NewMember, app: App, caller: Who) -> Member:
    """Give the user of this name a role."""
    return app.members.add(caller, project_id, body.name, body.role)


@router.put("/projects/{project_id}/members/{user_id}", operation_id="setMember", dependencies=_MANAGER)
def set_member(project_id: str, user_id: str, body: NewRole, app: App, caller: Who) -> Member:
    """Give a user a role, the first one or another."""
    return app.members.set(caller, project_id, known_id(user_id), body.role)


@router.delete(
    "/projects/{project_id}/members/{user_id}", operation_id="removeMember", status_code=204, dependencies=_MANAGER
)
def remove_member(project_id: str, user_id: str, app: App, caller: Who) -> None:
    """Take a user out of a project."""
    app.members.remove(caller, project_id, known_id(user_id))
