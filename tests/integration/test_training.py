"""A training from manifest to model, on small drawn pictures: quality, export, stops, kill -9, bad input."""

import copy
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from boxwright.domain.cards import card_from_json, metrics_from_json  # noqa: E402
from boxwright.domain.errors import Cancelled, Invalid, InvalidModel  # noqa: E402
from boxwright.domain.geometry import Polygon  # noqa: E402
from boxwright.domain.manifest import ImageRecord, Labelled  # noqa: E402
from boxwright.domain.models import Metrics  # noqa: E402
from boxwright.domain.quality import report_from_json  # noqa: E402
from boxwright.ml.adapters.onnx import OnnxDetector  # noqa: E402
from boxwright.ml.data.samples import sample_of  # noqa: E402
from boxwright.ml.export.weights import save_weights  # noqa: E402
from boxwright.ml.metrics import detect  # noqa: E402
from boxwright.ml.nets.base import Exportable  # noqa: E402
from boxwright.ml.nets.wren.learner import WrenLearner  # noqa: E402
from boxwright.ml.tasks import evaluate, train, variants  # noqa: E402
from boxwright.ml.training import job  # noqa: E402
from campaigns import THOROUGH  # noqa: E402
from learning import TINY, Recorder, scene_manifest, scene_records, short_of_memory  # noqa: E402
from scoring import mask_of, rectangle, reference  # noqa: E402


def params(manifest: Path, **hyper: object) -> dict[str, object]:
    return {"manifest": str(manifest), "architecture": "wren-n", "hyper": {**TINY, **hyper}, "weights": None}


def workdir(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recorder, dict[str, object], Path]:
    """A training long enough to find most discs and squares."""
    folder = tmp_path_factory.mktemp("learned")
    manifest = scene_manifest(folder, train=24, val=8, test=8)
    context = Recorder(workdir(folder / "job"))
    hyper = {"epochs": 12, "batch": 8, "min_steps": 8, "image_size": 96, "lr": 0.004}
    return context, json.loads(json.dumps(train.run(params(manifest, **hyper), context))), manifest


def test_it_learns(learned) -> None:
    _, result, _ = learned
    test = metrics_from_json(result["metrics"]["test"])
    assert test.map50 is not None
    assert test.map50 > 0.5
    assert test.images == 8
    assert (result["epochs"], result["stopped_early"]) == (12, False)
    assert 1 <= result["best_epoch"] <= 12


def test_it_tells(learned) -> None:
    context, _, _ = learned
    for epoch in range(1, 13):
        for name in ("train/loss", "train/box_loss", "train/cls_loss", "lr", "val/loss", "val/map50", "val/map50_95"):
            assert (epoch, name) in context.metrics
    assert context.metrics[12, "train/loss"] < context.metrics[1, "train/loss"]
    assert any(name == "iter/loss" for _, name in context.metrics)
    assert list(dict.fromkeys(context.phases)) == [
        "reading images", "training", "exporting", "evaluating on val", "evaluating on test",
        "checking the export on test",
    ]  # fmt: skip
    assert context.checkpoints >= 12


def test_the_model_stands_alone(learned) -> None:
    context, result, _ = learned
    model = context.workdir / result["files"]["onnx"]
    detector = OnnxDetector(model)
    assert detector.card == card_from_json(result["card"])
    assert [(c.name, c.train > 0, c.val > 0) for c in detector.card.classes] == [
        ("disc", True, True),
        ("square", True, True),
    ]
    assert result["parity"]["max_abs_diff"] < 1e-4
    pictures = [np.full((h, w, 3), 120, np.uint8) for h, w in ((96, 128), (30, 500), (1, 1))]
    assert len(detector.predict(pictures)) == 3
    # It takes pictures of any size.
    assert detector.card.input.trim
    wider = OnnxDetector(model, replace(detector.card, input=replace(detector.card.input, width=128)))
    assert len(wider.predict(pictures)) == 3
    with pytest.raises(InvalidModel, match="input"):
        OnnxDetector(model, replace(detector.card, classes=detector.card.classes[:1]))


def test_evaluation_says_the_same(learned, tmp_path: Path) -> None:
    context, result, manifest = learned
    model = {"model": str(context.workdir / "model.onnx"), "card": result["card"], "manifest": str(manifest)}
    for split in ("val", "test"):
        again = evaluate.run({**model, "split": split}, Recorder(tmp_path))
        assert again["metrics"] == result["metrics"][split]


