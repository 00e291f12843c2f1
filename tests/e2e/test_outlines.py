"""A model that gives outlines, in a real browser: added, tried, predicting, and proposing polygons in the editor."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import foreign_onnx
from desk import Desk, desk_on, fresh
from encoders import Truth
from live import LiveServer
from mask_encoders import SEGMENTING
from scenes import make_scene

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]

SIDE, WIDTH, HEIGHT = 128, 400, 300
# In the input, which holds the picture at 0.32 with 16 pixels of padding above and below.
TRUTH = Truth(
    side=SIDE,
    boxes=np.array([[10, 24, 60, 64], [70, 60, 114, 104]], np.float32),
    labels=np.array([0, 2]),
    scores=np.array([0.9, 0.6], np.float32),
    classes=3,
)
FIRST = [31, 25, 188, 150]


def furnish(server: LiveServer) -> tuple[str, str]:
    """A project with three pictures; returns its id and the first one's."""
    project = str(server.http.post("/projects", json={"name": fresh("Discs")}).raise_for_status().json()["id"])
    images = []
    for number, name in enumerate(("a.png", "b.png", "c.png")):
        scene = make_scene(number, size=(WIDTH, HEIGHT))
        answer = server.http.post(f"/projects/{project}/images", params={"name": name}, content=scene.data)
        images.append(str(answer.raise_for_status().json()["image"]["id"]))
    return project, images[0]


def add_model(page: Page, server: LiveServer, project: str, file: Path, shoot: Callable[[str], None]) -> None:
    page.goto(f"{server.address['url']}/projects/{project}/models")
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog", name="Add a model")
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_text("Recognised", exact=True)).to_be_visible()
    expect(dialog.get_by_text("Outlines", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Test on an image").click()
    expect(dialog.get_by_text("2 objects with a score of at least 0.25")).to_be_visible()
    expect(dialog.locator("path[fill-opacity]")).to_have_count(2)
    dialog.get_by_alt_text("What the model finds on a.png").scroll_into_view_if_needed()
    shoot("outlines-tried")
    dialog.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("link", name="Open model discs")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("Outlines", exact=True)).to_be_visible()
    shoot("outlines-library")
    page.get_by_role("link", name="Open model discs").click()
    expect(page.get_by_text("Boxes and outlines")).to_be_visible()


def extent(path: Locator) -> list[int]:
    """The bounds of an SVG path in its own units: pixels of the picture."""
    box = path.evaluate("(item) => { const b = item.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; }")
    return [round(value) for value in box]


def predict(page: Page, server: LiveServer, project: str, shoot: Callable[[str], None]) -> None:
    model = server.http.get(f"/projects/{project}/models").json()["items"][0]["id"]
    run = server.http.post(f"/projects/{project}/runs", json={"model_id": model, "source": "project"})
    run_id = run.raise_for_status().json()["id"]
    job = server.http.post("/jobs", json={"kind": "predict", "project_id": project, "run_id": run_id})
    assert server.wait_for_job(job.raise_for_status().json()["id"])["state"] == "succeeded"
    page.goto(f"{server.address['url']}/projects/{project}/predict/{run_id}")
    tile = page.get_by_role("button", name=re.compile(r"Enlarge a\.png"))
    expect(tile.locator("path[fill-opacity]")).to_have_count(2)
    expect(tile.locator("svg rect")).to_have_count(0)
    np.testing.assert_allclose(extent(tile.locator("path[fill-opacity]").last), FIRST, atol=3)
    shoot("outlines-run")
    slider = page.get_by_role("slider", name="Score at least")
    slider.press("End")
    expect(tile.locator("path[fill-opacity]")).to_have_count(0)
    slider.press("Home")
    expect(tile.locator("path[fill-opacity]")).to_have_count(2)
    tile.click()
    large = page.get_by_role("dialog", name=re.compile("a.png"))
    lines = large.locator("path[fill-opacity]")
    expect(lines).to_have_count(2)
    expect(lines.last).to_have_attribute("fill-opacity", "0.3")
    large.get_by_text("0.90", exact=True).hover()  # in the list; on the picture it stands behind a name
    expect(lines.last).to_have_attribute("fill-opacity", "0.55")
    shoot("outlines-large")


def measure(page: Page, server: LiveServer, project: str) -> None:
    """Take the proposals for the truth: every figure of outlines is then 100 %."""
    image = server.http.get(f"/projects/{project}/images").json()["items"][0]["id"]
    server.http.patch(f"/images/{image}", json={"split": "test"}).raise_for_status()
    server.http.post(f"/projects/{project}/proposals/review", json={"action": "accept"}).raise_for_status()
    model = server.http.get(f"/projects/{project}/models").json()["items"][0]["id"]
    body = {"project_id": project, "model_id": model, "split": "test"}
    for kind in ("evaluate", "variants"):
        job = server.http.post("/jobs", json={"kind": kind, **body}).raise_for_status().json()["id"]
        assert server.wait_for_job(job)["state"] == "succeeded"
    page.goto(f"{server.address['url']}/projects/{project}/models/{model}")
    for name in ("Outlines, mAP 50–95", "Outlines, AP50", "Outlines, AP75"):
        expect(page.locator("dl", has_text=name)).to_contain_text("100")
    expect(page.get_by_role("table", name="Classes").get_by_role("columnheader", name="Outlines")).to_be_visible()
    compared = page.get_by_role("table", name="Size and speed")
    expect(compared.get_by_role("columnheader", name="Outlines mAP")).to_be_visible()


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_outlines_are_found_drawn_and_proposed(
    server: LiveServer,
    open_page: Callable[..., Page],
    shoot: Shoot,
    tmp_path: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    names = {"names": "{0: 'coin', 1: 'die', 2: 'button'}", "task": "segment"}
    answers = SEGMENTING["yolov8-seg"][1](TRUTH)
    file = foreign_onnx.write(tmp_path / "discs.onnx", answers, names, picture=(1, 3, SIDE, SIDE))
    project, image = furnish(server)
    page = open_page(server, width=width, height=height, scheme=scheme)

    def show(name: str) -> None:
        shoot(page, f"{name}-{width}-{scheme}")

    add_model(page, server, project, file, show)
    predict(page, server, project, show)

    page.goto(f"{server.address['url']}/projects/{project}/images")
    page.get_by_role("button", name="Auto-annotate").click()
    dialog = page.get_by_role("dialog", name="Auto-annotate")
    expect(dialog.get_by_label("Outlines")).to_be_checked()
    show("outlines-propose")
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_role("gridcell", name=re.compile("a.png, Unlabelled, 2 proposals to review"))).to_be_visible()

    at: Desk = desk_on(page, server, project, image)
    shapes = at.rings()
    assert [len(rings) for rings in shapes] == [1, 1]
    spans = [[min(x for x, _ in ring), max(x for x, _ in ring)] for (ring,) in shapes]
    np.testing.assert_allclose(min(spans), [FIRST[0], FIRST[2]], atol=3)
    assert all(len(ring) > 8 for (ring,) in shapes)
    show("outlines-editor")
    measure(page, server, project)
    show("outlines-measured")
