"""A model hub on this machine that speaks Hugging Face's routes, and misbehaves when asked to."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class HubState:
    """Repositories by name as folders.

    `cut` closes so many downloads halfway, `spoil` sends other bytes, `empty` sends none, `circle` leads to itself.
    """

    repos: dict[str, Path]
    licence: str = "apache-2.0"
    cut: int = 0
    spoil: bool = False
    empty: bool = False
    circle: bool = False
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


def _listing(folder: Path, licence: str) -> dict[str, object]:
    siblings = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        item: dict[str, object] = {"rfilename": path.name, "size": len(data), "blobId": git}
        if path.suffix in (".safetensors", ".bin"):
            item["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
        siblings.append(item)
    return {"sha": COMMIT, "tags": [f"license:{licence}"], "cardData": {"license": licence}, "siblings": siblings}


def _handler(state: HubState) -> type[BaseHTTPRequestHandler]:  # noqa: C901, one class
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked.append((self.path, self.headers.get("Range")))
            path = self.path.split("?")[0].strip("/")
            for repo, folder in state.repos.items():
                if path == f"api/models/{repo}/revision/main":
                    return self.answer(200, json.dumps(_listing(folder, state.licence)).encode())
                if path.startswith(f"{repo}/resolve/{COMMIT}/"):
                    # As the real one does: the bytes come from another place.
                    return self.move(f"/cdn/{repo}/{path.rsplit('/', 1)[1]}")
                if state.circle:
                    return self.move(f"/cdn/{repo}/again")
                if path.startswith(f"cdn/{repo}/") and state.empty:
                    return self.answer(200, b"")
                if path.startswith(f"cdn/{repo}/"):
                    return self.send_file(folder / path.rsplit("/", 1)[1])
            return self.answer(404, b"{}")

        def move(self, place: str) -> None:
            self.send_response(302)
            self.send_header("Location", state.url + place)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def send_file(self, path: Path) -> None:
            data = path.read_bytes()
            whole = len(data)
            if state.spoil:
                data = bytes(whole)
            given = self.headers.get("Range")
            start = int(given.removeprefix("bytes=").rstrip("-")) if given and state.ranges else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(whole - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
            self.end_headers()
            end = whole
            if state.cut and path.suffix == ".safetensors":
                state.cut -= 1
                end = start + (whole - start) // 2
                self.close_connection = True
            self.wfile.write(data[start:end])

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def hub(repos: dict[str, Path]) -> Iterator[HubState]:
    """Serve folders as repositories; yields the state, whose `url` is the hub's address."""
    state = HubState(repos)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
