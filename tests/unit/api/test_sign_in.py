"""Signing in over HTTP: the cookie, guessing, other sites, other machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from fastapi.testclient import TestClient

from apps import Headers
from boxwright import bootstrap
from boxwright.api.app import create_app
from boxwright.services.attempts import PER_NAME
from boxwright.settings import Settings

PASSWORD = "a long password"
Open = Callable[..., TestClient]


@pytest.fixture
def ann(application: bootstrap.Application) -> str:
    return application.accounts.create(application.access.ensure_local_user(), "Ann", PASSWORD, admin=True).id


@pytest.fixture
def visit(application: bootstrap.Application) -> Iterator[Open]:
    """Open the pages of a server with some settings, from an address."""
    with ExitStack() as stack:

        def opened(peer: str = "192.0.2.9", address: str = "http://192.0.2.7:8080", **settings: str) -> TestClient:
            chosen = {"host": "0.0.0.0", **settings}
            application.settings = Settings(data=application.settings.data, **chosen)  # type: ignore[arg-type]
            client = TestClient(create_app(application), base_url=address, client=(peer, 50_000))
            return stack.enter_context(client)

        yield opened


def sign_in(client: TestClient, name: str = "ann", password: str = PASSWORD, **headers: str) -> httpx.Response:
    answer: httpx.Response = client.post(
        "/api/v1/session/password", json={"name": name, "password": password}, headers=headers
    )
    return answer


def test_the_cookie_is_locked_up_and_renewed(visit: Open, ann: str) -> None:
    browser = visit()
    first = sign_in(browser)
    assert (first.status_code, first.json()["name"], first.json()["address"]) == (200, "Ann", "192.0.2.9")
    cookie = first.headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "secure" not in cookie
    before = browser.cookies["boxwright_session"]
    assert sign_in(browser).status_code == 200
    assert browser.cookies["boxwright_session"] != before
    stolen = visit()
    stolen.cookies.set("boxwright_session", before)
    assert stolen.get("/api/v1/session").status_code == 401
    assert browser.delete("/api/v1/session").status_code == 204
    assert browser.get("/api/v1/session").status_code == 401


def test_a_cookie_that_somebody_planted_signs_nobody_in(visit: Open, ann: str) -> None:
    browser = visit()
    browser.cookies.set("boxwright_session", "planted")
    assert sign_in(browser).status_code == 200
    attacker = visit()
    attacker.cookies.set("boxwright_session", "planted")
    assert attacker.get("/api/v1/session").status_code == 401


def test_guessing_ends_in_429(visit: Open, ann: str) -> None:
    browser = visit()
    wrong = [sign_in(browser, password=f"guess number {number}") for number in range(PER_NAME.burst)]
    assert {(answer.status_code, answer.json()["code"]) for answer in wrong} == {(401, "sign_in_failed")}
    stopped = sign_in(browser)
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(stopped.headers["retry-after"]) <= PER_NAME.seconds
    assert stopped.json()["retry_after"] == int(stopped.headers["retry-after"])
    assert sign_in(browser, name="nobody").json()["code"] == "sign_in_failed"


def test_another_site_neither_signs_in_nor_acts(visit: Open, ann: str) -> None:
    browser = visit()
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://192.0.2.7:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert sign_in(browser, **headers).json()["code"] == "foreign_request", headers
    assert sign_in(browser, origin="http://192.0.2.7:8080").status_code == 200
    for method, path in (("POST", "/projects"), ("PUT", "/session/password"), ("DELETE", "/sessions")):
        answer = browser.request(method, f"/api/v1{path}", headers={"origin": "http://evil.example"}, json={})
        assert answer.json()["code"] == "foreign_request"


def test_the_one_time_link_is_for_this_machine(visit: Open, application: bootstrap.Application, ann: str) -> None:
    token = application.access.one_time_token()
    away = visit()
    assert away.get("/api/v1/sign-in").json() == {"accounts": True, "local": False}
    refused = away.post("/api/v1/session", json={"token": token})
    assert (refused.status_code, refused.json()["code"]) == (403, "link_not_local")
    here = visit("127.0.0.1", "http://127.0.0.1:8080")
    assert here.get("/api/v1/sign-in").json() == {"accounts": True, "local": True}
    assert here.post("/api/v1/session", json={"token": token}).json()["name"] == "local"


def test_behind_a_tls_proxy(visit: Open, application: bootstrap.Application, admin: Headers, ann: str) -> None:
    url = "https://labels.example.org"
    token = application.access.one_time_token()
    browser = visit("127.0.0.1", url, host="127.0.0.1", public_url=url)
    forwarded = {"x-forwarded-for": "203.0.113.66, 198.51.100.4", "x-forwarded-proto": "https", "origin": url}
    answer = sign_in(browser, **forwarded)
    assert answer.json()["address"] == "198.51.100.4"
    assert "secure" in answer.headers["set-cookie"].lower()
    assert browser.get("/api/v1/sign-in").json() == {"accounts": True, "local": False}
    assert browser.post("/api/v1/session", json={"token": token}).json()["code"] == "link_not_local"
    assert browser.post("/api/v1/session/links", headers=admin).status_code == 403


def test_before_there_are_accounts_nothing_changes(client: TestClient, application: bootstrap.Application) -> None:
    assert client.get("/api/v1/sign-in").json() == {"accounts": False, "local": True}
    assert sign_in(client).json()["code"] == "sign_in_failed"
    assert sign_in(client, name="local", password="").json()["code"] == "sign_in_failed"


def test_passwords_and_hashes_never_come_back(client: TestClient, admin: Headers, ann: str) -> None:
    made = client.post("/api/v1/users", json={"name": "ben", "password": PASSWORD}, headers=admin)
    pages = [made, *(client.get(f"/api/v1/{path}", headers=admin) for path in ("users", "audit", "tokens", "sessions"))]
    for answer in pages:
        assert answer.is_success
        assert PASSWORD not in answer.text
        assert "argon2" not in answer.text
        assert "hash" not in answer.text


def test_secrets_are_not_kept_for_a_retry(
    client: TestClient, application: bootstrap.Application, admin: Headers
) -> None:
    headers = {**admin, "idempotency-key": "once"}
    tokens = {client.post("/api/v1/tokens", json={"name": "x"}, headers=headers).json()["token"] for _ in range(2)}
    assert len(tokens) == 2
