"""Keys as a person wants them: presets of other tools, rebinding with a question, other keyboards; remembered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from desk import Desk

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]


def settings(at: Desk) -> Locator:
    at.page.keyboard.press("F2")
    dialog = at.page.get_by_role("dialog", name="Change the keys")
    expect(dialog).to_be_visible()
    return dialog


def row(dialog: Locator, action: str) -> Locator:
    return dialog.locator(f"[data-action={action}]")


def place(at: Desk, words: str) -> None:
    expect(at.page.get_by_text(words)).to_be_visible()


def test_presets_and_own_keys(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    expect(at.page.get_by_role("button", name="cat")).to_be_visible()
    dialog = settings(at)
    shoot(at.page, "editor-key-settings")
    dialog.get_by_text("CVAT", exact=True).click()
    press("Escape")
    expect(dialog).to_have_count(0)

    # F goes on and D back, N draws, Ctrl and a digit choose the class; the class list says so.
    press("f")
    place(at, "2 of 3")
    press("d")
    place(at, "1 of 3")
    expect(at.page.get_by_title("key Ctrl+2")).to_be_visible()
    press("Control+2")
    press("n")
    at.drag((50, 50), (150, 120))
    at.count(1)
    expect(at.objects.get_by_text("dog")).to_be_visible()
    at.saved()

    # A key that is free is taken at once; one that is taken asks first. Both last beyond a reload.
    dialog = settings(at)
    row(dialog, "box").get_by_role("button", name="Add a key").click()
    press(";")
    expect(row(dialog, "box").get_by_text(";", exact=True)).to_be_visible()
    row(dialog, "fit").get_by_role("button", name="Add a key").click()
    press("Control+d")
    expect(dialog.get_by_role("alert")).to_contain_text("Ctrl+D is taken: Duplicate.")
    shoot(at.page, "editor-key-taken")
    dialog.get_by_role("button", name="Cancel").click()
    expect(row(dialog, "duplicate").get_by_text("Ctrl+D", exact=True)).to_be_visible()
    row(dialog, "fit").get_by_role("button", name="Add a key").click()
    press("Control+d")
    dialog.get_by_role("button", name="Replace").click()
    expect(row(dialog, "duplicate").get_by_text("no key")).to_be_visible()
    row(dialog, "undo").get_by_role("button", name="Add a key").click()
    press("Control+w")
    expect(dialog.get_by_role("alert")).to_contain_text("the browser keeps it")
    dialog.get_by_role("button", name="Cancel").click()
    row(dialog, "undo").get_by_role("button", name="Take Ctrl+Z away").click()
    press("Escape")
    at.reload(1)
    press("Control+z")
    press("Control+d")
    at.count(1)
    press(";")
    expect(at.page.get_by_role("button", name="Draw boxes")).to_have_attribute("aria-pressed", "true")

    # One action as in the preset again, then all.
    dialog = settings(at)
    row(dialog, "duplicate").get_by_role("button", name="As in the preset").click()
    expect(row(dialog, "fit").get_by_text("Ctrl+D", exact=True)).to_have_count(0)
    dialog.get_by_role("button", name="Reset all").click()
    expect(row(dialog, "box").get_by_text(";", exact=True)).to_have_count(0)
    dialog.get_by_label("Search actions").fill("take the")
    expect(dialog.get_by_text("No action has this name or key.")).to_be_visible()
    dialog.get_by_text("Boxwright", exact=True).click()
    press("Escape")

    # The help sheet shows the keys of today and leads to the settings.
    press("?")
    sheet = at.page.get_by_role("dialog", name="Keys", exact=True)
    sheet.get_by_label("Search keys").fill("next image")
    expect(sheet.get_by_text("D", exact=True)).to_be_visible()
    sheet.get_by_role("button", name="Change the keys").click()
    expect(at.page.get_by_role("dialog", name="Change the keys")).to_be_visible()
    press("Escape")

    # A keyboard that writes Cyrillic: the place of the key counts.
    at.page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'в', code: 'KeyD', bubbles: true }))")
    place(at, "2 of 3")
