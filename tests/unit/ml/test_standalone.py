"""The program in a model archive finds what the product finds, in a Python that has next to nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pycocotools import mask as coco_mask

from bare import run_bare
from boxwright.domain import raster, rle
from boxwright.domain.cards import card_to_json
from boxwright.domain.geometry import Polygon
from boxwright.domain.models import ModelCard, ModelInput
from boxwright.media import decode_rgb
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from boxwright.ml.data.letterbox import letterbox
from boxwright.ml.export.standalone import script
from encoders import Truth
from foreign_onnx import SIDE, growing, write
from mask_encoders import SEGMENTING, mixture
from tiny_onnx import tiny_card, write_tiny_onnx

RNG = np.random.default_rng(3)
CELLS = sum((SIDE // stride) ** 2 for stride in (8, 16, 32))
NAMES = {"names": "['disc', 'square']"}


def boxes(count: int, scale: float = SIDE) -> NDArray[np.float32]:
    centre, size = RNG.random((count, 2)), RNG.random((count, 2)) * 0.4 + 0.1
    return (np.concatenate([centre, size], 1) * scale).astype(np.float32)


def chances(count: int, classes: int) -> NDArray[np.float32]:
    return RNG.random((count, classes)).astype(np.float32) ** 3


def corners(count: int) -> NDArray[np.float32]:
    low = RNG.random((count, 2)) * SIDE / 2
    return np.concatenate([low, low + 4 + RNG.random((count, 2)) * SIDE / 3], 1).astype(np.float32)


ANSWERS: dict[str, dict[str, NDArray[Any]]] = {
    "yolov5": {"out": np.concatenate([boxes(3 * CELLS), chances(3 * CELLS, 3)], 1)[None]},
    "yolov8": {"out": np.concatenate([boxes(CELLS), chances(CELLS, 2)], 1).T[None].copy()},
    "yolov10": {
        "out": np.concatenate([corners(9), chances(9, 1), np.array([[0, 1, 1, 0, 1, 0, 1, 0, 0]], np.float32).T], 1)[
            None
        ]
    },
    "yolox": {"out": np.concatenate([RNG.standard_normal((CELLS, 4), np.float32), chances(CELLS, 3)], 1)[None]},
    "detr": {"pred_boxes": boxes(20, 1.0)[None], "logits": RNG.standard_normal((1, 20, 2), np.float32)},
}


def pictures(folder: Path) -> list[Path]:
    """One that is scaled down, one that is scaled up, one that is much wider than high."""
    paths = []
    for number, size in enumerate(((200, 150), (40, 30), (301, 17))):
        path = folder / f"{number}.png"
        Image.effect_noise(size, 60 + number).convert("RGB").save(path)
        paths.append(path)
    return paths


def compare(onnx: Path, card: ModelCard, folder: Path, within: float = 1e-3) -> int:
    """Return how many detections were equal."""
    program = script(card)
    assert program is not None
    (folder / "model.onnx").write_bytes(onnx.read_bytes())
    (folder / "predict.py").write_text(program)
    (folder / "card.json").write_text(json.dumps(card_to_json(card)))
    shown = pictures(folder)
    lines = run_bare(folder / "predict.py", shown, folder / "bare")
    detector = OnnxDetector(folder / "model.onnx", card)
    wanted = [detector.predict([decode_rgb(path)])[0] for path in shown]
    assert [line["picture"] for line in lines] == [str(path) for path in shown]
    for line, want in zip(lines, wanted, strict=True):
        got = line["detections"]
        assert [item["class"] for item in got] == [card.classes[label].name for label in want.class_ids]
        np.testing.assert_allclose([item["score"] for item in got], want.scores, atol=within)
        np.testing.assert_allclose(np.reshape([item["box"] for item in got], (-1, 4)), want.boxes, atol=within * 100)
    return sum(len(line["detections"]) for line in lines)


@pytest.mark.parametrize("family", ANSWERS)
def test_every_family_reads_like_the_product(family: str, tmp_path: Path) -> None:
    onnx = write(tmp_path / "foreign.onnx", ANSWERS[family], None if family == "detr" else NAMES)
    card = recognise(Network(onnx), "foreign", decoder=family).card
    assert compare(onnx, card, tmp_path) > 5


def test_padding_is_left_out_as_in_the_product(tmp_path: Path) -> None:
    onnx = growing(tmp_path / "foreign.onnx")
    card = recognise(Network(onnx), "foreign").card
    assert card.input.trim
    assert compare(onnx, replace(card, score_threshold=0.1), tmp_path) > 5


@pytest.mark.parametrize("placement", ["top_left", "center", "stretch"])
def test_a_picture_is_fed_like_in_the_product(placement: str, tmp_path: Path) -> None:
    spec = ModelInput(width=SIDE, height=SIDE, placement=placement, channels="bgr", mean=(9, 8, 7), std=(50, 60, 70))
    card = replace(tiny_card(), input=spec, score_threshold=0.1)
    assert compare(write_tiny_onnx(tmp_path / "tiny.onnx"), card, tmp_path) > 3
    names: dict[str, Any] = {"__file__": str(tmp_path / "predict.py"), "__name__": "other"}
    exec(
        compile((tmp_path / "predict.py").read_text().partition("for name in sys.argv")[0], "predict.py", "exec"), names
    )
    for path in pictures(tmp_path):
        picture = decode_rgb(path)
        batch, shift, _ = names["prepare"](picture.astype(np.float32))
        canvas, fit = letterbox(picture, spec)
        assert shift.tolist() == [fit.left, fit.top] * 2
        pixels = (batch[0] * np.array(spec.std)[:, None, None] + np.array(spec.mean)[:, None, None])[::-1]
        difference = np.abs(pixels.transpose(1, 2, 0) - canvas)
        assert difference.max() < 3
        assert difference.mean() < 0.2


def test_each_class_has_its_own_least_score(tmp_path: Path) -> None:
    onnx = write(tmp_path / "foreign.onnx", ANSWERS["yolov8"], NAMES)
    card = recognise(Network(onnx), "foreign", decoder="yolov8").card
    classes = tuple(replace(item, threshold=least) for item, least in zip(card.classes, (0.05, 0.9), strict=True))
    assert compare(onnx, replace(card, classes=classes), tmp_path) > 20


@pytest.mark.parametrize("placement", ["top_left", "center", "stretch"])
def test_our_own_networks_give_masks_too(placement: str, tmp_path: Path) -> None:
    side = 128
    found = np.array([[10, 6, 60, 40], [70, 20, 118, 61]], np.float32)
    truth = Truth(side=side, boxes=found, labels=np.array([0, 1]), scores=np.array([0.9, 0.6], np.float32), classes=2)
    mixing, prototypes = mixture(truth)
    scores = np.eye(2, dtype=np.float32) * truth.scores[:, None]
    answers = {"boxes": found[None], "scores": scores[None], "mixing": mixing[None], "planes": prototypes[None]}
    spec = ModelInput(width=side, height=side, placement=placement)
    outputs = {"boxes": "boxes", "scores": "scores", "coefficients": "mixing", "prototypes": "planes"}
    card = replace(tiny_card(), task="segment", input=spec, outputs=outputs)
    onnx = write(tmp_path / "masks.onnx", answers, picture=(1, 3, side, side))
    check_masks(onnx, card, tmp_path)


@pytest.mark.parametrize("kind", SEGMENTING)
def test_foreign_networks_with_masks_give_them_too(kind: str, tmp_path: Path) -> None:
    side = 256
    found = np.array([[20, 112, 110, 160], [120, 100, 236, 142], [60, 130, 200, 170]], np.float32)
    scores = np.array([0.9, 0.8, 0.6], np.float32)
    truth = Truth(side=side, boxes=found, labels=np.array([0, 1, 2]), scores=scores, classes=3)
    onnx = write(tmp_path / "masks.onnx", SEGMENTING[kind][1](truth), {}, picture=(1, 3, side, side))
    check_masks(onnx, recognise(Network(onnx), "foreign").card, tmp_path)


def check_masks(onnx: Path, card: ModelCard, folder: Path) -> None:
    """See that the program finds the boxes and pixels that the product finds."""
    assert compare(onnx, card, folder) > 3
    shown = pictures(folder)
    detector = OnnxDetector(onnx, card)
    some = 0
    for line, path in zip(run_bare(folder / "predict.py", shown, folder / "again"), shown, strict=True):
        (want,) = detector.predict([decode_rgb(path)])
        assert want.masks is not None
        for item, outline in zip(line["detections"], want.masks, strict=True):
            width, height = line["width"], line["height"]
            assert item["mask"]["size"] == [height, width]
            got = rle.decode(tuple(item["mask"]["counts"]), width, height)
            assert coco_mask.area(coco_mask.frPyObjects(item["mask"], height, width)) == got.sum()
            if outline is None:
                assert got.sum() < 2
                continue
            pixels = raster.fill(outline, width, height)
            some += int(pixels.sum() > 50)
            # The product's outline is simplified to half a pixel; of a few pixels that is a share.
            assert (got ^ pixels).sum() <= 0.01 * pixels.sum() + 0.25 * outline_length(outline)
    assert some > 2


def outline_length(shape: Polygon) -> float:
    rings = [np.asarray(ring) for ring in shape.rings]
    return float(sum(np.linalg.norm(ring - np.roll(ring, 1, 0), axis=1).sum() for ring in rings))


def test_the_program_is_short_and_only_for_families_it_can_read() -> None:
    program = script(tiny_card())
    assert program is not None
    assert sum(bool(line.strip()) for line in program.splitlines()) <= 50
    assert script(replace(tiny_card(), decoder="nanodet")) is None
    masks = {part: part for part in ("boxes", "scores", "coefficients", "prototypes")}
    longer = script(replace(tiny_card(), task="segment", outputs=masks))
    assert longer is not None
    assert "def mask(" not in program
    assert sum(bool(line.strip()) for line in longer.splitlines()) <= 65
    assert max(map(len, longer.splitlines())) <= 120
