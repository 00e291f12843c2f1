"""Variants of a model: made in a job, kept with it, chosen to predict, downloaded, swept with it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from apps import NO_METRICS
from boxwright.bootstrap import Application
from boxwright.domain.clock import now
from boxwright.domain.corrections import CardChanges, InputChanges
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.models import Model
from boxwright.domain.people import Caller
from boxwright.domain.requests import VariantsRequest
from boxwright.domain.variants import Precision, Variant
from boxwright.storage.repositories.variants import StoredVariant
from makers import box, changes, picture_file
from scenes import make_scene
from small_net import write_small_net
from tiny_onnx import tiny_card
from working import do


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


@pytest.fixture(scope="module")
def onnx_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_net(tmp_path_factory.mktemp("network"), replace(tiny_card(), score_threshold=0.001))[0]


@pytest.fixture
def model(application: Application, caller: Caller, onnx_file: Path, tmp_path: Path) -> Model:
    """A model in a project with one labelled picture in training and one in validation."""
    project_id = application.projects.create(caller, "shapes").id
    class_id = application.classes.add(project_id, ["disc"])[0].id
    for seed, split in enumerate(("train", "val")):
        source = picture_file(tmp_path, make_scene(seed).data)
        image = application.images.add(project_id, f"{split}.jpg", source, split).image
        application.annotations.apply_changes(image.id, changes(box(class_id, 10.0, 10.0, 30.0, 30.5)), caller)
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(onnx_file.read_bytes())
    return application.models.imports.add(project_id, [("tiny.onnx", copy)], CardChanges())


@pytest.fixture
def made(application: Application, caller: Caller, model: Model) -> Model:
    request = VariantsRequest(project_id=model.project_id, model_id=model.id)
    job = do(application, application.variants.submit(request, caller))
    assert (job.state, job.result) == ("succeeded", {"model_id": model.id, "split": "val"})
    return model


def blobs(application: Application, model: Model) -> dict[str, str]:
    with application.uow.read() as tx:
        return {name: tx.variants.file(model.id, name) for name in ("fp32", "fp16", "int8")}


def test_before_there_is_but_the_models_own_file(application: Application, caller: Caller, model: Model) -> None:
    found = application.variants.get(model.id)
    assert (found.serving, found.split, [(row.precision, row.bytes) for row in found.rows]) == (
        "fp32",
        None,
        [("fp32", model.onnx_bytes)],
    )
    with pytest.raises(NotFound, match="no int8 file") as caught:
        application.variants.serve(model.id, "int8", caller)
    assert caught.value.code == "variant_missing"
    with pytest.raises(Invalid, match="the test split has no labelled images"):
        application.variants.submit(
            VariantsRequest(project_id=model.project_id, model_id=model.id, split="test"), caller
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_is_chosen_predicts_and_is_kept(
    application: Application, caller: Caller, made: Model, tmp_path: Path
) -> None:
    table = application.variants.get(made.id)
    assert [row.precision for row in table.rows] == ["fp32", "fp16", "int8"]
    assert all(row.bytes and row.milliseconds and row.metrics and row.error is None for row in table.rows)
    (tmp_path / "picture").write_bytes(make_scene(1).data)
    answers = []
    for precision in ("fp32", "int8", "fp32"):
        assert application.variants.serve(made.id, precision, caller).serving == precision
        answers.append(application.models.predict(made.id, tmp_path / "picture", score_threshold=0.0).detections)
    assert answers[0] == answers[2] != answers[1]
    application.variants.serve(made.id, "fp16", caller)
    with application.uow.read() as tx:
        assert tx.variants.served(made.id) == blobs(application, made)["fp16"] != tx.models.files(made.id).onnx_sha256
        assert any(entry.action == "model.serve" for entry in tx.audit.page(made.project_id, None, 50).items)

    sizes = []
    for name in (None, "fp16", "int8"):
        answer = application.models.archive(made.id, name)
        assert (name or "tiny") in answer.name
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.chunks))) as archive:
            sizes.append(archive.getinfo("model.onnx").file_size)
    assert sizes == [row.bytes for row in application.variants.get(made.id).rows]
    application.housekeeping.sweep(timedelta(0))
    assert set(blobs(application, made).values()) <= set(application.blobs.all())
    application.models.imports.correct(made.id, CardChanges(input=InputChanges(placement="center")))
    found = application.variants.get(made.id)
    assert (found.serving, len(found.rows)) == ("fp32", 1)


def test_new_variants_take_the_place_of_old_ones(application: Application, model: Model) -> None:
    def keep(*names: Precision) -> None:
        rows = [
            StoredVariant(variant=Variant(precision=name, bytes=5, metrics=NO_METRICS), onnx_sha256="ab" * 32)
            for name in names
        ]
        with application.uow.write() as tx:
            tx.variants.replace(model.id, rows, split="val", job_id="job", created_at=now())

    keep("fp32", "fp16", "int8")
    with application.uow.write() as tx:
        tx.variants.serve(model.id, "int8")
        assert tx.models.serving(model.id).onnx_sha256 == "ab" * 32
    keep("fp32", "int8")
    found = application.variants.get(model.id)
    assert (found.serving, found.split, [row.precision for row in found.rows]) == ("int8", "val", ["fp32", "int8"])
    keep("fp32", "fp16")
    assert application.variants.get(model.id).serving == "fp32"
    with application.uow.read() as tx:
        assert tx.models.serving(model.id).onnx_sha256 == tx.models.files(model.id).onnx_sha256
        assert "ab" * 32 in set(tx.references.named())
