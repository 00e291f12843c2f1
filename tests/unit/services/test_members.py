"""Roles in projects, tokens, and reading the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from boxwright.domain.errors import Invalid, NotFound, Unauthenticated
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.services.access import Access
from boxwright.services.audit import Audit
from boxwright.services.members import Members
from boxwright.services.projects import Projects
from boxwright.services.tokens import Tokens
from boxwright.storage.unit_of_work import UnitOfWork
from stores import Heard


@pytest.fixture
def members(uow: UnitOfWork) -> Members:
    return Members(uow)


@pytest.fixture
def project_id(uow: UnitOfWork, caller: Caller) -> str:
    return Projects(uow).create(caller, "cells").id


@pytest.fixture
def ann(uow: UnitOfWork) -> Caller:
    with uow.write() as tx:
        user_id = tx.people.add_user("Ann", admin=False)
    return Caller(id=user_id, name="Ann", admin=False, via="session")


def test_roles_are_given_changed_and_taken(
    members: Members, uow: UnitOfWork, caller: Caller, project_id: str, ann: Caller, heard: Heard
) -> None:
    access = Access(uow)
    with pytest.raises(NotFound):
        access.role(ann, project_id)
    assert members.add(caller, project_id, "ANN", "viewer").user_id == ann.id
    assert access.role(ann, project_id) == "viewer"
    assert members.set(caller, project_id, ann.id, "manager").role == "manager"
    members.set(caller, project_id, ann.id, "manager")
    assert [(item.name, item.role, item.disabled) for item in members.list(project_id)] == [("Ann", "manager", False)]
    members.remove(caller, project_id, ann.id)
    with pytest.raises(NotFound):
        access.role(ann, project_id)
    assert [event.data["role"] for event in heard.events if event.topic == "member"] == ["viewer", "manager", None]
    entries = Audit(uow).page(project_id).items
    assert [(entry.action, entry.detail.get("role")) for entry in entries] == [
        ("member.remove", None),
        ("member.set", "manager"),
        ("member.set", "viewer"),
        ("project.create", None),
    ]


def test_who_and_what_must_exist(members: Members, uow: UnitOfWork, caller: Caller, project_id: str) -> None:
    for deed in (
        lambda: members.add(caller, project_id, "nobody", "viewer"),
        lambda: members.add(caller, project_id, "nul\x00", "viewer"),
        lambda: members.set(caller, project_id, new_id(), "viewer"),
        lambda: members.remove(caller, project_id, caller.id),
        lambda: members.set(caller, new_id(), caller.id, "viewer"),
    ):
        with pytest.raises(NotFound):
            deed()
    Projects(uow).delete(project_id, "cells", caller)
    with pytest.raises(NotFound):
        members.list(project_id)


def test_who_makes_a_project_manages_it(uow: UnitOfWork, ann: Caller) -> None:
    made = Projects(uow).create(ann, "mine")
    assert Access(uow).role(ann, made.id) == "manager"
    assert [item.id for item in Projects(uow).page(ann).items] == [made.id]


def test_tokens_live_until_they_end(uow: UnitOfWork, ann: Caller, caller: Caller, engine: Engine) -> None:
    tokens, access = Tokens(uow), Access(uow)
    soon = datetime.now(UTC) + timedelta(days=1)
    made = tokens.create(ann, "nightly", soon)
    assert made.expires_at is not None
    assert made.expires_at.endswith("Z")
    assert access.token_caller(made.token).id == ann.id
    (listed,) = tokens.list(ann)
    assert (listed.id, listed.name, listed.last_used_at is not None) == (made.id, "nightly", True)
    with pytest.raises(NotFound):
        tokens.revoke(caller, made.id)
    with engine.begin() as connection:
        connection.execute(text("UPDATE tokens SET expires_at = '2026-01-01T00:00:00.000Z'"))
    assert tokens.list(ann) == ()
    with pytest.raises(Unauthenticated):
        access.token_caller(made.token)
    other = tokens.create(ann, "other")
    tokens.revoke(ann, other.id)
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            access.token_caller(other.token)
    with pytest.raises(NotFound):
        tokens.revoke(ann, other.id)


def test_tokens_that_cannot_be(uow: UnitOfWork, ann: Caller, caller: Caller) -> None:
    tokens = Tokens(uow)
    with pytest.raises(Invalid):
        tokens.create(ann, "late", datetime.now(UTC) - timedelta(seconds=1))
    for name in ("", "server.json", "x" * 201):
        with pytest.raises(Invalid):
            tokens.create(caller, name)
    # The server's own token is not on the list, so that nobody cuts the shell off by mistake.
    Access(uow).server_token()
    assert tokens.list(caller) == ()


def test_the_audit_log_is_paged_and_forgets_after_two_years(
    members: Members, uow: UnitOfWork, caller: Caller, project_id: str, ann: Caller, engine: Engine
) -> None:
    for role in ("viewer", "annotator", "reviewer", "manager"):
        members.set(caller, project_id, ann.id, role)  # type: ignore[arg-type]
    audit = Audit(uow)
    first = audit.page(project_id, limit=3)
    second = audit.page(project_id, cursor=first.next_cursor, limit=3)
    assert [item.detail.get("role") for item in (*first.items, *second.items)] == [
        *("manager", "reviewer", "annotator", "viewer"),
        None,
    ]
    assert audit.page(new_id()).items == ()
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_log SET created_at = '2020-01-01' WHERE action = 'project.create'"))
    audit.tidy()
    assert {item.action for item in audit.page().items} == {"member.set"}
