"""A real server in a real process, which tests may kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
import pytest


@dataclass
class LiveServer:
    """`boxwright serve` on a data folder and a free port."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    http: httpx.Client = field(default_factory=httpx.Client)
    address: dict[str, str] = field(default_factory=dict)
    # 0 takes a free one; a browser keeps what it has for an address, so some tests come back to the same.
    port: int = 0
    # As commands start one for themselves; otherwise as people do, with the sample on the first start.
    private: bool = True
    # Where it listens, when it is not private.
    host: str = "127.0.0.1"
    # A file, since nobody reads along: a pipe that is full stops who writes to it.
    _complaints: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def start(self) -> LiveServer:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "boxwright",
                "serve",
                "--data",
                str(self.data),
                "--port",
                str(self.port),
                *(["--private"] if self.private else ["--host", self.host]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
            env={**os.environ, **self.environment},
        )
        self.address = self._wait_for_address()
        self.http.close()
        self.http = httpx.Client(
            base_url=self.address["url"] + "/api/v1",
            headers={"authorization": f"Bearer {self.address['token']}"},
            timeout=60,
            # Shorter than the server's: it may close a connection at the moment in which it is used again.
            limits=httpx.Limits(keepalive_expiry=3),
        )
        return self

    def _wait_for_address(self) -> dict[str, str]:
        assert self.process is not None
        until = time.monotonic() + 180
        while time.monotonic() < until:
            if self.process.poll() is not None:
                self._complaints.seek(0)
                raise AssertionError(self._complaints.read().decode())
            try:
                found: dict[str, str] = json.loads((self.data / "server.json").read_text())
                if int(found["pid"]) == self.process.pid and httpx.get(found["url"] + "/api/v1/health").is_success:
                    return found
            except (OSError, ValueError, httpx.TransportError):
                pass
            time.sleep(0.05)
        raise AssertionError("the server did not start within three minutes")

    def stay(self) -> None:
        """Start at the same address from now on."""
        self.port = int(self.address["url"].rpartition(":")[2])

    def sign_in_link(self) -> str:
        """A fresh one-time link, as `serve` prints it."""
        token = self.http.post("/session/links").raise_for_status().json()["token"]
        return f"{self.address['url']}/#token={token}"

    def kill(self) -> None:
        """kill -9, as the power supply would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        self.http.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self.process is not None:
            self._reap()
        self._complaints.close()

    def _reap(self) -> None:
        assert self.process is not None
        self.process.wait(60)
        if self.process.stdin is not None:
            self.process.stdin.close()

    def wait_for_job(self, job_id: str, seconds: float = 240) -> dict[str, object]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            job: dict[str, object] = self.http.get(f"/jobs/{job_id}").raise_for_status().json()
            if job["state"] in {"succeeded", "failed", "cancelled"}:
                return job
            time.sleep(0.2)
        raise AssertionError(f"job {job_id} did not end: {job}")


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Start servers that are stopped at the end of the test."""
    servers: list[LiveServer] = []

    def start(data: Path | None = None, **environment: str) -> LiveServer:
        server = LiveServer(data or tmp_path / "data", environment)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("server") / "data").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("server") / "data").start()
    yield server
    server.stop()


@pytest.fixture
def server(request: pytest.FixtureRequest) -> LiveServer:
    """A server of this test alone, unless its module says `SERVER`.

    "of_all": tests keep to projects with names of their own, and touch neither people nor the server itself.
    "of_module": they do the same among themselves, or kill the server and start it again.
    """
    shared = getattr(request.module, "SERVER", None)
    if shared is None:
        start: Callable[..., LiveServer] = request.getfixturevalue("start_server")
        return start()
    found: LiveServer = request.getfixturevalue(f"server_{shared}")
    if found.process is None or found.process.poll() is not None:
        found.start()  # a test that failed left it dead
    return found
