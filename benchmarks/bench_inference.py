"""From JPEG files to boxes: the task behind every prediction run, beside the bare ONNX Runtime session.

    python benchmarks/bench_inference.py [--model yolo11n.onnx] [--rounds 3]

YOLOX-Nano, or another file, on the real photographs of `coco_permissive`. Both keep all cores at work, one thread a
picture. The bare session gets a ready tensor again and again: no file, no JPEG, no boxes. It is the most there can be.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from boxwright.domain.cards import card_to_json
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from boxwright.ml.machine import cores
from boxwright.ml.tasks import predict
from measuring import ROOT, keep, table

DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
USUAL = DATA.parent / "models" / "yolox_nano" / "yolox_nano.onnx"


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=USUAL)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    pictures = sorted((DATA / "coco_permissive" / "images").iterdir())
    network = Network(given.model)
    card = recognise(network, given.model.stem).card
    feeds = network.feed(np.zeros((1, 3, card.input.height, card.input.width), np.float32), card.input)
    params = {"model": given.model, "card": card_to_json(card), "score_threshold": 0.25}
    params["images"] = [{"id": path.name, "path": str(path)} for path in pictures]
    silent = {"progress": lambda *_, **__: None, "log": lambda *_: None, "stopping": lambda: ""}

    def ours() -> None:
        with tempfile.TemporaryDirectory() as name:
            predict.run(params, SimpleNamespace(workdir=Path(name), **silent))  # type: ignore[arg-type]

    def bare() -> None:
        with ThreadPoolExecutor(cores()) as pool:
            list(pool.map(lambda _: network.run(feeds), pictures))

    times: dict[str, list[float]] = {"bare session": [], "JPEG files to boxes": []}
    bare(), ours()  # warm
    for _ in range(given.rounds):  # turn and turn about
        times["bare session"].append(timed(bare))
        times["JPEG files to boxes"].append(timed(ours))
    rates = {name: len(pictures) / statistics.median(found) for name, found in times.items()}
    share = rates["JPEG files to boxes"] / rates["bare session"]
    text = f"{given.model.name}, {card.input.width} px, {len(pictures)} photographs, {cores()} threads\n\n"
    rows = [[name, rate] for name, rate in rates.items()]
    keep(
        "bench_inference",
        f"{text}{table(('', 'images/s'), rows)}\n\nShare: {share:.1%}",
        {"times": times, "share": share},
    )


if __name__ == "__main__":
    main()
