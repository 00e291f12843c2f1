"""The same work in two editors: 50 boxes on 10 everyday photos, by the same mouse and keys, beside Label Studio.

    python benchmarks/bench_editor.py [--rounds 3]

A program does what a practised person would: picks the class by its digit, draws the box with a drag, goes to the next
picture with a key. It waits for nothing but the page: for the object to be in the list, for the next picture to be
there. Printed are presses of the mouse and of keys, seconds on the wall and of processor time (browser and server), and
how well the boxes that the server has afterwards fit what was drawn (the mean IoU, so that both did the work).
Needs a Chromium, the shared test data, and `python benchmarks/rivals.py label-studio`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

import rivals
from bccd_train import DATA
from bench_server import MAIL, address, answers, checked, clients, label_studio_settings, serving
from boxwright import Client
from measuring import keep, processor_of, table

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PICTURES, BOXES, DIGITS = 10, 5, 9
LEAST = 25  # pixels a side: what a person would draw without zooming in
SLOW, SETTLE = 60_000, 1000  # milliseconds
# Whether another picture is shown, to its last pixel.
_OTHER = """(source) => {
  const image = document.querySelector("img[alt=image]");
  return image !== null && image.src !== source && image.complete && image.naturalWidth > 0;
}"""
# Whether the picture has its own shape, and it and the stage lie where they lay one frame before.
_FITS = """(ratio) => {
  const found = [".konvajs-content", "img[alt=image]"].map((name) => document.querySelector(name));
  const [stage, image] = found.map((item) => item.getBoundingClientRect());
  const place = JSON.stringify([stage, image]);
  const same = window.placeBefore === place;
  window.placeBefore = place;
  return same && image.height > 0 && Math.abs(image.width / image.height / ratio - 1) < 0.01;
}"""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Task:
    """A photo and what to draw on it: (class, x0, y0, x1, y1) in pixels of the photo."""

    path: Path
    width: int
    height: int
    boxes: tuple[tuple[str, Box], ...]


@dataclass
class Hand:
    """A hand on mouse and keyboard that counts what it does."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def drag(self, x0: float, y0: float, x1: float, y1: float, *, hold: str | None = None) -> None:
        """Drag from one point of the window to another, with a key held or without."""
        mouse, keyboard = self.page.mouse, self.page.keyboard
        if hold:
            keyboard.down(hold)
            self.keys += 1
        mouse.move(x0, y0)
        mouse.down()
        mouse.move((x0 + x1) / 2, (y0 + y1) / 2, steps=3)
        mouse.move(x1, y1, steps=3)
        mouse.up()
        if hold:
            keyboard.up(hold)
        self.clicks += 1

    def press(self, key: str) -> None:
        """Press a key; `Control+Enter` are two."""
        self.page.keyboard.press(key)
        self.keys += len(key.split("+"))


@dataclass(frozen=True)
class Measured:
    """One round in one editor."""

    clicks: int
    keys: int
    wall: float
    processor: float
    boxes: int
    iou: float
    least: float


def tasks(folder: Path) -> tuple[list[str], list[Task]]:
    """Choose ten photos with the five largest objects of each, all of the nine commonest classes."""
    document = json.loads((folder / "instances.json").read_text())
    names = {item["id"]: item["name"] for item in document["categories"]}
    found: dict[int, list[tuple[str, Box]]] = {}
    for item in document["annotations"]:
        x, y, width, height = item["bbox"]
        if not item["iscrowd"] and min(width, height) >= LEAST:
            found.setdefault(item["image_id"], []).append((names[item["category_id"]], (x, y, x + width, y + height)))
    common = [name for name, _ in Counter(name for many in found.values() for name, _ in many).most_common(DIGITS)]
    chosen: list[Task] = []
    for image in document["images"]:
        fit = [item for item in found.get(image["id"], ()) if item[0] in common]
        fit = sorted(fit, key=lambda item: -(item[1][2] - item[1][0]) * (item[1][3] - item[1][1]))[:BOXES]
        if len(fit) == BOXES and len(chosen) < PICTURES:
            ordered = tuple(sorted(fit, key=lambda item: common.index(item[0])))
            path = folder / "images" / image["file_name"]
            chosen.append(Task(path, image["width"], image["height"], ordered))
    return common, sorted(chosen, key=lambda task: task.path.name)


