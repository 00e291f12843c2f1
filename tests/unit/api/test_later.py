"""Routes that load after the first answer: nobody can tell."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Match

from apps import ADDRESS, Headers
from boxwright import bootstrap
from boxwright.api import app as module
from boxwright.api.app import create_app
from boxwright.api.later import Later


@pytest.fixture
def waiting(application: bootstrap.Application, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client of a server that loads the rest of its routes only when asked."""
    monkeypatch.setattr(module, "_SECONDS", 3600.0)
    return TestClient(create_app(application, at_once=False), base_url=ADDRESS, client=("127.0.0.1", 50_000))


def routes(client: TestClient) -> list[BaseRoute]:
    return cast(FastAPI, client.app).router.routes


def left(client: TestClient) -> list[BaseRoute]:
    return [route for route in routes(client) if isinstance(route, Later)]


def test_a_route_that_waits_answers_the_first_request(waiting: TestClient, admin: Headers) -> None:
    project = waiting.post("/api/v1/projects", json={"name": "Coins"}, headers=admin).json()
    assert len(left(waiting)) == 1
    assert waiting.get(f"/api/v1/projects/{project['id']}/members", headers=admin).status_code == 200
    assert left(waiting) == []
    assert waiting.get("/api/v1/nothing", headers=admin).status_code == 404


def test_many_first_requests_wait_for_one_load(waiting: TestClient, admin: Headers) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: waiting.get("/api/v1/users", headers=admin).status_code, range(8)))
    assert answers == [200] * 8
    ways = [(route.path, tuple(route.methods)) for route in routes(waiting) if isinstance(route, APIRoute)]
    assert len(set(ways)) == len(ways) > 150, "loaded once, not once for each of them"


def test_the_schema_tells_of_all(waiting: TestClient, application: bootstrap.Application) -> None:
    assert waiting.get("/api/openapi.json").json() == create_app(application).openapi()


def test_what_is_not_of_the_api_does_not_wait(waiting: TestClient) -> None:
    [later] = left(waiting)
    assert later.matches({"type": "http", "path": "/projects"})[0] == Match.NONE
    assert waiting.get("/projects/1").status_code in (200, 404)
    assert left(waiting) == [later]


def test_a_start_leaves_them_out() -> None:
    code = "import sys, boxwright.api.server\nprint('boxwright.api.routes.models' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stderr
