"""Pictures that a training would see, and looks in tiles: what may be asked, and what is answered to the rest."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from apps import Headers

DEEP = "[" * 3999


@pytest.mark.parametrize(
    ("hyper", "says"),
    [
        (DEEP, "hyper"),
        ("{", "hyper"),
        ("[]", "hyper: a JSON object is needed"),
        (json.dumps({"lr": float("nan")}), "lr"),
        (json.dumps({"image_size": 100}), "image_size"),
        (json.dumps({"wild": 1}), "wild"),
    ],
)
def test_wrong_parameters_are_named_in_one_line(
    client: TestClient, mine: dict[str, str], viewer: Headers, hyper: str, says: str
) -> None:
    path = f"/api/v1/projects/{mine['project_id']}/training/preview"
    answer = client.get(path, params={"hyper": hyper}, headers=viewer)
    assert (answer.status_code, answer.json()["code"]) == (422, "hyper_invalid")
    assert says in answer.json()["title"]
    assert "\n" not in answer.json()["title"]


@pytest.mark.parametrize("looks", [{"tile": 63}, {"tile": 9000}, {"overlap": 0.95}, {"tile": -1}])
def test_looks_have_limits_over_http(
    client: TestClient, mine: dict[str, str], viewer: Headers, looks: dict[str, float]
) -> None:
    path = f"/api/v1/models/{mine['model_id']}/predict"
    answer = client.post(path, params=looks, content=b"x", headers=viewer)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert next(iter(looks)) in answer.json()["title"]
