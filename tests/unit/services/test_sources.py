from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Forbidden, Invalid, NotFound
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.requests import ImportRequest
from boxwright.services.sources import Sources
from buckets import Bucket
from file_server import Files, file_server
from importing import Desk
from scenes import coco_zip
from working import do


@pytest.fixture
def files() -> Iterator[Files]:
    with file_server() as found:
        yield found


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return coco_zip(tmp_path / "shapes.zip", train=3, val=1, test=1)


@pytest.fixture
def colleague(desk: Desk) -> Caller:
    return Caller(id=desk.caller.id, name="colleague", admin=False, via="session")


def allow(desk: Desk, named: str) -> None:
    desk.app.imports._sources = Sources(desk.app.uow, desk.app.settings.data, named, 1 << 24)


def fetched(desk: Desk, source: str, **options: Any) -> Job:
    request = ImportRequest(project_id=desk.project_id, source=source, **options)
    return do(desk.app, desk.app.imports.submit(request, desk.caller))


def test_the_address_of_an_import_that_was_cancelled_is_forgotten(desk: Desk, files: Files) -> None:
    allow(desk, files.base)
    address = f"{files.base}/sets/shapes.zip?signature=hidden"
    request = ImportRequest(project_id=desk.project_id, source=address)
    cancelled, waiting = (desk.app.imports.submit(request, desk.caller) for _ in range(2))
    desk.app.jobs.cancel(cancelled.id)
    sources = desk.app.imports._sources
    assert [sources.recall(job.id) for job in (cancelled, waiting)] == [address, address]
    desk.app.imports.tidy()
    assert [sources.recall(job.id) for job in (cancelled, waiting)] == ["", address]


def test_an_address_is_looked_at_first_and_fetched_once(desk: Desk, archive: Path, files: Files) -> None:
    files.contents["/sets/shapes.zip"] = archive.read_bytes()
    allow(desk, files.base)
    job = fetched(desk, f"{files.base}/sets/shapes.zip?signature=hidden", dry_run=True)
    assert job.title == "Check shapes.zip"
    assert "hidden" not in json.dumps([dict(job.params), dict(job.result or {})], default=str)
    assert desk.pictures() == []
    report = desk.load(archive, upload_id=(job.result or {})["upload_id"])
    assert report["images_added"] == 5
    assert len(files.asked) == 1
    with pytest.raises(NotFound):
        desk.app.uploads.get(job.id, desk.caller)


def test_what_is_imported_at_once_leaves_nothing_behind(desk: Desk, archive: Path, files: Files) -> None:
    files.contents["/shapes.zip"] = archive.read_bytes()
    allow(desk, files.base)
    job = fetched(desk, f"{files.base}/shapes.zip")
    assert (job.result or {}).keys() == {"report"}
    assert len(desk.pictures()) == 5
    with desk.app.uow.read() as tx:
        assert tx.people.meta(f"source:{job.id}") is None


def test_the_servers_own_network_is_closed(desk: Desk, files: Files) -> None:
    with pytest.raises(Forbidden):
        fetched(desk, f"{files.base}/shapes.zip")
    assert files.asked == []


def test_a_prefix_of_a_bucket_comes_as_a_dataset(desk: Desk, archive: Path, bucket: Bucket) -> None:
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            bucket.write(f"sets/shapes/{name}", packed.read(name))
    bucket.write("sets/one.zip", archive.read_bytes())
    report = (fetched(desk, f"{bucket.url}/sets/shapes", dry_run=True).result or {})["report"]
    assert isinstance(report, dict)
    assert (report["format"], report["images_added"], report["splits"]) == (
        "coco",
        5,
        {"train": 3, "val": 1, "test": 1},
    )
    job = fetched(desk, f"{bucket.url}/sets/one.zip")
    assert job.title == "Import one.zip"
    assert len(desk.pictures()) == 5
    with pytest.raises(NotFound, match="nothing lies under"):
        fetched(desk, f"{bucket.url}/none")


def test_a_folder_of_the_server_comes_as_a_dataset(desk: Desk, archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    (folder / ".secret").write_text("hidden")
    (folder / "link").symlink_to("/etc")
    fetched(desk, f"file://{tmp_path}/a%20folder")
    assert len(desk.pictures()) == 5
    (tmp_path / "other").symlink_to(folder)
    with pytest.raises(Invalid, match="leads over a link"):
        fetched(desk, f"file://{tmp_path}/other")


def test_the_data_folder_is_no_dataset(desk: Desk) -> None:
    for folder in (desk.app.settings.data, desk.app.settings.data / "blobs", desk.app.settings.data.parent):
        with pytest.raises(Forbidden, match="data folder"):
            desk.app.imports._sources._folder(f"file://{folder}")


@pytest.mark.parametrize("source", ["s3://bucket/sets", "file:///srv/sets", "gs://bucket", "az://container/a"])
def test_buckets_and_folders_are_for_administrators_and_for_what_they_named(
    desk: Desk, colleague: Caller, source: str
) -> None:
    sources = Sources(desk.app.uow, desk.app.settings.data, " , s3://shared/sets/, file:///srv/open", 1 << 20)
    sources.check(source, desk.caller)
    with pytest.raises(Forbidden, match="import_from"):
        sources.check(source, colleague)
    sources.check("s3://shared/sets/of/mine", colleague)
    sources.check("file:///srv/open", colleague)
    for near in ("s3://shared/sets2", "s3://shared", "file:///srv/open2"):
        with pytest.raises(Forbidden):
            sources.check(near, colleague)


@pytest.mark.parametrize(
    "source",
    [
        "/etc", "smb://host/a", "file://host/etc", "file:/etc",
        "file:///srv/../etc", "file:///srv/%2e%2e/etc", "s3://b/a?x", "javascript:1",
        "s3://b\n/", "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(desk: Desk, source: str) -> None:
    with pytest.raises(Invalid) as caught:
        fetched(desk, source)
    assert caught.value.code == "source_invalid"


def test_either_an_upload_or_an_address(desk: Desk) -> None:
    with pytest.raises(Invalid, match="either"):
        desk.app.imports.submit(ImportRequest(project_id=desk.project_id), desk.caller)
