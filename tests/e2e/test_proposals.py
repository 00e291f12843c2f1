"""A model proposes and a person decides, clicked through on the images page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from boxwright.domain.ids import new_id
from desk import fresh
from live import LiveServer
from scenes import make_scene
from tiny_onnx import write_tiny_archive

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def furnish(server: LiveServer, folder: Path, count: int = 4) -> str:
    """A project with the class `disc`, some pictures, and a model that finds a disc (0.9) and a square (0.4)."""
    project = str(server.http.post("/projects", json={"name": fresh("lab")}).raise_for_status().json()["id"])
    server.http.post(f"/projects/{project}/classes", json={"names": ["disc"]}).raise_for_status()
    for number in range(count):
        scene = make_scene(number, name=f"{number}.jpg")
        query = {"name": scene.name, "split": "train"}
        server.http.post(f"/projects/{project}/images", params=query, content=scene.data).raise_for_status()
    data = write_tiny_archive(folder / "tiny.zip").read_bytes()
    upload = server.http.post("/uploads", json={"name": "tiny.zip", "size": len(data)}).raise_for_status().json()["id"]
    server.http.patch(f"/uploads/{upload}", content=data, headers={"upload-offset": "0"}).raise_for_status()
    server.http.post(f"/projects/{project}/models", json={"upload_id": upload, "name": "tiny"}).raise_for_status()
    return project


def open_library(open_page: Open, server: LiveServer, project: str, **screen: object) -> Page:
    page = open_page(server, **screen)
    page.goto(f"{server.address['url']}/projects/{project}/images")
    return page


def auto_annotate(page: Page, shoot: Shoot) -> None:
    page.get_by_role("button", name="Auto-annotate").click()
    dialog = page.get_by_role("dialog", name="Auto-annotate")
    expect(dialog.get_by_text("1 of the model's 2 classes are in this project.")).to_be_visible()
    dialog.get_by_role("switch", name="Create the missing classes").click()
    dialog.get_by_role("button", name="Choose class by class").click()
    expect(dialog.get_by_label("What square becomes")).to_have_value("\u0001")
    shoot(page, "auto-annotate")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_hidden()


def test_a_run_is_reviewed_and_undone(server: LiveServer, open_page: Open, shoot: Shoot, tmp_path: Path) -> None:
    project = furnish(server, tmp_path)
    page = open_library(open_page, server, project)
    auto_annotate(page, shoot)
    toast = page.get_by_role("alert").filter(has_text="8 proposals on 4 images")
    expect(toast).to_be_visible()
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    shoot(page, "run-toast")
    toast.get_by_role("button", name="Review").click()
    expect(page).to_have_url(re.compile("state=proposals"))
    expect(page.get_by_role("gridcell", name=re.compile("0.jpg, Unlabelled, 2 proposals to review"))).to_be_visible()
    bar = page.get_by_role("toolbar", name="Review many proposals at once")
    expect(bar.get_by_text("8 proposals on 4 images")).to_be_visible()
    shoot(page, "to-review")

    bar.get_by_role("button", name="Accept from 0.50 up").click()
    confirm = page.get_by_role("dialog", name="Accept these proposals?")
    expect(confirm.get_by_text("All proposals with a score of 0.50 or more become annotations.")).to_be_visible()
    confirm.get_by_role("button", name="Accept proposals").click()
    expect(page.get_by_text("4 proposals accepted on 4 images")).to_be_visible()
    expect(page.get_by_role("gridcell", name=re.compile("0.jpg, 1 box, 1 proposal to review"))).to_be_visible()

    page.get_by_role("button", name=re.compile("Jobs")).first.click()
    card = page.get_by_role("article", name="Auto-annotate with tiny")
    expect(card.get_by_text("8 proposals on 4 images")).to_be_visible()
    shoot(page, "jobs-drawer")
    card.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("4 proposals taken back; 4 stay because somebody accepted or changed them")).to_be_visible()
    expect(card.get_by_text("Taken back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing to review")).to_be_visible()


def test_a_selection_is_annotated_rejected_and_marked(
    server: LiveServer, open_page: Open, shoot: Shoot, tmp_path: Path
) -> None:
    project = furnish(server, tmp_path)
    page = open_library(open_page, server, project, width=390, height=844, scheme="dark")
    shoot(page, "phone-library")
    for name in ("0.jpg", "1.jpg"):
        page.get_by_label(f"Select {name}").click()
    annotate = page.get_by_role("button", name="Annotate", exact=True)
    annotate.click()
    shoot(page, "phone-annotate-menu")
    page.get_by_role("menuitem", name="Auto-annotate").click()
    dialog = page.get_by_role("dialog", name="Auto-annotate")
    expect(dialog.get_by_label("The 2 you selected")).to_be_checked()
    shoot(page, "phone-auto-annotate")
    dialog.get_by_role("button", name="Start").click()
    first = page.get_by_role("gridcell", name=re.compile("0.jpg, Unlabelled, 1 proposal to review"))
    expect(first).to_be_visible()

    library = re.compile(r"/images\?")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(library, hold)
    page.get_by_role("button", name="Annotate", exact=True).click()
    page.get_by_role("menuitem", name="Reject proposals").click()
    expect(page.get_by_text("2 proposals rejected on 2 images")).to_be_visible()
    page.get_by_label("Select 0.jpg").click()  # what is selected before the list is fresh stays selected
    for route in held:
        route.continue_()
    page.unroute(library)
    expect(page.get_by_role("gridcell", name=re.compile("1.jpg, Unlabelled, Train"))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 selected")).to_be_visible()
    page.get_by_role("button", name="Annotate", exact=True).click()
    page.get_by_role("menuitem", name="No objects here").click()
    expect(page.get_by_role("gridcell", name=re.compile("0.jpg, No objects"))).to_be_visible()
    shoot(page, "phone-no-objects")
    marked = page.get_by_role("alert").filter(has_text="marked as having no objects")
    marked.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("gridcell", name=re.compile("0.jpg, Unlabelled"))).to_be_visible()


def evaluated(server: LiveServer, project: str) -> str:
    """A labelled image that the model is measured on: a disc where it finds one. Returns the model's id."""
    scene = make_scene(9, size=(128, 128))
    query = {"name": "val.jpg", "split": "val"}
    added = server.http.post(f"/projects/{project}/images", params=query, content=scene.data).raise_for_status()
    image = added.json()["image"]["id"]
    [disc] = server.http.get(f"/projects/{project}/classes").json()
    place = {"type": "box", "x0": 16, "y0": 16, "x1": 48, "y1": 48}
    shape = {"id": new_id(), "class_id": disc["id"], "geometry": place}
    body = {"change_id": new_id(), "base_revision": 0, "changes": [{"op": "upsert", "annotation": shape}]}
    server.http.post(f"/images/{image}/changes", json=body).raise_for_status()
    [model] = server.http.get(f"/projects/{project}/models").json()["items"]
    order = {"kind": "evaluate", "project_id": project, "model_id": model["id"], "split": "val"}
    job = server.http.post("/jobs", json=order).raise_for_status().json()
    assert server.wait_for_job(job["id"])["state"] == "succeeded"
    return str(model["id"])


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_the_models_own_scores_hold_class_by_class_and_the_toast_takes_the_run_back(
    server: LiveServer,
    open_page: Open,
    shoot: Shoot,
    tmp_path: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    project = furnish(server, tmp_path, 2)
    evaluated(server, project)
    page = open_library(open_page, server, project, width=width, height=height, scheme=scheme)
    page.get_by_role("button", name="Auto-annotate").click()
    dialog = page.get_by_role("dialog", name="Auto-annotate")
    own = dialog.get_by_role("radio", name="The model's own, class by class")
    expect(own).to_be_checked()
    expect(dialog.get_by_role("slider")).to_have_count(0)
    dialog.get_by_role("button", name="Choose class by class").click()
    disc = dialog.get_by_role("textbox", name="Least score of disc")
    expect(disc).to_have_value("0.9")
    own.focus()
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("slider", name="Least score")).to_be_visible()
    expect(disc).to_have_value("0.25")
    page.keyboard.press("ArrowUp")
    expect(disc).to_have_value("0.9")
    disc.scroll_into_view_if_needed()
    shoot(page, f"own-scores-{width}-{scheme}")
    disc.press("Control+a")
    disc.press_sequentially("0.5")
    expect(disc).to_have_value("0.5")
    dialog.get_by_role("button", name="Start").click()
    toast = page.get_by_role("alert").filter(has_text="2 proposals on 2 images")
    expect(toast).to_be_visible()
    shoot(page, f"toast-undo-{width}-{scheme}")
    [job] = [one for one in server.http.get(f"/projects/{project}/jobs").json()["items"] if one["kind"] == "label"]
    assert (job["params"]["thresholds"], job["params"]["model_thresholds"]) == ({"disc": 0.5}, True)
    toast.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 proposals taken back")).to_be_visible()
    expect(toast).to_have_count(0)
    items = server.http.get(f"/projects/{project}/images").json()["items"]
    assert [item["proposals"] for item in items] == [0, 0, 0]
