"""A disk that is full, memory that is small, a schema that is old, a sweep at the same time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from archives import lines_of, manifest_of, part_of, put_lines, sealed, unpacked
from boxwright import bootstrap
from boxwright.domain.errors import StorageFull
from boxwright.services import backups, restoring
from boxwright.services.access import Access
from boxwright.settings import Settings
from boxwright.storage import schema
from boxwright.storage.engine import open_engine
from copies import Copy, compare, contents, fill, saved
from makers import image, project
from small_disk import fill_disk, mounted


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path / "disk", "8m")


def test_no_room_for_a_restore_leaves_the_disk_as_it_was(tmp_path: Path, disk: Path) -> None:
    first = Settings(data=tmp_path / "first")
    filled = fill(first)
    archive = saved(first, tmp_path / "all.tar")
    filler = fill_disk(disk, leave=200_000)
    with pytest.raises(StorageFull) as caught:
        Copy(archive).restore(Settings(data=disk / "data"))
    assert "\n" not in caught.value.message
    assert list(disk.iterdir()) == [filler]
    filler.unlink()
    Copy(archive).restore(Settings(data=disk / "data"))
    compare(contents(first), contents(Settings(data=disk / "data")), interrupted=filled.unfinished)


def test_no_room_for_the_tables_is_said_before_anything_is_sent(tmp_path: Path, disk: Path) -> None:
    settings = Settings(data=disk / "data")
    fill(settings)
    app = bootstrap.build(settings)
    caller = Access(app.uow).ensure_local_user()
    app.backups._scratch = disk / "scratch"
    filler = fill_disk(disk, leave=0)
    try:
        with pytest.raises(StorageFull):
            app.backups.make(caller)
        filler.unlink()
        assert not list((disk / "scratch").glob("*"))
        assert b"".join(app.backups.make(caller).chunks)
    finally:
        app.close()


def test_memory_does_not_grow_with_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_SMALL", 1 << 16)
    monkeypatch.setattr(restoring, "_SMALL", 1 << 16)
    first, second = Settings(data=tmp_path / "first"), Settings(data=tmp_path / "second")
    app = bootstrap.build(first)
    made = project(app.uow, Access(app.uow).ensure_local_user())
    for number, size in enumerate([*[1 << 15] * 100, *[16 << 20] * 4]):
        sha256 = app.blobs.put_bytes(number.to_bytes(4, "big") + bytes(size))
        image(app.uow, made.id, f"{number}.jpg", sha256=sha256)
    app.close()
    tracemalloc.start()
    try:
        archive = saved(first, tmp_path / "all.tar")
        Copy(archive).restore(second)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert archive.stat().st_size > 64 << 20
    assert peak < 40 << 20, f"{peak >> 20} MB"
    compare(contents(first), contents(second), interrupted=())


def test_an_older_schema_is_upgraded_on_its_way_in(tmp_path: Path) -> None:
    """The archive of a version whose tables had fewer columns, and fewer tables."""
    first, second = Settings(data=tmp_path / "first"), Settings(data=tmp_path / "second")
    fill(first)
    members = unpacked(saved(first, tmp_path / "new.tar"))
    old = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with old.begin() as connection:
        schema.upgrade(connection, "0001")
        known = {
            name: {item["name"] for item in sa.inspect(connection).get_columns(name)} for name in _names(connection)
        }
    old.dispose()
    manifest = manifest_of(members)
    manifest["schema"] = "0001"
    for part in list(manifest["tables"]):
        name = part["name"]
        if name not in known:
            del members[f"tables/{name}.jsonl.gz"]
            manifest["tables"].remove(part)
            continue
        kept = [place for place, column in enumerate(part["columns"]) if column in known[name]]
        put_lines(members, manifest, name, [[row[place] for place in kept] for row in lines_of(members, name)])
        part_of(manifest, name)["columns"] = [part["columns"][place] for place in kept]
    assert "audit_log" not in known
    Copy(sealed(tmp_path / "old.tar", members, manifest)).restore(second)
    before, after = contents(first), contents(second)
    assert after.files == before.files
    assert len(after.tables["annotations"]) == len(before.tables["annotations"])
    assert {row[1]: row[2] for row in after.tables["users"]}["ann"] == "ann"
    bootstrap.build(second).close()


def _names(connection: sa.Connection) -> list[str]:
    return sa.inspect(connection).get_table_names()


def test_nothing_is_swept_while_a_backup_reads(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    filled = fill(settings)
    app = bootstrap.build(settings)
    orphan = app.blobs.put_bytes(b"nobody wants me")
    with app.uow.read() as tx:
        everything = [item.id for item, _ in tx.images.all_living(filled.ids["project"])]
    answer = app.backups.make(Access(app.uow).ensure_local_user())
    with app.uow.write() as tx:
        tx.images.delete(everything)
    assert app.housekeeping.sweep(timedelta(seconds=-5)) == 0
    assert app.blobs.exists(orphan)
    (tmp_path / "all.tar").write_bytes(b"".join(answer.chunks))
    assert app.housekeeping.sweep(timedelta(seconds=-5)) > 0
    # Somebody who goes away in the middle holds nothing back.
    held = app.backups.make(Access(app.uow).ensure_local_user())
    next(held.chunks)
    app.blobs.put_bytes(b"nor me")
    assert app.housekeeping.sweep(timedelta(seconds=-5)) == 0
    del held
    assert app.housekeeping.sweep(timedelta(seconds=-5)) == 1
    assert not list((settings.data / "cache" / "incoming").glob("backup-*"))
    app.close()
    report = Copy(tmp_path / "all.tar").restore(Settings(data=tmp_path / "second"))
    assert report.backup.missing == 0
