"""fp16 and int8 of a model: what they are, what the task says about them, and that it goes on where it was."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from boxwright.domain.cards import card_to_json
from boxwright.domain.errors import Cancelled, Invalid, InvalidModel
from boxwright.domain.models import ModelCard
from boxwright.ml.adapters.onnx import METADATA_KEY, OnnxDetector
from boxwright.ml.export import precision
from boxwright.ml.tasks import variants
from foreign_onnx import write
from learning import Recorder, scene_manifest
from small_net import write_small_net
from tiny_onnx import SIDE, tiny_card


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ModelCard]:
    """A small network that nobody trained, but whose scores differ."""
    return write_small_net(tmp_path_factory.mktemp("network"), tiny_card())


def task(folder: Path, network: tuple[Path, ModelCard], **counts: int) -> dict[str, object]:
    manifest = scene_manifest(folder, **{"train": 5, "val": 0, "test": 3, **counts})
    return {"model": str(network[0]), "card": card_to_json(network[1]), "manifest": str(manifest), "split": "test"}


def test_three_files_side_by_side(network: tuple[Path, ModelCard], tmp_path: Path) -> None:
    context = Recorder(tmp_path)
    result = json.loads(json.dumps(variants.run(task(tmp_path, network), context)))
    rows = {row["precision"]: row for row in result["rows"]}
    assert list(rows) == ["fp32", "fp16", "int8"]
    for row in rows.values():
        assert row["error"] is None
        assert row["milliseconds"] > 0
        assert row["metrics"]["images"] == 3
    assert rows["fp16"]["bytes"] < 0.6 * rows["fp32"]["bytes"]
    assert rows["int8"]["bytes"] < 0.4 * rows["fp32"]["bytes"]
    picture = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    full = OnnxDetector(network[0]).predict([picture], score_threshold=0.0)[0]
    for name, slack in (("fp16", 0.005), ("int8", 0.2)):
        detector = OnnxDetector(tmp_path / f"{name}.onnx")
        assert detector.card == network[1]
        found = detector.predict([picture], score_threshold=0.0)[0]
        assert abs(float(found.scores.max()) - float(full.scores.max())) < slack
    half, whole = onnx.load(tmp_path / "fp16.onnx"), onnx.load(tmp_path / "int8.onnx")
    assert Counter(item.data_type for item in half.graph.initializer)[onnx.TensorProto.FLOAT16] > 50
    assert {node.op_type for node in whole.graph.node} >= {"QuantizeLinear", "DequantizeLinear", "Conv"}
    assert [item.key for item in whole.metadata_props] == [METADATA_KEY]

    # Called again it keeps what is there.
    before = (tmp_path / "int8.onnx").stat().st_mtime_ns
    again = Recorder(tmp_path)
    assert variants.run(task(tmp_path, network), again)["rows"][2]["metrics"] == rows["int8"]["metrics"]
    assert (tmp_path / "int8.onnx").stat().st_mtime_ns == before
    assert not any(phase.startswith(("making", "scoring")) for phase in again.phases)


def test_the_tail_stays_in_full(network: tuple[Path, ModelCard]) -> None:
    model = onnx.load(network[0])
    left = set(precision.tail(model))
    kinds = Counter(node.op_type for node in model.graph.node if node.name in left)
    assert kinds["Conv"] == 0
    assert kinds["Concat"] > 0
    assert {name for node in model.graph.node if node.name in left for name in node.output} >= {"boxes", "scores"}


def test_what_cannot_be_converted_says_why(tmp_path: Path) -> None:
    answers = {"boxes": np.array([[[8, 8, 24, 24]]], np.float32), "scores": np.array([[[0.9, 0.1]]], np.float32)}
    path = write(tmp_path / "broken.onnx", answers)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(InvalidModel, match="it cannot be converted") as caught:
        precision.to_fp16(path, tmp_path / "out.onnx")
    assert "\n" not in caught.value.message
    assert not list(tmp_path.glob("precision-*"))


def test_a_variant_that_fails_is_a_row(
    network: tuple[Path, ModelCard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise InvalidModel("no way")

    monkeypatch.setattr(variants, "to_int8", fail)
    context = Recorder(tmp_path)
    rows = variants.run(task(tmp_path, network, train=0), context)["rows"]
    assert (rows[2]["error"], rows[2]["bytes"], rows[2]["milliseconds"]) == ("no way", None, None)
    assert any("no training pictures" in line for line in context.warnings())


def test_nothing_to_compare_on_and_stops(network: tuple[Path, ModelCard], tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="split test has no labelled images"):
        variants.run(task(tmp_path, network, test=0), Recorder(tmp_path))
    with pytest.raises(Cancelled):
        variants.run(task(tmp_path, network), Recorder(tmp_path, stop="keep"))
    other = replace(network[1], classes=tuple(replace(c, id=c.id + "x", name=c.name + "x") for c in network[1].classes))
    with pytest.raises(Invalid, match="no class in common"):
        variants.run({**task(tmp_path, network), "card": card_to_json(other)}, Recorder(tmp_path))
