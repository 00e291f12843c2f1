"""Every page: full and empty, in light and dark, on desk, tablet and phone; by keyboard; while it waits and fails."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from boxwright.domain.people import ROLES
from campaigns import turn
from live import LiveServer
from looking import axe, settle, sideways, small_targets, tab_to
from places import PLACES
from scenes import make_scene
from showroom import PASSWORD, furnish
from steps import visit

pytestmark = [pytest.mark.e2e]
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]

SIZES = {"desk": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
# All six with screenshots for people; without, each size and both colours once. What axe can tell apart, it is asked:
# the two ends of the sizes, in two colours; page after page in turn, or both.
ALL = tuple((size, scheme) for size in SIZES for scheme in ("light", "dark"))
ENDS = ("desk", "phone")
SOME = (("desk", "light"), ("tablet", "light"), ("phone", "dark"))
NOBODY = "01900000-0000-7000-8000-000000000000"


class Showroom:
    """A server whose pages have something to show."""

    def __init__(self, server: LiveServer, ids: dict[str, str]) -> None:
        self.server, self.ids = server, ids

    def address(self, path: str) -> str:
        return self.server.address["url"] + path.format(**self.ids)

    def visit(self, page: Page, path: str) -> None:
        visit(page, path.format(**self.ids))


@pytest.fixture(scope="module")
def showroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showroom]:
    data = tmp_path_factory.mktemp("showroom") / "data"
    ids = furnish(data)
    server = LiveServer(data).start()
    yield Showroom(server, ids)
    server.stop()


def enter(showroom: Showroom, open_page: Open, **options: Any) -> Page:
    page = open_page(showroom.server, **options)
    page.goto(showroom.address("/projects"))
    expect(page.get_by_role("button", name="Account of")).to_be_visible()
    return page


def look_around(page: Page, name: str, shoot: Shoot, asked: Sequence[str] = ENDS) -> list[str]:
    findings = []
    for size, scheme in ALL if os.environ.get("BOXWRIGHT_SCREENSHOTS") else SOME:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        settle(page)
        shoot(page, f"pages/{name}-{size}-{scheme}")
        found = [*sideways(page), *(axe(page) if size in asked else [])]
        if size == "phone":
            found += [f"lower than a thumb: {one}" for one in small_targets(page)]
        findings += [f"{name} {size} {scheme}: {one}" for one in found]
    return findings


@pytest.mark.campaign
def test_every_page_fits_every_screen_and_everybody(showroom: Showroom, open_page: Open, shoot: Shoot) -> None:
    page = enter(showroom, open_page, forgive="status of 404")
    findings = []
    for number, place in enumerate(PLACES):
        width, height = SIZES[place.size]
        page.set_viewport_size({"width": width, "height": height})
        showroom.visit(page, place.path)
        if place.act is not None:
            place.act(page)
            settle(page)
        findings += look_around(page, place.name, shoot, turn(ENDS, number))
    assert not findings, "\n".join(findings)


class Gatekeeper:
    """Stands before the API: lets through, holds back, or answers 500. The frame around the pages gets its answers."""

    def __init__(self, page: Page) -> None:
        self.failing = False
        self.held: list[Route] | None = None
        page.route(re.compile(r"/api/v1/"), self._meet)

    def _meet(self, route: Route) -> None:
        if re.search(r"/api/v1/(session|events|projects/[0-9a-f-]{36}$)", route.request.url.split("?")[0]):
            route.fallback()
        elif self.held is not None:
            self.held.append(route)
        elif self.failing:
            self._refuse(route)
        else:
            route.fallback()

    @staticmethod
    def _refuse(route: Route) -> None:
        route.fulfill(
            status=500,
            content_type="application/problem+json",
            body='{"title": "the disk does not answer", "status": 500, "code": "internal"}',
        )

    def hold(self) -> None:
        self.held = []

    def refuse(self) -> None:
        held, self.held, self.failing = self.held or [], None, True
        for route in held:
            self._refuse(route)

    def open(self) -> None:
        self.failing = False


def try_again(buttons: Locator) -> None:
    """Press all that is there; refusals that were on their way bring more, and slow answers need their time."""
    for patience in (500, 2000, 8000, 30_000):
        buttons.evaluate_all("(all) => all.forEach((one) => one.click())")
        with suppress(AssertionError):
            expect(buttons).to_have_count(0, timeout=patience)
            return
    raise AssertionError("it still fails")


# What stands on the page when all is well.
WELL: tuple[tuple[str, str], ...] = (
    ("/projects", "Shelves"),
    ("/projects/{project}/images", "scene 6.jpg"),
    ("/projects/{project}/images?dialog=versions", "8 images, 12 annotations"),
    ("/projects/{project}/images?dialog=classes", "New classes, one per line"),
    ("/projects/{empty}/annotate", "There is nothing to annotate yet"),
    ("/projects/{project}/annotate/{image}", "1 of 8"),
    ("/projects/{project}/train", "tiny at 4096 px"),
    ("/projects/{project}/train/{training}", "epoch 8 of 8"),
    ("/projects/{project}/models", "Test mAP 50–95"),
    ("/projects/{project}/models/{model}", "Evaluation on Test"),
    ("/projects/{project}/predict", "Shelf, Monday"),
    ("/projects/{project}/predict/{run}", "1.jpg"),
    ("/projects/{project}/settings", "Free disk space"),
    ("/projects/{project}/people", "annotator"),
    ("/projects/{project}/people?view=audit", "gave annotator the role Annotator"),
    ("/people", "The user of the link"),
    ("/people?view=audit", "made the user ann"),
    ("/account", "nightly export"),
)


def test_every_page_says_that_it_waits_and_what_failed_and_tries_again(
    showroom: Showroom, open_page: Open, shoot: Shoot
) -> None:
    page = enter(showroom, open_page, width=390, height=844, forgive="status of 500")
    gate = Gatekeeper(page)
    for path, sign in WELL:
        gate.hold()
        page.goto(showroom.address(path))
        name = path.replace("/", "-").translate({ord(c): None for c in "{}?="})
        place = page.get_by_role("dialog") if "dialog" in path else page.locator("#main")
        waiting = place.locator("[aria-busy=true], .mantine-Loader-root").filter(visible=True).first
        expect(waiting, f"{path} says that it waits").to_be_visible()
        shoot(page, f"pages/waiting{name}")
        gate.refuse()
        again = place.get_by_role("button", name="Try again")
        expect(again.first, f"{path} says that it failed").to_be_visible()
        expect(page.get_by_text("The disk does not answer.").first).to_be_visible()
        shoot(page, f"pages/failed{name}")
        gate.open()
        try_again(again)
        expect(page.get_by_text(sign).first, f"{path} is there after all").to_be_visible()


def test_signing_in_by_password(showroom: Showroom, open_page: Open, shoot: Shoot) -> None:
    page = enter(showroom, open_page, forgive="status of 401|status of 429")
    page.context.clear_cookies()
    page.goto(showroom.address("/projects/{project}/train"))
    settle(page)
    findings = look_around(page, "sign-in", shoot)
    assert not findings, "\n".join(findings)
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("viewer")
    page.keyboard.press("Tab")
    page.keyboard.type("no such thing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is not right.")
    shoot(page, "pages/sign-in-wrong")
    page.route("**/session/password", lambda route: route.fulfill(status=429, json=TOO_MANY))
    sign_in(page, "viewer")
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts. Try again in")
    expect(page.get_by_role("button", name="Sign in")).to_be_disabled()
    shoot(page, "pages/sign-in-too-many")
    page.unroute("**/session/password")
    page.reload()
    sign_in(page, "viewer")
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    page.get_by_role("button", name="Account of viewer").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


TOO_MANY = {"title": "too many attempts", "status": 429, "code": "too_many_attempts", "retry_after": 20}


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


# Page, control, and the least role that it is offered to.
OFFERS = (
    ("/projects/{project}/images", "Upload images", "manager"),
    ("/projects/{project}/images", "Import", "manager"),
    ("/projects/{project}/images", "Export", "viewer"),
    ("/projects/{project}/annotate/{image}", "Draw boxes", "annotator"),
    ("/projects/{project}/annotate/{image}", "Next image", "viewer"),
    ("/projects/{project}/train", "Start training", "manager"),
    ("/projects/{project}/train/{failed}", "Resume", "manager"),
    ("/projects/{project}/models", "Add model", "manager"),
    ("/projects/{project}/models/{model}", "Actions for tiny", "manager"),
    ("/projects/{project}/predict", "Choose files", "annotator"),
    ("/projects/{project}/predict/{run}", "Delete run", "manager"),
    ("/projects/{project}/settings", "Save", "manager"),
    ("/projects/{project}/settings", "Delete project", "manager"),
    ("/projects/{project}/people", "Remove bob", "manager"),
)


@pytest.mark.parametrize("role", ["viewer", "annotator", "manager"])
def test_what_a_role_lacks_is_not_offered(showroom: Showroom, open_page: Open, shoot: Shoot, role: str) -> None:
    page = enter(showroom, open_page, forgive="status of 401")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto(showroom.address("/account"))
    sign_in(page, role)
    here = ""
    for path, control, least in OFFERS:
        if path != here:
            showroom.visit(page, path)
            here = path
        offered = page.locator("#main").get_by_role("button", name=control, exact=True, disabled=False)
        if ROLES.index(role) >= ROLES.index(least):  # type: ignore[arg-type]
            expect(offered.first, f"{control} for a {role}").to_be_visible()
        else:
            expect(offered, f"{control} not for a {role}").to_have_count(0)
        shoot(page, f"pages/{role}-{control}")
    for path in ("/people", "/backup"):
        page.goto(showroom.address(path))
        expect(page.get_by_text("There is nothing at this address")).to_be_visible()


def test_a_server_that_is_away_is_told_from_the_first_page_on(showroom: Showroom, open_page: Open) -> None:
    page = enter(showroom, open_page, forgive="Failed to load resource")
    page.route("**/api/v1/session", lambda route: route.abort())
    page.reload()
    expect(page.get_by_label("Signing in")).to_be_visible()
    expect(page.get_by_text("The server does not answer").first).to_be_visible()
    page.unroute("**/api/v1/session")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def test_what_is_not_there_leads_back(showroom: Showroom, open_page: Open) -> None:
    page = enter(showroom, open_page, forgive="status of 404")
    for path in (f"/projects/{NOBODY}/images", "/projects/{project}/train/" + NOBODY, "/nowhere"):
        page.goto(showroom.address(path))
        expect(page.get_by_text(re.compile("nothing at this address|could not be loaded")).first).to_be_visible()


def test_the_keyboard_alone_leads_from_nothing_to_a_training(
    showroom: Showroom, open_page: Open, tmp_path: Path
) -> None:
    page = enter(showroom, open_page)
    press = page.keyboard.press
    # Playwright catches choosers from the first listener on; asked at the key press it would sometimes be too late.
    page.on("filechooser", lambda _: None)
    settle(page)
    tab_to(page, "Skip to content")
    tab_to(page, "New project")
    press("Enter")
    expect(page.get_by_label("Project name")).to_be_focused()
    page.keyboard.type("By keyboard")
    press("Enter")
    expect(page.get_by_role("heading", name="No images yet")).to_be_visible()
    scene = make_scene(7, size=(320, 240), name="typed.jpg")
    (tmp_path / scene.name).write_bytes(scene.data)
    tab_to(page, "Upload images")
    press("Enter")
    expect(page.get_by_role("menuitem", name="Choose files")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        press("Enter")
    chooser.value.set_files(tmp_path / scene.name)
    expect(page.get_by_role("gridcell", name="typed.jpg")).to_be_visible()
    tab_to(page, "typed.jpg")
    press("Enter")
    expect(page.get_by_role("application")).to_be_focused()
    expect(page.get_by_text("320 × 240 px")).to_be_visible()
    tab_to(page, "Filter or add a class")
    page.keyboard.type("disc")
    press("Enter")
    expect(page.get_by_role("button", name="disc")).to_have_attribute("aria-pressed", "true")
    tab_to(page, "Train", key="Shift+Tab", most=60)
    press("Enter")
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    tab_to(page, "Name of the model")
    page.keyboard.type("typed too")
    tab_to(page, "Jobs", key="Shift+Tab")
    press("Enter")
    expect(page.get_by_role("dialog", name="Jobs")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("button", name="Jobs")).to_be_focused()
