"""Ids of another project, wherever a request can hold one."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from apps import Headers
from boxwright.domain.ids import new_id
from walk import LEAST, callable_operations


def test_paths_with_ids_of_another_project_are_not_found(
    client: TestClient, theirs: dict[str, str], mine: dict[str, str], member: Headers
) -> None:
    """`member` manages the project `mine` and has no part in `theirs`."""
    tried = 0
    for one in callable_operations(client):
        if "{" in one.path:
            assert one.call(client, theirs, member).status_code == (403 if LEAST[one.name] == "admin" else 404), one
            tried += 1
    assert tried > 40
    assert client.get(f"/api/v1/projects/{mine['project_id']}", headers=member).status_code == 200


@pytest.mark.parametrize(
    "request_body",
    [
        {"kind": "train"},
        {"kind": "train", "version_id": "version_id"},
        {"kind": "train", "weights": "model_id"},
        {"kind": "evaluate", "model_id": "model_id"},
        {"kind": "predict", "run_id": "run_id"},
        {"kind": "label", "model_id": "model_id"},
        {"kind": "import", "upload_id": "upload_id"},
        {"kind": "export", "format": "coco", "version_id": "version_id"},
        {"kind": "sample"},
    ],
)
def test_jobs(
    client: TestClient,
    theirs: dict[str, str],
    mine: dict[str, str],
    member: Headers,
    request_body: dict[str, str],
) -> None:
    body = {key: theirs.get(value, value) for key, value in request_body.items()}
    there = client.post("/api/v1/jobs", json={**body, "project_id": theirs["project_id"]}, headers=member)
    assert there.status_code == 404, there.text
    if any(key.endswith("_id") or key == "weights" for key in request_body):
        here = client.post("/api/v1/jobs", json={**body, "project_id": mine["project_id"]}, headers=member)
        assert here.status_code == 404, here.text


def test_nested_and_bulk_bodies_and_filters(
    client: TestClient, theirs: dict[str, str], mine: dict[str, str], member: Headers
) -> None:
    own = f"/api/v1/projects/{mine['project_id']}"
    for action in ("trash", "move", "restore", "delete", "empty", "unlabeled"):
        bulk = {"ids": [mine["image_id"], theirs["image_id"]], "action": action, "split": "val"}
        assert client.post(f"{own}/images/bulk", json=bulk, headers=member).status_code == 404
    kept = client.get(f"/api/v1/images/{mine['image_id']}", headers=member).json()
    assert (kept["deleted_at"], kept["split"]) == (None, "train")
    for field, foreign in (
        ("class_id", theirs["class_id"]),
        ("run_id", theirs["job_id"]),
        ("image_ids", [theirs["image_id"]]),
    ):
        review = client.post(f"{own}/proposals/review", json={"action": "accept", field: foreign}, headers=member)
        assert review.status_code == 404, field
    label = {"kind": "label", "project_id": mine["project_id"], "model_id": mine["model_id"]}
    named = label | {"image_ids": [mine["image_id"], theirs["image_id"]]}
    assert client.post("/api/v1/jobs", json=named, headers=member).status_code == 404
    cover = client.patch(own, json={"cover_image_id": theirs["image_id"]}, headers=member)
    assert cover.status_code == 404
    run = client.post(f"{own}/runs", json={"model_id": theirs["model_id"]}, headers=member)
    assert run.status_code == 404
    model = client.post(f"{own}/models", json={"upload_id": theirs["upload_id"]}, headers=member)
    assert model.status_code == 404
    losses = client.get(f"{own}/export-losses?format=coco&version_id={theirs['version_id']}", headers=member)
    assert losses.status_code == 404
    filtered = client.get(f"{own}/images?class_id={theirs['class_id']}", headers=member)
    assert filtered.json()["items"] == []
    for narrowed in (
        {"class_id": theirs["class_id"]},
        {"image_ids": [theirs["image_id"]]},
        {"run_id": theirs["job_id"]},
    ):
        review = client.post(f"{own}/proposals/review", json={"action": "accept", **narrowed}, headers=member)
        assert review.status_code == 404 or review.json() == {"proposals": 0, "images": 0}, review.text
    assert client.get(f"/api/v1/audit?project_id={theirs['project_id']}", headers=member).status_code == 403


def test_change_sets(
    client: TestClient, admin: Headers, theirs: dict[str, str], mine: dict[str, str], member: Headers
) -> None:
    def changes(image: str, headers: Headers, *, class_id: str, **more: object) -> int:
        box = {"type": "box", "x0": 1, "y0": 1, "x1": 9, "y1": 9}
        one = {"id": more.pop("id", new_id()), "class_id": class_id, "geometry": box, **more}
        body = {"change_id": new_id(), "base_revision": 0, "changes": [{"op": "upsert", "annotation": one}]}
        answer = client.post(f"/api/v1/images/{image}/changes", json=body, headers=headers)
        return int(answer.status_code)

    assert changes(mine["image_id"], member, class_id=theirs["class_id"]) in {404, 422}
    hidden = new_id()
    assert changes(theirs["image_id"], admin, class_id=theirs["class_id"], id=hidden) == 200
    # An annotation of theirs is not moved over, and not deleted from here.
    assert changes(mine["image_id"], member, class_id=mine["class_id"], id=hidden) in {404, 409, 422}
    gone = {"change_id": new_id(), "base_revision": 0, "changes": [{"op": "delete", "id": hidden}]}
    client.post(f"/api/v1/images/{mine['image_id']}/changes", json=gone, headers=member)
    kept = client.get(f"/api/v1/images/{theirs['image_id']}/annotations", headers=admin).json()["annotations"]
    assert [item["id"] for item in kept] == [hidden]
    set_id = client.get(f"/api/v1/images/{theirs['image_id']}/annotations", headers=admin).json()["set_id"]
    other_set = client.get(f"/api/v1/images/{mine['image_id']}/annotations?set_id={set_id}", headers=member)
    assert other_set.status_code == 404


def test_uploads_sessions_and_tokens_are_their_owners(
    client: TestClient, admin: Headers, mine: dict[str, str], member: Headers, stranger: Headers
) -> None:
    token = client.post("/api/v1/tokens", json={"name": "x"}, headers=member).json()["id"]
    for headers in (stranger, admin):
        assert client.delete(f"/api/v1/tokens/{token}", headers=headers).status_code == 404
        assert client.delete(f"/api/v1/tokens/{mine['project_id']}", headers=headers).status_code == 404
    assert client.delete(f"/api/v1/tokens/{token}", headers=member).status_code == 204
    upload = client.post("/api/v1/uploads", json={"name": "a.zip", "size": 3}, headers=member).json()["id"]
    for headers in (stranger, admin):
        assert client.get(f"/api/v1/uploads/{upload}", headers=headers).status_code == 404
