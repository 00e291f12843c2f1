"""A peer on a real socket that answers as a test tells it to: well, badly, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request, with short ways to answer it."""

    server: Peer
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def problem(self, status: int, code: str, **detail: object) -> None:
        self.answer(status, {"type": "about:blank", "title": f"it is {code}", "status": status, "code": code, **detail})

    def begin(self, mime: str, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("content-type", mime)
        if length is not None:
            self.send_header("content-length", str(length))
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def drop(self) -> None:
        """Break the line without an answer."""
        self.close_connection = True

    def _handle(self) -> None:
        self.server.seen.append(f"{self.command} {self.path}")
        self.server.headers.append(dict(self.headers.items()))
        self.server.answer(self)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815  names of http.server

    def log_message(self, format: str, *args: object) -> None:
        return


class Peer(ThreadingHTTPServer):
    """Answers requests with `answer`, and remembers them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.seen: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = lambda request: request.problem(404, "not_found")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def peer() -> Iterator[Peer]:
    server = Peer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)
