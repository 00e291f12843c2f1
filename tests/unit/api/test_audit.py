"""Escalation is refused, and what is done is written down with who and from where."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from apps import Headers, person
from boxwright import bootstrap
from boxwright.domain.people import ROLES, Role
from scenes import make_scene


def deeds(client: TestClient, headers: Headers, project_id: str | None = None) -> list[dict[str, object]]:
    path = f"/api/v1/projects/{project_id}/audit" if project_id else "/api/v1/audit"
    found: list[dict[str, object]] = client.get(path, params={"limit": 500}, headers=headers).json()["items"]
    return found[::-1]


def test_what_is_done_in_a_project_is_written_down(
    client: TestClient, mine: dict[str, str], member: Headers, admin: Headers
) -> None:
    own = f"/api/v1/projects/{mine['project_id']}"
    before = len(deeds(client, member, mine["project_id"]))

    def do(method: str, path: str, body: object = None, **more: object) -> None:
        answer = client.request(method, path, json=body, headers=member, **more)  # type: ignore[arg-type]
        assert answer.is_success, (path, answer.text)

    second = make_scene(2).data
    uploaded = client.post(f"{own}/images?name=c.jpg&split=train", content=second, headers=member).json()["image"]["id"]
    do("POST", f"{own}/versions", {"name": "v2"})
    for action in ("trash", "restore", "trash", "delete"):
        do("POST", f"{own}/images/bulk", {"ids": [uploaded], "action": action})
    do("POST", "/api/v1/jobs", {"kind": "export", "format": "coco", "project_id": mine["project_id"]})
    do("DELETE", f"/api/v1/runs/{mine['run_id']}")
    do("PATCH", f"/api/v1/models/{mine['model_id']}", {"licence": "MIT"})
    do("DELETE", f"/api/v1/models/{mine['model_id']}")
    do("POST", f"{own}/members", {"name": "mine-friend", "role": "reviewer"})
    do("DELETE", f"{own}/members/{mine['user_id']}")
    do("DELETE", own, {"confirm": "mine"})
    do("POST", f"{own}/restore")
    entries = deeds(client, member, mine["project_id"])[before:]
    assert [entry["action"] for entry in entries] == [
        "version.create",
        "images.trash",
        "images.restore",
        "images.trash",
        "images.delete",
        "job.start",
        "run.delete",
        "model.correct",
        "model.delete",
        "member.set",
        "member.remove",
        "project.delete",
        "project.restore",
    ]
    assert {(entry["user_name"], entry["address"]) for entry in entries} == {("member", "127.0.0.1")}
    assert entries[4]["detail"] == {"action": "delete", "count": 1, "split": None, "names": ["c.jpg"]}
    every = deeds(client, admin)
    assert [entry["id"] for entry in every if entry in entries] == [entry["id"] for entry in entries]
    filtered = client.get("/api/v1/audit", params={"project_id": mine["project_id"]}, headers=admin).json()["items"]
    assert {entry["project_id"] for entry in filtered} == {mine["project_id"]}


def test_what_is_refused_is_not_written_down_as_done(
    client: TestClient, mine: dict[str, str], member: Headers, viewer: Headers
) -> None:
    own = f"/api/v1/projects/{mine['project_id']}"
    before = deeds(client, member, mine["project_id"])
    client.delete(own, headers=viewer)
    client.request("DELETE", own, json={"confirm": "wrong"}, headers=member)
    client.post(f"{own}/images/bulk", json={"ids": [mine["image_id"]], "action": "delete"}, headers=member)
    assert deeds(client, member, mine["project_id"]) == before


@pytest.mark.parametrize("role", ROLES)
def test_nobody_gives_himself_more(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str], role: Role
) -> None:
    headers = person(application, "climber", mine["project_id"], role)
    me = client.get("/api/v1/session", headers=headers).json()["id"]
    own = f"/api/v1/projects/{mine['project_id']}/members"
    for body in ({"admin": True}, {"password": "a new password"}, {"name": "x"}, {"disabled": False}):
        assert client.patch(f"/api/v1/users/{me}", json=body, headers=headers).status_code == 403
    assert client.post("/api/v1/users", json={"name": "x", "password": "x" * 10}, headers=headers).status_code == 403
    if role != "manager":
        assert client.put(f"{own}/{me}", json={"role": "manager"}, headers=headers).status_code == 403
        assert client.post(own, json={"name": "climber", "role": "manager"}, headers=headers).status_code == 403
        assert client.delete(f"{own}/{me}", headers=headers).status_code == 403
    # Fields that nobody offered are no way in either.
    sneaky = {"name": "sneaky", "admin": True, "user_id": mine["user_id"], "role": "manager"}
    made = client.post("/api/v1/tokens", json=sneaky, headers=headers).json()
    own_token = {"authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/session", headers=own_token).json()["admin"] is False
    assert client.get(f"{own[: -len('/members')]}/role", headers=own_token).json() == {"role": role}


def test_a_role_is_one(client: TestClient, mine: dict[str, str], member: Headers) -> None:
    own = f"/api/v1/projects/{mine['project_id']}/members"
    for role in ("admin", "owner", "", None, 4):
        assert client.put(f"{own}/{mine['user_id']}", json={"role": role}, headers=member).status_code == 422


def test_the_data_folder_is_shown_to_administrators_only(client: TestClient, admin: Headers, stranger: Headers) -> None:
    assert client.get("/api/v1/system", headers=admin).json()["data"]
    assert client.get("/api/v1/system", headers=stranger).json()["data"] == ""


def test_files_of_one_person_are_not_shown_to_the_next(
    client: TestClient, mine: dict[str, str], member: Headers
) -> None:
    answer = client.get(f"/api/v1/images/{mine['image_id']}/view", headers=member)
    assert answer.headers["vary"].lower() == "cookie"
    assert answer.headers["cache-control"].startswith("private")
