"""People with browsers who go to the places of a furnished server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize

from live import LiveServer
from looking import settle
from places import Place
from showroom import PASSWORD
from steps import visit

FORGET = """() => new Promise((done) => {
  const gone = indexedDB.deleteDatabase("boxwright-journal");
  gone.onsuccess = gone.onerror = gone.onblocked = done;
})"""
SIZES = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


class Visitor:
    """One browser window for each person that looks: the administrator of the link, others by password, nobody."""

    def __init__(self, server: LiveServer, browser: Browser, ids: dict[str, str]) -> None:
        self.server, self.browser, self.ids = server, browser, ids
        self._pages: dict[str, Page] = {}

    def page_of(self, who: str) -> Page:
        """A window in which this person is signed in."""
        if who not in self._pages:
            context = self.browser.new_context(reduced_motion="reduce", viewport=viewport("desk"))
            page = self._pages[who] = context.new_page()
            page.set_default_timeout(20_000)
            page.goto(self.server.sign_in_link() if who == "admin" else self.server.address["url"])
            if who not in ("admin", "nobody"):
                page.get_by_label("Name").fill(who)
                page.get_by_label("Password", exact=True).fill(PASSWORD)
                page.get_by_role("button", name="Sign in", exact=True).click()
                page.get_by_role("button", name="Account of").wait_for()
            settle(page)
        return self._pages[who]

    @contextmanager
    def at(self, place: Place) -> Iterator[Page]:
        """Go to a place and do there what belongs to it; what was drawn, stopped or cut off there is left behind."""
        page = self.page_of(place.who)
        page.set_viewport_size(viewport(place.size))
        path = place.path.format(**self.ids)
        if place.before is None and place.who != "nobody":
            visit(page, path)
        else:
            if place.before is not None:
                place.before(page)
            page.goto(self.server.address["url"] + path)
            rest(page, place)
        if place.act is not None:
            place.act(page)
            rest(page, place)
        yield page
        page.context.set_offline(False)
        page.unroute_all(behavior="ignoreErrors")
        if place.before is not None or place.stale:
            page.evaluate("() => localStorage.clear()")
            page.goto("about:blank")
            # What was left unsaved there would be offered, or asked about, ever after.
            page.goto(self.server.address["url"] + "/api/v1/health")
            page.evaluate(FORGET)
            page.goto(self.server.address["url"] + "/account")
            settle(page)


def viewport(size: str) -> ViewportSize:
    """How large a screen is."""
    width, height = SIZES[size]
    return {"width": width, "height": height}


def rest(page: Page, place: Place) -> None:
    """Wait until the page has drawn itself."""
    if place.waits:
        page.locator("[aria-busy=true], .mantine-Loader-root").filter(visible=True).first.wait_for()
    else:
        settle(page)
