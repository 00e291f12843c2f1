"""Small datasets on disk for the learning room, and a context that remembers what a task told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boxwright.domain.geometry import Box
from boxwright.domain.jobs import Stopping
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, write_manifest
from boxwright.ml.data.samples import Sample
from scenes import CLASSES, make_scene

HEADER = ManifestHeader(name="scenes", classes=tuple(ManifestClass(id=f"c{i}", name=n) for i, n in enumerate(CLASSES)))
TINY = {"epochs": 2, "batch": 4, "image_size": 64, "min_steps": 3, "threads": 1}


@dataclass
class Recorder:
    """A `TaskContext` that keeps everything; `stop_after` metrics or progress reports of training it asks to stop."""

    workdir: Path
    stop: Stopping = ""
    stop_at: int = 0
    metrics: dict[tuple[int, str], float] = field(default_factory=dict)
    lines: list[tuple[str, str]] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    checkpoints: int = 0

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None:
        assert 0 <= done <= total
        assert seconds_left is None or seconds_left >= 0
        self.phases.append(phase)

    def metric(self, step: int, values: Mapping[str, float]) -> None:
        self.metrics.update({(step, name): value for name, value in values.items()})

    def log(self, message: str, level: str = "info") -> None:
        self.lines.append((level, message))

    def checkpoint(self, path: Path) -> None:
        assert path.is_relative_to(self.workdir)
        assert path.is_file()
        self.checkpoints += 1

    def stopping(self) -> Stopping:
        return self.stop if self.checkpoints >= self.stop_at else ""

    def warnings(self) -> list[str]:
        return [message for level, message in self.lines if level == "warning"]


def short_of_memory(most: int, patch: pytest.MonkeyPatch | None = None) -> None:
    """Let trainings run out of memory with more than `most` pictures, until the end of the process or `patch`."""
    import torch

    from boxwright.ml.nets.wren.learner import WrenLearner

    whole = WrenLearner.loss

    def loss(self: WrenLearner, raw: Any, *others: Any) -> Any:
        if torch.is_grad_enabled() and len(raw.logits) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return whole(self, raw, *others)

    (patch.setattr if patch else setattr)(WrenLearner, "loss", loss)


def scene_record(folder: Path, seed: int, split: str) -> ImageRecord:
    scene = make_scene(seed)
    path = folder / scene.name
    path.write_bytes(scene.data)
    boxes = [Box(x0=x0, y0=y0, x1=x1, y1=y1) for _, x0, y0, x1, y1 in scene.boxes]
    labels = [Labelled(class_index=kind, geometry=box) for (kind, *_), box in zip(scene.boxes, boxes, strict=True)]
    return ImageRecord(
        id=scene.name,
        name=scene.name,
        width=scene.width,
        height=scene.height,
        annotations=tuple(labels),
        split=split,  # type: ignore[arg-type]
        state="labeled",
        path=str(path),
    )


def scene_records(folder: Path, train: int = 8, val: int = 4, test: int = 4) -> list[ImageRecord]:
    folder.mkdir(parents=True, exist_ok=True)
    splits = ["train"] * train + ["val"] * val + ["test"] * test
    return [scene_record(folder, seed, split) for seed, split in enumerate(splits)]


def scene_manifest(folder: Path, records: list[ImageRecord] | None = None, **counts: int) -> Path:
    """Write pictures and their manifest into `folder`; returns the manifest."""
    records = scene_records(folder / "images", **counts) if records is None else records
    path = folder / "manifest.jsonl"
    write_manifest(path, HEADER, records)
    return path


def sample(boxes: object = (), labels: object = (), crowd: object = None, name: str = "a", side: int = 200) -> Sample:
    array = np.asarray(boxes, np.float32).reshape(-1, 4)
    return Sample(
        id=name,
        name=name,
        path=None,
        width=side,
        height=side,
        boxes=array,
        labels=np.asarray(labels, np.int64),
        crowd=np.zeros(len(array), bool) if crowd is None else np.asarray(crowd, bool),
        areas=(array[:, 2:] - array[:, :2]).prod(1).astype(np.float64),
    )
