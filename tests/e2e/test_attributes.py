"""Attributes of classes: defined in the list of classes, and given to objects, under a real mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk import Desk, new_project
from live import LiveServer

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Shoot = Callable[[Page, str], None]


def defined(server: LiveServer, project: str) -> list[dict[str, Any]]:
    """The attributes of the first class."""
    found = server.http.get(f"/projects/{project}/classes").raise_for_status().json()
    attributes: list[dict[str, Any]] = found[0]["attributes"]
    return attributes


def test_attributes_are_defined_pasted_changed_moved_and_deleted(
    server: LiveServer, open_page: Callable[..., Page], shoot: Shoot
) -> None:
    project, _ = new_project(server, "cat", "dog", name="Attributes")
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images?dialog=classes")
    page.get_by_role("button", name="Attributes of class cat").click()
    panel = page.get_by_role("group", name="Attributes of class cat")
    lines = panel.get_by_label("New attributes, one per line")
    lines.fill("age: number 9 to 1")
    expect(panel.get_by_text("the least value is above the greatest one")).to_be_visible()
    expect(panel.get_by_role("button", name="Add attribute")).to_be_disabled()
    lines.fill("colour: red, green = red\nage: number 0 to 20\nseen: checkbox = no\nnote")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        lines.press("Control+Enter")
    expect(panel.get_by_label("Name of attribute note")).to_be_visible()
    assert [(one["name"], one["kind"], one["default"]) for one in defined(server, project)] == [
        ("colour", "select", "red"),
        ("age", "number", None),
        ("seen", "checkbox", False),
        ("note", "text", None),
    ]
    shoot(page, "attributes-defined")
    choices = panel.get_by_label("Choices of attribute colour")
    choices.fill("green, blue")
    expect(panel.get_by_text("must be one of green, blue")).to_be_visible()
    panel.get_by_label("Value of colour that new").select_option("green")
    expect(panel.get_by_text("must be one of green, blue")).to_be_hidden()
    panel.get_by_label("Name of attribute note").fill("remark")
    panel.get_by_label("Name of attribute note").press("Enter")
    expect(page.get_by_text("note is called remark now")).to_be_visible()
    panel.get_by_role("button", name="Move attribute age up").click()
    expect(panel.get_by_role("button", name="Move attribute age up")).to_have_attribute("aria-disabled", "true")
    panel.get_by_label("Kind of attribute seen").select_option("Text")
    panel.get_by_role("button", name="Delete attribute remark").click()
    expect(page.get_by_text("remark is not defined any more")).to_be_visible()
    page.wait_for_timeout(1000)
    assert [(one["name"], one["kind"], one["choices"], one["default"]) for one in defined(server, project)] == [
        ("age", "number", [], None),
        ("colour", "select", ["green", "blue"], "green"),
        ("seen", "text", [], None),
    ]
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(panel.get_by_label("Name of attribute remark")).to_be_visible()
    page.get_by_role("button", name="Attributes of all classes").click()
    shared = page.get_by_role("group", name="Attributes of all classes")
    shared.get_by_label("New attributes, one per line").fill("occluded: checkbox")
    shared.get_by_role("button", name="Add attribute").click()
    expect(shared.get_by_label("Name of attribute occluded")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Attributes of class cat")).to_be_visible()
    assert len(defined(server, project)) == 4
    (found,) = server.http.get(f"/projects/{project}").json()["attributes"]
    assert (found["name"], found["kind"]) == ("occluded", "checkbox")


LINES = [
    {"name": "colour", "kind": "select", "choices": ["red", "green", "blue"], "default": "red"},
    {"name": "age", "kind": "number", "minimum": 0, "maximum": 20, "step": 0.5},
    {"name": "note", "kind": "text"},
]


def described(at: Desk) -> list[dict[str, Any]]:
    """What the server has of every object, in their order on the picture."""
    at.saved()
    items = sorted(at.stored()["annotations"], key=lambda one: float(one["geometry"]["x0"]))
    return [dict(item["attributes"]) for item in items]


def define(at: Desk) -> None:
    (cat, _) = at.server.http.get(f"/projects/{at.project}/classes").json()
    for path, attributes in (
        (f"/classes/{cat['id']}", LINES),
        (f"/projects/{at.project}", [{"name": "seen", "kind": "checkbox"}]),
    ):
        at.server.http.patch(path, json={"attributes": attributes}).raise_for_status()
    at.reload(0)


def test_objects_are_described_by_keys(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    define(at)
    press = at.page.keyboard.press
    panel = at.page.get_by_role("region", name="Attributes")
    press("b")
    at.drag((40, 40), (120, 140))
    at.count(1)
    assert described(at) == [{"colour": "red"}]
    press("q")  # of the object drawn last
    expect(panel.get_by_label("colour", exact=True)).to_be_focused()
    press("3")
    press("Enter")
    at.page.keyboard.type("30")
    expect(panel.get_by_text("From 0 to 20")).to_be_visible()
    press("Enter")
    expect(panel.get_by_label("age", exact=True)).to_be_focused()
    press("Control+a")
    at.page.keyboard.type("7,5")
    press("ArrowUp")
    press("Tab")
    at.page.keyboard.type("by hand")
    press("Enter")
    expect(panel.get_by_label("seen", exact=True)).to_be_focused()
    press("Space")
    press("Enter")
    expect(at.page.get_by_role("application")).to_be_focused()
    whole = {"colour": "blue", "age": 8, "note": "by hand", "seen": True}
    assert described(at) == [whole]
    shoot(at.page, "attributes-one")
    for left in ({"seen": None}, {"note": None}, {"age": None}):
        press("Control+z")
        whole = {key: value for key, value in whole.items() if key not in left}
        assert described(at) == [whole]
    press("Control+y")
    assert described(at) == [{"colour": "blue", "age": 8}]
    at.drag((200, 40), (280, 140))  # the tool stayed in the hand
    at.count(2)
    assert described(at) == [{"colour": "blue", "age": 8}, {"colour": "red"}]
    press("v")
    press("Control+a")
    expect(panel.get_by_role("heading")).to_contain_text("2 objects")
    expect(panel.get_by_label("colour", exact=True)).to_have_value("")
    expect(panel.get_by_label("age", exact=True)).to_have_attribute("placeholder", "different values")
    panel.get_by_text("–").click()  # the label of the box says that nothing is said
    panel.get_by_label("note", exact=True).fill("typed")
    shoot(at.page, "attributes-two")
    at.click(350, 250)  # nothing is selected now; what was typed belongs to those before
    expect(panel).to_be_hidden()
    assert described(at) == [
        {"colour": "blue", "age": 8, "note": "typed", "seen": True},
        {"colour": "red", "note": "typed", "seen": True},
    ]
    press("Control+z")
    press("Control+z")
    assert described(at) == [{"colour": "blue", "age": 8}, {"colour": "red"}]
    press("Escape")
    at.click(80, 90)
    press("Control+c")
    press("d")
    expect(at.page.get_by_text("2 of 3")).to_be_visible()
    press("Control+v")
    at.count(1)
    press("Shift+Q")
    shoot(at.page, "attributes-told")
    press("2")
    expect(panel.get_by_label("seen", exact=True)).to_be_visible()
    expect(panel.get_by_label("colour", exact=True)).to_be_hidden()
    expect(panel.get_by_text("colour: blue")).to_be_visible()
    panel.get_by_role("button", name="Take age away").click()
    press("1")
    expect(panel.get_by_label("colour", exact=True)).to_have_value("blue")
    at.saved()
    second = at.server.http.get(f"/projects/{at.project}/images?order=name").json()["items"][1]["id"]
    (found,) = at.server.http.get(f"/images/{second}/annotations").json()["annotations"]
    assert found["attributes"] == {"colour": "blue"}
    at.reload(1)
    press("Tab")
    expect(panel.get_by_label("colour", exact=True)).to_have_value("blue")
    press("a")
    expect(at.page.get_by_text("1 of 3")).to_be_visible()
    press("Shift+R")
    expect(at.page.get_by_text("1 with other attributes").first).to_be_visible()


def tagged(at: Desk, *wanted: list[str]) -> None:
    """Wait until the images have these tags, by name."""
    for _ in range(100):
        items = at.server.http.get(f"/projects/{at.project}/images?order=name").raise_for_status().json()["items"]
        found = [item["tags"] for item in items][: len(wanted)]
        if found == [*wanted]:
            return
        at.page.wait_for_timeout(100)
    assert found == [*wanted]


def test_images_are_tagged_one_by_one_and_many_at_once(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    page, press = at.page, at.page.keyboard.press
    press("Shift+A")
    field = page.get_by_role("combobox", name="Tags of this image")
    expect(field).to_be_focused()
    page.keyboard.type("night")
    press("Enter")
    page.keyboard.type("rain")
    press("Enter")
    press("Escape")
    expect(page.get_by_role("application")).to_be_focused()
    shoot(page, "tags-editor")
    tagged(at, ["night", "rain"])
    press("Control+z")
    tagged(at, ["night"])
    press("Control+z")
    tagged(at, [])
    press("Control+y")
    tagged(at, ["night"])
    page.goto(f"{at.server.address['url']}/projects/{at.project}/images?order=name")
    for name in ("a.png", "b.png"):
        page.get_by_role("checkbox", name=f"Select {name}").check(force=True)
    page.get_by_role("button", name="Tags", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Give all of them").fill("day")
    press("Enter")
    dialog.get_by_role("combobox", name="Take from all of them").fill("night")
    press("Enter")
    shoot(page, "tags-many")
    dialog.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("The tags of 2 images are changed")).to_be_visible()
    tagged(at, ["day"], ["day"], [])
    page.get_by_role("combobox", name="Tag", exact=True).click()
    page.get_by_role("option", name="day (2)").click()
    expect(page.get_by_text("c.png")).to_be_hidden()
    expect(page.get_by_text("b.png")).to_be_visible()
    shoot(page, "tags-filter")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("b.png")).to_be_hidden()
    tagged(at, ["night"], [], [])


def fields_are(at: Desk, wanted: dict[str, str]) -> None:
    """Wait until the first image has these metadata fields."""
    found: dict[str, str] = {}
    for _ in range(100):
        items = at.server.http.get(f"/projects/{at.project}/images?order=name").raise_for_status().json()["items"]
        found = items[0]["metadata"]
        if found == wanted:
            return
        at.page.wait_for_timeout(100)
    assert found == wanted


def test_the_open_image_gets_a_title_and_fields(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    page, press = at.page, at.page.keyboard.press
    press("Alt+t")
    panel = page.get_by_role("region", name="Metadata")
    title = panel.get_by_label("title", exact=True)
    expect(title).to_be_focused()
    page.keyboard.type("On the bridge")
    press("Escape")
    expect(page.get_by_role("application")).to_be_focused()
    fields_are(at, {"title": "On the bridge"})
    panel.get_by_label("author", exact=True).fill("Ann")
    panel.get_by_label("Another field").fill("camera")
    press("Enter")
    panel.get_by_label("camera", exact=True).fill("X100\nsecond line")
    press("Control+Enter")
    fields_are(at, {"title": "On the bridge", "author": "Ann", "camera": "X100\nsecond line"})
    shoot(page, "metadata-editor")
    press("Control+z")
    press("Control+z")
    fields_are(at, {"title": "On the bridge"})
    press("Control+y")
    fields_are(at, {"title": "On the bridge", "author": "Ann"})
    page.reload()
    expect(panel.get_by_label("title", exact=True)).to_have_value("On the bridge")
    expect(panel.get_by_label("author", exact=True)).to_have_value("Ann")
    panel.get_by_role("button", name="Metadata").click()
    expect(panel.get_by_text("On the bridge")).to_be_visible()


def test_the_library_as_a_table_is_written_in_place(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    page, press = at.page, at.page.keyboard.press
    page.goto(f"{at.server.address['url']}/projects/{at.project}/images?order=name")
    expect(page.get_by_role("grid")).to_be_visible()
    press("t")
    table = page.get_by_role("table", name="Images as a table")
    expect(table.get_by_role("row")).to_have_count(4)
    table.get_by_role("button", name="title of a.png: empty").click()
    page.keyboard.type("First")
    press("Enter")
    expect(table.get_by_role("button", name="title of b.png: empty")).to_be_focused()
    press("Enter")
    page.keyboard.type("not kept")
    press("Escape")
    fields_are(at, {"title": "First"})
    expect(table.get_by_role("button", name="title of a.png: First")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    fields_are(at, {})
    expect(table.get_by_role("button", name="title of a.png: empty")).to_be_visible()
    table.get_by_role("button", name="Columns").click()
    page.get_by_role("textbox", name="Another field").fill("camera")
    press("Enter")
    expect(table.get_by_role("columnheader", name="camera")).to_be_visible()
    expect(table.get_by_role("button", name="Columns")).to_be_in_viewport()
    page.get_by_label("description", exact=True).uncheck()
    press("Escape")
    expect(table.get_by_role("columnheader", name="camera")).to_be_visible()
    expect(table.get_by_role("columnheader", name="description")).to_be_hidden()
    table.get_by_role("button", name="camera of c.png: empty").click()
    page.keyboard.type("X100")
    press("Tab")
    expect(table.get_by_role("button", name="camera of c.png: X100")).to_be_visible()
    shoot(page, "library-table")
    table.get_by_role("button", name="Objects", exact=True).click()
    expect(table.get_by_role("columnheader", name="Objects")).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile("order=most_objects"))
    page.reload()
    expect(table.get_by_role("columnheader", name="camera")).to_be_visible()
    table.get_by_role("checkbox", name="Select b.png").check(force=True)
    expect(page.get_by_text("1 selected")).to_be_visible()
    press("Escape")
    page.get_by_role("button", name="Show pictures").click()
    expect(page.get_by_role("grid")).to_be_visible()
