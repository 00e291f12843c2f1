"""Who asks, who may, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["viewer", "annotator", "reviewer", "manager"]
ROLES: tuple[Role, ...] = ("viewer", "annotator", "reviewer", "manager")


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The person or token behind a request, and from where. An administrator has every role in every project."""

    id: str
    name: str
    admin: bool
    via: Literal["session", "token"]
    address: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInWays:
    """How one can sign in here: `accounts` with name and password, `local` with the one-time link."""

    accounts: bool
    local: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person with an account. The user of the one-time link, `local`, has no password and cannot be changed."""

    id: str
    name: str
    admin: bool
    has_password: bool
    created_at: str
    disabled_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A browser that is signed in; `current` marks the one that asks."""

    id: str
    created_at: str
    expires_at: str
    address: str | None
    agent: str | None
    current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiToken:
    """An API token as lists show it; its secret is shown once, when it is made."""

    id: str
    name: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatedToken:
    """A new API token with its secret."""

    id: str
    name: str
    token: str
    created_at: str
    expires_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A user's role in a project."""

    user_id: str
    name: str
    role: Role
    disabled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MyRole:
    """What the caller may do in a project."""

    role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """One deed: who, from where, what, in which project. The names stay when the things are gone."""

    id: str
    created_at: str
    user_id: str | None
    user_name: str
    address: str | None
    action: str
    project_id: str | None
    subject: str | None
    detail: Mapping[str, object]


def at_least(role: Role, needed: Role) -> bool:
    """Tell whether `role` includes `needed`."""
    return ROLES.index(role) >= ROLES.index(needed)
