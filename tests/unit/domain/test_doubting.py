"""What a model disagrees with, case by case, and how likely that is the fault of the label."""

from __future__ import annotations

import numpy as np
import pytest

from boxwright.domain.doubting import Doubt, Judge, Marked, Spotted, Standing, overlaps, supports
from boxwright.domain.suspicions import DoubtKind

Row = tuple[int, float, float, float, float]
Find = tuple[int, float, float, float, float, float]
DISC, SQUARE, STRANGE = 0, 1, -1
THRESHOLDS = (0.5, 0.5)
HERE: Row = (DISC, 10, 10, 30, 30)


def marked(*rows: Row, crowd: int | None = None) -> Marked:
    boxes = np.array([row[1:] for row in rows], np.float64).reshape(-1, 4)
    crowds = np.array([number == crowd for number in range(len(rows))], bool)
    return Marked(boxes, np.array([row[0] for row in rows], np.int64), crowds)


def spotted(*rows: Find) -> Spotted:
    """Class, score, box."""
    return Spotted(
        np.array([row[2:] for row in rows], np.float64).reshape(-1, 4),
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64),
    )


def look(labels: Marked, finds: Spotted) -> list[tuple[str, int, int | None, int | None]]:
    """Kind, class of the model, annotation and detection of each disagreement."""
    return [(one.kind, one.class_id, one.mark, one.find) for one in Judge(THRESHOLDS).look(labels, finds)]


def test_agreement_is_no_doubt() -> None:
    assert look(marked(HERE), spotted((DISC, 0.9, 10, 10, 30, 30))) == []
    assert look(marked(HERE), spotted((DISC, 0.9, 11, 11, 31, 31))) == [], "an overlap of 0.82 is as good as any"
    assert look(marked(), spotted()) == []


def test_missing_is_a_sure_detection_where_nothing_is() -> None:
    assert look(marked(), spotted((SQUARE, 0.6, 10, 10, 30, 30))) == [("missing", SQUARE, None, 0)]
    assert look(marked(), spotted((SQUARE, 0.4, 10, 10, 30, 30))) == [], "below the operating score"
    twice = spotted((DISC, 0.6, 10, 10, 30, 30), (SQUARE, 0.9, 11, 10, 31, 30), (DISC, 0.7, 60, 10, 80, 30))
    assert look(marked(), twice) == [("missing", SQUARE, None, 1), ("missing", DISC, None, 2)], "the surest of one"
    near = spotted((DISC, 0.9, 10, 10, 30, 30), (DISC, 0.8, 18, 10, 38, 30))
    assert look(marked(HERE), near) == [], "0.43 of another label's place is no place of its own"


def test_what_lies_in_a_crowd_is_not_missing_and_a_crowd_not_spurious() -> None:
    crowd = marked((DISC, 0, 0, 100, 50), crowd=0)
    assert look(crowd, spotted((DISC, 0.9, 10, 10, 30, 30))) == []
    assert look(crowd, spotted()) == []
    assert look(crowd, spotted((DISC, 0.9, 90, 10, 130, 30))) == [("missing", DISC, None, 0)], "three quarters outside"


def test_spurious_is_an_annotation_that_nothing_is_near_to() -> None:
    assert look(marked(HERE), spotted()) == [("spurious", DISC, 0, None)]
    assert look(marked(HERE), spotted((DISC, 0.4, 10, 10, 30, 30))) == [("spurious", DISC, 0, None)], "hardly seen"
    assert look(marked(HERE), spotted((DISC, 0.5, 10, 10, 30, 30))) == []
    assert look(marked((STRANGE, 10, 10, 30, 30)), spotted()) == [], "a class that the model does not know"


def test_wrong_class_is_another_class_at_half_an_overlap() -> None:
    assert look(marked(HERE), spotted((SQUARE, 0.9, 10, 10, 30, 30))) == [("class", SQUARE, 0, 0)]
    assert ("class", SQUARE, 0, 0) not in look(marked(HERE), spotted((SQUARE, 0.9, 18, 10, 38, 30))), "0.43"
    both = spotted((SQUARE, 0.9, 10, 10, 30, 30), (DISC, 0.6, 10, 10, 30, 30))
    assert look(marked(HERE), both) == [], "it takes its own class first, and the other is no second object"
    assert look(marked((STRANGE, 10, 10, 30, 30)), spotted((SQUARE, 0.9, 10, 10, 30, 30))) == []


