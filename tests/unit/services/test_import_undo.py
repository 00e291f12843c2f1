from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.annotations import ChangeSet, Delete, RunUndone
from boxwright.domain.comments import NewComment
from boxwright.domain.errors import Invalid
from boxwright.domain.ids import new_id
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageQuery
from boxwright.services.queue import new_job
from importing import Desk
from makers import box, changes
from scenes import coco_zip


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return coco_zip(tmp_path / "shapes.zip", train=4, val=2, test=1)


def undone(desk: Desk, job_id: str | None = None) -> RunUndone:
    job = job_id or desk.app.jobs.page(desk.project_id, kind="import", state=None, cursor=None, limit=1).items[0].id
    return desk.app.import_undo.undo(job, desk.caller)


def trash(desk: Desk) -> list[Image]:
    return list(desk.app.images.page(desk.project_id, ImageQuery(trash=True), None, 500).items)


def first(desk: Desk) -> Image:
    """The picture that is first in `Desk.document`."""
    return next(item for item in desk.pictures() if item.name.endswith("train_0000.jpg"))


def shapes(desk: Desk, image_id: str) -> list[tuple[str, tuple[float, ...]]]:
    found = desk.app.annotations.get(image_id).annotations
    return sorted((item.id, item.geometry.bounds) for item in found)


def counts(desk: Desk) -> tuple[int, int, int, dict[str, int]]:
    project = desk.app.projects.get(desk.project_id)
    return (
        project.images,
        project.labeled,
        project.annotations,
        {item.name: item.annotations for item in desk.app.classes.list(desk.project_id)},
    )


def counted(desk: Desk) -> tuple[int, int, int]:
    pictures = desk.pictures()
    labeled = sum(item.state != "unlabeled" for item in pictures)
    return len(pictures), labeled, sum(item.annotations for item in pictures)


