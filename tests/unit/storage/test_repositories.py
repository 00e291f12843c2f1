from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.clock import now
from boxwright.domain.detections import DetectionRow
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.geometry import Mask, Polygon, RotatedBox
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job, LogLine, Metric
from boxwright.domain.models import (
    ClassMetrics,
    ClassSamples,
    Evaluation,
    Metrics,
    Model,
    ModelCard,
    ModelInput,
)
from boxwright.domain.people import Caller
from boxwright.domain.predictions import Run, RunImage
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.models import ModelFiles
from boxwright.storage.repositories.runs import RunOutcome, StoredPicture
from boxwright.storage.tables import images
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, image_row, label, project

A, B = "a" * 64, "b" * 64


@pytest.fixture
def project_id(uow: UnitOfWork, caller: Caller) -> str:
    return project(uow, caller).id


def _job(project_id: str | None, kind: str = "train") -> Job:
    return Job(
        id=new_id(), kind=kind, project_id=project_id, state="queued", stopping="", title="t", phase="", done=0,
        total=1, seconds_left=None, attempt=0, params={"x": [1, "é"]}, result=None, error_code=None, error=None,
        created_by=None, created_at=now(), started_at=None, finished_at=None, heartbeat_at=None,
    )  # fmt: skip


def test_jobs(uow: UnitOfWork, project_id: str) -> None:
    train, export = _job(project_id), _job(project_id, "export")
    with uow.write() as tx:
        tx.jobs.add(train)
        tx.jobs.add(export)
        assert tx.jobs.get(train.id) == train
        queued = tx.jobs.oldest_queued(["train"])
        assert queued is not None
        assert queued.kind == "export"
        assert tx.jobs.oldest_queued(["train", "export"]) is None
        assert tx.jobs.update(train.id, only=("queued",), state="running", result={"a": 1})
        assert not tx.jobs.update(train.id, only=("queued",), state="running")
        assert [job.id for job in tx.jobs.in_state("running")] == [train.id]
        assert tx.jobs.get(train.id).result == {"a": 1}
        assert {job.id for job in tx.jobs.page(project_id).items} == {train.id, export.id}
        assert [job.id for job in tx.jobs.page(None, kind="export", state="queued").items] == [export.id]
        with pytest.raises(NotFound):
            tx.jobs.get(new_id())


def test_metrics_are_replaced_and_logs_appended(uow: UnitOfWork, project_id: str) -> None:
    job = _job(project_id)
    with uow.write() as tx:
        tx.jobs.add(job)
        tx.jobs.put_metrics(job.id, [Metric(step=1, name="loss", value=2.0), Metric(step=1, name="map", value=0.1)])
        tx.jobs.put_metrics(job.id, [Metric(step=1, name="loss", value=1.5), Metric(step=2, name="loss", value=1.0)])
        assert [(m.step, m.name, m.value) for m in tx.jobs.metrics(job.id)] == [
            (1, "loss", 1.5), (1, "map", 0.1), (2, "loss", 1.0),
        ]  # fmt: skip
        assert [m.step for m in tx.jobs.metrics(job.id, 1)] == [2]
        assert tx.jobs.last_log(job.id) == 0
        lines = [LogLine(number=n, level="info", message=f"line {n}", created_at=now()) for n in (1, 2, 3)]
        tx.jobs.add_log(job.id, lines)
        assert tx.jobs.last_log(job.id) == 3
        assert tx.jobs.log(job.id, 1) == tuple(lines[1:])
        assert tx.jobs.log(job.id, 0, limit=2) == tuple(lines[:2])


def _metrics() -> Metrics:
    row = ClassMetrics(
        class_id="c", name="RBC", instances=3, ap50_95=0.5, ap50=None, precision=1.0, recall=0.5, f1=0.6,
        best_threshold=0.3,
    )  # fmt: skip
    return Metrics(
        map50_95=0.5, map50=0.9, map75=None, map_small=None, map_medium=0.1, map_large=0.2, ar100=0.6, images=2,
        instances=3, per_class=(row,),
    )  # fmt: skip


