"""Task: detect on a list of pictures."""

import json
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from boxwright import media
from boxwright.domain.cards import card_from_json
from boxwright.domain.detections import Detector, row_to_json
from boxwright.domain.errors import Cancelled, Invalid, InvalidImage
from boxwright.domain.looks import Looks
from boxwright.domain.ports import TaskContext
from boxwright.ml.adapters.looking import looking
from boxwright.ml.adapters.memory import bounded
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.machine import cores

NAME = "detections.jsonl"
CHUNK = 8
Item = TypeVar("Item")
Done = TypeVar("Done")


@bounded
def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Detect on `params["images"]` (or the JSON lines in `params["list"]`), each `{"id", "path"}`.

    Writes one line an image to `detections.jsonl`: `{"id", "width", "height", "detections"}`, or `{"id", "error"}` for
    one that cannot be read. Detections have outlines where the model gives them, unless `params["outlines"]` is false.
    `params["looks"]` are the fields of `Looks`. `params["threads"]` pictures (by default one for each core) are worked
    on side by side, each by one thread: that is faster than one picture by all of them, and a GPU gets them in batches.
    Images already in that file are skipped. Stopping with `keep` leaves what is done. A model from elsewhere has
    `params["memory"]` bytes.

    Returns:
        `{"files", "images", "failed", "seconds"}`.
    """
    started = time.monotonic()
    card = card_from_json(params["card"])
    threads = int(params.get("threads", 0)) or cores()
    options = {
        "score_threshold": _part(params, "score_threshold", 0.05),
        "iou_threshold": _part(params, "iou_threshold", 0.6),
        "max_detections": int(params.get("max_detections", 300)),
    }
    opened = OnnxDetector(
        params["model"], card, 1, params.get("memory"), outlines=bool(params.get("outlines", True)), gpu=True
    )
    detector = looking(opened, Looks(**params.get("looks", {})), card.iou_threshold)
    names = [item.name for item in card.classes]
    path = context.workdir / NAME
    images = list(_images(params))
    done, failed = _already(path)
    waiting = [item for item in images if str(item["id"]) not in done]
    before = len(done)
    with (
        path.open("a", encoding="utf-8") as out,
        ThreadPoolExecutor(threads) as pool,
        closing(_ahead(pool, lambda item: _one(detector, item, names, options), waiting, 2 * threads)) as found,
    ):
        while not _stop(context) and (lines := list(islice(found, CHUNK))):
            failed += sum("error" in line for line in lines)
            done.update(str(line["id"]) for line in lines)
            _append(out, lines)
            rate = (time.monotonic() - started) / (len(done) - before)
            context.progress(len(done), len(images), phase="predicting", seconds_left=rate * (len(images) - len(done)))
    return {"files": {"detections": NAME}, "images": len(done), "failed": failed, "seconds": time.monotonic() - started}


def _part(params: Mapping[str, Any], name: str, default: float) -> float:
    """Return a threshold. Raises Invalid outside 0 to 1."""
    value = params.get(name, default)
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Invalid(f"{name}: {value!r} is not a number from 0 to 1")
    return float(value)


def _stop(context: TaskContext) -> bool:
    stopping = context.stopping()
    if stopping == "discard":
        raise Cancelled("the prediction was cancelled")
    return stopping == "keep"


def _images(params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "list" not in params:
        yield from params["images"]
        return
    with Path(params["list"]).open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _already(path: Path) -> tuple[set[str], int]:
    """Return the ids in the file and how many failed; a last line that a crash cut short is removed."""
    if not path.exists():
        return set(), 0
    done, failed, size = set(), 0, 0
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                break
            value = json.loads(line)
            done.add(str(value["id"]))
            failed += "error" in value
            size += len(line)
    os.truncate(path, size)
    return done, failed


def _append(out: TextIO, lines: Sequence[Mapping[str, object]]) -> None:
    out.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    out.flush()
    os.fsync(out.fileno())


def _ahead(pool: ThreadPoolExecutor, work: Callable[[Item], Done], items: Iterable[Item], most: int) -> Generator[Done]:
    """Yield the results in order, while the pool is at work on the next, at most so many of them."""
    window: deque[Future[Done]] = deque()
    try:
        for item in items:
            window.append(pool.submit(work, item))
            if len(window) > most:
                yield window.popleft().result()
        while window:
            yield window.popleft().result()
    finally:
        for future in window:
            future.cancel()


def _one(
    detector: Detector, item: Mapping[str, Any], names: Sequence[str], options: Mapping[str, Any]
) -> dict[str, object]:
    try:
        pixels, size = _read(item, detector.within)
        found = detector.predict([pixels], **options)[0]
    except InvalidImage as error:
        return {"id": item["id"], "error": error.message}
    rows = [row_to_json(row) for row in found.resized((pixels.shape[1], pixels.shape[0]), size).rows(names)]
    return {"id": item["id"], "width": size[0], "height": size[1], "detections": rows}


def _read(item: Mapping[str, Any], within: tuple[int, int] | None) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Return as many pixels as are wanted, and the size of the picture. Raises InvalidImage where there are none."""
    if not item.get("path"):
        raise InvalidImage("its pixels are not on this machine")
    try:
        return media.decode_within(Path(item["path"]), within)
    except OSError as error:
        raise InvalidImage(str(error.strerror or error)) from error
