"""Take pictures of every page, dialog and state of the editor, light and dark, on desk, tablet and phone.

python scripts/gallery.py FOLDER [--only TEXT ...] [--check]

They stand in tests/places.py and tests/states.py. One picture a page and look, and `NAME.png` with all of them side by
side for a first glance. With `--check` axe, a ruler and the Tab key look too: what is serious, wider than the screen,
lower than a thumb, or does not show that it has the focus is printed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import states  # noqa: E402 (found through the line above)
from live import LiveServer  # noqa: E402
from looking import axe, lost_focus, sideways, small_targets  # noqa: E402
from places import MORE, PLACES, Place  # noqa: E402
from showroom import furnish  # noqa: E402
from visitor import SIZES, Visitor, rest, viewport  # noqa: E402

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GAP = 12
# The editor has a look of its own, and a button for it, which a phone hides and a dialog covers.
DRESS = """(scheme) => {
  const editor = document.getElementById("annotate");
  if (!editor) return;
  for (const one of [editor, document.documentElement]) one.setAttribute("data-mantine-color-scheme", scheme);
}"""


class Gallery:
    """Takes pictures of places into a folder, and looks at them more closely where that is wanted."""

    def __init__(self, visitor: Visitor, folder: Path, *, check: bool) -> None:
        self.visitor, self.folder, self.check = visitor, folder, check

    def show(self, place: Place) -> list[str]:
        """Go to a place and take its pictures; returns what was found."""
        found, pictures = [], []
        with self.visitor.at(place) as page:
            for size in SIZES:
                if size == "tablet" and not place.canvas:
                    continue
                for scheme in SCHEMES:
                    page.set_viewport_size(viewport(size))
                    page.emulate_media(color_scheme=scheme)
                    page.evaluate(DRESS, scheme)
                    rest(page, place)
                    target = self.folder / f"{place.name}-{size}-{scheme}.png"
                    page.screenshot(path=target)
                    pictures.append(target)
                    found += [f"{place.name} {size} {scheme}: {one}" for one in self._seen(page, size)]
            if self.check:
                page.set_viewport_size(viewport("desk"))
                rest(page, place)
                found += [f"{place.name} by keyboard: {one}" for one in lost_focus(page)]
        side_by_side(pictures, self.folder / f"{place.name}.png")
        return found

    def _seen(self, page: Page, size: str) -> list[str]:
        if not self.check:
            return []
        return [*sideways(page), *axe(page), *(small_targets(page) if size == "phone" else ())]


def side_by_side(pictures: list[Path], target: Path) -> None:
    """Put pictures of one place beside each other, all of one height."""
    images = [Image.open(path).convert("RGB") for path in pictures]
    high = 600
    small = [image.resize((image.width * high // image.height, high), Image.Resampling.LANCZOS) for image in images]
    sheet = Image.new("RGB", (sum(one.width + GAP for one in small) - GAP, high), "#888")
    left = 0
    for one in small:
        sheet.paste(one, (left, 0))
        left += one.width + GAP
    sheet.save(target)


@contextmanager
def furnished() -> Iterator[Visitor]:
    """A furnished server, and somebody with a browser."""
    program = os.environ.get("BOXWRIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    flags = ["--headless", "--no-sandbox", "--disable-gpu"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        ids = furnish(Path(name) / "data", states.fill)
        server = LiveServer(Path(name) / "data").start()
        try:
            browser = playwright.chromium.launch(executable_path=program, args=flags)
            yield Visitor(server, browser, ids)
            browser.close()
        finally:
            server.stop()


def main() -> int:
    """Walk through the places; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--only", nargs="*", default=[""], help="places whose names begin so")
    parser.add_argument("--check", action="store_true", help="let axe, a ruler and the Tab key look, too")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    with furnished() as visitor:
        gallery = Gallery(visitor, chosen.folder, check=chosen.check)
        for place in (*PLACES, *MORE, *states.STATES):
            if place.name.startswith(tuple(chosen.only)):
                try:
                    found += gallery.show(place)
                except (Error, AssertionError) as problem:
                    found.append(f"{place.name} nowhere: it could not be shown. {str(problem)[:600]}")
                print(place.name, flush=True)
    for what, where in grouped(found).items():
        print(f"{what}\n    at {', '.join(where)}")
    return 1 if found else 0


def grouped(found: list[str]) -> dict[str, list[str]]:
    """The places of each finding; names that the library makes up anew each time are left out."""
    places: dict[str, list[str]] = {}
    for line in found:
        where, _, what = line.partition(": ")
        places.setdefault(re.sub(r"mantine-[a-z0-9]{9}\b", "mantine-", what), []).append(where)
    return places


if __name__ == "__main__":
    sys.exit(main())
