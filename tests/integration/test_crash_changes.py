"""kill -9 in the middle of changes of classes and of many images at once: the old or the new state, never a mixture."""

from __future__ import annotations

import io
import itertools
import json
import random
import shutil
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from campaigns import THOROUGH, turn
from live import LiveServer

pytestmark = pytest.mark.crash

IMAGES, OBJECTS, KINDS = 400, 30, ("car", "lorry", "van")
State = dict[str, list[Any]]
Request = tuple[str, dict[str, object]]
# Told the data folder before a change is asked for, returns what waits for the moment, or for the end of the change.
Moment = Callable[[Path], Callable[[threading.Event], object]]

# All that a change may touch, under names, since what is made anew has another id each time.
LOOKS = {
    "projects": "SELECT name, images, labeled, annotations FROM projects",
    "classes": "SELECT name, position, hotkey, deleted_at IS NULL FROM label_classes",
    "class counts": "SELECT name, deleted_at IS NULL, split, annotations FROM class_counts JOIN label_classes"
    " ON id = class_id WHERE annotations > 0",
    "images": "SELECT name, split, state, todo, tags, annotations, revision, deleted_at IS NULL FROM images",
    "sets": "SELECT images.name, image_set_state.revision, image_set_state.state, image_set_state.annotations"
    " FROM image_set_state JOIN images ON images.id = image_id",
    "objects": "SELECT a.image_id, c.name, a.state, a.deleted_at IS NULL, count(*), sum(a.x0) FROM annotations a"
    " JOIN label_classes c ON c.id = a.class_id GROUP BY 1, 2, 3, 4",
    "history": "SELECT image_id, count(*), max(revision) FROM change_log GROUP BY 1",
    "changes": "SELECT kind, objects, images, kept FROM class_changes",
    "moves": "SELECT count(*) FROM class_moves",
    "audit": "SELECT action, count(*) FROM audit_log WHERE action LIKE 'class.%' GROUP BY 1",
}


