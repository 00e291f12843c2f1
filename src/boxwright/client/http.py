# Made from aio/http.py by scripts/sync_client.py: change that one, then run `make api`.
"""One HTTP connection pool, with problem details raised as domain errors."""

import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from typing import BinaryIO
from urllib.parse import urlsplit

import httpx

from boxwright.client.problems import error_of
from boxwright.domain.errors import BoxwrightError, Invalid, Unavailable

PREFIX = "/api/v1"
RETRIES = (0.2, 1.0)
_RETRIED = ("server_unreachable", "request_in_progress")
# Shorter than the server's, so that a request never meets a connection that is just being closed.
KEEP_ALIVE_SECONDS = 3.0
PIECE_BYTES = 1 << 18

Params = Mapping[str, str | int | float | bool | Sequence[str] | None]


class Http:
    """Sends requests to one server.

    Args:
        url: base address, such as `http://127.0.0.1:8080`.
        token: API token, sent as bearer.
        timeout: seconds to wait for the next bytes of an answer.
    """

    def __init__(self, url: str, token: str | None, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Invalid(
                f"{url!r} is no server address; it should look like http://127.0.0.1:8080", code="url_invalid"
            )
        self.url = url.rstrip("/")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            base_url=self.url + PREFIX,
            headers={"accept": "application/json", **headers},
            timeout=httpx.Timeout(timeout, connect=10),
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
            # A proxy set for the internet is no way to this machine.
            trust_env=not _is_loopback(parts.hostname),
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def get(self, path: str, params: Params | None = None) -> object:
        """Return the JSON answer; a connection that breaks is tried again."""
        return self._persist(lambda: self.send("GET", path, params=params))

    def create(
        self,
        path: str,
        body: object = None,
        *,
        params: Params | None = None,
        content: BinaryIO | None = None,
    ) -> object:
        """POST a JSON body or an open file. Its `Idempotency-Key` makes it safe to try again when the line breaks."""
        headers = {"idempotency-key": str(uuid.uuid4())}

        def once() -> object:
            if content is not None:
                content.seek(0)
            return self.send("POST", path, params=params, json=body, content=content, headers=headers)

        return self._persist(once)

    def _persist(self, action: Callable[[], object]) -> object:
        for wait in RETRIES:
            try:
                return action()
            except BoxwrightError as error:
                if error.code not in _RETRIED:
                    raise
                time.sleep(wait)
        return action()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: object = None,
        content: BinaryIO | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        """Send one request and return the JSON answer (None where there is no body). Raises the domain's errors."""
        given = {"json": json, "headers": dict(headers or {})} if content is None else _body(content, headers)
        with self._translated():
            answer = self._client.request(method, path, params=_clean(params), **given)  # type: ignore[arg-type]
        if answer.status_code >= 400:
            raise error_of(answer.status_code, answer.content)
        if answer.status_code == 204 or not answer.content:
            return None
        try:
            return answer.json()
        except ValueError:
            raise Unavailable(f"{self.url} answered something else than JSON: is that Boxwright?") from None

    @contextmanager
    def stream(
        self,
        path: str,
        params: Params | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        silence: float | None = None,
    ) -> Iterator[httpx.Response]:
        """Open a GET whose body is read piece by piece; `silence` seconds without a byte break it."""
        timeout = httpx.Timeout(silence, connect=10) if silence else httpx.USE_CLIENT_DEFAULT
        with self._translated():
            with self._client.stream("GET", path, params=_clean(params), headers=headers, timeout=timeout) as answer:
                if answer.status_code >= 400:
                    raise error_of(answer.status_code, answer.read())
                yield answer

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise Unavailable(f"the server at {self.url} did not answer in time", code="server_timeout") from error
        except httpx.TransportError as error:
            raise Unavailable(
                f"cannot reach the server at {self.url} ({_first_line(error)}); is it running?",
                code="server_unreachable",
            ) from error


def _body(content: BinaryIO | bytes, headers: Mapping[str, str] | None) -> dict[str, object]:
    given = {"content-type": "application/octet-stream", **(headers or {})}
    if isinstance(content, bytes):
        return {"content": content, "headers": given}
    size = os.fstat(content.fileno()).st_size
    return {"content": _pieces(content), "headers": {**given, "content-length": str(size)}}


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while data := source.read(PIECE_BYTES):
        yield data


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _clean(params: Params | None) -> dict[str, str | int | float | bool | Sequence[str]] | None:
    return {key: value for key, value in params.items() if value is not None} if params else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
