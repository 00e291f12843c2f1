"""What is measured before a training, and the search for its parameters, on small drawn pictures."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from boxwright.domain.cards import card_from_json  # noqa: E402
from boxwright.domain.errors import Cancelled, Invalid  # noqa: E402
from boxwright.ml.tasks import estimate, sweep, train  # noqa: E402
from boxwright.ml.training import estimate as measuring  # noqa: E402
from learning import TINY, Recorder, scene_manifest  # noqa: E402


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.2)
    monkeypatch.setattr(measuring, "MOST", 4)


def workdir(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def test_an_estimate_is_measured_and_explained(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=6, val=3, test=2)
    context = Recorder(workdir(tmp_path / "job"))
    hyper = {"threads": 1, "epochs": 3}
    task = {"manifest": str(manifest), "architecture": "wren-n", "hyper": hyper}
    told = json.loads(json.dumps(estimate.run(task, context)))
    assert told["seconds"] == pytest.approx(sum(told["parts"].values()))
    assert all(value > 0 for value in told["parts"].values())
    assert (told["epochs"], told["batch"], told["steps"], told["image_size"]) == (3, 4, 16, 320)
    assert told["steps_measured"] >= 2
    assert told["memory_mb"] > 50
    assert {item["name"] for item in told["choices"]} >= {"image_size", "batch"}
    assert all(item["why"] for item in told["choices"])
    assert not list(context.workdir.glob("*.pt"))
    with pytest.raises(Cancelled):
        estimate.run(task, Recorder(workdir(tmp_path / "other"), stop="discard"))


def sweep_task(manifest: Path, **changes: object) -> dict[str, object]:
    given = {"manifest": str(manifest), "architecture": "wren-n", "hyper": TINY | {"epochs": 0}, "weights": None}
    return {**given, "minutes": 0.02, "trials": 3, "space": {"lr": [0.001, 0.01], "augment": ["none"]}, **changes}


def test_a_sweep_halves_the_field_and_returns_the_best(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=3, test=1)
    context = Recorder(workdir(tmp_path / "job"))
    result = sweep.run(sweep_task(manifest), context)
    trials = result["trials"]
    assert [trial["round"] for trial in trials] == [0, 0, 0, 1, 1]
    assert trials[0]["changes"] == {}
    assert all(trial["score"] is not None and trial["epochs"] >= 1 for trial in trials)
    first = sorted(trials[:3], key=lambda trial: -trial["score"])[:2]
    assert [trial["changes"] for trial in trials[3:]] == [trial["changes"] for trial in first]
    assert (context.workdir / result["files"]["onnx"]).is_file()
    hyper = card_from_json(result["card"]).hyper
    assert hyper is not None
    assert {name: hyper[name] for name in trials[3]["changes"]} in [trial["changes"] for trial in trials[3:]]
    assert [context.metrics[index, "sweep/score"] for index in range(1, 6)] == [trial["score"] for trial in trials]


def test_a_sweep_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=3, test=0)
    broken = Recorder(workdir(tmp_path / "job"), stop="pause", stop_at=4)
    with pytest.raises(Cancelled):
        sweep.run(sweep_task(manifest), broken)
    before = json.loads((broken.workdir / "sweep.json").read_text())["trials"]
    again = Recorder(broken.workdir)
    result = sweep.run(sweep_task(manifest), again)
    assert result["trials"][: len(before)] == before
    assert len(result["trials"]) == 5


def test_a_sweep_that_is_stopped_keeps_its_best_trial(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=3, test=0)
    context = Recorder(workdir(tmp_path / "job"), stop="keep", stop_at=2)
    result = sweep.run(sweep_task(manifest), context)
    assert 1 <= len(result["trials"]) <= 2
    assert (context.workdir / result["files"]["onnx"]).is_file()


def test_a_sweep_needs_pictures_to_choose_by(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=0, test=0)
    with pytest.raises(Invalid, match="into the split val"):
        sweep.run(sweep_task(manifest), Recorder(workdir(tmp_path / "job")))


def test_a_pause_loses_nothing_and_both_weights_are_kept(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=2, test=0)
    task = {"manifest": str(manifest), "architecture": "wren-n", "hyper": {**TINY, "epochs": 2}, "weights": None}
    whole, paused = workdir(tmp_path / "whole"), workdir(tmp_path / "paused")
    train.run(task, Recorder(whole))
    with pytest.raises(Cancelled):
        train.run(task, Recorder(paused, stop="pause", stop_at=1))
    context = Recorder(paused)
    train.run(task, context)
    assert any("continues from epoch 2, step 2" in message for _, message in context.lines)
    for name in ("weights.safetensors", "last.safetensors"):
        assert (whole / name).read_bytes() == (paused / name).read_bytes()
