"""Two people label the same images without seeing each other's work; a reviewer compares and adopts one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import desk_on, new_project
from live import LiveServer
from looking import settle

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PASSWORD = "correct horse battery"


def signed_in(open_page: Callable[..., Page], server: LiveServer, name: str) -> Page:
    page = open_page(server, who="nobody", forgive="status of 401")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    return page


def test_two_label_one_image(
    server: LiveServer, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    project, images = new_project(server, "cat", name="Twice")
    for name in ("ann", "ben"):
        server.http.post("/users", json={"name": name, "password": PASSWORD}).raise_for_status()
        body = {"name": name, "role": "annotator"}
        server.http.post(f"/projects/{project}/members", json=body).raise_for_status()
    boss = open_page(server)
    boss.goto(f"{server.address['url']}/projects/{project}/images")
    boss.get_by_role("checkbox", name="Select a.png").check(force=True)
    boss.get_by_role("button", name="Assign").click()
    dialog = boss.get_by_role("dialog", name="Assign images")
    expect(dialog.get_by_role("checkbox", name="Label twice")).to_be_disabled()
    for name in ("ann", "ben"):
        dialog.get_by_role("checkbox", name=name).check()
    dialog.get_by_role("checkbox", name="Label twice").check()
    shoot(boss, "twice-assign")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(boss.get_by_text("1 image goes to two people")).to_be_visible()

    for name, boxes in (("ann", [(20, 20, 80, 80), (200, 100, 260, 160)]), ("ben", [(20, 20, 80, 76)])):
        page = signed_in(open_page, server, name)
        desk = desk_on(page, server, project, images[0])
        desk.count(0)  # nothing of the other one's work
        expect(page.get_by_text("You label this image for yourself")).to_be_visible()
        page.keyboard.press("b")
        for x0, y0, x1, y1 in boxes:
            desk.drag((x0, y0), (x1, y1))
        desk.count(len(boxes))
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.get_by_role("button", name="Withdraw", exact=True)).to_be_visible()
        page.reload()
        settle(page)
        desk.count(len(boxes))
    assert desk.server.http.get(f"/images/{images[0]}/work").json()["state"] == "submitted"
    assert desk.stored()["annotations"] == [], "the ground truth is untouched"

    boss.goto(f"{server.address['url']}/projects/{project}/work")
    boss.get_by_role("link", name="Agreement").click()
    pair = boss.get_by_role("region", name="ann and ben")
    expect(pair.get_by_role("row", name=re.compile(r"^All classes 2 1 1 0\.9\d\d 0\.667$"))).to_be_visible()
    expect(pair.get_by_role("row", name=re.compile(r"^cat 2 1 1"))).to_be_visible()
    shoot(boss, "agreement")
    boss.get_by_role("button", name="Compare a.png").click()
    compare = boss.get_by_role("dialog", name="a.png")
    expect(compare.locator("g[data-matched=true]")).to_have_count(2)
    expect(compare.locator("g[data-side='0'][data-matched=false]")).to_have_count(1)
    shoot(boss, "agreement-overlaid")
    compare.get_by_text("Side by side").click()
    expect(compare.locator("figure")).to_have_count(2)
    shoot(boss, "agreement-beside")
    compare.get_by_role("button", name="Adopt ann").click()
    expect(boss.get_by_text("What ann drew is the ground truth now")).to_be_visible()
    stored = desk.stored()["annotations"]
    found = sorted(tuple(round(item["geometry"][key]) for key in ("x0", "y0", "x1", "y1")) for item in stored)
    assert found == [(20, 20, 80, 80), (200, 100, 260, 160)]
    boss.set_viewport_size({"width": 390, "height": 844})
    settle(boss)
    shoot(boss, "agreement-phone")
