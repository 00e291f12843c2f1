"""Evaluations with their quality reports: measured, kept, read page by page, swept, over HTTP too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from apps import Headers, local_client
from boxwright.bootstrap import Application
from boxwright.domain.clock import now
from boxwright.domain.corrections import CardChanges
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.models import Evaluation
from boxwright.domain.people import Caller
from boxwright.domain.quality import OutcomeQuery
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import EvaluateRequest
from makers import box, changes, picture_file
from scenes import make_scene
from tiny_onnx import write_tiny_archive
from working import do

TWICE = ("test1.jpg", "test2.jpg")


class Desk:
    """Pictures of 128 x 128, where the tiny model always finds a disc at 16..48 and, less surely, a square below."""

    def __init__(self, app: Application, folder: Path, caller: Caller) -> None:
        self.app, self.caller = app, caller
        self.project_id = app.projects.create(caller, "shapes").id
        self.disc, self.square = (item.id for item in app.classes.add(self.project_id, ["disc", "square"]))
        for split, count in (("test", 5), ("val", 1)):
            for number in range(count):
                data = make_scene(number + (split == "val") * 9, size=(128, 128)).data
                name = f"{split}{number}.jpg"
                image = app.images.add(self.project_id, name, picture_file(folder, data), split).image  # type: ignore[arg-type]
                # Always the disc; the place of the square holds a disc on every other picture, nothing on the others.
                wrong = [box(self.disc, 60, 60, 100, 120)] if number % 2 else []
                app.annotations.apply_changes(image.id, changes(box(self.disc, 16, 16, 48, 48), *wrong), caller)
        archive = write_tiny_archive(folder / "tiny.zip")
        self.model_id = app.models.imports.add(self.project_id, [("tiny.zip", archive)], CardChanges(), caller).id

    def evaluate(self, split: str = "test") -> Evaluation:
        request = EvaluateRequest(project_id=self.project_id, model_id=self.model_id, split=split)  # type: ignore[arg-type]
        job = do(self.app, self.app.evaluation.submit(request, self.caller))
        assert job.result is not None
        found = self.app.models.evaluation(str(job.result["evaluation_id"]))
        assert found is not None
        return found


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path, application.access.ensure_local_user())


def test_a_report_is_kept_with_its_evaluation(desk: Desk) -> None:
    evaluation = desk.evaluate()
    report = desk.app.reports.get(evaluation.id)
    assert (report.images, report.true_positives, report.false_positives, report.false_negatives) == (5, 5, 5, 2)
    cells = {(cell.truth, cell.found): cell.count for cell in report.confusions}
    assert cells == {(desk.disc, desk.disc): 5, (desk.disc, desk.square): 2, (None, desk.square): 3}
    assert {item.kind: item.count for item in report.errors if item.count} == {"classification": 2, "background": 3}
    assert [item.threshold for item in report.classes] == [0.25, 0.25]


def test_pictures_behind_a_figure_come_in_pages(desk: Desk) -> None:
    evaluation, seen, cursor = desk.evaluate(), [], None
    query = OutcomeQuery(truth="background", found=desk.square)
    while True:
        page = desk.app.reports.images(evaluation.id, query, cursor, limit=2)
        seen += [item.name for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["test0.jpg", "test2.jpg", "test4.jpg"]
    missed = desk.app.reports.images(evaluation.id, OutcomeQuery(outcome="fn", class_id=desk.disc)).items
    assert [item.name for item in missed] == ["test1.jpg", "test3.jpg"]
    assert len(desk.app.reports.images(evaluation.id, OutcomeQuery(), limit=3).items) == 3
    for cursor in ("7", "x", "99999999", "-1"):
        with pytest.raises(Invalid, match="cursor"):
            desk.app.reports.images(evaluation.id, query, cursor)
    with pytest.raises(Invalid, match="one thing"):
        desk.app.reports.images(evaluation.id, OutcomeQuery(outcome="tp", kind="missed"))


def test_a_report_goes_with_its_model_and_not_before(desk: Desk) -> None:
    evaluation = desk.evaluate()
    assert evaluation.report_sha256 is not None
    desk.app.housekeeping.sweep(timedelta())
    assert desk.app.blobs.exists(evaluation.report_sha256)
    desk.app.models.delete(desk.model_id, desk.caller)
    desk.app.housekeeping.sweep(timedelta())
    assert not desk.app.blobs.exists(evaluation.report_sha256)


def test_later_evaluations_look_for_what_the_model_learned_from(desk: Desk, tmp_path: Path) -> None:
    assert desk.app.reports.get(desk.evaluate().id).twins is None  # nobody knows where this model comes from
    moved, copied = (item for item in desk.app.images.page(desk.project_id, ImageQuery()).items if item.name in TWICE)
    for image in (moved, copied):
        desk.app.images.update(image.id, split="train")
    version = desk.app.versions.create(desk.project_id, None, desk.caller)
    with desk.app.uow.write() as tx:
        tx.models.update(desk.model_id, version_id=version.id)
    # What was learned is moved back to test, and a copy of it comes there under another name.
    desk.app.images.update(moved.id, split="test")
    again = picture_file(tmp_path, desk.app.blobs.local_path(copied.sha256).read_bytes())
    copy = desk.app.images.add(desk.project_id, "copy.jpg", again, "test").image
    desk.app.annotations.apply_changes(copy.id, changes(box(desk.disc, 16, 16, 48, 48)), desk.caller)
    evaluation = desk.evaluate()
    twins = desk.app.reports.get(evaluation.id).twins
    assert twins is not None
    assert {(pair.image_id, pair.twin_id) for pair in twins.pairs} == {(moved.id, moved.id), (copy.id, copied.id)}
    assert twins.images == 2
    result = desk.app.jobs.get(str(evaluation.job_id)).result
    assert result is not None
    assert result["twins"] == {"test": 2}
    assert desk.app.reports.get(desk.evaluate("train").id).twins is None  # it is what was learned


def test_an_evaluation_from_before_says_so(desk: Desk) -> None:
    old = Evaluation(
        id="0" * 32, model_id=desk.model_id, version_id=None, job_id=None, split="test",
        metrics=desk.evaluate().metrics, created_at=now(),
    )  # fmt: skip
    with desk.app.uow.write() as tx:
        tx.models.add_evaluation(old, desk.project_id)
    with pytest.raises(NotFound, match="evaluate the model again") as caught:
        desk.app.reports.get(old.id)
    assert caught.value.code == "report_missing"


def test_validation_teaches_the_operating_scores(desk: Desk) -> None:
    desk.evaluate("val")
    card = desk.app.models.get(desk.model_id).card
    assert [item.threshold for item in card.classes] == [pytest.approx(0.9), None]
    report = desk.app.reports.get(desk.evaluate("test").id)
    assert [item.threshold for item in report.classes] == [pytest.approx(0.9), 0.25]


def test_over_http(desk: Desk, admin: Headers) -> None:
    evaluation = desk.evaluate()
    client: TestClient = local_client(desk.app)
    report = client.get(f"/api/v1/evaluations/{evaluation.id}/report", headers=admin).json()
    assert report["images"] == 5
    assert len(report["classes"][0]["f1"]) == 101
    path = f"/api/v1/evaluations/{evaluation.id}/images"
    page = client.get(path, params={"kind": "classification", "limit": 1}, headers=admin).json()
    assert page["items"][0]["name"] == "test1.jpg"
    (item,) = page["items"]
    assert item["truths"][item["detections"][1]["truth"]]["box"] == [60, 60, 100, 120]
    assert page["next_cursor"]
    mixed = client.get(path, params={"outcome": "tp", "kind": "missed"}, headers=admin)
    assert (mixed.status_code, mixed.json()["code"]) == (422, "query_mixed")
    assert client.get(path, params={"kind": "odd"}, headers=admin).status_code == 422
