"""The library is narrowed in a dialog by keys and mouse; chips take filters away; the address holds the view."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from boxwright.domain.ids import new_id
from desk import new_project, picture
from live import LiveServer

SERVER = "of_all"
pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
PRESSED_TWICE = """async () => {
  const press = () => new KeyboardEvent("keydown", { key: "t", code: "KeyT", bubbles: true });
  for (const _ of [1, 2]) document.body.dispatchEvent(press());
  await new Promise((done) => setTimeout(done, 300));
}"""


def furnish(server: LiveServer, project: str, images: list[str]) -> None:
    """Tag `a` and `b`; draw a small cat on `a` and a large dog on `b`."""
    classes = {one["name"]: one["id"] for one in server.http.get(f"/projects/{project}/classes").json()}
    tagged = {"ids": images[:2], "add": ["night"], "remove": []}
    server.http.post(f"/projects/{project}/images/tags", json=tagged).raise_for_status()
    for number, (word, side) in enumerate((("cat", 10), ("dog", 60))):
        shape = {"type": "box", "x0": 0, "y0": 0, "x1": side, "y1": side}
        one = {"id": new_id(), "class_id": classes[word], "geometry": shape}
        change = {"change_id": word, "base_revision": 0, "changes": [{"op": "upsert", "annotation": one}]}
        server.http.post(f"/images/{images[number]}/changes", json=change).raise_for_status()


def shown(page: Page, *names: str) -> None:
    cells = page.get_by_role("gridcell")
    expect(cells).to_have_count(len(names))
    for name in names:
        expect(page.get_by_role("gridcell", name=re.compile(f"^{name}"))).to_be_visible()


def chip(page: Page, label: str) -> None:
    page.get_by_role("button", name=f"Remove the filter {label}").click()


def test_filters_combine(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", "dog", name="Library")
    furnish(server, project, images)
    address = f"{server.address['url']}/projects/{project}/images"
    page = open_page(server)
    page.goto(address)
    shown(page, "a.png", "b.png", "c.png")

    page.keyboard.press("f")
    dialog = page.get_by_role("dialog", name="Filter images")
    expect(dialog.get_by_role("combobox", name="Any of these classes")).to_be_focused()
    page.keyboard.type("ca")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("do")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog.get_by_label("Number of objects: from").fill("1")
    shoot(page, "library-filter")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    shown(page, "a.png", "b.png")
    shoot(page, "library-chips")

    page.get_by_role("button", name=re.compile("^Filter")).click()
    dialog.get_by_label("Size in pixels: from").fill("1000")
    dialog.get_by_role("button", name="Show images").click()
    shown(page, "b.png")
    page.reload()
    shown(page, "b.png")
    expect(page).to_have_url(re.compile("min_area=1000"))
    chip(page, "Size: from 1,000 px")
    shown(page, "a.png", "b.png")

    page.goto(f"{address}?tag=night&max_objects=0")
    expect(page.get_by_text("No image matches these filters")).to_be_visible()
    chip(page, "Tag: night")
    shown(page, "c.png")
    page.get_by_role("button", name="Clear filters").click()
    shown(page, "a.png", "b.png", "c.png")

    frozen = server.http.post(f"/projects/{project}/versions", json={"name": "before"})
    frozen.raise_for_status()
    page.goto(address)
    shown(page, "a.png", "b.png", "c.png")
    server.http.patch(f"/images/{images[2]}", json={"split": "val"}).raise_for_status()
    page.get_by_role("button", name=re.compile("^Filter")).click()
    dialog.get_by_label("Changed since version").select_option("before")
    dialog.get_by_role("button", name="Show images").click()
    shown(page, "c.png")
    chip(page, "Changed since: before")
    shown(page, "a.png", "b.png", "c.png")

    page.goto(f"{address}?order=most_objects&min_objects=1")
    page.get_by_role("gridcell").first.dblclick()
    expect(page).to_have_url(re.compile(r"/annotate/.*min_objects=1"))


def test_views_are_saved_and_opened(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", "dog", name="Viewed library")
    furnish(server, project, images)
    address = f"{server.address['url']}/projects/{project}/images"
    page = open_page(server)
    page.goto(f"{address}?tag=night&order=name&from=2026-01-01")
    shown(page, "a.png", "b.png")
    page.keyboard.press("v")
    expect(page.get_by_text("No view is saved yet")).to_be_visible()
    page.get_by_role("menuitem", name="Save or change views").click()
    dialog = page.get_by_role("dialog", name="Saved views")
    dialog.get_by_label("Save what is shown now as").fill("Dark ones")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Show the view Dark ones")).to_be_visible()
    shoot(page, "views-dialog")
    page.keyboard.press("Escape")

    page.goto(address)
    shown(page, "a.png", "b.png", "c.png")
    page.keyboard.press("v")
    expect(page.get_by_role("menuitem", name="Dark ones")).to_be_visible()
    shoot(page, "views-menu")
    page.get_by_role("menuitem", name="Dark ones").click()
    shown(page, "a.png", "b.png")
    expect(page).to_have_url(re.compile("tag=night"))
    expect(page).to_have_url(re.compile("from=2026-01-01"))
    menu = page.get_by_role("button", name="Dark ones", exact=True)
    expect(menu).to_be_visible()

    page.goto(f"{address}?max_objects=0")
    shown(page, "c.png")
    page.keyboard.press("v")
    page.get_by_role("menuitem", name="Save or change views").click()
    dialog.get_by_role("button", name="Rename Dark ones").click()
    dialog.get_by_label("New name of Dark ones").fill("Empty ones")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Let Empty ones show what is shown now").click()
    expect(dialog.get_by_text("Objects: up to 0")).to_be_visible()
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(dialog.get_by_text("Tag: night")).to_be_visible()
    dialog.get_by_role("button", name="Delete Empty ones").click()
    expect(dialog.get_by_text("No view is saved yet")).to_be_visible()
    page.get_by_role("alert").filter(has_text="is deleted").get_by_role("button", name="Undo").click()
    dialog.get_by_role("button", name="Show the view Empty ones").click()
    shown(page, "a.png", "b.png")


def test_the_table_and_its_columns_stand_in_the_address_and_in_views(server: LiveServer, open_page: Open) -> None:
    project, _ = new_project(server, "cat", name="Columns")
    address = f"{server.address['url']}/projects/{project}/images"
    page = open_page(server)
    page.goto(address)
    shown(page, "a.png", "b.png", "c.png")
    page.keyboard.press("t")
    expect(page.get_by_role("columnheader", name="author")).to_be_visible()
    expect(page).to_have_url(re.compile("as=table.*columns="))
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="author").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("columnheader", name="author")).to_have_count(0)
    shared = page.url
    views = f"/projects/{project}/views"
    page.keyboard.press("v")
    page.get_by_role("menuitem", name="Save or change views").click()
    dialog = page.get_by_role("dialog", name="Saved views")
    dialog.get_by_label("Save what is shown now as").fill("Without authors")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Show the view Without authors")).to_be_visible()
    (view,) = server.http.get(views).json()
    assert view["layout"] == "table"
    assert "author" not in view["columns"]
    page.keyboard.press("Escape")

    # Two presses before the address has followed: the second takes the first back.
    page.evaluate(PRESSED_TWICE)
    expect(page.get_by_role("columnheader", name="title")).to_be_visible()
    assert page.url == shared

    # Back to pictures; the address alone, in a browser that remembers nothing, shows the very table.
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("as=pictures"))
    other = open_page(server)
    other.goto(shared)
    expect(other.get_by_role("columnheader", name="title")).to_be_visible()
    expect(other.get_by_role("columnheader", name="author")).to_have_count(0)
    assert other.url == shared
    # So does the view.
    page.bring_to_front()
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_role("menuitem", name="Without authors").click()
    expect(page.get_by_role("columnheader", name="title")).to_be_visible()
    expect(page.get_by_role("columnheader", name="author")).to_have_count(0)


def test_metadata_is_written_for_several_images(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", name="Paintings")

    def said() -> list[dict[str, str]]:
        return [server.http.get(f"/images/{image}").json()["metadata"] for image in images]

    server.http.patch(f"/images/{images[0]}", json={"metadata": {"author": "Vermeer"}}).raise_for_status()
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images")
    for name in ("a.png", "b.png"):
        page.get_by_role("checkbox", name=f"Select {name}").check(force=True)
    page.get_by_role("button", name="Metadata").click()
    dialog = page.get_by_role("dialog", name="Metadata of 2 images")
    expect(dialog.get_by_label("author", exact=True)).to_have_attribute("placeholder", re.compile("^Different values"))
    dialog.get_by_label("Another field").fill("title")
    page.keyboard.press("Enter")
    dialog.get_by_label("title", exact=True).fill("The milkmaid")
    shoot(page, "metadata")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert said() == [{"author": "Vermeer", "title": "The milkmaid"}, {"title": "The milkmaid"}, {}]
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    page.wait_for_function("() => document.querySelectorAll('[role=alert] button').length === 0")
    for _ in range(50):
        if said()[1] == {}:
            break
        page.wait_for_timeout(100)
    assert said() == [{"author": "Vermeer"}, {}, {}]
    # What is emptied goes away.
    page.get_by_role("checkbox", name="Select a.png").check(force=True)
    page.get_by_role("button", name="Metadata").click()
    page.get_by_role("dialog").get_by_role("button", name="Take author away").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("The metadata of 1 image is changed")).to_be_visible()
    assert said() == [{}, {}, {}]


IN_VIEW = """() => {
  const box = document.querySelector("[data-testid^=library]");
  const { top, bottom } = box.getBoundingClientRect();
  const isSeen = ({ top: from, bottom: to }) => to > top + 50 && from < bottom;
  return [...box.querySelectorAll("[data-index], [aria-rowindex]:not(:has([data-index]))")]
    .filter((cell) => isSeen(cell.getBoundingClientRect()))
    .map((cell) => Number(cell.dataset.index ?? Number(cell.getAttribute("aria-rowindex")) - 2));
}"""
TO_SHARE = """(share) => {
  const box = document.querySelector("[data-testid^=library]");
  box.scrollTop = share * (box.scrollHeight - box.clientHeight);
}"""


def test_a_long_list_has_a_place_for_every_image(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", name="Long library")
    blank = picture("#246")
    for number in range(3, 400):
        answer = server.http.post(f"/projects/{project}/images", params={"name": f"n{number:03}.png"}, content=blank)
        images.append(str(answer.raise_for_status().json()["image"]["id"]))
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images?order=name")
    cell = page.get_by_role("gridcell", name=re.compile("^n200"))
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "58")
    # As the bar does: to the end, where nothing was fetched yet, and by keys.
    page.evaluate(TO_SHARE, 1)
    expect(page.get_by_role("gridcell", name=re.compile("^n399"))).to_be_visible()
    page.get_by_role("gridcell", name=re.compile("^n399")).focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("gridcell", name=re.compile("^a.png"))).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("gridcell", name=re.compile("^n399"))).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("gridcell", name=re.compile("^n398"))).to_be_focused()
    # A range from there to the start of the list selects what was never in view as well.
    page.keyboard.press("Space")
    page.evaluate(TO_SHARE, 0)
    page.get_by_role("gridcell", name=re.compile("^b.png")).click(modifiers=["Shift"])
    expect(page.get_by_role("status").get_by_text("398 selected")).to_be_visible()
    page.get_by_role("button", name="Select all 400").click()
    expect(page.get_by_role("status").get_by_text("400 selected")).to_be_visible()
    page.get_by_role("button", name="Clear selection").click()

    # An image of the middle is opened, and Back comes to the same place.
    page.evaluate(TO_SHARE, 0.5)
    expect(cell).to_be_visible()
    page.wait_for_timeout(300)
    before = page.evaluate(IN_VIEW)
    cell.click()
    page.wait_for_url("**/annotate/**")
    page.go_back()
    expect(cell).to_be_visible()
    assert page.evaluate(IN_VIEW) == before
    # So does another width, by the image at the top.
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_function(f"() => {{ const seen = ({IN_VIEW})(); return seen.length > 0 && seen.length < 24; }}")
    assert abs(page.evaluate(IN_VIEW)[0] - before[0]) < 8
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function(f"() => ({IN_VIEW})().length > 24")

    # What others delete goes, and the list closes up; nothing else moves.
    server.http.post(f"/projects/{project}/images/bulk", json={"ids": images[200:203], "action": "trash"})
    expect(cell).to_have_count(0)
    expect(page.get_by_role("gridcell", name=re.compile("^n203"))).to_be_visible()
    page.keyboard.press("t")
    table = page.get_by_role("table")
    expect(table).to_have_attribute("aria-rowcount", "398")
    expect(page.get_by_role("button", name="n203.png", exact=True)).to_be_visible()
    page.evaluate(TO_SHARE, 1)
    expect(page.get_by_role("button", name="n399.png", exact=True)).to_be_visible()
    page.evaluate(TO_SHARE, 0)
    expect(page.get_by_role("button", name="a.png", exact=True)).to_be_visible()
    shoot(page, "library-long-table")


def test_a_search_that_takes_long_says_so(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, _ = new_project(server, "cat", name="Rare finds")
    page = open_page(server)
    listed = f"**/api/v1/projects/{project}/images?*"
    held: list[Route] = []
    asked: list[str] = []

    def answer(route: Route) -> None:
        """First nothing, then one image, then the end: as a list of very many images is looked through."""
        asked.append(route.request.url)
        if len(asked) > 2:
            held.append(route)
            return
        body = server.http.get(f"/projects/{project}/images", params={"name": "b.png"}).json()
        items = body["items"] if len(asked) == 2 else []
        route.fulfill(json={"items": items, "next_cursor": f"more{len(asked)}"})

    page.route(listed, answer)
    page.goto(f"{server.address['url']}/projects/{project}/images?name=.png")
    expect(page.get_by_text("1 found so far. Still searching")).to_be_visible()
    shown(page, "b.png")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "-1")
    assert all("partial=true" in url for url in asked)
    shoot(page, "library-searching")
    held[0].fulfill(json={"items": [], "next_cursor": None})
    expect(page.get_by_text("Still searching")).to_have_count(0)
    shown(page, "b.png")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "1")


def test_filters_on_a_phone(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", "dog", name="Pocket library")
    furnish(server, project, images)
    page = open_page(server, width=390, height=844, scheme="dark", touch=True)
    page.goto(f"{server.address['url']}/projects/{project}/images?tag=night")
    page.get_by_role("button", name=re.compile("^Filter")).click()
    dialog = page.get_by_role("dialog", name="Filter images")
    dialog.get_by_label("Size in pixels: to").fill("200")
    shoot(page, "library-filter-phone")
    dialog.get_by_role("button", name="Show images").click()
    shown(page, "a.png")
    shoot(page, "library-chips-phone")
