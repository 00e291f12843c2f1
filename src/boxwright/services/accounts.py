"""Users: who there is, who may administer, who is shut out."""

import unicodedata

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller, User
from boxwright.services import passwords
from boxwright.services.access import LOCAL_USER, announce_change
from boxwright.storage.repositories.text import fold, nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

LONGEST_NAME = 100
_PUNCTUATION = "._-@"


def check_name(name: str) -> str:
    """Return a user name as it is stored. Raises Invalid with code `name_invalid`."""
    plain = nfc(name)
    # Marks are parts of letters in many scripts; they cannot come first.
    fine = all(char in _PUNCTUATION or unicodedata.category(char)[0] in "LMN" for char in plain)
    if not 1 <= len(plain) <= LONGEST_NAME or not fine or unicodedata.category(plain[0])[0] == "M":
        message = f"a user's name has 1 to {LONGEST_NAME} letters, digits and the characters . _ - @"
        raise Invalid(message, code="name_invalid")
    return plain


class Accounts:
    """Rules about users."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def exist(self) -> bool:
        """Tell whether anybody can sign in with name and password."""
        with self._uow.read() as tx:
            return tx.people.accounts_exist()

    def administrated(self) -> bool:
        """Tell whether an administrator can sign in with name and password."""
        with self._uow.read() as tx:
            return bool(tx.people.administrators())

    def page(self, *, cursor: str | None = None, limit: int = 50) -> Page[User]:
        """Return users by name."""
        with self._uow.read() as tx:
            return tx.people.page(cursor, limit)

    def create(self, caller: Caller, name: str, password: str, *, admin: bool = False) -> User:
        """Add a user. Raises Invalid, Conflict (`name_taken`)."""
        plain = check_name(name)
        hashed = passwords.hashed(password, plain)
        with self._uow.write() as tx:
            _check_free(tx, plain)
            user_id = tx.people.add_user(plain, admin=admin, password_hash=hashed)
            tx.audit.add(caller, "user.create", subject=user_id, detail={"name": plain, "admin": admin})
            announce_change(tx, user_id)
            return _account(tx, user_id)

    def update(
        self,
        caller: Caller,
        user_id: str,
        *,
        name: str | None = None,
        admin: bool | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> User:
        """Change what is not None. A new password ends the user's sessions; disabling ends the tokens as well.

        Raises:
            NotFound: there is no such user.
            Invalid: `name_invalid`, `password_invalid`.
            Conflict: `name_taken`, `last_administrator`, `local_user`.
        """
        plain = None if name is None else check_name(name)
        with self._uow.read() as tx:
            account = _account(tx, user_id)
        hashed = None if password is None else passwords.hashed(password, plain or account.name)
        with self._uow.write() as tx:
            # Held first, so that two administrators cannot demote each other at the same time.
            administrators = tx.people.administrators(hold=True)
            before = _account(tx, user_id)
            if fold(before.name) == LOCAL_USER:
                raise Conflict("the local user belongs to this machine and stays as it is", code="local_user")
            if administrators == [user_id] and (disabled or admin is False):
                message = "this is the last administrator who can sign in; make another one first"
                raise Conflict(message, code="last_administrator")
            values, detail = _changes(before, plain, admin, disabled)
            if plain is not None:
                _check_free(tx, plain, user_id)
            if hashed is not None:
                values["password_hash"], detail["password"] = hashed, True
            if values:
                tx.people.update_user(user_id, **values)
                tx.audit.add(caller, "user.update", subject=user_id, detail={"user": before.name, **detail})
            if hashed is not None or disabled:
                tx.credentials.delete_sessions_of(user_id)
            if disabled:
                tx.credentials.revoke_tokens(user_id)
            announce_change(tx, user_id)
            return _account(tx, user_id)


def _changes(
    before: User, name: str | None, admin: bool | None, disabled: bool | None
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the columns to change, and what the audit log says of it."""
    values: dict[str, object] = {}
    detail: dict[str, object] = {}
    if name is not None and name != before.name:
        values["name"] = detail["name"] = name
    if admin is not None and admin != before.admin:
        values["admin"] = detail["admin"] = admin
    if disabled is not None and disabled != (before.disabled_at is not None):
        values["disabled_at"], detail["disabled"] = (now() if disabled else None), disabled
    return values, detail


def _account(tx: Transaction, user_id: str) -> User:
    user = tx.people.account(user_id)
    if user is None:
        raise NotFound("there is no such user")
    return user


def _check_free(tx: Transaction, name: str, own_id: str | None = None) -> None:
    # `local` is kept for the one-time link, also where nobody has used it yet.
    if fold(name) == LOCAL_USER or tx.people.user_named(name) not in (None, own_id):
        raise Conflict(f"there is a user named {name!r} already; choose another name", code="name_taken")
