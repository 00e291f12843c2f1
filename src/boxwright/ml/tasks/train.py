"""Task: train a detector on a dataset, export it and read its quality. Loads torch only when it runs."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from boxwright.domain.ports import TaskContext
from boxwright.ml.data.dataset import prepare
from boxwright.ml.registry import lookup, require_torch, task_of
from boxwright.ml.starting import starting_weights
from boxwright.ml.training.params import TrainingParams


def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Train `params["architecture"]` on split train of `params["manifest"]`; val selects, test is read once.

    `params["hyper"]` are TrainingParams, `params["weights"]` a safetensors file to start from, or None: then
    `hyper.start` says from what. A run that finds a checkpoint in the working folder goes on from it. Curves by epoch
    from 1: `train/loss`, `train/box_loss`, `train/cls_loss`, `lr`, `val/loss`, `val/map50`, `val/map50_95`, and
    `time/waiting`, the part of the time in which the network waited for pictures; by iteration: `iter/loss`.

    Returns:
        `{"files": {"onnx", "weights", "card"}, "card", "reports": {"val", "test"}, "metrics": {"val", "test"},
        "parity": {"max_abs_diff", "split", "trained_map50_95", "map50_95_drop"},
        "best_epoch", "epochs", "seconds", "stopped_early"}`; metrics are None for a split without images.

    Raises:
        Invalid: wrong parameters, nothing to learn from, or a loss that is no longer a number.
        InvalidModel: the ONNX file does not answer as the trained network does, or scores less.
        Unavailable: torch is not installed.
        Cancelled: stopped with `discard`.
    """
    hyper = TrainingParams.from_json(params.get("hyper") or {})
    architecture = str(params["architecture"])
    require_torch()
    # Waiting threads soon give their core away: beside other work, spinning ones make a step many times slower. Read by
    # the OpenMP library when torch loads it.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    task = task_of(architecture)
    weights = starting_weights(params, hyper)
    learner_class = partial(lookup(architecture, task, "torch"), weights=weights)
    from boxwright.ml.training.device import choose
    from boxwright.ml.training.job import TrainingJob

    compute = choose(hyper)
    cuda = compute.device.type == "cuda"
    dataset = prepare(Path(params["manifest"]), hyper, context, outlines=task == "segment", cuda=cuda)
    return TrainingJob(architecture, learner_class, dataset, compute, context).run(weights)
