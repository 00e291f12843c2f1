"""The filter of the library by HTTP: lists in the address, a whole filter in a body, one clear line when wrong."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from apps import Headers
from boxwright import bootstrap
from makers import image


@pytest.fixture
def project_id(application: bootstrap.Application, client: TestClient, admin: Headers) -> str:
    made: str = client.post("/api/v1/projects", json={"name": "cells"}, headers=admin).json()["id"]
    for name, tags in (("a.jpg", ["night", "wet"]), ("b.jpg", ["night"])):
        row = image(application.uow, made, name)
        client.patch(f"/api/v1/images/{row.id}", json={"tags": tags}, headers=admin)
    return made


def test_lists_are_repeated_in_the_address(client: TestClient, admin: Headers, project_id: str) -> None:
    def names(address: str) -> list[str]:
        answer = client.get(f"/api/v1/projects/{project_id}/images?order=name&{address}", headers=admin)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert names("tags=night") == ["a.jpg", "b.jpg"]
    assert names("tags=night&tags=wet") == ["a.jpg"]
    assert names("class_ids=x&class_ids=y&objects=both") == []
    assert names("max_objects=0&added_from=2026-01-01&comments=none") == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    "address",
    [
        "min_score=2",
        "min_area=-1",
        "max_area=inf",
        "min_objects=many",
        "order=random",
        "objects=few",
        "added_to=2026-02-30",
        "attribute_value=red",
        "tags=" + "x" * 101,
        "&".join(["tags=x"] * 51),
    ],
)
def test_what_means_nothing_is_refused(client: TestClient, admin: Headers, project_id: str, address: str) -> None:
    answer = client.get(f"/api/v1/projects/{project_id}/images?{address}", headers=admin)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_people_get_what_the_whole_filter_shows(client: TestClient, admin: Headers, project_id: str) -> None:
    me = client.get("/api/v1/session", headers=admin).json()["id"]
    query = {"tags": ["night", "wet"], "trash": True, "order": "least_sure"}
    path = f"/api/v1/projects/{project_id}/assignments"
    wrong = client.post(path, json={"user_ids": [me], "query": {"attribute_value": "red"}}, headers=admin)
    assert wrong.status_code == 422
    answer = client.post(path, json={"user_ids": [me], "query": query}, headers=admin)
    assert answer.status_code == 200, answer.text
    assert answer.json()["changed"] == 1


def test_a_thumbnail_of_another_size_is_refused_by_name(
    client: TestClient, mine: dict[str, str], viewer: Headers
) -> None:
    path = f"/api/v1/images/{mine['image_id']}/thumbnail"
    whole = client.get(path, params={"size": 160}, headers=viewer)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "image/webp")
    assert whole.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert whole.content == client.get(path, params={"size": "160"}, headers=viewer).content
    for size in ("7", "many", ""):
        answer = client.get(path, params={"size": size}, headers=viewer)
        assert answer.status_code == 422
        assert "size" in answer.json()["title"], answer.text
