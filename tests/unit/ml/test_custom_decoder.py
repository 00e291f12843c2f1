"""Outputs that no family knows, read as a person says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import foreign_onnx
from boxwright.domain.corrections import CardChanges, corrected
from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from encoders import logit

SIDE = 128
BOXES = np.array([[10, 20, 50, 60], [70, 66, 110, 106], [4, 80, 30, 120]], np.float32)
LABELS = np.array([0, 2, 1])
SCORES = np.array([0.9, 0.7, 0.6], np.float32)


def formatted(kind: str, boxes: NDArray[Any] = BOXES) -> NDArray[np.float32]:
    x0, y0, x1, y1 = boxes.T
    rows = {
        "xyxy": (x0, y0, x1, y1),
        "yxyx": (y0, x0, y1, x1),
        "xywh": (x0, y0, x1 - x0, y1 - y0),
        "cxcywh": ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0),
    }[kind]
    return np.stack(rows, 1).astype(np.float32)


def chances(width: int = 3, low: float = 0.001) -> NDArray[np.float32]:
    scores = np.full((3, width), low, np.float32)
    scores[np.arange(3), LABELS] = SCORES
    return scores


def found_in(path: Path, options: dict[str, str]) -> Any:
    network = Network(path)
    changes = CardChanges(decoder="custom", options=options)
    card = corrected(recognise(network, "x", decoder="custom", options=options).card, changes)
    return OnnxDetector(network, card).predict([np.zeros((SIDE, SIDE, 3), np.uint8)])[0]


def column(*parts: NDArray[Any]) -> NDArray[np.float32]:
    """The parts side by side, with a first dimension for the batch."""
    sides = [part.reshape(3, -1).astype(np.float32) for part in parts]
    return np.concatenate(sides, 1)[None]


def lying(table: NDArray[Any]) -> NDArray[np.float32]:
    """A column for each box, and many cells that found nothing."""
    return np.pad(table.transpose(0, 2, 1), ((0, 0), (0, 0), (0, 40)), constant_values=-9).astype(np.float32)


ANY = np.array([0.5, 0.5, 0.5])
CASES: dict[str, tuple[dict[str, NDArray[Any]], dict[str, str]]] = {
    "corner and size": ({"out": column(formatted("xywh"), chances())}, {"format": "xywh"}),
    "y first": ({"out": column(formatted("yxyx"), chances())}, {"format": "yxyx"}),
    "corners": ({"out": column(formatted("xyxy"), chances())}, {"format": "xyxy"}),
    "parts of the input": (
        {"out": column(formatted("cxcywh") / SIDE, chances())},
        {"format": "cxcywh", "boxes": "normalised"},
    ),
    "objectness, lying": (
        {"out": lying(column(formatted("xyxy"), logit(np.array([0.99] * 3)), logit(chances())))},
        {"format": "xyxy", "objectness": "yes", "scores": "logits"},
    ),
    "background last": (
        {"boxes": formatted("xywh")[None], "cls": np.concatenate([chances(), np.full((3, 1), 0.3)], 1, dtype="f4")},
        {"format": "xywh", "background": "last"},
    ),
    "softmax": (
        {"boxes": formatted("yxyx")[None], "cls": 9 * chances(4, 0.0)[None]},
        {"format": "yxyx", "scores": "softmax", "background": "last"},
    ),
    "class, score, box": (
        {"out": column(LABELS, SCORES, formatted("xyxy") / SIDE)},
        {"row": "class_score_box", "format": "xyxy", "boxes": "normalised"},
    ),
    "picture, class from 1, score, box": (
        {"out": column(np.zeros(3), LABELS + 1, SCORES, formatted("xyxy"))[None]},
        {"row": "class_score_box", "format": "xyxy", "first_label": "1"},
    ),
    "three outputs": (
        {"b": formatted("xywh")[None], "s": SCORES[None], "kinds": LABELS[None].astype(np.int64)},
        {"format": "xywh"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_read_as_it_is_said(case: str, tmp_path: Path) -> None:
    answers, options = CASES[case]
    got = found_in(foreign_onnx.write(tmp_path / "x.onnx", answers, picture=(1, 3, SIDE, SIDE)), options)
    np.testing.assert_allclose(got.boxes, BOXES, atol=0.01)
    assert got.class_ids.tolist() == LABELS.tolist()
    if "softmax" not in options.values():
        np.testing.assert_allclose(got.scores, SCORES, atol=0.02)


def unknown(path: Path) -> Path:
    """Class, score and box as corner and size: no family answers like that."""
    answers = {"out": column(LABELS, SCORES, formatted("xywh"), ANY, ANY)}
    return foreign_onnx.write(path, answers, picture=(1, 3, SIDE, SIDE))


def test_a_person_has_to_choose_where_nothing_is_recognised(tmp_path: Path) -> None:
    found = recognise(Network(unknown(tmp_path / "x.onnx")), "x")
    assert found.confidence == "unknown"
    assert "custom" in found.alternatives
    assert "out [1, 3, 8]" in found.reasons[0]


def test_what_does_not_fit_is_said_in_a_line(tmp_path: Path) -> None:
    path = unknown(tmp_path / "x.onnx")
    with pytest.raises(InvalidModel, match="the shape") as caught:
        found_in(path, {"row": "class_score_box"})
    assert "\n" not in caught.value.message
