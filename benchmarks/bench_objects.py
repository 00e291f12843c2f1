"""What the editor's page does with 10,000 objects on one picture, by real keys and a real wheel in headless Chromium.

    python benchmarks/bench_objects.py [--objects 10000] [--rounds 3]

The whole application is at work: a server, the page, autosave and the journal. Printed are milliseconds of the page's
main thread, medians over rounds: `shown` from the key until the first frame after it has been made; `longest` the
longest single task, saving included, which is how long the page cannot answer a hand at most (browsers tell those above
50 ms, so 0 is less than that); `all` everything until what was done is saved and the page rests, less what an idle page
takes. Needs a Chromium.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench_editor import FLAGS
from bench_server import address, checked, clients, serving
from boxwright.domain.ids import new_id
from measuring import keep, table

PICTURE = (4000, 3000)
CORNERS, SET = 40, 2500
SLOW, SETTLE, AUTOSAVE = 120_000, 1500, 500  # milliseconds
KINDS = {"box": "boxes", "polygon": f"polygons of {CORNERS} points"}
# To look for it costs the page next to nothing, which a matcher of Playwright does not.
_SAVED = "() => document.querySelector('[data-save-state=saved]') !== null"
# From an event until the page has drawn the frame after it.
_WATCH = """() => {
  window.shown = [];
  const note = (event) => {
    const start = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.shown.push(performance.now() - start);
      channel.port2.postMessage(null);
    });
  };
  const always = { capture: true, passive: true };
  for (const type of ["keydown", "click", "wheel"]) window.addEventListener(type, note, always);
  window.tasks = [];
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration))).observe({
    type: "longtask",
  });
}"""
Measured = dict[str, float]


def shape(kind: str, chance: random.Random) -> dict[str, Any]:
    """A box of 20 to 80 pixels a side somewhere in the picture, or an outline in it."""
    w, h = chance.uniform(20, 80), chance.uniform(20, 80)
    x0, y0 = chance.uniform(0, PICTURE[0] - w), chance.uniform(0, PICTURE[1] - h)
    if kind == "box":
        return {"type": "box", "x0": x0, "y0": y0, "x1": x0 + w, "y1": y0 + h}
    ring = []
    for corner in range(CORNERS):
        turn, reach = 2 * math.pi * corner / CORNERS, chance.uniform(0.6, 1)
        ring.append([x0 + w / 2 * (1 + reach * math.cos(turn)), y0 + h / 2 * (1 + reach * math.sin(turn))])
    return {"type": "polygon", "rings": [ring]}


def furnish(http: httpx.Client, kind: str, objects: int) -> str:
    """Make a project with one picture full of objects; returns the path of its editor."""
    project = checked(http.post("/projects", json={"name": kind}))["id"]
    attributes = [{"name": "occluded", "kind": "checkbox", "default": False}]
    checked(http.patch(f"/projects/{project}", json={"attributes": attributes}))
    names = [f"class {number}" for number in range(7)]
    classes = [one["id"] for one in checked(http.post(f"/projects/{project}/classes", json={"names": names}))]
    file = BytesIO()
    Image.effect_noise(PICTURE, 40).convert("RGB").save(file, "JPEG", quality=60)
    params = {"name": f"{kind}.jpg"}
    image = checked(http.post(f"/projects/{project}/images", params=params, content=file.getvalue()))["image"]["id"]
    chance, revision = random.Random(7), 0
    items = [
        {"id": new_id(), "class_id": classes[number % len(classes)], "geometry": shape(kind, chance)}
        for number in range(objects)
    ]
    for start in range(0, objects, SET):
        changes = [{"op": "upsert", "annotation": item} for item in items[start : start + SET]]
        body = {"change_id": new_id(), "base_revision": revision, "changes": changes}
        revision = checked(http.post(f"/images/{image}/changes", json=body))["revision"]
    return f"/projects/{project}/annotate/{image}"


class Bench:
    """Does one thing after the other on a page and looks at its main thread meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[Measured]] = {}
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")

    def measure(self, name: str, act: Callable[[], None], *, times: int = 1) -> None:
        """Do something, wait until it is saved and the page rests, and keep what that took, for one of `times`."""
        page = self.page
        page.evaluate("() => { window.shown = []; window.tasks = []; }")
        before, begin = self._busy(), time.perf_counter()
        act()
        page.wait_for_timeout(AUTOSAVE)
        page.wait_for_function(_SAVED, polling=200, timeout=SLOW)
        page.wait_for_timeout(SETTLE)
        busy, wall = self._busy() - before, time.perf_counter() - begin
        shown, tasks = page.evaluate("() => [window.shown, window.tasks]")
        idle = self._idle()
        found = {"shown": max(shown, default=math.nan), "longest": max(tasks, default=0.0)}
        found["all"] = (busy - idle * wall) / times
        self.found.setdefault(name, []).append(found)

    def _busy(self) -> float:
        """Milliseconds for which the page's main thread has been at work so far."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    def _idle(self) -> float:
        """Milliseconds a second of a page that does nothing."""
        before, begin = self._busy(), time.perf_counter()
        self.page.wait_for_timeout(SETTLE)
        return (self._busy() - before) / (time.perf_counter() - begin)


def work(bench: Bench) -> None:
    """What people do with thousands of objects."""
    page = bench.page
    keys = page.keyboard

    def press(name: str) -> Callable[[], None]:
        return lambda: keys.press(name)

    picture = page.get_by_role("application")
    picture.focus()
    press("Tab")()  # the first one also scrolls the list to it
    page.wait_for_timeout(SETTLE)
    bench.measure("Tab to the next object", press("Tab"))
    bench.measure("select all", press("Control+a"))
    page.keyboard.press("q")
    page.wait_for_timeout(SETTLE)
    page.locator("[data-attribute-field]").first.focus()
    bench.measure("an attribute of all", press("Space"))
    picture.focus()
    bench.measure("its undo", press("Control+z"))
    bench.measure("delete all", press("Delete"))
    bench.measure("its undo ", press("Control+z"))
    page.set_viewport_size({"width": 900, "height": 800})  # here the list has to be opened; the attributes did so
    page.get_by_role("button", name="Hide classes and objects").click()
    page.wait_for_timeout(SETTLE)
    bench.measure("open the list", page.get_by_role("button", name="Show classes and objects").click)
    page.get_by_role("region", name="Objects").get_by_role("list").hover(position={"x": 100, "y": 60})
    steps = 20

    def scroll() -> None:
        for _ in range(steps):
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(30)

    bench.measure("scroll it, a turn of the wheel", scroll, times=steps)
    page.set_viewport_size({"width": 1440, "height": 900})


@contextmanager
def server(folder: Path) -> Iterator[dict[str, str]]:
    """A server with an empty data folder: its address and its token."""
    command: list[str | Path] = [sys.executable, "-m", "boxwright", "serve", "--data", folder, "--port", "0"]
    with serving([*command, "--private"], {}, lambda: address(folder) is not None):
        found = address(folder)
        assert found is not None
        yield found


def rounds_of(browser: Browser, url: str, http: httpx.Client, kind: str, given: argparse.Namespace) -> Bench:
    """Furnish a picture, open it anew for each round, and measure."""
    path = furnish(http, kind, given.objects)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/#token={checked(http.post('/session/links'))['token']}")
    expect(page.get_by_text(kind).first).to_be_visible()
    bench = Bench(page)
    for _ in range(given.rounds):
        page.goto(url + path)
        heading = page.get_by_role("region", name="Objects").get_by_role("heading")
        expect(heading).to_contain_text(str(given.objects), timeout=SLOW)
        page.wait_for_timeout(SETTLE)
        page.evaluate(_WATCH)
        work(bench)
    page.close()
    return bench


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    given = parser.parse_args()
    program = os.environ.get("BOXWRIGHT_CHROMIUM") or shutil.which("chromium")
    record: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, server(Path(name)) as found, sync_playwright() as playwright:
        http = clients(found["url"] + "/api/v1", f"Bearer {found['token']}", 1)[0]
        for kind in given.kinds:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            record[kind] = rounds_of(browser, found["url"], http, kind, given).found
            browser.close()
    report(record, given)


def report(record: dict[str, dict[str, list[Measured]]], given: argparse.Namespace) -> None:
    """Print and keep the medians."""
    said = []
    for kind, steps in record.items():
        rows = [
            [name, *(statistics.median(one[what] for one in rounds) for what in ("shown", "longest", "all"))]
            for name, rounds in steps.items()
        ]
        said.append(f"{given.objects} {KINDS[kind]}\n\n{table(('ms', 'shown', 'longest', 'all'), rows)}")
    keep("bench_objects", f"Medians of {given.rounds} rounds.\n\n" + "\n\n".join(said), record)


if __name__ == "__main__":
    main()
