"""The command palette and the choice of a class at the pointer, also among a thousand classes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import Desk

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]


def classes_of(at: Desk) -> list[str]:
    """The names of the classes of what is stored, in the order in which it was drawn."""
    at.saved()
    names = {item["id"]: item["name"] for item in at.server.http.get(f"/projects/{at.project}/classes").json()}
    return [names[item["class_id"]] for item in at.stored()["annotations"]]


def test_palette_and_picker(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(classes=tuple(f"part {number:04}" for number in range(1000)))
    page, press = at.page, at.page.keyboard.press
    expect(page.get_by_role("button", name="part 0000")).to_be_visible()

    press("Control+k")
    palette = page.get_by_role("dialog", name="Command palette")
    field = palette.get_by_role("combobox")
    expect(field).to_be_focused()
    shoot(page, "editor-palette")
    field.fill("draw box")
    press("Enter")
    expect(palette).to_have_count(0)
    expect(page.get_by_role("button", name="Draw boxes")).to_have_attribute("aria-pressed", "true")
    press("Control+k")
    field.fill("0777")
    press("Enter")
    expect(page.get_by_role("button", name="part 0777")).to_have_attribute("aria-pressed", "true")
    press("Control+k")
    field.fill("c.png")
    expect(palette.get_by_role("option", name="c.png")).to_be_visible()
    press("Enter")
    expect(page.get_by_text("3 of 3")).to_be_visible()
    press("Control+k")
    field.fill("change the keys")
    press("Enter")
    expect(page.get_by_role("dialog", name="Change the keys")).to_be_visible()
    press("Escape")
    press("PageUp")
    expect(page.get_by_text("2 of 3")).to_be_visible()
    press("PageUp")
    expect(page.get_by_text("1 of 3")).to_be_visible()

    # Asked after each shape: the last used first, a digit or some letters are enough.
    page.get_by_role("button", name="Ask for the class after each shape").click()
    press("b")
    picker = page.get_by_role("dialog", name="Choose the class")
    at.drag((50, 50), (150, 120))
    expect(picker.get_by_role("option").first).to_contain_text("part 0777")
    shoot(page, "editor-picker")
    picker.get_by_role("combobox").fill("0042")
    press("Enter")
    expect(picker).to_have_count(0)
    at.drag((200, 60), (300, 160))
    expect(picker.get_by_role("option").first).to_contain_text("part 0042")
    press("2")
    at.drag((50, 150), (100, 200))
    press("Escape")
    assert classes_of(at) == ["part 0042", "part 0777", "part 0777"]
    page.get_by_role("button", name="Ask for the class after each shape").click()

    # With a key for what is selected; one step of undo.
    press("v")
    at.click(250, 100)
    press("c")
    picker.get_by_role("combobox").fill("0999")
    press("Enter")
    assert classes_of(at) == ["part 0042", "part 0999", "part 0777"]
    press("Control+z")
    assert classes_of(at) == ["part 0042", "part 0777", "part 0777"]
    press("Control+y")
    assert classes_of(at) == ["part 0042", "part 0999", "part 0777"]
    before = at.stored()
    page.reload()
    at.count(3)
    assert at.stored()["annotations"] == before["annotations"]