def _model(project_id: str) -> Model:
    card = ModelCard(
        name="m", task="detect", architecture="wren-n", decoder="wren", input=ModelInput(width=320, height=320),
        classes=(ClassSamples(id="c", name="RBC", color="#E69F00", train=10, val=2),), parameters=5,
        licence="Apache-2.0", boxwright_version="0.1.0", created_at=now(), hyper={"epochs": 3},
    )  # fmt: skip
    return Model(
        id=new_id(), project_id=project_id, name="m", architecture="wren-n", task="detect", card=card,
        version_id=None, job_id=None, parent_id=None, onnx_bytes=1 << 33, created_at=now(), val=_metrics(),
    )  # fmt: skip


def test_models_and_evaluations(uow: UnitOfWork, project_id: str) -> None:
    model = _model(project_id)
    with uow.write() as tx:
        tx.models.add(model, ModelFiles(onnx_sha256=A, weights_sha256=B))
        assert tx.models.get(model.id) == model
        assert tx.models.files(model.id) == ModelFiles(onnx_sha256=A, weights_sha256=B)
        assert tx.models.serving(model.id) == (A, model.card, True)
        tx.models.update(model.id, name="n", test=_metrics())
        assert tx.models.get(model.id).test == _metrics()
        evaluation = Evaluation(
            id=new_id(), model_id=model.id, version_id=None, job_id=None, split="test", metrics=_metrics(),
            created_at=now(),
        )  # fmt: skip
        tx.models.add_evaluation(evaluation, project_id)
        assert tx.models.evaluations(model.id) == (evaluation,)
        assert tx.models.evaluation(evaluation.id) == evaluation
        assert tx.models.evaluation(new_id()) is None
        assert [item.name for item in tx.models.page(project_id, None, 10).items] == ["n"]
        assert tx.projects.get(project_id).models == 1
        assert {A, B} <= set(tx.references.named())
        tx.models.delete(model.id)
        assert tx.models.page(project_id, None, 10).items == ()
        assert tx.projects.owner("model", model.id) == project_id
        for read in (tx.models.get, tx.models.serving):
            with pytest.raises(NotFound):
                read(model.id)


def test_runs(uow: UnitOfWork, project_id: str) -> None:
    run = Run(
        id=new_id(), project_id=project_id, model_id=new_id(), model_name="m", job_id=None, name="r",
        score_threshold=0.05, iou_threshold=0.6, images=0, done=0, failed=0, created_at=now(),
    )  # fmt: skip
    rows = [
        RunImage(id=new_id(), run_id=run.id, position=n, name=f"{n}.jpg", width=10, height=10, image_id=None,
                 detections=None, error=None)
        for n in range(4)
    ]  # fmt: skip
    found = tuple(DetectionRow(class_id=0, class_name="RBC", score=s, box=(0.0, 1.0, 2.5, 3.0)) for s in (0.3, 0.7))
    with uow.write() as tx:
        tx.runs.add(run)
        assert tx.runs.next_position(run.id) == 0
        stored = [(row, StoredPicture(id=row.id, name=row.name, sha256=A, orientation=6)) for row in rows]
        assert tx.runs.add_images(stored) == 4
        assert tx.runs.next_position(run.id) == 4
        tx.runs.put_outcomes([
            RunOutcome(id=rows[0].id, detections=found),
            RunOutcome(id=rows[1].id, detections=()),
            RunOutcome(id=rows[2].id, detections=None, error="broken"),
        ])  # fmt: skip
        tx.runs.recount(run.id)
        counted = tx.runs.get(run.id)
        assert (counted.images, counted.done, counted.failed) == (4, 2, 1)
        assert tx.runs.image(rows[0].id).detections == found
        assert tx.runs.image(rows[1].id).detections == ()
        assert tx.runs.image(rows[2].id).error == "broken"
        assert [item.id for item in tx.runs.waiting(run.id)] == [rows[3].id]
        assert [item.id for item in tx.runs.images_page(run.id, None, 10, min_score=0.5).items] == [rows[0].id]
        assert tx.runs.picture(rows[0].id).orientation == 6
        assert tx.projects.owner("run_image", rows[0].id) == project_id
        tx.runs.delete(run.id)
        with pytest.raises(NotFound):
            tx.runs.image(rows[0].id)


