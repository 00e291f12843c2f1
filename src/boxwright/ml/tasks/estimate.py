"""Task: measure in seconds what a training would take. Loads torch only when it runs."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from boxwright.domain.ports import TaskContext
from boxwright.ml.data.dataset import check_splits, facts_of, prepare_some
from boxwright.ml.registry import lookup, require_torch, task_of
from boxwright.ml.starting import starting_weights
from boxwright.ml.training.advice import adapt
from boxwright.ml.training.params import TrainingParams


def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Run a few steps of the training that `params` describe (see tasks/train) on some pictures of its dataset.

    Returns:
        `{"seconds", "parts": {"reading", "learning", "validating", "finishing"}, "step_seconds", "steps_measured",
        "epochs", "batch", "steps", "batch_parts", "image_size", "device", "memory_mb", "available_mb", "gpu_mb",
        "gpu_total_mb", "choices"}`; what cannot be known is None. `choices` are values that follow from the data, each
        with its reason.

    Raises what tasks/train does.
    """
    hyper = TrainingParams.from_json(params.get("hyper") or {})
    architecture = str(params["architecture"])
    require_torch()
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    task = task_of(architecture)
    weights = starting_weights(params, hyper)
    learner_class = partial(lookup(architecture, task, "torch"), weights=weights)
    from boxwright.ml.training.device import choose
    from boxwright.ml.training.estimate import PICTURES, Counts, measure, spread
    from boxwright.ml.training.job import TrainingJob
    from boxwright.ml.training.params import plan

    compute = choose(hyper)
    header, train, val, test = check_splits(Path(params["manifest"]), outlines=task == "segment")
    hyper, choices = adapt(hyper, facts_of(train), cuda=compute.device.type == "cuda")
    some, few = spread(train, PICTURES), spread(val, PICTURES // 3)
    started = time.monotonic()
    dataset = prepare_some(header, some, few, hyper, context)
    decode = (time.monotonic() - started) / (len(some) + len(few))
    job = TrainingJob(architecture, learner_class, dataset, compute, context)
    job.plan = plan(hyper, len(train), job.plan.batch if compute.device.type == "cuda" else 0)
    counts = Counts(train=len(train), val=len(val), test=len(test))
    return {**measure(job, counts, decode, context), "choices": [asdict(choice) for choice in choices]}
