"""Archives that are damaged, or mean harm: one line that says what is wrong, and no trace of it."""

from __future__ import annotations

import random
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archives import (
    Members,
    foreign_member,
    lines_of,
    manifest_of,
    packed,
    part_of,
    plain_tar,
    put_lines,
    sealed,
    unpacked,
)
from boxwright import bootstrap
from boxwright.domain.errors import BoxwrightError, InvalidBackup, NotFound, Unavailable
from boxwright.services import backup_archive
from boxwright.settings import Settings
from copies import contents, fill, saved

Change = Callable[[Members, dict[str, Any]], None]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage")
    settings = Settings(data=folder / "first")
    fill(settings)
    return saved(settings, folder / "all.tar")


@pytest.fixture(scope="module")
def members(archive: Path) -> Members:
    return unpacked(archive)


def refused(path: Path, data: Path) -> BoxwrightError:
    """See that a restore fails in one line and leaves nothing, not even the folder."""
    with pytest.raises(BoxwrightError) as caught:
        bootstrap.restore(Settings(data=data), path, lambda done, total, words: None)
    assert "\n" not in caught.value.message
    assert not data.exists(), sorted(data.rglob("*"))
    return caught.value


def test_the_members_are_what_the_docs_say(members: Members) -> None:
    names = list(members)
    assert names[0] == "manifest.json"
    assert names[-1] == "end.json"
    assert {name.partition("/")[0] for name in names[1:-1]} == {"tables", "blobs"}
    assert not {"tables/sessions.jsonl.gz", "tables/uploads.jsonl.gz", "tables/answers.jsonl.gz"} & set(names)
    assert {row[0] for row in lines_of(members, "meta")} <= {"sample"}


