import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from boxwright.domain.geometry import iou
from boxwright.ml.adapters.nms import select


def slow(boxes, scores, score_threshold, iou_threshold, limit):
    """The definition, word by word."""
    rows = [
        (-scores[i, k], i, k)
        for i in range(len(boxes))
        for k in range(scores.shape[1])
        if scores[i, k] >= score_threshold
    ]
    kept = []
    for value, i, k in sorted(rows):
        if all(k != other or iou(boxes[i].tolist(), boxes[j].tolist()) <= iou_threshold for _, j, other in kept):
            kept.append((value, i, k))
    return [(i, k) for _, i, k in kept][:limit]


@given(st.integers(0, 2**32 - 1), st.integers(0, 25), st.integers(1, 3), st.sampled_from([0.3, 0.5, 0.7]))
@settings(max_examples=80)
def test_equals_the_definition(seed: int, n: int, classes: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    low = rng.integers(0, 30, (n, 2)) - 5
    boxes = np.concatenate([low, low + rng.integers(1, 20, (n, 2))], 1).astype(np.float32)
    scores = (rng.permutation(n * classes).reshape(n, classes) / max(n * classes, 1)).astype(np.float32)
    got = select(boxes, scores, 0.2, threshold, 10)
    want = slow(boxes, scores, 0.2, threshold, 10)
    assert got.class_ids.tolist() == [k for _, k in want]
    np.testing.assert_array_equal(got.boxes, boxes[[i for i, _ in want]].reshape(-1, 4))
    np.testing.assert_array_equal(got.scores, np.array([scores[i, k] for i, k in want], np.float32))


def test_nothing_over_the_threshold() -> None:
    assert len(select(np.zeros((5, 4), np.float32), np.zeros((5, 2), np.float32), 0.0, 0.5, 10)) == 0
    assert len(select(np.zeros((0, 4), np.float32), np.zeros((0, 2), np.float32), 0.1, 0.5, 10)) == 0


def test_classes_do_not_suppress_each_other() -> None:
    boxes = np.array([[0, 0, 10, 10]], np.float32)
    got = select(boxes, np.array([[0.9, 0.8]], np.float32), 0.1, 0.5, 10)
    assert got.class_ids.tolist() == [0, 1]
