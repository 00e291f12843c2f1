"""Pictures by reference: they stay where they lie, and never is another one shown in their place."""

from __future__ import annotations

import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Cancelled, Conflict, Forbidden, Invalid, NotFound
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.requests import CopyInRequest, ExportRequest, ImportRequest
from boxwright.storage.cache import LEASE
from buckets import Bucket
from importing import Desk
from scenes import coco_zip, make_scene
from working import do


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "a folder #1"
    with zipfile.ZipFile(coco_zip(tmp_path / "shapes.zip", train=2, val=1, test=0)) as packed:
        packed.extractall(target)
    return target


def taken(desk: Desk, source: str, **options: bool) -> Job:
    request = ImportRequest(project_id=desk.project_id, source=source, by_reference=True, **options)
    return do(desk.app, desk.app.imports.submit(request, desk.caller))


def forget(desk: Desk) -> None:
    """Empty the cache, as if a quarter of an hour had passed and others had needed the room."""
    cache = desk.app.blobs._cache  # type: ignore[attr-defined]
    for entry in cache._entries.values():
        entry.used -= LEASE + 1
    cache.trim(0)


def stored(desk: Desk) -> set[str]:
    return set(desk.app.blobs.all())


def pixels(desk: Desk) -> dict[str, bytes]:
    return {image.name: desk.app.images.file(image.id).path.read_bytes() for image in desk.pictures()}


def test_a_folder_by_reference(desk: Desk, folder: Path, tmp_path: Path) -> None:
    mine = {path.name: path.read_bytes() for path in folder.rglob("*.jpg")}
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    job = taken(desk, f"file://{folder.as_posix().replace(' ', '%20').replace('#', '%23')}")
    assert job.state == "succeeded", job.error
    assert stored(desk) == set()
    assert desk.app.originals.count(desk.project_id).images == len(mine) == 3
    assert {name.rpartition("/")[2]: data for name, data in pixels(desk).items()} == mine
    forget(desk)
    first = desk.pictures()[0]
    original = desk.app.originals.of_image(first.id)
    assert original is not None
    assert original.address.startswith("file:///")
    assert original.address.endswith(f"/{first.name}".rpartition("/")[2])
    assert desk.app.images.previews.thumbnail(first.sha256, first.name, 160).path.stat().st_size
    export = ExportRequest(project_id=desk.project_id, format="coco")
    done = do(desk.app, desk.app.exports.submit(export, desk.caller))
    assert done.state == "succeeded", done.error
    with zipfile.ZipFile(desk.app.jobs.file(done.id, str((done.result or {})["files"]["export"])).path) as packed:  # type: ignore[index]
        assert {name.rpartition("/")[2] for name in packed.namelist() if name.endswith(".jpg")} == mine.keys()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_what_changed_or_went_is_said_in_one_line(desk: Desk, folder: Path) -> None:
    taken(desk, f"file://{folder.as_posix().replace(' ', '%20').replace('#', '%23')}")
    a, b, c = desk.pictures()
    places = {path.name: path for path in folder.rglob("*.jpg")}
    forget(desk)
    at = places[a.name.rpartition("/")[2]]
    kept = at.read_bytes()
    at.write_bytes(kept[:-1] + b"x")  # of the same size: only the hash tells
    with pytest.raises(Conflict, match="no longer what was imported") as changed:
        desk.app.images.file(a.id)
    assert changed.value.code == "original_changed"
    places[b.name.rpartition("/")[2]].unlink()
    with pytest.raises(Conflict, match="is gone") as gone:
        desk.app.images.file(b.id)
    assert gone.value.code == "original_missing"
    assert "%20folder" in gone.value.message
    lost = places[c.name.rpartition("/")[2]]
    elsewhere = lost.rename(folder.parent / "elsewhere.jpg")
    lost.symlink_to(elsewhere)
    with pytest.raises(Conflict, match="is gone"):
        desk.app.images.file(c.id)
    export = ExportRequest(project_id=desk.project_id, format="coco")
    with pytest.raises(Conflict, match="by reference"):
        do(desk.app, desk.app.exports.submit(export, desk.caller))
    answer = desk.app.originals.copy_in(desk.project_id)
    assert (answer.copied, answer.left, len(answer.problems)) == (0, 3, 3)
    at.write_bytes(kept)
    answer = desk.app.originals.copy_in(desk.project_id)
    assert (answer.copied, answer.left, answer.next_after) == (1, 2, None)
    shutil.rmtree(folder)
    assert desk.app.images.file(a.id).path.read_bytes() == kept
    assert stored(desk) == {a.sha256}


