"""Which server a command talks to: the one that is named, the one that runs, or a private one for this command."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from boxwright.client import Client
from boxwright.client.api import SERVER_VARIABLE, TOKEN_VARIABLE
from boxwright.domain.errors import BoxwrightError, Unavailable
from boxwright.settings import load

START_SECONDS = 90.0
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.05
ASK_SECONDS = 5.0


@contextmanager
def connect(data: Path | None, server: str | None, *, start: bool = True) -> Iterator[Client]:
    """Yield a client: of `server`, else of what runs on `data`, else of a private server that ends with the block.

    Raises Unavailable where there is none and none may be started.
    """
    url = server or (None if data else os.environ.get(SERVER_VARIABLE))
    folder = load(data).data
    if url:
        with Client(url, os.environ.get(TOKEN_VARIABLE) or _token_for(folder, url)) as client:
            yield client
        return
    with ExitStack() as stack:
        found = running(folder)
        if found is None and not start:
            raise Unavailable(f"no server runs on {folder}; start one with `boxwright serve`", code="server_absent")
        client = found or stack.enter_context(_private_server(folder))
        yield stack.enter_context(client)


def running(folder: Path) -> Client | None:
    """Return a client of the server that runs on a data folder, or None."""
    address = _address(folder)
    if address is None:
        return None
    url, token = address
    try:
        with Client(url, token, timeout=ASK_SECONDS) as probe:
            probe.me()
    except BoxwrightError:
        return None
    return Client(url, token)


def _address(folder: Path) -> tuple[str, str] | None:
    try:
        found = json.loads((folder / "server.json").read_text("utf-8"))
        return str(found["url"]), str(found["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _token_for(folder: Path, url: str) -> str | None:
    address = _address(folder)
    return address[1] if address and address[0] == url.rstrip("/") else None


@contextmanager
def _private_server(folder: Path) -> Iterator[Client]:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "boxwright", "serve", "--data", str(folder), "--port", "0", "--private"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            # Ctrl-C is for the command, which then tells the server what to do.
            start_new_session=True,
        )
        try:
            yield _wait(folder, process, errors)
        finally:
            _stop(process)


def _wait(folder: Path, process: subprocess.Popen[bytes], errors: IO[bytes]) -> Client:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        ended = process.poll() is not None
        if _address(folder) and (client := running(folder)):
            return client
        if ended:
            # Where it lost a race, the winner's address was found above.
            raise Unavailable(_last_words(errors) or "the server ended before it was ready", code="server_failed")
        time.sleep(LOOK_SECONDS)
    raise Unavailable(f"the server was not ready after {START_SECONDS:.0f} s; see {folder / 'logs'}")


def _last_words(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("error: ") if lines else ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
