"""A backup by the button of its page, restored in the shell and served again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desk import new_project
from live import LiveServer


@pytest.mark.e2e
@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_what_an_administrator_downloads_restores(
    start_server: Callable[..., LiveServer],
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    server = start_server()
    project, images = new_project(server, "cat")
    page = open_page(server, who="link", width=width, height=height, scheme=scheme)
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Backup").click()
    button = page.get_by_role("link", name="Download backup")
    expect(button).to_be_visible()
    shoot(page, f"backup-{width}-{scheme}")
    with page.expect_download() as caught:
        button.click()
    expect(page.get_by_text("The backup is on its way")).to_be_visible()
    saved = tmp_path / caught.value.suggested_filename
    caught.value.save_as(saved)
    assert saved.suffix == ".tar"

    command = [sys.executable, "-m", "boxwright", "restore", str(saved), "--data", str(tmp_path / "new")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = start_server(tmp_path / "new")
    for path in (f"/projects/{project}/classes", *(f"/images/{image}" for image in images)):
        assert again.http.get(path).raise_for_status().json() == server.http.get(path).raise_for_status().json()
    for image in images:
        assert again.http.get(f"/images/{image}/file").content == server.http.get(f"/images/{image}/file").content
    entries = again.http.get("/audit").raise_for_status().json()["items"]
    assert "backup.make" in [entry["action"] for entry in entries]