def iou(a: Box, b: Box) -> float:
    """Return the overlap of two boxes, 0 to 1."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    inter = max(width, 0) * max(height, 0)
    return inter / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter)


def fit(wanted: list[Task], kept: list[list[tuple[str, Box]]]) -> tuple[int, float, float]:
    """Return how many boxes a server has, and of the best overlaps of drawn boxes with those the mean and the least."""
    best = [
        max((iou(box, other) for label, other in have if label == name), default=0.0)
        for task, have in zip(wanted, kept, strict=True)
        for name, box in task.boxes
    ]
    return sum(map(len, kept)), statistics.mean(best), min(best)


class Clock:
    """Tells seconds on the wall and of processor time (browser and server, not this program) since it was made."""

    def __init__(self) -> None:
        self._begin, self._before = time.perf_counter(), self._used()

    def read(self) -> tuple[float, float]:
        """Return (wall, processor)."""
        return time.perf_counter() - self._begin, self._used() - self._before

    @staticmethod
    def _used() -> float:
        return processor_of(os.getpid()) - time.process_time()


def in_boxwright(browser: Browser, folder: Path, classes: list[str], work: list[Task]) -> Measured:
    """Draw everything with Boxwright."""
    data = folder / "boxwright"
    command: list[str | Path] = [sys.executable, "-m", "boxwright", "serve", "--data", data, "--port", "0", "--private"]
    with serving(command, {}, lambda: address(data) is not None):
        found = address(data)
        assert found is not None
        with Client(found["url"], found["token"], timeout=600) as client:
            project = client.projects.create("bench")
            client.classes.add(project.id, classes)
            images = [client.images.upload(project.id, task.path, name=task.path.name).image for task in work]
            names = {item.id: item.name for item in client.classes.list(project.id)}
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            http = clients(found["url"] + "/api/v1", f"Bearer {found['token']}", 1)[0]
            page.goto(f"{found['url']}/#token={checked(http.post('/session/links'))['token']}")
            expect(page.get_by_text("bench").first).to_be_visible()
            page.goto(f"{found['url']}/projects/{project.id}/annotate/{images[0].id}")
            measured = _draw_here(page, classes, work)
            kept = [
                [(names[item.class_id], item.geometry.bounds) for item in client.annotations.get(image.id).annotations]
                for image in images
            ]
            page.close()
    return Measured(*measured, *fit(work, kept))


def _draw_here(page: Page, classes: list[str], work: list[Task]) -> tuple[int, int, float, float]:
    hand = Hand(page)
    heading = page.get_by_role("region", name="Objects").get_by_role("heading")
    expect(page.get_by_text(f"1 of {len(work)}")).to_be_visible()
    page.wait_for_timeout(SETTLE)
    clock = Clock()
    hand.press("b")
    for number, task in enumerate(work):
        expect(heading).to_have_text(_objects(0))
        area = page.get_by_role("application").bounding_box()
        held = ""
        for done, (name, box) in enumerate(task.boxes, 1):
            if name != held:  # the class stays until another is chosen
                hand.press(str(classes.index(name) + 1))
            held = name
            hand.drag(*_here(area, task, box))
            expect(heading).to_have_text(_objects(done))
        if number + 1 < len(work):
            hand.press("d")
            expect(page.get_by_text(f"{number + 2} of {len(work)}")).to_be_visible()
    expect(page.locator("[data-save-state=saved]")).to_be_visible()
    return hand.clicks, hand.keys, *clock.read()


def _objects(number: int) -> re.Pattern[str]:
    return re.compile(rf"Objects\s*{number}$")


def _here(area: Any, task: Task, box: Box) -> Box:
    """Where a box lies while the whole picture is in view, 16 pixels from the edges."""
    scale = min((area["width"] - 32) / task.width, (area["height"] - 32) / task.height)
    left = area["x"] + (area["width"] - task.width * scale) / 2
    top = area["y"] + (area["height"] - task.height * scale) / 2
    return (left + box[0] * scale, top + box[1] * scale, left + box[2] * scale, top + box[3] * scale)


def in_label_studio(browser: Browser, folder: Path, classes: list[str], work: list[Task], python: Path) -> Measured:
    """Draw everything with Label Studio."""
    token, port, password = secrets.token_hex(20), 18099, secrets.token_hex(8)
    base = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [
        python.with_name("label-studio"),
        "start",
        "--no-browser",
        "--port",
        str(port),
        "--host",
        base,
    ]
    env = label_studio_settings(folder / "label-studio", token, password)
    with serving(command, env, lambda: answers(base + "/health")):
        http = clients(base + "/api", f"Token {token}", 1)[0]
        labels = "".join(f'<Label value="{name}"/>' for name in classes)
        shapes = f'<RectangleLabels name="label" toName="image">{labels}</RectangleLabels>'
        config = f'<View><Image name="image" value="$image"/>{shapes}</View>'
        project = checked(http.post("/projects", json={"title": "bench", "label_config": config}))["id"]
        for task in work:
            file = (task.path.name, task.path.read_bytes(), "image/jpeg")
            checked(http.post(f"/projects/{project}/import", files={"file": file}))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(base + "/user/login")
        page.fill("input[name=email]", MAIL)
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.goto(f"{base}/projects/{project}/data?labeling=1")
        measured = _draw_there(page, classes, work)
        kept = _kept_there(http, project, work)
        page.close()
    return Measured(*measured, *fit(work, kept))


def _draw_there(page: Page, classes: list[str], work: list[Task]) -> tuple[int, int, float, float]:
    hand = Hand(page)
    regions = page.locator(".lsf-outliner-item")
    page.wait_for_function(_OTHER, arg="", timeout=SLOW)
    expect(page.locator(".konvajs-content canvas").first).to_be_visible(timeout=SLOW)
    clock, source = Clock(), ""
    for task in work:
        page.wait_for_function(_OTHER, arg=source, timeout=SLOW)
        expect(regions).to_have_count(0)
        source = str(page.locator("img[alt=image]").get_attribute("src"))
        # The page takes the shape of another picture some time after that is there.
        page.wait_for_function(_FITS, arg=task.width / task.height, timeout=SLOW)
        stage, picture = (page.locator(name).first.bounding_box() for name in (".konvajs-content", "img[alt=image]"))
        for done, (name, box) in enumerate(task.boxes, 1):
            # The label is let go after every region; a digit before that would only let go of it.
            expect(page.locator(".lsf-label_selected")).to_have_count(0)
            hand.press(str(classes.index(name) + 1))
            expect(page.locator(".lsf-label_selected")).to_have_count(1)
            place = _there(stage, picture, task, box)
            # A drag that begins on a region moves that region, unless Control is held.
            hand.drag(*place, hold="Control" if _covered(task, done - 1) else None)
            expect(regions).to_have_count(done)
        hand.press("Control+Enter")
    expect(page.get_by_text("No More Tasks Left in Queue")).to_be_visible(timeout=SLOW)
    return hand.clicks, hand.keys, *clock.read()


def _covered(task: Task, number: int) -> bool:
    """Tell whether a box begins within one that was drawn before."""
    x, y = task.boxes[number][1][:2]
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for _, box in task.boxes[:number])


def _there(stage: Any, picture: Any, task: Task, box: Box) -> Box:
    """Where a box lies in the window. A picture may reach over its stage a few pixels: nothing can be drawn there."""
    x, y = picture["width"] / task.width, picture["height"] / task.height
    left, top = stage["x"] + 1, stage["y"] + 1
    right, bottom = left + stage["width"] - 2, top + stage["height"] - 2
    places = [(picture["x"] + box[i] * x, picture["y"] + box[i + 1] * y) for i in (0, 2)]
    (x0, y0), (x1, y1) = [(min(max(x, left), right), min(max(y, top), bottom)) for x, y in places]
    return (x0, y0, x1, y1)


def _kept_there(http: httpx.Client, project: int, work: list[Task]) -> list[list[tuple[str, Box]]]:
    found = checked(http.get("/tasks", params={"project": project, "fields": "all", "page_size": len(work)}))["tasks"]
    kept = []
    for task, item in zip(work, sorted(found, key=lambda item: item["id"]), strict=True):
        regions = [region["value"] for answer in item["annotations"] for region in answer["result"]]
        kept.append([(value["rectanglelabels"][0], _pixels(value, task)) for value in regions])
    return kept


def _pixels(value: dict[str, Any], task: Task) -> Box:
    x, y = value["x"] * task.width / 100, value["y"] * task.height / 100
    return (x, y, x + value["width"] * task.width / 100, y + value["height"] * task.height / 100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    rival = rivals.python("label-studio")
    classes, work = tasks(DATA.parent / "coco_permissive")
    rounds: dict[str, list[Measured]] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        program = os.environ.get("BOXWRIGHT_CHROMIUM") or shutil.which("chromium")
        for number in range(given.rounds):
            folder = Path(name) / str(number)
            folder.mkdir()
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            rounds.setdefault("Boxwright", []).append(in_boxwright(browser, folder, classes, work))
            browser.close()
            if rival:
                browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
                found = in_label_studio(browser, folder, classes, work, rival)
                rounds.setdefault("Label Studio", []).append(found)
                browser.close()
    report(rounds, work)


def report(rounds: dict[str, list[Measured]], work: list[Task]) -> None:
    """Print and keep the medians."""
    head = ("", "presses of the mouse", "keys", "wall s", "processor s", "boxes kept", "mean IoU", "least IoU")
    rows = []
    for name, found in rounds.items():
        middle = [statistics.median(getattr(item, key) for item in found) for key in ("wall", "processor")]
        rows.append([name, found[0].clicks, found[0].keys, *middle, found[0].boxes])
        rows[-1] += [min(item.iou for item in found), min(item.least for item in found)]
    said = f"{len(work)} photos, {BOXES} boxes each; medians of {len(rounds['Boxwright'])} rounds"
    record = {name: [vars(item) for item in found] for name, found in rounds.items()}
    keep("bench_editor", f"{said}\n\n{table(head, rows)}", record)


if __name__ == "__main__":
    main()
