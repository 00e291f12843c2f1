import contextlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper

import foreign_onnx
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from boxwright.ml.adapters.wire import check_onnx
from tiny_onnx import SIDE, tiny_card, write_tiny_onnx


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_onnx(tmp_path / "tiny.onnx")


def test_boxes_come_back_in_pixels_of_each_picture(tiny: Path) -> None:
    detector = OnnxDetector(tiny, tiny_card())
    pictures = [np.zeros((SIDE, SIDE, 3), np.uint8), np.zeros((SIDE, 2 * SIDE, 3), np.uint8)]
    small, wide = detector.predict(pictures)
    np.testing.assert_allclose(small.boxes, [[8, 8, 24, 24], [30, 30, 50, 60]])
    assert small.class_ids.tolist() == [0, 1]
    # The second box reaches into the padding below the wide picture: clipped to it.
    np.testing.assert_allclose(wide.boxes, [[16, 16, 48, 48], [60, 60, 100, 64]])


def test_thresholds_and_limits(tiny: Path) -> None:
    detector = OnnxDetector(tiny, tiny_card())
    picture = [np.zeros((20, 20, 3), np.uint8)]
    assert len(detector.predict(picture, score_threshold=0.5)[0]) == 1
    assert len(detector.predict(picture, score_threshold=0.01)[0]) == 4
    assert len(detector.predict(picture, score_threshold=0.01, max_detections=3)[0]) == 3
    assert detector.predict([]) == []


class Watched(Network):
    """A network that remembers the sizes of the pictures that it was given."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.seen: list[tuple[int, ...]] = []

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        self.seen.append(feeds["images"].shape[2:])
        return super().run(feeds)


def test_padding_is_left_out_where_the_network_takes_any_size(tmp_path: Path) -> None:
    path = foreign_onnx.growing(tmp_path / "growing.onnx")
    network = Watched(path)
    card = recognise(network, "m").card
    assert (card.decoder, card.input.trim, card.input.width) == ("yolov8", True, 128)
    network.seen.clear()
    detector = OnnxDetector(network, card)
    wide, high = np.full((90, 300, 3), 255, np.uint8), np.full((300, 200, 3), 255, np.uint8)
    (alone,) = detector.predict([wide], score_threshold=0.1)
    assert network.seen == [(64, 128)]
    assert len(alone)
    # Each by itself: what else is asked for at the same time changes nothing.
    again, _ = detector.predict([wide, high], score_threshold=0.1)
    assert network.seen[1:] == [(64, 128), (128, 96)]
    np.testing.assert_array_equal(again.boxes, alone.boxes)


def test_a_card_does_not_change_what_the_network_takes(tiny: Path) -> None:
    card = replace(tiny_card(), input=replace(tiny_card().input, trim=True))
    assert len(OnnxDetector(tiny, card).predict([np.zeros((20, 200, 3), np.uint8)])) == 1


def refused(path: Path, card: object = None) -> InvalidModel:
    with pytest.raises(InvalidModel) as caught:
        OnnxDetector(path, card)  # type: ignore[arg-type]
    assert "\n" not in caught.value.message
    return caught.value


def test_a_foreign_model_without_card(tiny: Path) -> None:
    assert refused(tiny).code == "model_foreign"


def test_a_model_that_is_not_as_its_card_says(tiny: Path) -> None:
    card = tiny_card("a", "b", "c", ids=("1", "2", "3"))
    assert "scores [n, cells, 3]" in refused(tiny, card).message


def test_a_loop_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    network = Network(foreign_onnx.endless(tmp_path / "x.onnx"), seconds=0.2)
    spec = ModelInput(width=foreign_onnx.SIDE, height=foreign_onnx.SIDE)
    with pytest.raises(InvalidModel, match="terminate"):
        network.run(network.feed(np.zeros((1, 3, spec.height, spec.width), np.float32), spec))


@pytest.mark.parametrize("data", [b"", b"hello", b"\x08", b"PK\x03\x04", bytes(100), b"\x80\x04\x95pickle"])
def test_no_model_at_all(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.onnx"
    path.write_bytes(data)
    assert refused(path, tiny_card()).code == "model_unreadable"


def test_a_missing_file(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.onnx", tiny_card()).message


def test_half_a_model(tiny: Path) -> None:
    data = tiny.read_bytes()
    tiny.write_bytes(data[: len(data) // 2])
    assert refused(tiny, tiny_card()).code == "model_unreadable"


def with_external(model: onnx.ModelProto, tensor: onnx.TensorProto) -> bytes:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return model.SerializeToString()


@pytest.mark.parametrize("place", ["initializer", "constant", "subgraph", "function", "sparse"])
def test_weights_in_other_files_are_refused(tiny: Path, place: str) -> None:
    model = onnx.load(tiny)
    if place == "initializer":
        tensor = model.graph.initializer[0]
    elif place == "sparse":
        tensor = model.graph.sparse_initializer.add().values
    else:
        node = helper.make_node("Constant", [], ["c"])
        attribute = node.attribute.add(name="value", type=onnx.AttributeProto.TENSOR)
        if place == "subgraph":
            inner = helper.make_graph([node], "inner", [], [])
            model.graph.node.append(helper.make_node("If", ["x"], ["y"], then_branch=inner))
            attribute = model.graph.node[-1].attribute[0].g.node[0].attribute[0]
        elif place == "function":
            model.functions.add(name="f").node.append(node)
            attribute = model.functions[0].node[0].attribute[0]
        else:
            model.graph.node.append(node)
            attribute = model.graph.node[-1].attribute[0]
        tensor = attribute.t
    tiny.write_bytes(with_external(model, tensor))
    assert refused(tiny, tiny_card()).code == "model_external_data"


@given(st.binary(max_size=400))
def test_any_bytes_give_a_clear_answer(data: bytes) -> None:
    # Nothing but InvalidModel may come out: no IndexError, no endless loop.
    with contextlib.suppress(InvalidModel):
        check_onnx(data)
