"""A video in the editor, up to 4K: decoded, opened, stepped through, jumped in, played, and a box followed in it.

    python benchmarks/bench_video.py [--frames 150] [--tracks 30] [--sizes 640x480,1920x1080,3840x2160]

The videos are made here: grain and clouds that drift, 25 frames a second, with a patch that moves and that the tracker
follows. A frame counts as shown when the page draws its pixels. Played frames are those shown in the first four
seconds at normal speed, of the 100 that there are; the longest gap is between two of them. Needs a Chromium.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench_editor import FLAGS
from bench_server import address, checked, clients, serving
from boxwright import Client
from boxwright.domain.geometry import Box
from boxwright.domain.ids import new_id
from boxwright.domain.tracks import KeyFrame, Track, TrackChanges, TrackUpsert
from measuring import keep, processor_of, table

FPS, SECONDS, STEPS, JUMPS = 25, 4, 40, 15
# When another frame was drawn, in ms: frames are the bitmaps of the size of the video.
_WATCH = """(() => {
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  let last = null;
  window.shown = [];
  addEventListener("keydown", () => (window.keyAt = performance.now()), true);
  CanvasRenderingContext2D.prototype.drawImage = function (source, ...rest) {
    if (source instanceof ImageBitmap && source !== last && source.width === WIDTH && source.height === HEIGHT) {
      last = source;
      window.shown.push(performance.now());
    }
    return draw.call(this, source, ...rest);
  };
})()"""


def write(path: Path, size: tuple[int, int], frames: int) -> Path:
    """Write a video of a patch that goes 6 pixels a frame to the right, and clouds that drift the other way."""
    width, height = size
    chance = np.random.default_rng(7)
    clouds = cv2.resize(chance.integers(0, 255, (24, 48, 3), np.uint8), (width * 2, height))
    ground = np.clip(clouds * 0.7 + chance.normal(40, 8, clouds.shape), 0, 255).astype(np.uint8)
    side = height // 5
    patch = cv2.resize(chance.integers(0, 255, (12, 12, 3), np.uint8), (side, side))
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), FPS, size)
    for frame in range(frames):
        pixels = _frame(ground, patch, size, frame)
        writer.write(pixels)
    writer.release()
    return path


def _frame(ground: NDArray[np.uint8], patch: NDArray[np.uint8], size: tuple[int, int], frame: int) -> NDArray[np.uint8]:
    width, height = size
    pixels = ground[:, (2 * frame) % width :][:, :width].copy()
    left, side = _left(size, frame), patch.shape[0]
    pixels[height // 3 : height // 3 + side, left : left + side] = patch
    return pixels


def _left(size: tuple[int, int], frame: int) -> int:
    return 20 + frame * (size[0] - size[1] // 5 - 40) // 400


def add_tracks(client: Client, project: str, video: str, size: tuple[int, int], frames: int, count: int) -> None:
    """Give the video tracks with a key frame every ten frames."""
    label = client.classes.list(project)[0].id
    chance = random.Random(3)
    tracks = []
    for _ in range(count):
        keys = [KeyFrame(frame=frame, geometry=_somewhere(chance, size)) for frame in range(0, frames, 10)]
        tracks.append(TrackUpsert(track=Track(id=new_id(), class_id=label, keyframes=tuple(keys))))
    client.tracks.apply(video, TrackChanges(change_id=new_id(), base_revision=0, changes=tuple(tracks)))


def _somewhere(chance: random.Random, size: tuple[int, int]) -> Box:
    side = size[1] // 10
    x, y = chance.randrange(size[0] - side), chance.randrange(size[1] - side)
    return Box(x0=x, y0=y, x1=x + side, y1=y + side)


class Watcher:
    """A person before a video; every wait is for pixels that are drawn."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> float:
        """Press a key and wait for another frame; returns the ms in between."""
        before = self.page.evaluate("window.shown.length")
        self.page.keyboard.press(key)
        self.page.wait_for_function("(before) => window.shown.length > before", arg=before)
        return float(self.page.evaluate("window.shown.at(-1) - window.keyAt"))

    def play(self) -> tuple[int, float]:
        """Play for some seconds; returns how many frames were shown and the longest gap in ms."""
        begin = float(self.page.evaluate("performance.now()"))
        self.page.keyboard.press("Space")
        self.page.wait_for_timeout(SECONDS * 1000)
        self.page.keyboard.press("Space")
        times = [at for at in self.page.evaluate("window.shown") if at > begin]
        gaps = [after - before for before, after in pairwise(times)]
        return len(times), max(gaps, default=float("nan"))


