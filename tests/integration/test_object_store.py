"""The whole server with its files in a bucket: the loop, an outage, kill -9, and what is swept."""

from __future__ import annotations

import json
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from boxwright import bootstrap
from boxwright.domain.cards import card_to_json
from boxwright.domain.errors import Invalid, Unavailable
from boxwright.settings import Settings
from buckets import Bucket
from live import LiveServer
from scenes import coco_zip, make_scene
from tiny_onnx import tiny_card, write_tiny_onnx

Start = Callable[..., LiveServer]
pytestmark = pytest.mark.crash


@pytest.fixture
def server(start_server: Start, bucket: Bucket) -> LiveServer:
    return start_server(BOXWRIGHT_STORAGE=bucket.url, BOXWRIGHT_CACHE_GB="1")


def new_project(server: LiveServer) -> str:
    return str(server.http.post("/projects", json={"name": "far away"}).raise_for_status().json()["id"])


def upload(server: LiveServer, path: Path) -> str:
    data = path.read_bytes()
    made = server.http.post("/uploads", json={"name": path.name, "size": len(data)}).raise_for_status().json()
    answer = server.http.patch(f"/uploads/{made['id']}", content=data, headers={"upload-offset": "0"})
    return str(answer.raise_for_status().json()["id"])


def start_job(server: LiveServer, **body: object) -> str:
    return str(server.http.post("/jobs", json=body).raise_for_status().json()["id"])


def import_model(server: LiveServer, project: str, folder: Path) -> str:
    path = folder / "tiny.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(write_tiny_onnx(folder / "tiny.onnx"), "model.onnx")
        archive.writestr("card.json", json.dumps(card_to_json(tiny_card())))
    body = {"upload_id": upload(server, path)}
    return str(server.http.post(f"/projects/{project}/models", json=body).raise_for_status().json()["id"])


def predict(server: LiveServer, project: str, model: str) -> tuple[str, str]:
    body = {"model_id": model, "source": "project"}
    run = server.http.post(f"/projects/{project}/runs", json=body).raise_for_status().json()["id"]
    return run, start_job(server, kind="predict", project_id=project, run_id=run)


