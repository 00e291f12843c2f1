"""What holds for every blob store, in a folder and in a bucket."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.ports import BlobStore
from boxwright.storage.remote import PIECE


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=4096))
def test_bytes_come_back(any_blobs: BlobStore, data: bytes) -> None:
    sha256 = any_blobs.put_bytes(data)
    assert sha256 == sha(data)
    assert any_blobs.get_bytes(sha256) == data
    assert b"".join(any_blobs.chunks(sha256)) == data
    assert any_blobs.local_path(sha256).read_bytes() == data
    assert any_blobs.exists(sha256)
    assert any_blobs.presumed({sha256}) == {sha256}
    assert dict(any_blobs.sizes())[sha256] == len(data)
    assert sha256 in set(any_blobs.all())


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7])
def test_every_size_comes_back(any_blobs: BlobStore, tmp_path: Path, size: int) -> None:
    (tmp_path / "file").write_bytes(os.urandom(size))
    data = (tmp_path / "file").read_bytes()
    sha256 = any_blobs.put_file(tmp_path / "file", sha(data))
    assert any_blobs.put_file(tmp_path / "file") == sha256
    (tmp_path / "file").unlink()
    assert any_blobs.get_bytes(sha256) == data
    assert sha(any_blobs.local_path(sha256).read_bytes()) == sha256
    assert list(any_blobs.sizes()) == [(sha256, size)]


def test_a_job_gets_a_path_that_stays(any_blobs: BlobStore, tmp_path: Path) -> None:
    sha256 = any_blobs.put_bytes(b"picture")
    path = any_blobs.fetch(sha256, tmp_path / "job" / "inputs")
    assert path.read_bytes() == b"picture"
    assert any_blobs.fetch(sha256, tmp_path / "job" / "inputs") == path
    with pytest.raises(NotFound):
        any_blobs.fetch(sha(b"nothing"), tmp_path / "job" / "inputs")


def test_a_wrong_hash_is_refused(any_blobs: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"changed")
    with pytest.raises(Invalid) as caught:
        any_blobs.put_file(tmp_path / "a", sha(b"original"))
    assert caught.value.code == "hash_mismatch"
    assert list(any_blobs.all()) == []


def test_what_is_not_there(any_blobs: BlobStore) -> None:
    for sha256 in (sha(b"nothing"), sha(b""), "", "x" * 64, "../" * 20, "A" * 64):
        for call in (any_blobs.get_bytes, any_blobs.local_path, lambda key: list(any_blobs.chunks(key))):
            with pytest.raises(NotFound):
                call(sha256)
    assert not any_blobs.exists(sha(b"nothing"))
    any_blobs.delete(sha(b"nothing"))
    assert not any_blobs.delete_older(sha(b"nothing"), 0)


def test_what_is_deleted_is_gone(any_blobs: BlobStore) -> None:
    sha256 = any_blobs.put_bytes(b"x")
    any_blobs.local_path(sha256)
    assert not any_blobs.delete_older(sha256, 3600)
    any_blobs.delete(sha256)
    assert not any_blobs.exists(sha256)
    for call in (any_blobs.get_bytes, any_blobs.local_path):
        with pytest.raises(NotFound):
            call(sha256)
    any_blobs.put_bytes(b"x")
    assert any_blobs.delete_older(sha256, -5)
    assert list(any_blobs.all()) == []


def test_the_same_bytes_from_many_threads(any_blobs: BlobStore) -> None:
    data = os.urandom(100_000)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(any_blobs.put_bytes, [data] * 16)) == {sha(data)}
        paths = set(pool.map(any_blobs.local_path, [sha(data)] * 16))
    assert len(paths) == 1
    assert any_blobs.get_bytes(sha(data)) == data
    assert len(list(any_blobs.all())) == 1
