"""Foreign detectors from upload to prediction, and what must never be opened."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto

import foreign_onnx
from boxwright.bootstrap import Application
from boxwright.domain.corrections import CardChanges, InputChanges
from boxwright.domain.errors import BoxwrightError, Invalid, InvalidModel, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.models import Model
from boxwright.domain.people import Caller
from boxwright.domain.requests import ExportRequest
from boxwright.services import model_check
from boxwright.services.model_check import examine
from encoders import KINDS, TRUTH
from scenes import make_scene


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


@pytest.fixture
def project_id(application: Application, caller: Caller) -> str:
    return application.projects.create(caller, "shapes").id


@pytest.fixture
def upload(tmp_path: Path) -> Callable[[], Path]:
    """A YOLOX file of three classes, a new one at each call."""
    return lambda: foreign_onnx.write(
        tmp_path / f"{new_id()}.upload", KINDS["yolox"][1](TRUTH), picture=(1, 3, 128, 128)
    )


@pytest.fixture
def model(application: Application, project_id: str, upload: Callable[[], Path]) -> Model:
    changes = CardChanges(classes=("disc", "square", "star"), licence="MIT")
    return application.models.imports.add(project_id, [("my detector.onnx", upload())], changes)


def test_a_bare_file_becomes_a_model(application: Application, model: Model, tmp_path: Path) -> None:
    assert (model.name, model.architecture, model.card.decoder) == ("my detector", "yolox", "yolox")
    assert (model.card.licence, model.card.input.channels) == ("MIT", "bgr")
    path = tmp_path / "picture"
    path.write_bytes(make_scene(1, size=(128, 128)).data)
    found = application.models.predict(model.id, path).detections
    assert [(row.class_name, row.box) for row in found] == [
        ("disc", pytest.approx((10, 20, 50, 60), abs=0.01)),
        ("star", pytest.approx((70, 66, 110, 106), abs=0.01)),
    ]
    assert list(tmp_path.glob("*.upload")) == []


def test_it_travels_as_an_archive(application: Application, project_id: str, model: Model, tmp_path: Path) -> None:
    path = tmp_path / "again.upload"
    path.write_bytes(b"".join(application.models.archive(model.id).chunks))
    assert application.models.imports.add(project_id, [("x.zip", path)], CardChanges()).card == model.card


def test_a_look_keeps_nothing(
    application: Application, project_id: str, upload: Callable[[], Path], tmp_path: Path
) -> None:
    scene = tmp_path / "scene.jpg"
    scene.write_bytes(make_scene(2, size=(256, 128)).data)
    image = application.images.add(project_id, "a.jpg", scene).image
    path = upload()
    changes = CardChanges(input=InputChanges(placement="stretch"), name="other")
    found = application.models.imports.inspect(project_id, [("x.onnx", path)], changes, image.id)
    assert path.exists()
    assert application.models.page(project_id).items == ()
    assert (found.card.name, found.card.input.placement, found.confidence) == ("other", "stretch", "sure")
    assert found.inputs[0].shape == (1, 3, 128, 128)
    assert found.trial is not None
    assert found.trial.detections[0].box == pytest.approx((20, 20, 100, 60), abs=0.01)
    assert "yolov8" in found.alternatives


def test_an_image_of_another_project_is_not_there(
    application: Application, caller: Caller, project_id: str, upload: Callable[[], Path], tmp_path: Path
) -> None:
    scene = tmp_path / "scene.jpg"
    scene.write_bytes(make_scene(2).data)
    other = application.projects.create(caller, "other").id
    image = application.images.add(other, "a.jpg", scene).image
    with pytest.raises(NotFound):
        application.models.imports.inspect(project_id, [("x.onnx", upload())], CardChanges(), image.id)


def test_a_card_is_corrected_and_tried_again(application: Application, model: Model, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(make_scene(1, size=(128, 128)).data)
    application.models.predict(model.id, path)
    imports = application.models.imports
    changed = imports.correct(model.id, CardChanges(classes=("a", "square", "c"), input=InputChanges(channels="rgb")))
    assert [item.name for item in changed.card.classes] == ["a", "square", "c"]
    assert changed.card.input.channels == "rgb"
    assert application.models.predict(model.id, path).detections[0].class_name == "a"
    for wrong in (
        CardChanges(classes=("one",)),
        CardChanges(input=InputChanges(width=64)),
        CardChanges(input=InputChanges(std=(0, 0, 0))),
        CardChanges(decoder="detr"),
        CardChanges(decoder="mystery"),
        CardChanges(options={"grid": "round"}),
        CardChanges(options={"nothing": "x"}),
    ):
        with pytest.raises(InvalidModel) as caught:
            imports.correct(model.id, wrong)
        assert "\n" not in caught.value.message
    with pytest.raises(BoxwrightError, match="empty"):
        imports.correct(model.id, CardChanges(classes=("a", " ", "c")))
    assert application.models.get(model.id).card == changed.card


def test_a_correction_is_noted_with_who_and_what(application: Application, model: Model, caller: Caller) -> None:
    imports, audit = application.models.imports, application.audit
    before = len(audit.page(model.project_id).items)
    imports.correct(model.id, CardChanges(name="mine", score_threshold=0.4, classes=("a", "b", "star")), caller)
    entries = audit.page(model.project_id).items
    assert len(entries) == before + 1
    assert (entries[0].action, entries[0].subject, entries[0].user_name) == ("model.correct", model.id, caller.name)
    assert entries[0].detail == {
        "name": "my detector",
        "score_threshold": "0.25 → 0.4",
        "classes": "disc, square, star → a, b, star",
        "renamed": "my detector → mine",
    }
    imports.correct(model.id, CardChanges(name="mine"), caller)
    assert len(audit.page(model.project_id).items) == before + 1


def test_the_card_of_a_trained_model_is_exact(application: Application, model: Model, caller: Caller) -> None:
    job = application.submit(ExportRequest(project_id=model.project_id, format="coco"), caller)
    with application.uow.write() as tx:
        tx.models.update(model.id, job_id=job.id)
    imports = application.models.imports
    assert imports.correct(model.id, CardChanges(score_threshold=0.4)).card.score_threshold == 0.4
    with pytest.raises(Invalid) as caught:
        imports.correct(model.id, CardChanges(input=InputChanges(channels="rgb")))
    assert caught.value.code == "model_trained"


def torch_file() -> bytes:
    out = io.BytesIO()
    torch.save({"weight": torch.zeros(2)}, out)
    return out.getvalue()


class Evil:
    """Leaves a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["torch zip", "pickle", "zipped pickle", "old pickle", "text", "truncated"])
