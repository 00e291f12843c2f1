"""Task: look at pictures with a network, keep one vector of each, and lay them all out on a plane."""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from boxwright import media
from boxwright.domain.cards import card_from_json
from boxwright.domain.errors import Cancelled, Invalid, InvalidImage
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.ports import TaskContext
from boxwright.ml.adapters.memory import bounded
from boxwright.ml.machine import cores
from boxwright.ml.selection.features import Features, starter
from boxwright.ml.selection.index import Index, comparable, write_index
from boxwright.ml.selection.projection import project

INDEX = "index.bin"
_FOUND, _CUT = "vectors.bin", "features.onnx"
_CHUNK = 16
_LAYOUT = 0.25
"""The part of the bar that laying out takes."""


@bounded
def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Look at the pictures of a list, JSON lines of `id` and `path`; those of an earlier start are left out.

    Args:
        params: `pictures`, the path of the list; `former`, an index whose vectors of the same network are kept for the
            pictures of `keep` (a JSON list of ids), or null; `model` and `card`, or none for the starter network.
        context: where to work and report. Stopped with `keep`, it ends with what it has.

    Returns:
        `{"files": {"index"}, "images": n, "looked": n, "dimensions": d, "failed": n}`; `looked` at are the new ones.

    Raises:
        Cancelled: a person stopped it.
        Invalid: not one picture could be read.
    """
    network = _network(params, context.workdir)
    failed = _look(network, params, context)
    looked = _mend(context.workdir / _FOUND)
    ids, raw = _all(params, looked)
    if not ids and context.stopping():
        raise Cancelled("the job was stopped before it had looked at an image")
    if not ids:
        raise Invalid("not one of the images could be read", code="no_images")

    def tick(share: float) -> None:
        if context.stopping() in BREAKS_OFF:
            raise Cancelled("the job was stopped")
        context.progress(1 - _LAYOUT + _LAYOUT * share, 1, phase="laying out")

    seen = comparable(raw)
    write_index(context.workdir / INDEX, ids, raw, seen, project(seen.vectors, tick=tick))
    counts = {"images": len(ids), "looked": len(looked), "dimensions": raw.shape[1], "failed": failed}
    return {"files": {"index": INDEX}, **counts}


def _network(params: Mapping[str, Any], workdir: Path) -> Features:
    if params.get("model") is None:
        return starter(workdir / _CUT)
    spec = card_from_json(params["card"]).input
    return Features(Path(params["model"]), spec, workdir / _CUT, params.get("memory"))


def _look(network: Features, params: Mapping[str, Any], context: TaskContext) -> int:
    """Write the vectors of the pictures that have none yet; return how many could not be read."""
    target = context.workdir / _FOUND
    seen, waiting = _mend(target), list(_lines(Path(params["pictures"])))
    todo = [item for item in waiting if item["id"] not in seen]
    failed, done, started = 0, 0, time.monotonic()

    def one(item: Mapping[str, Any]) -> NDArray[np.float16] | None:
        try:
            if not item["path"]:
                return None
            return network.of(media.decode_within(Path(item["path"]), network.within)[0]).astype(np.float16)
        except (InvalidImage, OSError):
            return None

    with ThreadPoolExecutor(cores()) as pool, target.open("ab") as out:
        pending = iter(todo)
        while chunk := list(islice(pending, _CHUNK)):
            if (word := context.stopping()) in BREAKS_OFF:
                raise Cancelled("the job was stopped; asked again, it goes on where it was")
            if word:
                break
            failed += _write(out, chunk, list(pool.map(one, chunk)))
            done += len(chunk)
            left = (time.monotonic() - started) / done * (len(todo) - done)
            context.progress((1 - _LAYOUT) * done / len(todo), 1, phase="looking", seconds_left=left)
    return failed


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _write(out: IO[bytes], chunk: list[dict[str, Any]], vectors: list[NDArray[np.float16] | None]) -> int:
    failed = 0
    for item, vector in zip(chunk, vectors, strict=True):
        if vector is None or not np.isfinite(vector).all():
            failed += 1
            continue
        out.write(uuid.UUID(item["id"]).bytes + len(vector).to_bytes(4, "little") + vector.tobytes())
    out.flush()
    return failed


def _mend(path: Path) -> dict[str, NDArray[np.float16]]:
    """Return the vectors of an earlier start; half a one of its death is cut off."""
    path.touch()
    data, at = path.read_bytes(), 0
    found: dict[str, NDArray[np.float16]] = {}
    while at + 20 <= len(data):
        size = int.from_bytes(data[at + 16 : at + 20], "little") * 2
        if at + 20 + size > len(data):
            break
        found[str(uuid.UUID(bytes=data[at : at + 16]))] = np.frombuffer(data, np.float16, size // 2, at + 20)
        at += 20 + size
    if at < len(data):
        path.write_bytes(data[:at])
    return found


def _all(params: Mapping[str, Any], looked: Mapping[str, NDArray[np.float16]]) -> tuple[list[str], NDArray[np.float16]]:
    """Return the vectors of all pictures, of the former index and the new ones, by id."""
    found = dict(looked)
    if params.get("former"):
        former = Index(Path(params["former"]))
        wanted = set(json.loads(Path(params["keep"]).read_text()))
        for name, row in zip(former.names(), former.raw, strict=True):
            if name in wanted:
                found.setdefault(name, np.asarray(row))
    ids = sorted(found)
    return ids, np.stack([found[name] for name in ids]) if ids else np.zeros((0, 0), np.float16)
