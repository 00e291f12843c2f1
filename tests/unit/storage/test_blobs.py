from __future__ import annotations

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxwright.domain.errors import Invalid, NotFound, StorageFull, Unavailable
from boxwright.storage import blobs as module
from boxwright.storage.blobs import ObjectBlobs


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=4096))
def test_bytes_come_back(blobs: ObjectBlobs, data: bytes) -> None:
    sha256 = blobs.put_bytes(data)
    assert sha256 == _hash(data)
    assert blobs.get_bytes(sha256) == data
    assert blobs.local_path(sha256).read_bytes() == data
    assert sha256 in set(blobs.all())


def test_large_bytes_and_files(blobs: ObjectBlobs, tmp_path: Path) -> None:
    data = os.urandom(12 << 20)
    sha256 = blobs.put_bytes(data)
    assert _hash(blobs.get_bytes(sha256)) == sha256
    assert [path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == [sha256]


def test_a_file_is_linked_and_stays(blobs: ObjectBlobs, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    sha256 = blobs.put_file(tmp_path / "model.onnx", _hash(b"weights"))
    assert (tmp_path / "model.onnx").stat().st_ino == blobs.local_path(sha256).stat().st_ino
    assert blobs.put_file(tmp_path / "model.onnx") == sha256
    (tmp_path / "model.onnx").unlink()
    assert blobs.get_bytes(sha256) == b"weights"


def test_a_file_on_another_disk_is_copied(blobs: ObjectBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cross(self: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", cross)
    (tmp_path / "a").write_bytes(b"far away")
    sha256 = blobs.put_file(tmp_path / "a")
    assert blobs.get_bytes(sha256) == b"far away"


def test_a_wrong_hash_is_refused(blobs: ObjectBlobs, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"changed")
    with pytest.raises(Invalid) as caught:
        blobs.put_file(tmp_path / "a", _hash(b"original"))
    assert caught.value.code == "hash_mismatch"
    assert list(blobs.all()) == []


def test_what_is_not_there(blobs: ObjectBlobs) -> None:
    for sha256 in (_hash(b"nothing"), "", "x" * 64, "../" * 20, "A" * 64):
        for call in (blobs.get_bytes, blobs.local_path):
            with pytest.raises(NotFound):
                call(sha256)
    assert not blobs.exists(_hash(b"nothing"))
    blobs.delete(_hash(b"nothing"))


def test_a_blob_that_a_power_cut_hurt_is_mended(blobs: ObjectBlobs) -> None:
    sha256 = blobs.put_bytes(b"whole")
    blobs.local_path(sha256).write_bytes(b"")
    assert blobs.put_bytes(b"whole") == sha256
    assert blobs.get_bytes(sha256) == b"whole"


def test_everything_is_synced_before_the_hash_is_returned(
    blobs: ObjectBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(module, "sync_file", synced.append)
    monkeypatch.setattr(module, "sync_folder", synced.append)
    first = blobs.local_path(blobs.put_bytes(b"a"))
    assert {first, first.parent, first.parent.parent, tmp_path / "blobs"} <= set(synced)
    synced.clear()
    blobs.put_bytes(b"a")
    assert {first, first.parent} <= set(synced)
    synced.clear()
    (tmp_path / "b").write_bytes(b"b")
    second = blobs.local_path(blobs.put_file(tmp_path / "b"))
    assert {tmp_path / "b", second.parent} <= set(synced)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_keeps_nothing(blobs: ObjectBlobs, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(*_: object, **__: object) -> None:
        raise module.BaseError(f"Generic LocalFileSystem error: Unable to write: No space left (os error {number})")

    monkeypatch.setattr(module.obstore, "put", full)
    with pytest.raises(StorageFull):
        blobs.put_bytes(b"too much")
    assert list(blobs.all()) == []


def test_a_disk_that_fills_up_while_syncing(
    blobs: ObjectBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a").write_bytes(b"too much")
    monkeypatch.setattr(module, "sync_file", full)
    with pytest.raises(StorageFull):
        blobs.put_bytes(b"too much")
    with pytest.raises(StorageFull):
        blobs.put_file(tmp_path / "a")


def test_a_store_that_is_gone(blobs: ObjectBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise module.BaseError("Permission denied (os error 13)")

    monkeypatch.setattr(module.obstore, "put", gone)
    with pytest.raises(Unavailable) as caught:
        blobs.put_bytes(b"x")
    assert caught.value.code == "blobs_gone"


def test_the_same_bytes_from_many_threads(blobs: ObjectBlobs) -> None:
    data = os.urandom(100_000)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(blobs.put_bytes, [data] * 32)) == {_hash(data)}
    assert blobs.get_bytes(_hash(data)) == data
    assert len(list(blobs.all())) == 1


def test_only_old_blobs_are_swept(blobs: ObjectBlobs) -> None:
    sha256 = blobs.put_bytes(b"x")
    assert not blobs.delete_older(sha256, 60)
    os.utime(blobs.local_path(sha256), (0, 0))
    blobs.put_bytes(b"x")
    assert not blobs.delete_older(sha256, 60)
    os.utime(blobs.local_path(sha256), (0, 0))
    assert blobs.delete_older(sha256, 60)
    assert not blobs.delete_older(sha256, 60)
