"""A project of a million images with millions of objects: what a person waits for, over HTTP.

    python benchmarks/bench_million.py [--data FOLDER] [--images 1000000] [--objects 8] [--times 20]
        [--database URL] [--only WORD] [--name bench_million]

Fills a database the first time, which takes a while; with `--data` it is kept and used again. Every question is asked
several times, with `partial`, one after the other, of a server of its own. "whole answer" is how long it takes
until the page is full or the list at its end: with `partial`
a filter that nearly no image of a million passes and that has no index is answered moment by moment.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench_server import address, checked, new_id, serving
from boxwright.storage.repositories.keyset import encode
from measuring import keep, processor_of, table
from million_data import CLASSES, Filled, fill, identifier

PAGE = 120
Params = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """How long a question took.

    Latencies of single requests, processor milliseconds of the server for each, and seconds until the page was full or
    everything had been looked at.
    """

    name: str
    p50: float
    p95: float
    processor: float
    whole: float
    found: int


class Asker:
    """Asks a server about the project."""

    def __init__(self, http: httpx.Client, filled: Filled, pid: int, times: int, images: int) -> None:
        self.http, self.filled, self.pid, self.times, self.total = http, filled, pid, times, images
        self.base = f"/projects/{filled.project_id}"

    def timed(self, name: str, ask: Callable[[int], Any], times: int = 0) -> Answer:
        """Ask one thing again and again, after once that does not count."""
        ask(0)
        taken, before = [], processor_of(self.pid)
        for number in range(times or self.times):
            begin = time.perf_counter()
            ask(number + 1)
            taken.append((time.perf_counter() - begin) * 1000)
        return self._answer(name, taken, before, taken[-1] / 1000, 0)

    def listed(self, name: str, params: Params, *, cursor: str | None = None) -> Answer:
        """Ask for a page until it is full, as the library does, several times."""
        self._asked(params, cursor)
        taken, found, whole, before = [], 0, 0.0, processor_of(self.pid)
        while len(taken) < self.times:
            begin, place, found = time.perf_counter(), cursor, 0
            while True:
                milliseconds, answer = self._asked(params, place)
                taken.append(milliseconds)
                found += len(answer["items"])
                place = answer["next_cursor"]
                if found >= PAGE or place is None:
                    break
            whole = time.perf_counter() - begin
        return self._answer(name, taken, before, whole, found)

    def _asked(self, params: Params, cursor: str | None) -> tuple[float, Any]:
        asked = {**params, "limit": PAGE, "partial": True, **({"cursor": cursor} if cursor else {})}
        start = time.perf_counter()
        answer = checked(self.http.get(self.base + "/images", params=asked))
        return (time.perf_counter() - start) * 1000, answer

    def _answer(self, name: str, taken: list[float], before: float, whole: float, found: int) -> Answer:
        used = (processor_of(self.pid) - before) / len(taken) * 1000
        ordered = sorted(taken)
        return Answer(name, ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], used, whole, found)

    def cursor_at(self, share: float) -> str:
        """Return a cursor far down in the list by age, made as the server makes it."""
        return encode([identifier(int(self.total * share), 1)])


def filters(filled: Filled) -> dict[str, Params]:
    """Return filters by name: alone with many, few and no matches, and some of them together."""
    classes, person = filled.classes, filled.people[0]
    return {
        "no filter": {},
        "class, most": {"class_ids": classes[0]},
        "class, least of 80": {"class_ids": classes[CLASSES - 1]},
        "class, rare": {"class_ids": classes[CLASSES]},
        "class, none": {"class_ids": classes[CLASSES + 1]},
        "two classes": {"class_ids": [classes[3], classes[70]]},
        "objects, at least 5": {"min_objects": 5},
        "objects, at least 40": {"min_objects": 40},
        "objects, at least 90": {"min_objects": 90},
        "objects, at least 1000": {"min_objects": 1000},
        "state unlabeled": {"state": "unlabeled"},
        "state labeled": {"state": "labeled"},
        "state empty": {"state": "empty"},
        "state proposals": {"state": "proposals"},
        "source manual": {"source": "manual"},
        "source model": {"source": "model"},
        "score to 0.1 (few)": {"max_score": 0.1},
        "score 0.5 to 0.6": {"min_score": 0.5, "max_score": 0.6},
        "score from 0.99999 (few)": {"min_score": 0.9999},
        "size, at least 10,000 px": {"min_area": 10_000},
        "size, at least 101,000 px (few)": {"min_area": 101_000},
        "size, none": {"min_area": 1_000_000},
        "share, at least 5 %": {"min_share": 0.05},
        "share, at least 90 % (none)": {"min_share": 0.9},
        "ratio, at least 4": {"min_ratio": 4},
        "ratio, none": {"min_ratio": 1000},
        "attribute": {"attribute": "color"},
        "attribute value, few": {"attribute": "color", "attribute_value": "teal"},
        "attribute, none": {"attribute": "material"},
        "tag, many": {"tags": "night"},
        "tag, few": {"tags": "odd"},
        "tag, none": {"tags": "indoor"},
        "split train": {"split": "train"},
        "split none (few)": {"split": "none"},
        "assignee": {"assignee": person},
        "assignee, none": {"assignee": new_id()},
        "work accepted": {"work": "accepted"},
        "added on a day": {"added_from": "2026-05-05", "added_to": "2026-05-05"},
        "added, none": {"added_from": "2027-01-01"},
        "name, part of many": {"name": "cam3"},
        "name, one": {"name": "img_0007919"},
        "name, none": {"name": "zebra"},
        "metadata field": {"metadata": "camera"},
        "metadata value": {"metadata": "camera", "metadata_value": "K7"},
        "metadata, few": {"metadata": "note"},
        "metadata, none": {"metadata": "author"},
        "comments": {"comments": "any"},
        "video": {"video": "any"},
        "changed since a version": {"changed_since": filled.version_id},
        "pixels, none": {"min_pixels": 100_000_000},
        "class and split": {"class_ids": classes[5], "split": "val"},
        "class, score and split": {"class_ids": classes[5], "split": "test", "max_score": 0.5},
        "tag, split and objects": {"tags": "wet", "split": "test", "min_objects": 20},
        "rare class and tag": {"class_ids": classes[CLASSES], "tags": "night"},
        "name, state and date": {"name": "cam1", "state": "unlabeled", "added_from": "2026-06-01"},
    }


ORDERS = (
    "unlabeled_first", "name", "newest", "oldest", "last_changed", "most_objects", "fewest_objects", "least_sure",
    "largest", "smallest",
)  # fmt: skip


def questions(asker: Asker, only: str) -> Iterator[Answer]:
    """Ask everything whose name has the word."""
    for name, params in filters(asker.filled).items():
        if only in f"filter: {name}":
            yield asker.listed(f"filter: {name}", params)
    for order in ORDERS:
        more = {"state": "proposals"} if order == "least_sure" else {}
        if only in f"order: {order}":
            yield asker.listed(f"order: {order}", {"order": order, **more})
    for name, share in (("middle", 0.5), ("last", 0.0001)):
        if only in f"page: {name}":
            cursor = asker.cursor_at(share)
            yield asker.listed(f"page: {name}", {"order": "newest"}, cursor=cursor)
            yield asker.listed(
                f"page: {name}, class", {"order": "newest", "class_ids": asker.filled.classes[9]}, cursor=cursor
            )
    for name, ask in others(asker).items():
        if only in name:
            yield asker.timed(name, ask, times=2 if name.startswith("split preview") else 0)


def others(asker: Asker) -> dict[str, Callable[[int], Any]]:
    """Return what else a person waits for, by name."""
    http, base = asker.http, asker.base

    def get(path: str, **params: Any) -> Callable[[int], Any]:
        return lambda _: checked(http.get(path, params=params))

    newest = checked(http.get(base + "/images", params={"order": "newest", "limit": 100}))["items"]
    busy = checked(http.get(base + "/images", params={"order": "most_objects", "limit": 1}))["items"][0]["id"]
    images = [item for item in newest if item["width"]]
    label = asker.filled.classes[0]

    def open_one(number: int) -> None:
        checked(http.get(f"/images/{images[number % 100]['id']}/annotations"))

    def save(number: int) -> None:
        image = images[number % 100]
        box = {"type": "box", "x0": 10 + number % 50, "y0": 10, "x1": 90, "y1": 60}
        current = checked(http.get(f"/images/{image['id']}"))
        change = {"op": "upsert", "annotation": {"id": new_id(), "class_id": label, "geometry": box}}
        body = {"change_id": new_id(), "base_revision": current["revision"], "changes": [change]}
        checked(http.post(f"/images/{image['id']}/changes", json=body))

    middle = "/images/" + identifier(asker.total // 2, 1)
    plan = {"train": 8, "val": 1, "test": 1}
    return {
        "open: annotations of an image": open_one,
        "open: annotations of the fullest image": get(f"/images/{busy}/annotations"),
        "open: place in the list by name": get(f"{middle}/neighbours", order="name"),
        "open: place among unlabelled first": get(f"{middle}/neighbours"),
        "open: place in a class": get(f"{middle}/neighbours", order="name", class_ids=label),
        "save: a box (two requests)": save,
        "counts of splits and classes": get(base + "/counts"),
        "classes": get(base + "/classes"),
        "tags": get(base + "/tags"),
        "saved views": get(base + "/views"),
        "work by person": get(base + "/work"),
        "projects": get("/projects"),
        "statistics page": get(base + "/statistics"),
        "leaks": get(base + "/leaks"),
        "split preview": lambda _: checked(http.post(base + "/splits/preview", json=plan)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--objects", type=float, default=8, help="of an image, on average")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--name", default="")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = given.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        filled = fill(given.database or f"sqlite:///{folder / 'boxwright.db'}", folder, given.images, given.objects)
        (folder / "server.json").unlink(missing_ok=True)
        command: list[str | Path] = [sys.executable, "-m", "boxwright", "serve", "--data", folder]
        command += ["--port", "0", "--private", *(["--database", given.database] if given.database else [])]
        pid, _ = stack.enter_context(serving(command, {}, lambda: address(folder) is not None))
        found = address(folder)
        assert found is not None
        headers = {"authorization": f"Bearer {found['token']}"}
        http = stack.enter_context(httpx.Client(base_url=found["url"] + "/api/v1", headers=headers, timeout=600))
        asker = Asker(http, filled, pid, given.times, given.images)
        rows = []
        for answer in questions(asker, given.only):
            rows.append(answer)
            numbers = f"{answer.p50:8.1f} {answer.p95:8.1f} {answer.processor:8.1f} ms {answer.whole:8.2f} s"
            print(f"{answer.name:45} {numbers} {answer.found:5}", flush=True)
    head = ("", "p50 ms", "p95 ms", "server processor ms", "whole answer s", "images on it")
    cells = [[row.name, row.p50, row.p95, row.processor, row.whole, row.found or ""] for row in rows]
    if given.name:
        keep(
            given.name,
            f"{given.images} images, {given.objects:g} objects each\n\n{table(head, cells)}",
            [vars(row) for row in rows],
        )


if __name__ == "__main__":
    main()
