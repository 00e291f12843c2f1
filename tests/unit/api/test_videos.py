"""Videos over HTTP: upload, frames that never change, tracks with their conflicts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from apps import Headers, person
from boxwright.bootstrap import Application
from boxwright.domain.ids import new_id
from clips import SIZE, clip
from filming import add_video, key, track
from working import do, uploaded

API = "/api/v1"


@pytest.fixture
def project_id(application: Application) -> str:
    return application.projects.create(application.access.ensure_local_user(), "street").id


def test_from_the_upload_to_frames(
    application: Application, client: TestClient, admin: Headers, project_id: str, tmp_path: Path
) -> None:
    caller = application.access.ensure_local_user()
    upload = uploaded(application, caller, clip(tmp_path / "a.webm", 5))
    body = {"upload_id": upload, "name": "street.webm"}
    answer = client.post(f"{API}/projects/{project_id}/videos", json=body, headers=admin)
    assert answer.status_code == 202
    video, job = answer.json()["video"], answer.json()["job"]
    assert (video["state"], video["job_id"], job["kind"]) == ("decoding", job["id"], "video")
    assert client.get(f"{API}/videos/{video['id']}/times", headers=admin).status_code == 404
    do(application, application.jobs.get(job["id"]))
    listed = client.get(f"{API}/projects/{project_id}/videos", headers=admin).json()["items"]
    assert [(item["id"], item["state"], item["frames"]) for item in listed] == [(video["id"], "ready", 5)]
    assert len(client.get(f"{API}/videos/{video['id']}/times", headers=admin).json()["times"]) == 5
    frame = client.get(f"{API}/videos/{video['id']}/frames/4", headers=admin)
    assert (frame.status_code, frame.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in frame.headers["cache-control"]
    assert cv2.imdecode(np.frombuffer(frame.content, np.uint8), 1).shape == (SIZE[1], SIZE[0], 3)
    known = {**admin, "if-none-match": frame.headers["etag"]}
    assert client.get(f"{API}/videos/{video['id']}/frames/4", headers=known).status_code == 304
    small = client.get(f"{API}/videos/{video['id']}/frames/4", params={"width": 80}, headers=known)
    assert (small.status_code, len(small.content) < len(frame.content)) == (200, True)
    for path, status in (("frames/5", 404), ("frames/-1", 422), ("frames/x", 422), ("frames/0?width=9", 422)):
        assert client.get(f"{API}/videos/{video['id']}/{path}", headers=admin).status_code == status, path


def test_tracks_over_http(application: Application, client: TestClient, admin: Headers, project_id: str) -> None:
    video = add_video(application, project_id)
    label = application.classes.add(project_id, ["car"])[0].id
    one = asdict(track(label, key(0), key(9, 40, occluded=True, attributes={"a": 1.5})))
    body = {"change_id": new_id(), "base_revision": 0, "changes": [{"op": "upsert", "track": one}]}
    address = f"{API}/videos/{video}/changes"
    assert client.post(address, json=body, headers=admin).json() == {"video_id": video, "revision": 1}
    assert client.post(address, json=body, headers=admin).json()["revision"] == 1
    found = client.get(f"{API}/videos/{video}/tracks", headers=admin).json()
    assert (
        found["tracks"][0]["keyframes"]
        == client.get(f"{API}/videos/{video}/revisions/1", headers=admin).json()["tracks"][0]["keyframes"]
    )
    assert [(item["frame"], item["geometry"]["x0"]) for item in found["tracks"][0]["keyframes"]] == [(0, 10), (9, 40)]
    conflict = client.post(address, json={**body, "change_id": new_id()}, headers=admin)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "revision_conflict")
    assert conflict.json()["current"]["revision"] == 1
    other = client.post(address, params={"author_id": new_id()}, json=body, headers=admin)
    assert (other.status_code, other.json()["code"]) == (403, "other_person")
    wrong = {**one, "keyframes": [one["keyframes"][1], one["keyframes"][0]]}
    body = {"change_id": new_id(), "base_revision": 1, "changes": [{"op": "upsert", "track": wrong}]}
    assert client.post(address, json=body, headers=admin).json()["code"] == "keyframes_invalid"
    gone = {"change_id": new_id(), "base_revision": 1, "changes": [{"op": "delete", "id": one["id"]}]}
    assert client.post(address, json=gone, headers=admin).json()["revision"] == 2
    history = client.get(f"{API}/videos/{video}/history", headers=admin).json()["items"]
    assert [item["revision"] for item in history] == [2, 1]


def test_an_annotator_changes_tracks_and_no_more(application: Application, client: TestClient, project_id: str) -> None:
    video = add_video(application, project_id)
    annotator = person(application, "annotator", project_id, "annotator")
    body = {"change_id": new_id(), "base_revision": 0, "changes": []}
    assert client.post(f"{API}/videos/{video}/changes", json=body, headers=annotator).status_code == 200
    assert client.patch(f"{API}/videos/{video}", json={"name": "x"}, headers=annotator).status_code == 403
    assert client.delete(f"{API}/videos/{video}", headers=annotator).status_code == 403
