import socket
from pathlib import Path
from typing import Any

import pytest

from boxwright.client import Client
from boxwright.domain.errors import Conflict, Invalid, InvalidImage, NotFound, Unavailable

PROJECT = {"id": "1", "name": "a", "description": "", "cover_image_id": None, "created_at": "t", "updated_at": "t"}


def test_token_and_query_reach_the_server(peer: Any) -> None:
    peer.answer = lambda request: request.answer(200, {"items": [PROJECT], "next_cursor": None})
    with Client(peer.url, "secret") as client:
        assert [item.name for item in client.projects.all(query="a b")] == ["a"]
    assert peer.seen == ["GET /api/v1/projects?query=a+b&trash=false&limit=500"]
    assert peer.headers[0]["authorization"] == "Bearer secret"


def test_address_and_token_come_from_the_environment(peer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXWRIGHT_SERVER", peer.url)
    monkeypatch.setenv("BOXWRIGHT_TOKEN", "from-the-environment")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    peer.answer = lambda request: request.answer(200, {"status": "ok", "version": "9"})
    with Client() as client:
        assert client.health().version == "9"
    assert peer.headers[0]["authorization"] == "Bearer from-the-environment"


def test_pages_are_followed(peer: Any) -> None:
    def answer(request: Any) -> None:
        last = "cursor=next" in request.path
        request.answer(200, {"items": [PROJECT], "next_cursor": None if last else "next"})

    peer.answer = answer
    with Client(peer.url) as client:
        assert len(list(client.projects.all())) == 2


def test_refusals_become_domain_errors(peer: Any) -> None:
    peer.answer = lambda request: request.problem(409, "name_taken", current={"id": "1"})
    with Client(peer.url) as client, pytest.raises(Conflict, match="it is name_taken") as caught:
        client.projects.create("a")
    assert caught.value.code == "name_taken"
    assert caught.value.detail == {"current": {"id": "1"}}
    assert len(peer.seen) == 1


def test_creation_is_tried_again_with_the_same_key(peer: Any, tmp_path: Path) -> None:
    bodies: list[bytes] = []

    def answer(request: Any) -> None:
        bodies.append(request.body())
        if len(bodies) == 1:
            request.drop()
        else:
            request.problem(422, "image_unreadable")

    peer.answer = answer
    file = tmp_path / "a.jpg"
    file.write_bytes(b"not a picture")
    with Client(peer.url) as client, pytest.raises(InvalidImage):
        client.images.upload("p", file)
    assert bodies == [b"not a picture"] * 2
    keys = {headers["idempotency-key"] for headers in peer.headers}
    assert len(keys) == 1


def test_nobody_at_home_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with Client(url) as client, pytest.raises(Unavailable, match=f"cannot reach the server at {url}") as caught:
            client.health()
    assert caught.value.code == "server_unreachable"


def test_something_else_on_the_port_is_told(peer: Any) -> None:
    def answer(request: Any) -> None:
        request.begin("text/html", 6)
        request.wfile.write(b"<html>")

    peer.answer = answer
    with Client(peer.url) as client, pytest.raises(Unavailable, match="is that Boxwright"):
        client.health()


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://x", "http://"])
def test_addresses_are_checked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXWRIGHT_SERVER", url or "nonsense")
    with pytest.raises(Invalid, match="no server address"):
        Client()


def test_missing_file_is_named(peer: Any, tmp_path: Path) -> None:
    with Client(peer.url) as client, pytest.raises(NotFound, match="there is no file"):
        client.images.upload("p", tmp_path / "gone.jpg")
    assert not peer.seen
