"""The two journeys of the design, followed file by file."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from fastapi.testclient import TestClient

import boxwright
from apps import ADDRESS, Headers
from boxwright import bootstrap
from boxwright.api.app import create_app
from boxwright.domain.events import Event
from live import LiveServer
from scenes import coco_zip, make_scene

HOUSE = str(Path(boxwright.__file__).parent)


@contextmanager
def footprints() -> Iterator[list[str]]:
    """Record which files of the house are entered, in order, by every thread that starts meanwhile."""
    visited: list[str] = []

    def step(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(HOUSE):
            room = name[len(HOUSE) + 1 :]
            if not visited or visited[-1] != room:
                visited.append(room)

    threading.setprofile(step)
    sys.setprofile(step)
    try:
        yield visited
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def in_order(visited: list[str], *stations: str) -> None:
    position = 0
    for station in stations:
        assert station in visited[position:], f"{station} was not reached after {stations[: stations.index(station)]}"
        position += visited[position:].index(station)


def box_change(number: int, base: int, class_id: str, x1: float = 40) -> dict[str, object]:
    identifier = f"01900000-0000-7000-8000-{number:012d}"
    shape = {"type": "box", "x0": 1, "y0": 2, "x1": x1, "y1": 30}
    annotation = {"id": identifier, "class_id": class_id, "geometry": shape}
    return {
        "change_id": identifier,
        "base_revision": base,
        "changes": [{"op": "upsert", "annotation": annotation}],
    }


def test_a_box_from_the_mouse_to_the_database(
    application: bootstrap.Application, client: TestClient, admin: Headers
) -> None:
    client.headers.update(admin)
    made = client.post("/api/v1/projects", json={"name": "journey"})
    assert made.is_success, made.text
    project = made.json()["id"]
    scene = make_scene(3)
    added = client.post(f"/api/v1/projects/{project}/images", params={"name": scene.name}, content=scene.data)
    image = added.json()["image"]["id"]
    class_id = client.post(f"/api/v1/projects/{project}/classes", json={"names": ["disc"]}).json()[0]["id"]
    heard: list[Event] = []
    application.broker.subscribe(lambda numbered: heard.append(numbered.event))
    address = f"/api/v1/images/{image}/changes"

    # A client that is not entered starts threads of its own for each request, which `footprints` follows.
    follower = TestClient(create_app(application), base_url=ADDRESS, headers=admin)
    with footprints() as visited:
        saved = follower.post(address, json=box_change(1, 0, class_id))
    assert (saved.status_code, saved.json()["revision"]) == (200, 1)
    in_order(
        visited,
        "api/routes/annotations.py",
        "services/annotations.py",
        "storage/unit_of_work.py",
        "storage/repositories/annotations.py",
        "services/broker.py",
    )
    assert any(event.topic == "annotations" and event.id == image for event in heard)
    assert not any(room.startswith(("ml/", "jobs/", "formats/")) for room in visited)

    lost_reply = client.post(address, json=box_change(1, 0, class_id))
    assert lost_reply.json() == saved.json()
    late = client.post(address, json=box_change(2, 0, class_id, x1=50))
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert late.json()["current"]["revision"] == 1
    assert len(late.json()["current"]["annotations"]) == 1
    merged = client.post(address, json=box_change(2, 1, class_id, x1=50))
    assert merged.json()["revision"] == 2
    state = client.get(f"/api/v1/images/{image}/annotations").json()
    assert [item["geometry"]["x1"] for item in state["annotations"]] == [40, 50]
    assert client.get(f"/api/v1/images/{image}").json()["state"] == "labeled"
    log = client.get(f"/api/v1/images/{image}/history").json()["items"]
    assert [item["revision"] for item in log] == [2, 1]


def frames(
    server: LiveServer, seen: list[dict[str, object]], ready: threading.Event, until: Callable[[], bool]
) -> None:
    with server.http.stream("GET", "/events", timeout=120) as stream:
        for line in stream.iter_lines():
            ready.set()
            if line.startswith("data: ") and line != "data: {}":
                seen.append(json.loads(line[6:]))
            if until():
                return


@pytest.mark.slow
def test_a_training_from_the_click_to_a_model(server: LiveServer, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    http = server.http
    project = http.post("/projects", json={"name": "journey"}).json()["id"]
    data = coco_zip(tmp_path / "coco.zip").read_bytes()
    upload = http.post("/uploads", json={"name": "coco.zip", "size": len(data)}).json()["id"]
    http.patch(f"/uploads/{upload}", content=data, headers={"upload-offset": "0"}).raise_for_status()
    imported = http.post("/jobs", json={"kind": "import", "project_id": project, "upload_id": upload})
    assert imported.status_code == 202
    assert server.wait_for_job(imported.json()["id"])["state"] == "succeeded"

    seen: list[dict[str, object]] = []
    ready = threading.Event()

    def over() -> bool:
        return any(item["topic"] == "project" and item["id"] != project for item in seen)

    listener = threading.Thread(target=frames, args=(server, seen, ready, over))
    listener.start()
    assert ready.wait(60)
    hyper = {"epochs": 2, "image_size": 64, "batch": 4}
    answer = http.post("/jobs", json={"kind": "train", "project_id": project, "hyper": hyper})
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert job["state"] in {"queued", "running"}
    versions = http.get(f"/projects/{project}/versions").json()["items"]
    assert len(versions) == 1, "the dataset is frozen before the job runs"
    done = server.wait_for_job(job["id"])
    http.post("/projects", json={"name": "told of after everything else"}).raise_for_status()
    listener.join(60)
    assert not listener.is_alive()

    assert done["state"] == "succeeded", done
    models = http.get(f"/projects/{project}/models").json()["items"]
    assert len(models) == 1
    assert models[0]["version_id"] == versions[0]["id"]
    assert models[0]["job_id"] == job["id"]
    assert models[0]["test"]["images"] == 4
    assert models[0]["val"]["images"] == 4
    metrics = http.get(f"/jobs/{job['id']}/metrics").json()
    names = {item["name"] for item in metrics}
    assert {"train/loss", "val/loss", "val/map50", "lr"} <= names
    about_job = [item for item in seen if item["id"] == job["id"]]
    topics = {item["topic"] for item in about_job}
    assert {"job", "job.metric", "job.log"} <= topics
    assert any(item["topic"] == "model" for item in seen)
    predicted = http.post(f"/models/{models[0]['id']}/predict", content=make_scene(9).data).json()
    assert predicted["image"] == {"width": 128, "height": 96}
    assert http.get(f"/models/{models[0]['id']}/download").content[:2] == b"PK"
