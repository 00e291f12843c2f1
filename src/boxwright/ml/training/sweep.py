"""A search for good parameters: successive halving (Jamieson and Talwalkar, 2016) within a budget of time."""

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from boxwright.domain.errors import Invalid
from boxwright.ml.training.params import TrainingParams

# Part of the time that goes to the search; the rest is for the last, longest training.
SEARCH = 0.6
Space = Mapping[str, Sequence[float | str]]


@dataclass(slots=True)
class Trial:
    """One short training: what it changes, in which round, and, once it has ended, how it went."""

    changes: dict[str, float | str]
    round: int
    epochs: int = 0
    score: float | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class State:
    """What a sweep knows: its trials, and the measured seconds of an epoch by image size."""

    trials: list[Trial] = field(default_factory=list)
    epoch_seconds: dict[str, float] = field(default_factory=dict)


def standard_space(params: TrainingParams) -> dict[str, tuple[float | str, ...]]:
    """Return what is tried where nothing is said: rate, size and augmentation around the parameters."""
    size = params.image_size or 320
    sizes = sorted({max(64, round(size * factor / 32) * 32) for factor in (0.75, 1.0, 1.5)})
    return {
        "lr": tuple(round(min(1.0, params.lr * factor), 6) for factor in (0.4, 1.0, 2.5)),
        "image_size": tuple(size for size in sizes if size <= 2048),
        "augment": ("default", "strong", "aerial"),
    }


def check_space(hyper: Mapping[str, object], space: Space) -> None:
    """Raise Invalid where a value of the space is none for its parameter, or a list is empty."""
    for name, values in space.items():
        if not values:
            raise Invalid(f"{name}: no value to try", code="hyper_invalid")
        for value in values:
            TrainingParams.from_json({**hyper, name: value})


def candidates(hyper: Mapping[str, object], space: Space, most: int, seed: int) -> list[dict[str, float | str]]:
    """Return at most `most` combinations of a space, drawn without repetition; the first is the plain parameters."""
    chosen = space or standard_space(TrainingParams.from_json(hyper))
    names = list(chosen)
    combinations = [dict(zip(names, values, strict=True)) for values in itertools.product(*chosen.values())]
    random.Random(seed).shuffle(combinations)  # noqa: S311 - a draw that repeats itself, no secret
    # What says the same as the parameters do is that first one.
    plain = TrainingParams.from_json(hyper)
    others = [item for item in combinations if TrainingParams.from_json({**hyper, **item}) != plain]
    return [{}, *others][:most]


def rounds(count: int) -> Iterator[int]:
    """Yield how many trials each round has: all, half of them, ... until two or fewer are left."""
    while count > 1:
        yield count
        count = math.ceil(count / 2)


def best(trials: Sequence[Trial], count: int) -> list[Trial]:
    """Return the `count` best of trials that have ended, the best first; equal ones in their order."""
    return sorted(trials, key=lambda trial: -(trial.score if trial.score is not None else -math.inf))[:count]


def epochs_for(seconds: float, epoch_seconds: float) -> int:
    """Return how many epochs fit a time, at least one."""
    return max(1, int(seconds / max(epoch_seconds, 1e-6)))
