"""Checkpoints: everything a training needs to go on as if nothing had happened."""

import io
import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from boxwright.ml.files import write_atomic
from boxwright.ml.training.ema import Average

NAME = "checkpoint.pt"


@dataclass(slots=True)
class Position:
    """Where a training stands. `step` counts within `epoch`; both from 0. The sums are over the steps of this epoch.

    `parts` in which a batch is computed; seconds of this epoch `waited` for images and `worked`, and `seconds` of all.
    """

    epoch: int = 0
    step: int = 0
    total_sum: float = 0.0
    box_sum: float = 0.0
    cls_sum: float = 0.0
    best_score: float = -1.0
    best_epoch: int = 0
    seconds: float = 0.0
    parts: int = 1
    waited: float = 0.0
    worked: float = 0.0


@dataclass(slots=True)
class Run:
    """The living state of a training; `best` holds the averaged weights of the best epoch, None before the first."""

    net: nn.Module
    optimizer: torch.optim.Optimizer
    average: Average
    scaler: torch.amp.GradScaler = field(default_factory=lambda: torch.amp.GradScaler("cpu", enabled=False))
    position: Position = field(default_factory=Position)
    best: dict[str, torch.Tensor] | None = None


def save(run: Run, path: Path, fingerprint: str) -> None:
    """Write a checkpoint atomically and durably. Order and augmentation follow from the position and the seed."""
    value = {
        "fingerprint": fingerprint,
        "net": run.net.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "average": run.average.net.state_dict(),
        "average_steps": run.average.steps,
        "scaler": run.scaler.state_dict(),
        "position": asdict(run.position),
        "best": run.best,
        "rng": torch.get_rng_state(),
    }
    # First into memory: torch hides the system's reason when a write to a file fails.
    buffer = io.BytesIO()
    torch.save(value, buffer)
    write_atomic(path, lambda out: out.write(buffer.getbuffer()))


def restore(run: Run, path: Path, fingerprint: str) -> bool:
    """Continue `run` from a checkpoint. Returns False for none, a broken one or one of another training."""
    try:
        value: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError):
        return False
    if value.get("fingerprint") != fingerprint:
        return False
    run.net.load_state_dict(value["net"])
    run.optimizer.load_state_dict(value["optimizer"])
    run.average.net.load_state_dict(value["average"])
    run.average.steps = value["average_steps"]
    run.scaler.load_state_dict(value["scaler"])
    run.position = Position(**value["position"])
    run.best = value["best"]
    torch.set_rng_state(value["rng"])
    return True
