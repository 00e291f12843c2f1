"""decode(encode(boxes)) is the boxes again, for every family, recognised from nothing but its outputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import foreign_onnx
from boxwright.domain.decoders import BY_NAME, full_options
from boxwright.domain.errors import InvalidModel
from boxwright.ml import registry
from boxwright.ml.adapters.decoders.base import Dense, Frame, Seen
from boxwright.ml.adapters.nms import best, select
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from encoders import KINDS, Truth, yolov8

SIDE, CLASSES = 128, 3


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    """Up to four boxes that do not overlap, each in a quarter of the input."""
    chosen = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True))
    boxes = []
    for quarter in chosen:
        x0, y0 = (draw(st.floats(2, 12, width=32)) for _ in range(2))
        w, h = (draw(st.floats(20, 48, width=32)) for _ in range(2))
        left, top = (quarter % 2) * 64 + x0, (quarter // 2) * 64 + y0
        boxes.append([left, top, left + w, top + h])
    scores = np.array([0.95, 0.8, 0.65, 0.5][: len(chosen)], np.float32)
    labels = np.array([draw(st.integers(0, CLASSES - 1)) for _ in chosen], np.int64)
    return Truth(side=SIDE, boxes=np.array(boxes, np.float32), labels=labels, scores=scores, classes=CLASSES)


def matched(kind: str, truth: Truth) -> tuple[Any, Seen]:
    family, encode = KINDS[kind]
    inputs = ("images", "orig_target_sizes") if family == "dfine" else ("images",)
    seen = Seen(width=SIDE, height=SIDE, inputs=inputs, outputs=encode(truth))
    match = registry.decoder(family).match(seen)
    assert match is not None
    assert match.weight > 0
    assert match.classes in (None, CLASSES)
    return match, seen


@pytest.mark.parametrize("kind", KINDS)
@given(truth=truths())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_encoded_comes_back(kind: str, truth: Truth) -> None:
    family = KINDS[kind][0]
    match, seen = matched(kind, truth)
    options = full_options(family, match.options)
    if family == "ssd" and kind != "mmdetection":  # one picture may not show the class that tells
        options["first_label"] = "1"
    parts = {part: seen.outputs[name] for part, name in match.outputs.items()}
    frame = Frame(width=SIDE, height=SIDE, classes=CLASSES, options=options, floor=0.3)
    found = registry.decoder(family).decode(parts, frame)
    if isinstance(found, Dense):
        assert found.nms == BY_NAME[family].nms
        got = select(found.boxes, found.scores, 0.3, 0.5 if found.nms else None, 100)
    else:
        assert not BY_NAME[family].nms
        got = best(found.boxes, found.scores, found.labels, 0.3, 100)
    np.testing.assert_allclose(got.boxes, truth.boxes, atol=2e-2)
    np.testing.assert_allclose(got.scores, truth.scores, atol=1e-3)
    assert got.class_ids.tolist() == truth.labels.tolist()


FIXED = Truth(
    side=SIDE,
    boxes=np.array([[10, 20, 50, 60], [70, 66, 110, 106]], np.float32),
    labels=np.array([0, 2]),
    scores=np.array([0.9, 0.6], np.float32),
    classes=CLASSES,
)


def written(kind: str, path: Path, **how: Any) -> Path:
    others = {"orig_target_sizes": ("i8", (1, 2))} if KINDS[kind][0] == "dfine" else None
    return foreign_onnx.write(path, KINDS[kind][1](FIXED), picture=(1, 3, SIDE, SIDE), others=others, **how)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_recognised_and_run(kind: str, tmp_path: Path) -> None:
    path = written(kind, tmp_path / "model.onnx", metadata={"names": "{0: 'a', 1: 'b', 2: 'c'}"})
    found = recognise(Network(path), "model")
    assert found.card.decoder == KINDS[kind][0]
    assert [item.name for item in found.card.classes] == ["a", "b", "c"]
    assert found.reasons
    detector = OnnxDetector(path, found.card)
    wide = np.zeros((2 * SIDE, 2 * SIDE, 3), np.uint8)
    got = detector.predict([wide, wide])
    np.testing.assert_allclose(got[0].boxes, FIXED.boxes * 2, atol=0.05)
    np.testing.assert_array_equal(got[0].boxes, got[1].boxes)
    assert got[0].class_ids.tolist() == [0, 2]


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("nanodet joined", "nanodet plus")])
def test_without_any_metadata_too(kind: str, tmp_path: Path) -> None:
    found = recognise(Network(written(kind, tmp_path / "model.onnx")), "model")
    assert found.card.decoder == KINDS[kind][0]
    if KINDS[kind][0] not in ("ssd", "dfine", "yolov10"):
        assert len(found.card.classes) == CLASSES


def test_a_picture_is_stretched_where_the_family_does_so(tmp_path: Path) -> None:
    path = written("rt-detr", tmp_path / "model.onnx")
    got = OnnxDetector(path, recognise(Network(path), "m").card).predict([np.zeros((64, 256, 3), np.uint8)])[0]
    np.testing.assert_allclose(got.boxes, FIXED.boxes * [2, 0.5, 2, 0.5], atol=0.05)


def test_rows_for_the_channels_last_and_for_bytes(tmp_path: Path) -> None:
    answers = KINDS["tensorflow"][1](FIXED)
    path = foreign_onnx.write(tmp_path / "tf.onnx", answers, picture=(1, SIDE, SIDE, 3), kind="u1")
    network = Network(path)
    card = recognise(network, "tf").card
    assert (network.layout, card.input.mean, card.input.std) == ("nhwc", (0, 0, 0), (1, 1, 1))
    assert len(OnnxDetector(path, card).predict([np.zeros((9, 9, 3), np.uint8)])[0]) == 2


def test_yolov8_lying_on_its_side(tmp_path: Path) -> None:
    answers = yolov8(FIXED, transposed=True)
    path = foreign_onnx.write(tmp_path / "t.onnx", answers, {"names": '["a", "b", "c"]'}, picture=(1, 3, SIDE, SIDE))
    found = recognise(Network(path), "t")
    assert (found.card.decoder, found.confidence) == ("yolov8", "sure")


@pytest.mark.parametrize(
    ("answers", "metadata", "said"),
    [
        ({"features": np.zeros((1, 256, 8, 8), np.float32)}, {}, "features [1, 256, 8, 8]"),
        ({"probabilities": np.zeros((1, 1000), np.float32)}, {}, "no known kind of detector"),
        (yolov8(FIXED), {"task": "pose"}, "only detectors"),
        ({"out": np.full((1, 336, 8), np.nan, np.float32)}, {}, "not finite"),
    ],
)
def test_what_is_no_detector(tmp_path: Path, answers: Any, metadata: dict[str, str], said: str) -> None:
    path = foreign_onnx.write(tmp_path / "x.onnx", answers, metadata, picture=(1, 3, SIDE, SIDE))
    with pytest.raises(InvalidModel) as caught:
        recognise(Network(path), "x")
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_a_person_may_say_which(tmp_path: Path) -> None:
    path = written("yolox decoded", tmp_path / "x.onnx")
    assert recognise(Network(path), "x", decoder="yolov5").card.decoder == "yolov5"
    with pytest.raises(InvalidModel, match="does not fit"):
        recognise(Network(path), "x", decoder="detr")


def test_every_family_has_its_module() -> None:
    for name in BY_NAME:
        module = registry.decoder(name)
        assert callable(module.match)
        assert callable(module.decode)
    with pytest.raises(InvalidModel, match="not known"):
        registry.decoder("mystery")


def test_picodet_is_fed_in_its_own_way(tmp_path: Path) -> None:
    card = recognise(Network(written("picodet", tmp_path / "pico.onnx")), "pico").card
    assert (card.input.channels, card.input.placement, card.options["centres"]) == ("rgb", "stretch", "middle")


def test_anchors_of_another_set_are_asked_for_where_a_stride_has_none(tmp_path: Path) -> None:
    path = written("yolov3 maps", tmp_path / "v3.onnx")
    card = recognise(Network(path), "v3", decoder="anchors", options={"anchors": "tiny"}).card
    detector = OnnxDetector(path, replace(card, options={**card.options, "anchors": "tiny"}))
    with pytest.raises(InvalidModel, match="no anchors of stride 8"):
        detector.predict([np.zeros((9, 9, 3), np.uint8)])
