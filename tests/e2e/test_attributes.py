"""Attributes of classes: defined in the list of classes, and given to objects, under a real mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk import new_project
from live import LiveServer

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
    page.wait_for_load_state("networkidle")
    assert [(one["name"], one["kind"], one["choices"], one["default"]) for one in defined(server, project)] == [
        ("age", "number", [], None),
        ("colour", "select", ["green", "blue"], "green"),
        ("seen", "text", [], None),
    ]
    page.get_by_role("button", name="Undo").click()
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
