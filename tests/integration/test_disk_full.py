"""A data folder on a small disk that fills up: refused in one line, nothing half there, well again with room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

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
