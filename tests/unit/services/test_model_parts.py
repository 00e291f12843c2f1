"""Models in several files: the triple of Darknet, and weights that Boxwright saved with their card."""

from __future__ import annotations

import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from boxwright.bootstrap import Application
from boxwright.domain.cards import card_to_json
from boxwright.domain.corrections import CardChanges, InputChanges
from boxwright.domain.errors import BoxwrightError, InvalidModel
from boxwright.domain.people import Caller
from boxwright.ml.export.weights import save_weights
from boxwright.ml.nets.wren.learner import WrenLearner
from boxwright.services.model_parts import Given
from darknet_nets import write_triple
from scenes import make_scene
from tiny_onnx import SIDE, tiny_card, write_tiny_onnx

# What is under test are files and child processes.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def project_id(application: Application) -> str:
    caller: Caller = application.access.ensure_local_user()
    return application.projects.create(caller, "shapes").id


def given(paths: list[Path]) -> list[Given]:
    return [(path.name, path) for path in paths]


def zipped(folder: Path, members: dict[str, Path | bytes]) -> list[Given]:
    path = folder / "model.upload"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    return [("street.zip", path)]


def test_a_darknet_triple_becomes_a_model(application: Application, project_id: str, tmp_path: Path) -> None:
    paths = write_triple(tmp_path)
    look = application.models.imports.inspect(project_id, given(paths), CardChanges())
    assert look.reasons == ("a Darknet detector (yolov4-tiny), written as ONNX",)
    assert (look.confidence, look.card.input.placement) == ("sure", "stretch")
    changes = CardChanges(input=InputChanges(placement="center"), licence="YOLO", score_threshold=0.01)
    model = application.models.imports.add(project_id, given(paths), changes)
    assert (model.name, model.architecture, model.card.decoder) == ("obj", "yolov4-tiny", "yolov5")
    assert [item.name for item in model.card.classes] == ["disc", "square", "ring"]
    assert not any(path.exists() for path in paths)
    (tmp_path / "picture").write_bytes(make_scene(1).data)
    answer = application.models.predict(model.id, tmp_path / "picture")
    assert answer.detections
    corrected = application.models.imports.correct(model.id, CardChanges(input=InputChanges(placement="stretch")))
    assert corrected.card.input.placement == "stretch"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["data"]


@pytest.mark.parametrize("names", [True, False])
def test_a_zip_of_the_triple(application: Application, project_id: str, tmp_path: Path, names: bool) -> None:
    cfg, texts, weights = write_triple(tmp_path, "yolov3-tiny")
    members: dict[str, Path | bytes] = {"backup/yolo-obj.cfg": cfg, "backup/yolo-obj_last.weights": weights}
    if names:
        members |= {"data/obj.names": texts, "data/obj.data": b"classes=3", "__MACOSX/x": b"\0"}
    model = application.models.imports.add(project_id, zipped(tmp_path, members), CardChanges())
    assert (model.name, model.architecture) == ("yolo-obj", "yolov3-tiny")
    assert model.card.classes[0].name == ("disc" if names else "class 0")


def refused(application: Application, project_id: str, files: list[Given]) -> str:
    with pytest.raises(BoxwrightError) as caught:
        application.models.imports.inspect(project_id, files, CardChanges())
    assert "\n" not in caught.value.message
    assert application.models.page(project_id).items == ()
    return caught.value.message


def test_sets_that_are_no_model(application: Application, project_id: str, tmp_path: Path) -> None:
    cfg, names, weights = write_triple(tmp_path)
    say = lambda files: refused(application, project_id, files)  # noqa: E731
    assert "choose its .cfg, its .weights and its .names together" in say(given([weights]))
    assert "the .weights is missing" in say(given([cfg, names]))
    assert "the .cfg is missing" in say(given([weights, names]))
    assert "two files .cfg: obj.cfg and obj.cfg" in say(given([cfg, weights, cfg]))
    assert "'a.jpg' is no part" in say([*given([cfg, weights]), ("a.jpg", names)])
    assert "kept" not in say([*given([cfg]), ("best.pt", weights)])
    names.write_text("only one\n")
    assert "has 1 names and the .cfg 3 classes" in say(given([cfg, names, weights]))
    weights.write_bytes(pickle.dumps({"a": 1}))
    assert "weights" in say(given([cfg, weights]))
    cfg.write_bytes(b"\0\xff")
    assert "the .cfg is no text" in say(given([cfg, weights]))


def test_a_zip_is_taken_apart_with_care(
    application: Application, project_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg, _, weights = write_triple(tmp_path)
    escape = {"../../obj.cfg": cfg, "/etc/obj.weights": weights}
    assert application.models.imports.inspect(project_id, zipped(tmp_path, escape), CardChanges()).card.name == "obj"
    assert not (tmp_path.parent / "obj.cfg").exists()
    bomb = {"obj.cfg": b"[net]\n" + bytes(2 << 20), "obj.weights": b"x"}
    assert "obj.cfg is larger than 1 MB" in refused(application, project_id, zipped(tmp_path, bomb))
    many = {"obj.cfg": b"[net]"} | {f"{n}.txt": b"" for n in range(1001)}
    assert "has 1002 files" in refused(application, project_id, zipped(tmp_path, many))


@pytest.fixture
def saved(tmp_path: Path) -> list[Path]:
    """Weights of a small network that nobody trained, with their card."""
    torch.manual_seed(1)
    learner = WrenLearner("wren-n", 2, SIDE)
    save_weights(learner.net, tmp_path / "weights.safetensors")
    (tmp_path / "card.json").write_text(json.dumps(card_to_json(replace(tiny_card(), score_threshold=0.4))))
    return [tmp_path / "weights.safetensors", tmp_path / "card.json"]


def test_weights_become_a_model_again(
    application: Application, project_id: str, tmp_path: Path, saved: list[Path]
) -> None:
    packed = zipped(tmp_path, {"a/weights.safetensors": saved[0], "a/card.json": saved[1], "a/README.md": b"hi"})
    model = application.models.imports.add(project_id, packed, CardChanges())
    assert (model.name, model.architecture, model.card.score_threshold) == ("tiny", "wren-n", 0.4)
    assert model.card.parameters > 100_000
    with application.uow.read() as tx:
        assert tx.models.files(model.id).weights_sha256 is not None
    (tmp_path / "picture").write_bytes(make_scene(1).data)
    application.models.predict(model.id, tmp_path / "picture")


def test_weights_that_are_no_model(
    application: Application, project_id: str, tmp_path: Path, saved: list[Path]
) -> None:
    assert "the card.json that says" in refused(application, project_id, given(saved[:1]))
    saved[1].write_text(json.dumps(card_to_json(replace(tiny_card(), architecture="mystery"))))
    assert "no architecture 'mystery'" in refused(application, project_id, given(saved))
    saved[0].write_bytes(pickle.dumps([1]))
    assert "no safetensors file" in refused(application, project_id, given(saved))


def test_an_archive_of_ours_stays_as_strict(application: Application, project_id: str, tmp_path: Path) -> None:
    onnx = write_tiny_onnx(tmp_path / "tiny.onnx")
    card = json.dumps(card_to_json(tiny_card())).encode()
    members: dict[str, Path | bytes] = {"model.onnx": onnx, "card.json": card, "obj.cfg": b"x"}
    with pytest.raises(InvalidModel, match=r"unexpected file 'obj\.cfg'"):
        application.models.imports.inspect(project_id, zipped(tmp_path, members), CardChanges())
