"""Backup and restore: every table row by row, every file byte by byte, between all kinds of databases and stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archives import lines_of, manifest_of, put_lines, sealed, unpacked
from boxwright import bootstrap
from boxwright.domain.errors import BoxwrightError, InvalidBackup
from boxwright.settings import Settings
from boxwright.storage.location import Location
from buckets import Bucket
from copies import Copy, compare, contents, fill, saved
from dying import dies
from stores import postgres_database

Place = Callable[[str, str], Settings]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str, str], Settings]]:
    """Makes settings for an empty installation of a kind."""
    made: list[Iterator[str]] = []

    def make(kind: str, name: str) -> Settings:
        database, storage = kind.split("-")
        urls = {"database": "", "storage": ""}
        if database == "postgresql":
            made.append(postgres_database(request.getfixturevalue("postgres_server"), "template0"))
            urls["database"] = next(made[-1])
        if storage == "s3":
            bucket: Bucket = request.getfixturevalue("bucket")
            urls["storage"] = f"s3://{bucket.name}/{name}"
        return Settings(data=tmp_path / name, **urls)

    yield make
    for database in made:
        next(database, None)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite-folder", "sqlite-folder"),
        pytest.param("sqlite-folder", "postgresql-s3", marks=pytest.mark.postgres),
        pytest.param("postgresql-s3", "sqlite-folder", marks=pytest.mark.postgres),
        ("sqlite-s3", "sqlite-s3"),
    ],
)
def test_everything_comes_back(place: Place, tmp_path: Path, source: str, target: str) -> None:
    first, second = place(source, "first"), place(target, "second")
    filled = fill(first)
    archive = saved(first, tmp_path / "all.tar")
    before = contents(first)
    assert all(before.tables[name] for name in before.tables if name not in ("uploads", "answers")), "fill all tables"
    report = Copy(archive).restore(second)
    after = contents(second)
    assert report.interrupted == 2
    compare(before, after, interrupted=filled.unfinished)
    # The one is not the other: each may sweep its own prefix.
    assert before.installation != after.installation
    assert not (second.data / "restoring.json").exists()
    # What was restored can be saved again, and is the same.
    again = saved(second, tmp_path / "again.tar")
    assert again.stat().st_size > 0
    resumed = bootstrap.build(second)
    assert resumed.jobs.get(filled.unfinished[0]).error_code == "interrupted"
    assert resumed.jobs.resume(filled.unfinished[0]).state == "queued"
    resumed.close()


def test_only_into_an_empty_place(place: Place, tmp_path: Path) -> None:
    first = place("sqlite-folder", "first")
    fill(first)
    archive = saved(first, tmp_path / "all.tar")
    before = contents(first)
    with pytest.raises(BoxwrightError) as caught:
        Copy(archive).restore(first)
    assert caught.value.code == "not_empty"
    assert "\n" not in caught.value.message
    compare(before, contents(first), interrupted=())


def _harmed(archive: Path, path: Path) -> Path:
    """The archive with a row that names a project which is not there; the last table but few, after many rows."""
    members = unpacked(archive)
    manifest = manifest_of(members)
    rows = lines_of(members, "run_images")
    rows[0][1] = "no run"
    put_lines(members, manifest, "run_images", rows)
    return sealed(path, members, manifest)


@pytest.mark.postgres
def test_a_failure_far_away_leaves_nothing_there(place: Place, tmp_path: Path, bucket: Bucket) -> None:
    first, second = place("sqlite-folder", "first"), place("postgresql-s3", "second")
    filled = fill(first)
    archive = saved(first, tmp_path / "all.tar")
    with pytest.raises(InvalidBackup, match="does not fit together"):
        Copy(_harmed(archive, tmp_path / "harmed.tar")).restore(second)
    assert not second.data.exists()
    # Neither files nor the claim stay: another installation may have the place.
    location = Location(second.storage, tmp_path)
    assert not list(location.blobs(tmp_path / "cache", 1 << 20).all())
    location.claim("somebody", fresh=True)
    location.release()
    Copy(archive).restore(second)
    compare(contents(first), contents(second), interrupted=filled.unfinished)


@pytest.mark.postgres
@pytest.mark.crash
def test_killed_far_away_it_is_done_again(place: Place, tmp_path: Path) -> None:
    first, second = place("sqlite-folder", "first"), place("postgresql-s3", "second")
    filled = fill(first)
    archive = saved(first, tmp_path / "all.tar")
    point = "from boxwright.storage.remote import RemoteBlobs as B; B.put_bytes = after(B.put_bytes, 3)"
    places = ("--data", second.data, "--database", second.database, "--storage", second.storage)
    dies(point, "restore", archive, *places)
    with pytest.raises(BoxwrightError) as caught:
        bootstrap.build(second)
    assert caught.value.code == "half_restored"
    with pytest.raises(BoxwrightError) as caught:
        Copy(archive).restore(replace(second, storage=f"{second.storage}/other"))
    assert caught.value.code == "storage_other"
    Copy(archive).restore(second)
    compare(contents(first), contents(second), interrupted=filled.unfinished)


def test_a_prefix_that_holds_files_is_refused(place: Place, tmp_path: Path, bucket: Bucket) -> None:
    first, second = place("sqlite-folder", "first"), place("sqlite-s3", "second")
    fill(first)
    archive = saved(first, tmp_path / "all.tar")
    blobs = Location(second.storage, tmp_path).blobs(tmp_path / "cache", 1 << 20)
    theirs = blobs.put_bytes(b"somebody else's")
    with pytest.raises(BoxwrightError) as caught:
        Copy(archive).restore(second)
    assert caught.value.code == "not_empty"
    assert not second.data.exists()
    assert list(blobs.all()) == [theirs]
