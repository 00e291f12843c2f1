"""Name and password: signing in, changing the password, the browsers that are signed in."""

from boxwright.domain.clock import now
from boxwright.domain.errors import Forbidden, Invalid, NotFound, Unauthenticated
from boxwright.domain.people import Caller, Session
from boxwright.services import passwords
from boxwright.services.access import Visitor, announce_change, digest, start_session
from boxwright.services.attempts import Attempts
from boxwright.storage.unit_of_work import UnitOfWork


class SigningIn:
    """Rules about sessions that a password opens."""

    def __init__(self, uow: UnitOfWork, attempts: Attempts | None = None) -> None:
        self._uow = uow
        self._attempts = attempts or Attempts()

    def sign_in(self, name: str, password: str, visitor: Visitor) -> str:
        """Return the value of a new session cookie.

        An unknown name, a disabled user and a wrong password look and last alike.

        Raises:
            Unauthenticated: code `sign_in_failed`.
            TooManyAttempts: for this name or from this address; `retry_after` says how long.
        """
        self._attempts.spend(name, visitor.address)
        with self._uow.read() as tx:
            user_id = tx.people.user_named(name)
            stored = tx.people.password_hash(user_id) if user_id else None
        fits = passwords.matches(stored, password)
        if user_id is None or stored is None or not fits:
            raise self._refusal(user_id, visitor)
        fresh = passwords.hashed(password, "") if passwords.outdated(stored) else None
        with self._uow.write() as tx:
            caller = tx.people.user(user_id)
            if caller is not None and tx.people.password_hash(user_id) == stored:
                if fresh is not None:
                    tx.people.update_user(user_id, password_hash=fresh)
                cookie = start_session(tx, caller, visitor, "password")
                self._attempts.forgive(name, visitor.address)
                return cookie
        raise self._refusal(user_id, visitor)

    def _refusal(self, user_id: str | None, visitor: Visitor) -> Unauthenticated:
        with self._uow.write() as tx:
            user = tx.people.account(user_id) if user_id else None
            # A name that nobody has is not kept: people type passwords there.
            name = user.name if user else ""
            tx.audit.add_nobody("session.refused", user_id=user_id, user_name=name, address=visitor.address)
        return Unauthenticated("the name or the password is not right", code="sign_in_failed")

    def change_password(self, caller: Caller, current: str, new: str, cookie: str) -> None:
        """Set a new password and end all other sessions.

        Raises:
            Invalid: code `password_wrong` where `current` is not the password, `password_invalid` for the new one.
            Forbidden: a user without a password (the local one).
            TooManyAttempts: too many wrong ones.
        """
        with self._uow.read() as tx:
            stored = tx.people.password_hash(caller.id)
        if stored is None:
            raise Forbidden("the local user has no password; make an account with `boxwright user create`")
        self._attempts.spend(caller.name, caller.address)
        if not passwords.matches(stored, current):
            raise Invalid("the current password is not right", code="password_wrong")
        fresh = passwords.hashed(new, caller.name)
        with self._uow.write() as tx:
            tx.people.update_user(caller.id, password_hash=fresh)
            tx.credentials.delete_sessions_of(caller.id, but=digest(cookie))
            tx.audit.add(caller, "password.change", subject=caller.id)
            announce_change(tx, caller.id)
        self._attempts.forgive(caller.name, caller.address)

    def sessions(self, caller: Caller, cookie: str) -> tuple[Session, ...]:
        """Return the browsers that are signed in as the caller, newest first."""
        with self._uow.read() as tx:
            return tx.credentials.sessions(caller.id, digest(cookie), now())

    def end(self, caller: Caller, session_id: str) -> None:
        """Sign one of the caller's browsers out. Raises NotFound."""
        with self._uow.write() as tx:
            if not tx.credentials.delete_session_of(caller.id, session_id):
                raise NotFound("there is no such session")
            tx.audit.add(caller, "session.end", subject=session_id)
            announce_change(tx, caller.id)

    def end_others(self, caller: Caller, cookie: str) -> None:
        """Sign all browsers of the caller out, except the one that asks."""
        with self._uow.write() as tx:
            count = tx.credentials.delete_sessions_of(caller.id, but=digest(cookie))
            if count:
                tx.audit.add(caller, "session.end", detail={"count": count})
                announce_change(tx, caller.id)