def test_other_files_are_refused_in_one_line_and_never_unpickled(
    application: Application, project_id: str, tmp_path: Path, upload: Callable[[], Path], kind: str
) -> None:
    trap = tmp_path / "trap"
    whole = upload().read_bytes()
    data = {
        "torch zip": torch_file(),
        "pickle": pickle.dumps(Evil(trap)),
        "zipped pickle": zipped(data_pkl=pickle.dumps(Evil(trap))),
        "old pickle": pickle.dumps(Evil(trap), protocol=0),
        "text": b"<html>not here</html>",
        "truncated": whole[: len(whole) // 2],
    }[kind]
    path = tmp_path / "model.upload"
    path.write_bytes(data)
    with pytest.raises(InvalidModel) as caught:
        application.models.imports.add(project_id, [("best.pt", path)], CardChanges())
    assert "\n" not in caught.value.message
    assert "ONNX" in caught.value.message
    assert not trap.exists()
    assert application.models.page(project_id).items == ()
    assert path.exists()  # the person may correct it or throw it away; what is left is swept


def test_what_nothing_recognises_is_added_once_a_person_says_how_to_read_it(
    application: Application, project_id: str, tmp_path: Path
) -> None:
    # Box as corner and size, then an objectness that is no probability by itself: no family answers like that.
    table = np.array([[[10, 20, 40, 40, 4.0, 3.0, -9.0], [70, 66, 40, 40, 4.0, -9.0, 2.0]]], np.float32)
    path = foreign_onnx.write(tmp_path / "x.upload", {"out": table}, picture=(1, 3, 128, 128))
    imports = application.models.imports
    look = imports.inspect(project_id, [("odd.onnx", path)], CardChanges())
    assert (look.confidence, look.trial) == ("unknown", None)
    with pytest.raises(InvalidModel, match="choose the decoder") as caught:
        imports.add(project_id, [("odd.onnx", path)], CardChanges())
    assert caught.value.code == "model_unknown"
    told = {"row": "box_scores", "format": "xywh", "scores": "logits", "objectness": "yes"}
    changes = CardChanges(decoder="custom", options=told, classes=("cat", "dog"))
    model = imports.add(project_id, [("odd.onnx", path)], changes)
    picture = tmp_path / "picture"
    picture.write_bytes(make_scene(1, size=(128, 128)).data)
    found = application.models.predict(model.id, picture).detections
    assert [(row.class_name, row.box) for row in found] == [
        ("cat", pytest.approx((10, 20, 50, 60), abs=0.01)),
        ("dog", pytest.approx((70, 66, 110, 106), abs=0.01)),
    ]


def refused(path: Path) -> InvalidModel:
    with pytest.raises(InvalidModel) as caught:
        examine(path, name="x")
    assert "\n" not in caught.value.message
    return caught.value


def test_a_loop_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_check, "CHECK_SECONDS", 4.0)
    assert refused(foreign_onnx.endless(tmp_path / "x.onnx")).code == "model_too_slow"


