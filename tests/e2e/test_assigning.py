"""Images are given to somebody, submitted, returned with a reason and accepted: three people at three browsers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts import add_people, signed_in
from desk import Desk, desk_on, new_project
from live import LiveServer
from looking import settle

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
ROLES = {"ben": "annotator", "eve": "annotator", "rev": "reviewer"}


def assign(page: Page, server: LiveServer, project: str, shoot: Shoot) -> None:
    """Give all three to ben, take that back, give them to both, then all to ben again."""
    page.goto(f"{server.address['url']}/projects/{project}/images")
    for name in "abc":
        page.get_by_role("checkbox", name=f"Select {name}.png").check(force=True)
    page.get_by_role("button", name="Assign").click()
    dialog = page.get_by_role("dialog", name="Assign images")
    expect(dialog.get_by_text("3 images")).to_be_visible()
    expect(dialog.get_by_role("button", name="Assign", exact=True)).to_be_disabled()
    for name in ("ben", "eve"):
        dialog.get_by_role("checkbox", name=name).check()
    shoot(page, "assign-dialog")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("gridcell", name=re.compile(r"^a.png.*ben: New"))).to_be_visible()
    expect(page.get_by_role("gridcell", name=re.compile(r"^c.png.*eve: New"))).to_be_visible()
    page.get_by_role("combobox", name="Assigned to").click()
    page.get_by_role("option", name="eve").click()
    expect(page.get_by_role("gridcell")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("gridcell")).to_have_count(1)
    expect(page).to_have_url(re.compile("assignee="))
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("checkbox", name="Select c.png").check(force=True)
    page.get_by_role("button", name="Assign").click()
    dialog.get_by_role("checkbox", name="ben").check()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("gridcell", name=re.compile(r"^c.png.*ben: New"))).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("gridcell", name=re.compile(r"^c.png.*eve: New"))).to_be_visible()
    shoot(page, "assign-library")


def state(page: Page, word: str) -> None:
    expect(page.locator(f"[data-work-state={word}]")).to_be_visible()


def test_an_image_goes_from_hand_to_hand(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", name="Together")
    boss = open_page(server)
    boss.goto(f"{server.address['url']}/projects/{project}/images")
    expect(boss.get_by_role("gridcell")).to_have_count(3)
    expect(boss.get_by_role("link", name="Work")).to_have_count(0)  # alone, nobody is bothered
    add_people(server, project, ROLES)
    expect(boss.get_by_role("link", name="Work")).to_be_visible()
    assign(boss, server, project, shoot)

    ben = signed_in(open_page, server, "ben")
    ben.goto(f"{server.address['url']}/projects/{project}/work")
    mine = ben.get_by_role("region", name="My work")
    expect(mine.get_by_role("link", name="Show 2 images: you, New")).to_be_visible()
    shoot(ben, "work-page")
    mine.get_by_role("link", name="Continue").click()
    expect(ben.get_by_text("1 of 2")).to_be_visible()
    desk = Desk(ben, server, images[0], project)
    settle(ben)
    state(ben, "new")
    ben.keyboard.press("b")
    desk.drag((20, 20), (80, 80))
    ben.keyboard.press("Control+Enter")
    expect(ben.get_by_text("Submitted for review")).to_be_visible()
    expect(ben).to_have_url(re.compile(images[1]))  # the next one of the queue
    state(ben, "new")

    rev = signed_in(open_page, server, "rev")
    rev.goto(f"{server.address['url']}/projects/{project}/work")
    rev.get_by_role("region", name="Waiting for review").get_by_role("link", name="Review next").click()
    expect(rev).to_have_url(re.compile(images[0]))
    state(rev, "submitted")
    settle(rev)
    # Ben went on to the next one when he submitted this: nobody else is here, until he comes back below.
    expect(rev.locator("[data-others]")).to_have_count(0)
    rev.keyboard.press("Shift+Y")
    rev.get_by_label("What is to be mended?").fill("the left edge is too wide")
    shoot(rev, "work-return")
    rev.keyboard.press("Enter")
    state(rev, "returned")

    ben.keyboard.press("Shift+U")
    expect(ben).to_have_url(re.compile(images[0]))  # what was returned comes first
    expect(ben.get_by_text("the left edge is too wide")).to_be_visible()
    expect(ben.get_by_text("Also here: rev")).to_be_visible()
    expect(rev.get_by_text("Also here: ben")).to_be_visible()
    shoot(ben, "work-returned")
    settle(ben)
    ben.keyboard.press("b")
    desk.drag((120, 20), (180, 80))
    state(ben, "in_work")
    ben.get_by_role("button", name="Submit", exact=True).click()
    state(rev, "submitted")
    expect(rev.locator("[data-others]")).to_have_count(0)  # ben went on again
    rev.keyboard.press("y")
    state(rev, "accepted")
    rev.get_by_role("button", name="Undo", exact=True).last.click()
    state(rev, "submitted")
    rev.keyboard.press("y")
    state(rev, "accepted")
    shoot(rev, "work-accepted")
    stored = server.http.get(f"/images/{images[0]}/work").raise_for_status().json()
    assert (stored["state"], stored["assignee_name"]) == ("accepted", "ben")
    steps = ["accept", "reopen", "accept", "submit", "start", "return", "submit", "start", "assign"]
    assert [entry["step"] for entry in stored["log"]] == steps
    expect(boss.get_by_role("gridcell", name=re.compile(r"^a.png.*ben: Accepted"))).to_be_visible()

    phone = signed_in(open_page, server, "eve", width=390, height=844)
    at = desk_on(phone, server, project, images[0])
    at.page.get_by_role("button", name="Show classes and objects").click()
    state(phone, "accepted")
    shoot(phone, "work-phone")
    phone.goto(f"{server.address['url']}/projects/{project}/work")
    expect(phone.get_by_role("region", name="My work")).to_be_visible()
    shoot(phone, "work-page-phone")


def test_who_works_alone_never_meets_it(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", name="Alone")
    page = open_page(server)
    desk_on(page, server, project, images[0])
    expect(page.locator("[data-work-state]")).to_have_count(0)
    page.goto(f"{server.address['url']}/projects/{project}/settings")
    page.get_by_text("Always").click()
    expect(page.get_by_text("The setting is saved")).to_be_visible()
    shoot(page, "work-settings")
    desk_on(page, server, project, images[0])
    state(page, "new")