def test_every_geometry_and_field_comes_back(uow: UnitOfWork, project_id: str) -> None:
    class_id = label(uow, project_id)
    shapes = (
        RotatedBox(cx=5.5, cy=5, w=3, h=2, angle=-0.7),
        Polygon(rings=(((0.0, 0.0), (9.0, 0.1), (5.0, 7.0)), ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0)))),
        Mask(width=4, height=3, counts=(2, 3, 7)),
    )
    full = box(
        class_id, 0.1, 0.2, 0.30000000000000004, 1e3, source="model", state="proposal", score=0.25, z=-3, crowd=True,
        attributes={"a": None, "b": 1.5, "c": "\u0000é"}, track_id="t", group_id="g", author_id="u", model_id="m",
        external_id="7",
    )  # fmt: skip
    all_of_them = [full, *(replace(full, id=new_id(), geometry=shape) for shape in shapes)]
    row = image_row(project_id, "a.jpg")
    with uow.write() as tx:
        tx.images.add(row)
        set_id = tx.annotations.default_set(project_id)
        assert tx.annotations.bulk_insert(project_id, set_id, [(row.id, item) for item in all_of_them]) == 4
        found = tx.annotations.of_image(row.id, set_id)
    assert sorted(found, key=lambda item: item.id) == sorted(all_of_them, key=lambda item: item.id)


def test_bulk_adoption_and_recount(uow: UnitOfWork, project_id: str) -> None:
    class_id = label(uow, project_id)
    rows = [
        replace(image_row(project_id, f"{n:04}.jpg", state="labeled"), annotations=2, revision=1) for n in range(600)
    ]
    with uow.write() as tx:
        set_id = tx.annotations.default_set(project_id)
        assert tx.images.bulk_insert((row, None) for row in rows) == 600
        pairs = ((row.id, box(class_id)) for row in rows for _ in range(2))
        assert tx.annotations.bulk_insert(project_id, set_id, pairs) == 1200
        tx.annotations.bulk_states(set_id, [(row.id, 1, "labeled", 2) for row in rows])
        tx.annotations.bulk_states(set_id, [(rows[0].id, 5, "labeled", 2)])
        tx.projects.recount(project_id, at=now())
        card = tx.projects.get(project_id)
        assert (card.images, card.labeled, card.annotations) == (600, 600, 1200)
        assert card.cover_image_id == rows[0].id
        assert tx.annotations.revision(rows[0].id, set_id) == 5
        assert len(tx.images.some(project_id, [row.id for row in rows])) == 600
        assert len(tx.images.names(project_id)) == 600
        assert sum(1 for _ in tx.images.all_living(project_id)) == 600


@given(st.text(max_size=60))
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        keyset.decode(cursor, (images.c.todo, images.c.name_nfc))


@given(st.integers(-(2**31) + 1, 2**31 - 1), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_cursor_comes_back(number: int, name: str) -> None:
    columns = (images.c.todo, images.c.name_nfc)
    assert keyset.decode(keyset.encode((number, name)), columns) == (number, name)


@pytest.mark.parametrize("values", [[True, "a"], [1, 2], [1], [1 << 40, "a"], [1, "\0"], [1, "\ud800"], [None, "a"]])
def test_a_cursor_of_the_wrong_kind_is_refused(values: list[object]) -> None:
    with pytest.raises(Invalid):
        keyset.decode(keyset.encode(values), (images.c.todo, images.c.name_nfc))  # type: ignore[arg-type]
