"""What `serve` prints, and which address the shell uses."""

from __future__ import annotations

import pytest

from boxwright import bootstrap
from boxwright.api.guards import policy_of
from boxwright.api.server import _greet, _near
from boxwright.settings import Settings


def greeting(application: bootstrap.Application, capsys: pytest.CaptureFixture[str], url: str, **settings: str) -> str:
    chosen = Settings(data=application.settings.data, **settings)  # type: ignore[arg-type]
    _greet(application, policy_of(chosen), url, open_browser=False)
    return capsys.readouterr().out


def test_this_machine_gets_a_link_and_others_an_address(
    application: bootstrap.Application, capsys: pytest.CaptureFixture[str]
) -> None:
    here = greeting(application, capsys, "http://127.0.0.1:8080")
    assert here.count("http://127.0.0.1:8080/#token=") == 1
    assert "others" not in here
    everywhere = greeting(application, capsys, "http://127.0.0.1:8080", host="0.0.0.0")
    assert everywhere.count("/#token=") == 1
    assert "others sign in on http://" in everywhere


@pytest.mark.parametrize(
    "settings", [{"host": "192.0.2.7"}, {"public_url": "https://labels.example.org"}], ids=["address", "proxy"]
)
def test_where_nobody_is_surely_at_the_machine_there_is_no_link(
    application: bootstrap.Application, capsys: pytest.CaptureFixture[str], settings: dict[str, str]
) -> None:
    url = "http://192.0.2.7:8080" if "host" in settings else "http://127.0.0.1:8080"
    text = greeting(application, capsys, url, **settings)
    assert "token" not in text
    assert settings.get("public_url", "http://192.0.2.7:8080") in text


@pytest.mark.parametrize(
    ("host", "near"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("192.0.2.7", "192.0.2.7"), ("localhost",) * 2],
)
def test_the_shell_goes_to_an_address_that_answers(host: str, near: str) -> None:
    assert _near(host) == near
