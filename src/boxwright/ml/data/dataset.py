"""The dataset of a training: its splits, checked, with their pictures decoded."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import Cancelled, Invalid, InvalidImage
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.manifest import ManifestHeader
from boxwright.domain.models import no_masks
from boxwright.domain.ports import TaskContext
from boxwright.domain.quality import Twins
from boxwright.ml.data.cache import PictureCache
from boxwright.ml.data.samples import Sample, read_dataset
from boxwright.ml.data.twins import Prints, near_twins, told
from boxwright.ml.training.advice import Facts, adapt
from boxwright.ml.training.params import TrainingParams

Look = Callable[[Sample, NDArray[np.uint8]], None]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Readable pictures of `train` and `val` with their cache; of `test` only what the manifest says.

    `params` are the hyper-parameters with what was left open to the data; `twins` by split the pictures of `val` and
    `test` that have a near twin in `train`.
    """

    header: ManifestHeader
    train: list[Sample]
    val: list[Sample]
    test: list[Sample]
    cache: PictureCache
    params: TrainingParams
    twins: Mapping[str, Twins] = field(default_factory=dict)

    def count(self, split: Sequence[Sample]) -> list[int]:
        """Return the number of annotations of each class in a split, crowds aside."""
        labels = [s.labels[~s.crowd] for s in split]
        return (
            np.bincount(np.concatenate(labels), minlength=len(self.header.classes)).tolist()
            if labels
            else [0] * len(self.header.classes)
        )


def prepare(
    manifest: Path, params: TrainingParams, context: TaskContext, *, outlines: bool = False, cuda: bool = False
) -> Dataset:
    """Read a manifest and decode its training and validation pictures; unreadable ones are left out with a warning.

    What the parameters leave open to the data is chosen, with its reason in the log.

    Raises:
        Invalid: no class, no readable training picture, no box to learn from or, with `outlines`, no outline.
        Cancelled: stopped before the start.
    """
    header, train, val, test = check_splits(manifest, outlines=outlines)
    params = _settle(params, train, context, cuda=cuda)
    seen = {"train": Prints(), "val": Prints(), "test": Prints()}
    splits = {s.id: name for name, part in (("train", train), ("val", val), ("test", test)) for s in part}

    def look(sample: Sample, pixels: NDArray[np.uint8]) -> None:
        seen[splits[sample.id]].add(sample, pixels)

    dataset = prepare_some(header, train, val, params, context, look)
    if outlines:
        _check_outlines(dataset.train, context)
    if not dataset.val:
        context.log(
            "no validation images: the weights of the last epoch are kept, and there is no validation mAP", "warning"
        )
    # The test pictures are only looked at, for their likeness; their evaluation names those that cannot be read.
    _decode(test, PictureCache(params.image_size, 0), context, look, warn=False)
    twins = {split: _twins(split, seen, context) for split in ("val", "test")}
    return replace(dataset, test=test, twins=twins)


def check_splits(
    manifest: Path, *, outlines: bool = False
) -> tuple[ManifestHeader, list[Sample], list[Sample], list[Sample]]:
    """Return the header and the splits train, val and test of a manifest. Raises Invalid: there is nothing to learn."""
    header, (train, val, test) = read_dataset(manifest, ("train", "val", "test"), outlines=outlines)
    if not header.classes:
        raise Invalid("the dataset has no classes: add one and draw boxes of it", code="dataset_empty")
    if not train:
        raise Invalid(
            "no labelled images in the split train: label some, or move labelled images there", code="dataset_empty"
        )
    return header, train, val, test


def prepare_some(
    header: ManifestHeader,
    train: Sequence[Sample],
    val: Sequence[Sample],
    params: TrainingParams,
    context: TaskContext,
    look: Look | None = None,
) -> Dataset:
    """Decode these pictures and show each to `look`. Raises Invalid: none can be read, or none has a box; Cancelled."""
    cache = PictureCache(params.image_size, params.cache_mb << 20, params.tiles)
    good = _decode([*train, *val], cache, context, look)
    train, val = ([s for s in split if s.id in good] for split in (train, val))
    if not train:
        raise Invalid("none of the training images can be read; the log names them", code="dataset_empty")
    if not any((~s.crowd).any() for s in train):
        raise Invalid(
            "the training images have no boxes: draw some, or move labelled images to the split train",
            code="dataset_empty",
        )
    return Dataset(header, train, val, [], cache, params)


def look_for_twins(
    split: str, samples: Sequence[Sample], train: Sequence[Sample], side: int, context: TaskContext
) -> Twins:
    """Read the pictures of a split and those of a training, and find near twins as that training, of input `side`, did.

    Raises Cancelled.
    """
    seen = {split: Prints(), "train": Prints()}
    for prints, part in zip(seen.values(), (samples, train), strict=True):
        _decode(part, PictureCache(side, 0), context, prints.add, warn=False)
    return _twins(split, seen, context)


def _twins(split: str, seen: Mapping[str, Prints], context: TaskContext) -> Twins:
    """Find the pictures of a split that have a near twin in train, and say so."""
    twins = near_twins(seen[split], seen["train"])
    if twins.images:
        context.log(told(twins, split), "warning")
    return twins


def facts_of(samples: Sequence[Sample]) -> Facts:
    """Return what the choice of parameters looks at."""
    known = [(s.boxes[~s.crowd], s.labels[~s.crowd], max(s.width, s.height)) for s in samples]
    sides = [np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(1)) / longest for boxes, _, longest in known]
    classes = [np.unique(labels) for _, labels, _ in known]
    return Facts(
        images=len(samples),
        sides=np.concatenate([*sides, np.zeros(0)]).astype(np.float64),
        longest=np.array([longest for _, _, longest in known], np.float64),
        pictures=np.bincount(np.concatenate([*classes, np.zeros(0, np.int64)])),
    )


def _settle(params: TrainingParams, train: Sequence[Sample], context: TaskContext, *, cuda: bool) -> TrainingParams:
    params, choices = adapt(params, facts_of(train), cuda=cuda)
    for choice in choices:
        said = f"consider {choice.name} {choice.value:g}" if choice.hint else f"{choice.name} {choice.value:g}"
        context.log(f"{said}: {choice.why}")
    return params


def _check_outlines(train: Sequence[Sample], context: TaskContext) -> None:
    """Raise Invalid where no object has an outline; say how many have none. A box is never taken for one."""
    known = [s.outlines.known[~s.crowd] for s in train if s.outlines is not None]
    total, outlined = sum(map(len, known)), sum(int(part.sum()) for part in known)
    if not outlined:
        raise no_masks(total)
    if outlined < total:
        context.log(
            f"{total - outlined} of {total} training annotations are boxes: they are found as boxes, and what their "
            "outline is, is learned from the others",
            "warning",
        )


def _decode(
    samples: Sequence[Sample], cache: PictureCache, context: TaskContext, look: Look | None, *, warn: bool = True
) -> set[str]:
    """Fill the cache and return the ids of the readable pictures."""
    started = time.monotonic()

    def failed(error: InvalidImage) -> None:
        if warn:
            context.log(f"left out: {error.message}", "warning")

    def tick(done: int) -> None:
        if context.stopping() in BREAKS_OFF:
            raise Cancelled("the job was cancelled")
        left = (time.monotonic() - started) / done * (len(samples) - done)
        context.progress(done, len(samples), phase="reading images", seconds_left=left)

    return {s.id for s in cache.fill(samples, min(4, os.cpu_count() or 1), failed, tick, look)}
