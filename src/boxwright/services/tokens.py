"""API tokens: what programs sign in with."""

import secrets
from datetime import UTC, datetime

from boxwright.domain.clock import now, written
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.people import ApiToken, Caller, CreatedToken
from boxwright.services import checks
from boxwright.services.access import SERVER_TOKEN, TOKEN_PREFIX, announce_change, digest
from boxwright.storage.unit_of_work import UnitOfWork


class Tokens:
    """The tokens of a caller."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, caller: Caller) -> tuple[ApiToken, ...]:
        """Return the caller's tokens that are alive, newest first."""
        with self._uow.read() as tx:
            found = tx.credentials.tokens(caller.id, now())
        return tuple(token for token in found if token.name != SERVER_TOKEN)

    def create(self, caller: Caller, name: str, expires_at: datetime | None = None) -> CreatedToken:
        """Make a token; its secret is in this answer and stored as a hash only. Raises Invalid."""
        label = checks.name(name, "the token's name")
        if label == SERVER_TOKEN:
            raise Invalid(
                f"{SERVER_TOKEN!r} is the name of the server's own token; choose another", code="name_invalid"
            )
        if expires_at is not None and expires_at <= datetime.now(UTC):
            raise Invalid("the token would end in the past", code="expiry_invalid")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        ends = None if expires_at is None else written(expires_at)
        with self._uow.write() as tx:
            made = tx.credentials.add_token(caller.id, label, digest(secret), ends)
            tx.audit.add(caller, "token.create", subject=made.id, detail={"name": label, "expires_at": ends})
        return CreatedToken(id=made.id, name=label, token=secret, created_at=made.created_at, expires_at=ends)

    def revoke(self, caller: Caller, token_id: str) -> None:
        """End one of the caller's tokens at once. Raises NotFound."""
        with self._uow.write() as tx:
            name = tx.credentials.revoke_token(caller.id, token_id)
            if name is None:
                raise NotFound("there is no such token")
            tx.audit.add(caller, "token.revoke", subject=token_id, detail={"name": name})
            announce_change(tx, caller.id)
