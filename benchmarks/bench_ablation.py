"""What each ingredient of a training buys: the same short training with one thing taken away or replaced.

    python benchmarks/bench_ablation.py                       all rows, one after the other
    python benchmarks/bench_ablation.py --rows "no mosaic"    some rows; the others keep what was measured before
    python benchmarks/bench_ablation.py --jobs 2              two at a time, each with one thread (then no wall time)

wren-n on the blood cells from random weights, 205 training pictures, measured on val; test is never read. Prints a
table of mAP50-95 and of processor seconds, and writes it to `benchmarks/results/bench_ablation`. Differences under 0.02
are noise of one seed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bccd_data import write_bccd
from bccd_train import DATA, Printed
from boxwright.domain.manifest import read_header, read_records, write_manifest
from measuring import RESULTS, keep, table

BASE = "as shipped"
NAME = "bench_ablation"


@dataclass(frozen=True)
class Row:
    """One change: hyper-parameters, and a function that changes the code of this process before the training."""

    what: str
    hyper: Mapping[str, object] = field(default_factory=dict)
    change: Callable[[], None] | None = None


def nearest_assignment() -> None:
    """Each object is learned by the cells nearest to its middle, on the level that its size asks for (FCOS)."""
    import torch

    from boxwright.ml.nets.wren import assign, loss

    def near(truth: Any, boxes: Any, _scores: Any, centres: Any, strides: Any) -> assign.Assignment:
        middle = (truth.boxes[:, :2] + truth.boxes[:, 2:]) / 2
        side = (truth.boxes[:, 2:] - truth.boxes[:, :2]).amax(1, keepdim=True)
        level = torch.where(side < 64, 8, torch.where(side < 128, 16, 32))
        apart = (centres - middle[:, None]).square().sum(2).sqrt() / strides[:, 0]
        apart = apart.where(strides[:, 0] == level, torch.full_like(apart, 1e6))
        distance, cell = apart.topk(min(9, apart.shape[1]), dim=1, largest=False)
        rows, columns = (distance < 1.5).nonzero(as_tuple=True)
        flat = truth.image[rows] * boxes.shape[1] + cell[rows, columns]
        order = distance[rows, columns].argsort(descending=True)
        owner = torch.full((boxes.shape[0] * boxes.shape[1],), -1).index_put((flat[order],), rows[order])
        mine = owner[flat] == rows
        return assign.Assignment(flat[mine], rows[mine], torch.ones(int(mine.sum())))

    loss.assign = near  # type: ignore[assignment]


def plain_iou() -> None:
    """The box loss is 1 - IoU."""
    from boxwright.ml.nets.wren import assign, loss

    loss.complete_iou = assign.box_iou_pairs


def hard_targets() -> None:
    """A cell that learns an object learns the score 1, however well it fits."""
    from boxwright.ml.nets.wren import assign, loss

    usual = assign.assign

    def hard(*given: Any) -> assign.Assignment:
        found = usual(*given)
        return assign.Assignment(found.cell, found.truth, found.quality.clamp(min=1.0))

    loss.assign = hard


def momentum() -> None:
    """Stochastic gradient descent with Nesterov momentum in place of AdamW."""
    import torch

    from boxwright.ml.training import loop

    def sgd(learner: Any, net: Any, params: Any) -> Any:
        groups = [{**group, "weight_decay": 5e-4} for group in learner.groups(net, params)]
        return torch.optim.SGD(groups, lr=params.lr, momentum=0.9, nesterov=True)

    assert hasattr(loop, "optimizer_for"), "the optimiser moved; change this benchmark"
    loop.optimizer_for = sgd  # type: ignore[assignment]


def compiled() -> None:
    """The network goes through torch.compile."""
    import torch

    from boxwright.ml.nets.wren.learner import WrenLearner

    usual = WrenLearner.forward
    known: dict[int, Any] = {}

    def forward(self: Any, net: Any, pixels: Any, truth: Any = None) -> Any:
        if not net.training:
            return usual(self, net, pixels, truth)
        run = known.setdefault(id(net), torch.compile(net))
        return run(pixels)

    WrenLearner.forward = forward  # type: ignore[method-assign]


ROWS = (
    Row(BASE),
    Row("assigner: nearest cells", change=nearest_assignment),
    Row("class target: always 1", change=hard_targets),
    Row("box loss: plain IoU", change=plain_iou),
    Row("box and class loss weighed alike", {"box_gain": 1.0}),
    Row("no mosaic", {"mosaic": 0.0}),
    Row("mosaic to the end", {"close_mosaic": 0.0}),
    Row("mosaic closed at half time", {"close_mosaic": 0.5}),
    Row("no averaging of weights", {"ema": 0.0}),
    Row("optimiser: SGD, rate 0.01", {"lr": 0.01}, momentum),
    Row("schedule: flat", {"schedule": "flat"}),
    Row("schedule: one cycle", {"schedule": "one_cycle"}),
    Row("no warm-up", {"warmup": 0.0}),
    Row("batch 8", {"batch": 8}),
    Row("256 px", {"image_size": 256}),
    Row("416 px", {"image_size": 416}),
    Row("no cache of pictures", {"cache_mb": 0}),
    Row("fp32 in place of bf16", {"precision": "fp32"}),
    Row("compiled", change=compiled),
)


def child(what: str, hyper: dict[str, object], folder: Path) -> None:
    """Train once in this process and print one line of JSON."""
    row = next(item for item in ROWS if item.what == what)
    if row.change:
        row.change()
    from boxwright.ml.tasks import train

    manifest, whole = folder / "manifest.jsonl", folder / "whole.jsonl"
    write_bccd(DATA, whole)
    write_manifest(manifest, read_header(whole), (item for item in read_records(whole) if item.split != "test"))
    params = {"manifest": str(manifest), "architecture": "wren-n", "hyper": {**hyper, **row.hyper}, "weights": None}
    begin = time.monotonic()
    result: Any = train.run(params, Printed(folder))  # type: ignore[arg-type]
    used = resource.getrusage(resource.RUSAGE_SELF)
    value = result["metrics"]["val"]
    found = {"map50_95": value["map50_95"], "map50": value["map50"], "wall": time.monotonic() - begin}
    print(json.dumps({**found, "processor": used.ru_utime + used.ru_stime}))


def measure(row: Row, hyper: dict[str, object]) -> dict[str, float]:
    """Train once in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", folder, "--rows", row.what, "--hyper", json.dumps(hyper)]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{row.what}: the training ended with status {done.returncode}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{row.what}: {found['map50_95']:.3f}, {found['processor']:.0f} s", file=sys.stderr, flush=True)
    return found


