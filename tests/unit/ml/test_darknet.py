"""Darknet detectors, read by us: their numbers are those of OpenCV's reader, and what is wrong is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.darknet.graph import convert, embed
from boxwright.ml.adapters.onnx import METADATA_KEY, OnnxDetector
from boxwright.ml.adapters.session import Network
from darknet_nets import NET, NETS, V3, V4_TINY, conv, write_triple, write_weights, yolo

# Where OpenCV 4 is kept between runs: version 5 reads Darknet no longer.
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "boxwright-tests" / "opencv4"
PACKAGE = "opencv-python-headless>=4.10,<5"
READER = """
import sys, numpy as np, cv2
folder = sys.argv[1]
for kind in sys.argv[2:]:
    net = cv2.dnn.readNetFromDarknet(f"{folder}/{kind}.cfg", f"{folder}/{kind}.weights")
    net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
    net.setInput(np.load(f"{folder}/picture.npy"))
    np.savez(f"{folder}/{kind}.npz", *net.forward(net.getUnconnectedOutLayersNames()))
"""


@pytest.fixture(scope="module")
def opencv4() -> Path:
    """A folder with OpenCV 4 for a process of its own."""
    if not (CACHE / "cv2").is_dir():
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(CACHE), PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            pytest.skip(f"OpenCV 4 cannot be installed: {done.stderr.strip().splitlines()[-1][:200]}")
    return CACHE


def test_the_numbers_are_those_of_opencv(tmp_path: Path, opencv4: Path) -> None:
    picture = np.random.default_rng(2).random((1, 3, 64, 96), np.float32)
    np.save(tmp_path / "picture.npy", picture)
    for kind, cfg in NETS.items():
        (tmp_path / f"{kind}.cfg").write_text(cfg)
        write_weights(tmp_path / f"{kind}.weights", cfg)
    environment = {**os.environ, "PYTHONPATH": str(opencv4)}
    subprocess.run([sys.executable, "-c", READER, str(tmp_path), *NETS], env=environment, check=True)
    for kind, cfg in NETS.items():
        rows = run(tmp_path, kind, cfg, picture) / np.array([96, 64, 96, 64, 1, 1, 1, 1], np.float32)
        with np.load(tmp_path / f"{kind}.npz") as theirs:
            for item in theirs.values():
                mine, rows = rows[: item.size // 8], rows[item.size // 8 :]
                # OpenCV goes by cells and then by anchors; class scores under its threshold are nought.
                mine = mine.reshape(2, -1, 8).transpose(1, 0, 2).reshape(-1, 8)
                wanted = item.reshape(-1, 8)
                np.testing.assert_allclose(mine[:, :5], wanted[:, :5], rtol=1e-4, atol=1e-4, err_msg=kind)
                scores = mine[:, 4:5] * mine[:, 5:]
                shown = wanted[:, 5:] > 0
                assert shown.any()
                np.testing.assert_allclose(scores[shown], wanted[:, 5:][shown], atol=1e-4, err_msg=kind)
        assert not len(rows)


def run(folder: Path, kind: str, cfg: str, picture: np.ndarray) -> np.ndarray:
    model, card = convert(cfg, folder / f"{kind}.weights", None, kind)
    path = folder / f"{kind}.onnx"
    path.write_bytes(embed(model, {METADATA_KEY: card}))
    network = Network(path)
    assert network.parameters > card.parameters * 0.9
    return network.run(network.feed(picture, card.input))["rows"][0]


def test_a_triple_becomes_a_detector(tmp_path: Path) -> None:
    cfg, _, weights = write_triple(tmp_path)
    model, card = convert(cfg.read_text(), weights, ["disc", "square", "ring"], "obj")
    (tmp_path / "obj.onnx").write_bytes(embed(model, {METADATA_KEY: card}))
    detector = OnnxDetector(tmp_path / "obj.onnx")
    assert detector.card == card
    assert (card.architecture, card.decoder, card.input.width, card.input.height) == ("yolov4-tiny", "yolov5", 96, 64)
    found = detector.predict([np.full((48, 48, 3), 90, np.uint8)], score_threshold=0.0)[0]
    assert len(found) > 5
    assert found.boxes.max() <= 48


@pytest.mark.parametrize("kind", NETS)
def test_the_kind_is_named(kind: str, tmp_path: Path) -> None:
    weights = write_weights(tmp_path / "a.weights", NETS[kind], version=(0, 1, 0))
    _, card = convert(NETS[kind], weights, None, "a")
    assert card.architecture.startswith("yolov3" if "v3" in kind else "yolov4")
    assert [item.name for item in card.classes] == ["class 0", "class 1", "class 2"]


@pytest.mark.parametrize(
    ("cfg", "words"),
    [
        ("", r"does not start with \[net\]"),
        ("width=3", "line 1: 'width=3' is neither"),
        (NET + conv(8), "no .yolo. layer"),
        (V3.replace("width=96", "width=banana"), r"\[net\] at line 1: width=banana cannot be read"),
        (V3.replace("width=96", "width=90000"), "an input of 90000 x 64"),
        (V3.replace("filters=16", "filters=100000000", 1), "filters=100000000 is not from 1"),
        (V3.replace("filters=16", "filters=1000000", 2), "the output would be|belong together|reads"),
        (V3.replace("from=-3", "from=-30"), "there is no layer -30"),
        (V3.replace("from=-3", "from=-4"), "there is no layer -4|different shapes"),
        (V3.replace("layers=-1, 4", "layers=-1, 0"), "do not fit together"),
        (V3.replace("[upsample]", "[lstm]"), r"\[lstm\] at line \d+: such layers are not supported"),
        (V3.replace("activation=leaky", "activation=gelu", 1), "activation=gelu; known are"),
        (V3.replace("mask=2,3", "mask=2,9"), "mask names anchors"),
        (V3.replace("classes=3", "classes=4", 1), "reads 18 channels"),
        (V4_TINY.replace("group_id=1", "group_id=2"), "do not fit together"),
        (NET + "[yolo]\n" * 3000, "more than 2000 sections"),
        (NET + "[convolutional]\nsize=0\n" + yolo("0"), "size=0 is not from 1"),
    ],
)
def test_a_wrong_cfg_says_where(cfg: str, words: str, tmp_path: Path) -> None:
    weights = write_weights(tmp_path / "a.weights", V3)
    with pytest.raises(InvalidModel, match=words) as caught:
        convert(cfg, weights, None, "a")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data[:-400], "the first layers"),
        (lambda data: data + bytes(400), "another .cfg"),
        (lambda _: b"\x80\x02pickle", "no weights file"),
        (lambda _: b"", "no weights file"),
    ],
)
def test_weights_of_another_network_are_refused(change, words: str, tmp_path: Path) -> None:
    weights = write_weights(tmp_path / "a.weights", V3)
    weights.write_bytes(change(weights.read_bytes()))
    with pytest.raises(InvalidModel, match=words):
        convert(V3, weights, None, "a")


def test_names_must_be_as_many_as_classes(tmp_path: Path) -> None:
    weights = write_weights(tmp_path / "a.weights", V3)
    with pytest.raises(InvalidModel, match=r"has 2 names and the \.cfg 3 classes"):
        convert(V3, weights, ["disc", "square"], "a")