def test_pictures_that_an_import_brought_go_to_the_trash_and_come_back(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    before, state = desk.pictures(), counts(desk)
    done = undone(desk)
    assert (done.trashed, done.kept_images, done.removed) == (7, 0, 0)
    assert desk.pictures() == []
    assert counts(desk)[:3] == (0, 0, 0)
    assert set(counts(desk)[3].values()) == {0}
    desk.app.images.bulk(desk.project_id, [item.id for item in trash(desk)], "restore", caller=desk.caller)
    assert [item.id for item in desk.pictures()] == [item.id for item in before]
    assert counts(desk) == state


def test_what_somebody_has_worked_on_stays(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    drawn, spoken, *others = desk.pictures()
    class_id = desk.app.classes.list(desk.project_id)[0].id
    desk.app.annotations.apply_changes(drawn.id, changes(box(class_id), base=1), desk.caller)
    said = NewComment(id=new_id(), text="look", x=None, y=None, annotation_id=None)
    desk.app.comments.add(spoken.id, said, desk.caller)
    done = undone(desk)
    assert (done.trashed, done.kept_images) == (5, 2)
    assert {item.id for item in desk.pictures()} == {drawn.id, spoken.id}
    assert {item.id for item in trash(desk)} == {item.id for item in others}
    assert counted(desk) == counts(desk)[:3]
    again = undone(desk)
    assert (again.trashed, again.kept_images) == (0, 2)
    job = desk.app.jobs.page(desk.project_id, kind="import", state=None, cursor=None, limit=1).items[0]
    assert job.result is not None
    assert job.result["undone_at"]


def shifted(value: dict[str, Any]) -> None:
    value["annotations"] = [{**item, "bbox": [2, 3, 4 + number, 5]} for number, item in enumerate(value["annotations"])]


@pytest.mark.parametrize("policy", ["merge", "replace"])
def test_pictures_that_were_here_are_as_they_were(desk: Desk, archive: Path, policy: str) -> None:
    desk.load(archive)
    pictures = desk.pictures()
    before, state = {item.id: shapes(desk, item.id) for item in pictures}, counts(desk)
    report = desk.load(desk.document("b.json", shifted), policy=policy)
    assert report["images_updated"] == 3
    done = undone(desk)
    assert (done.images, done.trashed, done.kept) == (3, 0, 0)
    assert done.restored == (done.removed if policy == "replace" else 0)
    assert {item.id: shapes(desk, item.id) for item in pictures} == before
    assert counts(desk) == state
    assert [item.split for item in desk.pictures()] == [item.split for item in pictures]
    assert undone(desk).images == 0


def test_an_annotation_that_somebody_changed_stays(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    picture = first(desk)
    old = {item.id for item in desk.app.annotations.get(picture.id).annotations}
    desk.load(desk.document("b.json", shifted, count=1), policy="replace")
    state = desk.app.annotations.get(picture.id)
    mine = state.annotations[0]
    moved = box(mine.class_id, 50, 50, 70, 70, id=mine.id)
    desk.app.annotations.apply_changes(picture.id, changes(moved, base=state.revision), desk.caller)
    done = undone(desk)
    assert (done.kept, done.restored) == (1, len(old))
    left = {item.id: item.geometry.bounds for item in desk.app.annotations.get(picture.id).annotations}
    assert left.keys() == old | {mine.id}
    assert left[mine.id] == (50, 50, 70, 70)
    assert counted(desk) == counts(desk)[:3]


def test_what_was_deleted_since_does_not_return_twice(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    picture = first(desk)
    before = shapes(desk, picture.id)
    desk.load(desk.document("b.json", shifted, count=1), policy="replace")
    state = desk.app.annotations.get(picture.id)
    gone = tuple(Delete(id=item.id) for item in state.annotations)
    one = ChangeSet(change_id=new_id(), base_revision=state.revision, changes=gone)
    desk.app.annotations.apply_changes(picture.id, one, desk.caller)
    assert undone(desk).restored == len(before)
    assert shapes(desk, picture.id) == before


def test_splits_and_the_word_that_a_picture_is_empty_return_too(desk: Desk, archive: Path) -> None:
    desk.load(archive)
    picture = first(desk)
    desk.app.images.bulk(desk.project_id, [picture.id], "move", split="none", caller=desk.caller)
    state = desk.app.annotations.get(picture.id)
    gone = tuple(Delete(id=item.id) for item in state.annotations)
    one = ChangeSet(change_id=new_id(), base_revision=state.revision, changes=gone)
    desk.app.annotations.apply_changes(picture.id, one, desk.caller)
    before, numbers = desk.app.images.get(picture.id), counts(desk)
    desk.load(desk.document("b.json", count=1), default_split="train")
    assert desk.app.images.get(picture.id).split == "train"
    undone(desk)
    after = desk.app.images.get(picture.id)
    assert (after.split, after.state, after.annotations) == (before.split, before.state, before.annotations)
    assert counts(desk) == numbers


def test_other_jobs_and_dry_runs_are_refused(desk: Desk, archive: Path) -> None:
    desk.load(archive, dry_run=True)
    with pytest.raises(Invalid) as caught:
        undone(desk)
    assert caught.value.code == "not_undoable"
    job = new_job("export", desk.project_id, "export", {}, desk.caller)
    with desk.app.uow.write() as tx:
        tx.jobs.add(job)
    with pytest.raises(Invalid):
        undone(desk, job.id)


def test_fields_that_an_import_brought_are_taken_back(desk: Desk, archive: Path) -> None:
    """What is here stays in a merge and gives way in a replacement; what somebody wrote since stays in the undoing."""

    def describe(value: dict[str, Any]) -> None:
        value["images"][0] |= {"author": "Ann", "title": "from the file"}

    desk.load(archive)
    desk.app.metadata.change(desk.project_id, {first(desk).id: {"title": "mine"}})
    said = desk.document("said.json", describe)
    desk.load(said, policy="merge")
    assert dict(first(desk).metadata) == {"title": "mine", "author": "Ann"}
    assert desk.load(said, policy="merge")["images_updated"] == 0
    undone(desk, last_but(desk, 1))
    assert dict(first(desk).metadata) == {"title": "mine"}
    desk.load(said, policy="replace")
    assert dict(first(desk).metadata) == {"title": "from the file", "author": "Ann"}
    desk.app.metadata.change(desk.project_id, {first(desk).id: {"author": "Bob"}})
    undone(desk)
    assert dict(first(desk).metadata) == {"title": "mine", "author": "Bob"}


def last_but(desk: Desk, number: int) -> str:
    return desk.app.jobs.page(desk.project_id, kind="import", state=None, cursor=None, limit=9).items[number].id
