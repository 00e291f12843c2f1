"""What the end of a child process means."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from boxwright.domain.jobs import JobEvent, Stopping
from boxwright.jobs.runners.base import Exit

TAIL_BYTES = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Exactly one of: a `result`, `cancelled`, or an `error` with its `code`; `crashed` when a restart may help."""

    result: Mapping[str, object] | None = None
    error: str | None = None
    code: str | None = None
    cancelled: bool = False
    crashed: bool = False


def judge(last: JobEvent | None, end: Exit, output: Path, *, stopping: Stopping, silent: bool) -> Outcome:
    """Tell what became of a task from its last word, the end of its process and what a person had asked for."""
    if stopping == "discard":
        return Outcome(cancelled=True)
    if stopping == "pause" and (last is None or last.kind != "done"):
        return Outcome(cancelled=True)
    if last is not None and last.kind == "done":
        result = last.data.get("result")
        if isinstance(result, Mapping):
            return Outcome(result=cast("Mapping[str, object]", result))
        return Outcome(error="the task returned no result", code="task_failed")
    if last is not None:
        if last.data.get("cancelled"):
            return Outcome(cancelled=True)
        return Outcome(error=str(last.data.get("message")), code=str(last.data.get("code")))
    if silent:
        return Outcome(error="the task gave no sign of life and was ended", code="task_silent", crashed=True)
    if end.signal == signal.SIGKILL:
        reason = (
            "the task was killed by the system, most likely because memory ran out; use a smaller batch or image size"
        )
        return Outcome(error=reason, code="task_killed", crashed=True)
    if end.signal is not None:
        name = signal.Signals(end.signal).name if end.signal in set(signal.Signals) else f"signal {end.signal}"
        return Outcome(error=f"the task's process crashed ({name})", code="task_crashed", crashed=True)
    return Outcome(error=f"the task's process ended with exit code {end.code}{last_line(output)}", code="task_failed")


def last_line(output: Path) -> str:
    """Return `: ` and the last line of a log file, or nothing where there is none."""
    try:
        with output.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - TAIL_BYTES))
            lines = log.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return f": {lines[-1][:500]}" if lines else ""
