from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from boxwright.domain.geometry import Polygon  # noqa: E402
from boxwright.domain.models import ClassSamples, ModelCard  # noqa: E402
from boxwright.ml.adapters.onnx import OnnxDetector  # noqa: E402
from boxwright.ml.data.outlines import InputGrid, outlines_of  # noqa: E402
from boxwright.ml.export.onnx import export_onnx  # noqa: E402
from boxwright.ml.nets.base import Truth  # noqa: E402
from boxwright.ml.nets.wren import masks  # noqa: E402
from boxwright.ml.nets.wren.assign import Assignment  # noqa: E402
from boxwright.ml.nets.wren.learner import WrenLearner, WrenMaskLearner  # noqa: E402
from boxwright.ml.nets.wren.masks import GRID, mask_loss  # noqa: E402
from boxwright.ml.nets.wren.model import WrenRaw  # noqa: E402

WIDTH, HEIGHT = 96, 64
CELLS = 12 * 8 + 6 * 4 + 3 * 2
RINGS = [((8.0, 8.0), (40.0, 8.0), (24.0, 40.0)), ((50.0, 20.0), (90.0, 20.0), (90.0, 60.0), (50.0, 60.0))]


def truth_of(images: tuple[int, ...] = (0, 1)) -> Truth:
    """A triangle and a square; on what pictures is said."""
    found = outlines_of([Polygon(rings=(ring,)) for ring in RINGS], WIDTH, HEIGHT)
    boxes = found.bounds()
    sheets = found.sampled(GRID.frames(boxes), GRID.rows, GRID.columns)
    columns = (boxes, np.zeros(2, np.int64), np.array(images), sheets, found.known)
    return Truth(*map(torch.from_numpy, columns))


def answer(prototypes: object, coefficients: object) -> WrenRaw:
    return WrenRaw(torch.zeros(2, CELLS, 4), torch.zeros(2, CELLS, 1), (HEIGHT, WIDTH), coefficients, prototypes)


def perfect() -> WrenRaw:
    """The first prototype is the signed distance to the shape of each picture, coefficients ask for it alone."""
    found = outlines_of([Polygon(rings=(ring,)) for ring in RINGS], WIDTH, HEIGHT)
    grid = InputGrid(HEIGHT // 4, WIDTH // 4)
    sheets = found.sampled(grid.frames(found.bounds()), grid.rows, grid.columns)
    prototypes = torch.zeros(2, 3, *sheets.shape[1:])
    prototypes[:, 0] = torch.from_numpy(sheets).float() * 16 - 8
    coefficients = torch.zeros(2, CELLS, 3)
    coefficients[..., 0] = 1
    return answer(prototypes, coefficients)


FOUND = Assignment(torch.tensor([3, 9, CELLS + 5]), torch.tensor([0, 0, 1]), torch.tensor([0.5, 1.0, 0.8]))


def test_a_right_mask_costs_little_and_a_wrong_one_much() -> None:
    good = mask_loss(perfect(), truth_of(), FOUND).item()
    raw = perfect()
    wrong = mask_loss(answer(-raw.prototypes, raw.coefficients), truth_of(), FOUND).item()
    elsewhere = mask_loss(perfect(), truth_of((1, 0)), FOUND).item()
    assert 0 < good < 0.8
    assert wrong > 10 * good
    assert elsewhere > 3 * good


def test_each_mask_of_an_object_counts_by_its_quality() -> None:
    raw = perfect()
    raw.coefficients[0, 9] = -1
    heavy = mask_loss(raw, truth_of(), FOUND)
    light = mask_loss(raw, truth_of(), Assignment(FOUND.cell, FOUND.truth, torch.tensor([1.0, 0.1, 0.8])))
    assert heavy > light


def test_objects_without_outline_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = truth_of()
    half = Truth(truth.boxes, truth.labels, truth.image, truth.masks, torch.tensor([True, False]))
    only = Assignment(FOUND.cell[:2], FOUND.truth[:2], FOUND.quality[:2])
    assert mask_loss(perfect(), half, FOUND).item() == pytest.approx(mask_loss(perfect(), half, only).item())
    none = Truth(truth.boxes, truth.labels, truth.image, truth.masks, torch.zeros(2, dtype=torch.bool))
    assert mask_loss(perfect(), none, FOUND).item() == 0
    monkeypatch.setattr(masks, "MAX_OBJECTS", 1)
    assert mask_loss(perfect(), truth, FOUND).item() == pytest.approx(mask_loss(perfect(), half, only).item())


@pytest.mark.parametrize("architecture", ["wren-n-seg", "wren-s-seg"])
def test_every_weight_learns_at_any_size(architecture: str) -> None:
    learner = WrenMaskLearner(architecture, 2, 64)
    raw = learner.forward(learner.net, torch.rand(2, 3, HEIGHT, WIDTH))
    assert raw.prototypes.shape[2:] == (HEIGHT // 4, WIDTH // 4)
    losses = learner.loss(raw, truth_of(), 5.0, 1.0)
    assert losses.mask is not None
    assert losses.total.item() == pytest.approx((losses.box + losses.cls + losses.mask).item(), rel=1e-5)
    losses.total.backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in learner.net.parameters())
    boxes, scores = learner.decode(raw)
    assert (boxes.shape, scores.shape) == ((2, CELLS, 4), (2, CELLS, 2))


def test_without_objects_nothing_breaks() -> None:
    learner = WrenMaskLearner("wren-n-seg", 2, 64)
    nothing = Truth(torch.zeros(0, 4), *(torch.zeros(0, dtype=torch.long),) * 2, torch.zeros(0, 28, 28), torch.zeros(0))
    learner.loss(learner.net(torch.rand(1, 3, 64, 64)), nothing, 5.0, 1.0).total.backward()


@pytest.mark.parametrize(("name", "least", "most"), [("wren-n", 1.9e6, 2.4e6), ("wren-s", 6.5e6, 7.5e6)])
def test_sizes(name: str, least: float, most: float) -> None:
    for learner in (WrenLearner(name, 3, 64), WrenMaskLearner(f"{name}-seg", 3, 64)):
        assert least < sum(p.numel() for p in learner.net.parameters()) < most


def test_the_file_gives_the_outlines_of_the_network(tmp_path: Path) -> None:
    torch.manual_seed(0)
    learner = WrenMaskLearner("wren-n-seg", 1, 64)
    card = ModelCard(
        name="n", task="segment", architecture="wren-n-seg", decoder="wren", input=learner.input, parameters=1,
        classes=(ClassSamples(id="c", name="c", color="#000000", train=1, val=1),), licence="Apache-2.0",
        boxwright_version="1", created_at="2026-01-01T00:00:00Z", score_threshold=0.001, outputs=learner.outputs,
    )  # fmt: skip
    pictures = [np.random.default_rng(i).integers(0, 256, (64, 64, 3), dtype=np.uint8) for i in range(2)]
    export_onnx(learner.exportable(learner.net), card, tmp_path / "m.onnx", pictures)
    found = OnnxDetector(tmp_path / "m.onnx").predict(pictures, max_detections=5)
    assert [len(item) for item in found] == [5, 5]
    # One at a time comes to the same.
    alone = OnnxDetector(tmp_path / "m.onnx").predict(pictures[1:], max_detections=5)[0]
    np.testing.assert_allclose(alone.boxes, found[1].boxes, atol=1e-3)
    assert all(item.masks is not None for item in found)
    shapes = [shape for item in found for shape in item.masks or () if shape is not None]
    assert shapes
    assert all(0 <= value <= 64 for shape in shapes for value in shape.bounds)
