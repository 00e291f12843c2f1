"""A web server on this machine that hands out files as a test says: whole, in parts, cut short, or elsewhere."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Files:
    """What is served: contents by path, redirects by path, and after how many bytes a connection is cut (once each)."""

    contents: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    base: str = ""


class _Handler(BaseHTTPRequestHandler):
    files: Files
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        files, path = self.files, self.path.partition("?")[0]
        files.asked.append((path, self.headers["Host"], self.headers.get("Range", "")))
        if path in files.redirects:
            self._head(302, {"Location": files.redirects[path], "Content-Length": "0"})
            return
        content = files.contents.get(path)
        if content is None:
            self._head(404, {"Content-Length": "0"})
            return
        start = int((re.findall(r"\d+", self.headers.get("Range", "")) or ["0"])[0])
        length = len(content) - start
        head = {"Content-Length": str(length), "ETag": '"1"'}
        self._head(206 if start else 200, head)
        cut = files.cuts.pop(0) if files.cuts else length
        self.wfile.write(content[start : start + cut])
        self.close_connection = cut < length

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def file_server() -> Iterator[Files]:
    """Serve until the block ends."""
    files = Files()
    handler = type("Handler", (_Handler,), {"files": files})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    files.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
