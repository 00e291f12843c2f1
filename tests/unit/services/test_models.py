from __future__ import annotations

import json
import pickle
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.architectures import StartingWeights
from boxwright.domain.cards import card_to_json
from boxwright.domain.clock import now
from boxwright.domain.corrections import CardChanges
from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, InvalidImage, InvalidModel, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.models import Model
from boxwright.domain.people import Caller
from boxwright.services.queue import enqueue, new_job
from scenes import make_scene
from tiny_onnx import tiny_card, write_tiny_onnx


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


@pytest.fixture
def project_id(application: Application, caller: Caller) -> str:
    return application.projects.create(caller, "shapes").id


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Make an archive of the tiny model; members given by name replace or join it, None leaves one out."""

    def make(**members: bytes | None) -> Path:
        onnx = write_tiny_onnx(tmp_path / "tiny.onnx").read_bytes()
        files = {"model_onnx": onnx, "card_json": json.dumps(card_to_json(tiny_card())).encode()} | members
        path = tmp_path / "model.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                if data is not None:
                    archive.writestr(name.replace("_", "."), data)
        return path

    return make


@pytest.fixture
def model(application: Application, project_id: str, caller: Caller, pack: Callable[..., Path]) -> Model:
    return application.models.import_archive(project_id, pack(), "tiny", caller)


def test_a_waiting_training_keeps_what_it_starts_from(
    application: Application, project_id: str, caller: Caller, model: Model, tmp_path: Path
) -> None:
    other = queued_training(application, project_id, caller, {"weights": model.id, "pretrained": None})
    with pytest.raises(Conflict, match=r"^the job 'Train' \(queued\) needs the model 'tiny'; .* cancel it"):
        application.models.delete(model.id, caller)
    application.jobs.cancel(other.id)
    application.models.delete(model.id, caller)

    file = tmp_path / "some.safetensors"
    file.write_bytes(b"weights")
    sha256 = application.blobs.put_file(file)
    start = StartingWeights(
        id=new_id(), name="a", model_type="d_fine", task="detect", architecture="dfine-n", source="upload",
        licence="Apache-2.0", sha256=sha256, bytes=7, created_at=now(),
    )  # fmt: skip
    with application.uow.write() as tx:
        tx.starting_weights.add(start)
    chosen = {"weights": None, "pretrained": {"id": start.id, "name": start.name, "sha256": sha256}}
    job = queued_training(application, project_id, caller, chosen)
    application.pretrained.delete(start.id)
    application.housekeeping.sweep(timedelta())
    work = tmp_path / "work"
    assert Path(str(application.training.start(job, work)["weights"])).read_bytes() == b"weights"
    application.blobs.delete(sha256)
    with pytest.raises(Invalid, match="no longer in the store; start the training anew") as caught:
        application.training.start(job, work)
    assert caught.value.code == "weights_missing"


def queued_training(application: Application, project_id: str, caller: Caller, start: dict[str, object]) -> Job:
    params = {"architecture": "wren-n", "hyper": {}, **start}
    with application.uow.write() as tx:
        return enqueue(tx, new_job("train", project_id, "Train", params, caller))


def test_a_model_travels_in_a_zip_and_back(
    application: Application, project_id: str, caller: Caller, model: Model, tmp_path: Path
) -> None:
    answer = application.models.archive(model.id)
    again = tmp_path / "again.zip"
    again.write_bytes(b"".join(answer.chunks))
    with zipfile.ZipFile(again) as archive:
        assert set(archive.namelist()) == {"README.md", "LICENSE.txt", "card.json", "model.onnx", "predict.py"}
        assert "| 0 | disc |" in archive.read("README.md").decode()
        assert "Apache License" in archive.read("LICENSE.txt").decode()
    other = application.models.import_archive(project_id, again, None, caller)
    assert (other.name, other.card.classes) == (model.name, model.card.classes)
    assert not again.exists()
    assert application.models.onnx(other.id).path == application.models.onnx(model.id).path
    assert [item.id for item in application.models.page(project_id).items] == [other.id, model.id]


def test_one_picture_is_answered_and_nothing_is_kept(application: Application, model: Model, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(make_scene(1, size=(128, 128)).data)
    answer = application.models.predict(model.id, path)
    assert (answer.image.width, answer.image.height) == (128, 128)
    assert [(row.class_name, round(row.score, 2), row.box) for row in answer.detections] == [
        ("disc", 0.9, (16.0, 16.0, 48.0, 48.0)),
        ("square", 0.4, (60.0, 60.0, 100.0, 120.0)),
    ]
    assert len(application.models.predict(model.id, path, score_threshold=0.5).detections) == 1
    path.write_bytes(b"no picture")
    with pytest.raises(InvalidImage):
        application.models.predict(model.id, path)


def test_eight_clients_get_the_same_answer(application: Application, model: Model, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(make_scene(1).data)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: application.models.predict(model.id, path), range(40)))
    assert len({repr(answer) for answer in answers}) == 1


def test_rename_and_delete(application: Application, model: Model) -> None:
    assert application.models.imports.correct(model.id, CardChanges(name=" better ")).name == "better"
    assert application.models.get(model.id).name == "better"
    with pytest.raises(BoxwrightError, match="empty"):
        application.models.imports.correct(model.id, CardChanges(name="  "))
    application.models.delete(model.id)
    with pytest.raises(NotFound):
        application.models.get(model.id)


def card_with(**values: object) -> bytes:
    return json.dumps(card_to_json(tiny_card()) | values).encode()


@pytest.mark.parametrize(
    "members",
    [
        {"model_onnx": None},
        {"card_json": None},
        {"model_onnx": b"no onnx at all"},
        {"model_onnx": b""},
        {"model_onnx": pickle.dumps([1, 2, 3])},
        {"weights_safetensors": pickle.dumps({"a": 1})},
        {"weights_safetensors": b"\xff" * 64},
        {"weights_safetensors": (100_000).to_bytes(8, "little") + b"[" * 100_000},
        {"evil_pkl": b"x"},
        {"card_json": b"[]"},
        {"card_json": b"{" * 100_000},
        {"card_json": card_with(classes=[])},
        {"card_json": card_with(decoder="mystery")},
        {"card_json": card_with(classes=[{"id": "a", "name": "half \ud800"}] * 2)},
        {"card_json": card_with(hyper={"lr": float("nan")})},
        {"card_json": card_with(input={"width": 10**9, "height": 64})},
        {"card_json": card_with(input={"width": 64, "height": 64, "std": [0, 0, 0]})},
        {"card_json": card_with(classes=[{"id": "a", "name": "one too few"}])},
    ],
    ids=lambda members: "-".join(f"{name}:{str(value)[:12]}" for name, value in members.items()),
)
def test_what_is_no_model_is_refused(
    application: Application,
    project_id: str,
    caller: Caller,
    pack: Callable[..., Path],
    members: dict[str, bytes | None],
) -> None:
    with pytest.raises(InvalidModel) as caught:
        application.models.import_archive(project_id, pack(**members), "x", caller)
    assert "\n" not in caught.value.message
    assert application.models.page(project_id).items == ()


def test_other_files_are_refused(application: Application, project_id: str, caller: Caller, tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(pickle.dumps({"model": 1}))
    with pytest.raises(InvalidModel):
        application.models.import_archive(project_id, path, "x", caller)
