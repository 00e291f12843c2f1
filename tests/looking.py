"""What a test can see on a page: what axe finds, what sticks out, what a thumb would miss, where the focus is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

THUMB = 40
# Milliseconds until a page has come to rest; waiting costs nothing where it succeeds.
PATIENCE = 60_000
_EYES = Path(__file__).with_suffix(".js")
_AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def _ask(page: Page, question: str) -> Any:
    if not page.evaluate("() => 'looking' in window"):
        page.evaluate(_EYES.read_text("utf-8"))
    return page.evaluate(f"() => window.looking.{question}")


def axe(page: Page) -> list[str]:
    """Serious and critical findings of axe-core in the page as it is."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    found: list[str] = _ask(page, "findings()")
    return found


def sideways(page: Page) -> list[str]:
    """What is wider than its place, and stays so: a grid measures its place only after the window has changed."""
    found: list[str] = []
    for _ in range(30):
        found = _ask(page, "sideways()")
        if not found:
            break
        page.wait_for_timeout(100)
    return found


def small_targets(page: Page, least: int = THUMB) -> list[str]:
    """Controls in sight that are lower than a thumb needs."""
    found: list[str] = _ask(page, f"small({least})")
    return found


def settle(page: Page) -> None:
    """Wait until a page has drawn what it has, and nothing of it is still on its way."""
    if not page.evaluate(f"() => window.looking?.settled({PATIENCE}) ?? false"):
        _ask(page, f"settled({PATIENCE})")


def lost_focus(page: Page, *, most: int = 80) -> list[str]:
    """Press Tab until the focus comes round, and return the stops that do not show that they have it.

    The picture of the editor keeps the focus while Tab goes through its objects, and shows the one that is chosen.
    """
    seen: set[str] = set()
    lost: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = _ask(page, "focus()")
        if 'role="application"' in here["tag"]:
            continue
        if here["where"] in seen or here["tag"].startswith("<body"):
            break
        seen.add(here["where"])
        if not here["shown"]:
            lost.append(f"the focus cannot be seen on {here['tag']}")
    page.evaluate("() => document.activeElement?.blur()")
    return lost


def tab_to(page: Page, name: str, *, key: str = "Tab", most: int = 40) -> None:
    """Press Tab until the focus is on what bears this name; every stop on the way must show that it has the focus."""
    way: list[str] = []
    for _ in range(most):
        page.keyboard.press(key)
        here = _ask(page, "focus()")
        assert here["shown"], f"the focus cannot be seen on {here['tag']}"
        if here["name"].startswith(name):
            return
        way.append(here["name"] or here["tag"])
    raise AssertionError(f"no way by {key} to {name}: {way}")
