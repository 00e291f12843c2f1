"""Every family of transformers: a step, a break, a resume, an export that answers alike, a prediction."""

from pathlib import Path

import numpy as np
import pytest
from learning import Recorder, scene_manifest, scene_records

from boxwright.domain.errors import Cancelled, Invalid, InvalidModel

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")
pytest.importorskip("transformers", reason="these networks need boxwright[train]")

from boxwright.ml.adapters.onnx import OnnxDetector  # noqa: E402
from boxwright.ml.data.samples import read_pixels  # noqa: E402
from boxwright.ml.tasks import train  # noqa: E402
from tiny_detr import FAMILIES, tiny_weights  # noqa: E402

TINY = {"epochs": 2, "batch": 2, "image_size": 64, "min_steps": 1, "threads": 1, "precision": "fp32", "lr": 1e-3}
BOXES = tuple(name for name in FAMILIES if "seg" not in name)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene_manifest(tmp_path_factory.mktemp("scenes"), train=2, val=1, test=0)


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


@pytest.mark.parametrize("name", BOXES)
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
    assert 0 < len(found) <= 16
    assert found.boxes.min() >= 0
    assert found.boxes[:, [0, 2]].max() <= 70
