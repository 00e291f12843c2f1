import json

import numpy as np
import pytest

from boxwright.domain.detections import Detections, row_from_json, row_to_json
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Polygon

TRIANGLE = Polygon(rings=(((1.0, 1.0), (3.0, 1.0), (1.0, 3.0)),))


def test_columns_of_different_lengths_or_foreign_numbers_are_refused() -> None:
    with pytest.raises(Invalid, match=r"scores of shape \(2,\)"):
        Detections(np.zeros((2, 4), np.float32), np.zeros(3, np.float32), np.zeros(2, np.int64))
    with pytest.raises(Invalid, match="finite"):
        Detections(np.full((1, 4), np.nan, np.float32), np.zeros(1, np.float32), np.zeros(1, np.int64))


def test_rows_carry_the_class_name() -> None:
    found = Detections(np.array([[1, 2, 3, 4]], np.float32), np.array([0.5], np.float32), np.array([1]))
    assert [row_to_json(row) for row in found.rows(["a", "b"])] == [
        {"class_id": 1, "class": "b", "score": 0.5, "box": [1, 2, 3, 4]}
    ]
    assert len(found.take(found.scores > 0.6)) == 0
    assert len(Detections.empty()) == 0


def test_masks_go_with_their_rows_and_through_json() -> None:
    boxes = np.array([[1, 1, 3, 3], [0, 0, 2, 1]], np.float32)
    found = Detections(boxes, np.array([0.5, 0.7], np.float32), np.array([0, 1]), (TRIANGLE, None))
    rows = found.rows("ab")
    assert [row.mask for row in rows] == [TRIANGLE, None]
    assert found.take(found.scores > 0.6).masks == (None,)
    assert found.take(np.array([1, 0])).masks == (None, TRIANGLE)
    written = json.loads(json.dumps([row_to_json(row) for row in rows]))
    assert written[0]["mask"] == {"type": "polygon", "rings": [[[1, 1], [3, 1], [1, 3]]]}
    assert "mask" not in written[1]
    assert tuple(map(row_from_json, written)) == rows
    assert rows[0].pixels(4, 4).sum() == 1
    assert rows[1].pixels(4, 4).tolist() == [[True, True, False, False], *[[False] * 4] * 3]


def test_what_was_found_on_a_smaller_copy_lies_in_the_picture() -> None:
    boxes = np.array([[1, 1, 3, 3], [0, 0, 2, 1]], np.float32)
    found = Detections(boxes, np.array([0.5, 0.7], np.float32), np.array([0, 1]), (TRIANGLE, None))
    moved = found.resized((4, 2), (8, 6))
    assert moved.boxes.tolist() == [[2, 3, 6, 9], [0, 0, 4, 3]]
    assert moved.boxes.dtype == np.float32
    assert moved.masks == (Polygon(rings=(((2.0, 3.0), (6.0, 3.0), (2.0, 9.0)),)), None)
    assert found.resized((4, 2), (4, 2)) is found
    assert Detections.empty().resized((4, 2), (8, 6)).masks is None


def test_masks_that_do_not_fit_are_refused() -> None:
    columns = np.zeros((2, 4), np.float32), np.zeros(2, np.float32), np.zeros(2, np.int64)
    with pytest.raises(Invalid, match="expected 2 masks, got 1"):
        Detections(*columns, (None,))
    row = {"class_id": 0, "class": "a", "score": 1, "box": [0, 0, 1, 1]}
    with pytest.raises(Invalid, match="not known to this version"):
        row_from_json({**row, "mask": {"type": "mask", "width": 1, "height": 1, "counts": [0, 1]}})
