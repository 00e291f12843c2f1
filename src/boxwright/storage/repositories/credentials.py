"""Sessions and API tokens: how users prove who they are. Secrets are stored as SHA-256 only."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.people import ApiToken, Caller, Session
from boxwright.storage.tables import sessions, tokens, users

# Made once: every request runs one of these.
_SESSION_CALLER = (
    sa.select(users.c.id, users.c.name, users.c.admin)
    .join(sessions, sessions.c.user_id == users.c.id)
    .where(
        sessions.c.secret_hash == sa.bindparam("hash"),
        sessions.c.expires_at > sa.bindparam("at"),
        users.c.disabled_at.is_(None),
    )
)
_TOKEN_CALLER = (
    sa.select(users.c.id, users.c.name, users.c.admin)
    .join(tokens, tokens.c.user_id == users.c.id)
    .where(
        tokens.c.secret_hash == sa.bindparam("hash"),
        tokens.c.revoked_at.is_(None),
        sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > sa.bindparam("at")),
        users.c.disabled_at.is_(None),
    )
)
_TOKEN = (tokens.c.id, tokens.c.name, tokens.c.created_at, tokens.c.expires_at, tokens.c.last_used_at)


class CredentialRepository:
    """Tables `sessions` and `tokens`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_session(
        self, user_id: str, secret_hash: str, expires_at: str, *, address: str | None = None, agent: str | None = None
    ) -> None:
        """Insert a session."""
        values = {"id": new_id(), "user_id": user_id, "secret_hash": secret_hash, "created_at": now()}
        self._db.execute(sa.insert(sessions).values(**values, expires_at=expires_at, address=address, agent=agent))

    def session_caller(self, secret_hash: str, at: str) -> Caller | None:
        """Return the caller of a session that has not expired at the time `at`."""
        row = self._db.execute(_SESSION_CALLER, {"hash": secret_hash, "at": at}).one_or_none()
        return Caller(id=row.id, name=row.name, admin=row.admin, via="session") if row else None

    def sessions(self, user_id: str, current_hash: str, at: str) -> tuple[Session, ...]:
        """Return a user's sessions that live at the time `at`, newest first."""
        query = (
            sa.select(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.expires_at > at)
            .order_by(sessions.c.id.desc())
        )

        def make(row: Row[Any]) -> Session:
            return Session(
                id=row.id,
                created_at=row.created_at,
                expires_at=row.expires_at,
                address=row.address,
                agent=row.agent,
                current=row.secret_hash == current_hash,
            )

        return tuple(map(make, self._db.execute(query)))

    def delete_session(self, secret_hash: str) -> str | None:
        """Remove a session and return whose it was; None where it is gone."""
        mine = sessions.c.secret_hash == secret_hash
        return self._db.scalar(sa.delete(sessions).where(mine).returning(sessions.c.user_id))

    def delete_session_of(self, user_id: str, session_id: str) -> bool:
        """Remove one of a user's sessions; tell whether there was one."""
        mine = (sessions.c.user_id == user_id, sessions.c.id == session_id)
        return self._db.execute(sa.delete(sessions).where(*mine)).rowcount == 1

    def delete_sessions_of(self, user_id: str, *, but: str = "") -> int:
        """Remove a user's sessions except the one with the hash `but`; return how many."""
        mine = (sessions.c.user_id == user_id, sessions.c.secret_hash != but)
        return self._db.execute(sa.delete(sessions).where(*mine)).rowcount

    def delete_expired_sessions(self, at: str) -> None:
        """Remove sessions that expired before `at`."""
        self._db.execute(sa.delete(sessions).where(sessions.c.expires_at <= at))

    def add_token(self, user_id: str, name: str, secret_hash: str, expires_at: str | None = None) -> ApiToken:
        """Insert a token."""
        token = ApiToken(id=new_id(), name=name, created_at=now(), expires_at=expires_at, last_used_at=None)
        values = {"id": token.id, "user_id": user_id, "name": name, "secret_hash": secret_hash}
        self._db.execute(sa.insert(tokens).values(**values, created_at=token.created_at, expires_at=expires_at))
        return token

    def tokens(self, user_id: str, at: str) -> tuple[ApiToken, ...]:
        """Return a user's tokens that live at the time `at`, newest first."""
        query = sa.select(*_TOKEN).where(tokens.c.user_id == user_id, *_alive(at)).order_by(tokens.c.id.desc())
        return tuple(ApiToken(**row._mapping) for row in self._db.execute(query))

    def revoke_token(self, user_id: str, token_id: str) -> str | None:
        """End one of a user's tokens and return its name; None where there is none that lives."""
        mine = (tokens.c.id == token_id, tokens.c.user_id == user_id, tokens.c.revoked_at.is_(None))
        query = sa.update(tokens).where(*mine).values(revoked_at=now()).returning(tokens.c.name)
        name: str | None = self._db.scalar(query)
        return name

    def revoke_tokens(self, user_id: str, name: str | None = None) -> None:
        """End all tokens of a user, or those that bear a name."""
        query = sa.update(tokens).where(tokens.c.user_id == user_id, tokens.c.revoked_at.is_(None))
        if name is not None:
            query = query.where(tokens.c.name == name)
        self._db.execute(query.values(revoked_at=now()))

    def token_caller(self, secret_hash: str, at: str) -> Caller | None:
        """Return the caller of a token that is neither revoked nor expired at the time `at`."""
        row = self._db.execute(_TOKEN_CALLER, {"hash": secret_hash, "at": at}).one_or_none()
        return Caller(id=row.id, name=row.name, admin=row.admin, via="token") if row else None

    def touch_token(self, secret_hash: str, at: str) -> None:
        """Note that a token was used at the time `at`."""
        self._db.execute(sa.update(tokens).where(tokens.c.secret_hash == secret_hash).values(last_used_at=at))


def _alive(at: str) -> tuple[Any, ...]:
    return tokens.c.revoked_at.is_(None), sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > at)
