"""Which server a command talks to, and what stays of a private one: nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from boxwright.cli.local import connect, running
from boxwright.cli.main import run
from boxwright.domain.errors import Unavailable
from live import LiveServer


def test_a_private_server_serves_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert running(data) is None
    assert run(["link", "--data", str(data)]) == 1
    assert "no server runs on" in capsys.readouterr().err
    with connect(data, None) as client:
        url = client.url
        client.projects.create("kept")
        assert running(data) is not None
        # A second command on the same folder finds it.
        assert run(["project", "list", "--data", str(data), "--json"]) == 0
        assert [item["name"] for item in json.loads(capsys.readouterr().out)] == ["kept"]
    assert running(data) is None
    assert not (data / "server.json").exists()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/api/v1/health")


def test_a_command_that_is_killed_leaves_no_server(tmp_path: Path) -> None:
    code = "import sys, time, pathlib; from boxwright.cli.local import connect\n"
    code += "with connect(pathlib.Path(sys.argv[1]), None): print(1, flush=True); time.sleep(60)"
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        server = int(json.loads((tmp_path / "data" / "server.json").read_text())["pid"])
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while _alive(server):
        assert time.monotonic() < until
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return "State:\tZ" not in (status.read_text() if status.exists() else "")


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "boxwright.toml").write_text("colour = 'red'")
    with pytest.raises(Exception, match="unknown setting 'colour'"), connect(tmp_path, None):
        pass
    (tmp_path / "boxwright.toml").write_text("runner = 'horse'")
    with pytest.raises(Unavailable, match="runner 'horse' is not known"), connect(tmp_path, None):
        pass


def test_address_of_a_server_that_is_gone_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(json.dumps({"pid": 1, "url": "http://127.0.0.1:9", "token": "x"}))
    with connect(tmp_path, None) as client:
        assert client.me().admin
    (tmp_path / "server.json").write_text("broken")
    assert running(tmp_path) is None


def test_named_server_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = LiveServer(tmp_path / "data").start()
    try:
        url, token = server.address["url"], server.address["token"]
        with connect(server.data, url) as client:  # the token lies in the data folder
            assert client.me().admin
        monkeypatch.setenv("BOXWRIGHT_TOKEN", token)
        monkeypatch.setenv("BOXWRIGHT_SERVER", url)
        monkeypatch.setenv("BOXWRIGHT_DATA", str(tmp_path / "elsewhere"))
        with connect(None, None) as client:
            assert client.url == url
        monkeypatch.setenv("BOXWRIGHT_TOKEN", "wrong")
        assert run(["project", "list"]) == 1
    finally:
        server.stop()
    assert run(["project", "list", "--server", url]) == 1