def state_of(data: Path) -> State:
    """Return what the database holds, and see that it is whole."""
    with closing(sqlite3.connect(f"file:{data / 'boxwright.db'}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: sorted(db.execute(query).fetchall(), key=repr) for name, query in LOOKS.items()}


def street_zip(path: Path) -> Path:
    """Many small images, with many objects of three classes in turn."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 140)).save(buffer, "PNG")
    images = [{"id": n + 1, "file_name": f"{n:04d}.png", "width": 64, "height": 48} for n in range(IMAGES)]
    objects = [
        {
            "id": n + 1,
            "image_id": n // OBJECTS + 1,
            "category_id": n % len(KINDS) + 1,
            "bbox": [n % 40, n % 30, 9, 8],
            "area": 72,
            "iscrowd": 0,
        }
        for n in range(IMAGES * OBJECTS)
    ]
    classes = [{"id": n + 1, "name": name} for n, name in enumerate(KINDS)]
    with zipfile.ZipFile(path, "w") as archive:
        document = {"images": images, "annotations": objects, "categories": classes}
        archive.writestr("annotations/instances_train.json", json.dumps(document))
        for image in images:
            archive.writestr(f"train/{image['file_name']}", buffer.getvalue())
    return path


class Street:
    """One project on a server that tests kill."""

    def __init__(self, server: LiveServer, project: str) -> None:
        self.server, self.project = server, project

    def at(self, path: str) -> str:
        return f"/projects/{self.project}/{path}"

    def classes(self) -> dict[str, str]:
        found = self.server.http.get(self.at("classes")).raise_for_status().json()
        return {one["name"]: one["id"] for one in found}

    def ids(self) -> list[str]:
        with closing(sqlite3.connect(f"file:{self.server.data / 'boxwright.db'}?mode=ro", uri=True)) as db:
            return [row[0] for row in db.execute("SELECT id FROM images ORDER BY id")]

    def merge(self) -> Request:
        have = self.classes()
        return self.at("class-changes"), {
            "kind": "merge",
            "class_ids": [have["lorry"], have["van"]],
            "into_id": have["car"],
        }

    def undo(self) -> Request:
        last = self.server.http.get(self.at("class-changes")).raise_for_status().json()
        change = next(one for one in last if one["kind"] == "merge")
        return f"/class-changes/{change['id']}/undo", {}

    def split(self) -> Request:
        half = self.ids()[: IMAGES // 2]
        return self.at("class-changes"), {
            "kind": "split",
            "class_ids": [self.classes()["van"]],
            "name": "far van",
            "image_ids": half,
        }

    def delete(self) -> Request:
        return self.at("class-changes"), {"kind": "delete", "class_ids": [self.classes()["lorry"]]}

    def tag(self) -> Request:
        return self.at("images/tags"), {"ids": self.ids(), "add": ["night"], "remove": []}

    def move(self) -> Request:
        return self.at("images/bulk"), {"ids": self.ids(), "action": "move", "split": "val"}

    def trash(self) -> Request:
        return self.at("images/bulk"), {"ids": self.ids(), "action": "trash"}

    def restore(self) -> Request:
        return self.at("images/bulk"), {"ids": self.ids(), "action": "restore"}

    def deeds(self) -> list[Callable[[], Request]]:
        return [self.merge, self.undo, self.split, self.delete, self.tag, self.move, self.trash, self.restore]

    def do(self, deed: Callable[[], Request]) -> None:
        path, body = deed()
        self.server.http.post(path, json=body).raise_for_status()

    def kill_during(self, deed: Callable[[], Request], moment: Moment) -> bool:
        """Start a deed, kill the server at that moment, start it again; tells whether an answer had come."""
        path, body = deed()
        until = moment(self.server.data)
        ended, answered = threading.Event(), []

        def send() -> None:
            try:
                answered.append(self.server.http.post(path, json=body).raise_for_status())
            except httpx.TransportError:
                pass
            finally:
                ended.set()

        thread = threading.Thread(target=send)
        thread.start()
        until(ended)
        self.server.kill()
        thread.join()
        self.server.start()
        return bool(answered)


def after(pause: float) -> Moment:
    """So many seconds after it was asked for."""
    return lambda _data: lambda ended: ended.wait(pause)


def written(more: float) -> Moment:
    """When the first pages of the change are on the disk, and a little later."""

    def moment(data: Path) -> Callable[[threading.Event], object]:
        log = data / "boxwright.db-wal"
        before = looks(log)

        def wait(ended: threading.Event) -> None:
            while looks(log) == before and not ended.wait(0.0005):
                pass
            ended.wait(more)

        return wait

    return moment


def looks(log: Path) -> tuple[int, int]:
    found = log.stat() if log.exists() else None
    return (0, 0) if found is None else (found.st_size, found.st_mtime_ns)


def furnish(server: LiveServer, folder: Path) -> str:
    project = str(server.http.post("/projects", json={"name": "street"}).raise_for_status().json()["id"])
    data = street_zip(folder / "street.zip").read_bytes()
    upload = server.http.post("/uploads", json={"name": "street.zip", "size": len(data)}).raise_for_status().json()
    server.http.patch(f"/uploads/{upload['id']}", content=data, headers={"upload-offset": "0"}).raise_for_status()
    body = {"kind": "import", "project_id": project, "upload_id": upload["id"]}
    job = server.http.post("/jobs", json=body).raise_for_status().json()["id"]
    done = server.wait_for_job(job)
    assert done["state"] == "succeeded", done
    return project


def unbroken(street: Street) -> tuple[list[State], list[float]]:
    """Do everything once, without harm: the states on the way, and the seconds that each deed takes."""
    states, seconds = [state_of(street.server.data)], []
    for deed in street.deeds():
        began = time.monotonic()
        street.do(deed)
        seconds.append(time.monotonic() - began)
        states.append(state_of(street.server.data))
    return states, seconds


def test_changes_of_classes_and_of_many_images_are_whole_or_not_at_all(
    start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    first = start_server(tmp_path / "unbroken")
    project = furnish(first, tmp_path)
    first.stop()
    shutil.copytree(first.data, tmp_path / "broken")
    street = Street(start_server(first.data), project)
    states, seconds = unbroken(street)
    street.server.stop()
    assert all(old != new for old, new in itertools.pairwise(states))

    street = Street(start_server(tmp_path / "broken"), project)
    data, seed = street.server.data, time.time_ns()
    chance, broken = random.Random(seed), 0
    steps = zip(street.deeds(), seconds, states, states[1:], strict=False)
    for number, (deed, usual, old, new) in enumerate(steps):
        pause, more = chance.uniform(0, usual), chance.uniform(0, usual / 4)
        for moment in turn((after(pause), written(more)), number):
            answered = street.kill_during(deed, moment)
            found = state_of(data)
            told = f"{deed.__name__}, seed {seed}, killed after {pause:.3f} s or {more:.3f} s after the first page"
            assert found in (old, new), told
            assert found == new or not answered, f"{told}: what was answered is lost"
            broken += not answered
            if found == new:
                break
        else:
            street.do(deed)  # the interrupted one can be done again
            assert state_of(data) == new, deed.__name__
    assert broken >= len(seconds) / (1 if THOROUGH else 2), "the server was hardly ever killed in the middle"
