"""Batches for training and validation, made ahead of the network in a thread (OpenCV frees the interpreter lock)."""

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.models import ModelInput
from boxwright.ml.data.augment import Labelled
from boxwright.ml.data.cache import PictureCache
from boxwright.ml.data.letterbox import Fit, place, trimmed
from boxwright.ml.data.outlines import MaskGrid, joined, none
from boxwright.ml.data.recipe import Recipe, epoch_order, generator, repeat_factors, step_side, training_view
from boxwright.ml.data.samples import Sample


@dataclass(frozen=True, slots=True)
class Batch:
    """b pictures and the g objects on them.

    `pixels` uint8 (b, size, size, 3) RGB; `boxes` float32 (g, 4) in input pixels; `labels` int64 (g,); `image` int64
    (g,) the position in the batch; `fits` where each picture lies (validation only). Where masks are learned, `masks`
    uint8 (g, rows, columns) says whether the places of the network's grid are inside (1) an object, and `masked` bool
    (g,) of which objects that is known.
    """

    pixels: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    image: NDArray[np.int64]
    fits: tuple[Fit, ...] = ()
    masks: NDArray[np.uint8] | None = None
    masked: NDArray[np.bool_] | None = None


def collate(items: Sequence[Labelled], fits: tuple[Fit, ...] = (), grid: MaskGrid | None = None) -> Batch:
    """Stack pictures of one size; `grid` says where their outlines are looked at."""
    counts = [len(item.labels) for item in items]
    boxes = np.concatenate([item.boxes for item in items])
    masks = masked = None
    if grid is not None:
        outlines = joined([item.outlines or none(len(item.labels)) for item in items])
        masks, masked = outlines.sampled(grid.frames(boxes), grid.rows, grid.columns), outlines.known
    return Batch(
        np.stack([item.pixels for item in items]),
        boxes,
        np.concatenate([item.labels for item in items]),
        np.repeat(np.arange(len(items)), counts),
        fits,
        masks,
        masked,
    )


def split_batch(batch: Batch, parts: int) -> list[Batch]:
    """Return a batch in `parts` of nearly the same number of pictures."""
    if parts == 1:
        return [batch]
    found = []
    for pictures in np.array_split(np.arange(len(batch.pixels)), parts):
        first, last = int(pictures[0]), int(pictures[-1]) + 1
        rows = (batch.image >= first) & (batch.image < last)
        found.append(
            Batch(
                batch.pixels[first:last],
                batch.boxes[rows],
                batch.labels[rows],
                batch.image[rows] - first,
                batch.fits[first:last],
                None if batch.masks is None else batch.masks[rows],
                None if batch.masked is None else batch.masked[rows],
            )
        )
    return found


class TrainingBatches:
    """The batches of any epoch from any iteration on, equal each time they are made.

    Args:
        samples: readable pictures, at least one.
        cache: their pixels.
        recipe: augmentation.
        seed: of order and augmentation.
        batch: pictures a batch.
        steps: batches an epoch.
        grid: where outlines are looked at, for a network that learns masks.
        workers: threads that make batches.
        multi_scale: part by which a batch's side may differ from the recipe's size.
        rare_classes: see `repeat_factors`; 0 shows all pictures equally often.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        cache: PictureCache,
        recipe: Recipe,
        seed: int,
        batch: int,
        steps: int,
        *,
        grid: MaskGrid | None = None,
        workers: int = 1,
        multi_scale: float = 0.0,
        rare_classes: float = 0.0,
    ) -> None:
        self.samples, self.cache, self.recipe = samples, cache, recipe
        self.seed, self.batch, self.steps, self.grid = seed, batch, steps, grid
        self.workers, self.multi_scale = workers, multi_scale
        known = [item.labels[~item.crowd] for item in samples]
        self.repeats = repeat_factors(known, rare_classes) if rare_classes else None

    def epoch(self, epoch: int, start: int, with_mosaic: bool) -> Generator[Batch, None, None]:
        """Yield the batches of an epoch from iteration `start` on."""
        order = epoch_order(self.seed, epoch, len(self.samples), self.batch * self.steps, self.repeats)
        with ThreadPoolExecutor(self.workers) as pool:
            waiting: list[Future[Batch]] = []
            try:
                for step in range(start, self.steps):
                    waiting.append(pool.submit(self._make, epoch, order, step, with_mosaic))
                    if len(waiting) > 2 * self.workers:
                        yield waiting.pop(0).result()
                while waiting:
                    yield waiting.pop(0).result()
            finally:  # whoever stops within an epoch does not wait for what was begun for it
                for future in waiting:
                    future.cancel()

    def _make(self, epoch: int, order: list[int], step: int, with_mosaic: bool) -> Batch:
        recipe = self.recipe
        if self.multi_scale:
            recipe = replace(recipe, side=step_side(recipe, self.multi_scale, self.seed, epoch, step))
        views = [
            training_view(
                self._load,
                len(self.samples),
                order[p],
                recipe,
                generator(self.seed, epoch, p),
                with_mosaic,
                self._load_large,
            )
            for p in range(step * self.batch, (step + 1) * self.batch)
        ]
        return collate(views, grid=self.grid)

    def view(self, index: int) -> Labelled:
        """Return view `index` of the first epoch, for people to look at."""
        count = len(self.samples)
        order = epoch_order(self.seed, 0, count, index + 1, self.repeats)
        rng = generator(self.seed, 0, index)
        return training_view(self._load, count, order[index], self.recipe, rng, True, self._load_large)

    def _load(self, index: int) -> Labelled:
        return _scaled(self.samples[index], self.cache.get(self.samples[index]))

    def _load_large(self, index: int) -> Labelled:
        return _scaled(self.samples[index], self.cache.large(self.samples[index]))


def _scaled(sample: Sample, pixels: NDArray[np.uint8]) -> Labelled:
    height, width = pixels.shape[:2]
    return _labelled(sample, pixels, Fit(sample.width, sample.height, width, height))


def _labelled(sample: Sample, pixels: NDArray[np.uint8], fit: Fit) -> Labelled:
    """Return the pixels with the objects on them, crowds aside."""
    known = ~sample.crowd
    outlines = sample.outlines and sample.outlines.take(known).moved(fit.matrix())
    return Labelled(pixels, fit.to_input(sample.boxes[known]), sample.labels[known], outlines)


def plain_batches(
    samples: Sequence[Sample], cache: PictureCache, spec: ModelInput, batch: int, grid: MaskGrid | None = None
) -> Iterator[Batch]:
    """Yield letterboxed pictures in order, without augmentation."""
    for start in range(0, len(samples), batch):
        items, fits = [], []
        part = samples[start : start + batch]
        rooms = [trimmed(spec, sample.width, sample.height) for sample in part]
        canvas = replace(spec, width=max(room.width for room in rooms), height=max(room.height for room in rooms))
        for sample in part:
            pixels, fit = place(cache.get(sample), (sample.width, sample.height), canvas)
            items.append(_labelled(sample, pixels, fit))
            fits.append(fit)
        yield collate(items, tuple(fits), grid)
