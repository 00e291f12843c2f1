"""What a CUDA GPU does here: training steps of every network, a whole training, batch prediction.

    python benchmarks/bench_gpu.py steps --names wren-n,dfine-s    training steps, and their share of the card's limit
    python benchmarks/bench_gpu.py whole                           the blood cells from files to an exported model
    python benchmarks/bench_gpu.py predict --model model.onnx      from JPEG to boxes, beside the bare session

The limit is that of this card, measured first: a large product of bf16 matrices. Networks have their full size and
random weights. Figures add up in `benchmarks/results/bench_gpu`. `--device cpu` tries it all without a GPU.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from bccd_data import write_bccd
from bccd_train import DATA, Printed
from measuring import RESULTS, keep, table

NAME = "bench_gpu"
OBJECTS = 12
WRENS = {"wren-n": (320, 640), "wren-s": (320, 640), "wren-n-seg": (320,), "wren-s-seg": (320,)}


def seconds(work: Callable[[], object], device: str, least: float = 2.0) -> float:
    """Return the mean seconds of some work, repeated for a while after it was warmed up."""
    import torch

    def wait() -> None:
        if device == "cuda":
            torch.cuda.synchronize()

    for _ in range(3):
        work()
    wait()
    begin, times = time.perf_counter(), 0
    while time.perf_counter() - begin < least:
        work()
        times += 1
        if times % 4 == 0:
            wait()
    wait()
    return (time.perf_counter() - begin) / times


def limits(device: str) -> dict[str, Any]:
    """Return the card's name, TFLOP/s of a product of bf16 matrices and TB/s of a copy."""
    import torch

    side = 8192 if device == "cuda" else 512
    a, b = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    product = seconds(lambda: a @ b, device, 1.0)
    block = torch.randn(side * side * 8, device=device)
    target = torch.empty_like(block)
    copy = seconds(lambda: target.copy_(block), device, 1.0)
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    return {"name": name, "tflops": 2 * side**3 / product / 1e12, "tbs": 8 * block.numel() / copy / 1e12}


def synthetic(learner: Any, side: int, images: int) -> Any:
    """Return a batch of noise with objects in it."""
    from boxwright.ml.data.batches import Batch

    rng = np.random.default_rng(0)
    low = rng.uniform(0, side * 0.7, (images * OBJECTS, 2))
    boxes = np.hstack([low, low + rng.uniform(side * 0.05, side * 0.3, low.shape)]).astype(np.float32)
    masks = masked = None
    if learner.grid is not None:
        masks = rng.integers(0, 2, (len(boxes), learner.grid.rows, learner.grid.columns)).astype(np.uint8)
        masked = np.ones(len(boxes), bool)
    pixels = rng.integers(0, 256, (images, side, side, 3), np.uint8)
    labels = rng.integers(0, 80, len(boxes))
    return Batch(pixels, boxes, labels, np.repeat(np.arange(images), OBJECTS), (), masks, masked)


