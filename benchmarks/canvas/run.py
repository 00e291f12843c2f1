"""Measure the annotation canvas in headless Chromium: deferred redraw beside redraw in each frame.

    python benchmarks/canvas/run.py [--shapes 10000] [--steps 120]

Needs the front end's node_modules (`make web`), playwright for Python and a Chromium. Prints milliseconds: `first`
until a scene is on the screen; `cpu` processor time per frame over all browser processes, less what an idle page takes;
`main` main-thread time per event; `p50` and `p95` between frames.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "web"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TICK = os.sysconf("SC_CLK_TCK")


def build(out: Path) -> None:
    """Bundle the page."""
    command = ["npx", "--no-install", "vite", "build", "--config", str(HERE / "vite.config.mjs")]
    subprocess.run(command, cwd=WEB, check=True, env={**os.environ, "BENCH_OUT": str(out)})


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


def main() -> None:
    """Build, open, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shapes", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=120)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(Path(folder))
        flags = [*FLAGS, "--allow-file-access-from-files"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"file://{folder}/index.html")
        page.wait_for_function("() => 'bench' in window")
        for kind in ("box", "polygon"):
            for eager in (False, True):
                report(page, kind, options.shapes, options.steps, eager)
        browser.close()


if __name__ == "__main__":
    main()
