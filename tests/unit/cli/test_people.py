"""Users, members, tokens and the audit log, typed against a real server process."""

import io
import re
from pathlib import Path
from typing import Any

import pytest

from boxwright.cli.main import run
from live import LiveServer

PASSWORD = "a long password"


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a line on standard input."""
    return lambda line: monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))


def test_users(type_: Any, say: Any) -> None:
    say(PASSWORD)
    made = type_("user", "create", "Ann", "--admin", "--password-stdin", "--json").value
    assert (made["name"], made["admin"], made["has_password"]) == ("Ann", True, True)
    assert "password_hash" not in made
    say(PASSWORD)
    again = type_("user", "create", "ANN", "--password-stdin")
    assert (again.code, "already" in again.err) == (1, True)
    say("short")
    assert type_("user", "create", "bob", "--password-stdin").code == 2
    silent = type_("user", "create", "bob")
    assert (silent.code, "--password-stdin" in silent.err) == (2, True)
    last = type_("user", "disable", "ann")
    assert (last.code, "last administrator" in last.err) == (1, True)
    say("another password")
    type_("user", "create", "ben", "--admin", "--password-stdin")
    assert type_("user", "disable", "ann").out == "disabled Ann\n"
    assert type_("user", "enable", "ann", "--json").value["disabled_at"] is None
    assert type_("user", "update", "ann", "--no-admin", "--name", "anna", "--json").value["admin"] is False
    assert type_("user", "update", "anna").code == 2
    say("a better password")
    assert type_("user", "password", "anna", "--password-stdin").code == 0
    names = {item["name"] for item in type_("user", "list", "--json").value}
    assert {"anna", "ben", "local"} <= names
    missing = type_("user", "disable", "nobody")
    assert (missing.code, "no user named" in missing.err) == (2, True)


def test_members(type_: Any, say: Any) -> None:
    type_("project", "create", "team")
    say(PASSWORD)
    type_("user", "create", "carl", "--password-stdin")
    added = type_("member", "add", "CARL", "--project", "team", "--role", "annotator", "--json").value
    assert (added["name"], added["role"]) == ("carl", "annotator")
    assert type_("member", "add", "carl", "--project", "team", "--role", "manager").out == "carl is manager now\n"
    assert [item["role"] for item in type_("member", "list", "--project", "team", "--json").value] == ["manager"]
    assert type_("member", "add", "carl", "--project", "team", "--role", "king").code == 2
    assert type_("member", "add", "nobody", "--project", "team", "--role", "viewer").code == 2
    assert type_("member", "remove", "Carl", "--project", "team").code == 0
    assert type_("member", "remove", "carl", "--project", "team").code == 2
    trail = type_("audit", "list", "--project", "team", "--json").value
    assert [item["action"] for item in trail] == ["member.remove", "member.set", "member.set", "project.create"]
    assert "member.remove" in type_("audit", "list", "--project", "team", "--limit", "1").out


def test_a_token_made_here_opens_the_server_elsewhere(
    type_: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = type_("link", "--json").value["link"].partition("/#")[0]
    token = type_("token", "create", "--name", "elsewhere", "--expires-days", "2").out.strip()
    assert re.fullmatch(r"bxw_[\w-]{43}", token)
    found = next(item for item in type_("token", "list", "--json").value if item["name"] == "elsewhere")
    assert "token" not in found
    monkeypatch.setenv("BOXWRIGHT_TOKEN", token)
    elsewhere = ["project", "list", "--server", url]
    assert run(elsewhere) == 0
    assert type_("token", "revoke", found["id"]).code == 0
    assert run(elsewhere) == 1
    assert "revoked" in capsys.readouterr().err


def test_a_server_for_others_starts_once_an_administrator_exists(
    tmp_path: Path, say: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    arguments = ["--data", str(data)]
    assert run(["serve", "--host", "0.0.0.0", "--port", "0", *arguments]) == 2
    assert "boxwright user create NAME --admin" in capsys.readouterr().err
    say(PASSWORD)
    assert run(["user", "create", "ann", "--admin", "--password-stdin", *arguments]) == 0
    server = LiveServer(data, private=False, host="0.0.0.0").start()
    try:
        assert server.address["url"].startswith("http://127.0.0.1:")
        signed_in = server.http.post("/session/password", json={"name": "ann", "password": PASSWORD})
        assert signed_in.json()["admin"] is True
    finally:
        server.stop()
