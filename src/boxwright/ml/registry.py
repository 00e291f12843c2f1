"""Which class does what: looked up by name, imported on first use, so that nothing loads torch before it is needed."""

import importlib
import importlib.util
from types import ModuleType
from typing import Any

from boxwright.domain import architectures
from boxwright.domain.decoders import family
from boxwright.domain.errors import Invalid, Unavailable
from boxwright.domain.models import Task

_WREN = "boxwright.ml.nets.wren.learner"
_DETR = "boxwright.ml.nets.detr.learner:DetrLearner"
_TABLE: dict[tuple[str, Task, str], str] = {
    ("wren-n", "detect", "torch"): f"{_WREN}:WrenLearner",
    ("wren-s", "detect", "torch"): f"{_WREN}:WrenLearner",
    ("wren-n-seg", "segment", "torch"): f"{_WREN}:WrenMaskLearner",
    ("wren-s-seg", "segment", "torch"): f"{_WREN}:WrenMaskLearner",
    ("wren-n", "detect", "onnx"): "boxwright.ml.adapters.onnx:OnnxDetector",
    **{(item.name, item.task, "torch"): _DETR for item in architectures.ARCHITECTURES if item.model_type != "wren"},
}
# Decoder families of ONNX files: domain/decoders.py describes them, in the same words.
_DECODERS = {
    name: f"boxwright.ml.adapters.decoders.{name}"
    for name in (
        "wren", "yolox", "nanodet", "yolov5", "yolov8", "yolov10", "anchors", "dfine", "ssd", "ultraface", "detr",
        "custom",
    )
}  # fmt: skip
# Ends the name of what learns masks.
MASKS = "-seg"
_TASKS = {name: task for name, task, backend in _TABLE if backend == "torch"}
ARCHITECTURES = tuple(sorted(_TASKS))


def task_of(architecture: str) -> Task:
    """Return what a network learns: `detect` boxes, or `segment` outlines too. Raises Invalid."""
    task = _TASKS.get(architecture)
    if task is None:
        raise Invalid(
            f"unknown architecture {architecture!r}; choose one of {', '.join(ARCHITECTURES)}",
            code="architecture_unknown",
        )
    return task


def for_task(architecture: str, task: Task | None) -> str:
    """Return the architecture, or its sister that learns `task`. Raises Invalid where there is none."""
    if task in (None, task_of(architecture)):
        return architecture
    sister = f"{architecture}{MASKS}" if task == "segment" else architecture.removesuffix(MASKS)
    if _TASKS.get(sister) == task:
        return sister
    fitting = ", ".join(name for name in ARCHITECTURES if _TASKS[name] == task)
    raise Invalid(f"{architecture} does not learn to {task}; choose one of {fitting}", code="architecture_unknown")


def lookup(architecture: str, task: Task, backend: str) -> Any:
    """Return the class for an architecture, a task and a backend (`torch` to train, `onnx` to run).

    Raises:
        Invalid: no such combination.
        Unavailable: torch is not installed.
    """
    entry = _TABLE.get((architecture, task, backend))
    if entry is None:
        known = ", ".join(ARCHITECTURES)
        raise Invalid(
            f"no architecture {architecture!r} for {task} on {backend}; known: {known}", code="architecture_unknown"
        )
    if backend == "torch":
        require_torch()
    module, name = entry.split(":")
    return getattr(importlib.import_module(module), name)


def decoder(name: str) -> ModuleType:
    """Return the module of a decoder family, with `match` and `decode`. Raises InvalidModel."""
    return importlib.import_module(_DECODERS[family(name).name])


def has_torch() -> bool:
    """Tell whether torch is installed."""
    return importlib.util.find_spec("torch") is not None


def require_torch() -> None:
    """Raise Unavailable, saying what to install, where torch is missing."""
    if not has_torch():
        raise Unavailable('training needs PyTorch: pip install "boxwright[train]"', code="torch_missing")
