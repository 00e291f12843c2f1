"""Labels that are likely wrong are looked at, put right, kept and taken back, by mouse and by keys."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from live import LiveServer
from showroom import furnish

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, str]]:
    data = tmp_path_factory.mktemp("labels") / "data"
    ids = furnish(data)
    server = LiveServer(data).start()
    yield server, ids["project"]
    server.stop()


def labels(server: LiveServer, image: str) -> dict[str, Any]:
    found = server.http.get(f"/images/{image}/annotations").json()["annotations"]
    return {one["id"]: one for one in found}


def until(check: Callable[[], bool]) -> None:
    """Wait for what a key has set off: the page does not wait for the server."""
    end = time.monotonic() + 60
    while not check():
        assert time.monotonic() < end, "the server never came to that"
        time.sleep(0.1)


def test_label_errors_are_reviewed(
    furnished: tuple[LiveServer, str], open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    server, project = furnished
    suspected = {one["kind"]: one for one in server.http.get(f"/projects/{project}/suspicions").json()["items"]}
    before = {kind: labels(server, one["image"]["id"]) for kind, one in suspected.items()}
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/dataset")
    page.get_by_role("tab", name="Label errors").click()
    queue = page.get_by_role("region", name="Labels that are likely wrong")
    expect(queue.get_by_role("listitem")).to_have_count(4)
    expect(queue.get_by_text(re.compile("Annotated as .*; the model takes it for"))).to_be_visible()
    shoot(page, "labels")

    # Wrong class: accepted by key, taken back by key, accepted by mouse.
    page.keyboard.press("a")
    expect(queue.get_by_role("listitem")).to_have_count(3)
    item, image = suspected["class"], suspected["class"]["image"]["id"]
    until(lambda: labels(server, image)[item["label"]["id"]]["class_id"] == item["other_id"])
    expect(queue.get_by_text("The model sees")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(queue.get_by_role("listitem")).to_have_count(4)
    until(lambda: labels(server, image) == before["class"])
    queue.get_by_role("button", name=re.compile("^Wrong class")).click()
    queue.get_by_role("button", name="Change class").click()
    expect(queue.get_by_role("listitem")).to_have_count(3)

    # Missing: skipped and come back to, then added; the exact box is there.
    page.keyboard.press("ArrowRight")
    expect(queue.get_by_text("The model draws")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("a")
    expect(queue.get_by_role("listitem")).to_have_count(2)
    image = suspected["missing"]["image"]["id"]
    until(lambda: len(labels(server, image)) > len(before["missing"]))
    (added,) = set(labels(server, image)) - set(before["missing"])
    assert labels(server, image)[added]["geometry"] == suspected["missing"]["suggestion"]

    # Loose box: dismissed; it is gone after a reload, found among the dismissed, and open again when taken back.
    page.keyboard.press("d")
    expect(queue.get_by_role("listitem")).to_have_count(1)
    assert labels(server, suspected["box"]["image"]["id"]) == before["box"]
    dismissed = f"/projects/{project}/suspicions?state=dismissed"
    until(lambda: len(server.http.get(dismissed).json()["items"]) == 1)
    page.reload()
    expect(queue.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Dismissed").click()
    expect(page).to_have_url(re.compile("state=dismissed"))
    queue.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    until(lambda: server.http.get(dismissed).json()["items"] == [])
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="To decide").click()
    expect(queue.get_by_role("listitem")).to_have_count(2)

    # The editor opens at the spot, with the annotation selected.
    page.get_by_text("Loose box 1").click()
    expect(queue.get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(r"/annotate/.*at="))
    expect(page.locator("canvas:visible").first).to_be_visible()
    page.wait_for_timeout(1500)
    shoot(page, "labels-editor")


def test_the_review_on_a_phone(
    furnished: tuple[LiveServer, str], open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    server, project = furnished
    page = open_page(server, width=390, height=844, scheme="dark", touch=True)
    page.goto(f"{server.address['url']}/projects/{project}/dataset?view=labels")
    expect(page.get_by_role("region", name="Labels that are likely wrong")).to_be_visible()
    shoot(page, "labels-phone")


def test_many_are_decided_at_once(
    furnished: tuple[LiveServer, str], open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    server, project = furnished
    suspected = {one["kind"]: one for one in server.http.get(f"/projects/{project}/suspicions").json()["items"]}
    assert set(suspected) == {"box", "spurious"}
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/dataset?view=labels")
    queue = page.get_by_role("region", name="Labels that are likely wrong")
    expect(queue.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text(re.compile("is the only model here|is the newest|highest mAP"))).to_be_visible()

    # Dismissed below a score, by keys; the number is there before, and Ctrl+Z takes all of it back.
    page.keyboard.press("m")
    many = page.get_by_role("dialog", name="Decide many")
    expect(many.get_by_text("0 to decide with the filters above.")).to_be_visible()
    score = many.get_by_role("textbox", name="Score below")
    expect(score).to_be_focused()
    score.fill("0.99")
    expect(many.get_by_role("button", name="Dismiss 2")).to_be_enabled()
    shoot(page, "labels-many")
    many.get_by_role("button", name="Dismiss 2").click()
    expect(page.get_by_text("Nothing to decide")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(queue.get_by_role("listitem")).to_have_count(2)

    # Accepted from a score on, of a kind that is chosen; the message takes it back.
    page.get_by_role("button", name="Decide many").click()
    many.get_by_text("Model is right").click()
    expect(many.get_by_text("Choose a kind above first")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Loose box 1").click()
    page.get_by_role("button", name="Decide many").click()
    many.get_by_text("Model is right").click()
    many.get_by_role("textbox", name="Score from").fill("0.5")
    item = suspected["box"]
    image, label = item["image"]["id"], item["label"]["id"]
    many.get_by_role("button", name="Accept 1").click()
    until(lambda: labels(server, image)[label]["geometry"] == item["suggestion"])
    expect(page.get_by_text("1 label changed")).to_be_visible()
    page.get_by_role("alert").get_by_role("button", name="Undo").last.click()
    until(lambda: labels(server, image)[label]["geometry"] == item["label"]["geometry"])
    expect(queue.get_by_role("listitem")).to_have_count(1)
