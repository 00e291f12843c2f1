"""Classes merged, split and deleted on the page: shown first, done, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import new_project
from live import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SERVER = "of_all"
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def furnish(server: LiveServer, project: str, images: list[str]) -> None:
    """A small and a large car on the first image, a van on the others."""
    classes = {one["name"]: one["id"] for one in server.http.get(f"/projects/{project}/classes").json()}
    sides = (("car", 10), ("car", 60)), (("van", 20),), (("van", 30),)
    for number, image in enumerate(images):
        changes = [
            {
                "op": "upsert",
                "annotation": {
                    "id": f"01a2204e-4c82-7252-8654-bb99a837{number}{place}00",
                    "class_id": classes[word],
                    "geometry": {"type": "box", "x0": 5, "y0": 5, "x1": 5 + side, "y1": 5 + side},
                },
            }
            for place, (word, side) in enumerate(sides[number])
        ]
        body = {"change_id": f"{number}", "base_revision": 0, "changes": changes}
        server.http.post(f"/images/{image}/changes", json=body).raise_for_status()


def kinds(server: LiveServer, project: str) -> dict[str, int]:
    return {one["name"]: one["annotations"] for one in server.http.get(f"/projects/{project}/classes").json()}


def test_classes_are_merged_split_and_deleted(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "car", "van", "sky", name="Street")
    furnish(server, project, images)
    before = kinds(server, project)
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/settings")
    page.get_by_role("checkbox", name="Mark class car").check()
    page.get_by_role("checkbox", name="Mark class van").check()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Merge car and van")
    expect(dialog.get_by_role("row", name=re.compile("^van|^car"))).to_have_count(1)
    expect(dialog.get_by_role("button", name="Merge 2 objects")).to_be_enabled()
    shoot(page, "classes-merge")
    page.keyboard.press("Control+Enter")
    message = page.get_by_role("alert").filter(has_text=re.compile("merged into"))
    expect(message).to_be_visible()
    expect(dialog).to_have_count(0)
    assert sorted(kinds(server, project).values()) == [0, 4]
    message.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: 2 objects on")).to_be_visible()
    assert kinds(server, project) == before

    # A part, by size; and back from the list.
    page.get_by_role("button", name="More for class car").click()
    page.get_by_role("menuitem", name="Split…").click()
    dialog = page.get_by_role("dialog", name="Split car")
    dialog.get_by_label("Into class").fill("large car")
    expect(dialog.get_by_text("Say which objects")).to_be_visible()
    dialog.get_by_role("textbox", name="Size in pixels: from").fill("1000")
    expect(dialog.get_by_role("button", name="Move 1 object")).to_be_enabled()
    shoot(page, "classes-split")
    dialog.get_by_role("button", name="Move 1 object").click()
    expect(page.get_by_text("Now large car, not car: 1 object on 1 image")).to_be_visible()
    assert kinds(server, project)["large car"] == 1
    recent = page.get_by_role("region", name="Recent changes")
    recent.get_by_role("button", name="Undo: Objects of car moved to large car").click()
    expect(recent.get_by_text("A change of car taken back")).to_be_visible()
    assert kinds(server, project) == before

    # A name that is taken offers the merge; Esc leaves all as it is.
    name = page.get_by_role("textbox", name="Name of class van")
    name.fill("car")
    expect(page.get_by_text("2 objects on 2 images will show the new name.")).to_be_visible()
    name.press("Enter")
    expect(page.get_by_text("There is a class car already")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert kinds(server, project) == before

    page.get_by_role("button", name="More for class sky").click()
    page.get_by_role("menuitem", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("sky deleted")).to_be_visible()
    assert "sky" not in kinds(server, project)
