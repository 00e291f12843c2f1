"""Every operation, tried as nobody, as a stranger, in each role, as an administrator."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from apps import Headers, person
from boxwright import bootstrap
from boxwright.domain.ids import new_id
from boxwright.domain.people import ROLES, Role, at_least
from boxwright.services.queue import new_job
from walk import LEAST, NEEDED_BY_KIND, callable_operations, operations

HIDDEN = {403, 404}
# Uploads of others, the run's little model and the missing file of a job are no matter of roles.
_OTHERS = ("getJobFile", "predictOne", "importModel", "inspectUpload", "addStartingWeights", "addVideo", "importTracks")
REFUSED = {401, 403, 404}
# Who may do what is decided above the database: one is enough where each role tries everything.
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_every_operation_says_what_it_needs(client: TestClient) -> None:
    names = [one.name for one in operations(client)]
    assert sorted(names) == sorted(LEAST), "tests/walk.py: LEAST has a line for each operation"
    assert all(one.path.startswith("/api/v1/") for one in operations(client))


@once
def test_nobody_gets_in_anywhere(client: TestClient, theirs: dict[str, str]) -> None:
    for one in operations(client):
        if LEAST[one.name] == "open":
            continue
        for headers in ({}, {"authorization": "Bearer bxw_wrong"}, {"cookie": "boxwright_session=wrong"}):
            assert one.call(client, theirs, headers).status_code == 401, (one, headers)


def test_an_address_never_carries_a_token(client: TestClient, admin: Headers) -> None:
    token = admin["authorization"].removeprefix("Bearer ")
    for name in ("token", "access_token", "api_key", "boxwright_session"):
        assert client.get("/api/v1/session", params={name: token}).status_code == 401


def test_a_stranger_finds_nothing_of_other_projects(
    client: TestClient, theirs: dict[str, str], stranger: Headers
) -> None:
    for one in callable_operations(client):
        status = one.call(client, theirs, stranger).status_code
        match LEAST[one.name]:
            case "open":
                continue
            case "signed_in":
                assert status not in REFUSED - {403} or one.name == "changePassword", (one, status)
            case "admin":
                assert status == 403, one
            case _:
                assert status == 404, one
    mine_only = client.get("/api/v1/projects", headers=stranger).json()["items"]
    assert theirs["project_id"] not in {item["id"] for item in mine_only}


@once
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str], role: Role
) -> None:
    headers = person(application, f"the-{role}", mine["project_id"], role)
    person(application, "stranger")
    for one in callable_operations(client):
        least = LEAST[one.name]
        if least not in ROLES:
            continue
        status = one.call(client, mine, headers).status_code
        if at_least(role, least):
            allowed = one.name in _OTHERS
            assert status not in REFUSED or (allowed and status == 404), (one, status)
        else:
            assert status == 403, (one, status)


def test_an_administrator_may_do_everything(client: TestClient, mine: dict[str, str], admin: Headers) -> None:
    for one in callable_operations(client):
        if LEAST[one.name] != "open" and one.name not in (
            "getJobFile",
            "addMember",
            "changePassword",
            "deleteStartingWeights",
        ):
            status = one.call(client, mine, admin).status_code
            assert status not in REFUSED or one.name == "restoreProject", (one, status)


@once
@pytest.mark.parametrize("kind", NEEDED_BY_KIND)
def test_each_kind_of_job_needs_its_role(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str], kind: str
) -> None:
    body = {"kind": kind, "format": "coco", "model_id": mine["model_id"], "run_id": mine["run_id"]}
    body |= {"upload_id": mine["upload_id"], "project_id": mine["project_id"]}
    for role in ROLES:
        headers = person(application, f"the-{role}", mine["project_id"], role)
        # The upload belongs to somebody else, so that an import is refused as not found, but not for the role.
        answer = client.post("/api/v1/jobs", json=body, headers=headers)
        assert (answer.status_code == 403) != at_least(role, NEEDED_BY_KIND[kind]), (role, answer.text)


def test_people_stop_their_own_jobs(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str], viewer: Headers
) -> None:
    other = person(application, "other", mine["project_id"], "reviewer")
    export = {"kind": "export", "format": "coco", "project_id": mine["project_id"]}
    job = client.post("/api/v1/jobs", json=export, headers=viewer).json()["id"]
    assert client.post(f"/api/v1/jobs/{job}/cancel", json={}, headers=other).status_code == 403
    assert client.post(f"/api/v1/jobs/{job}/cancel", json={}, headers=viewer).status_code == 200
    assert client.post(f"/api/v1/jobs/{job}/resume", headers=viewer).status_code == 200


def test_an_annotator_changes_neither_split_nor_name(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str]
) -> None:
    annotator = person(application, "annotator", mine["project_id"], "annotator")
    address = f"/api/v1/images/{mine['image_id']}"
    for body in ({"split": "test"}, {"name": "x.jpg"}, {"tags": ["x"], "split": "test"}):
        assert client.patch(address, json=body, headers=annotator).status_code == 403
    assert client.patch(address, json={"tags": ["x"]}, headers=annotator).json()["tags"] == ["x"]


def test_an_annotator_says_that_there_are_no_objects_but_moves_nothing(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str]
) -> None:
    annotator = person(application, "annotator", mine["project_id"], "annotator")
    address = f"/api/v1/projects/{mine['project_id']}/images/bulk"
    for action, status in (("empty", 200), ("move", 403), ("trash", 403), ("restore", 403), ("delete", 403)):
        body = {"ids": [mine["image_id"]], "action": action, "split": "val"}
        assert client.post(address, json=body, headers=annotator).status_code == status, action
    one = f"/api/v1/images/{mine['image_id']}"
    assert client.get(one, headers=annotator).json()["state"] == "empty"
    assert client.patch(one, json={"state": "unlabeled"}, headers=annotator).json()["state"] == "unlabeled"


def test_on_one_image_an_annotator_works_with_proposals_too(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str], admin: Headers
) -> None:
    annotator = person(application, "annotator", mine["project_id"], "annotator")
    review = f"/api/v1/projects/{mine['project_id']}/proposals/review"
    one = {"image_ids": [mine["image_id"]]}
    assert client.post(review, json={"action": "accept"}, headers=annotator).status_code == 403
    assert client.post(review, json={"action": "accept", **one}, headers=annotator).status_code == 200
    label = {"kind": "label", "project_id": mine["project_id"], "model_id": mine["model_id"]}
    assert client.post("/api/v1/jobs", json=label, headers=annotator).status_code == 403
    assert (
        client.post("/api/v1/jobs", json={**label, **one, "create_classes": True}, headers=annotator).status_code == 403
    )
    theirs = client.post("/api/v1/jobs", json=label, headers=admin).json()["id"]
    own = client.post("/api/v1/jobs", json={**label, **one}, headers=annotator).json()["id"]
    for job, status in ((own, 200), (theirs, 403)):
        assert client.post(f"/api/v1/jobs/{job}/cancel", json={}, headers=annotator).status_code == status
        assert client.post(f"/api/v1/jobs/{job}/undo", headers=annotator).status_code == status


def test_an_import_is_undone_by_who_manages(
    client: TestClient, application: bootstrap.Application, mine: dict[str, str], theirs: dict[str, str]
) -> None:
    caller = application.access.ensure_local_user()
    jobs = {}
    for whose in (mine, theirs):
        job = new_job("import", whose["project_id"], "import", {"dry_run": False}, caller)
        with application.uow.write() as tx:
            tx.jobs.add(job)
            tx.jobs.update(job.id, state="succeeded")
        jobs[whose["project_id"]] = job.id
    undo = f"/api/v1/jobs/{jobs[mine['project_id']]}/undo"
    for role, status in (("viewer", 403), ("annotator", 403), ("reviewer", 403), ("manager", 200)):
        headers = person(application, f"u-{role}", mine["project_id"], role)
        assert client.post(undo, headers=headers).status_code == status, role
        assert client.post(f"/api/v1/jobs/{jobs[theirs['project_id']]}/undo", headers=headers).status_code == 404


def test_ids_that_nobody_has_are_not_found_for_anybody(client: TestClient, admin: Headers) -> None:
    for identifier in (new_id(), "x", new_id().upper()):
        ids = dict.fromkeys((f"{kind}_id" for kind in KINDS), identifier)
        for one in callable_operations(client):
            if "{" in one.path:
                status = one.call(client, ids, admin).status_code
                assert status in {404, 422} if one.method != "get" else status == 404, (one, status)


KINDS = (
    *("project", "image", "class", "video", "version", "model", "run", "run_image", "job", "evaluation", "upload"),
    *("user", "session", "token"),
)
