"""A data folder on a small disk that fills up: refused in one line, nothing half there, well again with room."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from live import LiveServer
from scenes import make_scene
from small_disk import fill_disk, mounted

MEGABYTE = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    yield from mounted(tmp_path / "disk", "24m")


def test_a_full_disk_refuses_and_recovers(start_server: Callable[..., LiveServer], small_disk: Path) -> None:
    server = start_server(small_disk / "data")
    project = server.http.post("/projects", json={"name": "small"}).raise_for_status().json()["id"]
    address = f"/projects/{project}/images"
    first = make_scene(1, size=(640, 480))
    server.http.post(address, params={"name": first.name}, content=first.data).raise_for_status()
    filler = fill_disk(small_disk, leave=MEGABYTE)
    kept = {first.name: first.data}
    refused = None
    for number in range(2, 80):
        scene = make_scene(number, size=(640, 480))
        answer = server.http.post(address, params={"name": scene.name}, content=scene.data)
        if answer.status_code != 201:
            refused = answer
            break
        kept[scene.name] = scene.data
    assert refused is not None
    assert refused.status_code in {503, 507}, refused.text
    assert refused.json()["code"] in {"storage_full", "database_busy"}, refused.text
    assert "\n" not in refused.json()["title"]
    assert server.http.get("/projects").is_success
    assert not list((small_disk / "data" / "cache" / "incoming").glob("*"))

    filler.unlink()
    after = make_scene(99, size=(640, 480))
    server.http.post(address, params={"name": after.name}, content=after.data).raise_for_status()
    kept[after.name] = after.data
    images = server.http.get(address, params={"limit": 500}).raise_for_status().json()["items"]
    assert {image["name"] for image in images} == set(kept)
    for image in images:
        assert server.http.get(f"/images/{image['id']}/file").content == kept[image["name"]]


@pytest.fixture
def larger_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 96 MB."""
    yield from mounted(tmp_path / "disk", "96m")


def start_import(server: LiveServer, project: str, document: bytes) -> dict[str, Any]:
    upload = server.http.post("/uploads", json={"name": "many.json", "size": len(document)}).raise_for_status().json()
    send = server.http.patch(f"/uploads/{upload['id']}", content=document, headers={"upload-offset": "0"})
    send.raise_for_status()
    body = {"kind": "import", "project_id": project, "upload_id": upload["id"]}
    return server.wait_for_job(str(server.http.post("/jobs", json=body).raise_for_status().json()["id"]))


def many_polygons(names: list[str], each: int) -> bytes:
    """A COCO document with `each` polygons of 20 points on every picture of 640 x 480."""
    ring = [place for step in range(20) for place in (100 + 4 * step, 100 + (step * step) % 97)]
    images = [{"id": at, "file_name": name, "width": 640, "height": 480} for at, name in enumerate(names, 1)]
    annotations = [
        {"id": at * each + number, "image_id": at, "category_id": 1, "segmentation": [[*ring, 100, 200 + number / 16]]}
        for at in range(1, len(names) + 1)
        for number in range(each)
    ]
    return json.dumps(
        {"images": images, "categories": [{"id": 1, "name": "cell"}], "annotations": annotations}
    ).encode()


def rows_of(data: Path) -> dict[str, list[Any]]:
    """What an import may touch, and the database found whole."""
    looks = {
        "images": "SELECT name, state, annotations, revision FROM images ORDER BY 1",
        "annotations": "SELECT image_id, state, deleted_at IS NULL, count(*) FROM annotations GROUP BY 1, 2, 3"
        " ORDER BY 1, 2, 3",
        "classes": "SELECT name FROM label_classes ORDER BY 1",
        "counts": "SELECT class_id, split, annotations FROM class_counts WHERE annotations > 0 ORDER BY 1, 2",
        "history": "SELECT image_id, count(*) FROM change_log GROUP BY 1 ORDER BY 1",
        "project": "SELECT images, labeled, annotations FROM projects",
    }
    with closing(sqlite3.connect(f"file:{data / 'boxwright.db'}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name: db.execute(query).fetchall() for name, query in looks.items()}


def test_an_import_that_fills_the_disk_leaves_all_as_it_was(
    start_server: Callable[..., LiveServer], larger_disk: Path
) -> None:
    server = start_server(larger_disk / "data")
    project = server.http.post("/projects", json={"name": "small"}).raise_for_status().json()["id"]
    scenes = [make_scene(number, size=(640, 480)) for number in range(5)]
    for scene in scenes:
        address = f"/projects/{project}/images"
        server.http.post(address, params={"name": scene.name}, content=scene.data).raise_for_status()
    names = [scene.name for scene in scenes]
    assert start_import(server, project, many_polygons(names, 2))["state"] == "succeeded"
    before = rows_of(server.data)

    document = many_polygons(names, 4000)
    filler = fill_disk(larger_disk, leave=len(document) + 6 * MEGABYTE)
    job = start_import(server, project, document)
    assert job["state"] == "failed", job
    error = json.dumps(job["error"])
    assert "full" in error or "space" in error, error
    assert "\\n" not in error
    assert rows_of(server.data) == before

    filler.unlink()
    again = start_import(server, project, document)
    assert again["state"] == "succeeded", again
    after = rows_of(server.data)
    assert [row[2] for row in after["images"]] == [4000 for _ in names]
    assert after["project"][0][2] == 4000 * len(names)


def test_an_export_that_fills_the_disk_leaves_nothing_of_itself(
    start_server: Callable[..., LiveServer], small_disk: Path
) -> None:
    server = start_server(small_disk / "data")
    project = server.http.post("/projects", json={"name": "small"}).raise_for_status().json()["id"]
    for scene in (make_scene(number, size=(640, 480)) for number in range(40)):
        address = f"/projects/{project}/images"
        server.http.post(address, params={"name": scene.name}, content=scene.data).raise_for_status()
    filler = fill_disk(small_disk, leave=2 * MEGABYTE)
    body = {"kind": "export", "project_id": project, "format": "coco"}
    started = server.http.post("/jobs", json=body).raise_for_status().json()
    job = server.wait_for_job(str(started["id"]))
    assert job["state"] == "failed", job
    assert "full" in str(job["error"])
    left = [path for path in (server.data / "jobs" / str(job["id"])).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in left) < MEGABYTE, left

    filler.unlink()
    server.http.post(f"/jobs/{job['id']}/resume").raise_for_status()
    assert server.wait_for_job(str(job["id"]))["state"] == "succeeded"
