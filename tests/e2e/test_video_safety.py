"""Nothing that is drawn in a video is lost: a dead server, a closed tab, two browsers, two people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts import add_people, signed_in
from clips import clip
from desk import Desk, new_project
from live import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.crash]
SERVER = "of_module"
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
# Requests fail while the server is dead, and the browser says so in the console.
DEAD = r"status of 401|Failed to load resource|net::ERR|409"
FRAMES = 30


def added(server: LiveServer, project: str, file: Path) -> str:
    """A decoded video; returns its id."""
    data = file.read_bytes()
    upload = server.http.post("/uploads", json={"name": file.name, "size": len(data)}).raise_for_status().json()
    headers = {"Upload-Offset": "0"}
    server.http.patch(f"/uploads/{upload['id']}", headers=headers, content=data).raise_for_status()
    body = {"upload_id": upload["id"], "name": file.name}
    made = server.http.post(f"/projects/{project}/videos", json=body).raise_for_status().json()
    server.wait_for_job(made["job"]["id"])
    return str(made["video"]["id"])


def editor(page: Page, server: LiveServer, project: str, video: str) -> Desk:
    page.goto(f"{server.address['url']}/projects/{project}/videos/{video}")
    expect(page.get_by_role("slider", name="Frame")).to_be_visible()
    return Desk(page, server, "", project)


def tracks(server: LiveServer, video: str) -> list[list[tuple[int, int]]]:
    """Frame and left edge of the key frames of each track."""
    found = server.http.get(f"/videos/{video}/tracks").raise_for_status().json()["tracks"]
    return sorted([(key["frame"], round(key["geometry"]["x0"])) for key in track["keyframes"]] for track in found)


def test_what_was_drawn_for_a_dead_server_is_saved_by_the_next_tab_and_two_browsers_agree(
    server: LiveServer, open_page: Open, tmp_path: Path
) -> None:
    server.stay()
    project, _ = new_project(server, "car")
    video = added(server, project, clip(tmp_path / "street.mp4", FRAMES, size=(400, 300)))
    page = open_page(server, forgive=DEAD)
    at = editor(page, server, project, video)
    page.keyboard.press("b")
    at.drag((20, 20), (80, 80))
    at.saved()
    assert tracks(server, video) == [[(0, 20)]]

    server.kill()
    page.keyboard.press("b")
    at.drag((100, 20), (160, 80))
    page.keyboard.press("v")
    page.keyboard.press("Shift+D")
    at.drag((50, 50), (60, 50))
    at.saved("offline")
    context = page.context
    page.close()
    server.start()
    page = context.new_page()
    page.goto(f"{server.address['url']}/projects")
    expect(page.get_by_text("was found and saved")).to_be_visible()
    assert tracks(server, video) == [[(0, 20), (10, 30)], [(0, 100)]]

    at = editor(page, server, project, video)
    at.count(2)
    other = editor(context.new_page(), server, project, video)
    other.count(2)
    page.keyboard.press("b")
    at.drag((200, 200), (260, 260))
    other.count(3)  # told by the server, not asked for
    page.route("**/changes*", lambda route: route.abort())
    page.keyboard.press("v")
    at.drag((230, 230), (240, 230))
    at.saved("offline")
    other.drag((230, 230), (230, 240))
    other.drag((130, 50), (150, 50))
    other.saved()
    page.unroute("**/changes*")
    at.saved("conflict")
    page.get_by_role("button", name="Choose", exact=True).click()
    page.get_by_role("dialog", name="Changed in two places").get_by_role("button", name="Keep mine").click()
    at.saved()
    assert tracks(server, video) == [[(0, 20), (10, 30)], [(0, 120)], [(0, 210)]]


def test_two_people_on_a_video_see_each_other_and_lose_nothing(
    server: LiveServer, open_page: Open, tmp_path: Path, shoot: Shoot
) -> None:
    project, _ = new_project(server, "car")
    add_people(server, project, {"ben": "annotator", "rev": "reviewer"})
    video = added(server, project, clip(tmp_path / "street.mp4", FRAMES, size=(400, 300)))
    ben, rev = (
        editor(signed_in(open_page, server, name, forgive=DEAD), server, project, video) for name in ("ben", "rev")
    )
    for at, other in ((ben, "rev"), (rev, "ben")):
        expect(at.page.get_by_text(f"Also here: {other}", exact=True)).to_be_visible()
        at.page.keyboard.press("b")
    ben.drag((10, 70), (30, 90))
    rev.count(1)
    expect(rev.page.get_by_role("button", name="ben changed 1 object")).to_be_visible()
    shoot(rev.page, "video-two")

    # What rev does elsewhere in the video neither moves ben's frame nor tears a shape out of his hand.
    ben.page.keyboard.press("v")
    ben.page.mouse.move(*ben.screen(20, 80))
    ben.page.mouse.down()
    ben.page.mouse.move(*ben.screen(20, 120), steps=4)
    rev.page.keyboard.press("Shift+D")
    rev.drag((200, 20), (260, 80))
    rev.saved()
    ben.page.mouse.move(*ben.screen(20, 140), steps=4)
    ben.page.mouse.up()
    expect(ben.page.get_by_role("list", name="Tracks").get_by_role("button")).to_have_count(2)
    expect(ben.page.get_by_role("textbox", name="Frame")).to_have_value("0")
    ben.saved()
    assert tracks(server, video) == [[(0, 10)], [(10, 200)]]
    ben.page.keyboard.press("Control+z")
    ben.saved()

    # Ben's tracker and rev's hand at the same time: two saves, each with its name.
    ben.page.keyboard.press("Control+b")
    rev.drag((300, 20), (360, 80))
    expect(ben.page.get_by_text(f"Followed to frame {FRAMES - 1}")).to_be_visible()
    for at in (ben, rev):
        expect(at.page.get_by_role("list", name="Tracks").get_by_role("button")).to_have_count(3)
        at.saved()
    saves = server.http.get(f"/videos/{video}/history").raise_for_status().json()["items"]
    runs = [save for save in saves if save["change_id"].startswith("follow:")]
    assert [(run["author_name"], len(run["changes"])) for run in runs] == [("ben", 1)]

    # The same track in both hands: one is asked, and told whose the other one is.
    ben.page.keyboard.press("Home")
    ben.page.route("**/changes*", lambda route: route.abort())
    ben.drag((20, 80), (20, 100))
    ben.saved("offline")
    rev.page.keyboard.press("Home")
    rev.page.keyboard.press("v")
    rev.drag((20, 80), (40, 80))
    rev.saved()
    ben.page.unroute("**/changes*")
    ben.saved("conflict")
    ben.page.get_by_role("button", name="Choose", exact=True).click()
    dialog = ben.page.get_by_role("dialog", name="Changed in two places")
    expect(dialog.get_by_text("By rev, elsewhere")).to_be_visible()
    shoot(ben.page, "video-two-conflict")
    dialog.get_by_role("button", name="Take theirs").click()
    ben.saved()
    assert [keys[0] for keys in tracks(server, video)] == [(0, 30), (10, 200), (10, 300)]

    ben.page.get_by_role("button", name="Back to videos").click()
    expect(rev.page.locator("[data-others]")).to_have_count(0)
    ben.page.get_by_role("link", name="Open street.mp4").click()
    expect(rev.page.get_by_text("Also here: ben", exact=True)).to_be_visible()
    ben.page.close()
    expect(rev.page.locator("[data-others]")).to_have_count(0)
