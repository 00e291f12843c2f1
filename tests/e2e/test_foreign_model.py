"""A detector from elsewhere, in a real browser: recognised, corrected, tried on an image, added, corrected again."""

from __future__ import annotations

import pickle
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import foreign_onnx
from darknet_nets import write_triple
from desk import new_project
from encoders import KINDS, TRUTH
from handing import click_models
from live import LiveServer
from looking import settle
from scenes import make_scene

SERVER = "of_all"


@pytest.mark.e2e
@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "dark"), (390, 844, "light")])
def test_a_detector_that_nothing_recognises_is_read_as_a_person_says(
    server: LiveServer,
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    project, _ = new_project(server, "cat", "dog")
    scene = make_scene(3, size=(256, 256))
    server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=scene.data).raise_for_status()
    # Corner and size, an objectness and two classes, all before their sigmoid.
    table = np.array([[[10, 20, 40, 40, 4, 3, -9, -9], [70, 66, 40, 40, 4, -9, 2, -9]]], np.float32)
    network = foreign_onnx.write(tmp_path / "odd.onnx", {"out": table}, picture=(1, 3, 128, 128))
    kind = f"{width}-{scheme}"
    page = open_page(server, width=width, height=height, scheme=scheme, forgive="status of 422")
    page.goto(f"{server.address['url']}/projects/{project}/models")
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog", name="Add a model")
    dialog.locator("input[type=file]").set_input_files(network)
    expect(dialog.get_by_text("Not recognised", exact=True)).to_be_visible()
    expect(dialog.get_by_text("out [1, 2, 8]")).to_be_visible()
    expect(dialog.get_by_role("button", name="Add to the library")).to_be_disabled()
    shoot(page, f"model-unknown-{kind}")

    def choose(label: str, value: str) -> None:
        box = dialog.get_by_role("combobox", name=label).or_(dialog.get_by_label(label)).first
        box.click()
        page.get_by_role("option", name=value, exact=True).click()
        expect(box).to_have_value(value)

    choose("Decoder", "Another kind: you say what its numbers mean")
    classes = dialog.get_by_label("Classes, one a line")
    expect(dialog.get_by_label("Box format").first).to_be_visible()
    expect(dialog.get_by_text("Your choice", exact=True)).to_be_visible()
    expect(classes).to_have_value("class 0\nclass 1\nclass 2\nclass 3")
    choose("Box format", "Top left corner and size (x y w h)")
    choose("Objectness", "yes")
    expect(classes).to_have_value("class 0\nclass 1\nclass 2")
    choose("Scores", "logits")
    classes.fill("cat\ndog\nowl")
    dialog.get_by_role("button", name="Test on an image").click()
    expect(dialog.get_by_text("2 objects with a score of at least 0.25")).to_be_visible()
    dialog.get_by_label("Decoder").first.scroll_into_view_if_needed()
    shoot(page, f"model-custom-{kind}")
    picture = dialog.get_by_alt_text("What the model finds on a.jpg")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    shoot(page, f"model-custom-tried-{kind}")
    dialog.get_by_role("button", name="Add to the library").click()
    page.get_by_role("link", name="Open model odd").click()
    page.get_by_role("button", name="Actions for odd").click()
    expect(page.get_by_role("menuitem", name="Correct")).to_be_visible()
    [model] = server.http.get(f"/projects/{project}/models").json()["items"]
    card = model["card"]
    assert ([item["name"] for item in card["classes"]], card["decoder"]) == (["cat", "dog", "owl"], "custom")
    answer = server.http.post(f"/models/{model['id']}/predict", content=scene.data).json()
    assert [(item["class"], [round(side) for side in item["box"]]) for item in answer["detections"]] == [
        ("cat", [20, 40, 100, 120]),
        ("dog", [140, 132, 220, 212]),
    ]


@pytest.mark.e2e
@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_a_foreign_detector_is_added_and_corrected(
    server: LiveServer,
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    project, _ = new_project(server, "disc")
    scene = make_scene(3, size=(256, 256))
    server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=scene.data).raise_for_status()
    network = foreign_onnx.write(tmp_path / "street.onnx", KINDS["yolox"][1](TRUTH), picture=(1, 3, 128, 128))
    weights = tmp_path / "best.pt"
    weights.write_bytes(pickle.dumps({"model": 1}))
    kind = f"{width}-{scheme}"
    page = open_page(server, width=width, height=height, scheme=scheme, forgive="status of 422")
    page.goto(f"{server.address['url']}/projects/{project}/models")
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog", name="Add a model")
    chooser = dialog.locator("input[type=file]")
    chooser.set_input_files(weights)
    expect(dialog.get_by_text("Python pickle")).to_be_visible()
    shoot(page, f"model-refused-{kind}")
    dialog.get_by_role("button", name="Choose another file").click()
    dialog.locator("input[type=file]").set_input_files(network)
    expect(dialog.get_by_text("Recognised", exact=True)).to_be_visible()
    expect(dialog.get_by_role("combobox", name="Decoder").or_(dialog.get_by_label("Decoder")).first).to_have_value(
        "YOLOX"
    )
    expect(dialog.get_by_text("one row for each of the 336 cells")).to_be_visible()
    shoot(page, f"model-recognised-{kind}")
    dialog.get_by_label("Classes, one a line").fill("disc\n\n")
    dialog.get_by_role("button", name="Add to the library").click()
    expect(dialog.get_by_text("the network has 3 classes, but 1 are named")).to_be_visible()
    dialog.get_by_label("Classes, one a line").fill("disc\nring\nstar")
    dialog.get_by_role("button", name="Test on an image").click()
    expect(dialog.get_by_text("2 objects with a score of at least 0.25")).to_be_visible()
    picture = dialog.get_by_alt_text("What the model finds on a.jpg")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    shoot(page, f"model-tried-{kind}")
    dialog.get_by_role("button", name="Add to the library").click()
    page.get_by_role("link", name="Open model street").click()
    expect(page.get_by_text("Blue, green, red")).to_be_visible()
    shoot(page, f"model-facts-{kind}")
    page.get_by_role("button", name="Actions for street").click()
    page.get_by_role("menuitem", name="Correct").click()
    again = page.get_by_role("dialog", name="Correct this model")
    again.get_by_label("Licence").fill("MIT")
    again.get_by_label("Padding").fill("0")
    again.get_by_role("button", name="Save corrections").click()
    expect(again).to_be_hidden()
    expect(page.get_by_text("MIT", exact=True)).to_be_visible()
    [model] = server.http.get(f"/projects/{project}/models").json()["items"]
    assert [item["name"] for item in model["card"]["classes"]] == ["disc", "ring", "star"]
    assert (model["card"]["input"]["pad"], model["card"]["licence"]) == (0, "MIT")


