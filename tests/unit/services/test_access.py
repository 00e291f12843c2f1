from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from boxwright.domain.errors import Invalid, NotFound, Unauthenticated
from boxwright.domain.ids import new_id
from boxwright.services import access as module
from boxwright.services.access import Access, Credential
from boxwright.storage.unit_of_work import UnitOfWork
from makers import label, project


@pytest.fixture
def access(uow: UnitOfWork) -> Access:
    return Access(uow)


def test_the_local_user_is_made_once(access: Access) -> None:
    first = access.ensure_local_user()
    assert (first.name, first.admin) == ("local", True)
    assert access.ensure_local_user() == first


def test_a_link_opens_one_session(access: Access) -> None:
    token = access.one_time_token()
    cookie = access.open_session(token)
    caller = access.session_caller(cookie)
    assert (caller.name, caller.via, caller.admin) == ("local", "session", True)
    for used in (token, "", "x", cookie, "\ud800"):
        with pytest.raises(Unauthenticated):
            access.open_session(used)
    access.close_session(cookie)
    access.close_session(cookie)
    with pytest.raises(Unauthenticated):
        access.session_caller(cookie)


def test_a_link_clicked_eight_times_at_once_opens_one_session(access: Access) -> None:
    access.ensure_local_user()
    token = access.one_time_token()

    def click(_: int) -> bool:
        try:
            access.open_session(token)
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, range(8))) == 1


def test_a_newer_link_ends_the_older_one(access: Access) -> None:
    old, new = access.one_time_token(), access.one_time_token()
    with pytest.raises(Unauthenticated):
        access.open_session(old)
    assert access.open_session(new)


def test_links_and_sessions_end(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    token = access.one_time_token()
    cookie = access.open_session(token)
    late = access.one_time_token()
    monkeypatch.setattr(module, "now", lambda: "2999-01-01T00:00:00.000Z")
    with pytest.raises(Unauthenticated):
        access.open_session(late)
    with pytest.raises(Unauthenticated):
        access.session_caller(cookie)


def test_tokens(access: Access, engine: Engine) -> None:
    user = access.ensure_local_user()
    token = access.create_token(user.id, "script")
    caller = access.token_caller(token)
    assert (caller.id, caller.via) == (user.id, "token")
    for wrong in ("", token[:-1], token + "x", "Bearer " + token):
        with pytest.raises(Unauthenticated):
            access.token_caller(wrong)
    with pytest.raises(NotFound):
        access.create_token(new_id(), "script")
    with pytest.raises(Invalid):
        access.create_token(user.id, "")
    with engine.begin() as connection:
        connection.execute(text("UPDATE tokens SET revoked_at = '2026-01-01T00:00:00Z'"))
    with pytest.raises(Unauthenticated):
        access.token_caller(token)


def test_who_may_do_what_is_asked_in_one_go(access: Access, uow: UnitOfWork) -> None:
    admin = access.ensure_local_user()
    with uow.write() as tx:
        ann = tx.people.user(tx.people.add_user("ann", admin=False))
    assert ann is not None
    mine, other = (project(uow, admin, name) for name in ("mine", "other"))
    class_id = label(uow, mine.id, "RBC")
    with uow.write() as tx:
        tx.people.add_member(mine.id, ann.id, "viewer")
    shown = {user.id: Credential("token", access.create_token(user.id, "script")) for user in (admin, ann)}
    for kind, thing in (("project", mine.id), ("class", class_id)):
        for user, role in ((admin, "manager"), (ann, "viewer")):
            caller, found = access.enter(shown[user.id], kind, thing)
            assert (caller.id, caller.via, found) == (user.id, "token", role)
    for kind, thing in (("project", other.id), ("project", new_id()), ("class", new_id()), ("image", class_id)):
        with pytest.raises(NotFound):
            access.enter(shown[ann.id], kind, thing)
    for wrong in (Credential("session", shown[ann.id].secret), Credential("token", "x")):
        with pytest.raises(Unauthenticated):
            access.enter(wrong, "project", mine.id)


def test_a_disabled_user_is_nobody(access: Access, engine: Engine) -> None:
    token = access.create_token(access.ensure_local_user().id, "script")
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET disabled_at = '2026-01-01T00:00:00Z'"))
    for call in (lambda: access.token_caller(token), access.ensure_local_user):
        with pytest.raises(Unauthenticated):
            call()


def test_no_secret_is_stored_in_the_clear(access: Access, engine: Engine) -> None:
    link = access.one_time_token()
    cookie = access.open_session(link)
    second = access.one_time_token()
    token = access.create_token(access.ensure_local_user().id, "script")
    with engine.connect() as connection:
        rows = [
            str(row)
            for table in ("meta", "sessions", "tokens")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert len(rows) == 3
    assert not any(secret in row for row in rows for secret in (link, cookie, second, token))
