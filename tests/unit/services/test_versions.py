from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import ImageRecord, content_hash, read_header, read_records
from boxwright.domain.people import Caller
from boxwright.services.annotations import Annotations
from boxwright.services.classes import Classes
from boxwright.services.housekeeping import Housekeeping
from boxwright.services.images import Images
from boxwright.services.inputs import Inputs
from boxwright.services.queue import new_job
from boxwright.services.versions import Versions
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, label, picture_file, project
from scenes import make_scene
from stores import Heard


class Shelf:
    """A project with three pictures, two of them labelled."""

    def __init__(self, uow: UnitOfWork, caller: Caller, blobs: ObjectBlobs, folder: Path) -> None:
        self.uow, self.caller, self.blobs, self.folder = uow, caller, blobs, folder
        self.images = Images(uow, blobs, folder / "cache")
        self.service = Versions(uow, blobs, folder / "scratch")
        self.inputs = Inputs(uow, blobs)
        self.annotations = Annotations(uow)
        self.project_id = project(uow, caller).id
        self.class_ids = [label(uow, self.project_id, name) for name in ("RBC", "WBC")]
        self.pictures = [self.add(name, seed, split) for seed, (name, split) in enumerate(PICTURES.items())]
        for row in self.pictures[:2]:
            shapes = box(self.class_ids[1], external_id="7"), box(self.class_ids[0], z=-1, crowd=True)
            self.annotations.apply_changes(row, changes(*shapes), caller)
        self.keeper = Housekeeping(uow, blobs, self.images.previews, folder / "uploads", trash_days=30)

    def locate(self, records: Iterable[ImageRecord]) -> Iterator[ImageRecord]:
        job = new_job("train", self.project_id, "", {}, self.caller)
        with self.uow.write() as tx:
            tx.jobs.add(job)  # where fetching takes longer than a second, its progress is written down
        return self.inputs.locator(job, self.folder / "job" / "work")(records)

    def add(self, name: str, seed: int, split: str) -> str:
        source = picture_file(self.folder, make_scene(seed).data)
        return self.images.add(self.project_id, name, source, split).image.id  # type: ignore[arg-type]

    def age(self) -> None:
        """Make every blob look old."""
        for sha256 in self.blobs.all():
            os.utime(self.blobs.local_path(sha256), (0, 0))


PICTURES = {"b.jpg": "train", "a.jpg": "val", "c.jpg": "test"}


@pytest.fixture
def shelf(uow: UnitOfWork, caller: Caller, blobs: ObjectBlobs, tmp_path: Path) -> Shelf:
    return Shelf(uow, caller, blobs, tmp_path)


def test_a_version_holds_the_project_as_it_is(shelf: Shelf, tmp_path: Path, heard: Heard) -> None:
    version = shelf.service.create(shelf.project_id, None, shelf.caller)
    assert (version.name, version.images, version.annotations) == ("Version 1", 3, 4)
    assert (version.train, version.val, version.test) == (1, 1, 1)
    assert version.created_by == shelf.caller.id
    assert heard.topics[-1] == "version"
    path = tmp_path / "manifest.jsonl"
    shelf.service.write_manifest(version.id, path, shelf.locate)
    header, records = read_header(path), list(read_records(path))
    assert header.content_hash == version.content_hash == content_hash(header, records)
    assert [item.name for item in header.classes] == ["RBC", "WBC"]
    assert [record.name for record in records] == ["a.jpg", "b.jpg", "c.jpg"]
    assert [shape.class_index for shape in records[0].annotations] == [0, 1]
    assert records[0].annotations[0].crowd
    assert records[0].annotations[1].external_id == "7"
    for record in records:
        assert record.path is not None
        assert Path(record.path).read_bytes() == make_scene([*PICTURES].index(record.name)).data


def test_equal_content_is_the_same_version(shelf: Shelf) -> None:
    first = shelf.service.create(shelf.project_id, "first", shelf.caller)
    assert shelf.service.create(shelf.project_id, "second", shelf.caller) == first
    shelf.images.update(shelf.pictures[2], split="train")
    other = shelf.service.create(shelf.project_id, None, shelf.caller)
    assert other.content_hash != first.content_hash
    assert other.name == "Version 2"
    shelf.images.update(shelf.pictures[2], split="test")
    assert shelf.service.create(shelf.project_id, None, shelf.caller) == first
    assert [item.id for item in shelf.service.page(shelf.project_id).items] == [other.id, first.id]


def test_everything_that_matters_changes_the_hash(shelf: Shelf) -> None:
    def state() -> str:
        return shelf.service.create(shelf.project_id, None, shelf.caller).content_hash

    seen = {state()}
    shelf.annotations.apply_changes(shelf.pictures[0], changes(box(shelf.class_ids[0]), base=1), shelf.caller)
    seen.add(state())
    Classes(shelf.uow).update(shelf.class_ids[0], name="Red")
    seen.add(state())
    shelf.images.update(shelf.pictures[2], state="empty")
    seen.add(state())
    shelf.images.bulk(shelf.project_id, shelf.pictures[:1], "trash")
    seen.add(state())
    assert len(seen) == 5


def test_proposals_are_left_out(shelf: Shelf, tmp_path: Path) -> None:
    guess = box(shelf.class_ids[0], state="proposal", source="model")
    shelf.annotations.apply_changes(shelf.pictures[2], changes(guess), shelf.caller)
    assert shelf.service.create(shelf.project_id, None, shelf.caller).annotations == 4


