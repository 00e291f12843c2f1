"""The training view of one sample: augmentation with every random choice fixed by (seed, epoch, index)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boxwright.ml.data.augment import (
    Labelled,
    Rgb,
    affine_matrix,
    after,
    blur,
    compose,
    flip_x,
    flip_y,
    grey,
    mosaic,
    quarter_turn,
    shift_hsv,
)
from boxwright.ml.training.params import TrainingParams

Load = Callable[[int], Labelled]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """Strengths of the augmentations; the fields of TrainingParams of the same names say more.

    Views are made for `size` pixels a side and drawn with `side`, where that is not 0.
    """

    size: int
    mosaic: float
    scale: float
    translate: float
    rotate: float
    hsv: tuple[float, float, float]
    flip_x: float
    flip_y: float
    min_visible: float
    quarter_turns: float = 0.0
    grey: float = 0.0
    blur: float = 0.0
    tiles: int = 1
    side: int = 0


def recipe_of(params: TrainingParams) -> Recipe:
    """Return the augmentation part of the parameters."""
    return Recipe(
        size=params.image_size,
        mosaic=params.mosaic,
        scale=params.scale,
        translate=params.translate,
        rotate=params.rotate,
        hsv=(params.hsv_h, params.hsv_s, params.hsv_v),
        flip_x=params.flip_x,
        flip_y=params.flip_y,
        min_visible=params.min_visible,
        quarter_turns=params.quarter_turns,
        grey=params.grey,
        blur=params.blur,
        tiles=params.tiles,
    )


def generator(seed: int, epoch: int, index: int) -> np.random.Generator:
    """Return the random generator of one sample in one epoch, so that a resumed run repeats the unbroken one."""
    return np.random.default_rng((seed, epoch, index))


def epoch_order(seed: int, epoch: int, count: int, draws: int, repeats: NDArray[np.float64] | None = None) -> list[int]:
    """Return `draws` sample positions: whole shuffled rounds over `count` samples, the last one cut.

    `repeats` (count,), at least 1, says how often a sample comes in a round; a fraction is a chance.
    """
    rng = np.random.default_rng((seed, epoch))
    found: list[int] = []
    while len(found) < draws:
        if repeats is None:
            found.extend(rng.permutation(count).tolist())
        else:
            times = np.floor(repeats + rng.random(count)).astype(np.int64)
            found.extend(rng.permutation(np.repeat(np.arange(count), times)).tolist())
    return found[:draws]


def repeat_factors(labels: list[NDArray[np.int64]], share: float) -> NDArray[np.float64]:
    """Return how often each picture comes in a round, from the classes on it (Gupta, Dollar and Girshick, LVIS, 2019).

    A class on a part f of the pictures asks for max(1, sqrt(share / f)); a picture follows its rarest class.
    """
    on = [np.unique(item) for item in labels]
    pictures = np.bincount(np.concatenate([*on, np.zeros(0, np.int64)]))
    factor = np.maximum(1.0, np.sqrt(share * len(labels) / np.maximum(pictures, 1)))
    return np.array([factor[item].max(initial=1.0) for item in on])


def step_side(recipe: Recipe, multi_scale: float, seed: int, epoch: int, step: int) -> int:
    """Return the side of a step's pictures: the recipe's size changed by up to a part of it, in steps of 32 pixels."""
    change = np.random.default_rng((seed, epoch, step, 0)).uniform(-multi_scale, multi_scale)
    return max(64, 32 * round(recipe.size * (1 + change) / 32))


def training_view(
    load: Load,
    count: int,
    index: int,
    recipe: Recipe,
    rng: np.random.Generator,
    with_mosaic: bool,
    load_large: Load | None = None,
) -> Labelled:
    """Return sample `index` of `count` augmented to a square of the recipe's side.

    Args:
        load: returns a sample at its scaled size; a mosaic draws three more.
        count: number of samples.
        index: which sample.
        recipe: strengths.
        rng: the sample's generator.
        with_mosaic: False in the closing epochs.
        load_large: returns a sample at up to `recipe.tiles` times that size, for views of a part of it.
    """
    size, side = recipe.size, recipe.side or recipe.size
    places = [np.eye(3)[:2]]
    if load_large is not None and recipe.tiles > 1 and rng.random() < 0.5:
        items = [load_large(index)]
        middle = tile_centre(items[0], size, rng)
    elif with_mosaic and rng.random() < recipe.mosaic:
        others = [int(i) for i in rng.integers(0, count, 3)]
        x, y = (int(v) for v in rng.integers(size // 2, size + size // 2 + 1, 2))
        items = [load(i) for i in (index, *others)]
        places, middle = mosaic(items, (x, y)), (float(size), float(size))
    else:
        items = [load(index)]
        height, width = items[0].pixels.shape[:2]
        middle = (width / 2, height / 2)
    scale = rng.uniform(1 - recipe.scale, 1 + recipe.scale) * side / size
    shift = rng.uniform(-recipe.translate, recipe.translate, 2)
    degrees = rng.uniform(-recipe.rotate, recipe.rotate)
    matrix = affine_matrix(middle, side, scale, degrees, (float(shift[0]), float(shift[1])))
    parts = [(item, after(matrix, place)) for item, place in zip(items, places, strict=True)]
    item = _turn(compose(parts, side, recipe.min_visible), recipe, rng)
    return replace(item, pixels=_recolour(item.pixels, recipe, rng))


def tile_centre(item: Labelled, size: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the middle of a window of `size` pixels in a picture; three of four windows have an object in them."""
    limits = np.array(item.pixels.shape[1::-1], np.float64)
    point = rng.uniform(0, 1, 2) * limits
    if len(item.boxes) and rng.random() < 0.75:
        box = item.boxes[rng.integers(len(item.boxes))]
        point = (box[:2] + box[2:]) / 2 + rng.uniform(-size / 4, size / 4, 2)
    half = np.minimum(size, limits) / 2
    point = np.clip(point, half, limits - half)
    return float(point[0]), float(point[1])


def _turn(item: Labelled, recipe: Recipe, rng: np.random.Generator) -> Labelled:
    """Turn and mirror without loss."""
    # Chances of zero draw nothing more, so that a new kind of change leaves the views of the others as they were.
    if recipe.quarter_turns and rng.random() < recipe.quarter_turns:
        item = quarter_turn(item, int(rng.integers(1, 4)))
    if rng.random() < recipe.flip_x:
        item = flip_x(item)
    if rng.random() < recipe.flip_y:
        item = flip_y(item)
    return item


def _recolour(pixels: Rgb, recipe: Recipe, rng: np.random.Generator) -> Rgb:
    gains = 1 + rng.uniform(-1, 1, 3) * recipe.hsv
    if any(recipe.hsv):
        pixels = shift_hsv(pixels, (gains[0], gains[1], gains[2]))
    if recipe.grey and rng.random() < recipe.grey:
        pixels = grey(np.ascontiguousarray(pixels))
    if recipe.blur and rng.random() < recipe.blur:
        pixels = blur(np.ascontiguousarray(pixels), rng.uniform(0.5, 1.5))
    return pixels