def images_of(server: LiveServer, project: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = server.http.get(f"/projects/{project}/images").raise_for_status().json()["items"]
    return found


def test_the_loop_with_files_in_a_bucket(server: LiveServer, bucket: Bucket, tmp_path: Path) -> None:
    project = new_project(server)
    coco_zip(tmp_path / "set.zip", train=4, val=2, test=0)
    job = start_job(server, kind="import", project_id=project, upload_id=upload(server, tmp_path / "set.zip"))
    assert server.wait_for_job(job)["state"] == "succeeded"
    pictures = images_of(server, project)
    assert len(pictures) == 6
    for picture in pictures:
        stored = bucket.read(bucket.key(picture["sha256"]))
        assert server.http.get(f"/images/{picture['id']}/file").content == stored
        assert server.http.get(f"/images/{picture['id']}/thumbnail").is_success
    assert not list((server.data / "blobs").rglob("*"))

    run, job = predict(server, project, import_model(server, project, tmp_path))
    server.kill()  # maybe before, maybe while, maybe after it worked
    server.start()
    assert server.wait_for_job(job)["state"] == "succeeded"
    assert not (server.data / "jobs" / job / "inputs").exists()
    found = server.http.get(f"/runs/{run}/images").raise_for_status().json()["items"]
    assert [len(item["detections"]) for item in found] == [2] * 6

    job = start_job(server, kind="export", project_id=project, format="coco")
    done = server.wait_for_job(job)
    assert done["state"] == "succeeded"
    name = done["result"]["files"]["export"]  # type: ignore[index]
    (tmp_path / "out.zip").write_bytes(server.http.get(f"/jobs/{job}/files/{name}").raise_for_status().content)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sum(entry.endswith((".jpg", ".png")) for entry in archive.namelist()) == 6


def test_a_bucket_that_goes_and_comes_back(server: LiveServer, bucket: Bucket, tmp_path: Path) -> None:
    project = new_project(server)
    model = import_model(server, project, tmp_path)
    acknowledged: dict[str, bytes] = {}
    answers: set[int] = set()
    enough = threading.Event()

    def send() -> None:
        number = 0
        while not enough.is_set():
            number += 1
            scene = make_scene(number)
            answer = server.http.post(f"/projects/{project}/images", params={"name": scene.name}, content=scene.data)
            answers.add(answer.status_code)
            if answer.status_code == 201:
                acknowledged[scene.name] = scene.data
            else:
                assert answer.json()["code"] == "blobs_gone"

    sender = threading.Thread(target=send)
    sender.start()
    try:
        _until(lambda: len(acknowledged) >= 4)
        bucket.door.shut()
        _until(lambda: 503 in answers)
        before = len(acknowledged)
        bucket.door.open()
        _until(lambda: len(acknowledged) >= before + 2)
    finally:
        enough.set()
        sender.join()
    assert answers == {201, 503}
    pictures = {picture["name"]: picture for picture in images_of(server, project)}
    assert set(pictures) == set(acknowledged)
    for name, data in acknowledged.items():
        assert bucket.read(bucket.key(pictures[name]["sha256"])) == data

    # A job that starts meanwhile waits.
    server.kill()
    _forget_cache(server.data)
    server.start()
    bucket.door.shut()
    run, job = predict(server, project, model)
    _until(lambda: server.http.get(f"/jobs/{job}").json()["state"] == "running")
    bucket.door.open()
    assert server.wait_for_job(job)["state"] == "succeeded"
    assert server.http.get(f"/runs/{run}").json()["done"] == len(acknowledged)


def _until(happened: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen within three minutes"
        time.sleep(0.02)


def _forget_cache(data: Path) -> None:
    for path in (data / "cache").rglob("*"):
        if path.is_file():
            path.unlink()


def test_the_start_says_in_one_line_what_is_wrong(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        bootstrap.build(Settings(data=tmp_path / "a", storage="s3://nowhere/x"))
    bootstrap.build(Settings(data=tmp_path / "a", storage=bucket.url)).close()
    with pytest.raises(Invalid, match="belongs to another"):
        bootstrap.build(Settings(data=tmp_path / "b", storage=bucket.url))


def test_files_are_not_lost_by_changing_the_setting(bucket: Bucket, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", storage=bucket.url)
    bootstrap.build(Settings(data=tmp_path / "data")).close()  # nothing is there yet: any place will do
    app = bootstrap.build(settings)
    caller = app.access.ensure_local_user()
    project = app.projects.create(caller, "p")
    (tmp_path / "a.jpg").write_bytes(make_scene(1).data)
    picture = app.images.add(project.id, "a.jpg", tmp_path / "a.jpg").image
    app.close()
    for elsewhere in ("", f"{bucket.url}/other", f"file://{tmp_path}/other"):
        with pytest.raises(Invalid) as caught:
            bootstrap.build(Settings(data=tmp_path / "data", storage=elsewhere))
        assert caught.value.code == "storage_other"
    app = bootstrap.build(settings)
    assert app.blobs.get_bytes(picture.sha256) == make_scene(1).data
    app.close()


def test_what_nothing_needs_is_swept_from_the_bucket(bucket: Bucket, tmp_path: Path) -> None:
    app = bootstrap.build(Settings(data=tmp_path / "data", storage=bucket.url))
    caller = app.access.ensure_local_user()
    project = app.projects.create(caller, "p")
    (tmp_path / "a.jpg").write_bytes(make_scene(1).data)
    picture = app.images.add(project.id, "a.jpg", tmp_path / "a.jpg").image
    version = app.versions.create(project.id, None, caller)
    orphan = app.blobs.put_bytes(b"nobody wants me")
    assert app.housekeeping.sweep() == 0
    assert app.housekeeping.sweep(timedelta(seconds=-5)) == 1
    assert not app.blobs.exists(orphan)
    assert app.blobs.exists(picture.sha256)
    assert len(list(app.blobs.all())) == 2
    assert version.images == 1
    app.close()
