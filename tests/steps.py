"""Steps of a person on a page, on the way to the states that are looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from playwright.sync_api import Page, Route, expect

from handing import last_weights
from looking import settle
from scenes import make_scene

Act = Callable[[Page], None]
FOLLOW = """(path) => {
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


def button(name: str) -> Act:
    """Press the button whose name begins so."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=re.compile("^" + re.escape(name).replace("/", "."))).first.click()

    return act


def then(*acts: Act) -> Act:
    """One after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)
            settle(page)

    return act


def scroll_to(heading: str) -> Act:
    """Bring a part of a long page into sight."""
    return lambda page: page.get_by_role("heading", name=heading).scroll_into_view_if_needed()


def item(name: str) -> Act:
    """Choose from an open menu."""
    return lambda page: page.get_by_role("menuitem", name=name).click()


def architecture(name: str) -> Act:
    """Choose the network of a training."""

    def act(page: Page) -> None:
        page.get_by_role("combobox", name="Architecture").click()
        page.get_by_role("option", name=name, exact=True).click()

    return act


def serve_int8(page: Page) -> None:
    """Choose the smallest variant, far down on the page of a model."""
    page.get_by_role("radio", name="Predict with int8").check()


def visit(page: Page, path: str) -> None:
    """Go on to a page as a link within the application does, which is quicker than to load everything anew."""
    for _ in range(2):  # the first closes a list that is open in a dialog, the second the dialog
        page.keyboard.press("Escape")
    page.evaluate(FOLLOW, path)
    # The page before stays until the code of this one is there, and is at rest, too.
    if "/annotate/" in path:
        page.get_by_role("application").wait_for()
    settle(page)


def rewrite(path: str, change: Callable[[Any], Any]) -> Act:
    """Change what the server answers at addresses with this end."""

    def meet(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=change(answer.json()))

    def act(page: Page) -> None:
        page.route(re.compile(path), meet)

    return act


def at_work(answer: Any) -> Any:
    """Show the training that has ended as it was in the middle."""
    for one in answer.get("items", [answer]):
        if one["state"] == "succeeded" and one["kind"] == "train":
            one |= {"state": "running", "phase": "training", "done": 5.0, "seconds_left": 210.0, "result": None}
            one["finished_at"] = None
    return answer


RUNNING = rewrite(r"/api/v1/(projects/[^/]+/)?jobs(/[0-9a-f-]{36})?(\?.*)?$", at_work)


ADDRESS = "s3://a-bucket-of-the-factory/2026-11/left camera, second shelf/{}.jpg"


def elsewhere(page: Page) -> None:
    """Show all images as if they were there by reference."""

    def find(route: Route) -> None:
        ids = json.loads(route.request.post_data or "{}")["ids"]
        route.fulfill(json=[{"image_id": one, "address": ADDRESS.format(one)} for one in ids])

    rewrite(r"/originals$", lambda answer: answer | {"images": 1240})(page)
    page.route(re.compile(r"/originals/find$"), find)


def undecoded(state: str, problem: str | None) -> Act:
    """Show videos as they are before, or instead of, being ready."""

    def change(answer: Any) -> Any:
        for one in answer.get("items", [answer]):
            one |= {"state": state, "problem": problem}
        return answer

    return rewrite(r"/api/v1/(projects/[0-9a-f-]{36}/videos(\?.*)?|videos/[0-9a-f-]{36})$", change)


BROKEN = "the file is cut off: its index is missing; upload it again"


def unready(page: Page) -> None:
    """Answer as for a video that is not decoded yet."""
    page.route(
        re.compile(r"/api/v1/videos/[0-9a-f-]{36}/(times|tracks)$"),
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            body='{"title": "the video has no frames yet; wait until it is decoded", "status": 409, '
            '"code": "video_not_ready"}',
        ),
    )


