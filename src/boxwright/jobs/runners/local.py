"""Tasks as child processes of this server."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

import boxwright
from boxwright.domain.jobs import JobEvent, StopMode
from boxwright.jobs.protocol import decode_event, encode
from boxwright.jobs.runners.base import Exit, Handle, TaskSpec

DRAIN_SECONDS = 5.0
# libgomp threads spin for milliseconds at every barrier, which beside other work on the same cores makes training 5 to
# 10 times slower: PyTorch convolutions, 2 cores, load 12, 0.6 it/s as it is, 5.3 with 1,000 rounds, 5.0 with none.
ENVIRONMENT = {"GOMP_SPINCOUNT": "1000"}
# A task reads and writes files only: the keys to the object store and to the database stay with the server.
KEYS = ("AWS_", "AZURE_", "GOOGLE_", "PGPASS", "BOXWRIGHT_DATABASE", "BOXWRIGHT_TOKEN")


class LocalHandle:
    """A child process in a session of its own, so that all its descendants end with it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def send(self, line: bytes) -> None:
        """Write to the child's stdin; no error when it is gone."""
        stdin = self._process.stdin
        with self._lock, suppress(OSError, ValueError):
            if stdin is not None:
                stdin.write(line)
                stdin.flush()

    def request_stop(self, mode: StopMode) -> None:
        """Ask the task to stop by itself."""
        self.send(mode.encode() + b"\n")

    def terminate(self) -> None:
        """Send SIGTERM to the child."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL to the child and its descendants."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()


class LocalRunner:
    """Starts each task in a fresh interpreter.

    Args:
        packages: packages whose functions may be tasks.
        environment: defaults of the child's environment; what the server's own environment says goes first.
    """

    def __init__(
        self, packages: tuple[str, ...] = ("boxwright",), environment: Mapping[str, str] | None = None
    ) -> None:
        self._packages = packages
        self._environment = dict(environment or {})

    def start(self, spec: TaskSpec, on_event: Callable[[JobEvent], None], on_exit: Callable[[Exit], None]) -> Handle:
        """Start a child process; see `Runner.start`."""
        spec.workdir.mkdir(parents=True, exist_ok=True)
        with spec.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "boxwright.jobs.child", *self._packages],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=spec.workdir,
                env=child_environment(self._environment),
                start_new_session=True,
            )
        handle = LocalHandle(process)
        order = {"entry": spec.entry, "params": spec.params, "workdir": str(spec.workdir)}
        handle.send(encode(order))
        threading.Thread(target=_watch, args=(process, handle, on_event, on_exit), daemon=True, name="child").start()
        return handle


def child_environment(defaults: Mapping[str, str] = ENVIRONMENT) -> dict[str, str]:
    """Return the environment in which a child interpreter finds this very installation, without the server's keys."""
    home = str(Path(boxwright.__file__).parent.parent)
    paths = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    own = {name: value for name, value in os.environ.items() if not name.startswith(KEYS)}
    return {**defaults, **own, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def _read(out: IO[bytes], on_event: Callable[[JobEvent], None]) -> None:
    with suppress(ValueError):
        for line in out:
            event = decode_event(line)
            if event is not None:
                on_event(event)


def _watch(
    process: subprocess.Popen[bytes],
    handle: LocalHandle,
    on_event: Callable[[JobEvent], None],
    on_exit: Callable[[Exit], None],
) -> None:
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, on_event), daemon=True, name="child-events")
    reader.start()
    code = process.wait()
    handle.kill()  # descendants that outlived the child would hold the pipe open
    reader.join(DRAIN_SECONDS)
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream is not None:
                stream.close()
    on_exit(Exit(signal=-code) if code < 0 else Exit(code=code))
