"""Our matching against pycocotools': which detection takes which object."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.ml.metrics import Found
from boxwright.ml.metrics.matching import IGNORED, NONE, match, match_boxes
from scoring import coco_split, random_split, reference


def check(found: list[Found], kinds: int) -> int:
    """Compare every match at IoU 0.5 and any size; returns how many detections there were."""
    run, seen = reference(found, kinds), 0
    offset = np.cumsum([0, *(len(item.sample.labels) for item in found)])
    everything = [row for row in run.evalImgs if row is not None and row["aRng"] == [0, 1e10]]
    by_place = {(row["image_id"], row["category_id"]): row for row in everything}
    for number, item in enumerate(found, 1):
        taken = match_boxes(item, 100).taken
        for label in range(kinds):
            mine = np.flatnonzero(item.detections.class_ids == label)
            mine = mine[np.argsort(-item.detections.scores[mine], kind="stable")]
            row = by_place.get((number, label + 1))
            if row is None:
                assert not len(mine)
                continue
            theirs = np.asarray(row["dtMatches"][0], np.int64)
            ignored = np.asarray(row["dtIgnore"][0], bool)
            want = np.where(ignored, IGNORED, np.where(theirs > 0, theirs - 1 - offset[number - 1], NONE))
            np.testing.assert_array_equal(taken[mine], want)
            seen += len(mine)
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_random_pictures(seed: int) -> None:
    assert check(random_split(seed, 40), 4) > 300


def test_real_pictures_with_crowds(data_root: Path) -> None:
    found = coco_split(data_root / "coco_permissive", 0)
    assert sum(int(item.sample.crowd.sum()) for item in found) > 3
    assert check(found, 5) > 1000


def split_of(draw: st.DrawFn) -> list[Found]:
    return random_split(draw(st.integers(0, 10_000)), 3, draw(st.sampled_from([60, 200])))


@given(st.composite(split_of)())
def test_any_picture(found: list[Found]) -> None:
    check(found, 4)


@given(st.composite(split_of)(), st.integers(1, 4))
def test_an_object_is_taken_once_and_by_its_class(found: list[Found], limit: int) -> None:
    for item in found:
        taken = match_boxes(item, limit).taken
        hit = taken[taken >= 0]
        assert len(set(hit.tolist())) == len(hit)
        assert not item.sample.crowd[hit].any()
        np.testing.assert_array_equal(item.sample.labels[hit], item.detections.class_ids[taken >= 0])


def test_of_equal_overlaps_the_last_and_a_crowd_takes_many() -> None:
    overlaps = np.array([[0.6, 0.6, 0.9], [0.6, 0.5, 0.9], [0.4, 0.4, 0.9]])
    labels, crowd = np.zeros(3, np.int64), np.array([False, False, True])
    got = match(overlaps, labels, np.array([0.9, 0.8, 0.7], np.float32), labels, crowd)
    assert got.tolist() == [1, 0, IGNORED]
    again = match(overlaps, labels, np.array([0.1, 0.8, 0.7], np.float32), labels, crowd, limit=2)
    assert again.tolist() == [IGNORED, 0, IGNORED]
