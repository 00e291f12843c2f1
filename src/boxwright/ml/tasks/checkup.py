"""Task: look at pictures, each for a few milliseconds, and write down what they look like."""

import base64
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import IO, Any

from boxwright.domain.errors import Cancelled, Invalid
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.ports import TaskContext
from boxwright.media.fingerprint import look_at

FOUND = "found.jsonl"
_THREADS, _CHUNK = 4, 32


def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Look at the pictures of a list, JSON lines of `id` and `path`; those of an earlier start are left out.

    Each becomes a line of `found.jsonl`: `id`, `sharpness`, `brightness`, `bits`, `grey` (base64), or `id` and `error`.

    Args:
        params: `pictures`, the path of the list, and `total`, how many there are.
        context: where to work and report. Stopped with `keep`, it ends with what it has.

    Returns:
        `{"images": n, "failed": n}`.

    Raises:
        Cancelled: a person stopped it.
    """
    target = context.workdir / FOUND
    seen = _mend(target)
    total, done, started = int(params["total"]), len(seen), time.monotonic()
    failed = sum(seen.values())
    waiting = (item for item in _lines(Path(params["pictures"])) if item["id"] not in seen)
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool, target.open("a", encoding="utf-8") as out:
        while chunk := list(islice(waiting, _CHUNK)):
            if (word := context.stopping()) in BREAKS_OFF:
                raise Cancelled("the check-up was stopped; asked again, it goes on where it was")
            if word:
                break
            failed += _write(out, pool.map(_looked, chunk))
            done += len(chunk)
            left = (time.monotonic() - started) / max(1, done - len(seen)) * (total - done)
            context.progress(done, total, phase="looking", seconds_left=left)
    return {"images": done, "failed": failed}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _mend(path: Path) -> dict[str, bool]:
    """Return the pictures of an earlier start, and whether each failed; half a line of its death is cut off."""
    path.touch()
    whole = path.read_bytes().rpartition(b"\n")
    if whole[2]:
        path.write_bytes(whole[0] + whole[1])
    return {item["id"]: "error" in item for item in _lines(path)}


def _looked(item: Mapping[str, Any]) -> dict[str, object]:
    if item["path"] is None:
        return {"id": item["id"], "error": "its bytes are gone"}
    try:
        look = look_at(Path(item["path"]))
    except (Invalid, OSError) as error:
        return {"id": item["id"], "error": str(error)[:300]}
    return {
        "id": item["id"],
        "sharpness": round(look.sharpness, 3),
        "brightness": round(look.brightness, 3),
        "bits": look.fingerprint.bits,
        "grey": base64.b64encode(look.fingerprint.grey.tobytes()).decode(),
    }


def _write(out: IO[str], found: Iterable[Mapping[str, object]]) -> int:
    failed = 0
    for item in found:
        out.write(json.dumps(item) + "\n")
        failed += "error" in item
    out.flush()
    return failed
