"""What the browser gets: pages that can be reloaded anywhere, and headers that keep foreign code out."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from apps import Headers, local_client
from boxwright import bootstrap
from boxwright.settings import Settings


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Boxwright</title>")
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "app-1234.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def browser(application: bootstrap.Application, site: Path) -> TestClient:
    application.settings = Settings(data=application.settings.data, static=site)
    return local_client(application)


@pytest.mark.parametrize("path", ["/", "/projects", "/projects/1/annotate/2?split=train", "/no/such/page"])
def test_every_view_can_be_reloaded(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "<title>Boxwright</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_files_of_the_front_end_are_served_and_no_others(browser: TestClient) -> None:
    assert browser.get("/icon.svg").text.startswith("<svg")
    assert browser.get("/assets/app-1234.js").status_code == 200
    for path in ("/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/nothing.js"):
        assert "secret" not in browser.get(path).text


def test_an_unknown_address_of_the_api_is_a_problem_not_a_page(browser: TestClient, admin: Headers) -> None:
    answer = browser.get("/api/v1/nothing", headers=admin)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/api/v1/nothing"])
def test_every_answer_carries_the_security_headers(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in headers


def test_the_one_time_link_works_once_and_the_cookie_is_locked_up(
    application: bootstrap.Application, browser: TestClient
) -> None:
    token = application.access.one_time_token()
    signed_in = browser.post("/api/v1/session", json={"token": token})
    assert signed_in.json()["admin"] is True
    cookie = signed_in.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert browser.get("/api/v1/projects").status_code == 200
    again = local_client(application).post("/api/v1/session", json={"token": token})
    assert again.status_code == 401
    assert browser.delete("/api/v1/session").status_code == 204
    assert browser.get("/api/v1/projects").status_code == 401


def test_a_name_that_no_disk_takes_is_a_view_like_any_other(browser: TestClient) -> None:
    assert browser.get("/" + "a" * 300).status_code == 200
    assert browser.get("/..%5Csecret.txt").headers["cache-control"] == "no-cache"
