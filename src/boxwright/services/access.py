"""Who asks: one-time links, sessions, tokens, roles."""

import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from boxwright.domain.clock import now, written
from boxwright.domain.errors import BoxwrightError, NotFound, Unauthenticated
from boxwright.domain.events import Event
from boxwright.domain.people import Caller, Role
from boxwright.services import checks
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

LOCAL_USER = "local"
TOKEN_PREFIX = "bxw_"  # noqa: S105 - lets scanners for leaked secrets find ours
SESSION_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(hours=24)
SERVER_TOKEN = "server.json"  # noqa: S105 - the name of a token
ONE_TIME = "one_time_token"
# Seconds between two notes of when a token was last used.
_TOUCH_EVERY = 600.0
_MOST_TOUCHED = 10_000
_AGENT = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Where somebody comes from who is about to sign in; `cookie` is that of the session they may have had."""

    address: str | None = None
    agent: str | None = None
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request shows for itself: an API token, or the cookie of a session."""

    way: Literal["token", "session"]
    secret: str


def digest(secret: str) -> str:
    """Return what is stored of a secret. It has 256 random bits: no salt or slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def start_session(tx: Transaction, caller: Caller, visitor: Visitor, way: str) -> str:
    """Open a session in place of the one that the visitor had and return its cookie: a planted one gains nothing."""
    cookie = secrets.token_urlsafe(32)
    if visitor.cookie:
        tx.credentials.delete_session(digest(visitor.cookie))
    tx.credentials.delete_expired_sessions(now())
    agent = visitor.agent[:_AGENT] if visitor.agent else None
    ends = written(datetime.now(UTC) + SESSION_LIFE)
    tx.credentials.add_session(caller.id, digest(cookie), ends, address=visitor.address, agent=agent)
    tx.audit.add_nobody(
        "session.open", user_id=caller.id, user_name=caller.name, address=visitor.address, detail={"way": way}
    )
    return cookie


class Access:
    """Turns secrets into callers, and callers into roles."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._touched: dict[str, float] = {}
        self._touching = threading.Lock()

    def ensure_local_user(self) -> Caller:
        """Return the administrator of an installation without accounts; makes it the first time."""
        with self._uow.write() as tx:
            user_id = tx.people.user_named(LOCAL_USER) or tx.people.add_user(LOCAL_USER, admin=True)
            caller = tx.people.user(user_id)
        if caller is None:
            raise Unauthenticated("the local user is disabled")
        return caller

    def one_time_token(self) -> str:
        """Return a fresh secret for the link that `serve` prints: it opens one session within 24 hours.

        Former ones end here.
        """
        token = secrets.token_urlsafe(32)
        stored = {"hash": digest(token), "expires_at": written(datetime.now(UTC) + LINK_LIFE)}
        with self._uow.write() as tx:
            tx.people.set_meta(ONE_TIME, json.dumps(stored))
        return token

    def open_session(self, one_time_token: str, visitor: Visitor | None = None) -> str:
        """Exchange a one-time token for the value of a session cookie. Raises Unauthenticated."""
        user = self.ensure_local_user()
        with self._uow.write() as tx:
            stored = tx.people.meta(ONE_TIME)
            wanted = json.loads(stored) if stored else {"hash": "", "expires_at": ""}
            fits = hmac.compare_digest(wanted["hash"], digest(one_time_token)) and wanted["expires_at"] > now()
            if not fits or stored is None or not tx.people.take_meta(ONE_TIME, stored):
                message = "this link was used already or is too old; start `boxwright serve` again for a new one"
                raise Unauthenticated(message, code="link_used")
            return start_session(tx, user, visitor or Visitor(), "link")

    def close_session(self, cookie: str, caller: Caller | None = None) -> None:
        """Forget a session; no error when it is gone."""
        with self._uow.write() as tx:
            owner = tx.credentials.delete_session(digest(cookie))
            if owner is not None and caller is not None:
                tx.audit.add(caller, "session.close")
                announce_change(tx, owner)

    def session_caller(self, cookie: str) -> Caller:
        """Return the caller of a session cookie. Raises Unauthenticated."""
        return self.caller(Credential("session", cookie))

    def token_caller(self, token: str) -> Caller:
        """Return the caller of a token. Raises Unauthenticated."""
        return self.caller(Credential("token", token))

    def caller(self, credential: Credential) -> Caller:
        """Return who a credential belongs to at this moment. Raises Unauthenticated."""
        with self._uow.read() as tx:
            caller = _caller(tx, credential)
        self._touch(credential)
        return caller

    def enter(self, credential: Credential, kind: str, thing_id: str) -> tuple[Caller, Role]:
        """Return who a credential belongs to, and the role in the project that owns a thing, in one transaction.

        The kind `project` stands for the project itself. Raises Unauthenticated, and NotFound for what the caller may
        not know of.
        """
        with self._uow.read() as tx:
            caller = _caller(tx, credential)
            role = _role_at(tx, caller, kind, thing_id)
        self._touch(credential)
        return caller, role

    def create_token(self, user_id: str, name: str) -> str:
        """Return a new token of a user; it is shown once and stored as a hash only. Raises NotFound, Invalid."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        label = checks.name(name, "the token's name")
        with self._uow.write() as tx:
            if tx.people.user(user_id) is None:
                raise NotFound("there is no such user")
            tx.credentials.add_token(user_id, label, digest(token))
        return token

    def server_token(self) -> str:
        """Return a token of the local administrator for `server.json`; that of the former start ends here."""
        user = self.ensure_local_user()
        with self._uow.write() as tx:
            tx.credentials.revoke_tokens(user.id, SERVER_TOKEN)
        return self.create_token(user.id, SERVER_TOKEN)

    def _touch(self, credential: Credential) -> None:
        """Note now and then that a token is used; a database that is busy must not turn its owner away."""
        if credential.way != "token":
            return
        hashed = digest(credential.secret)
        with self._touching:
            time_now = time.monotonic()
            if self._touched.get(hashed, -_TOUCH_EVERY) > time_now - _TOUCH_EVERY:
                return
            if len(self._touched) >= _MOST_TOUCHED:
                self._touched.clear()
            self._touched[hashed] = time_now
        with suppress(BoxwrightError), self._uow.write() as tx:
            tx.credentials.touch_token(hashed, now())

    def role(self, caller: Caller, project_id: str) -> Role:
        """Return the role of a caller in a project, also one in the trash. Raises NotFound where there is none."""
        with self._uow.read() as tx:
            return _role(tx, caller, project_id)

    def role_at(self, caller: Caller, kind: str, thing_id: str) -> Role:
        """Return the role of a caller in the project that owns a thing (see `project_of`). Raises NotFound."""
        with self._uow.read() as tx:
            return _role_at(tx, caller, kind, thing_id)

    def project_of(self, kind: str, thing_id: str) -> str | None:
        """Return the project that owns an image, class, comment, view, version, model, run, evaluation or job."""
        with self._uow.read() as tx:
            return tx.projects.owner(kind, thing_id)


def _caller(tx: Transaction, credential: Credential) -> Caller:
    hashed = digest(credential.secret)
    token = credential.way == "token"
    caller = (tx.credentials.token_caller if token else tx.credentials.session_caller)(hashed, now())
    if caller is None and token:
        raise Unauthenticated("the token is not known here, was revoked or has expired", code="token_invalid")
    if caller is None:
        raise Unauthenticated("the session has ended; sign in again")
    return caller


def _role_at(tx: Transaction, caller: Caller, kind: str, thing_id: str) -> Role:
    project_id = thing_id if kind == "project" else tx.projects.owner(kind, thing_id)
    if project_id is None:
        raise NotFound("there is nothing here under this id")
    return _role(tx, caller, project_id)


def _role(tx: Transaction, caller: Caller, project_id: str) -> Role:
    known = tx.projects.known(project_id)
    role: Role | None = "manager" if caller.admin else tx.people.role(caller.id, project_id)
    if not known or role is None:
        raise NotFound("there is no such project")
    return role


def announce_change(tx: Transaction, user_id: str) -> None:
    """Tell the open streams, after the commit, that what a user may do has changed."""
    tx.publish(Event(topic="user", project_id=None, id=user_id))
