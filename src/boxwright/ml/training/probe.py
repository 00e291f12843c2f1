"""Trying steps before a training: how many images a step a GPU holds."""

import copy
from collections.abc import Callable
from pathlib import Path

import torch

from boxwright.ml.data.batches import TrainingBatches
from boxwright.ml.files import read_json, write_json
from boxwright.ml.nets.base import Learner
from boxwright.ml.training.device import Compute
from boxwright.ml.training.memory import fits_gpu, largest_batch
from boxwright.ml.training.params import TrainingParams, standard_batch
from boxwright.ml.training.validation import to_device

MOST_IMAGES = 64
# Steps an epoch should have: fewer, larger ones learn less from few images.
LEAST_STEPS = 16


def gpu_batch(
    learner: Learner,
    params: TrainingParams,
    compute: Compute,
    batches: Callable[[int, int], TrainingBatches],
    images: int,
    path: Path,
) -> int:
    """Return how many images a step fit the GPU, no more than suit the number of images.

    What was found is kept at `path`: a training that goes on must not find another number. The network stays as it was.
    """
    known = read_json(path)
    if isinstance(known, int):
        return known
    net = learner.net.to(compute.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    before, random = copy.deepcopy(net.state_dict()), torch.get_rng_state()

    def step(batch: int) -> None:
        images = next(batches(batch, 1).epoch(0, 0, with_mosaic=True))
        pixels, truth = to_device(images, learner.input, compute.device)
        with compute.autocast():
            raw = learner.forward(net, pixels, truth)
        learner.loss(raw, truth, params.box_gain, params.cls_gain).total.backward()  # type: ignore[no-untyped-call]
        net.zero_grad(set_to_none=True)

    net.train()
    least = standard_batch(images)
    found = largest_batch(fits_gpu(step, compute.device), least, max(least, min(MOST_IMAGES, images // LEAST_STEPS)))
    net.load_state_dict(before)
    torch.set_rng_state(random)
    write_json(path, found)
    return found
