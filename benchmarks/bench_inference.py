"""From JPEG files to boxes: the task behind every prediction run, beside the bare ONNX Runtime session.

    python benchmarks/bench_inference.py [--model yolox_nano.onnx yolo11n.onnx] [--rounds 3] [--times 4]

YOLOX-Nano, or other files, on the real photographs of `coco_permissive`, `--times` times over: opening the network is
part of the task, and a handful of pictures would measure that. Both keep all cores at work, one thread a picture. The
bare session gets a ready tensor again and again: no file, no JPEG, no boxes. It is the most there can be.
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


def compare(model: Path, repeats: int, rounds: int) -> tuple[list[object], dict[str, list[float]]]:
    """Return the row of a model, and the seconds of each round."""
    pictures = sorted((DATA / "coco_permissive" / "images").iterdir()) * repeats
    network = Network(model)
    card = recognise(network, model.stem).card
    feeds = network.feed(np.zeros((1, 3, card.input.height, card.input.width), np.float32), card.input)
    params = {"model": model, "card": card_to_json(card), "score_threshold": 0.25}
    params["images"] = [{"id": f"{n}-{path.name}", "path": str(path)} for n, path in enumerate(pictures)]
    silent = {"progress": lambda *_, **__: None, "log": lambda *_: None, "stopping": lambda: ""}

    def ours() -> None:
        with tempfile.TemporaryDirectory() as name:
            predict.run(params, SimpleNamespace(workdir=Path(name), **silent))  # type: ignore[arg-type]

    def bare() -> None:
        with ThreadPoolExecutor(cores()) as pool:
            list(pool.map(lambda _: network.run(feeds), pictures))

    times: dict[str, list[float]] = {"bare session": [], "JPEG files to boxes": []}
    bare(), ours()  # warm
    for _ in range(rounds):  # turn and turn about
        times["bare session"].append(timed(bare))
        times["JPEG files to boxes"].append(timed(ours))
    rates = [len(pictures) / statistics.median(found) for found in times.values()]
    return [f"{model.name}, {card.input.width} px", *rates, f"{rates[1] / rates[0]:.1%}"], times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, nargs="+", default=[USUAL])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=4)
    given = parser.parse_args()
    found = [compare(model, given.times, given.rounds) for model in given.model]
    head = ("", "bare session, images/s", "JPEG files to boxes, images/s", "share")
    text = f"123 photographs {given.times} times over, {cores()} threads\n\n{table(head, [row for row, _ in found])}"
    keep("bench_inference", text, [{"row": row, "times": times} for row, times in found])


if __name__ == "__main__":
    main()
