"""Several hands on one picture: live changes by name, questions where one shape changed twice, nobody's work in
another's name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from boxwright.domain.ids import new_id
from desk import Desk, desk_on, new_project
from live import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.crash]
SERVER = "of_module"
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
# Requests fail while there is no network or nobody is signed in, and the browser says so in the console.
WANTED = r"Failed to load resource|net::ERR|40[139]"
PASSWORD = "staple of the nation"


def boxes(server: LiveServer, image: str) -> list[list[float]]:
    items = server.http.get(f"/images/{image}/annotations").raise_for_status().json()["annotations"]
    return sorted([round(item["geometry"][key]) for key in ("x0", "y0", "x1", "y1")] for item in items)


def draw(at: Desk, start: tuple[float, float], end: tuple[float, float]) -> None:
    at.page.keyboard.press("b")
    at.drag(start, end)


def said(at: Desk) -> Locator:
    """What a screen reader has been told last about saving."""
    return at.page.locator("[data-save-state] + [role=status]")


def put(server: LiveServer, image: str, *corners: float) -> None:
    """Draw a box, or put the only one somewhere else, as another program would."""
    stored = server.http.get(f"/images/{image}/annotations").json()
    project = server.http.get(f"/images/{image}").json()["project_id"]
    new = {"id": new_id(), "class_id": server.http.get(f"/projects/{project}/classes").json()[0]["id"]}
    geometry = dict(zip(("x0", "y0", "x1", "y1"), corners, strict=True), type="box")
    item = next(iter(stored["annotations"]), new) | {"geometry": geometry}
    body = {"change_id": new_id(), "base_revision": stored["revision"]}
    body["changes"] = [{"op": "upsert", "annotation": item}]
    server.http.post(f"/images/{image}/changes", json=body).raise_for_status()


def add_user(server: LiveServer, project: str, name: str) -> None:
    user = server.http.post("/users", json={"name": name, "password": PASSWORD}).raise_for_status().json()["id"]
    member = f"/projects/{project}/members/{user}"
    server.http.put(member, json={"role": "annotator"}).raise_for_status()


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name=f"Account of {name}")).to_be_visible()


def test_two_hands_on_one_picture(server: LiveServer, open_page: Open) -> None:
    project, images = new_project(server, "cat")
    pages = [open_page(server, forgive=WANTED) for _ in range(2)]
    one, two = (desk_on(page, server, project, images[0]) for page in pages)
    draw(one, (20, 20), (80, 80))
    two.count(1)
    expect(said(two)).to_have_text("You changed 1 object in another tab")
    # Both draw while neither hears of the other: different shapes need no question.
    for at in (one, two):
        at.page.context.set_offline(True)
    draw(one, (100, 20), (160, 80))
    draw(two, (200, 20), (260, 80))
    for at in (one, two):
        at.page.keyboard.press("v")
        at.click(50, 50)
    one.page.keyboard.press("ArrowDown")
    two.page.keyboard.press("ArrowRight")
    for at in (one, two):
        at.saved("offline")
        at.page.context.set_offline(False)
        at.page.keyboard.press("Control+s")
    asked = next(at for at in (one, two) if at.asked())
    # Ctrl+S opens the choice. It is open already where the page had sent and been refused before the first Ctrl+S.
    asked.page.keyboard.press("Control+s")
    asked.page.get_by_role("button", name="Keep mine").click()
    for at in (one, two):
        at.saved()
        at.count(3)
    moved = [21, 20, 81, 80] if asked is two else [20, 21, 80, 81]
    assert boxes(server, images[0]) == sorted([moved, [100, 20, 160, 80], [200, 20, 260, 80]])
    expect(one.page.get_by_text(re.compile("Somebody else"))).to_have_count(0)


def test_work_that_waits_for_its_owner_is_shown_until_it_is_saved(
    server: LiveServer, open_page: Open, shoot: Shoot
) -> None:
    server.stay()
    project, images = new_project(server, "cat")
    for image in images[:2]:
        put(server, image, 20, 20, 80, 80)
    page = open_page(server, forgive=WANTED)
    at = desk_on(page, server, project, images[0])
    for key, place in (("d", "2 of 3"), ("PageUp", "1 of 3")):
        page.keyboard.press(key)
        expect(page.get_by_text(place)).to_be_visible()
        at.count(1)
    server.kill()
    at.drag((50, 50), (60, 50))
    at.saved("offline")
    page.keyboard.press("d")
    expect(page.get_by_text("b.png").and_(page.locator(":visible")).first).to_be_visible()
    at.count(1)
    at.drag((50, 50), (50, 70))
    at.saved("offline")
    context = page.context
    page.close()
    server.start()
    put(server, images[0], 200, 200, 250, 250)
    bulk(server, project, images[1], "trash")
    page = context.new_page()
    page.goto(f"{server.address['url']}/projects")
    expect(page.get_by_text("2 images have unsaved work from before.")).to_be_visible()
    shoot(page, "journal-banner")
    page.get_by_role("link", name="Open a.png").click()
    page.get_by_role("button", name="Choose", exact=True).click()
    dialog = page.get_by_role("dialog", name="Changed in two places")
    expect(dialog.get_by_text("By you, elsewhere")).to_be_visible()
    shoot(page, "journal-conflict")
    dialog.get_by_role("button", name="Keep mine").click()
    Desk(page, server, images[0]).saved()
    assert boxes(server, images[0]) == [[30, 20, 90, 80]]
    page.get_by_role("button", name="Back to images").click()
    expect(page.get_by_text("1 image has unsaved work from before.")).to_be_visible()
    bulk(server, project, images[1], "restore")
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("unsaved work from before")).to_have_count(0)
    assert boxes(server, images[1]) == [[20, 40, 80, 100]]


def bulk(server: LiveServer, project: str, image: str, action: str) -> None:
    body = {"action": action, "ids": [image]}
    server.http.post(f"/projects/{project}/images/bulk", json=body).raise_for_status()


def test_two_people_and_one_browser(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat")
    for name in ("ann", "ben"):
        add_user(server, project, name)
    pages = [open_page(server, forgive=WANTED, who="nobody") for _ in range(2)]
    for page, name in zip(pages, ("ann", "ben"), strict=True):
        sign_in(page, name)
    ann, ben = (desk_on(page, server, project, images[0]) for page in pages)
    draw(ann, (20, 20), (80, 80))
    expect(said(ben)).to_have_text("ann changed 1 object")
    shoot(ben.page, "live-change")
    # A dragged shape is not torn from the hand: the work of others arrives when it is let go.
    ben.page.keyboard.press("v")
    ben.page.mouse.move(*ben.screen(50, 50))
    ben.page.mouse.down()
    ben.page.mouse.move(*ben.screen(60, 50), steps=3)
    draw(ann, (200, 20), (260, 80))
    ann.saved()
    ben.count(1)
    ben.page.mouse.up()
    ben.count(2)
    assert sorted(ben.boxes()) == [[30, 20, 90, 80], [200, 20, 260, 80]]
    # In another tab of ann's browser ben signs in. What she draws now is not saved in his name.
    draw(ann, (100, 20), (160, 80))
    ann.saved()
    ann.page.route("**/changes*", lambda route: route.abort())
    draw(ann, (20, 120), (80, 180))
    ann.saved("offline")
    ann.page.context.clear_cookies()
    ann.page.context.add_cookies(ben.page.context.cookies())  # type: ignore[arg-type]
    ann.page.unroute("**/changes*")
    expect(ann.page.get_by_role("button", name="Account of ben")).to_be_visible()
    ben.count(3)
    ann.page.context.clear_cookies()
    ann.page.reload()
    sign_in(ann.page, "ann")
    ben.count(4)
    authors = {item["author_id"] for item in ben.stored()["annotations"] if item["geometry"]["y0"] > 100}
    assert authors == {user_id(server, "ann")}


def user_id(server: LiveServer, name: str) -> str:
    return str(next(item["id"] for item in server.http.get("/users").json()["items"] if item["name"] == name))