def test_the_trained_network_is_scored_beside_its_file(learned) -> None:
    _, result, _ = learned
    proof = result["parity"]
    assert proof["split"] == "test"
    assert proof["trained_map50_95"] == pytest.approx(result["metrics"]["test"]["map50_95"], abs=0.002)
    assert abs(proof["map50_95_drop"]) <= 0.002


def test_an_export_that_scores_less_fails(learned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, _, manifest = learned
    write = job.export_onnx

    def damaged(exported: Exportable, *rest: object) -> float:
        broken = copy.deepcopy(exported.module)
        for values in broken.parameters():
            values.data.mul_(0.9)
        return write(replace(exported, module=broken), *rest)

    monkeypatch.setattr(job, "export_onnx", damaged)
    weights = str(context.workdir / "weights.safetensors")
    task = {**params(manifest, epochs=1, min_steps=1, image_size=96, lr=1e-6), "weights": weights}
    with pytest.raises(InvalidModel, match=r"less than the trained network on test .* resume it") as caught:
        train.run(task, Recorder(workdir(tmp_path / "job")))
    assert caught.value.code == "export_drop"


def test_it_learns_operating_scores_and_reports(learned) -> None:
    context, result, _ = learned
    card, val = card_from_json(result["card"]), metrics_from_json(result["metrics"]["val"])
    assert [c.threshold for c in card.classes] == [row.best_threshold for row in val.per_class]
    assert json.loads((context.workdir / "card.json").read_text()) == result["card"]
    for split in ("val", "test"):
        lines = (context.workdir / result["reports"][split]).read_text().splitlines()
        report = report_from_json(json.loads(lines[0]))
        assert len(lines) == 1 + report.images == 9
        assert [item.threshold for item in report.classes] == [c.threshold for c in card.classes]


def test_going_on_from_its_weights(learned, tmp_path: Path) -> None:
    context, _, manifest = learned
    again = {**params(manifest, epochs=1, image_size=96), "weights": str(context.workdir / "weights.safetensors")}
    second = Recorder(workdir(tmp_path / "job"))
    train.run(again, second)
    assert any("tensors fit" in message for _, message in second.lines)
    assert second.metrics[1, "train/loss"] < context.metrics[1, "train/loss"]
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"\x80\x04pickle")
    with pytest.raises(InvalidModel, match="no safetensors file"):
        train.run({**again, "weights": str(other)}, Recorder(workdir(tmp_path / "job2")))


CHILD = """
import json, sys
from pathlib import Path
from boxwright.ml.tasks import train
from learning import Recorder, short_of_memory
short_of_memory(2)
class Loud(Recorder):
    def checkpoint(self, path):
        super().checkpoint(path)
        print("checkpoint", flush=True)
        sys.stdin.readline()
context = Loud(Path(sys.argv[1]))
train.run(json.loads(sys.argv[2]), context)
print("done", flush=True)
"""


