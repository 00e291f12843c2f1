"""Images that lie elsewhere are marked, with their address, and copied in: one, some, all of a project."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from live import LiveServer
from scenes import coco_zip

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_images_by_reference_are_marked_and_copied_in(
    start_server: Callable[..., LiveServer],
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(coco_zip(tmp_path / "shapes.zip", train=4, val=2, test=0)) as packed:
        packed.extractall(tmp_path / "elsewhere")
    server = start_server(tmp_path / "data")
    project = server.http.post("/projects", json={"name": "away"}).raise_for_status().json()["id"]
    source = {"kind": "import", "project_id": project, "source": f"file://{tmp_path}/elsewhere", "by_reference": True}
    job = server.http.post("/jobs", json=source).raise_for_status().json()["id"]
    assert server.wait_for_job(job)["state"] == "succeeded"

    def left() -> int:
        return int(server.http.get(f"/projects/{project}/originals").json()["images"])

    # The library says where each lies, as pictures and as a table.
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images")
    marks = page.get_by_role("img", name="By reference: lies at file:")
    expect(marks).to_have_count(6)
    shoot(page, "by-reference")
    page.keyboard.press("t")
    expect(page.get_by_role("table")).to_be_visible()
    expect(marks).to_have_count(6)
    page.keyboard.press("t")
    expect(page.get_by_role("gridcell")).to_have_count(6)

    # Two that are selected.
    for box in page.get_by_role("gridcell").get_by_role("checkbox").all()[:2]:
        box.click(force=True)
    page.get_by_role("button", name="Copy 2 in").click()
    expect(marks).to_have_count(4, timeout=60_000)
    assert left() == 4

    # The open one: the panel of the editor says it, and copies it in.
    image = next(
        one["id"]
        for one in server.http.get(f"/projects/{project}/images").json()["items"]
        if server.http.get(f"/images/{one['id']}/original").json() is not None
    )
    page.goto(f"{server.address['url']}/projects/{project}/annotate/{image}")
    panel = page.get_by_role("region", name="Images by reference")
    expect(panel.get_by_text("by reference")).to_be_visible()
    shoot(page, "by-reference-editor")
    panel.get_by_role("button", name="Copy in").click()
    expect(panel).to_have_count(0, timeout=60_000)
    assert left() == 3

    # The others, in the settings; the job shows how far it is, and then nothing depends on another place.
    page.goto(f"{server.address['url']}/projects/{project}/settings")
    expect(page.get_by_text("3 images lie elsewhere")).to_be_visible()
    page.get_by_role("button", name="Copy all in").click()
    expect(page.get_by_text("All images of this project are copied")).to_be_visible(timeout=60_000)
    assert left() == 0
    shoot(page, "by-reference-settings")
