"""A whole import taken back in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from live import LiveServer
from scenes import coco_zip

SERVER = "of_all"


def test_an_import_is_undone_from_its_message_and_told_in_the_jobs(
    server: LiveServer, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    project = server.http.post("/projects", json={"name": "Undo"}).raise_for_status().json()["id"]
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images")
    page.get_by_role("button", name="Import a dataset").click()
    dialog = page.get_by_role("dialog", name="Import a dataset")
    dialog.locator("input[type=file]").set_input_files(coco_zip(tmp_path / "shapes.zip", train=2, val=1, test=0))
    dialog.get_by_role("button", name="Import 3 images").click(timeout=60_000)
    message = page.get_by_role("alert").filter(has_text="3 images new")
    expect(message).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    message.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 images moved to the trash")).to_be_visible()
    assert server.http.get(f"/projects/{project}").json()["images"] == 0
    page.get_by_role("button", name="Jobs").first.click()
    job = page.get_by_role("article", name="Import shapes.zip")
    expect(job.get_by_text("Taken back")).to_be_visible()
    expect(job.get_by_role("button", name="Undo")).to_have_count(0)