def run_child(folder: Path, task: dict[str, object], kill_after: int) -> bool:
    """Run the task in a process of its own; kill -9 after so many checkpoints. Returns whether it came to its end."""
    command = [sys.executable, "-c", CHILD, str(folder), json.dumps(task)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(item for item in sys.path if item)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, bufsize=1
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for seen in range(1, 1000):
            line = child.stdout.readline().strip()
            if line != "checkpoint":
                child.wait()
                return line == "done"
            if seen == kill_after:
                # In the middle of the next step, or of writing the next checkpoint.
                child.stdin.write("\n")
                child.stdin.flush()
                child.send_signal(signal.SIGKILL)
                child.wait()
                return False
            child.stdin.write("\n")
            child.stdin.flush()
    return False


EVERYTHING = {
    "augment": "strong", "multi_scale": 0.5, "rare_classes": 1.0, "schedule": "one_cycle", "precision": "fp16",
    "tiles": 2,
}  # fmt: skip


@pytest.mark.campaign
def test_killed_training_ends_like_an_unbroken_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every kind of state there is: the scaler of fp16, and batches in parts since memory ran out."""
    manifest = scene_manifest(tmp_path, train=6, val=3, test=2)
    task = params(manifest, checkpoint_seconds=0, seed=5, **EVERYTHING)
    whole, broken = workdir(tmp_path / "whole"), workdir(tmp_path / "broken")
    unbroken = Recorder(whole)
    short_of_memory(2, monkeypatch)
    expected = train.run(task, unbroken)
    assert unbroken.warnings()[0] == "memory ran out; the 4 images of a step are computed in 2 parts from now on"
    # Within the first epoch (of 3 steps), then within the second; or in the second alone.
    for checkpoints in (2, 3) if THOROUGH else (4,):
        assert not run_child(broken, task, checkpoints)
    last = Recorder(broken)
    result = train.run(task, last)
    assert any(message.startswith("continues from epoch") for _, message in last.lines)
    assert (broken / "weights.safetensors").read_bytes() == (whole / "weights.safetensors").read_bytes()
    for name in ("metrics", "best_epoch", "epochs"):
        assert result[name] == expected[name]
    for key, value in last.metrics.items():
        if not key[1].startswith(("iter/", "time/")):
            assert unbroken.metrics[key] == value


def test_stop_and_keep(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=2, test=2)
    context = Recorder(workdir(tmp_path / "job"), stop="keep", stop_at=2)
    result = train.run(params(manifest, epochs=50, checkpoint_seconds=0), context)
    assert result["stopped_early"]
    assert result["epochs"] == 1
    assert result["metrics"]["test"] is not None
    again = train.run(params(manifest, epochs=50, checkpoint_seconds=0), Recorder(context.workdir, stop="keep"))
    assert again["epochs"] == 1


def test_stop_and_discard(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=2, test=2)
    with pytest.raises(Cancelled):
        train.run(params(manifest), Recorder(workdir(tmp_path / "job"), stop="discard", stop_at=1))


def test_patience_ends_it(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=2, test=0)
    # A learning rate of nearly nothing never finds anything, so no epoch is better than the first.
    context = Recorder(workdir(tmp_path / "job"))
    result = train.run(params(manifest, epochs=50, patience=2, lr=1e-6, min_steps=1), context)
    assert result["stopped_early"]
    assert result["epochs"] == result["best_epoch"] + 2
    assert result["metrics"]["test"] is None


def test_another_checkpoint_is_not_continued(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=0, test=0)
    folder = workdir(tmp_path / "job")
    train.run(params(manifest, epochs=1, min_steps=1), Recorder(folder))
    context = Recorder(folder)
    result = train.run(params(manifest, epochs=1, min_steps=1, seed=9), context)
    assert not any("continues" in message for _, message in context.lines)
    assert any("no validation images" in line for line in context.warnings())
    assert result["metrics"] == {"val": None, "test": None}
    assert result["best_epoch"] == 1


def bare(record: ImageRecord) -> ImageRecord:
    return replace(record, annotations=(), state="empty")


def test_pictures_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    records = scene_records(tmp_path / "images", 5, 2, 2)
    Path(records[1].path or "").write_bytes(b"broken")
    records[2] = replace(records[2], width=500, annotations=())
    records[3] = bare(records[3])
    Path(records[7].path or "").unlink()
    context = Recorder(workdir(tmp_path / "job"))
    result = train.run(params(scene_manifest(tmp_path, records), epochs=1, min_steps=1), context)
    assert len([line for line in context.warnings() if line.startswith("left out")]) == 3
    assert [any(records[i].name in line for line in context.warnings()) for i in (1, 2, 7)] == [True] * 3
    assert result["metrics"]["test"]["images"] == 1


def test_validation_without_boxes_is_judged_by_its_loss(tmp_path: Path) -> None:
    records = scene_records(tmp_path / "images", 3, 2, 0)
    records[3:] = [bare(item) for item in records[3:]]
    context = Recorder(workdir(tmp_path / "job"))
    result = train.run(params(scene_manifest(tmp_path, records), min_steps=1), context)
    assert result["metrics"]["val"]["map50"] is None
    assert (1, "val/loss") in context.metrics
    assert (1, "val/map50") not in context.metrics


@pytest.mark.parametrize("case", ["no images", "no boxes", "all unreadable", "no classes"])
def test_nothing_to_learn_from(tmp_path: Path, case: str) -> None:
    records = scene_records(tmp_path / "images", 2, 1, 0)
    if case == "no images":
        records = [replace(item, split="none") for item in records]
    if case == "no boxes":
        records = [bare(item) for item in records]
    if case == "all unreadable":
        records = [replace(item, path=None) for item in records]
    manifest = scene_manifest(tmp_path, records)
    if case == "no classes":
        header = manifest.read_text().splitlines()[0]
        manifest.write_text(json.dumps({**json.loads(header), "classes": []}) + "\n")
    with pytest.raises(Invalid) as caught:
        train.run(params(manifest), Recorder(workdir(tmp_path / "job")))
    assert caught.value.code == "dataset_empty"
    assert "\n" not in caught.value.message


def test_a_loss_that_is_no_number_ends_it(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=4, val=1, test=0)
    learner = WrenLearner("wren-n", 2, 64)
    with torch.no_grad():
        next(learner.net.parameters()).fill_(float("nan"))
    save_weights(learner.net, tmp_path / "broken.safetensors")
    task = {**params(manifest), "weights": str(tmp_path / "broken.safetensors")}
    with pytest.raises(Invalid, match=r"in epoch 1, step 1; lower lr \(now 0.003\)") as caught:
        train.run(task, Recorder(workdir(tmp_path / "job")))
    assert caught.value.code == "training_diverged"


def outlined(record: ImageRecord) -> ImageRecord:
    """The same picture with the discs as polygons of eight corners, the squares as boxes."""
    corners = [(0.5 + 0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in np.arange(8) * np.pi / 4]

    def shape(item: Labelled) -> Labelled:
        x0, y0, x1, y1 = item.geometry.bounds
        ring = tuple((float(x0 + x * (x1 - x0)), float(y0 + y * (y1 - y0))) for x, y in corners)
        return replace(item, geometry=Polygon(rings=(ring,))) if item.class_index == 0 else item

    return replace(record, annotations=tuple(shape(item) for item in record.annotations))


def check_outlines(got: Metrics, records: list[ImageRecord], detector: OnnxDetector) -> None:
    """Compare the figures of outlines with pycocotools, fed with filled polygons."""
    samples = [sample_of(record) for record in records]
    truths = []
    for record, item in zip(records, detect(detector, samples, warn=print, tick=print), strict=True):
        shapes = [label.geometry for label in record.annotations]
        boxes = np.array([shape.type == "box" for shape in shapes], bool)
        polygons = [shape if shape.type == "polygon" else rectangle(*shape.bounds) for shape in shapes]
        masks = [mask_of(polygon, record.width, record.height) for polygon in polygons]
        truths.append(replace(item, sample=replace(item.sample, crowd=boxes), masks=masks))
    want = reference(truths, kinds=2, shapes="segm")
    found = (got.mask_map50_95, got.mask_map50, got.mask_map75)
    np.testing.assert_allclose(found, want.stats[:3], atol=1e-9)
    assert got.mask_map50_95 > 0.05
    discs, squares = got.per_class
    assert discs.mask_ap50_95 == pytest.approx(want.eval["precision"][:, :, 0, 0, -1].mean(), abs=1e-9)
    assert squares.mask_ap50_95 is None  # boxes all of them


def test_outlines_are_learned_exported_and_measured(tmp_path: Path) -> None:
    records = [outlined(record) for record in scene_records(tmp_path / "images", 16, 4, 4)]
    manifest = scene_manifest(tmp_path, records)
    context = Recorder(workdir(tmp_path / "job"))
    hyper = {"epochs": 9, "batch": 8, "min_steps": 8, "image_size": 96, "lr": 0.004}
    given = {**params(manifest, **hyper), "architecture": "wren-n-seg"}
    result = json.loads(json.dumps(train.run(given, context)))
    assert any("training annotations are boxes" in line for line in context.warnings())
    assert (9, "val/mask_map50_95") in context.metrics
    metrics = metrics_from_json(result["metrics"]["test"])
    assert metrics.mask_map50_95 is not None
    card = card_from_json(result["card"])
    assert (card.task, card.architecture) == ("segment", "wren-n-seg")
    asked = {"model": str(context.workdir / "model.onnx"), "card": result["card"], "manifest": str(manifest)}
    again = metrics_from_json(evaluate.run(asked, Recorder(workdir(tmp_path / "again")))["metrics"])
    assert again == metrics
    check_outlines(again, records[-4:], OnnxDetector(context.workdir / "model.onnx"))
    compared = variants.run({**asked, "split": "test"}, Recorder(workdir(tmp_path / "variants")))
    figures = [metrics_from_json(row["metrics"]) for row in compared["rows"]]
    assert figures[0] == metrics
    assert all(item.mask_map75 is not None for item in figures)
    # Without one outline there is nothing to learn, and it says why.
    boxes = scene_manifest(tmp_path, scene_records(tmp_path / "images", 2, 0, 0))
    with pytest.raises(Invalid, match=r"are boxes .*outlines are learned from polygons"):
        train.run({**given, "manifest": str(boxes)}, Recorder(workdir(tmp_path / "none")))