def test_memory_is_bounded(tmp_path: Path) -> None:
    refused(foreign_onnx.memory_bomb(tmp_path / "x.onnx"))


def test_operators_of_somebodys_own(tmp_path: Path) -> None:
    error = refused(foreign_onnx.custom_operator(tmp_path / "x.onnx"))
    assert (error.code, "evil.ops.Magic" in error.message) == ("model_custom_operators", True)


def test_weights_in_other_files(tmp_path: Path, upload: Callable[[], Path]) -> None:
    loaded = onnx.load(upload())
    tensor = loaded.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    path = tmp_path / "x.onnx"
    path.write_bytes(loaded.SerializeToString())
    assert refused(path).code == "model_external_data"


@pytest.mark.parametrize(
    "picture", [(1, 3, 100_000, 100_000), (1, 1, 64, 64), (8, 3, 64, 64), (1, 3), (1, 3, 9000, 64)]
)
def test_shapes_that_no_detector_has(tmp_path: Path, picture: tuple[int, ...]) -> None:
    refused(foreign_onnx.write(tmp_path / "x.onnx", KINDS["yolox"][1](TRUTH), picture=picture))


def test_the_child_gets_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upload: Callable[[], Path]) -> None:
    seen: dict[str, str] = {}
    run = model_check.subprocess.run

    def spy(*args: Any, **options: Any) -> Any:
        seen.update(options["env"])
        return run(*args, **options)

    monkeypatch.setenv("BOXWRIGHT_TOKEN", "secret")
    monkeypatch.setattr(model_check.subprocess, "run", spy)
    examine(upload(), name="x")
    assert "BOXWRIGHT_TOKEN" not in seen
    assert "PATH" in seen


def test_more_classes_than_the_card_names_is_said(application: Application, project_id: str, tmp_path: Path) -> None:
    path = foreign_onnx.write(tmp_path / "x.upload", KINDS["yolov10"][1](TRUTH), picture=(1, 3, 128, 128))
    with pytest.raises(Invalid, match="names 2 classes"):
        application.models.imports.add(project_id, [("x.onnx", path)], CardChanges(classes=("a", "b")))
