"""kill -9 at bad moments: nothing acknowledged is lost, nothing is half there, and jobs go on."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from campaigns import THOROUGH
from clips import clip, square_at
from live import LiveServer
from scenes import coco_zip, make_scene
from tiny_onnx import tiny_card

pytestmark = pytest.mark.crash


def new_project(server: LiveServer, name: str = "crash") -> str:
    return str(server.http.post("/projects", json={"name": name}).raise_for_status().json()["id"])


def restart(server: LiveServer) -> None:
    server.kill()
    server.start()


def all_images(server: LiveServer, project: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    cursor = None
    while True:
        query = {"limit": 500, **({"cursor": cursor} if cursor else {})}
        page = server.http.get(f"/projects/{project}/images", params=query).raise_for_status().json()
        found += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


def send_archive(server: LiveServer, path: Path) -> str:
    data = path.read_bytes()
    upload = server.http.post("/uploads", json={"name": path.name, "size": len(data)}).raise_for_status().json()
    headers = {"upload-offset": "0"}
    server.http.patch(f"/uploads/{upload['id']}", content=data, headers=headers).raise_for_status()
    return str(upload["id"])


def test_uploads_that_were_acknowledged_survive_and_no_other_is_half_there(server: LiveServer) -> None:
    project = new_project(server)
    acknowledged: dict[str, bytes] = {}

    def send(first: int) -> None:
        for number in range(first, 10_000, 2):
            scene = make_scene(number)
            try:
                answer = server.http.post(
                    f"/projects/{project}/images", params={"name": scene.name}, content=scene.data
                )
            except httpx.TransportError:
                return
            if answer.status_code == 201:
                acknowledged[scene.name] = scene.data

    threads = [threading.Thread(target=send, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 25:
        time.sleep(0.01)
    server.kill()
    for thread in threads:
        thread.join()
    server.start()
    images = {str(image["name"]): image for image in all_images(server, project)}
    assert set(acknowledged) <= set(images)
    assert len(images) <= len(acknowledged) + 2, "more pictures than were sent"
    for name, image in images.items():
        stored = server.http.get(f"/images/{image['id']}/file").raise_for_status().content
        assert stored == acknowledged.get(name, stored)
        assert server.http.get(f"/images/{image['id']}/thumbnail").is_success
    assert not list((server.data / "cache" / "incoming").glob("body-*"))


def test_saves_that_were_acknowledged_survive(server: LiveServer) -> None:
    project = new_project(server)
    scene = make_scene(1)
    added = server.http.post(f"/projects/{project}/images", params={"name": scene.name}, content=scene.data)
    image = added.raise_for_status().json()["image"]["id"]
    classes = server.http.post(f"/projects/{project}/classes", json={"names": ["disc"]}).raise_for_status().json()
    saved: list[int] = []

    def draw() -> None:
        while True:
            number = len(saved)
            shape = {"type": "box", "x0": number % 60, "y0": 1, "x1": number % 60 + 20, "y1": 30}
            identifier = f"01900000-0000-7000-8000-{number:012d}"
            upsert = {
                "op": "upsert",
                "annotation": {"id": identifier, "class_id": classes[0]["id"], "geometry": shape},
            }
            body = {"change_id": identifier, "base_revision": number, "changes": [upsert]}
            try:
                answer = server.http.post(f"/images/{image}/changes", json=body)
            except httpx.TransportError:
                return
            if not answer.is_success:
                return
            saved.append(answer.json()["revision"])

    thread = threading.Thread(target=draw)
    thread.start()
    while len(saved) < 40:
        time.sleep(0.01)
    server.kill()
    thread.join()
    server.start()
    state = server.http.get(f"/images/{image}/annotations").raise_for_status().json()
    assert state["revision"] in {len(saved), len(saved) + 1}
    assert len(state["annotations"]) == state["revision"]
    history = server.http.get(f"/images/{image}/history", params={"limit": 500}).raise_for_status().json()
    assert len(history["items"]) == state["revision"]


def test_a_resumable_upload_goes_on_where_it_was(server: LiveServer) -> None:
    data = bytes(range(256)) * 4096
    upload = server.http.post("/uploads", json={"name": "a.zip", "size": len(data)}).raise_for_status().json()
    half = len(data) // 2
    address = f"/uploads/{upload['id']}"
    server.http.patch(address, content=data[:half], headers={"upload-offset": "0"}).raise_for_status()
    restart(server)
    assert server.http.get(address).raise_for_status().json()["received"] == half
    wrong = server.http.patch(address, content=data[:10], headers={"upload-offset": "0"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "offset_mismatch")
    done = server.http.patch(address, content=data[half:], headers={"upload-offset": str(half)}).raise_for_status()
    assert done.json()["received"] == len(data)


def test_an_import_lands_whole_or_not_at_all_and_goes_on(server: LiveServer, tmp_path: Path) -> None:
    project = new_project(server)
    upload = send_archive(server, coco_zip(tmp_path / "coco.zip", train=150, val=20, test=20))
    body = {"kind": "import", "project_id": project, "upload_id": upload}
    job = server.http.post("/jobs", json=body).raise_for_status().json()["id"]
    for pause in (0.4, 0.9, 1.5) if THOROUGH else (0.9,):
        time.sleep(pause)
        restart(server)
        assert len(all_images(server, project)) in {0, 190}
    done = server.wait_for_job(job)
    assert done["state"] == "succeeded", done
    assert len(all_images(server, project)) == 190
    counts = server.http.get(f"/projects/{project}/counts").raise_for_status().json()
    assert {item["split"]: item["images"] for item in counts["splits"]} == {
        "train": 150,
        "val": 20,
        "test": 20,
        "none": 0,
    }


def test_a_training_goes_on_after_the_server_and_its_child_were_killed(
    start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    archive = coco_zip(tmp_path / "coco.zip")
    hyper = {"epochs": 4, "image_size": 64, "batch": 4, "min_steps": 6, "seed": 3}
    results = []
    for kills in (0, 2 if THOROUGH else 1):
        server = start_server(tmp_path / f"data{kills}")
        project = new_project(server)
        job = server.http.post(
            "/jobs", json={"kind": "import", "project_id": project, "upload_id": send_archive(server, archive)}
        )
        assert server.wait_for_job(job.raise_for_status().json()["id"])["state"] == "succeeded"
        request = {"kind": "train", "project_id": project, "hyper": hyper}
        train = str(server.http.post("/jobs", json=request).raise_for_status().json()["id"])
        for _ in range(kills):
            wait_for_epoch(server, train, seconds=240)
            restart(server)
        done = server.wait_for_job(train)
        assert done["state"] == "succeeded", done
        losses = {
            item["step"]: item["value"]
            for item in server.http.get(f"/jobs/{train}/metrics").raise_for_status().json()
            if item["name"] == "train/loss"
        }
        models = server.http.get(f"/projects/{project}/models").raise_for_status().json()["items"]
        assert len(models) == 1
        quality = models[0]["test"]
        for row in quality["per_class"]:
            del row["class_id"]  # each project makes its own
        results.append((losses, quality))
        server.stop()
    assert results[0] == results[1], "the broken training ended differently from the unbroken one"


def test_variants_go_on_after_the_server_and_its_child_were_killed(
    start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    small_net = pytest.importorskip("small_net", reason="a network to convert needs boxwright[train]")
    onnx, _ = small_net.write_small_net(tmp_path, replace(tiny_card(), score_threshold=0.001))
    archive = coco_zip(tmp_path / "coco.zip", train=40, val=4, test=60)
    results = []
    for broken in (False, True):
        server = start_server(tmp_path / f"data{broken}")
        project = new_project(server)
        body = {"kind": "import", "project_id": project, "upload_id": send_archive(server, archive)}
        assert server.wait_for_job(start_job(server, body))["state"] == "succeeded"
        given = {"upload_id": send_archive(server, onnx)}
        model = server.http.post(f"/projects/{project}/models", json=given).raise_for_status().json()["id"]
        job = start_job(server, {"kind": "variants", "project_id": project, "model_id": model})
        if broken:
            break_off(server, server.data / "jobs" / job / "work")
        done = server.wait_for_job(job)
        assert done["state"] == "succeeded", done
        table = server.http.get(f"/models/{model}/variants").raise_for_status().json()
        results.append([(*measured(row), file_of(server, model, row["precision"])) for row in table["rows"]])
        assert not list((server.data / "jobs" / job).glob("work/*"))
        server.stop()
    assert [row[0] for row in results[0]] == ["fp32", "fp16", "int8"]
    assert results[0] == results[1], "the broken job ended differently from the unbroken one"


def test_a_video_is_decoded_again_after_the_server_and_its_child_were_killed(
    server: LiveServer, tmp_path: Path
) -> None:
    project = new_project(server)
    upload = send_archive(server, clip(tmp_path / "long.avi", 240, size=(960, 720)))
    answer = server.http.post(f"/projects/{project}/videos", json={"upload_id": upload}).raise_for_status().json()
    video, job = answer["video"]["id"], answer["job"]["id"]
    pack = server.data / "jobs" / job / "work" / "frames.pack"
    wait_until(lambda: pack.exists() and pack.stat().st_size > 100_000)
    kill_all(server)
    server.start()
    found = server.http.get(f"/videos/{video}").raise_for_status().json()
    assert found["state"] == "decoding" or found["frames"] == 240
    assert server.wait_for_job(job)["state"] == "succeeded"
    found = server.http.get(f"/videos/{video}").raise_for_status().json()
    assert (found["state"], found["frames"], found["problem"]) == ("ready", 240, None)
    last = server.http.get(f"/videos/{video}/frames/{239}").raise_for_status().content
    pixels = cv2.imdecode(np.frombuffer(last, np.uint8), 1)
    assert pixels.shape == (720, 960, 3)
    assert square_at(pixels) == pytest.approx(10 + 2 * (239), abs=2)
    assert not pack.exists()
    assert server.http.get(f"/uploads/{upload}").status_code == 404


def start_job(server: LiveServer, body: dict[str, str]) -> str:
    return str(server.http.post("/jobs", json=body).raise_for_status().json()["id"])


def break_off(server: LiveServer, work: Path) -> None:
    """Kill server and child while fp16 is scored, and again while int8 is made; what was made before stays."""
    wait_until((work / "fp16.onnx").exists)
    kill_all(server)
    assert not (work / "int8.onnx").exists()
    made = (work / "fp16.onnx").stat().st_mtime_ns
    left = set(work.glob("precision-*"))
    server.start()
    wait_until(lambda: (work / "fp16.json").exists() and bool(set(work.glob("precision-*")) - left))
    kill_all(server)
    assert not (work / "int8.onnx").exists()
    assert (work / "fp16.onnx").stat().st_mtime_ns == made
    server.start()


def kill_all(server: LiveServer) -> None:
    """kill -9 for the children first: they would see the server go."""
    assert server.process is not None
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if f"PPid:\t{server.process.pid}\n" in status.read_text():
                os.kill(int(status.parent.name), signal.SIGKILL)
    server.kill()


def wait_until(there: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until, "it did not come so far"
        time.sleep(0.005)


def measured(row: dict[str, Any]) -> tuple[object, ...]:
    """Precision, size and quality of a variant, without the time and the ids that differ from run to run."""
    assert row["milliseconds"] > 0
    quality = {**row["metrics"], "per_class": [{**item, "class_id": ""} for item in row["metrics"]["per_class"]]}
    return row["precision"], row["bytes"], row["error"], quality


def file_of(server: LiveServer, model: str, precision: str) -> bytes:
    answer = server.http.get(f"/models/{model}/download", params={"precision": precision}).raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return archive.read("model.onnx")


def wait_for_epoch(server: LiveServer, job: str, seconds: float) -> None:
    """Wait until one more epoch than now is reported, or the job has ended."""
    seen = None
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        metrics = server.http.get(f"/jobs/{job}/metrics").raise_for_status().json()
        epochs = sum(item["name"] == "train/loss" for item in metrics)
        seen = epochs if seen is None else seen
        if epochs > seen or server.http.get(f"/jobs/{job}").json()["finished_at"]:
            return
        time.sleep(0.05)
    raise AssertionError("no epoch ended")


def test_copying_in_goes_on_after_the_server_was_killed(
    start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    away = tmp_path / "elsewhere"
    with zipfile.ZipFile(coco_zip(tmp_path / "coco.zip", train=170, val=0, test=0)) as packed:
        packed.extractall(away)
    server = start_server(tmp_path / "data")
    project = new_project(server)
    body = {"kind": "import", "project_id": project, "source": f"file://{away}", "by_reference": True}
    assert server.wait_for_job(start_job(server, body))["state"] == "succeeded"
    job = start_job(server, {"kind": "copy_in", "project_id": project})
    for least in (1, 51) if THOROUGH else (51,):
        end = time.monotonic() + 120
        while server.http.get(f"/jobs/{job}").raise_for_status().json()["done"] < least:
            assert time.monotonic() < end
            time.sleep(0.002)
        restart(server)
    done = server.wait_for_job(job)
    assert (done["state"], done["result"]["failed"]) == ("succeeded", 0), done
    assert server.http.get(f"/projects/{project}/originals").json()["images"] == 0
    away.rename(tmp_path / "gone")
    for image in all_images(server, project):
        server.http.get(f"/images/{image['id']}/file").raise_for_status()
