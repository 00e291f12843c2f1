"""A dataset that lies elsewhere is looked at, mapped and imported; a part of it is taken away again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from live import LiveServer
from looking import axe, sideways
from scenes import coco_zip

Shoot = Callable[[Page, str], None]

SERVER = "of_all"


def saved(page: Page, link: Locator) -> bytes:
    with page.expect_download() as begun:
        link.click()
    return Path(begun.value.path()).read_bytes()


def bring(page: Page, folder: Path, shoot: Shoot) -> None:
    page.get_by_role("button", name="Import a dataset").click()
    dialog = page.get_by_role("dialog", name="Import a dataset")
    address = dialog.get_by_label("Or fetch it from an address")
    address.fill("http://127.0.0.1:1/shapes.zip")
    address.press("Enter")
    expect(dialog.get_by_text("inside this server's own network")).to_be_visible(timeout=60_000)
    dialog.get_by_role("button", name="Choose another file").click()
    shoot(page, "import-choose")
    assert axe(page) == []
    address.fill(f"file://{folder}")
    dialog.get_by_role("button", name="Fetch").click()
    expect(dialog.get_by_text("3 images would be added")).to_be_visible(timeout=60_000)
    disc, square = (dialog.get_by_label(f"Import class {name} as") for name in ("disc", "square"))
    disc.fill("")
    square.fill("round")
    expect(dialog.get_by_text("will be made")).to_have_count(1)
    expect(dialog.get_by_text("is dropped")).to_have_count(1)
    square.press("Escape")
    expect(dialog).to_be_visible()
    shoot(page, "import-review")
    assert axe(page) == []
    found = json.loads(saved(page, dialog.get_by_role("link", name="Download the report (JSON)")))
    assert (found["images"], found["dry_run"]) == (3, True)
    dialog.get_by_role("button", name="Import 3 images").click()
    expect(dialog.get_by_text("The dataset is imported")).to_be_visible(timeout=60_000)
    text = saved(page, dialog.get_by_role("link", name="Download the report (text)")).decode()
    assert "class: square -> round" in text
    dialog.get_by_role("button", name="Show the images").click()


def take_part(page: Page, shoot: Shoot) -> None:
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog", name="Export the dataset")
    for label, option in (("Splits", "Validation"), ("Annotations made by", "An import")):
        box = dialog.get_by_role("combobox", name=label).or_(dialog.get_by_role("textbox", name=label)).first
        box.click()
        page.get_by_role("option", name=option, exact=True).click()
        box.press("Escape")
    shoot(page, "export-part")
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "export-part-phone")
    assert sideways(page) == []
    dialog.get_by_role("button", name="Start export").click()
    expect(dialog.get_by_text("The export is ready")).to_be_visible(timeout=60_000)
    target = page.get_by_role("link", name="Download ZIP")
    with page.expect_download() as begun:
        target.click()
    with zipfile.ZipFile(begun.value.path()) as packed:
        (name,) = [name for name in packed.namelist() if name.startswith("annotations/")]
        document = json.loads(packed.read(name))
    assert (name, len(document["images"])) == ("annotations/instances_val.json", 1)
    assert [item["name"] for item in document["categories"]] == ["round"]


def test_a_dataset_comes_from_an_address_and_a_part_of_it_goes(
    server: LiveServer, open_page: Callable[..., Page], tmp_path: Path, shoot: Shoot
) -> None:
    folder = tmp_path / "shapes"
    with zipfile.ZipFile(coco_zip(tmp_path / "shapes.zip", train=2, val=1, test=0)) as packed:
        packed.extractall(folder)
    project = server.http.post("/projects", json={"name": "Elsewhere"}).raise_for_status().json()["id"]
    page = open_page(server, forgive="403")
    page.goto(f"{server.address['url']}/projects/{project}/images")
    bring(page, folder, shoot)
    expect(page.get_by_role("tab", name="All")).to_contain_text("3")
    assert server.http.get(f"/projects/{project}").json()["images"] == 3
    take_part(page, shoot)