def report(found: Mapping[str, Mapping[str, float]], hyper: Mapping[str, object]) -> str:
    """Return the table; the rate is mAP50-95 per processor minute, against the base."""
    rows = []
    base = found.get(BASE)
    for name in (item.what for item in ROWS if item.what in found):
        value = found[name]
        change = value["map50_95"] - base["map50_95"] if base else 0.0
        cost = value["processor"] / base["processor"] if base else 1.0
        rate = value["map50_95"] / value["processor"] * 60
        rows.append([name, f"{value['map50_95']:.3f}", f"{change:+.3f}", f"{value['processor']:.0f}", f"{cost:.2f}",
                     f"{rate:.2f}"])  # fmt: skip
    head = ("changed", "val mAP50-95", "against base", "processor s", "times base", "mAP a processor minute")
    return (
        f"wren-n, blood cells, {hyper['epochs']} epochs at 320 px from random weights, one seed\n\n{table(head, rows)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", help="which rows, by name, split by ;")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="trainings at a time")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--hyper", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.rows, given.hyper, given.child)
        return
    if not DATA.is_dir():
        raise SystemExit("this benchmark needs the shared data `bccd`")
    threads = max(1, (os.cpu_count() or 1) // given.jobs)
    hyper: dict[str, object] = {"epochs": given.epochs, "image_size": 320, "seed": given.seed, "threads": threads}
    wanted = given.rows.split(";") if given.rows else [item.what for item in ROWS]
    unknown = set(wanted) - {item.what for item in ROWS}
    if unknown:
        raise SystemExit(f"no such row: {', '.join(unknown)}; there are: {'; '.join(item.what for item in ROWS)}")
    found = earlier(hyper)
    with ThreadPoolExecutor(given.jobs) as pool:
        chosen: Sequence[Row] = [item for item in ROWS if item.what in wanted]
        for row, value in zip(chosen, pool.map(lambda item: measure(item, hyper), chosen), strict=True):
            found[row.what] = value
            keep(NAME, report(found, hyper), {"hyper": hyper, "rows": found})


def earlier(hyper: Mapping[str, object]) -> dict[str, dict[str, float]]:
    """Return the rows of an earlier run of the same settings."""
    path = RESULTS / f"{NAME}.json"
    record = json.loads(path.read_text()) if path.exists() else {}
    return dict(record["rows"]) if record.get("hyper") == dict(hyper) else {}


if __name__ == "__main__":
    main()
