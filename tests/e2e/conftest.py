"""Real Chromium on a real server; screenshots go to `BOXWRIGHT_SCREENSHOTS` where that is set."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from desk import Desk, desk_on, new_project
from live import LiveServer
from looking import PATIENCE

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A machine may be slow, and share its cores with others.
expect.set_options(timeout=PATIENCE)
# The first has no windows, which nobody sees here and which cost more than the pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# Of a module, not of the session: while Playwright is open its event loop runs here, and no other can.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("BOXWRIGHT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine (set BOXWRIGHT_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


def sign_in(context: BrowserContext, server: LiveServer) -> None:
    """Give a browser the cookie that a link is exchanged for, without the second that loading a page takes."""
    token = server.http.post("/session/links").raise_for_status().json()["token"]
    url = server.address["url"]
    answer = context.request.post(f"{url}/api/v1/session", data={"token": token}, headers={"origin": url})
    assert answer.ok, answer.text()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open windows; a test fails on any error that a page writes to its console.

    One of the local administrator is signed in and has gone nowhere yet; one that enters by a `link` is where that
    leads, and one of `nobody` where people sign in.
    """
    complaints: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage, forgive: str) -> None:
        if message.type == "error" and not re.search(forgive, message.text):
            complaints.append(message.text)

    def open_(
        server: LiveServer,
        *,
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        forgive: str = "(?!)",
        touch: bool = False,
        who: Literal["admin", "link", "nobody"] = "admin",
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            accept_downloads=True,
            has_touch=touch,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: heard(message, forgive))
        if who == "admin":
            sign_in(context, server)
        else:
            page.goto(server.sign_in_link() if who == "link" else server.address["url"])
        if who == "link":  # exchanged for a cookie after the page has loaded: who goes on before is not signed in
            expect(page.get_by_role("button", name="Account of")).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Save a screenshot for people to look at."""
    folder = os.environ.get("BOXWRIGHT_SCREENSHOTS")

    def save(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return save


@pytest.fixture
def desk(server: LiveServer, open_page: Callable[..., Page]) -> Callable[..., Desk]:
    """Open the editor on the first of three pictures of a new project; the rest is for `open_page`."""

    def open_(*, classes: tuple[str, ...] = ("cat", "dog"), **look: Any) -> Desk:
        project, images = new_project(server, *classes)
        return desk_on(open_page(server, **look), server, project, images[0])

    return open_
