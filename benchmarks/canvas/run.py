"""Measure the annotation canvas in headless Chromium, and the same scene as SVG and under react-konva beside it.

    python benchmarks/canvas/run.py [--shapes 10000] [--steps 120] [--rounds 3] [--eager]

Needs the front end's node_modules (`make web`), playwright for Python and a Chromium; `python benchmarks/rivals.py
konva` installs react-konva. Prints milliseconds: `first` until a scene is on the screen; `cpu` processor time per frame
over all browser processes, less what an idle page takes; `main` main-thread time per event; `p50` and `p95` between
frames. The comparison moves a real mouse for `hover` and takes medians over rounds. `--eager` also measures a redraw in
each frame, which shows what deferring is worth.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
import rivals  # noqa: E402 (found through the line above)

WEB = HERE.parents[1] / "web"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TICK = os.sysconf("SC_CLK_TCK")


def build(out: Path) -> None:
    """Bundle the page."""
    command = ["npx", "--no-install", "vite", "build", "--config", str(HERE / "vite.config.mjs")]
    subprocess.run(
        command,
        cwd=WEB,
        check=True,
        env={**os.environ, "BENCH_OUT": str(out), "BENCH_KONVA": str(rivals.FOLDER / "konva")},
    )


def processor_ms() -> float:
    """Return the processor time in milliseconds of all processes that descend from this one."""
    parents: dict[int, int] = {}
    times: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid] = int(fields[1])
        times[pid] = (int(fields[11]) + int(fields[12])) * 1000 / TICK
    return sum(time for pid, time in times.items() if _descends(pid, parents))


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while (pid := parents.get(pid, 0)) > 1:
        if pid == os.getpid():
            return True
    return False


def gesture(page: Page, name: str, steps: int) -> tuple[float, dict[str, Any]]:
    """Return processor ms per frame and what the page measured."""
    page.evaluate("name => bench.prepare(name)", name)
    before = processor_ms()
    measured = page.evaluate("([name, steps]) => bench.run(name, steps)", [name, steps])
    return (processor_ms() - before) / steps, measured


def report(page: Page, kind: str, shapes: int, steps: int, eager: bool) -> None:
    """Print one block of figures."""
    first = page.evaluate("([k, n, e]) => bench.setup(k, n, e)", [kind, shapes, eager])
    page.wait_for_timeout(500)
    how = "each frame" if eager else "deferred"
    print(f"\n{shapes} {kind} shapes, redraw {how}: first {first:.0f} ms")
    print(f"{'':18}{'cpu':>8}{'main':>8}{'p50':>8}{'p95':>8}{'worst':>8}")
    idle = 0.0
    for name in page.evaluate("() => bench.gestures"):
        cpu, measured = gesture(page, name, steps)
        idle = cpu if name == "idle" else idle
        between = measured["between"]
        p50, p95 = between[len(between) // 2], between[int(len(between) * 0.95)]
        print(f"{name:18}{cpu - idle:8.1f}{measured['main']:8.2f}{p50:8.1f}{p95:8.1f}{between[-1]:8.1f}")


def hover(page: Page, steps: int) -> float:
    """Return milliseconds of the page's main thread for one move of a real mouse over the shapes, and what it draws."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(item["value"]) for item in metrics if item["name"] == "TaskDuration")

    spent = []
    for moves in (False, True):
        before = busy()
        for i in range(steps):
            if moves:
                page.mouse.move(200 + (i * 37) % 900, 150 + (i * 23) % 500)
            page.wait_for_timeout(16)
        spent.append((busy() - before) / steps)
    session.detach()
    return spent[1] - spent[0]


def beside(page: Page, names: Sequence[str], kind: str, shapes: int, steps: int, rounds: int) -> None:
    """Print what the same gestures cost on each page, and how many times as much as on ours."""
    found: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name in names:
            page.evaluate("([name, kind, n]) => bench.open(name, kind, n)", [name, kind, shapes])
            page.wait_for_timeout(1500)
            spent = {}
            for what in ("idle", "zoom", "pan"):
                before = processor_ms()
                page.evaluate("([what, steps]) => bench.drive(what, steps)", [what, steps])
                spent[what] = (processor_ms() - before) / steps
            page.evaluate("([name, kind, n]) => bench.open(name, kind, n)", [name, kind, shapes])
            page.wait_for_timeout(1500)
            for what in ("zoom", "pan"):
                found.setdefault((name, what), []).append(spent[what] - spent["idle"])
            found.setdefault((name, "hover"), []).append(hover(page, steps))
    print(f"\n{shapes} {kind} shapes, medians of {rounds}: ms per frame (zoom, pan: processor; hover: main thread)")
    print(f"{'':14}" + "".join(f"{what:>10}{'times':>8}" for what in ("zoom", "pan", "hover")))
    for name in names:
        cells = ""
        for what in ("zoom", "pan", "hover"):
            mine, own = median(found["boxwright", what]), median(found[name, what])
            cells += f"{own:10.2f}{own / max(mine, 0.01):8.1f}"
        print(f"{name:14}{cells}")


def main() -> None:
    """Build, open, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shapes", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--eager", action="store_true")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    konva = (rivals.FOLDER / "konva" / "node_modules" / "react-konva").exists()
    if not konva:
        print("react-konva is left out: `python benchmarks/rivals.py konva` installs it")
    names = ["boxwright", "svg", *(["konva"] if konva else [])]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(Path(folder))
        flags = [*FLAGS, "--allow-file-access-from-files"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"file://{folder}/index.html")
        page.wait_for_function("() => 'bench' in window")
        for kind in ("box", "polygon"):
            for eager in (False, True) if options.eager else (False,):
                report(page, kind, options.shapes, options.steps, eager)
        for kind in ("box", "polygon"):
            beside(page, names, kind, options.shapes, options.steps, options.rounds)
        browser.close()


if __name__ == "__main__":
    main()
