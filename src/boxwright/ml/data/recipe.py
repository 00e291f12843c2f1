"""The training view of one sample: augmentation with every random choice fixed by (seed, epoch, index)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from boxwright.ml.data.augment import (
    Labelled,
    affine_matrix,
    after,
    compose,
    flip_x,
    flip_y,
    mosaic,
    shift_hsv,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """Strengths of the augmentations; the fields of TrainingParams of the same names say more."""

    size: int
    mosaic: float
    scale: float
    translate: float
    rotate: float
    hsv: tuple[float, float, float]
    flip_x: float
    flip_y: float
    min_visible: float


def generator(seed: int, epoch: int, index: int) -> np.random.Generator:
    """Return the random generator of one sample in one epoch, so that a resumed run repeats the unbroken one."""
    return np.random.default_rng((seed, epoch, index))


def epoch_order(seed: int, epoch: int, count: int, draws: int) -> list[int]:
    """Return `draws` sample positions: whole shuffled rounds over `count` samples, the last one cut."""
    rng = np.random.default_rng((seed, epoch))
    rounds = -(-draws // count)
    return [int(i) for _ in range(rounds) for i in rng.permutation(count)][:draws]


def training_view(
    load: Callable[[int], Labelled], count: int, index: int, recipe: Recipe, rng: np.random.Generator, with_mosaic: bool
) -> Labelled:
    """Return sample `index` of `count` augmented to recipe.size x recipe.size pixels.

    Args:
        load: returns a sample at its scaled size; a mosaic draws three more.
        count: number of samples.
        index: which sample.
        recipe: strengths.
        rng: the sample's generator.
        with_mosaic: False in the closing epochs.
    """
    size = recipe.size
    if with_mosaic and rng.random() < recipe.mosaic:
        others = [int(i) for i in rng.integers(0, count, 3)]
        x, y = (int(v) for v in rng.integers(size // 2, size + size // 2 + 1, 2))
        items = [load(i) for i in (index, *others)]
        places, middle = mosaic(items, (x, y)), (float(size), float(size))
    else:
        items = [load(index)]
        height, width = items[0].pixels.shape[:2]
        places, middle = [np.eye(3)[:2]], (width / 2, height / 2)
    scale = rng.uniform(1 - recipe.scale, 1 + recipe.scale)
    shift = rng.uniform(-recipe.translate, recipe.translate, 2)
    degrees = rng.uniform(-recipe.rotate, recipe.rotate)
    matrix = affine_matrix(middle, size, scale, degrees, (float(shift[0]), float(shift[1])))
    parts = [(item, after(matrix, place)) for item, place in zip(items, places, strict=True)]
    item = compose(parts, size, recipe.min_visible)
    if rng.random() < recipe.flip_x:
        item = flip_x(item)
    if rng.random() < recipe.flip_y:
        item = flip_y(item)
    gains = 1 + rng.uniform(-1, 1, 3) * recipe.hsv
    if any(recipe.hsv):
        item = replace(item, pixels=shift_hsv(item.pixels, (gains[0], gains[1], gains[2])))
    return item
