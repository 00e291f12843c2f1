"""Pretrained weights that people bring: which files are taken, and one line for each that is not."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from safetensors import safe_open
from safetensors.numpy import save_file

from apps import Headers
from boxwright.bootstrap import Application
from boxwright.domain.architectures import StartingWeights
from boxwright.domain.errors import BoxwrightError, InvalidModel
from boxwright.services.model_parts import Given

# What is under test are files.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CONFIG = {"model_type": "d_fine", "architectures": ["DFineForObjectDetection"]}
LICENCE, SOURCE = "CC-BY-4.0", "https://example.org/dfine"


def tensors(path: Path, header: dict[str, str] | None = None) -> Path:
    save_file({"a": np.arange(1000, dtype=np.float32)}, path, header)
    return path


def config(path: Path) -> Path:
    path.write_text(json.dumps(CONFIG))
    return path


def add(application: Application, files: list[Given], wanted: str | None = "dfine-s") -> StartingWeights:
    caller = application.access.ensure_local_user()
    project = application.projects.create(caller, "shapes").id
    return application.pretrained.add(project, files, caller, wanted=wanted, licence=LICENCE, source=SOURCE)


def given(*paths: Path) -> list[Given]:
    return [(path.name, path) for path in paths]


def as_zip(folder: Path) -> list[Given]:
    with zipfile.ZipFile(folder / "mine.zip", "w") as archive:
        archive.write(tensors(folder / "t"), "dfine/model.safetensors")
        archive.write(config(folder / "c"), "dfine/config.json")
        archive.writestr("dfine/pytorch_model.bin", b"\x80")
    return given(folder / "mine.zip")


def as_tar(folder: Path) -> list[Given]:
    with tarfile.open(folder / "mine.tar.gz", "w:gz") as archive:
        archive.add(tensors(folder / "t"), "model.safetensors")
        archive.add(config(folder / "c"), "config.json")
    return given(folder / "mine.tar.gz")


def as_files(folder: Path) -> list[Given]:
    return given(tensors(folder / "model.safetensors"), config(folder / "config.json"))


def as_trained_here(folder: Path) -> list[Given]:
    return given(tensors(folder / "last.safetensors", {"config": json.dumps(CONFIG), "licence": "an older one"}))


@pytest.mark.parametrize(
    ("brought", "name"),
    [(as_zip, "mine"), (as_tar, "mine"), (as_files, "D-FINE S"), (as_trained_here, "last")],
)
def test_files_that_are_taken(
    application: Application, tmp_path: Path, brought: Callable[[Path], list[Given]], name: str
) -> None:
    weights = add(application, brought(tmp_path))
    assert (weights.name, weights.architecture, weights.licence, weights.source) == (name, "dfine-s", LICENCE, SOURCE)
    assert application.pretrained.all() == (weights,)
    with safe_open(application.blobs.local_path(weights.sha256), "np") as file:
        header = file.metadata()
        assert file.get_tensor("a").tolist() == list(range(1000))
    assert json.loads(header["config"]) == CONFIG
    assert (header["licence"], header["source"]) == (LICENCE, SOURCE)


def pickle(folder: Path) -> list[Given]:
    (folder / "best.pt").write_bytes(b"\x80\x04}\x94.")
    return given(folder / "best.pt")


def zipped_pickle(folder: Path) -> list[Given]:
    with zipfile.ZipFile(folder / "best.pt", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x04}\x94.")
    return given(folder / "best.pt")


def cut(folder: Path) -> list[Given]:
    paths = as_files(folder)
    data = paths[0][1].read_bytes()
    paths[0][1].write_bytes(data[: len(data) // 2])
    return paths


def parts(folder: Path) -> list[Given]:
    names = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    return given(config(folder / "config.json"), *(tensors(folder / name) for name in names))


def wren(folder: Path) -> list[Given]:
    return given(tensors(folder / "weights.safetensors"))


def text(folder: Path) -> list[Given]:
    (folder / "notes.txt").write_text("nothing")
    return given(folder / "notes.txt")


def other_kind(folder: Path) -> list[Given]:
    (folder / "config.json").write_text(json.dumps({**CONFIG, "model_type": "bert"}))
    return given(tensors(folder / "model.safetensors"), folder / "config.json")


@pytest.mark.parametrize(
    ("brought", "wanted", "words"),
    [
        (pickle, "dfine-s", "the weights are a pickle"),
        (zipped_pickle, "dfine-s", "the weights are a pickle"),
        (cut, "dfine-s", "cut short; copy or save them again"),
        (parts, "dfine-s", "several parts"),
        (wren, "dfine-s", "config.json is missing"),
        (text, "dfine-s", "model.safetensors is missing"),
        (other_kind, "dfine-s", "'bert'"),
        (as_files, "rfdetr-n", "one of dfine-n, dfine-s, dfine-m, dfine-l; not for rfdetr-n"),
        (as_files, None, "say for which"),
    ],
)
def test_files_that_are_refused(
    application: Application, tmp_path: Path, brought: Callable[[Path], list[Given]], wanted: str | None, words: str
) -> None:
    with pytest.raises(BoxwrightError, match=words) as caught:
        add(application, brought(tmp_path), wanted)
    assert "\n" not in caught.value.message
    assert application.pretrained.all() == ()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("weights-")]


def test_a_header_that_lies_is_refused(application: Application, tmp_path: Path) -> None:
    with pytest.raises(InvalidModel, match="preprocessor in the header of the weights is no JSON"):
        add(
            application,
            given(tensors(tmp_path / "a.safetensors", {"config": json.dumps(CONFIG), "preprocessor": "{"})),
        )


def test_over_http_the_uploads_are_used_up(client: TestClient, admin: Headers, tmp_path: Path) -> None:
    project = client.post("/api/v1/projects", json={"name": "p"}, headers=admin).json()["id"]
    uploads = []
    for name, path in as_files(tmp_path):
        data = path.read_bytes()
        upload = client.post("/api/v1/uploads", json={"name": name, "size": len(data)}, headers=admin).json()["id"]
        sent = client.patch(f"/api/v1/uploads/{upload}", content=data, headers={**admin, "upload-offset": "0"})
        assert sent.is_success
        uploads.append(upload)
    body = {"upload_id": uploads[0], "more": uploads[1:], "architecture": "dfine-s", "licence": LICENCE}
    answer = client.post(f"/api/v1/projects/{project}/starting-weights", json=body, headers=admin)
    assert answer.status_code == 201, answer.text
    assert answer.json()["source"] == "upload"
    assert client.get("/api/v1/starting-weights", headers=admin).json() == [answer.json()]
    audit = client.get("/api/v1/audit", params={"project_id": project}, headers=admin).json()["items"]
    assert (audit[0]["action"], audit[0]["detail"]["licence"]) == ("weights.upload", LICENCE)
    assert {client.get(f"/api/v1/uploads/{upload}", headers=admin).status_code for upload in uploads} == {404}
