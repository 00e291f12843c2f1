"""Smart outlines by a network: how long a picture takes to encode, and a click to answer, from prompt to outline.

    python benchmarks/bench_clicks.py

No weights can be had here: the networks of `tests/sam_onnx.py` have the shapes of SAM 2.1, and its decoder the products
of the real one, with random weights. The encoder is three convolutions, so only the work around the network counts in
the first table: scaling and norming of the picture. Milliseconds on the wall and of processor time.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from boxwright.domain import raster
from boxwright.domain.assist import Prompt
from boxwright.domain.geometry import Polygon
from boxwright.ml.assist.sam import Sam
from measuring import ROOT, keep, table

sys.path.insert(0, str(ROOT / "tests"))
from sam_onnx import decoder, encoder

SIZES = ((1280, 800), (6000, 4000))
TIMES = 11


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "encoder.onnx", Path(folder) / "decoder.onnx"
        encoder(files[0])
        decoder(files[1])
        sam = Sam(files, 2 << 30)
        rows = [row for width, height in SIZES for row in measured(sam, width, height)]
    text = table(("pixels", "step", "median ms", "longest ms", "processor ms"), rows)
    keep("bench_clicks", text, {"rows": rows})


def measured(sam: Sam, width: int, height: int) -> list[list[object]]:
    """Return rows for one size of picture."""
    rgb = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    embedding = sam.encode(rgb)
    x, y = width / 2, height / 2
    click = Prompt(inside=[(x, y)])
    more = Prompt(box=(x / 2, y / 2, x + x / 2, y + y / 2), inside=[(x, y), (x + 9, y)], outside=[(1.0, 1.0)])
    outline = sam.decode(embedding, click)
    assert isinstance(outline, Polygon)
    steps: dict[str, Callable[[], object]] = {
        "encode": lambda: sam.encode(rgb),
        "one click": lambda: sam.decode(embedding, click),
        "box and three clicks": lambda: sam.decode(embedding, more),
        "outline to mask": lambda: raster.runs(outline, width, height),
    }
    return [[f"{width} x {height}", name, *timed(step)] for name, step in steps.items()]


def timed(step: Callable[[], object]) -> tuple[float, float, float]:
    """Return median and longest time of a step, and the median of its processor time."""
    wall, processor = [], []
    for _ in range(TIMES):
        begin, used = time.perf_counter(), time.process_time()
        step()
        wall.append((time.perf_counter() - begin) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return round(statistics.median(wall), 1), round(max(wall), 1), round(statistics.median(processor), 1)


if __name__ == "__main__":
    main()
