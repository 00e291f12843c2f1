"""Weights for a training, in a real browser: no hub can be reached, so a person brings the files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytest.importorskip("torch", reason="training needs boxwright[train]")
pytest.importorskip("transformers", reason="these networks need boxwright[train]")

from live import LiveServer
from tiny_detr import tiny_folder

NOWHERE = "http://127.0.0.1:9"


@pytest.mark.e2e
@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "dark"), (390, 844, "light")])
def test_weights_are_brought_where_no_hub_can_be_reached(
    start_server: Callable[..., LiveServer],
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    server = start_server(BOXWRIGHT_HUB=NOWHERE)
    project = server.http.post("/projects", json={"name": "cells"}).raise_for_status().json()["id"]
    right, wrong = tiny_folder(tmp_path / "dfine", "dfine-n"), tiny_folder(tmp_path / "rtdetr", "rtdetrv2-s")
    pickle = tmp_path / "pytorch_model.bin"
    pickle.write_bytes(b"\x80\x04}\x94.")
    kind = f"{width}-{scheme}"
    page = open_page(server, width=width, height=height, scheme=scheme, forgive="status of 422")
    page.goto(f"{server.address['url']}/projects/{project}/train")
    page.get_by_role("combobox", name="Architecture").click()
    page.get_by_role("option", name="D-FINE N", exact=True).click()

    page.get_by_role("button", name="Download weights").click()
    page.get_by_role("button", name="Accept and download").click()
    expect(
        page.get_by_role("region", name="Start a training").get_by_text("bring them here: Upload weights")
    ).to_be_visible()
    shoot(page, f"weights-offline-{kind}")

    page.get_by_role("button", name="Upload weights").click()
    dialog = page.get_by_role("dialog", name="Upload weights of D-FINE N")
    chooser, add = dialog.locator("input[type=file]"), dialog.get_by_role("button", name="Add the weights")
    chooser.set_input_files([right / "config.json", pickle])
    expect(dialog.get_by_text("can run programs and are refused")).to_be_visible()
    shoot(page, f"weights-pickle-{kind}")
    chooser.set_input_files([wrong / "config.json", wrong / "model.safetensors"])
    expect(dialog.get_by_text("can run programs")).to_be_hidden()
    expect(add).to_be_disabled()
    dialog.get_by_label("Where they come from").fill("https://example.org/dfine")
    dialog.get_by_label("Their licence").fill("CC-BY-4.0")
    add.click()
    expect(dialog.get_by_text("rtdetrv2-x; not for dfine-n")).to_be_visible()
    shoot(page, f"weights-foreign-{kind}")

    dialog.get_by_role("button", name="Choose others").click()
    chooser.set_input_files([right / "config.json", right / "model.safetensors"])
    add.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("licence CC-BY-4.0, from https://example.org/dfine")).to_be_visible()
    shoot(page, f"weights-here-{kind}")
    [found] = server.http.get("/starting-weights").raise_for_status().json()
    assert (found["architecture"], found["licence"]) == ("dfine-n", "CC-BY-4.0")
    assert not list((server.data / "uploads").glob("*.upload"))

    page.get_by_role("button", name="Upload others").click()
    expect(page.get_by_role("dialog", name="Upload weights of D-FINE N")).to_be_visible()

    # An upload that takes long is broken off by its button, and nothing is added.
    parts = re.compile(r"/api/v1/uploads/")
    page.route(parts, lambda _: None)
    chooser.set_input_files([right / "config.json", right / "model.safetensors"])
    dialog.get_by_label("Where they come from").fill("https://example.org/dfine")
    dialog.get_by_label("Their licence").fill("CC-BY-4.0")
    with page.expect_request(parts):
        add.click()
    expect(dialog.get_by_role("status").get_by_text("Uploading the weights")).to_be_visible()
    shoot(page, f"weights-uploading-{kind}")
    with page.expect_event("requestfailed"):
        dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert len(server.http.get("/starting-weights").raise_for_status().json()) == 1
