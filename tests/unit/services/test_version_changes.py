"""Versions compared and brought back on both databases; nothing is lost on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.annotations import Annotation
from boxwright.domain.differences import Changes
from boxwright.domain.errors import NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from makers import box, changes, picture_file
from scenes import make_scene


class Shelf:
    """A project with four pictures, two of them labelled, and its first version."""

    def __init__(self, app: Application, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.caller: Caller = app.access.ensure_local_user()
        self.id = app.projects.create(self.caller, "cells").id
        self.cat, self.dog = (item.id for item in app.classes.add(self.id, ["cat", "dog"]))
        self.a, self.b, self.c, self.d = (self.add(name, seed) for seed, name in enumerate("abcd"))
        self.first, self.second = box(self.cat), box(self.dog, 40, 40, 60, 60)
        self.save(self.a, self.first, self.second)
        self.save(self.b, box(self.cat, attributes={"note": "x"}))
        app.images.update(self.c, state="empty", tags=["night"], split="val", caller=self.caller)
        app.metadata.change(self.id, {self.a: {"title": "first"}, self.c: {"title": "c", "author": "x"}})
        self.version = app.versions.create(self.id, "first", self.caller).id

    def add(self, name: str, seed: int) -> str:
        return self.app.images.add(self.id, f"{name}.jpg", picture_file(self.folder, make_scene(seed).data)).image.id

    def save(self, image: str, *items: Annotation | str) -> None:
        base = self.app.images.get(image).revision
        self.app.annotations.apply_changes(image, changes(*items, base=base), self.caller)

    def pictures(self) -> dict[str, Image]:
        with self.app.uow.read() as tx:
            return {image.name: image for image, _ in tx.images.all_living(self.id)}

    def content(self) -> str:
        """The hash of all that a version says of the project now."""
        return self.app.versions.create(self.id, None, self.caller).content_hash

    def counted(self) -> None:
        """See that the counts that are kept are those that a count anew gives."""
        kept = self.app.projects.get(self.id), self.app.projects.counts(self.id)
        with self.app.uow.write() as tx:
            tx.projects.recount(self.id, at=kept[0].updated_at)
        assert (self.app.projects.get(self.id), self.app.projects.counts(self.id)) == kept

    def work(self) -> None:
        """Change everything that can change."""
        moved = box(self.cat, 11, 10, 31, 30, id=self.first.id)
        self.save(self.a, moved, self.second.id, box(self.dog, 1, 1, 9, 9))
        self.app.images.update(self.c, state="unlabeled", tags=["day"], split="test", caller=self.caller)
        self.app.images.bulk(self.id, [self.b], "trash", caller=self.caller)
        self.save(self.d, box(self.dog))
        self.app.images.update(self.d, name="renamed.jpg", caller=self.caller)
        self.add("e", 9)


@pytest.fixture
def shelf(application: Application, tmp_path: Path) -> Shelf:
    return Shelf(application, tmp_path)


def test_versions_tell_what_came_went_and_changed(shelf: Shelf) -> None:
    changes_of = shelf.app.version_changes.compare
    nothing = changes_of(shelf.version)
    assert (nothing.images, nothing.objects, nothing.moved, nothing.examples) == (Changes(), Changes(), 0, ())
    shelf.work()
    found = changes_of(shelf.version)
    assert found.images == Changes(added=1, removed=1, changed=3)
    assert found.objects == Changes(added=2, removed=2, changed=1)
    assert found.moved == 1
    assert {one.name: one.objects for one in found.classes} == {
        "cat": Changes(removed=1, changed=1),
        "dog": Changes(added=2, removed=1),
    }
    assert [(one.name, one.change) for one in found.examples] == [
        ("a.jpg", "changed"),
        ("b.jpg", "removed"),
        ("c.jpg", "changed"),
        ("e.jpg", "added"),
        ("renamed.jpg", "changed"),
    ]
    second = shelf.app.versions.create(shelf.id, "second", shelf.caller).id
    assert changes_of(shelf.version, second) == found
    back = changes_of(second, shelf.version)
    assert back.images == Changes(added=1, removed=1, changed=3)
    assert back.objects == Changes(added=2, removed=2, changed=1)
    other = Shelf.__new__(Shelf)
    other.id = shelf.app.projects.create(shelf.caller, "other").id
    shelf.app.images.add(other.id, "x.jpg", picture_file(shelf.folder, make_scene(1).data))
    with pytest.raises(NotFound):
        changes_of(shelf.version, shelf.app.versions.create(other.id, None, shelf.caller).id)


def test_an_order_of_classes_alone_changes_no_object(shelf: Shelf) -> None:
    shelf.app.classes.update(shelf.dog, position=0)
    assert shelf.app.version_changes.compare(shelf.version).examples == ()


def test_a_version_comes_back_and_what_was_can_come_back_too(shelf: Shelf) -> None:
    before = shelf.content()
    shelf.work()
    later = shelf.content()
    done = shelf.app.version_changes.restore(shelf.version, shelf.caller)
    assert (done.back, done.trashed, done.changed, done.lost) == (1, 1, 3, 0)
    assert shelf.content() == before
    shelf.counted()
    pictures = shelf.pictures()
    assert (pictures["c.jpg"].state, pictures["c.jpg"].split, pictures["c.jpg"].tags) == ("empty", "val", ("night",))
    assert [entry.change_id[:8] for entry in shelf.app.annotations.history(shelf.a).items][:1] == ["restore:"]
    assert done.before_id is not None
    again = shelf.app.version_changes.restore(done.before_id, shelf.caller)
    assert (again.back, again.trashed, again.changed) == (1, 1, 3)
    assert shelf.content() == later
    shelf.counted()
    nothing = shelf.app.version_changes.restore(done.before_id, shelf.caller)
    assert (nothing.back, nothing.trashed, nothing.changed) == (0, 0, 0)


def test_what_was_deleted_for_good_comes_back_from_the_version(shelf: Shelf) -> None:
    before = shelf.content()
    with shelf.app.uow.read() as tx:
        everything = [image.id for image, _ in tx.images.all_living(shelf.id)]
    for action in ("trash", "delete"):
        shelf.app.images.bulk(shelf.id, everything, action, caller=shelf.caller)  # type: ignore[arg-type]
    for label in (shelf.cat, shelf.dog):
        shelf.app.classes.delete(label)
    done = shelf.app.version_changes.restore(shelf.version, shelf.caller)
    assert (done.before_id, done.back, done.lost) == (None, 4, 0)
    assert shelf.content() == before
    shelf.counted()


def test_what_cannot_come_back_is_counted(shelf: Shelf) -> None:
    gone = shelf.app.images.get(shelf.d)
    for action in ("trash", "delete"):
        shelf.app.images.bulk(shelf.id, [shelf.d], action, caller=shelf.caller)  # type: ignore[arg-type]
    shelf.app.blobs.delete(gone.sha256)
    shelf.app.images.bulk(shelf.id, [shelf.b], "trash", caller=shelf.caller)
    done = shelf.app.version_changes.restore(shelf.version, shelf.caller)
    assert (done.back, done.lost) == (1, 1)
    assert sorted(shelf.pictures()) == ["a.jpg", "b.jpg", "c.jpg"]
    shelf.counted()


def test_metadata_comes_back(shelf: Shelf) -> None:
    """Fields are part of a version; one that was made before they were leaves them as they are."""
    before = shelf.content()
    shelf.app.metadata.change(shelf.id, {shelf.a: {"title": "other"}, shelf.c: {"author": ""}, shelf.d: {"new": "x"}})
    assert shelf.app.version_changes.compare(shelf.version).images == Changes(changed=3)
    done = shelf.app.version_changes.restore(shelf.version, shelf.caller)
    assert shelf.content() == before
    said = {name: dict(image.metadata) for name, image in shelf.pictures().items()}
    assert (said["a.jpg"], said["d.jpg"]) == ({"title": "first"}, {})
    shelf.app.version_changes.restore(str(done.before_id), shelf.caller)
    assert dict(shelf.pictures()["d.jpg"].metadata) == {"new": "x"}


def test_versions_of_the_time_before_metadata_leave_it_alone(shelf: Shelf) -> None:
    with shelf.app.uow.read() as tx:
        path = shelf.app.blobs.local_path(tx.versions.manifest(shelf.version))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[0].pop("with_metadata")
    for line in lines[1:]:
        line.pop("metadata", None)
    old = shelf.app.blobs.put_bytes("".join(json.dumps(line) + "\n" for line in lines).encode())
    earlier = replace(shelf.app.versions.get(shelf.version), id=new_id(), content_hash="0" * 64)
    with shelf.app.uow.write() as tx:
        tx.versions.add(earlier, old)
    assert shelf.app.version_changes.compare(earlier.id).images == Changes()
    shelf.app.images.update(shelf.c, tags=["day"])
    shelf.app.version_changes.restore(earlier.id, shelf.caller)
    c = shelf.pictures()["c.jpg"]
    assert (c.tags, dict(c.metadata)) == (("night",), {"title": "c", "author": "x"})
