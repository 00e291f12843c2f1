"""The annotation editor under a real mouse and keyboard: what is drawn is what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from desk import Desk

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def test_every_way_of_changing_a_box_is_stored_and_undone(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    expect(at.page.get_by_role("button", name="cat")).to_be_visible()
    press("b")
    at.drag((50, 50), (150, 120))
    at.click(200, 60)
    at.click(300, 160)
    at.count(2)
    assert at.boxes() == [[50, 50, 150, 120], [200, 60, 300, 160]]
    press("v")
    at.drag((100, 90), (110, 110))  # move
    assert at.boxes()[0] == [60, 70, 160, 140]
    at.drag((160, 140), (180, 200))  # resize at the lower right corner
    assert at.boxes()[0] == [60, 70, 180, 200]
    at.drag((180, 200), (30, 40))  # and through the opposite corner
    assert at.boxes()[0] == [30, 40, 60, 70]
    press("ArrowRight")
    press("Shift+ArrowDown")
    assert at.boxes()[0] == [31, 50, 61, 80]
    press("2")
    shoot(at.page, "editor-selected")
    for _ in range(7):
        press("Control+z")
    at.count(0)
    assert at.boxes() == []
    for _ in range(7):
        press("Control+y")
    assert at.boxes() == [[31, 50, 61, 80], [200, 60, 300, 160]]
    names = [item["class_id"] for item in at.stored()["annotations"]]
    assert names[0] != names[1]
    before = at.stored()
    at.reload(2)
    assert at.stored() == before


def test_the_first_box_of_a_project_asks_for_its_class(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(classes=())
    at.page.keyboard.press("n")
    at.drag((50, 50), (150, 120))
    question = at.page.get_by_role("dialog", name="What is this?")
    shoot(at.page, "editor-first-class")
    question.get_by_label("Class name").fill("apple")
    question.get_by_role("button", name="Add class").click()
    at.count(1)
    expect(at.objects.get_by_text("apple")).to_be_visible()
    assert at.boxes() == [[50, 50, 150, 120]]


def test_accidental_clicks_leave_nothing_and_keys_typed_into_fields_do_nothing(desk: Callable[..., Desk]) -> None:
    at = desk()
    at.page.keyboard.press("b")
    at.click(80, 80)
    at.page.keyboard.press("Escape")
    field = at.page.get_by_label("Filter or add a class")
    field.fill("bird")
    field.press("Enter")
    expect(at.page.get_by_role("button", name="bird")).to_have_attribute("aria-pressed", "true")
    field.press_sequentially("vbd1")
    at.count(0)
    expect(at.page.get_by_text("1 of 3")).to_be_visible()


def test_list_and_picture_show_each_other(desk: Callable[..., Desk]) -> None:
    at = desk()
    at.page.keyboard.press("b")
    at.drag((50, 50), (150, 120))
    at.drag((200, 60), (300, 160))
    at.page.keyboard.press("v")
    at.page.mouse.move(*at.screen(250, 100))
    row = at.objects.get_by_role("listitem").nth(1).locator("[data-hovered]")
    expect(row).to_have_attribute("data-hovered", "true")
    at.objects.get_by_role("button", name="Select object 1: cat").click()
    at.objects.get_by_label("Class of this object").select_option(label="dog")
    at.objects.get_by_role("button", name="Hide object 1").click()
    at.objects.get_by_role("button", name="Delete object 1").click()
    at.count(1)
    assert at.boxes() == [[200, 60, 300, 160]]


def test_next_and_previous_keep_tool_filter_and_undo(desk: Callable[..., Desk]) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("b")
    at.drag((50, 50), (150, 120))
    press("d")
    expect(at.page.get_by_text("2 of 3")).to_be_visible()
    at.count(0)
    at.drag((60, 60), (90, 90))
    at.count(1)
    press("PageUp")
    expect(at.page.get_by_text("1 of 3")).to_be_visible()
    at.count(1)
    press("Control+z")
    at.count(0)
    assert at.boxes() == []
    press("u")
    expect(at.page.get_by_text("3 of 3")).to_be_visible()


def test_without_the_server_nothing_is_lost(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(forgive="Failed to load resource")
    at.page.route("**/changes*", lambda route: route.abort())
    at.page.keyboard.press("b")
    at.drag((50, 50), (150, 120))
    at.saved("offline")
    at.drag((200, 60), (300, 160))
    shoot(at.page, "editor-offline")
    assert at.stored()["annotations"] == []
    at.page.unroute("**/changes*")
    assert at.boxes() == [[50, 50, 150, 120], [200, 60, 300, 160]]


def test_a_lost_reply_does_not_store_twice(desk: Callable[..., Desk]) -> None:
    at = desk(forgive="Failed to load resource")
    lost: list[str] = []

    def lose_first_reply(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data or "")
        route.fetch()
        route.abort()

    at.page.route("**/changes*", lose_first_reply)
    at.page.keyboard.press("b")
    at.drag((50, 50), (150, 120))
    assert at.boxes() == [[50, 50, 150, 120]]
    assert at.stored()["revision"] == 1


def test_two_pages_on_one_picture(desk: Callable[..., Desk], open_page: Open, shoot: Shoot) -> None:
    at = desk(forgive="Failed to load resource")
    other = Desk(open_page(at.server), at.server, at.image)
    other.page.goto(at.page.url)
    at.page.keyboard.press("b")
    at.drag((50, 50), (150, 120))
    at.drag((200, 60), (300, 160))
    other.count(2)  # told by the server, not asked for
    at.page.route("**/changes*", lambda route: route.abort())
    at.page.keyboard.press("v")
    at.drag((100, 80), (110, 80))
    at.saved("offline")
    other.drag((100, 80), (100, 100))
    other.drag((250, 80), (270, 80))
    other.saved()
    at.page.unroute("**/changes*")
    at.saved("conflict")
    at.page.get_by_role("button", name="Choose", exact=True).click()
    dialog = at.page.get_by_role("dialog", name="Changed in two places")
    shoot(at.page, "editor-conflict")
    dialog.get_by_role("button", name="Keep mine").click()
    assert at.boxes() == [[60, 50, 160, 120], [220, 60, 320, 160]]


def test_the_help_sheet_finds_keys(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    at.page.keyboard.press("?")
    sheet = at.page.get_by_role("dialog", name="Keys")
    sheet.get_by_label("Search keys").fill("undo")
    expect(sheet.get_by_text("Ctrl+Z", exact=True)).to_be_visible()
    expect(sheet.get_by_text("Next image")).to_have_count(0)
    shoot(at.page, "editor-help")
    at.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_a_picture_that_is_gone_says_so(desk: Callable[..., Desk]) -> None:
    at = desk(forgive="Failed to load resource")
    at.page.goto(re.sub(r"[0-9a-f-]{36}$", "01900000-0000-7000-8000-000000000000", at.page.url))
    expect(at.page.get_by_text("This image could not be opened")).to_be_visible()
