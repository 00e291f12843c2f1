"""Pictures are dealt out in the ratio, class by class, groups as a whole, and always alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxwright.domain.dealing import NONE, Deck, deal, grouped
from boxwright.domain.splits import Dealing

WEIGHTS = (80, 10, 10)


def deck(
    split: list[int], group: list[int] | None = None, objects: list[tuple[int, int, int]] | None = None, labels: int = 0
) -> Deck:
    table = np.array(objects or [], np.int64).reshape(-1, 3)
    numbers = np.array(range(len(split)) if group is None else group, np.int64)
    return Deck(
        split=np.array(split, np.int64),
        group=np.unique(numbers, return_inverse=True)[1],
        picture=table[:, 0],
        label=table[:, 1],
        objects=table[:, 2],
        labels=labels,
    )


def counts(split: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
    return [int((split == place).sum()) for place in range(4)]


def test_the_ratio_is_met_to_the_picture() -> None:
    assert counts(deal(deck([NONE] * 100), WEIGHTS, dealing="new")) == [80, 10, 10, 0]
    assert counts(deal(deck([NONE] * 10), (7, 3, 0), dealing="new")) == [7, 3, 0, 0]
    assert counts(deal(deck([]), WEIGHTS, dealing="new")) == [0, 0, 0, 0]


def test_classes_are_dealt_out_in_the_ratio_too() -> None:
    # 100 pictures of a common class; every tenth has three of a rare one.
    objects = [(n, 0, 2) for n in range(100)] + [(n, 1, 3) for n in range(0, 100, 10)]
    after = deal(deck([NONE] * 100, objects=objects, labels=2), WEIGHTS, dealing="new", seed=5)
    assert counts(after) == [80, 10, 10, 0]
    assert counts(after[::10]) == [8, 1, 1, 0]


def test_a_seed_gives_one_result_and_another_one_another() -> None:
    one, again, other = (deal(deck([NONE] * 60), WEIGHTS, dealing="new", seed=seed) for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_what_has_a_split_keeps_it_and_new_ones_even_it_out() -> None:
    after = deal(deck([0] * 50 + [NONE] * 50), (50, 25, 25), dealing="new")
    assert (after[:50] == 0).all()
    assert counts(after) == [50, 25, 25, 0]
    assert counts(deal(deck([0] * 50 + [NONE] * 50), (50, 25, 25), dealing="all")) == [50, 25, 25, 0]
    nothing = deck([0, 1, NONE])
    assert deal(nothing, WEIGHTS, dealing="nothing").tolist() == [0, 1, NONE]


def test_a_group_follows_its_members_and_is_mended_on_request() -> None:
    torn = deck([1, 1, 0, NONE, NONE], [7, 7, 7, 7, 8])
    assert deal(torn, (1, 0, 0), dealing="new").tolist() == [1, 1, 0, 1, 0]
    assert deal(torn, (1, 0, 0), dealing="new", mend=True).tolist() == [1, 1, 1, 1, 0]
    assert deal(torn, (1, 0, 0), dealing="nothing", mend=True).tolist() == [1, 1, 1, NONE, NONE]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 4), st.integers(1, 9)), max_size=80),
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)).filter(any),
    st.sampled_from(["new", "all"]),
    st.booleans(),
)
def test_no_group_is_torn_that_was_whole(
    pictures: list[tuple[int, int]],
    objects: list[tuple[int, int, int]],
    weights: tuple[int, int, int],
    dealing: Dealing,
    mend: bool,
) -> None:
    before = [split for split, _ in pictures]
    group = [number for _, number in pictures]
    rows = [row for row in objects if row[0] < len(pictures)]
    after = deal(deck(before, group, rows, 5), weights, dealing=dealing, mend=mend)
    assert (after != NONE).all()
    for number in set(group):
        places = {int(after[n]) for n in range(len(group)) if group[n] == number}
        had = {before[n] for n in range(len(group)) if group[n] == number} - {NONE}
        whole = mend or dealing == "all" or len(had) < 2
        assert len(places) == 1 if whole else places == had
    if dealing == "new" and not mend:
        assert all(new == old for new, old in zip(after.tolist(), before, strict=True) if old != NONE)


@pytest.mark.parametrize("seed", range(5))
def test_many_classes_come_out_near_the_ratio(seed: int) -> None:
    random = np.random.default_rng(seed)
    objects = [
        (n, int(label), int(random.integers(1, 6)))
        for n in range(600)
        for label in np.flatnonzero(random.random(8) < np.geomspace(0.5, 0.05, 8))
    ]
    after = deal(deck([NONE] * 600, objects=objects, labels=8), WEIGHTS, dealing="new", seed=seed)
    assert abs(np.array(counts(after)[:3]) - [480, 60, 60]).max() <= 6
    table = np.array(objects)
    for label in range(8):
        mine = table[table[:, 1] == label]
        held = np.bincount(after[mine[:, 0]], weights=mine[:, 2], minlength=3)
        assert abs(held / held.sum() - [0.8, 0.1, 0.1]).max() < 0.04


def test_groups_join_over_several_keys() -> None:
    assert grouped(5, [["a", "a", None, "b", None], [None, "x", "x", "y", None]]).tolist() == [0, 0, 0, 1, 2]
    assert grouped(2, []).tolist() == [0, 1]
