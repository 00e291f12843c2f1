"""A dataset that lies elsewhere, brought in by the dialog."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from live import LiveServer
from scenes import coco_zip


def test_an_address_is_looked_at_and_imported(
    server: LiveServer, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    folder = tmp_path / "shapes"
    with zipfile.ZipFile(coco_zip(tmp_path / "shapes.zip", train=2, val=1, test=0)) as packed:
        packed.extractall(folder)
    project = server.http.post("/projects", json={"name": "Elsewhere"}).raise_for_status().json()["id"]
    page = open_page(server, forgive="403")
    page.goto(f"{server.address['url']}/projects/{project}/images")
    page.get_by_role("button", name="Import a dataset").click()
    dialog = page.get_by_role("dialog", name="Import a dataset")
    address = dialog.get_by_label("Or fetch it from an address")
    address.fill("http://127.0.0.1:1/shapes.zip")
    address.press("Enter")
    expect(dialog.get_by_text("inside this server's own network")).to_be_visible(timeout=60_000)
    dialog.get_by_role("button", name="Choose another file").click()
    address.fill(f"file://{folder}")
    dialog.get_by_role("button", name="Fetch").click()
    dialog.get_by_role("button", name="Import 3 images").click(timeout=60_000)
    expect(page.get_by_role("alert").filter(has_text="3 images new")).to_be_visible(timeout=60_000)
    assert server.http.get(f"/projects/{project}").json()["images"] == 3
