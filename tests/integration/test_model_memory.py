"""A model from elsewhere that passes the check and then wants gigabytes: refused in one line, everywhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

import foreign_onnx
from encoders import KINDS, Truth
from live import LiveServer

SIDE = 128
TRUTH = Truth(
    side=SIDE,
    boxes=np.array([[10, 20, 50, 60]], np.float32),
    labels=np.array([0]),
    scores=np.array([0.9], np.float32),
    classes=2,
)
SAID = "needs more than the 512 MB of memory that a model from elsewhere may use"


def picture(grey: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((SIDE, SIDE, 3), grey, np.uint8)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def server(start_server: Callable[..., LiveServer]) -> LiveServer:
    return start_server(BOXWRIGHT_MODEL_MEMORY_MB="512")


def uploaded(server: LiveServer, project: str, path: Path) -> dict[str, Any]:
    size = path.stat().st_size
    upload = server.http.post("/uploads", json={"name": path.name, "size": size}).raise_for_status().json()["id"]
    server.http.patch(
        f"/uploads/{upload}", content=path.read_bytes(), headers={"upload-offset": "0"}
    ).raise_for_status()
    model: dict[str, Any] = server.http.post(f"/projects/{project}/models", json={"upload_id": upload}).json()
    return model


def furnish(server: LiveServer, path: Path, grey: int) -> tuple[str, str, str]:
    """A project with one picture that was looked at and a model; returns the ids of all three."""
    post = server.http.post
    project = post("/projects", json={"name": f"grey {grey}"}).raise_for_status().json()["id"]
    image = (
        post(f"/projects/{project}/images?name=a.png&split=test", content=picture(grey))
        .raise_for_status()
        .json()["image"]["id"]
    )
    post(f"/projects/{project}/classes", json={"names": ["class 0"]}).raise_for_status()
    server.http.patch(f"/images/{image}", json={"state": "empty"}).raise_for_status()
    return project, image, uploaded(server, project, path)["id"]


def test_no_job_and_no_answer_takes_more_than_the_limit(server: LiveServer, tmp_path: Path) -> None:
    path = foreign_onnx.glutton(tmp_path / "glutton.onnx", KINDS["yolox"][1](TRUTH), SIDE)
    project, image, model = furnish(server, path, 255)

    def ask(grey: int) -> httpx.Response:
        return server.http.post(f"/models/{model}/predict", content=picture(grey))

    assert len(ask(60).json()["detections"]) == 1
    refused = ask(255)
    assert (refused.status_code, refused.json()["code"]) == (422, "model_memory")
    assert SAID in refused.json()["title"]
    # The server is none the worse for it.
    assert len(ask(60).json()["detections"]) == 1

    body = {"model_id": model, "name": "r", "source": "project"}
    run = server.http.post(f"/projects/{project}/runs", json=body).raise_for_status().json()["id"]
    for request in (
        {"kind": "predict", "run_id": run},
        {"kind": "label", "model_id": model, "image_ids": [image]},
        {"kind": "evaluate", "model_id": model, "split": "test"},
    ):
        answer = server.http.post("/jobs", json={"project_id": project, **request})
        job = server.wait_for_job(answer.raise_for_status().json()["id"])
        assert (job["state"], job["error_code"]) == ("failed", "model_memory"), job
        assert SAID in str(job["error"])
        assert "\n" not in str(job["error"])


def test_within_the_limit_all_is_well(server: LiveServer, tmp_path: Path) -> None:
    path = foreign_onnx.glutton(tmp_path / "modest.onnx", KINDS["yolox"][1](TRUTH), SIDE, gigabytes=0.25)
    project, image, model = furnish(server, path, 255)
    assert len(server.http.post(f"/models/{model}/predict", content=picture(255)).json()["detections"]) == 1
    body = {"project_id": project, "kind": "label", "model_id": model, "image_ids": [image]}
    job = server.http.post("/jobs", json=body).raise_for_status().json()
    assert server.wait_for_job(job["id"])["state"] == "succeeded"


def test_one_that_is_too_large_from_the_start_is_refused(server: LiveServer, tmp_path: Path) -> None:
    project = server.http.post("/projects", json={"name": "p"}).json()["id"]
    answer = uploaded(
        server, project, foreign_onnx.glutton(tmp_path / "x.onnx", KINDS["yolox"][1](TRUTH), SIDE, above=0)
    )
    assert answer["code"] == "model_memory"
    assert "more than the 512 MB" in answer["title"]