def failing(page: Page) -> None:
    """Answer 500 to all that a page asks for; the frame around it gets its answers."""
    page.route(
        re.compile(r"/api/v1/(?!session|events|projects/[0-9a-f-]{36}$)"),
        lambda route: route.fulfill(
            status=500,
            content_type="application/problem+json",
            body='{"title": "the disk does not answer", "status": 500, "code": "internal"}',
        ),
    )


def waiting(page: Page) -> None:
    """Let a page wait for its data."""
    page.route(re.compile(r"/api/v1/(?!session|events|projects/[0-9a-f-]{36}$)"), lambda _: None)


def away(page: Page) -> None:
    """Let nobody hear of changes any more."""
    page.route("**/api/v1/events*", lambda route: route.abort())


def hand_over(files: Callable[[], Path | list[Path]], ready: str) -> Act:
    """Give files to the dialog that is open, and wait for what it says then."""

    def act(page: Page) -> None:
        page.get_by_role("dialog").locator("input[type=file]").set_input_files(files())
        expect(page.get_by_role("dialog").get_by_text(ready).first).to_be_visible(timeout=30_000)

    return act


def upload(page: Page) -> None:
    """Send pictures, of which one is none, and see the list."""
    folder = Path(mkdtemp())
    for number in range(5):
        (folder / f"shelf {number}.jpg").write_bytes(make_scene(900 + number).data)
    (folder / "notes.txt").write_text("no picture")
    page.route(re.compile(r"/images\?name=shelf\+?(%20)?[34]"), lambda _: None)
    page.get_by_label("Choose files").first.set_input_files(sorted(folder.iterdir()))
    expect(page.get_by_text("could not be uploaded")).to_be_visible()
    expect(page.get_by_role("img", name="Uploaded", exact=True)).to_have_count(3)


def select(page: Page) -> None:
    """Select three images of the library."""
    for box in page.get_by_role("checkbox", name=re.compile("^Select ")).all()[:3]:
        box.check(force=True)


def select_one(page: Page) -> None:
    """Select the first image of the library."""
    page.get_by_role("checkbox", name=re.compile("^Select ")).first.check(force=True)


def draw_offline(page: Page) -> None:
    """Draw a box while the server is away."""
    area = page.get_by_role("application").bounding_box()
    assert area is not None
    page.context.set_offline(True)
    page.keyboard.press("b")
    page.mouse.move(area["x"] + area["width"] / 2 - 90, area["y"] + area["height"] / 2 - 60)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] / 2 + 40, area["y"] + area["height"] / 2 + 50, steps=3)
    page.mouse.up()
    expect(page.locator("[data-save-state=offline]")).to_be_visible()


def key(name: str) -> Act:
    """Press a key on the picture."""

    def act(page: Page) -> None:
        page.get_by_role("application").focus()
        page.keyboard.press(name)

    return act


def first_object(page: Page) -> None:
    """Choose the first object of the list."""
    page.get_by_role("button", name=re.compile("^Select (object|proposal) 1")).first.click()


def wrong_password(page: Page) -> None:
    """Try to sign in."""
    page.get_by_label("Name").fill("viewer")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def create_token(page: Page) -> None:
    """Make a token, which is shown once."""
    page.get_by_label("Name of the token").fill("dashboard")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()


def dialog_button(name: str, ready: str) -> Act:
    """Press a button of the dialog and wait for what it says then."""

    def act(page: Page) -> None:
        page.get_by_role("dialog").get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog").get_by_text(ready).first).to_be_visible(timeout=30_000)

    return act


def bring_weights(page: Page) -> None:
    """Choose a file for a network, say what it is, and see it refused."""
    then(architecture("D-FINE S"), button("Upload weights"))(page)
    hand_over(last_weights, "last.safetensors")(page)
    page.get_by_label("Where they come from").fill("https://example.org/our/dfine")
    page.get_by_label("Their licence").fill("Apache-2.0")
    dialog_button("Add the weights", "no safetensors file")(page)