def test_what_no_picture_needs_is_forgotten_and_stays_where_it_lies(desk: Desk, folder: Path) -> None:
    taken(desk, f"file://{folder.as_posix().replace(' ', '%20').replace('#', '%23')}")
    ids = [image.id for image in desk.pictures()]
    desk.app.images.bulk(desk.project_id, ids[:2], "trash", caller=desk.caller)
    desk.app.images.bulk(desk.project_id, ids[:2], "delete", caller=desk.caller)
    desk.app.housekeeping.sweep(timedelta(seconds=-5))
    with desk.app.uow.read() as tx:
        assert len(tx.originals.all()) == 1
    assert len(list(folder.rglob("*.jpg"))) == 3


def test_a_bucket_by_reference(desk: Desk, folder: Path, bucket: Bucket) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            bucket.write(f"sets/a b/{path.relative_to(folder).as_posix()}", path.read_bytes())
    bucket.write(quote("sets/new/odd +%20#ü.jpg"), make_scene(7).data)
    for source, count in ((f"{bucket.url}/sets/a%20b", 3), (f"{bucket.url}/sets/new", 4)):
        job = taken(desk, source)
        assert job.state == "succeeded", job.error
        assert desk.app.originals.count(desk.project_id).images == count
    forget(desk)
    assert len(pixels(desk)) == 4
    assert stored(desk) == set()
    odd = next(image for image in desk.pictures() if image.name.startswith("odd"))
    original = desk.app.originals.of_image(odd.id)
    assert original is not None
    assert original.etag
    assert original.bytes == odd.bytes
    forget(desk)
    bucket.write(quote("sets/new/odd +%20#ü.jpg"), make_scene(8).data)
    with pytest.raises(Conflict, match="no longer what was imported"):
        desk.app.images.file(odd.id)
    assert desk.app.originals.copy_in(desk.project_id).copied == 3


def test_only_what_can_stay_may_stay(desk: Desk, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="by reference goes for a bucket"):
        taken(desk, "https://example.org/a.zip")
    with pytest.raises(Invalid, match="is one archive"):
        taken(desk, f"file://{tmp_path}/shapes.zip")
    colleague = Caller(id=desk.caller.id, name="colleague", admin=False, via="session")
    request = ImportRequest(project_id=desk.project_id, source="file:///srv/a", by_reference=True)
    with pytest.raises(Forbidden):
        desk.app.imports.submit(request, colleague)
    with pytest.raises(NotFound):
        desk.app.originals.count("0" * 32)


def test_a_job_copies_some_or_all_in_and_can_be_stopped(desk: Desk, folder: Path) -> None:
    taken(desk, f"file://{folder.as_posix().replace(' ', '%20').replace('#', '%23')}")
    a, b, c = desk.pictures()
    away = desk.app.originals.of_images(desk.project_id, [a.id, b.id])
    assert [one.image_id for one in away] == sorted([a.id, b.id])
    assert all(one.address.startswith("file:///") for one in away)
    one = CopyInRequest(project_id=desk.project_id, image_ids=(b.id,))
    done = do(desk.app, desk.app.submit(one, desk.caller))
    assert (done.state, done.result) == ("succeeded", {"copied": 1, "failed": 0, "problems": [], "left": 2})
    assert stored(desk) == {b.sha256}
    assert desk.app.originals.of_images(desk.project_id, [b.id]) == ()
    everything = CopyInRequest(project_id=desk.project_id)
    stopped = desk.app.submit(everything, desk.caller)
    with desk.app.uow.write() as tx:
        tx.jobs.update(stopped.id, state="running", stopping="discard")
    with pytest.raises(Cancelled, match="what was copied stays"):
        desk.app.by_kind["copy_in"].prepare(desk.app.jobs.get(stopped.id), folder)
    with desk.app.uow.write() as tx:
        tx.jobs.update(stopped.id, state="cancelled", stopping="")
    lost = next(path for path in folder.rglob("*.jpg") if path.name == c.name.rpartition("/")[2])
    forget(desk)
    lost.unlink()
    done = do(desk.app, desk.app.submit(everything, desk.caller))
    assert done.result is not None
    assert (done.result["copied"], done.result["failed"], done.result["left"]) == (1, 1, 1)
    assert "is gone" in str(done.result["problems"])
    assert stored(desk) == {a.sha256, b.sha256}
    with pytest.raises(NotFound):
        desk.app.submit(CopyInRequest(project_id=desk.project_id, image_ids=("0" * 32,)), desk.caller)
