"""A video from the file to images, by mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clips import clip
from desk import Desk, new_project
from live import LiveServer

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
FRAMES = 60


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return clip(tmp_path / "street.mp4", FRAMES, size=(400, 300))


class Cutter:
    """A person at the editor of a video."""

    def __init__(self, page: Page, server: LiveServer, project: str) -> None:
        self.page, self.server = page, server
        self.desk = Desk(page, server, "", project)
        self.video = str(server.http.get(f"/projects/{project}/videos").raise_for_status().json()["items"][0]["id"])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, frame: int) -> None:
        self.press("`")
        self.page.keyboard.type(str(frame))
        self.press("Enter")
        self.at(frame)

    def at(self, frame: int) -> None:
        expect(self.page.get_by_role("textbox", name="Frame")).to_have_value(str(frame))

    def tracks(self) -> list[dict[str, Any]]:
        """What the server has, once all is saved."""
        self.desk.saved()
        found: list[dict[str, Any]] = (
            self.server.http.get(f"/videos/{self.video}/tracks").raise_for_status().json()["tracks"]
        )
        return found

    def key_frames(self, track: int = 0) -> list[tuple[int, int, bool]]:
        """Frame, left edge and outside of each key frame."""
        return [
            (key["frame"], round(key["geometry"]["x0"]), key["outside"]) for key in self.tracks()[track]["keyframes"]
        ]

    def count(self, number: int) -> None:
        self.desk.count(number)


def uploaded(page: Page, server: LiveServer, project: str, film: Path) -> Cutter:
    page.goto(f"{server.address['url']}/projects/{project}/videos")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a video").first.click()
    chooser.value.set_files(film)
    page.get_by_role("link", name="Open street.mp4").click()
    expect(page.get_by_role("slider", name="Frame")).to_be_visible()
    return Cutter(page, server, project)


def test_a_video_is_labelled_by_mouse_and_keys(server: LiveServer, open_page: Open, film: Path, shoot: Shoot) -> None:
    project, _ = new_project(server, "car", "van")
    page = open_page(server)
    cut = uploaded(page, server, project, film)
    # A box at frame 0, moved at frame 20: in between it goes evenly.
    cut.press("b")
    cut.desk.drag((10, 70), (30, 90))
    cut.press("v")
    cut.desk.click(20, 80)
    cut.press(*["Shift+D"] * 2)
    cut.at(20)
    cut.desk.drag((20, 80), (60, 80))
    assert cut.key_frames() == [(0, 10, False), (20, 50, False)]
    cut.go(10)
    expect(page.get_by_text(re.compile("^20 × 20"))).to_be_visible()
    shoot(page, "video-editor")
    cut.press("k")
    assert cut.key_frames() == [(0, 10, False), (10, 30, False), (20, 50, False)]
    cut.press("k")
    assert cut.key_frames() == [(0, 10, False), (20, 50, False)]
    # It leaves at frame 40 and comes back at 50.
    cut.go(40)
    cut.press("o")
    cut.count(0)
    cut.go(50)
    cut.press("o", "q")
    cut.count(1)
    assert cut.key_frames() == [(0, 10, False), (20, 50, False), (40, 50, True), (50, 50, False)]
    assert cut.tracks()[0]["keyframes"][3]["occluded"]
    # Cut in two at frame 10, and one again.
    cut.go(10)
    cut.press("Alt+m")
    assert [cut.key_frames(0), cut.key_frames(1)[0]] == [
        [(0, 10, False), (9, 28, False), (10, 30, True)],
        (10, 30, False),
    ]
    cut.press("Control+z")
    assert cut.key_frames() == [(0, 10, False), (20, 50, False), (40, 50, True), (50, 50, False)]
    cut.press("Control+Shift+z")
    rows = page.get_by_role("list", name="Tracks").get_by_role("button")
    expect(rows).to_have_count(2)
    rows.nth(0).click()
    rows.nth(1).click(modifiers=["Shift"])
    cut.press("m")
    expect(rows).to_have_count(1)
    assert [frame for frame, _, _ in cut.key_frames()] == [0, 9, 10, 20, 40, 50]
    # Everything back to nothing, and forth again; then what was saved is there after a reload.
    whole = cut.tracks()
    for _ in range(30):
        cut.press("Control+z")
    expect(rows).to_have_count(0)
    assert cut.tracks() == []
    for _ in range(30):
        cut.press("Control+Shift+z")
    expect(rows).to_have_count(1)
    assert [track["keyframes"] for track in cut.tracks()] == [track["keyframes"] for track in whole]
    cut.go(45)
    expect(page).to_have_url(re.compile(r"frame=45"))
    page.reload()
    cut.at(45)
    expect(rows).to_have_count(1)
    cut.count(0)
    # Playing comes to the end by itself.
    cut.press("Space")
    cut.at(FRAMES - 1)
    expect(page.get_by_role("button", name="Play, pause")).to_have_attribute("aria-pressed", "false")
    cut.count(1)


def test_a_box_is_followed_and_frames_become_images(
    server: LiveServer, open_page: Open, film: Path, shoot: Shoot
) -> None:
    project, _ = new_project(server, "car", "van")
    (car, _) = server.http.get(f"/projects/{project}/classes").raise_for_status().json()
    door = {"name": "door", "kind": "select", "choices": ["shut", "open"]}
    server.http.patch(f"/classes/{car['id']}", json={"attributes": [door]}).raise_for_status()
    page = open_page(server)
    cut = uploaded(page, server, project, film)
    cut.press("b")
    cut.desk.drag((10, 70), (30, 90))
    cut.press("v")
    cut.desk.click(20, 80)
    cut.press("Control+b")
    cut.at(FRAMES - 1)
    expect(page.get_by_text(f"Followed to frame {FRAMES - 1}")).to_be_visible()
    found = cut.key_frames()
    # It moves evenly: a few key frames say it, and each is where the square is.
    assert 2 <= len(found) <= 12
    assert all(abs(left - (10 + 2 * frame)) <= 3 for frame, left, _ in found)
    cut.press("Control+z")
    assert cut.key_frames() == [(0, 10, False)]
    cut.press("Control+Shift+z")
    assert cut.key_frames() == found
    shoot(page, "video-followed")
    # The run is a save of its own, so that it can be taken back alone.
    saves = server.http.get(f"/videos/{cut.video}/history").raise_for_status().json()["items"]
    assert [save["change_id"].startswith("follow:") for save in saves] == [False, False, True, False]
    cut.press("Shift+R")
    panel = page.get_by_role("region", name="History of this video")
    expect(panel.get_by_role("listitem").nth(2)).to_contain_text("Tracker: 1 changed")
    panel.get_by_role("button", name="Take revision 2 back, as a whole").click()
    assert cut.key_frames() == [(0, 10, False)]
    cut.press("Control+z", "Shift+R")
    assert cut.key_frames() == found
    # And back, from a box at the end to where it came from; it can be stopped on the way.
    cut.press("Control+z", "End")
    cut.at(FRAMES - 1)
    end = 10 + 2 * (FRAMES - 1)
    cut.press("b")
    cut.desk.drag((end, 70), (end + 20, 90))
    cut.count(2)
    cut.press("v")
    cut.desk.click(end + 10, 80)
    page.route("**/follow", lambda _: None)
    cut.press("Alt+b")
    expect(page.get_by_text(f"Following: frame {FRAMES - 1} on the way to 0")).to_be_visible()
    shoot(page, "video-following")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("on the way to 0")).to_have_count(0)
    page.unroute("**/follow")
    page.get_by_role("button", name="Follow the selected box back").click()
    expect(page.get_by_text("Followed to frame 0", exact=True)).to_be_visible()
    cut.at(0)
    back = next(track for track in map(cut.key_frames, range(2)) if len(track) > 1)
    assert (back[0][0], back[-1][0]) == (0, FRAMES - 1)
    assert all(abs(left - (10 + 2 * frame)) <= 3 for frame, left, _ in back)
    cut.press("Alt+b")
    expect(page.get_by_text("this is the first frame")).to_be_visible()
    cut.press("Control+z")
    assert len(cut.tracks()) == 2
    cut.press("Control+z")
    assert cut.key_frames() == [(0, 10, False)]
    # Copies of whole tracks: from another frame on, and beside; each one step.
    cut.go(0)
    cut.desk.click(20, 80)
    cut.press("Control+c")
    cut.go(20)
    cut.press("Control+v")
    cut.count(2)
    cut.press("Control+d")
    cut.count(3)
    assert sorted(cut.key_frames(index)[0] for index in range(3)) == [(0, 10, False), (20, 10, False), (20, 20, False)]
    cut.press("Control+z", "Control+z")
    assert len(cut.tracks()) == 1
    cut.press("Control+k")
    page.get_by_role("combobox", name="Action, class or image").fill("Last frame")
    shoot(page, "video-palette")
    cut.press("Enter")
    cut.at(FRAMES - 1)
    # An attribute that changes from a frame on.
    cut.go(0)
    cut.desk.click(20, 80)
    field = page.get_by_label("door")
    field.select_option("shut")
    cut.go(30)
    cut.press("Alt+g")
    field.select_option("open")
    expect(page.get_by_role("button", name="Attributes that are set hold")).to_have_attribute("aria-pressed", "true")
    shoot(page, "video-attributes")
    assert [key["attributes"] for key in cut.tracks()[0]["keyframes"]] == [{"door": "shut"}, {"door": "open"}]
    cut.go(29)
    expect(field).to_have_value("shut")
    cut.press("Control+z")
    assert [track["attributes"] for track in cut.tracks()] == [{"door": "shut"}]
    cut.press("Alt+g", "Control+z")
    assert cut.tracks()[0]["attributes"] == {}
    # The filter of the objects leaves out rows of the timeline too.
    cut.press("Shift+e")
    wanted = page.get_by_role("combobox", name="Class", exact=True)
    wanted.select_option("van")
    expect(page.get_by_text("0 of 1", exact=True)).to_be_visible()
    shoot(page, "video-filter")
    page.get_by_role("dialog", name="Which objects").get_by_role("button", name="Clear the filter").click()
    expect(page.get_by_role("button", name="car 1: select this track")).to_be_visible()
    cut.press("Escape")
    page.get_by_role("button", name="Back to videos").click()
    shoot(page, "videos")
    page.get_by_role("button", name="What can be done with street.mp4").click()
    page.get_by_role("menuitem", name="Export tracks").click()
    page.get_by_text("MOT", exact=True).click()
    shoot(page, "video-export")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("ZIP")).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="What can be done with street.mp4").click()
    page.get_by_role("menuitem", name="Make images of frames").click()
    shoot(page, "video-sample")
    page.get_by_role("button", name="Make 6 images").click()
    expect(page.get_by_text("6 images made")).to_be_visible()
    images = server.http.get(f"/projects/{project}/images", params={"query": "frame"}).raise_for_status().json()
    names = sorted(item["name"] for item in images["items"] if "frame_" in item["name"])
    assert names[:2] == ["street/frame_000000.jpg", "street/frame_000010.jpg"]
    page.keyboard.press("Escape")
    # What was exported comes back as a second track.
    page.get_by_role("button", name="What can be done with street.mp4").click()
    page.get_by_role("menuitem", name="Import tracks").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(download.value.path().rename(film.with_name("mot.zip")))
    expect(page.get_by_text(re.compile("1 track with .* imported"))).to_be_visible()
    tracks = server.http.get(f"/videos/{cut.video}/tracks").raise_for_status().json()["tracks"]
    assert len(tracks) == 2


def test_a_save_is_looked_at_restored_and_taken_back(
    server: LiveServer, open_page: Open, film: Path, shoot: Shoot
) -> None:
    project, _ = new_project(server, "car", "van")
    page = open_page(server)
    cut = uploaded(page, server, project, film)
    cut.press("b")
    cut.desk.drag((10, 70), (30, 90))
    assert len(cut.tracks()) == 1
    cut.desk.drag((100, 70), (130, 90))
    assert len(cut.tracks()) == 2
    cut.press("Shift+R")
    panel = page.get_by_role("region", name="History of this video")
    saves = panel.get_by_role("listitem")
    expect(saves).to_have_count(2)
    expect(saves.nth(1)).to_contain_text("1 added")
    saves.nth(1).get_by_role("button", pressed=False).first.click()
    expect(page.get_by_text("Revision 1 of 2")).to_be_visible()
    cut.count(1)
    shoot(page, "video-history")
    cut.press("Escape")
    cut.count(2)
    saves.nth(1).get_by_role("button", pressed=False).first.click()
    page.get_by_role("button", name="Restore").click()
    cut.count(1)
    assert len(cut.tracks()) == 1
    cut.press("Control+z")
    assert len(cut.tracks()) == 2
    # The first save alone, although others came after it.
    panel.get_by_role("button", name="Take revision 1 back, as a whole").click()
    expect(page.get_by_text("1 track taken back")).to_be_visible()
    assert [round(track["keyframes"][0]["geometry"]["x0"]) for track in cut.tracks()] == [100]
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "video-phone")
    bar = page.get_by_role("toolbar", name="Player")
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")