def test_cut_short_anywhere(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    places = random.Random(5).sample(range(len(whole)), 25)
    for size in (0, 1, 511, 512, 1024, len(whole) - 1024, len(whole) - 1, *places):
        (tmp_path / "cut.tar").write_bytes(whole[:size])
        assert isinstance(refused(tmp_path / "cut.tar", tmp_path / "data"), InvalidBackup), size


def test_a_bit_that_turned_anywhere(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for place in random.Random(6).sample(range(len(whole)), 60):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        (tmp_path / "bit.tar").write_bytes(changed)
        with pytest.raises(BoxwrightError) as caught:
            backup_archive.check(tmp_path / "bit.tar", lambda done, total, words: None)
        assert "\n" not in caught.value.message


def test_what_is_no_backup(tmp_path: Path) -> None:
    for name, data in (("text", b"hello " * 1000), ("zeros", bytes(4096)), ("zip", b"PK\x03\x04" + bytes(2000))):
        (tmp_path / name).write_bytes(data)
        assert "no backup of Boxwright" in refused(tmp_path / name, tmp_path / "data").message
    assert "no backup of Boxwright" in refused(plain_tar(tmp_path / "plain.tar"), tmp_path / "data").message
    assert isinstance(refused(tmp_path / "nowhere", tmp_path / "data"), NotFound)
    assert isinstance(refused(tmp_path, tmp_path / "data"), InvalidBackup)


def _rows(table: str, change: Callable[[list[list[Any]]], Any]) -> Change:
    def apply(members: Members, manifest: dict[str, Any]) -> None:
        rows = lines_of(members, table)
        changed = change(rows)
        put_lines(members, manifest, table, rows if changed is None else changed)

    return apply


def _set(table: str, column: int, value: object) -> Change:
    return _rows(table, lambda rows: rows[0].__setitem__(column, value))


def _manifest(**values: object) -> Change:
    return lambda members, manifest: manifest.update(values)


def _part(table: str, **values: object) -> Change:
    return lambda members, manifest: part_of(manifest, table).update(values)


def _drop_blob(members: Members, manifest: dict[str, Any]) -> None:
    name = next(name for name in members if name.startswith("blobs/"))
    manifest["blobs"] -= 1
    manifest["blob_bytes"] -= len(members.pop(name))


def _strange_table(members: Members, manifest: dict[str, Any]) -> None:
    members["tables/sqlite_master.jsonl.gz"] = members["tables/meta.jsonl.gz"]
    manifest["tables"].append({**part_of(manifest, "meta"), "name": "sqlite_master"})
    members["end.json"] = members.pop("end.json")


HARM: dict[str, tuple[Change, str]] = {
    "newer format": (_manifest(format="boxwright.backup/9"), "newer version"),
    "newer schema": (_manifest(schema="9999"), "newer version"),
    "a list that is none": (_manifest(missing="all"), "wrong type"),
    "unknown column": (_part("users", columns=["id", "name; DROP TABLE users"]), "unknown column"),
    "column missing": (_part("users", columns=["id", "name"]), "a row has 2 values"),
    "text for a number": (_set("images", 5, "wide"), "no whole number"),
    "number for a text": (_set("images", 2, 7), "no text"),
    "a list for a text": (_set("images", 2, ["x"]), "no text"),
    "no truth": (_set("users", 3, 1), "neither true nor false"),
    "broken JSON in a column": (_set("annotations", 6, "{"), "annotations"),
    "null where none may be": (_set("images", 2, None), "does not fit together"),
    "a huge number": (_set("images", 5, 1 << 70), "no whole number"),
    "a row of another project": (_set("images", 1, "nobody"), "does not fit together"),
    "a row twice": (_rows("users", lambda rows: [*rows, rows[0]]), "does not fit together"),
    "more rows than told": (_part("users", rows=1), "zip bomb"),
    "fewer rows than told": (_part("users", rows=99), "should have 99"),
    "a file missing": (_drop_blob, "does not hold the file"),
    "fewer files than there are": (_manifest(blobs=1), "stands where"),
}


@pytest.mark.parametrize("name", HARM)
def test_an_archive_that_lies(members: Members, tmp_path: Path, name: str) -> None:
    change, words = HARM[name]
    mine, manifest = dict(members), manifest_of(members)
    change(mine, manifest)
    error = refused(sealed(tmp_path / "lie.tar", mine, manifest), tmp_path / "data")
    assert words in error.message, error.message
    assert isinstance(error, InvalidBackup | Unavailable)


def test_unsealed_changes_are_damage(members: Members, tmp_path: Path) -> None:
    for name in ("manifest.json", "tables/users.jsonl.gz", next(item for item in members if item.startswith("blobs/"))):
        changed = {**members, name: members[name][:-1] + bytes([members[name][-1] ^ 1])}
        error = refused(packed(tmp_path / "changed.tar", changed), tmp_path / "data")
        assert isinstance(error, InvalidBackup)


@pytest.mark.parametrize("name", ["blobs/../../etc/passwd", "/etc/passwd", "blobs/" + "g" * 64, "blobs/x", "tables/x"])
def test_names_become_no_paths(members: Members, tmp_path: Path, name: str) -> None:
    blob = next(item for item in members if item.startswith("blobs/"))
    renamed = {name if item == blob else item: data for item, data in members.items()}
    assert "stands where a file should be" in refused(packed(tmp_path / "x.tar", renamed), tmp_path / "data").message


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, b"x", b"S"])
def test_only_plain_files(archive: Path, tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(foreign_member("manifest.json", kind) + archive.read_bytes())
    assert "something else than plain files" in refused(tmp_path / "x.tar", tmp_path / "data").message


def test_a_table_that_unpacks_to_a_whole_disk(
    members: Members, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_archive, "_FREE", 1 << 20)
    mine, manifest = dict(members), manifest_of(members)
    rows = lines_of(mine, "job_logs")
    put_lines(mine, manifest, "job_logs", [[*rows[0][:1], number, "info", "a" * 200_000, ""] for number in range(100)])
    error = refused(sealed(tmp_path / "bomb.tar", mine, manifest), tmp_path / "data")
    assert "zip bomb" in error.message


def test_an_unknown_table(members: Members, tmp_path: Path) -> None:
    mine, manifest = dict(members), manifest_of(members)
    _strange_table(mine, manifest)
    order = [name for name in mine if not name.startswith("blobs/") and name != "end.json"]
    order += [name for name in mine if name.startswith("blobs/")] + ["end.json"]
    error = refused(sealed(tmp_path / "x.tar", {name: mine[name] for name in order}, manifest), tmp_path / "data")
    assert "unknown table" in error.message


def test_a_file_that_rotted_in_the_store_is_saved_as_it_is(tmp_path: Path) -> None:
    first, second = Settings(data=tmp_path / "first"), Settings(data=tmp_path / "second")
    fill(first)
    paths = sorted((first.data / "blobs").glob("*/*/*"))
    paths[0].write_bytes(b"rot")
    lost = paths[1].name
    paths[1].unlink()
    report = bootstrap.restore(second, saved(first, tmp_path / "all.tar"), lambda done, total, words: None).backup
    assert (report.damaged, report.missing) == (1, 1)
    found = contents(second).files
    assert paths[0].name not in found
    assert lost not in found
    assert len(found) == len(paths) - 2