def measure(browser: Browser, folder: Path, size: tuple[int, int], frames: int, tracks: int) -> list[Any]:
    """Return the row of one size."""
    film = write(folder / "film.mp4", size, frames)
    data = folder / "data"
    command: list[str | Path] = [sys.executable, "-m", "boxwright", "serve", "--data", data, "--port", "0", "--private"]
    with serving(command, {}, lambda: address(data) is not None) as (pid, _):
        found = address(data)
        assert found is not None
        with Client(found["url"], found["token"], timeout=600) as client:
            project = client.projects.create("bench").id
            client.classes.add(project, ["car"])
            before = processor_of(pid)
            added = client.videos.add(project, client.uploads.send(film).id)
            client.jobs.wait(added.job.id)
            decoding = (processor_of(pid) - before) / frames * 1000
            video = added.video.id
            add_tracks(client, project, video, size, frames, tracks)
            begin = time.perf_counter()
            left, top, side = _left(size, 0), size[1] // 3, size[1] // 5
            # As on the page: thirty frames a request.
            followed = client.tracks.follow(video, 0, (left, top, left + side, top + side), frames=30)
            following = (time.perf_counter() - begin) / max(1, len(followed.steps)) * 1000
            http = clients(found["url"] + "/api/v1", f"Bearer {found['token']}", 1)[0]
            page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
            page.add_init_script(_WATCH.replace("WIDTH", str(size[0])).replace("HEIGHT", str(size[1])))
            page.goto(f"{found['url']}/#token={checked(http.post('/session/links'))['token']}")
            expect(page.get_by_text("bench").first).to_be_visible()
            figures = watched(page, f"{found['url']}/projects/{project}/videos/{video}", frames)
            page.close()
    return [f"{size[0]} x {size[1]}", decoding, following, *figures]


def watched(page: Page, url: str, frames: int) -> list[Any]:
    """Return first frame ms, step p50 and p95 ms, jump p50 ms, frames played, the longest gap ms."""
    page.goto(url)
    page.wait_for_function("window.shown?.length > 0")
    first = float(page.evaluate("window.shown[0]"))
    page.wait_for_timeout(1500)
    person = Watcher(page)
    steps = sorted(person.press("d") for _ in range(STEPS))
    jumps = []
    for frame in random.Random(5).sample(range(STEPS + 1, frames), JUMPS):
        person.page.keyboard.press("`")
        person.page.keyboard.type(str(frame))
        jumps.append(person.press("Enter"))
    person.page.keyboard.press("Home")
    page.wait_for_timeout(1500)
    played, gap = person.play()
    return [first, statistics.median(steps), steps[int(len(steps) * 0.95)], statistics.median(jumps), played, gap]


def main() -> None:
    """Print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=150)
    parser.add_argument("--tracks", type=int, default=30)
    parser.add_argument("--sizes", default="640x480,1920x1080,3840x2160")
    given = parser.parse_args()
    rows = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        program = os.environ.get("BOXWRIGHT_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for number, text in enumerate(given.sizes.split(",")):
            width, _, height = text.partition("x")
            folder = Path(name) / str(number)
            folder.mkdir()
            rows.append(measure(browser, folder, (int(width), int(height)), given.frames, given.tracks))
        browser.close()
    head = (
        "size",
        "decoding, processor ms a frame",
        "following, ms a frame",
        "first frame, ms",
        "step p50, ms",
        "step p95, ms",
        "jump p50, ms",
        f"played, of {SECONDS * FPS}",
        "longest gap, ms",
    )
    keep("bench_video", f"{given.frames} frames, {given.tracks} tracks\n\n{table(head, rows)}", {"rows": rows})


if __name__ == "__main__":
    main()
