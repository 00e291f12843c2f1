import errno
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from boxwright.domain.cards import card_to_json, metrics_from_json
from boxwright.domain.errors import Cancelled, Invalid, InvalidDataset, StorageFull, Unavailable
from boxwright.domain.geometry import Ellipse, Mask, Points, Polygon, Polyline
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.ml import registry
from boxwright.ml.adapters import looking
from boxwright.ml.data.samples import read_dataset, sample_of
from boxwright.ml.files import write_atomic, write_json
from boxwright.ml.tasks import evaluate, predict
from learning import HEADER, Recorder, scene_manifest, scene_records
from tiny_onnx import tiny_card, write_tiny_onnx


@pytest.fixture
def model(tmp_path: Path) -> dict[str, object]:
    return {"model": str(write_tiny_onnx(tmp_path / "tiny.onnx")), "card": card_to_json(tiny_card())}


def images(tmp_path: Path, count: int = 10) -> list[dict[str, str]]:
    return [{"id": r.id, "path": str(r.path)} for r in scene_records(tmp_path / "pictures", count, 0, 0)]


def lines(context: Recorder) -> list[dict[str, object]]:
    return [json.loads(line) for line in (context.workdir / predict.NAME).read_text().splitlines()]


def test_predict_writes_a_line_an_image(tmp_path: Path, model) -> None:
    listed = images(tmp_path)
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    listed[3:3] = [{"id": "bad", "path": str(tmp_path / "bad.jpg")}, {"id": "gone", "path": str(tmp_path / "gone.jpg")}]
    context = Recorder(tmp_path)
    result = predict.run({**model, "images": listed}, context)
    got = lines(context)
    assert [line["id"] for line in got] == [item["id"] for item in listed]
    assert (result["images"], result["failed"]) == (12, 2)
    assert set(got[0]) == {"id", "width", "height", "detections"}
    assert set(got[0]["detections"][0]) == {"class_id", "class", "score", "box"}
    assert isinstance(got[3]["error"], str)
    assert isinstance(got[4]["error"], str)