@pytest.mark.e2e
def test_the_files_of_darknet_are_chosen_together(
    server: LiveServer, open_page: Callable[..., Page], shoot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    project, _ = new_project(server, "disc")
    page = open_page(server, width=1440, height=900, scheme="light", forgive="status of 422")
    page.goto(f"{server.address['url']}/projects/{project}/models")
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog", name="Add a model")
    cfg, names, weights = write_triple(tmp_path)
    dialog.locator("input[type=file]").set_input_files([weights])
    expect(dialog.get_by_text("choose its .cfg, its .weights and its .names together")).to_be_visible()
    dialog.get_by_role("button", name="Choose another file").click()
    dialog.locator("input[type=file]").set_input_files([cfg, names, weights])
    expect(dialog.get_by_text("a Darknet detector (yolov4-tiny), written as ONNX")).to_be_visible()
    expect(dialog.get_by_label("Classes, one a line")).to_have_value("disc\nsquare\nring")
    shoot(page, "model-darknet")
    dialog.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_text("yolov4-tiny").first).to_be_visible()


def take_smart_tool(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("a.jpg").and_(page.locator(":visible")).first).to_be_visible()
    settle(page)
    page.keyboard.press("s")


@pytest.mark.e2e
@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "dark"), (390, 844, "light")])
def test_sam_is_added_and_used_by_the_smart_tool_alone(
    server: LiveServer,
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    width: int,
    height: int,
    scheme: str,
) -> None:
    project, _ = new_project(server, "disc")
    scene = make_scene(3, size=(256, 256))
    answer = server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=scene.data)
    image = answer.json()["image"]["id"]
    kind = f"{width}-{scheme}"
    page = open_page(server, width=width, height=height, scheme=scheme, forgive="status of 422")
    url = f"{server.address['url']}/projects/{project}"
    take_smart_tool(page, f"{url}/annotate/{image}")
    expect(page.get_by_role("note", name="by colours and edges")).to_have_accessible_name(re.compile("Add model"))
    page.goto(f"{url}/models")
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog", name="Add a model")
    files = click_models()
    dialog.locator("input[type=file]").set_input_files(files[1])
    expect(dialog.get_by_text("this is the decoder of SAM")).to_be_visible()
    dialog.get_by_role("button", name="Choose another file").click()
    dialog.locator("input[type=file]").set_input_files(files)
    expect(dialog.get_by_text("Outlines by clicks", exact=True)).to_be_visible()
    expect(dialog.get_by_label("Decoder")).to_have_count(0)
    dialog.get_by_label("Name").fill("SAM tiny")
    dialog.get_by_label("Licence").fill("Apache-2.0")
    shoot(page, f"model-sam-{kind}")
    dialog.get_by_role("button", name="Add to the library").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Outlines by clicks", exact=True)).to_be_visible()
    shoot(page, f"models-sam-{kind}")
    page.get_by_role("link", name="Open model SAM tiny").click()
    expect(page.get_by_text("Outlines of what is clicked on, in the editor")).to_be_visible()
    expect(page.get_by_role("link", name="Predict with it")).to_have_count(0)
    page.get_by_role("button", name="Actions for SAM tiny").click()
    expect(page.get_by_role("menuitem", name="Correct")).to_be_visible()
    expect(page.get_by_role("menuitem", name=re.compile("as the project is now"))).to_have_count(0)
    page.keyboard.press("Escape")
    shoot(page, f"model-sam-page-{kind}")
    page.goto(f"{url}/predict")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("SAM tiny")).to_have_count(0)
    take_smart_tool(page, f"{url}/annotate/{image}")
    expect(page.get_by_role("note", name="SAM tiny")).to_be_visible()
    shoot(page, f"smart-sam-{kind}")
    until = time.monotonic() + 60
    while server.http.post(f"/images/{image}/segment", json={"inside": [[128, 128]]}).json()["method"] != "network":
        assert time.monotonic() < until
        time.sleep(0.2)
