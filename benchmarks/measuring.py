"""What all benchmarks share: cost of a command (wall, processor, memory), latencies, tables, the record of a run."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, seconds of processor time, and the largest resident memory of any process, in MiB."""

    wall: float
    processor: float
    memory: float


def run(command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, its children included. Raises SystemExit where it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with status {process.returncode}")
    return Cost(time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def processor_of(pid: int) -> float:
    """Processor seconds that a process and its living descendants have used so far."""
    parents = {int(path.name): _fields(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    total, todo = 0.0, [pid]
    while todo:
        current = todo.pop()
        values = parents.get(current)
        if values is None:
            continue
        # Own user and system time, and that of children already waited for.
        total += sum(map(int, values[11:15])) / _TICK
        todo += [child for child, found in parents.items() if found is not None and int(found[1]) == current]
    return total


def _fields(process: Path) -> list[str] | None:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return None


@dataclass(frozen=True)
class Load:
    """Requests under load: latencies in milliseconds, requests a second, processor milliseconds of the server each."""

    p50: float
    p95: float
    rate: float
    processor: float


def load(request: Callable[[int, int], None], *, clients: int, requests: int, pid: int) -> Load:
    """Send `requests` requests from `clients` threads.

    Args:
        request: called with the number of the client and of its request; returns when the answer is there.
        clients: threads at work.
        requests: all together.
        pid: the server, whose processor time is counted.
    """
    taken: list[float] = []

    def work(client: int) -> None:
        for number in range(requests // clients):
            begin = time.perf_counter()
            request(client, number)
            taken.append((time.perf_counter() - begin) * 1000)

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    before, begin = processor_of(pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begin
    if len(taken) != requests // clients * clients:
        raise SystemExit("a client failed; see above")
    used = (processor_of(pid) - before) / len(taken) * 1000
    ordered = sorted(taken)
    return Load(statistics.median(ordered), ordered[int(len(ordered) * 0.95)], len(taken) / wall, used)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; numbers are rounded to three significant digits."""
    lines = [f"| {' | '.join(map(str, head))} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(_shown(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _shown(cell: object) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"


def machine() -> str:
    """Return processor, cores, Python and date in one line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor()
    date = datetime.now(UTC).date().isoformat()
    return f"{date}, {name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def keep(name: str, text: str, record: object = None) -> None:
    """Print a result and write it to `benchmarks/results/NAME.md` (and its figures to `NAME.json`)."""
    RESULTS.mkdir(exist_ok=True)
    whole = f"{machine()}, load {os.getloadavg()[0]:.1f}\n\n{text}\n"
    (RESULTS / f"{name}.md").write_text(whole)
    if record is not None:
        (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")
    print(whole)
