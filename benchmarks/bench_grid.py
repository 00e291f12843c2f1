"""The library of a million images in a real browser: how long a place in view stays blank, and how long frames take.

    python benchmarks/bench_grid.py [--data FOLDER] [--images 1000000] [--jumps 20] [--seconds 6] [--name bench_grid]

Fills a database the first time, as `bench_million.py` does; with `--data` it is kept and used again. Chromium, without
a graphics card, shows the library as pictures and as a table; it is scrolled steadily at two speeds, and sent to places
all over the list as a hand on the scroll bar does. A place is blank from the frame in which it is first in view until
its name stands there, and until its picture is loaded. Needs a Chromium and the built front end (`make web`).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from bench_server import address, checked, serving
from measuring import keep, table
from million_data import fill

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_EYE = Path(__file__).with_name("grid_eye.js").read_text("utf-8")
SPEEDS = (1500, 4000)  # pixels a second: reading along, and looking for something


@dataclass(frozen=True)
class Seen:
    """How long places were blank without a name and without a picture, and how long frames took: milliseconds."""

    what: str
    places: int
    name: tuple[float, float, float]
    picture: tuple[float, float, float]
    frame: tuple[float, float, float]


def spread(values: list[float]) -> tuple[float, float, float]:
    """Return median, 95th percentile and the largest."""
    ordered = sorted(values) or [0.0]
    return ordered[len(ordered) // 2], ordered[int((len(ordered) - 1) * 0.95)], ordered[-1]


class Browser:
    """A page of the library with an eye on it."""

    def __init__(self, page: Page, base: str, images: int) -> None:
        self.page, self.base, self.images = page, base, images

    def show(self, search: str) -> None:
        """Open the library, and wait until all in view is there."""
        self.page.goto(self.base + search)
        self.page.get_by_test_id("library-table" if "table" in search else "library").wait_for()
        # The counts and tags of a million images take a moment; they are no part of scrolling.
        self.page.get_by_role("tab", name=f"{self.images:,}").first.wait_for()
        self.page.wait_for_timeout(5000)
        self.page.evaluate(_EYE)
        self.page.wait_for_function("() => window.gridEye.isFull()")

    def watched(self, what: str, act: Callable[[], None]) -> Seen:
        """Do something and tell what was seen meanwhile."""
        self.page.evaluate("() => window.gridEye.start()")
        act()
        self.page.wait_for_function("() => window.gridEye.isFull()", timeout=60_000)
        self.page.wait_for_timeout(100)
        found = self.page.evaluate("() => window.gridEye.stop()")
        name, picture = found["name"], found["picture"]
        seen = Seen(what, len(name), spread(name), spread(picture), spread(found["frames"]))
        print(seen, flush=True)
        return seen

    def scroll(self, speed: int, seconds: float) -> None:
        """Scroll steadily, here and on from the middle of the list."""
        self.page.evaluate("([v, s]) => window.gridEye.scroll(v, s)", [speed, seconds])

    def jump(self, times: int) -> None:
        """Go all over the list, each time as soon as all in view is there."""
        luck = random.Random(3)
        for _ in range(times):
            self.page.evaluate("(share) => window.gridEye.jump(share)", luck.random())
            self.page.wait_for_timeout(60)
            self.page.wait_for_function("() => window.gridEye.isFull()", timeout=60_000)

    def drag(self, seconds: float) -> None:
        """Drag the bar from one end to the other, and stop there."""
        steps = int(seconds * 20)
        for step in range(steps + 1):
            self.page.evaluate("(share) => window.gridEye.jump(share)", 0.05 + 0.9 * step / steps)
            self.page.wait_for_timeout(50)


def measured(browser: Browser, jumps: int, seconds: float) -> list[Seen]:
    """Scroll and jump, in pictures and in the table."""
    seen = []
    up = -SPEEDS[0]
    for layout, search in (("pictures", "?as=pictures"), ("table", "?as=table&columns=[]")):
        browser.show(search)
        acts: list[tuple[str, Callable[[], None]]] = [
            *((f"{speed} px/s", partial(browser.scroll, speed, seconds)) for speed in SPEEDS),
            (f"{jumps} jumps", partial(browser.jump, jumps)),
            (f"{-up} px/s up from there", partial(browser.scroll, up, seconds)),
            ("bar dragged along", partial(browser.drag, 2)),
        ]
        seen += [browser.watched(f"{layout}: {what}", act) for what, act in acts]
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--objects", type=float, default=1, help="of an image, on average")
    parser.add_argument("--jumps", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--name", default="")
    given = parser.parse_args()
    program = os.environ.get("BOXWRIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with contextlib.ExitStack() as stack:
        folder = given.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        filled = fill(f"sqlite:///{folder / 'boxwright.db'}", folder, given.images, given.objects)
        (folder / "server.json").unlink(missing_ok=True)
        command: list[str | Path] = [sys.executable, "-m", "boxwright", "serve", "--data", folder]
        stack.enter_context(serving([*command, "--port", "0", "--private"], {}, lambda: address(folder) is not None))
        found = address(folder)
        assert found is not None
        headers = {"authorization": f"Bearer {found['token']}"}
        token = checked(httpx.post(found["url"] + "/api/v1/session/links", headers=headers))["token"]
        playwright = stack.enter_context(sync_playwright())
        page = playwright.chromium.launch(executable_path=program, args=FLAGS).new_page(
            viewport={"width": 1440, "height": 900}
        )
        page.set_default_timeout(60_000)
        page.goto(f"{found['url']}/#token={token}")
        page.get_by_role("button", name="Account of").wait_for()
        browser = Browser(page, f"{found['url']}/projects/{filled.project_id}/images", given.images)
        seen = measured(browser, given.jumps, given.seconds)
    head: tuple[str, ...] = ("", "places seen", "no name ms: p50", "p95", "max", "no picture ms: p50", "p95", "max")
    head += ("frame ms: p50", "p95", "max")
    cells = [[row.what, row.places, *row.name, *row.picture, *row.frame] for row in seen]
    if given.name:
        keep(given.name, f"{given.images:,} images, 1440 x 900\n\n{table(head, cells)}", [vars(row) for row in seen])


if __name__ == "__main__":
    main()
