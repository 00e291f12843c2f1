"""Users, API tokens, members of projects, signed-in browsers, the audit log."""

from collections.abc import AsyncIterator
from datetime import datetime

from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_list, decode_page
from boxwright.domain.paging import Page
from boxwright.domain.people import ApiToken, AuditEntry, CreatedToken, Member, MyRole, Role, Session, User


class Users:
    """All users; for administrators."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def page(self, *, cursor: str | None = None, limit: int = 50) -> Page[User]:
        """Return one page of users by name."""
        return decode_page(User, await self._http.get("/users", {"cursor": cursor, "limit": limit}))

    def all(self) -> AsyncIterator[User]:
        """Yield every user by name."""
        return all_items(lambda cursor: self.page(cursor=cursor, limit=500))

    async def create(self, name: str, password: str, *, admin: bool = False) -> User:
        """Make a user. Raises Invalid (`name_invalid`, `password_invalid`), Conflict (`name_taken`)."""
        return decode(
            User, await self._http.send("POST", "/users", json={"name": name, "password": password, "admin": admin})
        )

    async def update(
        self,
        user_id: str,
        *,
        name: str | None = None,
        admin: bool | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> User:
        """Change what is given. Raises Conflict (`last_administrator`) rather than leave nobody to administer."""
        body = {"name": name, "admin": admin, "disabled": disabled, "password": password}
        given = {key: value for key, value in body.items() if value is not None}
        return decode(User, await self._http.send("PATCH", f"/users/{user_id}", json=given))


class Tokens:
    """The caller's API tokens."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self) -> tuple[ApiToken, ...]:
        """Return the tokens that are alive, newest first, without their secrets."""
        return decode_list(ApiToken, await self._http.get("/tokens"))

    async def create(self, name: str, expires_at: datetime | None = None) -> CreatedToken:
        """Make a token; the answer is the only place that shows its secret. `expires_at` must know its time zone."""
        body = {"name": name, "expires_at": expires_at.isoformat() if expires_at else None}
        return decode(CreatedToken, await self._http.send("POST", "/tokens", json=body))

    async def revoke(self, token_id: str) -> None:
        """End a token at once."""
        await self._http.send("DELETE", f"/tokens/{token_id}")


class Members:
    """Who takes part in a project, and in which role."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, project_id: str) -> tuple[Member, ...]:
        """Return the members by name."""
        return decode_list(Member, await self._http.get(f"/projects/{project_id}/members"))

    async def add(self, project_id: str, name: str, role: Role) -> Member:
        """Give the user of this name a role. Raises NotFound where nobody has the name."""
        body = {"name": name, "role": role}
        return decode(Member, await self._http.send("POST", f"/projects/{project_id}/members", json=body))

    async def set(self, project_id: str, user_id: str, role: Role) -> Member:
        """Give a user a role, the first one or another."""
        return decode(
            Member, await self._http.send("PUT", f"/projects/{project_id}/members/{user_id}", json={"role": role})
        )

    async def remove(self, project_id: str, user_id: str) -> None:
        """Take a user out of a project."""
        await self._http.send("DELETE", f"/projects/{project_id}/members/{user_id}")

    async def my_role(self, project_id: str) -> Role:
        """Return what the caller may do in a project."""
        return decode(MyRole, await self._http.get(f"/projects/{project_id}/role")).role


class Sessions:
    """The browsers that are signed in as the caller."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self) -> tuple[Session, ...]:
        """Return them, newest first."""
        return decode_list(Session, await self._http.get("/sessions"))

    async def end(self, session_id: str) -> None:
        """Sign one browser out."""
        await self._http.send("DELETE", f"/sessions/{session_id}")

    async def end_all(self) -> None:
        """Sign every browser out."""
        await self._http.send("DELETE", "/sessions")


class Audit:
    """Who did what, from where."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def page(
        self, project_id: str | None = None, *, cursor: str | None = None, limit: int = 50
    ) -> Page[AuditEntry]:
        """Return one page of entries, newest first, of one project (for its managers) or all (for administrators)."""
        params = {"cursor": cursor, "limit": limit}
        if project_id is not None:
            return decode_page(AuditEntry, await self._http.get(f"/projects/{project_id}/audit", params))
        return decode_page(AuditEntry, await self._http.get("/audit", params))

    def all(self, project_id: str | None = None) -> AsyncIterator[AuditEntry]:
        """Yield every entry, newest first."""
        return all_items(lambda cursor: self.page(project_id, cursor=cursor, limit=500))
