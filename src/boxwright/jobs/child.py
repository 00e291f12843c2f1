"""The process in which one task runs: `python -m boxwright.jobs.child PACKAGE...`.

Reads its order from stdin and reports on what was stdout (see `boxwright.jobs.protocol`). Anything the task or a
library prints goes to stderr, which the runner connects to the log file. Only functions of the named packages are run.
A task whose parameters hold `memory` may take so many bytes.
"""

import errno
import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, cast

from boxwright.domain.errors import BoxwrightError, Cancelled, Invalid
from boxwright.domain.jobs import JobEvent
from boxwright.domain.ports import TaskContext
from boxwright.jobs.bounds import bound_process
from boxwright.jobs.context import Channel, ChildContext, die

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NICENESS = 5
Task = Callable[[Mapping[str, object], TaskContext], Mapping[str, object]]


def resolve(entry: str, packages: list[str]) -> Task:
    """Return the function that `module:function` names.

    Raises:
        Invalid: the module is outside the allowed packages, or there is no such public function.
    """
    module, _, name = entry.partition(":")
    inside = any(module == package or module.startswith(package + ".") for package in packages)
    if not inside or not name.isidentifier() or name.startswith("_"):
        raise Invalid(f"{entry!r} is no task of this program", code="task_unknown")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise Invalid(f"{entry!r} is no task of this program", code="task_unknown")
    return cast("Task", function)


def failure(error: BaseException) -> dict[str, object]:
    """Say in one line why a task ended without a result."""
    message, code = f"{type(error).__name__}: {error}", "task_failed"
    if isinstance(error, BoxwrightError):
        message, code = error.message, error.code
    elif isinstance(error, MemoryError):
        message, code = "the task ran out of memory; use a smaller batch or image size", "out_of_memory"
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        message, code = "the disk is full; free some space and resume the job", "storage_full"
    elif isinstance(error, ModuleNotFoundError):
        message, code = f"the package {error.name!r} is not installed; install boxwright[train]", "extra_missing"
    line = " ".join(message.split())[:1000]
    return {"message": line, "code": code, "cancelled": isinstance(error, Cancelled)}


def listen(orders: IO[bytes], context: ChildContext) -> None:
    """Follow the server's words until it is gone; then die with it."""
    for line in orders:
        context.stop(line.decode(errors="replace").strip())
    die()


def hold(workdir: Path) -> IO[bytes]:
    """Wait until no other process works in `workdir` (one whose server was killed may be ending just now)."""
    lock = (workdir / ".lock").open("wb")
    if fcntl is not None:
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def work(order: Mapping[str, object], packages: list[str], context: ChildContext, channel: Channel) -> int:
    """Run the task and report its end; return the exit status."""
    channel.send(JobEvent(kind="started", data={"pid": os.getpid()}))
    try:
        lock = hold(context.workdir)
        context.replay()
        task = resolve(str(order["entry"]), packages)
        params = cast("Mapping[str, object]", order["params"])
        if isinstance(memory := params.get("memory"), int):
            bound_process(memory)  # what the task was imported with does not count
        result = task(params, context)
        channel.send(JobEvent(kind="done", data={"result": result}))
        lock.close()
    except BaseException as error:  # noqa: BLE001 - whatever a task raises must reach the server as one line
        if not isinstance(error, BoxwrightError):
            traceback.print_exc()
            context.log(traceback.format_exc(), "error")
        channel.send(JobEvent(kind="failed", data=failure(error)))
        return 1
    return 0


def main(packages: list[str]) -> int:
    """Read the order, run it, return the exit status."""
    channel = Channel(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    order = json.loads(sys.stdin.buffer.readline() or b"null")
    if not isinstance(order, dict):
        return 2
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    workdir = Path(str(order["workdir"]))
    workdir.mkdir(parents=True, exist_ok=True)
    context = ChildContext(workdir, channel)
    signal.signal(signal.SIGTERM, lambda *_: context.stop("discard"))
    threading.Thread(target=listen, args=(sys.stdin.buffer, context), daemon=True, name="orders").start()
    threading.Thread(target=context.beat, daemon=True, name="heartbeat").start()
    return work(order, packages, context, channel)


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # libraries' threads and exit handlers have hung here; everything is reported already