def test_predict_goes_on_where_it_was_cut(tmp_path: Path, model) -> None:
    listed = images(tmp_path)
    (tmp_path / "list.jsonl").write_text("".join(json.dumps(item) + "\n" for item in listed))
    params = {**model, "list": str(tmp_path / "list.jsonl")}
    context = Recorder(tmp_path)
    predict.run(params, context)
    whole = (tmp_path / predict.NAME).read_bytes()
    (tmp_path / predict.NAME).write_bytes(whole[: len(whole) // 2])
    assert predict.run(params, context)["images"] == 10
    assert (tmp_path / predict.NAME).read_bytes() == whole


def test_predict_says_the_same_with_any_number_of_threads(tmp_path: Path, model) -> None:
    said = []
    for threads in (1, 4):
        context = Recorder(tmp_path / str(threads))
        context.workdir.mkdir()
        predict.run({**model, "images": images(tmp_path), "threads": threads}, context)
        said.append(lines(context))
    assert said[0] == said[1]


def test_predict_looks_at_tiles(tmp_path: Path, model) -> None:
    found = []
    for name, looks in (("whole", {}), ("tiles", {"tile": 64, "overlap": 0.0, "mirror": False})):
        context = Recorder(tmp_path / name)
        context.workdir.mkdir()
        predict.run({**model, "images": images(tmp_path, 1), "looks": looks}, context)
        found.append([row["box"] for row in lines(context)[0]["detections"]])
    assert len(found[1]) > len(found[0])
    assert all(box in found[1] for box in found[0])


def test_a_picture_with_too_many_tiles_is_the_only_one_that_fails(
    tmp_path: Path, model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST", 1)
    listed = images(tmp_path, 1)
    Image.new("RGB", (60, 60)).save(tmp_path / "small.png")
    listed.append({"id": "small", "path": str(tmp_path / "small.png")})
    context = Recorder(tmp_path)
    result = predict.run({**model, "images": listed, "looks": {"tile": 64}}, context)
    assert (result["images"], result["failed"]) == (2, 1)
    first, second = lines(context)
    assert "is the most" in str(first["error"])
    assert second["detections"]


def test_predict_stops(tmp_path: Path, model) -> None:
    params = {**model, "images": images(tmp_path)}
    assert predict.run(params, Recorder(tmp_path, stop="keep"))["images"] == 0
    with pytest.raises(Cancelled):
        predict.run(params, Recorder(tmp_path, stop="discard"))


@pytest.mark.parametrize("name", ["score_threshold", "iou_threshold"])
def test_predict_refuses_thresholds_outside(tmp_path: Path, model, name: str) -> None:
    with pytest.raises(Invalid, match=f"{name}: 2 is not a number from 0 to 1"):
        predict.run({**model, "images": [], name: 2}, Recorder(tmp_path))


def test_evaluate_reads_one_split(tmp_path: Path, model) -> None:
    manifest = scene_manifest(tmp_path, train=1, val=1, test=3)
    context = Recorder(tmp_path)
    result = evaluate.run({**model, "manifest": str(manifest), "split": "test"}, context)
    metrics = metrics_from_json(result["metrics"])
    assert result["images"] == metrics.images == 3
    assert [item.name for item in metrics.per_class] == ["disc", "square"]
    assert "evaluating" in context.phases


def test_evaluate_finds_classes_by_name_and_refuses_strangers(tmp_path: Path) -> None:
    manifest = scene_manifest(tmp_path, train=0, val=0, test=2)
    path = write_tiny_onnx(tmp_path / "tiny.onnx")
    swapped = tiny_card("square", "fox", ids=("x", "y"))
    assert evaluate.class_map(swapped, HEADER.classes) == [1, -1]
    assert evaluate.class_map(tiny_card("Disc", "square", ids=("0", "1")), HEADER.classes) == [0, 1]
    params = {"model": str(path), "manifest": str(manifest), "split": "test"}
    assert evaluate.run({**params, "card": card_to_json(swapped)}, Recorder(tmp_path))["images"] == 2
    with pytest.raises(Invalid, match="no class in common"):
        evaluate.run({**params, "card": card_to_json(tiny_card("cat", "dog", ids=("x", "y")))}, Recorder(tmp_path))


def test_evaluate_of_an_empty_split(tmp_path: Path, model) -> None:
    manifest = scene_manifest(tmp_path, train=1, val=0, test=0)
    with pytest.raises(Invalid, match="test has no labelled images"):
        evaluate.run({**model, "manifest": str(manifest)}, Recorder(tmp_path))


def test_evaluate_leaves_unreadable_pictures_out(tmp_path: Path, model) -> None:
    records = scene_records(tmp_path / "images", 0, 0, 3)
    Path(records[1].path or "").write_bytes(b"broken")
    context = Recorder(tmp_path)
    manifest = scene_manifest(tmp_path, records)
    assert evaluate.run({**model, "manifest": str(manifest)}, context)["images"] == 2
    assert len(context.warnings()) == 1
    assert records[1].name in context.warnings()[0]


def test_any_geometry_becomes_its_box() -> None:
    shapes = (
        Polygon(rings=(((10.0, 10.0), (30.0, 12.0), (20.0, 40.0)),)),
        Mask(width=50, height=50, counts=(0, 2, 2498)),
        Polygon(rings=(((60.0, 60.0), (70.0, 60.0), (70.0, 70.0)),)),
        Polyline(points=((1.0, 1.0), (20.0, 30.0))),
        Points(points=((5.0, 5.0),)),
        Ellipse(cx=20, cy=20, rx=10, ry=5),
    )
    labels = tuple(Labelled(class_index=i, geometry=shape) for i, shape in enumerate(shapes))
    got = sample_of(ImageRecord(name="a", width=50, height=50, annotations=labels))
    assert got.boxes.tolist() == [[10, 10, 30, 40], [0, 0, 1, 2], [10, 15, 30, 25]]
    assert got.labels.tolist() == [0, 1, 5]
    assert got.areas.tolist() == [pytest.approx(290.0), 2.0, pytest.approx(50 * math.pi)]
    outlines = sample_of(ImageRecord(name="a", width=50, height=50, annotations=labels), outlines=True).outlines
    assert outlines is not None
    assert sorted(set(outlines.owner.tolist())) == [0, 1, 2]


def test_manifests_that_lie(tmp_path: Path) -> None:
    records = scene_records(tmp_path / "images", 1, 0, 0)
    wrong = replace(records[0], annotations=(replace(records[0].annotations[0], class_index=9),))
    with pytest.raises(InvalidDataset, match="class that is not in the header"):
        read_dataset(scene_manifest(tmp_path, [wrong]), ("train",))
    manifest = scene_manifest(tmp_path, records)
    manifest.write_text(manifest.read_text() + "{broken\n")
    with pytest.raises(InvalidDataset, match="cannot be read"):
        read_dataset(manifest, ("train",))
    with pytest.raises(InvalidDataset, match=r"gone.jsonl"):
        read_dataset(tmp_path / "gone.jsonl", ("train",))


def test_unknown_architecture() -> None:
    with pytest.raises(Invalid, match=r"known: .*wren-n"):
        registry.lookup("yolo", "detect", "torch")
    assert registry.lookup("wren-n", "detect", "onnx").__name__ == "OnnxDetector"


def test_torch_is_loaded_by_nobody_who_does_not_train() -> None:
    modules = "ml, ml.registry, ml.adapters.onnx, ml.metrics, ml.training.params, ml.data.dataset"
    modules += ", ml.tasks.train, ml.tasks.evaluate, ml.tasks.predict"
    code = "".join(f"import boxwright.{name.strip()}\n" for name in modules.split(","))
    code += "import sys; print(sorted({'torch', 'fastapi', 'sqlalchemy', 'onnx'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_training_without_torch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Unavailable, match=r"boxwright\[train\]"):
        registry.lookup("wren-n", "detect", "torch")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    write_json(path, {"a": 1})

    def full(out: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageFull, match=r"card\.json could not be written"):
        write_atomic(path, full)
    assert json.loads(path.read_text()) == {"a": 1}
    assert [item.name for item in tmp_path.iterdir()] == ["card.json"]
