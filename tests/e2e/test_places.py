"""What lies deeper than the pages: menus, dialogs, the editor at work, other people, a server in trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

import warehouse
from campaigns import turn
from live import LiveServer
from looking import axe, lost_focus, sideways, small_targets
from places import MORE
from showroom import furnish
from visitor import Visitor, rest, viewport

pytestmark = [pytest.mark.e2e, pytest.mark.campaign]
LOOKS = (("desk", "dark"), ("phone", "light"), ("tablet", "light"))


@pytest.fixture(scope="module")
def visitor(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    data = tmp_path_factory.mktemp("warehouse") / "data"
    ids = furnish(data, warehouse.fill)
    server = LiveServer(data).start()
    yield Visitor(server, chromium, ids)
    server.stop()


def test_everything_fits_and_can_be_read_and_found_by_keyboard(
    visitor: Visitor, shoot: Callable[[Page, str], None]
) -> None:
    findings = []
    for number, place in enumerate(MORE):
        with visitor.at(place) as page:
            for size, scheme in turn(LOOKS if place.canvas else LOOKS[:2], number):
                page.set_viewport_size(viewport(size))
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                rest(page, place)
                shoot(page, f"places/{place.name}-{size}-{scheme}")
                found = [*sideways(page), *axe(page), *(small_targets(page) if size == "phone" else ())]
                findings += [f"{place.name} {size} {scheme}: {one}" for one in found]
            page.set_viewport_size(viewport("desk"))
            rest(page, place)
            findings += [f"{place.name} by keyboard: {one}" for one in lost_focus(page)]
    assert not findings, "\n".join(findings)
