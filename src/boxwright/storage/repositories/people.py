"""Users, their roles, and values of the installation."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller, Member, Role, User
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.text import fold
from boxwright.storage.tables import memberships, meta, users

# Made once: it runs with every request about a project.
_ROLE = sa.select(memberships.c.role).where(
    memberships.c.project_id == sa.bindparam("project"), memberships.c.user_id == sa.bindparam("user")
)


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        name=row.name,
        admin=row.admin,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _member(row: Any) -> Member:
    return Member(user_id=row.id, name=row.name, role=row.role, disabled=row.disabled_at is not None)


class PeopleRepository:
    """Tables `users`, `memberships` and `meta`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_user(self, name: str, *, admin: bool, password_hash: str | None = None) -> str:
        """Insert a user and return the id."""
        user_id = new_id()
        values = {"id": user_id, "name": name, "name_fold": fold(name), "admin": admin, "created_at": now()}
        self._db.execute(sa.insert(users).values(**values, password_hash=password_hash))
        return user_id

    def user_named(self, name: str) -> str | None:
        """Return the id of a user; names are compared without regard to case."""
        # PostgreSQL stores no NUL, so nobody is called so.
        return None if "\x00" in name else self._db.scalar(sa.select(users.c.id).where(users.c.name_fold == fold(name)))

    def user(self, user_id: str) -> Caller | None:
        """Return an enabled user as a caller."""
        query = sa.select(users).where(users.c.id == user_id, users.c.disabled_at.is_(None))
        row = self._db.execute(query).one_or_none()
        return Caller(id=row.id, name=row.name, admin=row.admin, via="session") if row else None

    def account(self, user_id: str) -> User | None:
        """Return a user, also a disabled one."""
        row = self._db.execute(sa.select(users).where(users.c.id == user_id)).one_or_none()
        return _user(row) if row else None

    def password_hash(self, user_id: str) -> str | None:
        """Return the hash of an enabled user's password."""
        enabled = (users.c.id == user_id, users.c.disabled_at.is_(None))
        return self._db.scalar(sa.select(users.c.password_hash).where(*enabled))

    def update_user(self, user_id: str, **values: object) -> None:
        """Change columns of a user."""
        if "name" in values:
            values["name_fold"] = fold(str(values["name"]))
        self._db.execute(sa.update(users).where(users.c.id == user_id).values(**values))

    def page(self, cursor: str | None, limit: int) -> Page[User]:
        """Return users by name."""
        return keyset.page(self._db, sa.select(users), (users.c.name_fold,), _user, cursor=cursor, limit=limit)

    def accounts_exist(self) -> bool:
        """Tell whether anybody can sign in with a password."""
        return self._db.scalar(sa.select(users.c.id).where(*_can_sign_in()).limit(1)) is not None

    def administrators(self, *, hold: bool = False) -> list[str]:
        """Return who can administer after signing in with a password; `hold` keeps others from changing these rows."""
        query = sa.select(users.c.id).where(*_can_sign_in(), users.c.admin).order_by(users.c.id)
        return list(self._db.scalars(query.with_for_update(key_share=True) if hold else query))

    def role(self, user_id: str, project_id: str) -> Role | None:
        """Return the role of a member."""
        role: Role | None = self._db.scalar(_ROLE, {"project": project_id, "user": user_id})
        return role

    def add_member(self, project_id: str, user_id: str, role: Role) -> None:
        """Insert a membership."""
        self._db.execute(sa.insert(memberships).values(project_id=project_id, user_id=user_id, role=role))

    def set_role(self, project_id: str, user_id: str, role: Role) -> bool:
        """Change the role of a member; tell whether there was one."""
        query = sa.update(memberships).where(*_membership(project_id, user_id)).values(role=role)
        return self._db.execute(query).rowcount == 1

    def remove_member(self, project_id: str, user_id: str) -> bool:
        """Remove a membership; tell whether there was one."""
        return self._db.execute(sa.delete(memberships).where(*_membership(project_id, user_id))).rowcount == 1

    def members(self, project_id: str) -> tuple[Member, ...]:
        """Return the members of a project by name."""
        query = (
            sa.select(users.c.id, users.c.name, users.c.disabled_at, memberships.c.role)
            .join(memberships, memberships.c.user_id == users.c.id)
            .where(memberships.c.project_id == project_id)
            .order_by(users.c.name_fold)
        )
        return tuple(_member(row) for row in self._db.execute(query))

    def meta(self, key: str) -> str | None:
        """Return a value of the installation."""
        return self._db.scalar(sa.select(meta.c.value).where(meta.c.key == key))

    def set_meta(self, key: str, value: str) -> None:
        """Write a value of the installation."""
        self._db.execute(sa.delete(meta).where(meta.c.key == key))
        self._db.execute(sa.insert(meta).values(key=key, value=value))

    def meta_keys(self, start: str) -> list[str]:
        """Return the names of the values that begin so."""
        return list(self._db.scalars(sa.select(meta.c.key).where(meta.c.key.startswith(start, autoescape=True))))

    def take_meta(self, key: str, value: str) -> bool:
        """Remove a value if it is still this one; tell whether it was."""
        return self._db.execute(sa.delete(meta).where(meta.c.key == key, meta.c.value == value)).rowcount == 1


def _can_sign_in() -> tuple[Any, ...]:
    return users.c.password_hash.is_not(None), users.c.disabled_at.is_(None)


def _membership(project_id: str, user_id: str) -> tuple[Any, ...]:
    return memberships.c.project_id == project_id, memberships.c.user_id == user_id
