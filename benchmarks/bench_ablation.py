"""What each ingredient of a training buys: the same short training with one thing taken away or replaced.

    python benchmarks/bench_ablation.py                       all rows on the blood cells, five epochs, one seed
    python benchmarks/bench_ablation.py --rows "no mosaic" --seeds 3
    python benchmarks/bench_ablation.py --set cards --epochs 12
    python benchmarks/bench_ablation.py --set "bccd 20" --epochs 30    20 pictures to learn from, another draw a seed
    python benchmarks/bench_ablation.py --jobs 2              two at a time, each with one thread
    python benchmarks/bench_ablation.py --net wren-s --rows "as shipped;from random weights"

wren-n, or another net (its sister with outlines on the nuclei) at 320 pixels. Choices are made by val; what test says
at the end is shown beside. Prints a table of mAP50-95 and of processor seconds for each set and length, means over
the seeds, and writes them to `benchmarks/results/bench_ablation`, where they add up: what was measured before is kept
unless it is asked for again. Differences under 0.02 are noise of one seed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bccd_data import write_bccd
from bccd_train import DATA, Printed
from boxwright.domain.manifest import ImageRecord, read_header, read_records, write_manifest
from cards_data import write_cards
from coco_data import write_coco
from measuring import RESULTS, keep, table
from nuclei_data import write_nuclei

SETS = {
    "bccd": "the blood cells",
    "bccd 20": "20 pictures of the blood cells",
    "cards": "the playing cards",
    "nuclei": "nuclei, boxes and outlines",
    "coco": "74 everyday photos",
}
# Of a set and a length: the figures of each row, of each seed.
Tables = dict[str, dict[str, dict[str, dict[str, float]]]]
BASE = "as shipped"
NAME = "bench_ablation"


@dataclass(frozen=True)
class Row:
    """One change: hyper-parameters, and a function that changes the code of this process before the training."""

    what: str
    hyper: Mapping[str, object] = field(default_factory=dict)
    change: Callable[[], None] | None = None


def place_worth(value: float) -> Callable[[], None]:
    """A place alone counts as an overlap of at most so much."""

    def change() -> None:
        from boxwright.ml.nets.wren import assign

        assign.PLACE_WORTH = value

    return change


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


def best_is_one() -> None:
    """The best cell of an object learns the score 1, the others in proportion, however well the best one fits."""
    from boxwright.ml.nets.wren import assign, loss

    usual = assign.assign

    def shares(truth: Any, *given: Any) -> assign.Assignment:
        found = usual(truth, *given)
        best = found.quality.new_zeros(len(truth.boxes)).scatter_reduce(0, found.truth, found.quality, "amax")
        return assign.Assignment(found.cell, found.truth, found.quality / best[found.truth].clamp(min=1e-9))

    loss.assign = shares


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
    Row("from random weights", {"start": "random"}),
    Row("rate 0.0015", {"lr": 0.0015}),
    Row("assigner: overlap alone", change=place_worth(0.0)),
    Row("assigner: place worth 0.5", change=place_worth(0.5)),
    Row("assigner: nearest cells", change=nearest_assignment),
    Row("class target: always 1", change=hard_targets),
    Row("class target: the best cell 1", change=best_is_one),
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


def write_set(name: str, seed: int, folder: Path) -> Path:
    """Write the manifest of a set; of `bccd 20` the draw of this seed, of `nuclei` another fifth held back."""
    whole, manifest = folder / "whole.jsonl", folder / "manifest.jsonl"
    if name == "cards":
        write_cards(DATA.parent / "playing_cards", whole)
    elif name == "nuclei":
        write_nuclei(DATA.parent / "nuclei", whole, fold=seed % 5)
    elif name == "coco":
        write_coco(DATA.parent / "coco_permissive", whole)
    else:
        write_bccd(DATA, whole)
    records: list[ImageRecord] = list(read_records(whole))
    if name == "bccd 20":
        known = [item for item in records if item.split == "train"]
        chosen = np.random.default_rng(seed).choice(len(known), 20, replace=False)
        records = [known[i] for i in chosen] + [item for item in records if item.split != "train"]
    write_manifest(manifest, read_header(whole), records)
    return manifest


def child(row: Row, net: str, name: str, hyper: dict[str, Any], folder: Path) -> None:
    """Train once in this process and print one line of JSON."""
    if row.change:
        row.change()
    from boxwright.ml.tasks import train

    manifest = write_set(name, hyper["seed"], folder)
    params = {"manifest": str(manifest), "architecture": f"{net}-seg" if name == "nuclei" else net,
              "hyper": {**hyper, **row.hyper}, "weights": None}  # fmt: skip
    begin = time.monotonic()
    result: Any = train.run(params, Printed(folder))  # type: ignore[arg-type]
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {"wall": time.monotonic() - begin, "processor": used.ru_utime + used.ru_stime}
    for split, before in (("val", ""), ("test", "test_")):
        value = result["metrics"][split]
        names = ("map50_95", "map50", "mask_map50_95")
        found |= {before + key: value[key] for key in names if value.get(key) is not None}
    print(json.dumps(found))


def measure(row: Row, net: str, name: str, hyper: Mapping[str, object]) -> dict[str, float]:
    """Train once in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", folder, "--rows", row.what, "--set", name, "--net", net]
        done = subprocess.run([*command, "--hyper", json.dumps(hyper)], check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{row.what}: the training ended with status {done.returncode}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{row.what}, seed {hyper['seed']}: {found['map50_95']:.3f}, {found['processor']:.0f} s", file=sys.stderr)
    return found


def report(tables: Tables) -> str:
    """Return the tables; the rate is mAP50-95 per processor minute."""
    head = ("changed", "seeds", "val mAP50-95", "against base", "test", "outlines, test", "processor s", "times base",
            "mAP a processor minute")  # fmt: skip
    return "\n\n".join(f"{what}\n\n{table(head, _rows(rows))}" for what, rows in tables.items())


def _rows(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[list[object]]:
    rows: list[list[object]] = []
    for name in (item.what for item in ROWS if item.what in found):
        seeds = found[name]
        # Against the base of the same seeds only.
        base = {seed: found[BASE][seed] for seed in seeds if seed in found.get(BASE, {})}
        quality, cost = _mean(seeds, "map50_95"), _mean(seeds, "processor")
        change = times = ""
        if len(base) == len(seeds):
            change, times = f"{quality - _mean(base, 'map50_95'):+.3f}", f"{cost / _mean(base, 'processor'):.2f}"
        tests = [_shown(seeds, key) for key in ("test_map50_95", "test_mask_map50_95")]
        rows.append([name, len(seeds), f"{quality:.3f}", change, *tests, f"{cost:.0f}", times,
                     f"{quality / cost * 60:.2f}"])  # fmt: skip
    return rows


def _shown(seeds: Mapping[str, Mapping[str, float]], name: str) -> str:
    return f"{_mean(seeds, name):.3f}" if all(name in value for value in seeds.values()) else ""


def _mean(seeds: Mapping[str, Mapping[str, float]], name: str) -> float:
    return statistics.mean(value[name] for value in seeds.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", help="which rows, by name, split by ;")
    parser.add_argument("--set", choices=SETS, default="bccd")
    parser.add_argument("--net", choices=("wren-n", "wren-s"), default="wren-n")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="trainings at a time")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--hyper", type=json.loads, default={}, help="parameters of all rows, as JSON")
    given = parser.parse_args()
    known = {item.what: item for item in ROWS}
    wanted = given.rows.split(";") if given.rows else list(known)
    if unknown := set(wanted) - set(known):
        raise SystemExit(f"no such row: {', '.join(unknown)}; there are: {'; '.join(known)}")
    if given.child:
        child(known[given.rows], given.net, given.set, given.hyper, given.child)
        return
    if not DATA.is_dir():
        raise SystemExit("this benchmark needs the shared data `bccd` and `playing_cards`")
    path = RESULTS / f"{NAME}.json"
    tables: Tables = json.loads(path.read_text()) if path.exists() else {}
    net = "" if given.net == "wren-n" else f", {given.net}"
    rows = tables.setdefault(f"{SETS[given.set]}, {given.epochs} epochs{net}".capitalize(), {})
    threads = max(1, (os.cpu_count() or 1) // given.jobs)
    hyper = {"epochs": given.epochs, "image_size": 320, "threads": threads, **given.hyper}
    todo = [(known[what], seed) for seed in range(given.seeds) for what in wanted]
    with ThreadPoolExecutor(given.jobs) as pool:
        values = pool.map(lambda item: measure(item[0], given.net, given.set, {**hyper, "seed": item[1]}), todo)
        for (row, seed), value in zip(todo, values, strict=True):
            rows.setdefault(row.what, {})[str(seed)] = value
            keep(NAME, report(tables), tables)


if __name__ == "__main__":
    main()