def steps(name: str, side: int, images: int, given: argparse.Namespace, limit: float) -> dict[str, Any]:
    """Measure training steps of one network as the training takes them, from pixels in memory to the new weights."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from boxwright.domain import architectures
    from boxwright.ml.registry import lookup, task_of
    from boxwright.ml.training.checkpoint import Run
    from boxwright.ml.training.device import choose
    from boxwright.ml.training.ema import Average
    from boxwright.ml.training.loop import optimizer_for
    from boxwright.ml.training.params import Plan, TrainingParams
    from boxwright.ml.training.step import Stepper
    from boxwright.ml.training.validation import to_device

    base = {**architectures.architecture(name).defaults, "image_size": side, "device": given.device}
    params = TrainingParams.from_json({"compile": given.compile}, base)
    with tempfile.TemporaryDirectory() as folder:
        weights = None
        if not name.startswith("wren"):
            from detr_configs import write_random

            weights = Path(folder) / "weights.safetensors"
            write_random(name, weights)
        learner = lookup(name, task_of(name), "torch")(name, 80, side, weights=weights)
    compute = choose(params)
    net = learner.net.to(compute.device, memory_format=torch.channels_last).train()
    run = Run(net, optimizer_for(learner, net, params), Average(net, params.ema), compute.scaler())
    stepper = Stepper(learner, params, Plan(1000, images, 1000), compute, Printed(Path()))  # type: ignore[arg-type]
    stepper.start(net)
    batch = synthetic(learner, side, images)
    pixels, truth = to_device(synthetic(learner, side, 2), learner.input, compute.device)
    counter = FlopCounterMode(display=False)
    with counter, compute.autocast():
        raw = learner.forward(net, pixels, truth)
    with counter:
        learner.loss(raw, truth, params.box_gain, params.cls_gain).total.backward()
    if given.device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    taken = seconds(lambda: stepper.step(run, batch), given.device, given.least)
    flops = counter.get_total_flops() / 2
    memory = torch.cuda.max_memory_allocated() / 2**30 if given.device == "cuda" else 0.0
    return {"name": name, "side": side, "batch": images // run.position.parts, "compile": given.compile,
            "parameters": sum(p.numel() for p in net.parameters()), "precision": compute.precision,
            "rate": images / taken, "gflop": flops / 1e9, "share": flops * images / taken / 1e12 / limit,
            "memory": memory}  # fmt: skip


class Measured(Printed):
    """A context that keeps the curves."""

    def __init__(self, workdir: Path) -> None:
        super().__init__(workdir)
        self.values: dict[str, list[float]] = {}

    def metric(self, step: int, values: Mapping[str, float]) -> None:  # noqa: ARG002
        """Keep the values."""
        for name, value in values.items():
            self.values.setdefault(name, []).append(value)


def whole(given: argparse.Namespace) -> dict[str, Any]:
    """Train on the blood cells, from files to an exported and measured model, which stays in `--out`."""
    from boxwright.ml.tasks import train

    given.out.mkdir(parents=True, exist_ok=True)
    manifest = given.out / "manifest.jsonl"
    write_bccd(DATA, manifest)
    context = Measured(given.out)
    hyper = {"epochs": given.epochs, "image_size": 320, "device": given.device, "precision": given.precision}
    begin = time.monotonic()
    params = {"manifest": str(manifest), "architecture": "wren-n", "hyper": hyper, "weights": None}
    result: Any = train.run(params, context)  # type: ignore[arg-type]
    return {"precision": given.precision, "epochs": given.epochs, "wall": time.monotonic() - begin,
            "training": result["seconds"], "rate": given.epochs * 205 / result["seconds"],
            "waiting": float(np.median(context.values["time/waiting"])),
            "test": result["metrics"]["test"]["map50_95"]}  # fmt: skip


def predict(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure the bare session with batches of several sizes, and a prediction run over the blood cells' files."""
    from boxwright.domain.cards import card_to_json
    from boxwright.ml.adapters.onnx import OnnxDetector
    from boxwright.ml.adapters.recognise import recognise
    from boxwright.ml.adapters.session import Network
    from boxwright.ml.tasks import predict as task

    network = Network(given.model, gpu=given.device == "cuda")
    card = OnnxDetector(network).card if "boxwright.card" in network.metadata else recognise(network, "x").card
    where = "CUDA" if network.on_gpu else "processor, one thread"
    rows = []
    for images in (1, 8, 32) if network.inputs[0].shape[0] != 1 else (1,):
        feeds = network.feed(np.random.default_rng(0).random((images, 3, card.input.height, card.input.width),
                                                             np.float32), card.input)  # fmt: skip
        rate = images / seconds(lambda feeds=feeds: network.run(feeds), "cpu", 2.0)  # type: ignore[misc]
        rows.append({"model": given.model.name, "what": f"bare session, {images} at a time", "where": where,
                     "rate": rate})  # fmt: skip
    pictures = sorted((DATA / "BCCD" / "JPEGImages").iterdir()) * given.repeat
    silent: dict[str, Any] = {"progress": lambda *_, **__: None, "log": lambda *_: None, "stopping": lambda: ""}
    items = [{"id": str(i), "path": str(path)} for i, path in enumerate(pictures)]
    params = {"model": given.model, "card": card_to_json(card), "score_threshold": 0.25, "images": items}
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        task.run(params, SimpleNamespace(workdir=Path(folder), **silent))  # type: ignore[arg-type]
        rate = len(pictures) / (time.perf_counter() - begin)
    where = where.replace("one thread", "all cores")
    rows.append({"model": given.model.name, "what": "run: JPEG files to boxes", "where": where, "rate": rate})
    return rows


def report(found: Mapping[str, Any]) -> str:
    """Return the tables."""
    limit = found.get("limits", {})
    card = f"{limit.get('tflops', 0):.0f} TFLOP/s in bf16, {limit.get('tbs', 0):.1f} TB/s copied"
    parts = [f"{limit.get('name')}: {card}"]
    if rows := found.get("steps"):
        head = ("network", "million parameters", "px", "images a step", "", "images/s", "GFLOP an image",
                "share of limit", "GiB")  # fmt: skip
        lines = [[row["name"], row["parameters"] / 1e6, row["side"], row["batch"],
                  row["precision"] + (", compiled" if row["compile"] == "on" else ""), row["rate"], row["gflop"],
                  f"{row['share']:.1%}", row["memory"]] for row in rows]  # fmt: skip
        parts.append(f"Training steps\n\n{table(head, lines)}")
    if rows := found.get("whole"):
        head = ("precision", "epochs", "images/s", "training s", "with export and measuring s", "waiting for images",
                "test mAP50-95")  # fmt: skip
        lines = [[row["precision"], row["epochs"], row["rate"], row["training"], row["wall"], f"{row['waiting']:.0%}",
                  row["test"]] for row in rows]  # fmt: skip
        parts.append(f"wren-n on the blood cells, 320 px\n\n{table(head, lines)}")
    if rows := found.get("predict"):
        lines = [[row["model"], row["what"], row["where"], row["rate"]] for row in rows]
        parts.append(f"Prediction\n\n{table(('model', '', 'on', 'images/s'), lines)}")
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("steps", "whole", "predict"))
    parser.add_argument("--names", default=",".join(WRENS))
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--compile", default="off")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--least", type=float, default=2.0, help="seconds of each measurement")
    parser.add_argument("--images", type=int, default=0, help="images a step; 0: 64 for Wren, else 16")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--repeat", type=int, default=8)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "bench_gpu")
    given = parser.parse_args()
    path = RESULTS / f"{NAME}.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    if given.what == "steps":
        _all_steps(given, found)
    elif given.what == "whole":
        found.setdefault("whole", []).append(whole(given))
    else:
        found.setdefault("predict", []).extend(predict(given))
    keep(NAME, report(found), found)


def _all_steps(given: argparse.Namespace, found: dict[str, Any]) -> None:
    from boxwright.domain import architectures

    found.setdefault("limits", limits(given.device))
    for name in given.names.split(","):
        usual = architectures.architecture(name)
        for side in WRENS.get(name, (int(usual.defaults.get("image_size", usual.image_size)),)):
            images = given.images or (64 if name in WRENS else 16)
            try:
                row = steps(name, side, images, given, found["limits"]["tflops"])
            except Exception as error:  # noqa: BLE001, one network that fails must not cost the others
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
                continue
            print(row, flush=True)
            found.setdefault("steps", []).append(row)


if __name__ == "__main__":
    main()
