"""Whose name a save bears."""

import pytest
from fastapi.testclient import TestClient

from apps import person
from boxwright import bootstrap
from boxwright.domain.ids import new_id


def test_a_save_meant_for_one_person_is_not_made_as_another(
    application: bootstrap.Application, client: TestClient, mine: dict[str, str]
) -> None:
    address = f"/api/v1/images/{mine['image_id']}/changes"
    box = {"type": "box", "x0": 1.0, "y0": 2.0, "x1": 9.0, "y1": 8.0}
    shape = {"id": new_id(), "class_id": mine["class_id"], "geometry": box}
    body = {"change_id": new_id(), "base_revision": 0, "changes": [{"op": "upsert", "annotation": shape}]}
    ann, ben = (person(application, name, mine["project_id"], "annotator") for name in ("ann", "ben"))
    me = {"author_id": client.get("/api/v1/session", headers=ann).json()["id"]}
    refused = client.post(address, params=me, json=body, headers=ben)
    assert (refused.status_code, refused.json()["code"]) == (403, "other_person")
    assert client.get(address.replace("changes", "annotations"), headers=ann).json()["annotations"] == []
    assert client.post(address, params=me, json=body, headers=ann).json()["revision"] == 1
    [stored] = client.get(address.replace("changes", "annotations"), headers=ben).json()["annotations"]
    assert stored["author_id"] == me["author_id"]


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        ("text/plain", b"{}", "body"),
        ("application/json", b'{"changes": [', "body.13"),
        ("application/json", b"\xff\xfe", "body.0"),
        ("application/json", b"[]", "body"),
        ("application/json; charset=utf-8", b'{"changes": [{"op": "move"}]}', "body.changes.0"),
    ],
)
def test_a_body_that_is_no_change_set_is_refused_with_its_place(
    application: bootstrap.Application, client: TestClient, mine: dict[str, str], kind: str, body: bytes, where: str
) -> None:
    address, headers = f"/api/v1/images/{mine['image_id']}/changes", {"content-type": kind}
    assert client.post(address, content=body, headers=headers).status_code == 401
    ann = person(application, "ann", mine["project_id"], "annotator")
    answer = client.post(address, content=body, headers=headers | ann)
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert any(error["where"].startswith(where) and error["what"] for error in answer.json()["errors"])
