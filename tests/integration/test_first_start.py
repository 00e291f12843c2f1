"""What people find on the first start of an empty installation, and what does not come back."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from boxwright.domain.requests import SAMPLE_NAME
from live import LiveServer


@contextmanager
def started(data: Path, **environment: str) -> Iterator[LiveServer]:
    server = LiveServer(data, environment, private=False)
    try:
        yield server.start()
    finally:
        server.stop()


def projects(server: LiveServer) -> list[dict[str, str]]:
    found: list[dict[str, str]] = server.http.get("/projects").raise_for_status().json()["items"]
    return found


def test_the_sample_is_there_at_once_and_stays_deleted(tmp_path: Path) -> None:
    with started(tmp_path / "data") as server:
        [project] = projects(server)
        assert project["name"] == SAMPLE_NAME
        [job] = server.http.get(f"/projects/{project['id']}/jobs").json()["items"]
        assert (job["kind"], job["params"]["images"]) == ("sample", 190)
        server.http.post(f"/jobs/{job['id']}/cancel", json={}).raise_for_status()
        assert server.wait_for_job(job["id"])["state"] == "cancelled"
        deleted = server.http.request("DELETE", f"/projects/{project['id']}", json={"confirm": SAMPLE_NAME})
        assert deleted.status_code == 204
    with started(tmp_path / "data") as server:
        assert projects(server) == []


def test_a_sample_that_was_broken_off_by_the_end_of_the_server_goes_on(tmp_path: Path) -> None:
    with started(tmp_path / "data") as server:
        [project] = projects(server)
        until = time.monotonic() + 60
        while (job := server.http.get(f"/projects/{project['id']}/jobs").json()["items"][0])["phase"] != "rendering":
            assert time.monotonic() < until
            time.sleep(0.05)
        server.kill()
    with started(tmp_path / "data") as server:
        [again] = projects(server)
        assert again["id"] == project["id"]
        [found] = server.http.get(f"/projects/{project['id']}/jobs").json()["items"]
        assert found["id"] == job["id"]
        assert found["state"] in ("queued", "running", "succeeded")


def test_the_sample_can_be_declined(tmp_path: Path) -> None:
    with started(tmp_path / "data", BOXWRIGHT_SAMPLE="false") as server:
        assert projects(server) == []
        # Nor does a later start bring it, once somebody has worked here.
        server.http.post("/projects", json={"name": "cells"}).raise_for_status()
    with started(tmp_path / "data") as server:
        assert [item["name"] for item in projects(server)] == ["cells"]


def test_commands_start_servers_without_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "boxwright", "project", "list", "--data", str(tmp_path / "data"), "--json"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
