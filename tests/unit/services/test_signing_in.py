"""Name and password, the sessions they open, and what the audit log says of it."""

from __future__ import annotations

import pytest

from boxwright.domain.errors import Forbidden, Invalid, NotFound, TooManyAttempts, Unauthenticated
from boxwright.domain.people import AuditEntry, Caller
from boxwright.services import passwords
from boxwright.services.access import Access, Visitor
from boxwright.services.accounts import Accounts
from boxwright.services.attempts import PER_NAME, Attempts
from boxwright.services.audit import Audit
from boxwright.services.signing_in import SigningIn
from boxwright.storage.unit_of_work import UnitOfWork

PASSWORD = "a long password, e\u0301"
HERE = Visitor(address="192.0.2.9", agent="Firefox")


@pytest.fixture
def signing_in(uow: UnitOfWork) -> SigningIn:
    # The clock stands: on a busy machine ten tries may take longer than the wait for the next.
    return SigningIn(uow, Attempts(lambda: 1000.0))


@pytest.fixture
def access(uow: UnitOfWork) -> Access:
    return Access(uow)


@pytest.fixture
def ann(uow: UnitOfWork, caller: Caller) -> str:
    return Accounts(uow).create(caller, "Ann", PASSWORD).id


def trail(uow: UnitOfWork) -> tuple[AuditEntry, ...]:
    return Audit(uow).page().items


def test_a_name_and_its_password_open_a_session(
    signing_in: SigningIn, access: Access, ann: str, uow: UnitOfWork
) -> None:
    # Another keyboard may send the same letters in another normal form.
    cookie = signing_in.sign_in("ANN", "a long password, \u00e9", HERE)
    caller = access.session_caller(cookie)
    assert (caller.id, caller.name, caller.admin, caller.via) == (ann, "Ann", False, "session")
    entry = trail(uow)[0]
    assert (entry.action, entry.user_id, entry.user_name, entry.address) == ("session.open", ann, "Ann", "192.0.2.9")
    assert entry.detail == {"way": "password"}


def test_what_does_not_fit_is_refused_alike(signing_in: SigningIn, ann: str, uow: UnitOfWork) -> None:
    messages = set()
    for name, password in (
        ("ann", PASSWORD + "x"),
        ("ann", ""),
        ("ann", "x" * 5000),
        ("ann", "\ud800"),
        ("nobody", PASSWORD),
        ("local", ""),
        ("nul\x00", PASSWORD),
        ("", ""),
    ):
        with pytest.raises(Unauthenticated) as caught:
            signing_in.sign_in(name, password, HERE)
        messages.add((caught.value.code, caught.value.message))
    assert len(messages) == 1
    entries = [entry for entry in trail(uow) if entry.action == "session.refused"]
    assert len(entries) == 8
    # A password that was typed into the field of the name is not written down.
    assert {entry.user_name for entry in entries} == {"Ann", "local", ""}


def test_an_unknown_name_costs_the_same_work(signing_in: SigningIn, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    real = passwords.hasher()

    class Watching:
        def verify(self, stored: str, plain: bytes) -> bool:
            verified.append(stored)
            return real.verify(stored, plain)

        hash = real.hash

    monkeypatch.setattr(passwords, "hasher", Watching)
    for name in ("ann", "nobody"):
        with pytest.raises(Unauthenticated):
            signing_in.sign_in(name, "wrong password", HERE)
    assert [stored.rpartition("$")[0].rpartition("$")[0] for stored in verified] == [
        "$argon2id$v=19$m=65536,t=3,p=4"
    ] * 2


def test_guessing_is_slowed_down(signing_in: SigningIn, ann: str, uow: UnitOfWork) -> None:
    for number in range(PER_NAME.burst):
        with pytest.raises(Unauthenticated):
            signing_in.sign_in("ann", "wrong password", Visitor(address=f"192.0.2.{number}"))
    before = len(trail(uow))
    with pytest.raises(TooManyAttempts) as caught:
        signing_in.sign_in("ann", PASSWORD, HERE)
    assert caught.value.detail["retry_after"] == PER_NAME.seconds
    assert len(trail(uow)) == before


def test_a_sign_in_replaces_the_session_that_was_there(signing_in: SigningIn, access: Access, ann: str) -> None:
    planted = access.open_session(access.one_time_token())
    cookie = signing_in.sign_in("ann", PASSWORD, Visitor(cookie=planted))
    assert cookie != planted
    with pytest.raises(Unauthenticated):
        access.session_caller(planted)


def test_changing_the_password_ends_the_other_sessions(
    signing_in: SigningIn, access: Access, ann: str, caller: Caller
) -> None:
    mine, other = (signing_in.sign_in("ann", PASSWORD, HERE) for _ in range(2))
    me = access.session_caller(mine)
    with pytest.raises(Invalid) as caught:
        signing_in.change_password(me, "wrong password", "another password", mine)
    assert caught.value.code == "password_wrong"
    for bad in ("short", "ann", PASSWORD[:9]):
        with pytest.raises(Invalid):
            signing_in.change_password(me, PASSWORD, bad, mine)
    signing_in.change_password(me, PASSWORD, "another password", mine)
    assert access.session_caller(mine).id == ann
    with pytest.raises(Unauthenticated):
        access.session_caller(other)
    with pytest.raises(Unauthenticated):
        signing_in.sign_in("ann", PASSWORD, HERE)
    assert signing_in.sign_in("ann", "another password", HERE)
    with pytest.raises(Forbidden):
        signing_in.change_password(caller, "", "another password", "")


def test_guessing_the_current_password_is_slowed_down_too(signing_in: SigningIn, access: Access, ann: str) -> None:
    me = access.session_caller(signing_in.sign_in("ann", PASSWORD, HERE))
    for _ in range(PER_NAME.burst):
        with pytest.raises(Invalid):
            signing_in.change_password(me, "wrong password", "another password", "")
    with pytest.raises(TooManyAttempts):
        signing_in.change_password(me, PASSWORD, "another password", "")


def test_sessions_are_listed_and_ended(signing_in: SigningIn, access: Access, ann: str, caller: Caller) -> None:
    cookies = [signing_in.sign_in("ann", PASSWORD, HERE) for _ in range(3)]
    me = access.session_caller(cookies[0])
    listed = signing_in.sessions(me, cookies[0])
    assert [item.current for item in listed] == [False, False, True]
    assert {(item.address, item.agent) for item in listed} == {("192.0.2.9", "Firefox")}
    with pytest.raises(NotFound):
        signing_in.end(caller, listed[0].id)
    signing_in.end(me, listed[0].id)
    signing_in.end_others(me, cookies[0])
    assert [item.current for item in signing_in.sessions(me, cookies[0])] == [True]


def test_a_hash_of_weaker_times_is_renewed(
    signing_in: SigningIn, ann: str, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192).hash("a long password, \u00e9")
    with uow.write() as tx:
        tx.people.update_user(ann, password_hash=old)
    assert signing_in.sign_in("ann", PASSWORD, HERE)
    with uow.read() as tx:
        renewed = tx.people.password_hash(ann)
    assert renewed is not None
    assert renewed != old
    assert signing_in.sign_in("ann", PASSWORD, HERE)
