"""`Idempotency-Key` on POST: a retry after a lost reply gets the first answer."""

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from boxwright.api.errors import problem, status_of
from boxwright.bootstrap import Application
from boxwright.domain.errors import BoxwrightError
from boxwright.storage.repositories.answers import StoredAnswer

_SECRET = ("/api/v1/session", "/api/v1/tokens")
_MAX_KEY = 200
_MAX_BODY = 1 << 20


class IdempotencyKeys:
    """Answers a POST that carries a known key from memory; the key counts per credential and address."""

    def __init__(self, app: ASGIApp, application: Application) -> None:
        self.app = app
        self.store = application.idempotency

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Replay, or do the request and keep its answer."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        given = headers.get("idempotency-key")
        # Answers about sessions and tokens hold secrets, which are stored nowhere but as hashes.
        if not given or scope["method"] != "POST" or scope["path"].startswith(_SECRET):
            await self.app(scope, receive, send)
            return
        if len(given) > _MAX_KEY:
            await problem(422, "key_too_long", f"Idempotency-Key is longer than {_MAX_KEY}")(scope, receive, send)
            return
        key = _digest(scope, headers, given)
        try:
            known = await run_in_threadpool(self.store.begin, key)
        except BoxwrightError as error:
            await problem(status_of(error), error.code, error.message)(scope, receive, send)
            return
        if known is not None:
            await _replay(known)(scope, receive, send)
            return
        await self._perform(key, scope, receive, send)

    async def _perform(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        status, media_type, body = 500, "application/json", bytearray()

        async def record(message: Message) -> None:
            nonlocal status, media_type
            if message["type"] == "http.response.start":
                status = message["status"]
                media_type = Headers(raw=message["headers"]).get("content-type", media_type)
            elif len(body) <= _MAX_BODY:
                body.extend(message.get("body", b""))
            last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if last:
                # Kept before the client can see it: what was acknowledged is known.
                await run_in_threadpool(self.store.finish, key, _answer(status, media_type, bytes(body)))
            await send(message)

        try:
            await self.app(scope, receive, record)
        except BaseException:
            await run_in_threadpool(self.store.finish, key, StoredAnswer(None, None, None))
            raise


def _answer(status: int, media_type: str, body: bytes) -> StoredAnswer:
    too_long = len(body) > _MAX_BODY
    return StoredAnswer(None if too_long else status, media_type, None if too_long else body)


def _replay(known: StoredAnswer) -> Response:
    headers = {"idempotency-replayed": "true"}
    return Response(known.body or b"", status_code=known.status or 500, media_type=known.media_type, headers=headers)


def _digest(scope: Scope, headers: Headers, given: str) -> str:
    credential = headers.get("authorization") or headers.get("cookie") or ""
    address = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
    return hashlib.sha256("\n".join((credential, address, given)).encode()).hexdigest()
