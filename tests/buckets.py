"""A real S3 protocol server in a child process, buckets in it, and a door to it that can be shut."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from boxwright.domain.ports import BlobStore
from boxwright.storage.location import Location

_numbers = itertools.count()


class Door:
    """Passes connections on to a port of this machine, until it is shut; it can be opened again."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.port = 0
        self.open()

    def open(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        assert self._listener is not None
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        self._open.add(source)
        with suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()


@dataclass
class Bucket:
    """A fresh bucket. `door` leads to it; `direct` goes behind Boxwright's back."""

    name: str
    direct: str
    door: Door
    prefix: str = "pre/fix"
    secret: str = field(default="s3cr3t-never-printed", repr=False)

    @property
    def url(self) -> str:
        return f"s3://{self.name}/{self.prefix}"

    @staticmethod
    def key(sha256: str) -> str:
        """Where a blob lies below the prefix."""
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.door.port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
        }

    def read(self, path: str) -> bytes:
        """The bytes of an object below the prefix, read behind Boxwright's back."""
        return self._direct("GET", f"{self.prefix}/{path}")

    def write(self, path: str, content: bytes) -> None:
        """Write an object below the prefix, behind Boxwright's back."""
        self._direct("PUT", f"{self.prefix}/{path}", content)

    def drop(self) -> None:
        """Delete the bucket, which must be empty."""
        self._direct("DELETE", "")

    def _direct(self, method: str, path: str, content: bytes | None = None) -> bytes:
        # The test server believes every signature, but wants to see one.
        signed = {"authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"}
        answer = httpx.request(method, f"{self.direct}/{self.name}/{path}", headers=signed, content=content)
        return answer.raise_for_status().content


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server; skips where its wheel is missing."""
    pytest.importorskip("moto.server", reason="needs the wheel moto[server]")
    port = _free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            with suppress(httpx.TransportError):
                if httpx.get(f"{address}/").status_code == 200:
                    break
            assert process.poll() is None, "the S3 server ended"
            assert time.monotonic() < until, "the S3 server did not start within a minute"
            time.sleep(0.05)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket of its own for a test, with the environment that leads to it."""
    name = f"bucket{next(_numbers)}"
    httpx.put(f"{s3_server}/{name}").raise_for_status()
    door = Door(int(s3_server.rpartition(":")[2]))
    made = Bucket(name, s3_server, door)
    for key, value in made.environment.items():
        monkeypatch.setenv(key, value)
    yield made
    door.shut()


@pytest.fixture(params=["folder", "s3"])
def any_blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    """Every kind of blob store, empty."""
    url = request.getfixturevalue("bucket").url if request.param == "s3" else ""
    return Location(url, tmp_path / "blobs").blobs(tmp_path / "cache", 1 << 30)
