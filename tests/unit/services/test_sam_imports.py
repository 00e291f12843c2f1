"""Encoder and decoder of SAM as a model: recognised, used by the smart tool, and by nothing else."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from apps import Headers, bearer
from boxwright.bootstrap import Application
from boxwright.domain.assist import Prompt
from boxwright.domain.corrections import CardChanges
from boxwright.domain.errors import BoxwrightError, Invalid, InvalidModel
from boxwright.domain.models import Model
from boxwright.services.model_parts import Given
from sam_onnx import decoder, encoder
from scenes import make_scene
from tiny_onnx import write_tiny_onnx

# What is under test are files and child processes.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLICK = Prompt(inside=[(32.0, 32.0)])


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sam")
    encoder(made / "encoder.onnx")
    decoder(made / "decoder.onnx")
    write_tiny_onnx(made / "tiny.onnx")
    return made


@pytest.fixture
def project_id(application: Application) -> str:
    return application.projects.create(application.access.ensure_local_user(), "shapes").id


def copies(networks: Path, folder: Path, *names: str) -> list[Given]:
    """Uploads of these files; a name may say which file it is: `first.onnx=encoder.onnx`."""
    uploads = []
    for number, name in enumerate(names):
        shown, _, source = name.partition("=")
        path = folder / f"{number}.upload"
        shutil.copy(networks / (source or shown), path)
        uploads.append((shown, path))
    return uploads


def zipped(networks: Path, folder: Path, *names: str) -> list[Given]:
    path = folder / "sam.upload"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.write(networks / Path(name).name, name)
        archive.writestr("sam/._encoder.onnx", b"what macOS leaves")
        archive.writestr("sam/README.txt", b"read me")
    return [("sam2.1-tiny.zip", path)]


@pytest.fixture
def model(application: Application, project_id: str, networks: Path, tmp_path: Path) -> Model:
    given = copies(networks, tmp_path, "second.onnx=decoder.onnx", "first.onnx=encoder.onnx")
    return application.models.imports.add(project_id, given, CardChanges(name="SAM tiny", licence="Apache-2.0"))


def image_in(application: Application, project_id: str, folder: Path, seed: int = 1) -> str:
    path = folder / f"{seed}.incoming"
    path.write_bytes(make_scene(seed, size=(128, 128)).data)
    return application.images.add(project_id, f"{seed}.jpg", path).image.id


def ready(application: Application, image_id: str) -> None:
    until = time.monotonic() + 60
    while not application.assisting.prepare(image_id).ready:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_two_files_in_any_order_become_one_model_for_clicks(
    application: Application, project_id: str, model: Model, networks: Path, tmp_path: Path
) -> None:
    assert (model.name, model.task, model.card.licence, model.card.classes) == ("SAM tiny", "assist", "Apache-2.0", ())
    with application.uow.read() as tx:
        files = tx.models.files(model.id)
    kept = [application.models._blobs.local_path(str(item)) for item in (files.onnx_sha256, files.weights_sha256)]
    sources = [networks / name for name in ("encoder.onnx", "decoder.onnx")]
    assert [path.read_bytes() for path in kept] == [path.read_bytes() for path in sources]
    assert model.onnx_bytes == sum(path.stat().st_size for path in sources)
    assert application.models.page(project_id).items == ()
    assert application.models.page(project_id, assist=True).items == (model,)


def test_it_is_used_at_once_in_its_project_and_until_it_is_deleted(
    application: Application, project_id: str, model: Model, tmp_path: Path
) -> None:
    image = image_in(application, project_id, tmp_path)
    assert application.assisting.assistant(project_id).network == "ready"
    assert application.assisting.assistant(project_id).model == "SAM tiny"
    ready(application, image)
    assert application.assisting.segment(image, CLICK).method == "network"
    other = application.projects.create(application.access.ensure_local_user(), "others").id
    assert application.assisting.assistant(other).network == "none"
    assert not application.assisting.prepare(image_in(application, other, tmp_path)).ready
    with application.uow.read() as tx:
        files = tx.models.files(model.id)
    application.housekeeping.sweep(timedelta())
    kept = [application.models._blobs.local_path(str(item)) for item in (files.onnx_sha256, files.weights_sha256)]
    assert all(path.exists() for path in kept)
    application.models.delete(model.id)
    assert application.assisting.assistant(project_id).network == "none"
    assert application.assisting.segment(image, CLICK).method == "colours"


def test_a_zip_is_recognised_and_what_is_downloaded_comes_back(
    application: Application, project_id: str, model: Model, networks: Path, tmp_path: Path
) -> None:
    given = zipped(networks, tmp_path, "sam/decoder.onnx", "sam/encoder.onnx")
    look = application.models.imports.inspect(project_id, given, CardChanges())
    assert (look.confidence, look.card.task, look.card.name) == ("sure", "assist", "sam2.1-tiny")
    assert (look.card.licence, look.card.input.width) == ("unknown", 1024)
    assert {"image", "point_coords"} <= {item.name for item in look.inputs}
    packed = b"".join(application.models.archive(model.id).chunks)
    assert set(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == {
        "encoder.onnx", "decoder.onnx", "card.json", "LICENSE.txt",
    }  # fmt: skip
    (tmp_path / "again.upload").write_bytes(packed)
    again = application.models.imports.add(project_id, [("a.zip", tmp_path / "again.upload")], CardChanges())
    assert (again.name, again.task, again.card.licence) == ("SAM tiny", "assist", "Apache-2.0")


def refused(application: Application, project_id: str, given: list[Given]) -> str:
    with pytest.raises(BoxwrightError) as caught:
        application.models.imports.add(project_id, given, CardChanges())
    assert isinstance(caught.value, InvalidModel)
    assert "\n" not in caught.value.message
    assert application.models.page(project_id, assist=True).items == ()
    return caught.value.message


def test_halves_and_foreign_files_are_refused_in_words(
    application: Application, project_id: str, networks: Path, tmp_path: Path
) -> None:
    def say(*names: str) -> str:
        return refused(application, project_id, copies(networks, tmp_path, *names))

    assert "this is the encoder of SAM 2.1 or EdgeTAM; choose it together with its decoder" in say("encoder.onnx")
    assert "this is the decoder of SAM 2.1 or EdgeTAM; choose it together with its encoder" in say("decoder.onnx")
    assert "its encoder is missing" in say("decoder.onnx", "b.onnx=decoder.onnx")
    assert "neither takes clicks" in say("encoder.onnx", "tiny.onnx")
    assert "more than two ONNX files" in say("encoder.onnx", "decoder.onnx", "tiny.onnx")
    message = refused(application, project_id, zipped(networks, tmp_path, "encoder.onnx", "tiny.onnx"))
    assert "neither takes clicks" in message


def test_only_name_and_licence_can_be_changed(application: Application, model: Model) -> None:
    imports = application.models.imports
    changed = imports.correct(model.id, CardChanges(name="SAM", licence="MIT"))
    assert (changed.name, changed.card.licence, changed.task) == ("SAM", "MIT", "assist")
    assert imports.inspect_model(model.id, CardChanges()).card == changed.card
    for changes in (CardChanges(decoder="yolox"), CardChanges(score_threshold=0.4), CardChanges(classes=("a",))):
        with pytest.raises(Invalid, match="only name and licence can be changed"):
            imports.correct(model.id, changes)


@pytest.fixture
def admin(application: Application) -> Headers:
    return bearer(application.access.server_token())


def test_everything_that_needs_a_detector_refuses_it(
    application: Application, client: TestClient, admin: Headers, project_id: str, model: Model, tmp_path: Path
) -> None:
    image_in(application, project_id, tmp_path)
    application.classes.add(project_id, ["disc"])
    jobs = [
        {"kind": "train", "architecture": "wren-n", "weights": model.id},
        {"kind": "evaluate", "model_id": model.id},
        {"kind": "label", "model_id": model.id},
        {"kind": "variants", "model_id": model.id},
    ]
    answers = [client.post("/api/v1/jobs", json={**job, "project_id": project_id}, headers=admin) for job in jobs]
    answers += [
        client.post(f"/api/v1/models/{model.id}/predict", content=make_scene(1).data, headers=admin),
        client.post(f"/api/v1/projects/{project_id}/runs", json={"model_id": model.id}, headers=admin),
        client.put(f"/api/v1/models/{model.id}/serving", json={"precision": "fp32"}, headers=admin),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "model_assists"), answer.text
        assert "outlines what is clicked on in the editor" in answer.json()["title"]
    path = f"/api/v1/projects/{project_id}"
    assert client.get(f"{path}/models", headers=admin).json()["items"] == []
    assert len(client.get(f"{path}/models?assist=true", headers=admin).json()["items"]) == 1
    assert client.get(f"{path}/assist", headers=admin).json()["model"] == "SAM tiny"
    assert client.delete(f"/api/v1/models/{model.id}", headers=admin).status_code == 204
