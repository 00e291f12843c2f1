from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Conflict, NotFound
from boxwright.domain.people import Caller
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import ImportRequest
from importing import Desk
from makers import box, changes
from scenes import coco_document, coco_zip, make_scene
from working import do, uploaded


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return coco_zip(tmp_path / "shapes.zip", train=4, val=2, test=1)


def test_an_import_brings_pictures_splits_classes_and_annotations(desk: Desk, archive: Path) -> None:
    report = desk.load(archive)
    assert (report["images_added"], report["images_updated"], report["images_skipped"]) == (7, 0, 0)
    assert report["class_map"] == {"disc": "disc", "square": "square"}
    project = desk.app.projects.get(desk.project_id)
    assert (project.images, project.labeled, project.annotations) == (7, 7, report["annotations"])
    assert project.cover_image_id is not None
    pictures = desk.pictures()
    assert {item.split for item in pictures} == {"train", "val", "test"}
    first = next(item for item in pictures if item.name.endswith("train_0000.jpg"))
    assert (first.revision, first.state, first.width, first.height) == (1, "labeled", 128, 96)
    scene = make_scene(0)
    found = desk.app.annotations.get(first.id)
    assert found.revision == 1
    assert [item.geometry.bounds for item in found.annotations] == [item[1:] for item in scene.boxes]
    assert {item.source for item in found.annotations} == {"import"}
    assert desk.app.images.file(first.id).path.read_bytes() == make_scene(0, name=first.name).data
    (entry,) = desk.app.annotations.history(first.id).items
    assert len(entry.changes) == len(found.annotations)
    assert desk.app.annotations.apply_changes(first.id, changes(base(desk), base=1), desk.caller).revision == 2


def base(desk: Desk) -> Any:
    return box(desk.app.classes.list(desk.project_id)[0].id)


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk, archive: Path) -> None:
    upload_id = uploaded(desk.app, desk.caller, archive)
    planned = desk.load(archive, dry_run=True, upload_id=upload_id)
    assert planned["dry_run"]
    assert desk.pictures() == []
    assert desk.app.classes.list(desk.project_id) == ()
    real = desk.load(archive, upload_id=upload_id)
    assert real == planned | {"dry_run": False}
    with pytest.raises(NotFound):
        desk.app.uploads.get(upload_id, desk.caller)
    again = desk.load(archive, dry_run=True)
    assert (again["images_added"], again["images_updated"], again["images_skipped"]) == (0, 0, 7)


