"""The whole loop with accounts, clicked through by two people at once: an administrator and an annotator."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desk import Desk, picture
from live import LiveServer
from scenes import coco_zip, make_scene

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
MINUTES = 60_000
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
PASSWORDS = {"ann": "correct horse battery", "ben": "staple of the nation"}
# What a browser says of answers that the test wants: nobody is signed in, the role does not suffice, no such user.
WANTED = "status of 40[134]"


def make_administrator(data: Path) -> None:
    """As on a fresh machine: by the command, before anybody serves."""
    command = [sys.executable, "-m", "boxwright", "user", "create", "ann", "--admin", "--password-stdin"]
    subprocess.run(
        [*command, "--data", str(data)], input=PASSWORDS["ann"] + "\n", text=True, check=True, capture_output=True
    )


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORDS[name])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def go(page: Page, room: str) -> None:
    page.get_by_role("navigation", name="Project").get_by_role("link", name=room).click()


def make_user(page: Page, name: str) -> None:
    page.get_by_role("button", name="Account of ann").click()
    page.get_by_role("menuitem", name="People").click()
    page.get_by_role("button", name="Add user").click()
    form = page.get_by_role("region", name="New user")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Password", exact=True).fill(PASSWORDS[name])
    form.get_by_role("button", name="Add user").click()
    expect(page.get_by_text(f"{name} can sign in now")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(f"^{name} User Active"))).to_be_visible()


def make_project(page: Page, archive: Path) -> str:
    page.get_by_role("link", name="Boxwright: Projects").click()
    page.get_by_role("button", name="New project").or_(page.get_by_role("button", name="Create the")).first.click()
    page.get_by_label("Project name").fill("Together")
    page.get_by_role("button", name="Create project").click()
    page.get_by_role("button", name="Import a dataset").click()
    dialog = page.get_by_role("dialog", name="Import a dataset")
    dialog.locator("input[type=file]").set_input_files(archive)
    dialog.get_by_role("button", name=re.compile("Import 12 images")).click(timeout=MINUTES)
    expect(dialog.get_by_text("The dataset is imported")).to_be_visible(timeout=MINUTES)
    dialog.get_by_role("button", name="Show the images").click()
    shared = {"name": "together.png", "mimeType": "image/png", "buffer": picture("#446")}
    page.locator("input[type=file][multiple]").first.set_input_files(shared)  # type: ignore[arg-type]
    expect(page.get_by_role("gridcell", name="together.png")).to_be_visible()
    return re.search(r"/projects/([0-9a-f-]{36})", page.url)[1]  # type: ignore[index]


def add_member(page: Page, name: str) -> None:
    go(page, "People")
    page.get_by_label("User name").fill("nobody")
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_text("There is no user named 'nobody'")).to_be_visible()
    page.get_by_label("User name").fill(name)
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_text(f"{name} is Annotator now")).to_be_visible()
    expect(page.get_by_role("combobox", name=f"Role of {name}")).to_have_value("Annotator")


def at_the_picture(page: Page, server: LiveServer) -> Desk:
    go(page, "Images")
    page.get_by_role("gridcell", name="together.png").click()
    expect(page.get_by_role("region", name="Annotation editor")).to_be_visible()
    expect(page.get_by_text("400 × 300 px")).to_be_visible()
    return Desk(page, server, re.search(r"/annotate/([0-9a-f-]{36})", page.url)[1])  # type: ignore[index]


def annotate_together(ann: Desk, ben: Desk, shoot: Shoot) -> None:
    for at in (ann, ben):
        at.page.keyboard.press("1")
        at.page.keyboard.press("b")
    ann.drag((20, 20), (80, 80))
    ann.saved()
    ben.count(1)
    ben.drag((120, 20), (180, 80))
    ben.saved()
    ann.count(2)
    ann.drag((220, 20), (280, 80))
    ben.drag((220, 120), (280, 180))
    for at in (ann, ben):
        at.count(4)
    shoot(ben.page, "two-annotate")
    assert sorted(ann.boxes()) == [[20, 20, 80, 80], [120, 20, 180, 80], [220, 20, 280, 80], [220, 120, 280, 180]]
    authors = {item["author_id"] for item in ann.stored()["annotations"]}
    assert len(authors) == 2, "each box bears the name of whoever drew it"


def train(page: Page) -> None:
    go(page, "Train")
    page.get_by_label("Name of the model").fill("ours")
    page.get_by_label("Epochs").fill("1")
    page.get_by_label("Image size").fill("64")
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile(r"/train/[0-9a-f-]{36}"))


def may_not_train(ann: Page, ben: Page, project: str, shoot: Shoot) -> None:
    """What the role lacks is not offered, and refused to those who ask nevertheless."""
    go(ben, "Train")
    expect(ben.get_by_text("This needs the role Manager")).to_be_visible()
    expect(ben.get_by_role("button", name="Start training")).to_be_disabled()
    expect(ben.get_by_role("link", name="Open training Train ours")).to_be_visible()
    expect(ben.get_by_role("button", name="Stop")).to_have_count(0)
    shoot(ben, "two-train")
    go(ben, "Images")
    expect(ben.get_by_role("gridcell", name="together.png")).to_be_visible()
    expect(ben.get_by_role("button", name="Upload images")).to_have_count(0)
    origin = {"origin": re.match(r"https?://[^/]+", ben.url)[0]}  # type: ignore[index]
    api = f"{origin['origin']}/api/v1"
    body = {"kind": "train", "project_id": project}
    assert ben.request.post(f"{api}/jobs", data=body, headers=origin).status == 403
    assert ben.request.get(f"{api}/users").status == 403
    assert ann.request.get(f"{api}/users").status == 200
    assert ben.request.delete(f"{api}/projects/{project}", headers=origin).status == 403
    ben.goto(f"{origin['origin']}/people")
    expect(ben.get_by_text("There is nothing at this address")).to_be_visible()
    ben.goto(f"{origin['origin']}/projects/{project}/predict")


def predict(page: Page) -> None:
    go(page, "Predict")
    scene = make_scene(901, name="new.jpg")
    fresh = {"name": scene.name, "mimeType": "image/jpeg", "buffer": scene.data}
    page.locator("input[type=file]").first.set_input_files(fresh)  # type: ignore[arg-type]
    page.get_by_role("button", name="Start prediction").click()
    expect(page.get_by_role("button", name=re.compile("Enlarge new.jpg"))).to_be_visible(timeout=MINUTES)
    expect(page.get_by_text("Waiting")).to_have_count(0, timeout=MINUTES)


def test_two_people_do_the_loop_together(
    start_server: Callable[..., LiveServer], open_page: Open, shoot: Shoot, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    make_administrator(tmp_path / "data")
    server = start_server()
    ann, ben = (open_page(server, who="nobody", forgive=WANTED) for _ in range(2))
    sign_in(ann, "ann")
    make_user(ann, "ben")
    project = make_project(ann, coco_zip(tmp_path / "coco.zip", train=6, val=3, test=3))
    sign_in(ben, "ben")
    expect(ben.get_by_role("link", name="Open project Together")).to_have_count(0)
    add_member(ann, "ben")
    shoot(ann, "two-members")
    ben.get_by_role("link", name="Open project Together").click()
    annotate_together(at_the_picture(ann, server), at_the_picture(ben, server), shoot)
    train(ann)
    may_not_train(ann, ben, project, shoot)
    expect(ann.get_by_text("The training is complete")).to_be_visible(timeout=3 * MINUTES)
    predict(ann)
    # Ben sees the model and the run appear, and predicts too; demoted, he no longer may, without loading anything anew.
    expect(ben.get_by_role("link", name=re.compile("Open run"))).to_be_visible()
    expect(ben.get_by_role("button", name="Choose files")).to_be_visible()
    go(ann, "People")
    ann.get_by_role("combobox", name="Role of ben").click()
    ann.get_by_role("option", name="Viewer", exact=True).click()
    expect(ben.get_by_text("This needs the role Annotator")).to_be_visible()
    expect(ben.get_by_role("button", name="Choose files")).to_have_count(0)
    ann.get_by_role("tab", name="Audit log").click()
    expect(ann.get_by_text("gave ben the role Viewer")).to_be_visible()
    shoot(ann, "two-audit")
