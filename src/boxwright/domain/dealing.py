"""Deals pictures out to splits: in a ratio, class by class, groups kept together. Pure arithmetic on columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.splits import Dealing

SPLITS_DEALT = 3  # train, val, test; NONE comes behind them
NONE = 3
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deck:
    """Pictures to deal.

    Args:
        split: of each picture, 0 to 3 (NONE), shape (n,).
        group: number of its group, from 0 without gaps, shape (n,).
        picture, label, objects: that so many objects of a class are on a picture, each of shape (m,).
        labels: how many classes there are.
    """

    split: Ints
    group: Ints
    picture: Ints
    label: Ints
    objects: Ints
    labels: int


def deal(
    deck: Deck, weights: Sequence[float], *, dealing: Dealing, mend: bool = False, stratify: bool = True, seed: int = 0
) -> Ints:
    """Return the split of each picture afterwards.

    A group goes as a whole: to the split that holds most of it, where it has one, else where it brings pictures and
    classes nearest to the ratio of `weights` (train, val, test). Rare classes and large groups come first, because what
    is dealt last has most room to even things out.
    """
    groups = int(deck.group.max()) + 1 if len(deck.group) else 0
    after = np.full_like(deck.split, NONE) if dealing == "all" else deck.split.copy()
    held = _counts(deck.group, after, groups)
    anchored = held.sum(1) > 0
    anchor = np.where(anchored, held.argmax(1), NONE)
    if mend:
        torn = (held > 0).sum(1) > 1
        mine = torn[deck.group] & (after != NONE)
        after[mine] = anchor[deck.group][mine]
    if dealing == "nothing":
        return after
    waiting = after == NONE
    after[waiting] = anchor[deck.group][waiting]
    free = np.flatnonzero(~anchored)
    if len(free):
        chosen = anchor.copy()
        chosen[free] = _greedy(_Units.of(deck, after, groups, stratify=stratify), free, weights, seed)
        waiting = after == NONE
        after[waiting] = chosen[deck.group][waiting]
    return after


def _counts(group: Ints, split: Ints, groups: int) -> Ints:
    """How many pictures of each group are in train, val and test, shape (groups, 3)."""
    flat = np.bincount(group * (NONE + 1) + split, minlength=groups * (NONE + 1))
    return flat.reshape(groups, NONE + 1)[:, :SPLITS_DEALT]


@dataclass(frozen=True, slots=True)
class _Units:
    """Groups as sparse rows of shares: of all objects of a class, and last of all pictures, how much a group is.

    `start` (groups + 1,) leads into `column` and `share`; `held` (3, columns) is what the splits have already.
    """

    start: Ints
    column: Ints
    share: NDArray[np.float64]
    held: NDArray[np.float64]

    @classmethod
    def of(cls, deck: Deck, split: Ints, groups: int, *, stratify: bool) -> "_Units":
        columns = deck.labels + 1
        everyone = np.arange(len(deck.group))
        picture, label, amount = everyone, np.full(len(everyone), deck.labels), np.ones(len(everyone))
        if stratify:
            picture = np.concatenate([picture, deck.picture])
            label = np.concatenate([label, deck.label])
            amount = np.concatenate([amount, deck.objects.astype(float)])
        share = amount / np.maximum(np.bincount(label, weights=amount, minlength=columns), 1)[label]
        key = deck.group[picture] * columns + label
        cell, inverse = np.unique(key, return_inverse=True)
        held = np.zeros((NONE + 1, columns))
        np.add.at(held, (split[picture], label), share)
        return cls(
            start=np.searchsorted(cell // columns, np.arange(groups + 1)),
            column=cell % columns,
            share=np.asarray(np.bincount(inverse, weights=share), np.float64),
            held=held[:SPLITS_DEALT],
        )


def _greedy(units: _Units, free: Ints, weights: Sequence[float], seed: int) -> list[int]:
    """Return a split for each of the groups `free`: where it adds least to the squared gaps.

    A gap counts against what the split is to have, so that small and large ones fill up evenly.
    """
    ratio = np.asarray(weights, float) / sum(weights)
    places = [int(place) for place in np.flatnonzero(ratio > 0)]
    parts = ratio[places].tolist()
    # How much each split has too much of a column, as a share of all there is of it.
    over = [(units.held[place] - ratio[place]).tolist() for place in places]
    most = np.maximum.reduceat(units.share, units.start[:-1])[free]
    order = np.lexsort((np.random.default_rng(seed).random(len(free)), -most))
    chosen = [0] * len(free)
    for turn in order.tolist():
        first, last = int(units.start[free[turn]]), int(units.start[free[turn] + 1])
        columns, shares = units.column[first:last].tolist(), units.share[first:last].tolist()
        row = list(zip(columns, shares, strict=True))
        added = [
            sum(share * (2 * lane[column] + share) for column, share in row) / part
            for lane, part in zip(over, parts, strict=True)
        ]
        best = added.index(min(added))
        for column, share in row:
            over[best][column] += share
        chosen[turn] = places[best]
    return chosen


def grouped(size: int, keys: Sequence[Sequence[object]]) -> Ints:
    """Return group numbers of `size` pictures that share a value in any of the columns `keys`; None stands alone."""
    return joined(size, _alike(keys))


def joined(size: int, pairs: Iterable[tuple[int, int]]) -> Ints:
    """Return group numbers, from 0 on without gaps, of `size` things of which pairs belong together."""
    parent = list(range(size))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for first, other in pairs:
        parent[root(other)] = root(first)
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(root(one), len(numbers)) for one in range(size)], np.int64)


def _alike(keys: Sequence[Sequence[object]]) -> Iterator[tuple[int, int]]:
    for column in keys:
        seen: dict[object, int] = {}
        for number, value in enumerate(column):
            if value is not None:
                first = seen.setdefault(value, number)
                if first != number:
                    yield first, number
