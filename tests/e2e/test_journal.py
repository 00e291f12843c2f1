"""No stroke is lost, whatever dies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from desk import Desk, desk_on, new_project
from live import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.crash]
SERVER = "of_module"
Open = Callable[..., Page]
# Requests fail while the server is dead, and the browser says so in the console.
DEAD = r"Failed to load resource|net::ERR|409"


def boxes(server: LiveServer, image: str) -> list[list[float]]:
    items = server.http.get(f"/images/{image}/annotations").raise_for_status().json()["annotations"]
    return sorted([round(item["geometry"][key]) for key in ("x0", "y0", "x1", "y1")] for item in items)


def draw(at: Desk, start: tuple[float, float], end: tuple[float, float]) -> None:
    at.page.keyboard.press("b")
    at.drag(start, end)


def test_what_was_drawn_for_a_dead_server_is_saved_by_the_next_tab(server: LiveServer, open_page: Open) -> None:
    server.stay()
    project, images = new_project(server, "cat")
    page = open_page(server, forgive=DEAD)
    at = desk_on(page, server, project, images[0])
    draw(at, (20, 20), (80, 80))
    assert at.boxes() == [[20, 20, 80, 80]]
    server.kill()
    draw(at, (100, 20), (160, 80))
    draw(at, (200, 20), (260, 80))
    at.page.keyboard.press("v")
    at.click(50, 50)
    at.page.keyboard.press("Delete")
    at.count(2)
    at.saved("offline")
    expect(page.locator("[data-save-state=offline]")).to_have_text("Offline, 3 objects kept on this computer")
    context = page.context
    page.close()
    server.start()
    again = context.new_page()
    again.goto(f"{server.address['url']}/projects")
    expect(again.get_by_text("Unsaved work on 1 image was found and saved")).to_be_visible()
    assert boxes(server, images[0]) == [[100, 20, 160, 80], [200, 20, 260, 80]]
    at = desk_on(again, server, project, images[0])
    at.count(2)


def test_a_tab_that_stays_sends_when_the_server_is_back(server: LiveServer, open_page: Open) -> None:
    server.stay()
    project, images = new_project(server, "cat")
    page = open_page(server, forgive=DEAD)
    at = desk_on(page, server, project, images[0])
    draw(at, (20, 20), (80, 80))
    server.kill()
    draw(at, (100, 20), (160, 80))
    at.saved("offline")
    server.start()
    at.saved()
    assert boxes(server, images[0]) == [[20, 20, 80, 80], [100, 20, 160, 80]]


def test_a_server_killed_before_its_answer_saves_once(server: LiveServer, open_page: Open) -> None:
    server.stay()
    project, images = new_project(server, "cat")
    page = open_page(server, forgive=DEAD)
    at = desk_on(page, server, project, images[0])
    done: list[bool] = []

    def die_after_saving(route: Route) -> None:
        if not done:
            done.append(route.fetch().ok)
            server.kill()
        route.abort()

    page.route("**/changes*", die_after_saving)
    draw(at, (20, 20), (80, 80))
    at.saved("offline")
    draw(at, (100, 20), (160, 80))
    at.page.keyboard.press("v")
    at.drag((50, 50), (60, 50))  # the box in the set that was stored, unknown to us
    expect(page.locator("[data-save-state=offline]")).to_have_text("Offline, 2 objects kept on this computer")
    context = page.context
    page.close()
    server.start()
    again = context.new_page()
    again.goto(server.address["url"])
    at = desk_on(again, server, project, images[0])
    at.count(2)
    assert sorted(at.boxes()) == [[30, 20, 90, 80], [100, 20, 160, 80]]
    # Asked for again under its change id, the first set was not stored twice, and nobody was asked anything.
    assert done == [True]
    assert at.stored()["revision"] == 2


def test_a_browser_that_keeps_nothing_says_so_and_asks_before_it_closes(server: LiveServer, open_page: Open) -> None:
    project, images = new_project(server, "cat")
    page = open_page(server, forgive=DEAD)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    at = desk_on(page, server, project, images[0])
    draw(at, (20, 20), (80, 80))
    assert at.boxes() == [[20, 20, 80, 80]]
    page.route("**/changes*", lambda route: route.abort())
    draw(at, (100, 20), (160, 80))
    expect(page.locator("[data-save-state=offline]")).to_have_text("Offline, 1 object only in this tab")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.unroute("**/changes*")
    assert sorted(at.boxes()) == [[20, 20, 80, 80], [100, 20, 160, 80]]
