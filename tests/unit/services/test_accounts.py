"""Users: rules of names and passwords, and who may be shut out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from boxwright.domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.services.access import Access, Visitor
from boxwright.services.accounts import Accounts, check_name
from boxwright.services.signing_in import SigningIn
from boxwright.services.tokens import Tokens
from boxwright.storage.unit_of_work import UnitOfWork

PASSWORD = "a long password"


@pytest.fixture
def accounts(uow: UnitOfWork) -> Accounts:
    return Accounts(uow)


@pytest.mark.parametrize("name", ["a", "ann.b_c-d@example.org", "Zoë", "李雷", "हिन्दी", "x" * 100])
def test_names(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "a b", "x" * 101, "a/b", "<b>", "a\n", "a\x00", "\u0301a", "a\u202eb", "\ud800", "😀"]
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(Invalid):
        check_name(name)


def test_users_are_made_and_found_without_regard_to_case(accounts: Accounts, caller: Caller, engine: Engine) -> None:
    assert not accounts.exist()
    ann = accounts.create(caller, "Zoe\u0308", PASSWORD, admin=True)
    assert (ann.name, ann.admin, ann.has_password, ann.disabled_at) == ("Zo\u00eb", True, True, None)
    assert accounts.exist()
    assert accounts.administrated()
    for taken in ("ZO\u00cb", "zoe\u0308", "local", "LOCAL"):
        with pytest.raises(Conflict) as caught:
            accounts.create(caller, taken, PASSWORD)
        assert caught.value.code == "name_taken"
    assert [user.name for user in accounts.page().items] == ["local", "Zo\u00eb"]
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT password_hash FROM users WHERE admin")).scalars().all()
    assert PASSWORD not in str(stored)
    assert any(str(value).startswith("$argon2id$") for value in stored)


@pytest.mark.parametrize("password", ["", "short one", "x" * 1025, "ANNABELLA.SMITH", "half \ud800 a character"])
def test_passwords_that_are_none(accounts: Accounts, caller: Caller, password: str) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.create(caller, "annabella.smith", password)
    assert caught.value.code == "password_invalid"
    assert password not in caught.value.message or not password


def test_disabling_ends_sessions_and_tokens_at_once(accounts: Accounts, uow: UnitOfWork, caller: Caller) -> None:
    access, signing_in = Access(uow), SigningIn(uow)
    ann = accounts.create(caller, "ann", PASSWORD)
    cookie = signing_in.sign_in("ann", PASSWORD, Visitor())
    token = Tokens(uow).create(access.session_caller(cookie), "t").token
    assert accounts.update(caller, ann.id, disabled=True).disabled_at is not None
    for ask in (lambda: access.session_caller(cookie), lambda: access.token_caller(token)):
        with pytest.raises(Unauthenticated):
            ask()
    with pytest.raises(Unauthenticated):
        signing_in.sign_in("ann", PASSWORD, Visitor())
    assert accounts.update(caller, ann.id, disabled=False).disabled_at is None
    # What ended stays ended.
    with pytest.raises(Unauthenticated):
        access.token_caller(token)
    assert signing_in.sign_in("ann", PASSWORD, Visitor())


def test_a_password_that_is_reset_ends_sessions(accounts: Accounts, uow: UnitOfWork, caller: Caller) -> None:
    access, signing_in = Access(uow), SigningIn(uow)
    ann = accounts.create(caller, "ann", PASSWORD)
    cookie = signing_in.sign_in("ann", PASSWORD, Visitor())
    accounts.update(caller, ann.id, name="anna", password="another password")
    with pytest.raises(Unauthenticated):
        access.session_caller(cookie)
    with pytest.raises(Unauthenticated):
        signing_in.sign_in("ann", "another password", Visitor())
    assert signing_in.sign_in("ANNA", "another password", Visitor())
    with pytest.raises(Invalid):
        accounts.update(caller, ann.id, name="another-name", password="another-name")


def test_the_last_administrator_stays(accounts: Accounts, caller: Caller) -> None:
    ann = accounts.create(caller, "ann", PASSWORD, admin=True)
    for change in ({"admin": False}, {"disabled": True}, {"admin": False, "disabled": True}):
        with pytest.raises(Conflict) as caught:
            accounts.update(caller, ann.id, **change)
        assert caught.value.code == "last_administrator"
    ben = accounts.create(caller, "ben", PASSWORD, admin=True)
    accounts.update(caller, ben.id, disabled=True)
    with pytest.raises(Conflict):
        accounts.update(caller, ann.id, admin=False)
    accounts.update(caller, ben.id, disabled=False)
    assert accounts.update(caller, ann.id, admin=False).admin is False


def test_two_administrators_cannot_demote_each_other_at_once(accounts: Accounts, caller: Caller) -> None:
    pair = [accounts.create(caller, name, PASSWORD, admin=True).id for name in ("ann", "ben")]

    def demote(user_id: str) -> bool:
        try:
            accounts.update(caller, user_id, admin=False)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, pair)) == [False, True]
    assert accounts.administrated()


def test_the_local_user_stays_as_it_is(accounts: Accounts, caller: Caller) -> None:
    for change in ({"admin": False}, {"disabled": True}, {"name": "x"}, {"password": PASSWORD}):
        with pytest.raises(Conflict) as caught:
            accounts.update(caller, caller.id, **change)  # type: ignore[arg-type]
        assert caught.value.code == "local_user"
    with pytest.raises(NotFound):
        accounts.update(caller, new_id(), admin=True)
    assert not accounts.administrated()