def test_importing_twice_changes_nothing(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    before = desk.app.projects.get(desk.project_id)
    report = desk.load(archive)
    assert (report["images_added"], report["images_updated"], report["images_skipped"]) == (0, 0, 7)
    assert desk.app.projects.get(desk.project_id).annotations == before.annotations


def test_policies_for_pictures_that_are_here(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    picture = next(item for item in desk.pictures() if item.name.endswith("train_0000.jpg"))
    mine = box(desk.app.classes.list(desk.project_id)[0].id, 1, 1, 9, 9)
    desk.app.annotations.apply_changes(picture.id, changes(mine, base=1), desk.caller)
    many = picture.annotations

    def count() -> int:
        return len(desk.app.annotations.get(picture.id).annotations)

    document = desk.document("a.json")
    assert desk.load(document, policy="skip")["images_skipped"] == 3
    assert count() == many + 1
    assert desk.load(document, policy="merge")["images_updated"] == 0
    assert count() == many + 1

    def shift(value: dict[str, Any]) -> None:
        value["annotations"] = [value["annotations"][0] | {"bbox": [2, 3, 4, 5]}]

    assert desk.load(desk.document("b.json", shift), policy="merge")["images_updated"] == 1
    assert count() == many + 2
    report = desk.load(desk.document("b.json", shift, count=1), policy="replace")
    assert report["images_updated"] == 1
    (left,) = desk.app.annotations.get(picture.id).annotations
    assert left.geometry.bounds == (2, 3, 6, 8)
    stored = desk.app.images.get(picture.id)
    assert (stored.annotations, stored.revision) == (1, desk.app.annotations.get(picture.id).revision)
    total = sum(item.annotations for item in desk.pictures())
    assert desk.app.projects.get(desk.project_id).annotations == total


def test_classes_are_renamed_united_and_dropped(desk: Desk, archive: Path) -> None:
    report = desk.load(archive, class_map={"disc": "shape", "square": "shape"})
    assert [item.name for item in desk.app.classes.list(desk.project_id)] == ["shape"]
    assert report["class_map"] == {"disc": "shape", "square": "shape"}
    other = Desk.__new__(Desk)
    other.app, other.folder, other.caller = desk.app, desk.folder, desk.caller
    other.project_id = desk.app.projects.create(desk.caller, "other").id
    other.load(archive, class_map={"disc": ""})
    assert [item.name for item in desk.app.classes.list(other.project_id)] == ["square"]


def test_annotations_without_pixels_find_their_picture_or_are_reported(desk: Desk, archive: Path) -> None:
    report = desk.load(desk.document("lonely.json"))
    assert (report["images_added"], report["images_skipped"]) == (0, 3)
    assert {item["code"] for item in report["problems"]} >= {"image_missing"}
    assert desk.pictures() == []


@pytest.mark.parametrize("policy", ["skip", "merge", "replace"])
def test_two_records_of_one_picture_that_is_here_are_one_problem(desk: Desk, archive: Path, policy: str) -> None:
    def twice(value: dict[str, Any]) -> None:
        value["images"][1]["file_name"] = f"elsewhere/{value['images'][0]['file_name']}"

    desk.load(archive)
    desk.load(desk.document("all.json"), policy="replace")
    report = desk.load(desk.document("twice.json", twice, count=2), policy=policy)
    assert "name_twice" in {item["code"] for item in report["problems"]}
    for picture in desk.pictures():
        assert picture.annotations == len(desk.app.annotations.get(picture.id).annotations)


def test_a_score_that_the_editor_would_refuse_is_left_out(desk: Desk, archive: Path) -> None:
    def score(value: dict[str, Any]) -> None:
        value["annotations"][0]["score"] = 7.5

    desk.load(archive)
    report = desk.load(desk.document("scored.json", score, count=1), policy="replace")
    assert "score_invalid" in {item["code"] for item in report["problems"]}
    found = [item for picture in desk.pictures() for item in desk.app.annotations.get(picture.id).annotations]
    assert all(item.score is None for item in found)


def test_a_picture_whose_name_nobody_could_type_is_reported(desk: Desk, tmp_path: Path) -> None:
    scenes = [make_scene(1, name="bell\u0007.jpg"), make_scene(2, name="good.jpg")]
    with zipfile.ZipFile(tmp_path / "names.zip", "w") as archive:
        archive.writestr("instances.json", json.dumps(coco_document(scenes)))
        for scene in scenes:
            archive.writestr(scene.name, scene.data)
    report = desk.load(tmp_path / "names.zip")
    assert (report["images_added"], report["images_skipped"]) == (1, 1)
    assert "name_invalid" in {item["code"] for item in report["problems"]}


def test_a_picture_of_another_size_under_the_same_name_is_left_alone(desk: Desk, archive: Path) -> None:
    desk.load(archive)

    def grow(value: dict[str, Any]) -> None:
        for item in value["images"]:
            item["width"] = 999

    report = desk.load(desk.document("grown.json", grow))
    assert report["images_skipped"] == 3
    assert "size_differs" in {item["code"] for item in report["problems"]}


def test_only_complete_uploads_of_the_caller_are_imported(desk: Desk, archive: Path) -> None:
    upload = desk.app.uploads.create(desk.caller, "a.zip", 10)
    request = ImportRequest(project_id=desk.project_id, upload_id=upload.id)
    with pytest.raises(Conflict):
        desk.app.imports.submit(request, desk.caller)
    somebody = Caller(id="0" * 8, name="x", admin=False, via="token")
    with pytest.raises(NotFound):
        desk.app.imports.submit(request, somebody)


def test_an_adoption_that_fails_leaves_nothing_and_can_be_repeated(
    desk: Desk, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boxwright.services.landing import Landing

    whole = Landing._write
    calls: list[int] = []

    def breaks(self: Landing, batch: Any) -> None:
        whole(self, batch)
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(Landing, "_write", breaks)
    upload_id = uploaded(desk.app, desk.caller, archive)
    request = ImportRequest(project_id=desk.project_id, upload_id=upload_id)
    job = desk.app.imports.submit(request, desk.caller)
    with pytest.raises(ZeroDivisionError):
        do(desk.app, job)
    assert desk.pictures() == []
    assert desk.app.classes.list(desk.project_id) == ()
    with desk.app.uow.write() as tx:
        tx.jobs.update(job.id, state="queued")
    assert do(desk.app, job).state == "succeeded"
    assert len(desk.pictures()) == 7


def test_predictions_wait_for_a_review(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    (picture, *_) = desk.pictures()
    place = {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["disc"]}
    sizes = {"original_width": picture.width, "original_height": picture.height}
    said = {"id": "r", "type": "rectanglelabels", "score": 0.8, "value": place, **sizes}
    task = {"id": 1, "data": {"image": picture.name}, "predictions": [{"model_version": "m", "result": [said]}]}
    path = desk.folder / "tasks.json"
    path.write_text(json.dumps([task]))
    report = desk.load(path, predictions=True)
    assert (report["proposals"], report["images_updated"]) == (1, 1)
    after = desk.app.images.get(picture.id)
    assert (after.annotations, after.proposals, after.state) == (picture.annotations, 1, "labeled")
    (waiting,) = [item for item in desk.app.annotations.get(picture.id).annotations if item.state == "proposal"]
    assert (waiting.source, waiting.score, waiting.attributes) == ("model", 0.8, {"model": "m"})
    assert desk.load(path, predictions=True)["images_updated"] == 0
    assert desk.load(path, predictions=True, policy="replace")["proposals"] == 1
    after = desk.app.images.get(picture.id)
    assert (after.annotations, after.proposals) == (0, 1)


def test_predictions_for_images_that_are_here_have_their_place_among_the_least_sure(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    first, second, *_ = sorted(desk.pictures(), key=lambda item: item.name)
    place: dict[str, Any] = {"y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["disc"]}

    def least_sure(x: int, *scores: float) -> list[str]:
        place["x"], tasks = x, []
        for number, (picture, score) in enumerate(zip((first, second), scores, strict=True)):
            sizes = {"original_width": picture.width, "original_height": picture.height}
            said = {"id": "r", "type": "rectanglelabels", "score": score, "value": place, **sizes}
            predictions = [{"model_version": "m", "result": [said]}]
            tasks.append({"id": number, "data": {"image": picture.name}, "predictions": predictions})
        path = desk.folder / "tasks.json"
        path.write_text(json.dumps(tasks))
        desk.load(path, predictions=True, policy="replace")
        page = desk.app.images.page(desk.project_id, ImageQuery(order="least_sure"))
        return [item.id for item in page.items]

    assert least_sure(10, 0.8, 0.3) == [second.id, first.id]
    assert least_sure(60, 0.1, 0.2) == [first.id, second.id]


def test_the_report_is_kept_as_files(desk: Desk, archive: Path) -> None:
    def far(value: dict[str, Any]) -> None:
        value["annotations"][0]["bbox"] = [5000, 5000, 2, 2]

    desk.load(archive)
    upload_id = uploaded(desk.app, desk.caller, desk.document("odd.json", far))
    options = {"class_map": {"disc": "round", "square": ""}, "dry_run": True}
    request = ImportRequest(project_id=desk.project_id, upload_id=upload_id, **options)  # type: ignore[arg-type]
    job = do(desk.app, desk.app.imports.submit(request, desk.caller))
    kept = json.loads(desk.app.jobs.file(job.id, "import-report.json").path.read_text())
    assert kept == (job.result or {})["report"]
    lines = desk.app.jobs.file(job.id, "import-report.txt").path.read_text().splitlines()
    assert lines[0] == "Look at a dataset: nothing was changed"
    assert {"class: disc -> round", "class: square -> (dropped)"} <= set(lines)
    assert [line for line in lines if line.startswith("odd.json") and line.endswith("(skipped)")]
