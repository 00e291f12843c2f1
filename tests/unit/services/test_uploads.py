from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, NotFound, StorageFull
from boxwright.domain.people import Caller
from boxwright.services.uploads import Uploads
from boxwright.storage.unit_of_work import UnitOfWork


@pytest.fixture
def uploads(uow: UnitOfWork, tmp_path: Path) -> Uploads:
    return Uploads(uow, tmp_path / "uploads")


@pytest.fixture
def piece(tmp_path: Path) -> Callable[[bytes], Path]:
    def make(data: bytes) -> Path:
        path = tmp_path / "piece"
        path.write_bytes(data)
        return path

    return make


def test_a_file_arrives_in_pieces(uploads: Uploads, caller: Caller, piece: Callable[[bytes], Path]) -> None:
    upload = uploads.create(caller, "data.zip", 10)
    assert uploads.append(upload.id, caller, 0, piece(b"hello")).received == 5
    with pytest.raises(Conflict) as incomplete:
        uploads.take(upload.id, caller)
    assert incomplete.value.code == "upload_incomplete"
    assert uploads.get(upload.id, caller).received == 5
    assert uploads.append(upload.id, caller, 5, piece(b"world")).received == 10
    assert uploads.take(upload.id, caller).read_bytes() == b"helloworld"
    uploads.delete(upload.id, caller)
    for call in (uploads.get, uploads.delete):
        with pytest.raises(NotFound):
            call(upload.id, caller)


def test_a_wrong_offset_is_told_the_right_one(uploads: Uploads, caller: Caller, piece: Callable[[bytes], Path]) -> None:
    upload = uploads.create(caller, "data.zip", 10)
    uploads.append(upload.id, caller, 0, piece(b"hello"))
    for offset in (0, 4, 6):
        with pytest.raises(Conflict) as caught:
            uploads.append(upload.id, caller, offset, piece(b"x"))
        assert (caught.value.code, caught.value.detail) == ("offset_mismatch", {"offset": 5})


def test_more_than_announced_is_refused(uploads: Uploads, caller: Caller, piece: Callable[[bytes], Path]) -> None:
    upload = uploads.create(caller, "data.zip", 3)
    with pytest.raises(Invalid) as caught:
        uploads.append(upload.id, caller, 0, piece(b"four"))
    assert caught.value.code == "upload_too_long"
    assert uploads.append(upload.id, caller, 0, piece(b"yes")).received == 3


def test_what_an_interrupted_piece_left_is_written_over(
    uploads: Uploads, caller: Caller, piece: Callable[[bytes], Path], tmp_path: Path
) -> None:
    upload = uploads.create(caller, "data.zip", 6)
    uploads.append(upload.id, caller, 0, piece(b"abc"))
    with next((tmp_path / "uploads").iterdir()).open("ab") as file:
        file.write(b"half a piece that was never acknowledged")
    uploads.append(upload.id, caller, 3, piece(b"def"))
    assert uploads.take(upload.id, caller).read_bytes() == b"abcdef"


def test_a_full_disk_keeps_what_was_acknowledged(
    uploads: Uploads, caller: Caller, piece: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploads.create(caller, "data.zip", 6)
    uploads.append(upload.id, caller, 0, piece(b"abc"))

    def full(source: object, target: object, length: int = 0) -> None:
        target.write(b"d")  # type: ignore[attr-defined]
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfileobj", full)
        with pytest.raises(StorageFull):
            uploads.append(upload.id, caller, 3, piece(b"def"))
    assert uploads.get(upload.id, caller).received == 3
    uploads.append(upload.id, caller, 3, piece(b"def"))
    assert uploads.take(upload.id, caller).read_bytes() == b"abcdef"


def test_a_file_that_cannot_fit_is_refused_at_once(
    uploads: Uploads, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: type("Usage", (), {"free": 5}))
    with pytest.raises(StorageFull, match="this file of 1 MB; make room"):
        uploads.create(caller, "data.zip", 6)


@pytest.mark.parametrize(("name", "size"), [("", 1), ("a", 0), ("a", -1), ("a", 1 << 60), ("a\n", 0), ("x" * 256, 1)])
def test_what_is_no_upload(uploads: Uploads, caller: Caller, name: str, size: int) -> None:
    with pytest.raises(Invalid):
        uploads.create(caller, name, size)


def test_somebody_elses_upload_is_not_there(
    uploads: Uploads, uow: UnitOfWork, caller: Caller, piece: Callable[[bytes], Path]
) -> None:
    upload = uploads.create(caller, "data.zip", 3)
    with uow.write() as tx:
        other = Caller(id=tx.people.add_user("ann", admin=True), name="ann", admin=True, via="token")
    for call in (uploads.get, uploads.take):
        with pytest.raises(NotFound):
            call(upload.id, other)
    with pytest.raises(BoxwrightError):
        uploads.append(upload.id, other, 0, piece(b"abc"))
    with pytest.raises(NotFound):
        uploads.delete(upload.id, other)
    assert uploads.get(upload.id, caller).received == 0
