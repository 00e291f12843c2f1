"""What suits a dataset, and why: the values that a training chooses by itself. Loads no torch."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boxwright.ml.training.params import TrainingParams, plan

SIZES = (320, 416, 512, 640, 800, 1024, 1280)
# On a CPU a step at 640 pixels takes four times as long as at 320; beyond, nobody waits for it.
MOST_CPU = 640
# Pixels that the middle and the small objects should have at the network's input; its finest cells are 8 pixels.
MIDDLE, SMALL = 32.0, 12.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of the training images.

    `sides` (n,): square root of the area of each object, as a part of the longer side of its image. `longest` (m,): the
    longer side of images in pixels. `pictures` (c,): on how many images each class is.
    """

    images: int
    sides: NDArray[np.float64]
    longest: NDArray[np.float64]
    pictures: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A value for a parameter and the reason for it; a `hint` is left to a person."""

    name: str
    value: float
    why: str
    hint: bool = False


def adapt(params: TrainingParams, facts: Facts, *, cuda: bool) -> tuple[TrainingParams, list[Choice]]:
    """Choose what the parameters leave open to the data, and say what else would suit it."""
    choices = []
    size = image_size(facts, 1280 if cuda else MOST_CPU)
    if not params.image_size:
        params = replace(params, image_size=int(size.value))
        choices.append(size)
    chosen = plan(params, facts.images)
    if not params.epochs:
        why = f"there are {facts.images} training images; few are shown more often"
        choices.append(Choice(name="epochs", value=chosen.epochs, why=why))
    if not params.batch:
        why = f"with {facts.images} images that makes {chosen.steps} steps an epoch"
        choices.append(Choice(name="batch", value=chosen.batch, why=why))
    return params, [*choices, *_hints(params, facts)]


def image_size(facts: Facts, most: int) -> Choice:
    """Choose the smallest size at which the median object and the small ones (10th percentile) can be seen."""
    if not len(facts.sides):
        return Choice(name="image_size", value=SIZES[0], why="there are no boxes yet to choose by")
    middle, small = np.quantile(facts.sides, (0.5, 0.1))
    # Scaling up beyond twice the images' own size shows nothing new.
    useful = max(SIZES[0], 2 * float(np.quantile(facts.longest, 0.9)))
    allowed = [size for size in SIZES if size <= min(most, useful)]
    fits = [size for size in allowed if size * middle >= MIDDLE and size * small >= SMALL]
    size = fits[0] if fits else allowed[-1]
    seen = f"the median object is {middle:.1%} of the longer side, {size * middle:.0f} px at {size}"
    if not fits:
        limit = (
            "as much as a CPU trains in good time" if most == MOST_CPU and allowed[-1] == most else "the largest of use"
        )
        return Choice(name="image_size", value=size, why=f"{seen}; {size} is {limit}")
    if size * middle / MIDDLE > size * small / SMALL:
        seen = f"one object in ten is smaller than {small:.1%} of the longer side, {size * small:.0f} px at {size}"
    return Choice(name="image_size", value=size, why=seen)


def _hints(params: TrainingParams, facts: Facts) -> list[Choice]:
    hints = []
    if len(facts.sides) and params.tiles == 1:
        small = float(np.quantile(facts.sides, 0.1)) * params.image_size
        room = float(np.quantile(facts.longest, 0.5)) / params.image_size
        tiles = min(8, int(np.ceil(SMALL / small)), int(room + 0.5))
        if tiles > 1:
            why = f"small objects have {small:.0f} px at {params.image_size}: learn from parts of the images, too"
            hints.append(Choice(name="tiles", value=tiles, why=why, hint=True))
    shown = facts.pictures[facts.pictures > 0]
    if len(shown) > 1 and not params.rare_classes and shown.min() * 10 < shown.max():
        share = round(float(np.median(shown)) / facts.images, 3)
        why = f"the rarest class is on {shown.min()} images, the most frequent on {shown.max()}"
        hints.append(Choice(name="rare_classes", value=min(1.0, max(share, 0.001)), why=why, hint=True))
    return hints
