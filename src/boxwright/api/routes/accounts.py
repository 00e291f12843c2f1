"""Users, the caller's API tokens, and the audit log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from boxwright.api.deps import Administrator, App, Who, get_administrator, in_project, known_id
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.paging import Page
from boxwright.domain.people import ApiToken, AuditEntry, CreatedToken, User

router = APIRouter(prefix=PREFIX, tags=["accounts"])


class NewUser(BaseModel):
    """A user to make."""

    name: str = Field(max_length=200)
    password: str = Field(max_length=2000)
    admin: bool = False


class UserPatch(BaseModel):
    """Fields that are left out stay as they are."""

    name: str | None = Field(default=None, max_length=200)
    admin: bool | None = None
    disabled: bool | None = None
    password: str | None = Field(default=None, max_length=2000)


class NewToken(BaseModel):
    """A token to make; without `expires_at` it lives until it is revoked."""

    name: str = Field(max_length=200)
    expires_at: AwareDatetime | None = None


@router.get("/users", operation_id="listUsers", dependencies=[Depends(get_administrator)])
def list_users(app: App, cursor: Cursor = None, limit: Limit = 50) -> Page[User]:
    """Return all users by name; for administrators."""
    return app.accounts.page(cursor=cursor, limit=limit)


@router.post("/users", operation_id="createUser", status_code=201)
def create_user(body: NewUser, app: App, caller: Administrator) -> User:
    """Make a user; for administrators."""
    return app.accounts.create(caller, body.name, body.password, admin=body.admin)


@router.patch("/users/{user_id}", operation_id="updateUser")
def update_user(user_id: str, body: UserPatch, app: App, caller: Administrator) -> User:
    """Rename, promote, demote, disable, enable, set a password; for administrators."""
    return app.accounts.update(caller, known_id(user_id), **body.model_dump())


@router.get("/tokens", operation_id="listTokens")
def list_tokens(app: App, caller: Who) -> tuple[ApiToken, ...]:
    """Return the caller's API tokens, newest first, without their secrets."""
    return app.tokens.list(caller)


@router.post("/tokens", operation_id="createToken", status_code=201)
def create_token(body: NewToken, app: App, caller: Who) -> CreatedToken:
    """Make an API token of the caller; the answer is the only place that shows it."""
    return app.tokens.create(caller, body.name, body.expires_at)


@router.delete("/tokens/{token_id}", operation_id="revokeToken", status_code=204)
def revoke_token(token_id: str, app: App, caller: Who) -> None:
    """End one of the caller's API tokens at once."""
    app.tokens.revoke(caller, known_id(token_id))


@router.get("/audit", operation_id="listAudit", dependencies=[Depends(get_administrator)])
def list_audit(
    app: App,
    project_id: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditEntry]:
    """Return who did what, newest first; for administrators."""
    return app.audit.page(project_id, cursor=cursor, limit=limit)


@router.get(
    "/projects/{project_id}/audit", operation_id="listProjectAudit", dependencies=[Depends(in_project("manager"))]
)
def list_project_audit(project_id: str, app: App, cursor: Cursor = None, limit: Limit = 50) -> Page[AuditEntry]:
    """Return who did what in a project, newest first; for its managers."""
    return app.audit.page(project_id, cursor=cursor, limit=limit)
