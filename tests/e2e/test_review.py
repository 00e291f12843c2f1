"""Proposals decided, images without objects and older states brought back, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from boxwright.client import Client
from boxwright.domain.ids import new_id
from desk import Desk
from tiny_onnx import write_tiny_archive

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]

#: Class, score and left edge of what a model has found, from the left to the right.
FOUND = (("cat", 0.95, 20), ("dog", 0.4, 90), ("cat", 0.6, 160), ("dog", 0.8, 230), ("cat", 0.3, 300))


def propose(at: Desk) -> list[str]:
    """Put five proposals of a model on the open picture; return their ids from the left."""
    classes = at.server.http.get(f"/projects/{at.project}/classes").raise_for_status().json()
    named = {item["name"]: item["id"] for item in classes}
    made = [
        {
            "id": new_id(),
            "class_id": named[name],
            "geometry": {"type": "box", "x0": x, "y0": 100, "x1": x + 50, "y1": 180},
            "source": "model",
            "state": "proposal",
            "score": score,
        }
        for name, score, x in FOUND
    ]
    changes = [{"op": "upsert", "annotation": item} for item in made]
    body = {"change_id": new_id(), "base_revision": at.stored()["revision"], "changes": changes}
    at.server.http.post(f"/images/{at.image}/changes", json=body).raise_for_status()
    expect(at.page.get_by_role("region", name="Proposals")).to_be_visible()
    return [str(item["id"]) for item in made]


def states(at: Desk, ids: list[str]) -> list[str]:
    """The state of each on the server, `-` for those that are gone."""
    at.saved()
    known = {item["id"]: item["state"] for item in at.stored()["annotations"]}
    return [known.get(key, "-") for key in ids]


def image_of(at: Desk) -> dict[str, Any]:
    answer: dict[str, Any] = at.server.http.get(f"/images/{at.image}").raise_for_status().json()
    return answer


def test_proposals_are_decided_one_by_one_by_class_and_by_score(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    ids = propose(at)
    panel = at.page.get_by_role("region", name="Proposals")
    at.count(0)
    expect(at.page.get_by_text("5 proposals")).to_be_visible()
    expect(at.page.get_by_text("Unlabelled")).to_be_visible()
    press("j")
    shoot(at.page, "review-panel")
    press("Enter")  # the first is accepted, the second follows
    press("x")
    at.count(1)
    assert states(at, ids) == ["accepted", "-", "proposal", "proposal", "proposal"]
    kept = next(item for item in at.stored()["annotations"] if item["id"] == ids[0])
    assert (kept["source"], kept["score"]) == ("model", 0.95)
    press("ArrowRight")  # who moves the third one has looked at it
    assert states(at, ids)[2] == "accepted"
    for _ in range(3):
        press("Control+z")
    assert states(at, ids) == ["proposal"] * 5

    panel.get_by_role("button", name="Reject 2 of dog").click()
    assert states(at, ids) == ["proposal", "-", "proposal", "-", "proposal"]
    press("Control+z")
    panel.get_by_role("slider", name="Least score").focus()
    for _ in range(10):
        press("ArrowRight")
    expect(panel.get_by_text("0.50")).to_be_visible()
    shoot(at.page, "review-least-score")
    expect(panel.get_by_role("button", name="Accept 1 of dog")).to_be_visible()
    panel.get_by_role("button", name="Reject 2 below").click()
    panel.get_by_role("button", name="Accept all 3").click()
    expect(panel).to_have_count(0)
    at.count(3)
    assert states(at, ids) == ["accepted", "-", "accepted", "accepted", "-"]
    at.page.reload()
    at.count(3)
    expect(at.page.get_by_text("Labelled", exact=True)).to_be_visible()


def test_an_image_without_objects_says_so(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    ids = propose(at)
    toggle = at.page.get_by_role("button", name="No objects here")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(at.page.get_by_text("This image has no objects.")).to_be_visible()
    shoot(at.page, "review-empty")
    assert states(at, ids) == ["-"] * 5
    assert image_of(at)["state"] == "empty"
    at.page.reload()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    press("e")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    assert image_of(at)["state"] == "unlabeled"
    press("e")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    press("Control+z")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    press("Control+Shift+z")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    press("b")
    at.drag((50, 50), (150, 120))
    expect(toggle).to_have_count(0)
    at.saved()
    assert image_of(at)["state"] == "labeled"
    press("e")
    expect(at.page.get_by_text("Delete the objects first")).to_be_visible()
    assert image_of(at)["state"] == "labeled"


def test_no_objects_here_is_a_step_of_undo(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    ids = propose(at)
    toggle = at.page.get_by_role("button", name="No objects here")
    panel = at.page.get_by_role("region", name="Proposals")
    press("x")  # nothing is selected yet, so nothing is rejected
    press("e")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert states(at, ids) == ["-"] * 5
    press("Control+z")
    expect(panel).to_be_visible()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    assert states(at, ids) == ["proposal"] * 5
    assert image_of(at)["state"] == "unlabeled"
    shoot(at.page, "empty-undone")
    press("Control+Shift+z")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(panel).to_have_count(0)
    assert states(at, ids) == ["-"] * 5
    assert image_of(at)["state"] == "empty"
    press("Control+z")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    at.page.reload()
    expect(panel).to_be_visible()
    assert image_of(at)["state"] == "unlabeled"
    assert states(at, ids) == ["proposal"] * 5


def test_an_older_state_is_looked_at_and_brought_back(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("b")
    at.drag((50, 50), (150, 120))
    assert at.boxes() == [[50, 50, 150, 120]]
    press("v")
    at.drag((100, 90), (110, 110))
    assert at.boxes() == [[60, 70, 160, 140]]
    press("Delete")
    at.count(0)
    assert at.boxes() == []
    press("Shift+R")
    history = at.page.get_by_role("region", name="History of this image")
    saves = history.get_by_role("listitem")
    expect(saves).to_have_text([re.compile(r"You.*now.*1 deleted"), re.compile("1 moved"), re.compile("1 added")])
    saves.nth(2).get_by_role("button").click()
    expect(at.page.get_by_text("Revision 1 of 3")).to_be_visible()
    at.count(1)
    shoot(at.page, "history-older")
    press("Delete")  # an older state can only be looked at
    at.drag((100, 90), (110, 110))
    press("Escape")
    at.count(0)
    saves.nth(1).get_by_role("button").click()
    at.page.get_by_role("button", name="Restore").click()
    at.count(1)
    assert at.boxes() == [[60, 70, 160, 140]]
    expect(saves).to_have_count(4)
    history.get_by_role("button", name="Close the history").click()
    press("Control+z")
    assert at.boxes() == []


def test_a_model_proposes_on_the_open_image(desk: Callable[..., Desk], tmp_path: Path, shoot: Shoot) -> None:
    at = desk()
    archive = write_tiny_archive(tmp_path / "tiny.zip", "cat", "bird")
    with Client(at.server.address["url"], token=at.server.address["token"]) as client:
        client.models.import_upload(at.project, client.uploads.send(archive).id)
    at.page.keyboard.press("m")
    ask = at.page.get_by_role("dialog", name="Auto-annotate this image")
    expect(ask.get_by_label("Model")).to_be_visible()
    ask.get_by_label("Create missing classes (bird)").check()
    shoot(at.page, "review-auto-annotate")
    ask.get_by_role("slider", name="Least score").focus()
    at.page.keyboard.press("Home")
    for _ in range(30):
        at.page.keyboard.press("ArrowRight")
    ask.get_by_role("button", name="Propose").click()
    expect(at.page.get_by_text("2 proposals to review")).to_be_visible(timeout=30_000)
    panel = at.page.get_by_role("region", name="Proposals")
    expect(panel.get_by_text("bird")).to_be_visible()
    at.page.keyboard.press("Shift+Enter")
    at.count(2)
    at.saved()
    assert {item["state"] for item in at.stored()["annotations"]} == {"accepted"}