def test_only_some_splits(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.service.create(shelf.project_id, None, shelf.caller)
    shelf.service.write_manifest(version.id, tmp_path / "m", shelf.locate, splits=("train", "val"))
    assert [record.split for record in read_records(tmp_path / "m")] == ["val", "train"]


def test_an_empty_project_has_no_version(uow: UnitOfWork, caller: Caller, blobs: ObjectBlobs, tmp_path: Path) -> None:
    service = Versions(uow, blobs, tmp_path / "scratch")
    with pytest.raises(Invalid) as caught:
        service.create(project(uow, caller).id, None, caller)
    assert caught.value.code == "project_empty"
    for call in (service.get, service.page):
        with pytest.raises(NotFound):
            call(new_id())


def test_a_version_stays_what_it_was(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.service.create(shelf.project_id, None, shelf.caller)
    shelf.images.bulk(shelf.project_id, shelf.pictures, "trash")
    shelf.images.bulk(shelf.project_id, shelf.pictures, "delete")
    shelf.age()
    assert shelf.keeper.sweep() == 0
    shelf.service.write_manifest(version.id, tmp_path / "m", shelf.locate)
    assert all(record.path for record in read_records(tmp_path / "m"))


def test_blobs_go_when_nothing_needs_them(shelf: Shelf, engine: Engine) -> None:
    shelf.images.thumbnail(shelf.pictures[0], 160)
    shelf.images.bulk(shelf.project_id, shelf.pictures[:1], "trash")
    shelf.age()
    assert shelf.keeper.sweep() == 0  # in the trash is not gone
    shelf.images.bulk(shelf.project_id, shelf.pictures[:1], "delete")
    assert shelf.keeper.sweep(grace=timedelta(days=36500)) == 0
    assert shelf.keeper.sweep() == 1
    assert len(list(shelf.blobs.all())) == 2
    assert not list((shelf.folder / "cache").rglob("*.webp"))


def test_bytes_that_were_stored_again_a_moment_ago_stay(shelf: Shelf) -> None:
    shelf.images.bulk(shelf.project_id, shelf.pictures[:1], "trash")
    shelf.images.bulk(shelf.project_id, shelf.pictures[:1], "delete")
    shelf.age()
    shelf.blobs.put_bytes(make_scene(0).data)  # its row is still to come
    assert shelf.keeper.sweep() == 0


def test_a_job_that_names_a_blob_keeps_it(shelf: Shelf, engine: Engine) -> None:
    kept, lost = shelf.blobs.put_bytes(b"export"), shelf.blobs.put_bytes(b"nobody")
    with engine.begin() as connection:
        values = "'j','export','succeeded','','','',0,0,0,'{}','{\"files\":{\"export\":\"" + kept + "\"}}','now'"
        connection.execute(
            text(
                "INSERT INTO jobs (id,kind,state,stopping,title,phase,done,total,attempt,params,result,created_at)"
                f" VALUES ({values})".replace(":", "\\:")
            )
        )
    shelf.age()
    assert shelf.keeper.sweep() == 1
    assert shelf.blobs.exists(kept)
    assert not shelf.blobs.exists(lost)


def test_nothing_is_swept_while_a_manifest_cannot_be_read(shelf: Shelf) -> None:
    version = shelf.service.create(shelf.project_id, None, shelf.caller)
    with shelf.uow.read() as tx:
        shelf.blobs.delete(tx.versions.manifest(version.id))
    shelf.blobs.put_bytes(b"nobody")
    shelf.age()
    assert shelf.keeper.sweep() == 0


def test_old_trash_and_abandoned_uploads_go(shelf: Shelf, engine: Engine) -> None:
    from boxwright.services.projects import Projects
    from boxwright.services.uploads import Uploads

    uploads = Uploads(shelf.uow, shelf.folder / "uploads")
    upload = uploads.create(shelf.caller, "a.zip", 5)
    shelf.images.bulk(shelf.project_id, shelf.pictures[:1], "trash")
    other = project(shelf.uow, shelf.caller, "other")
    label(shelf.uow, other.id)
    Projects(shelf.uow).delete(other.id, "other")
    assert shelf.keeper.empty_trash() == 0
    assert shelf.keeper.drop_uploads() == 0
    with engine.begin() as connection:
        connection.execute(text("UPDATE images SET deleted_at = '2020' WHERE deleted_at IS NOT NULL"))
        connection.execute(text("UPDATE projects SET deleted_at = '2020' WHERE deleted_at IS NOT NULL"))
        connection.execute(text("UPDATE uploads SET updated_at = '2020'"))
    shelf.age()
    assert shelf.keeper.run() == 1
    with pytest.raises(NotFound):
        shelf.images.get(shelf.pictures[0])
    with pytest.raises(NotFound):
        Projects(shelf.uow).restore(other.id)
    with pytest.raises(NotFound):
        uploads.get(upload.id, shelf.caller)
    assert list((shelf.folder / "uploads").iterdir()) == []


def test_a_project_with_annotations_can_be_removed(shelf: Shelf, engine: Engine) -> None:
    from boxwright.services.projects import Projects

    shelf.service.create(shelf.project_id, None, shelf.caller)
    Projects(shelf.uow).delete(shelf.project_id, "cells")
    with engine.begin() as connection:
        connection.execute(text("UPDATE projects SET deleted_at = '2020'"))
    shelf.age()
    assert shelf.keeper.run() == 4
    with engine.connect() as connection:
        for table in ("projects", "images", "annotations", "label_classes", "change_log", "dataset_versions"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