def test_loose_box_is_the_same_class_a_little_off() -> None:
    assert look(marked(HERE), spotted((DISC, 0.9, 10, 10, 30, 24))) == [("box", DISC, 0, 0)]
    off = look(marked(HERE), spotted((DISC, 0.9, 18, 10, 38, 30)))
    assert ("box", DISC, 0, 0) in off, "also at 0.43"
    assert look(marked(HERE), spotted((DISC, 0.9, 10, 10, 30, 16))) == [
        ("box", DISC, 0, 0),
        ("spurious", DISC, 0, None),
    ], "at 0.3 nothing covers it either"


def test_each_label_is_taken_once_the_surest_first() -> None:
    finds = spotted((DISC, 0.7, 10, 10, 30, 25), (DISC, 0.9, 10, 10, 30, 30))
    assert look(marked(HERE), finds) == [], "the better one takes it, the other lies on a label"
    two = marked(HERE, (DISC, 40, 10, 60, 30))
    assert look(two, spotted((DISC, 0.9, 10, 10, 30, 30), (DISC, 0.8, 40, 10, 60, 30))) == []


def test_overlaps_and_supports_by_hand() -> None:
    table = overlaps(np.array([[0.0, 0, 10, 10]]), np.array([[0.0, 0, 10, 10], [5, 0, 15, 10], [20, 0, 30, 10]]))
    assert table.tolist() == [[1.0, pytest.approx(1 / 3), 0.0]]
    labels = marked((DISC, 0, 0, 10, 10), (SQUARE, 0, 0, 10, 10))
    finds = spotted((DISC, 0.8, 0, 0, 10, 10))
    full = overlaps(finds.boxes, labels.boxes)
    assert supports(labels, finds, full, own=True).tolist() == [0.8, 0.0]
    assert supports(labels, finds, full, own=False).tolist() == [0.8, 0.8]


def taught(rights: int, wrongs: int = 0) -> Judge:
    """A judge that has seen right detections of discs, and wrong ones, as many of each score."""
    judge = Judge(THRESHOLDS)
    for score in np.arange(0.05, 1, 0.1).tolist():
        for _ in range(rights):
            judge.look(marked(HERE), spotted((DISC, score, 10, 10, 30, 30)))
        for _ in range(wrongs):
            judge.look(marked(), spotted((DISC, score, 10, 10, 30, 30)))
    return judge


def doubt(kind: DoubtKind, *, confidence: float = 0.9, support: float = 0.0, iou: float = 0.0) -> Doubt:
    return Doubt(kind, DISC, 0, 0, confidence, support, iou)


def test_a_model_that_is_often_right_makes_a_label_more_suspicious() -> None:
    good, bad = taught(40), taught(4, wrongs=40)
    for kind in ("missing", "class", "box"):
        one = doubt(kind, iou=0.4)
        assert good.score(one) > bad.score(one) + 0.2, kind
    assert taught(40).score(doubt("spurious")) > taught(1).score(doubt("spurious")) + 0.2, "what it mostly finds"


def test_what_speaks_for_the_label_lowers_the_score() -> None:
    judge = taught(40)
    for kind in ("spurious", "class"):
        assert judge.score(doubt(kind, support=0.6)) < judge.score(doubt(kind, support=0.1)), kind
        assert judge.score(doubt(kind, support=1.0)) == 0, kind


def test_a_box_is_loose_by_what_is_usual() -> None:
    judge = taught(40)  # whose overlaps are 1.0
    scores = [judge.score(doubt("box", iou=iou)) for iou in (0.35, 0.5, 0.7, 1.0)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0
    sloppy = Standing(overlaps=[0.6] * 9)
    assert sloppy.looseness(0.6) == 0, "as loose as all of its class"
    assert Standing().looseness(0.85) == 0
    assert Standing().looseness(0.3) == 1


def test_scores_stay_between_zero_and_one_and_surer_is_never_less_likely() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        one = Standing(objects=int(rng.integers(50)), all=rng.integers(1, 60, 10).astype(float))
        one.right = np.floor(one.all * rng.random(10))
        one.found = float(rng.integers(one.objects + 1))
        steps = [one.sureness(score) for score in np.linspace(0, 1, 21)]
        assert steps == sorted(steps)
        assert steps[0] >= 0
        assert steps[-1] <= 1
        assert 0 <= one.recall < 1
