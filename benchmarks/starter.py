"""Learns starter weights for Wren from endless generated scenes (`starter_scenes`), for so many seconds.

    python benchmarks/starter.py --seconds 300 --out FOLDER              wren-n and wren-s, on the same scenes
    python benchmarks/starter.py --seconds 60 --nets wren-n --batch 8    a try on a processor

Writes `wren-n-starter.safetensors` and so on, in fp16, without the layer that depends on the kinds, and `starter.json`
with what was learned how. What is shipped lies in `src/boxwright/ml/nets/wren/starter`;
`bench_ablation.py --rows "as shipped;from random weights"` measures what it is worth.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from boxwright.ml.nets.base import Truth
from boxwright.ml.nets.wren.learner import WrenLearner
from boxwright.ml.training.ema import Average
from boxwright.ml.training.loop import optimizer_for
from boxwright.ml.training.params import TrainingParams
from starter_scenes import KINDS, Painter, Scene

SIZE = 320
# How often each painted batch is learned from, turned, mirrored and with its colours exchanged.
VIEWS = 2
WARMUP = 0.04
# The layer whose shape follows from the number of kinds.
KINDS_LAYER = ".score.2."


class Scenes(IterableDataset[dict[str, Tensor]]):
    """Batches of scenes without end."""

    def __init__(self, batch: int) -> None:
        self.batch = batch

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        scenes = Painter(worker.id if worker else 0, SIZE).scenes()
        while True:
            yield collated([next(scenes) for _ in range(self.batch)])


def collated(scenes: list[Scene]) -> dict[str, Tensor]:
    """Return scenes as tensors: pixels uint8 (b, s, s, 3); of all things boxes, labels, number of the picture."""
    return {
        "pixels": torch.stack([torch.from_numpy(item.pixels) for item in scenes]),
        "boxes": torch.cat([torch.from_numpy(item.boxes) for item in scenes]),
        "labels": torch.cat([torch.from_numpy(item.labels) for item in scenes]),
        "image": torch.cat([torch.full((len(item.labels),), i) for i, item in enumerate(scenes)]),
    }


def view(batch: dict[str, Tensor], device: torch.device) -> tuple[Tensor, Truth]:
    """Return a batch on the device, as painted or transposed and mirrored, with its colours in any order."""
    pixels = batch["pixels"].to(device, non_blocking=True)[..., torch.randperm(3)].permute(0, 3, 1, 2).float() / 255
    boxes = batch["boxes"].to(device)
    if torch.rand(()) < 0.5:
        pixels, boxes = pixels.transpose(2, 3), boxes[:, [1, 0, 3, 2]]
    if torch.rand(()) < 0.5:
        pixels = pixels.flip(3)
        boxes = torch.stack([SIZE - boxes[:, 2], boxes[:, 1], SIZE - boxes[:, 0], boxes[:, 3]], 1)
    if torch.rand(()) < 0.1:
        pixels = 1 - pixels
    pixels = pixels.contiguous(memory_format=torch.channels_last)
    return pixels, Truth(boxes, batch["labels"].to(device), batch["image"].to(device))


@dataclass
class Pupil:
    """One network in training."""

    name: str
    learner: WrenLearner
    params: TrainingParams
    device: torch.device
    loss: float = 0.0

    def __post_init__(self) -> None:
        self.net: Any = self.learner.net.to(self.device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
        self.optimizer = optimizer_for(self.learner, self.net, self.params)
        self.average = Average(self.net, self.params.ema)

    def learn(self, pixels: Tensor, truth: Truth, lr: float) -> None:
        """Take one step."""
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        with torch.autocast(self.device.type, torch.bfloat16):
            raw = self.learner.forward(self.net, pixels)
        losses = self.learner.loss(raw, truth, self.params.box_gain, self.params.cls_gain)
        self.optimizer.zero_grad()
        losses.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.params.clip_norm)
        self.optimizer.step()
        self.average.update(self.net)
        self.loss = losses.total.item()

    def save(self, folder: Path) -> None:
        """Write the averaged weights."""
        state = {key: value for key, value in self.average.net.state_dict().items() if KINDS_LAYER not in key}
        half = {key: value.half() if value.is_floating_point() else value for key, value in state.items()}
        notes = {"format": "pt", "licence": "Apache-2.0", "source": "benchmarks/starter.py, generated scenes only"}
        path = folder / f"{self.name}-starter.safetensors"
        part = path.with_suffix(".part")
        save_file({key: value.cpu().contiguous() for key, value in half.items()}, part, notes)
        part.replace(path)


def learn(pupils: list[Pupil], batches: Iterator[dict[str, Tensor]], given: argparse.Namespace) -> dict[str, Any]:
    """Train until the time is up, the rate falling as half a wave."""
    begin, steps, log = time.monotonic(), 0, []
    while (done := (time.monotonic() - begin) / given.seconds) < 1:
        batch = next(batches)
        for _ in range(VIEWS):
            pixels, truth = view(batch, pupils[0].device)
            lr = given.lr * (min(1.0, done / WARMUP) * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2))
            for pupil in pupils:
                pupil.learn(pixels, truth, lr)
            steps += 1
            if steps % 100 == 0:
                seconds = time.monotonic() - begin
                log.append([round(seconds), steps, *(round(pupil.loss, 3) for pupil in pupils)])
                print(log[-1], f"{steps * given.batch / seconds:.0f} images/s", flush=True)
                if steps % 1000 == 0:
                    for pupil in pupils:
                        pupil.save(given.out)
    return {"steps": steps, "log": log}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=0.004)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--nets", default="wren-n,wren-s")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(0)
    torch.backends.cudnn.benchmark = True
    params = TrainingParams(ema=0.9995)
    pupils = [Pupil(name, WrenLearner(name, KINDS, SIZE), params, device) for name in given.nets.split(",")]
    loader = DataLoader(Scenes(given.batch), batch_size=None, num_workers=given.workers,
                        prefetch_factor=4 if given.workers else None, pin_memory=device.type == "cuda")  # fmt: skip
    record = learn(pupils, iter(loader), given)
    for pupil in pupils:
        pupil.save(given.out)
    said = {"seconds": given.seconds, "batch": given.batch, "lr": given.lr, "views": VIEWS, "kinds": KINDS, **record}
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    (given.out / "starter.json").write_text(json.dumps({"device": name, **said}) + "\n")


if __name__ == "__main__":
    main()
