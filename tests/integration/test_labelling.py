"""Auto-annotation with a real server, a real child and a real ONNX model: the loop in the shell, stops, kill -9."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from live import LiveServer
from scenes import coco_zip
from tiny_onnx import write_tiny_archive


def boxwright(server: LiveServer, *arguments: object) -> Any:
    """Type a command against a server and return the JSON value it prints."""
    command = [sys.executable, "-m", "boxwright", *map(str, arguments), "--server", server.address["url"], "--json"]
    environment = {**os.environ, "BOXWRIGHT_TOKEN": server.address["token"]}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def everything(server: LiveServer, path: str, **query: object) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        params = {"limit": 500, **query, **({"cursor": cursor} if cursor else {})}
        page = server.http.get(path, params=params).raise_for_status().json()
        yield from page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return


def furnish(server: LiveServer, folder: Path, count: int, *names: str) -> str:
    """A project `lab` with unlabelled pictures and a model that finds the same two boxes in each; returns its id."""
    boxwright(server, "project", "create", "lab")
    archive = coco_zip(folder / "pictures.zip", train=count, val=0, test=0)
    boxwright(server, "import", archive, "--project", "lab", "--rename-class", "disc=", "--rename-class", "square=")
    boxwright(server, "model", "import", write_tiny_archive(folder / "tiny.zip", *names), "--project", "lab")
    return str(boxwright(server, "project", "list")[0]["id"])


def test_the_loop_in_the_shell(server: LiveServer, tmp_path: Path) -> None:
    project = furnish(server, tmp_path, 6, "dot", "square")
    boxwright(server, "class", "add", "dot", "--project", "lab")
    run = boxwright(server, "label", "--project", "lab", "--model", "latest", "--threshold", "0.3", "--split", "train")
    assert (run["images"], run["proposals"], run["proposal_images"], run["failed"]) == (6, 6, 6, 0)
    (first, *_) = everything(server, f"/projects/{project}/images", state="proposals")
    assert (first["state"], first["annotations"], first["proposals"]) == ("unlabeled", 0, 1)
    found = server.http.get(f"/images/{first['id']}/annotations").raise_for_status().json()["annotations"]
    assert [(item["score"], item["state"], item["run_id"]) for item in found] == [(0.9, "proposal", run["job"])]
    assert boxwright(server, "version", "create", "--project", "lab")["annotations"] == 0
    done = boxwright(server, "proposals", "accept", "--project", "lab", "--min-score", "0.5", "--class", "dot")
    assert done == {"proposals": 6, "images": 6}
    assert boxwright(server, "version", "create", "--project", "lab")["annotations"] == 6

    more = boxwright(
        server, "label", "--project", "lab", "--model", "latest", "--create-classes", "--class-threshold", "square=0.3"
    )
    assert (more["proposals"], more["left_out"], more["classes_created"]) == (6, 6, 1)
    none = {"kept": 0, "trashed": 0, "kept_images": 0}
    assert boxwright(server, "label", "--undo", more["job"]) == {"removed": 6, "restored": 0, "images": 6, **none}
    assert list(everything(server, f"/projects/{project}/images", state="proposals")) == []
    one = boxwright(
        server, "label", first["name"], "--project", "lab", "--model", "latest", "--rename-class", "square=dot"
    )
    assert (one["images"], one["proposals"]) == (1, 1)
    assert boxwright(server, "proposals", "reject", "--project", "lab", "--run", one["job"])["proposals"] == 1

    boxwright(server, "project", "create", "sky")
    (folder := tmp_path / "sky").mkdir()
    (folder / "sky.jpg").write_bytes(server.http.get(f"/images/{first['id']}/file").content)
    boxwright(server, "image", "upload", folder, "--project", "sky")
    assert boxwright(server, "image", "empty", "sky.jpg", "--project", "sky") == {"count": 1}
    assert boxwright(server, "image", "list", "--project", "sky")[0]["state"] == "empty"
    assert boxwright(server, "image", "empty", "sky.jpg", "--project", "sky", "--undo") == {"count": 1}


def test_stopping_keeps_what_was_found(server: LiveServer, tmp_path: Path) -> None:
    project = furnish(server, tmp_path, 120)
    model = server.http.get(f"/projects/{project}/models").json()["items"][0]["id"]
    body = {"kind": "label", "project_id": project, "model_id": model, "create_classes": True}
    job = server.http.post("/jobs", json=body).raise_for_status().json()["id"]
    while not server.http.get(f"/jobs/{job}").json()["done"]:
        time.sleep(0.02)
    server.http.post(f"/jobs/{job}/cancel", json={"keep": True}).raise_for_status()
    done: Any = server.wait_for_job(job)
    assert done["state"] == "succeeded"
    looked = done["result"]["images"]
    assert 0 < looked <= 120
    assert len(list(everything(server, f"/projects/{project}/images", state="proposals"))) == looked


def test_labels_are_checked_in_the_shell(server: LiveServer, tmp_path: Path) -> None:
    project = furnish(server, tmp_path, 4, "dot", "square")
    boxwright(server, "label", "--project", "lab", "--model", "latest", "--threshold", "0.3", "--create-classes")
    boxwright(server, "proposals", "accept", "--project", "lab", "--class", "dot")
    boxwright(server, "proposals", "reject", "--project", "lab", "--class", "square")
    found = boxwright(server, "labelcheck", "run", "--project", "lab")
    assert (found["images"], found["accepted"], found["dismissed"]) == (4, 0, 0)
    assert [(item["kind"], item["count"]) for item in found["counts"]] == [("missing", 4)]
    first, second, *_ = boxwright(server, "labelcheck", "list", "--project", "lab", "--kind", "missing")
    boxwright(server, "labelcheck", "accept", first["id"])
    added = server.http.get(f"/images/{first['image']['id']}/annotations").raise_for_status().json()["annotations"]
    classes = {item["id"]: item["name"] for item in server.http.get(f"/projects/{project}/classes").json()}
    assert sorted(classes[item["class_id"]] for item in added) == ["dot", "square"]
    boxwright(server, "labelcheck", "dismiss", second["id"])
    again = boxwright(server, "labelcheck", "run", "--project", "lab", "--split", "train")
    assert (again["images"], sum(item["count"] for item in again["counts"])) == (4, 2)
    boxwright(server, "labelcheck", "reopen", second["id"])
    assert len(boxwright(server, "labelcheck", "list", "--project", "lab")) == 3


@pytest.mark.crash
def test_a_killed_server_lands_every_proposal_once(start_server: Callable[..., LiveServer], tmp_path: Path) -> None:
    server = start_server()
    project = furnish(server, tmp_path, 400)
    model = server.http.get(f"/projects/{project}/models").json()["items"][0]["id"]
    body = {"kind": "label", "project_id": project, "model_id": model, "create_classes": True}
    job = server.http.post("/jobs", json=body).raise_for_status().json()["id"]
    for share in (1, 150):  # as the first proposals land, and somewhere in the middle
        while server.http.get(f"/projects/{project}/counts").json()["to_review"] < share:
            if server.http.get(f"/jobs/{job}").json()["finished_at"]:
                break
            time.sleep(0.005)
        server.kill()
        server.start()
    done: Any = server.wait_for_job(job)
    assert done["state"] == "succeeded", done
    assert (done["result"]["proposals"], done["result"]["proposal_images"]) == (800, 400)
    images = list(everything(server, f"/projects/{project}/images"))
    assert {(item["proposals"], item["revision"]) for item in images} == {(2, 1)}
    undone = server.http.post(f"/jobs/{job}/undo").raise_for_status().json()
    none = {"kept": 0, "trashed": 0, "kept_images": 0}
    assert undone == {"removed": 800, "restored": 0, "images": 400, **none}
    assert server.http.get(f"/projects/{project}/counts").json()["proposals"] == 0
