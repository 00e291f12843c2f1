"""Every family of transformers: a step, a break, a resume, an export that answers alike, a prediction."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")
pytest.importorskip("transformers", reason="these networks need boxwright[train]")

from boxwright.domain.errors import Cancelled, Invalid, InvalidModel  # noqa: E402
from boxwright.domain.geometry import Polygon  # noqa: E402
from boxwright.domain.manifest import ImageRecord  # noqa: E402
from boxwright.ml.adapters.onnx import OnnxDetector  # noqa: E402
from boxwright.ml.export.weights import save_weights  # noqa: E402
from boxwright.ml.nets.base import Truth  # noqa: E402
from boxwright.ml.nets.detr.learner import DetrLearner  # noqa: E402
from boxwright.ml.nets.detr.loading import read_notes  # noqa: E402
from boxwright.ml.tasks import train  # noqa: E402
from boxwright.ml.training.params import TrainingParams  # noqa: E402
from learning import Recorder, scene_manifest, scene_records  # noqa: E402
from tiny_detr import FAMILIES, tiny_weights  # noqa: E402

TINY = {"epochs": 2, "batch": 2, "image_size": 96, "min_steps": 1, "threads": 1, "precision": "fp32", "lr": 1e-3}
SEGMENT = "rfdetr-n-seg"


def outlined(record: ImageRecord) -> ImageRecord:
    """Give every object but the first an outline: its box without a corner."""
    first, *rest = record.annotations
    shapes = [Polygon(rings=(((b.x0, b.y0), (b.x1, b.y0), (b.x0, b.y1)),)) for b in (item.geometry for item in rest)]
    changed = (replace(item, geometry=shape) for item, shape in zip(rest, shapes, strict=True))
    return replace(record, annotations=(first, *changed))


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    records = scene_records(folder / "images", train=2, val=1, test=0)
    return scene_manifest(folder, [outlined(record) for record in records])


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("weights")
    return {name: tiny_weights(folder, name) for name in FAMILIES}


def task(manifest: Path, name: str, start: Path | None, **hyper: object) -> dict[str, object]:
    return {
        "manifest": str(manifest), "architecture": name, "hyper": {**TINY, **hyper}, "weights": start and str(start)
    }  # fmt: skip


def work(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("name", FAMILIES)
def test_train_break_resume_export_predict(name: str, manifest: Path, weights: dict[str, Path], tmp_path: Path) -> None:
    broken = Recorder(work(tmp_path), stop="discard", stop_at=1)
    with pytest.raises(Cancelled):
        train.run(task(manifest, name, weights[name], checkpoint_seconds=0), broken)
    assert any("tensors fit" in line for _, line in broken.lines)
    resumed = Recorder(tmp_path)
    result = train.run(task(manifest, name, weights[name], checkpoint_seconds=0), resumed)
    assert any("continues from epoch" in line for _, line in resumed.lines)
    assert result["epochs"] == 2
    assert result["parity"]["max_abs_diff"] < 1e-4
    detector = OnnxDetector(tmp_path / "model.onnx")
    assert (detector.card.decoder, detector.card.architecture) == ("detr", name)
    assert detector.card.licence == "Apache-2.0"
    found = detector.predict([np.full((50, 70, 3), 90, np.uint8)], score_threshold=0.0)[0]
    assert 0 < len(found) <= 24
    assert detector.card.task == ("segment" if name == SEGMENT else "detect")
    assert (found.masks is not None) == (name == SEGMENT)
    assert found.boxes.min() >= 0
    assert found.boxes[:, [0, 2]].max() <= 70


def learner(name: str, weights: dict[str, Path]) -> DetrLearner:
    torch.manual_seed(0)
    return DetrLearner(name, 2, 96, weights[name])


def truth(boxes: int, *, masks: bool) -> Truth:
    places = torch.tensor([[8.0, 8, 40, 50], [30, 20, 90, 80]])[:boxes]
    shapes = torch.ones(boxes, 24, 24, dtype=torch.uint8) if masks else None
    known = torch.ones(boxes, dtype=torch.bool) if masks else None
    zeros = torch.zeros(boxes, dtype=torch.int64)
    return Truth(places, zeros, zeros, shapes, known)


@pytest.mark.parametrize("name", FAMILIES)
def test_pictures_without_objects_teach_that_there_are_none(name: str, weights: dict[str, Path]) -> None:
    one = learner(name, weights)
    pixels = torch.rand(2, 3, 96, 96)
    for mode in (True, False):
        one.net.train(mode)
        nothing = truth(0, masks=name == SEGMENT)
        losses = one.loss(one.forward(one.net, pixels, nothing), nothing, 5.0, 1.0)
        assert losses.box.item() < 0.01  # D-FINE still teaches its layers by the last
        assert losses.total.item() == pytest.approx(losses.cls.item(), rel=1e-3)
        assert losses.cls.item() > 0
    one.net.train()
    losses = one.loss(one.forward(one.net, pixels, nothing), nothing, 5.0, 1.0)
    losses.total.backward()
    grads = [p.grad for p in one.net.parameters() if p.grad is not None]
    assert grads
    assert all(torch.isfinite(grad).all() for grad in grads)


def test_an_object_without_outline_teaches_no_outline(weights: dict[str, Path]) -> None:
    one = learner(SEGMENT, weights)
    one.net.eval()
    pixels = torch.rand(1, 3, 96, 96)
    known = truth(1, masks=True)
    unknown = replace(known, masked=torch.zeros(1, dtype=torch.bool))
    parts = [one.loss(one.forward(one.net, pixels, what), what, 5.0, 1.0) for what in (known, unknown)]
    assert parts[0].mask.item() > 0
    assert parts[1].mask.item() == 0


@pytest.mark.parametrize("name", ["dfine-n", "rfdetr-n"])
def test_losses_are_those_of_the_library_at_the_default_gains(name: str, weights: dict[str, Path]) -> None:
    one = learner(name, weights)
    one.net.train()
    what = truth(2, masks=False)
    raw = one.forward(one.net, torch.rand(1, 3, 96, 96), what)
    losses = one.loss(raw, what, 5.0, 1.0)
    assert losses.total.item() == pytest.approx(raw.loss.item(), rel=1e-5)
    doubled = one.loss(raw, what, 10.0, 3.0)
    assert doubled.box.item() == pytest.approx(2 * losses.box.item())
    assert doubled.cls.item() == pytest.approx(3 * losses.cls.item())


@pytest.mark.parametrize("name", FAMILIES)
def test_the_backbone_learns_at_its_own_rate(name: str, weights: dict[str, Path]) -> None:
    one = learner(name, weights)
    groups = one.groups(one.net, TrainingParams(backbone_lr=0.25, weight_decay=0.01))
    assert {group["scale"] for group in groups} == {1.0, 0.25}
    listed = [id(p) for group in groups for p in group["params"]]
    learned = {id(p) for p in one.net.parameters() if p.requires_grad}
    assert sorted(listed) == sorted(learned)
    slow = {id(p) for group in groups if group["scale"] == 0.25 for p in group["params"]}
    assert slow == {id(p) for p in one.backbone.parameters() if p.requires_grad}
    assert slow


def test_a_frozen_backbone_stays(weights: dict[str, Path]) -> None:
    one = learner("dfine-n", weights)
    groups = one.groups(one.net, TrainingParams(backbone_lr=0.0))
    assert {group["scale"] for group in groups} == {1.0}
    what = truth(2, masks=False)
    one.net.train()
    one.loss(one.forward(one.net, torch.rand(1, 3, 96, 96), what), what, 5.0, 1.0).total.backward()
    assert all(p.grad is None for p in one.backbone.parameters())
    assert one.stages() == [one.backbone]


def test_a_trained_model_is_a_start_for_another_size(weights: dict[str, Path], tmp_path: Path) -> None:
    one = learner("rfdetr-n", weights)
    save_weights(one.net, tmp_path / "own.safetensors", one.notes())
    again = DetrLearner("rfdetr-n", 3, 128, tmp_path / "own.safetensors")
    assert again.licence == "Apache-2.0"
    assert again.backbone.embeddings.position_embeddings.shape[1] == 1 + (128 // 16) ** 2
    assert again.forward(again.net.eval(), torch.rand(1, 3, 128, 128)).logits.shape == (1, 12, 3)
    with pytest.raises(Invalid, match="use 96 or 128"):
        DetrLearner("rfdetr-n", 3, 100, tmp_path / "own.safetensors")


def test_weights_that_do_not_fit(manifest: Path, weights: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="needs weights"):
        train.run(task(manifest, "dfine-n", None), Recorder(work(tmp_path / "a")))
    with pytest.raises(InvalidModel, match="is for rt_detr_v2, not for d_fine"):
        train.run(task(manifest, "dfine-n", weights["rtdetrv2-s"]), Recorder(work(tmp_path / "b")))
    other = tmp_path / "other.safetensors"
    save_weights(torch.nn.Linear(2, 2), other, {"config": read_notes(weights["dfine-n"])["config"]})
    with pytest.raises(InvalidModel, match="lacks"):
        DetrLearner("dfine-n", 2, 96, other)
    absurd = tmp_path / "absurd.safetensors"
    config = {"model_type": "d_fine", "backbone_config": {"model_type": "x"}}
    save_weights(torch.nn.Linear(2, 2), absurd, {"config": json.dumps(config)})
    with pytest.raises(InvalidModel, match="backbone 'x'"):
        DetrLearner("dfine-n", 2, 96, absurd)
