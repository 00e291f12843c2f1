"""Passwords: what may be one, and how it is stored (argon2id)."""

import functools
import threading
from typing import TYPE_CHECKING

from boxwright.domain.errors import Invalid, Unavailable
from boxwright.storage.repositories.text import fold, nfc

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 1024
# Each takes 64 MiB and some processor time: more at once would not be faster.
_SLOTS = threading.BoundedSemaphore(2)
_SLOT_SECONDS = 10.0


@functools.cache
def hasher() -> "PasswordHasher":
    """Return the one hasher: argon2id as RFC 9106 proposes it for little memory."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@functools.cache
def _nobodys_hash() -> str:
    return hasher().hash("the password of nobody")


def check(password: str, name: str) -> str:
    """Return the password in the form that is hashed. Raises Invalid with code `password_invalid`."""
    plain = nfc(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Invalid(f"a password has {SHORTEST} to {LONGEST:,} characters", code="password_invalid")
    if any("\ud800" <= char <= "\udfff" for char in plain):
        raise Invalid("the password holds half a character", code="password_invalid")
    if fold(plain) == fold(name):
        raise Invalid("the password must not be the user's name", code="password_invalid")
    return plain


def hashed(password: str, name: str) -> str:
    """Return the salted hash to store. Raises Invalid with code `password_invalid`."""
    plain = check(password, name)
    with _Slot():
        return hasher().hash(plain)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password fits; without a hash (an unknown name) it takes the same time to say no."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    plain = nfc(password[: LONGEST + 1]).encode("utf-8", "replace")
    with _Slot():
        try:
            hasher().verify(stored or _nobodys_hash(), plain)
        except (Argon2Error, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return hasher().check_needs_rehash(stored)


class _Slot:
    def __enter__(self) -> None:
        if not _SLOTS.acquire(timeout=_SLOT_SECONDS):
            raise Unavailable("too many people are signing in; try again in a moment", code="sign_in_busy")

    def __exit__(self, *_: object) -> None:
        _SLOTS.release()
