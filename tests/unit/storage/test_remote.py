"""What is particular to blobs in a bucket."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import GenericError, PermissionDeniedError

from boxwright.domain.errors import BoxwrightError, StorageFull, Unavailable
from boxwright.storage import remote
from boxwright.storage.location import Location
from boxwright.storage.remote import PIECE, RemoteBlobs
from buckets import Bucket


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def blobs(bucket: Bucket, tmp_path: Path) -> RemoteBlobs:
    return opened(bucket, tmp_path / "cache")


def opened(bucket: Bucket, cache: Path, limit: int = 1 << 30) -> RemoteBlobs:
    made = Location(bucket.url, Path("unused")).blobs(cache, limit)
    assert isinstance(made, RemoteBlobs)
    return made


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the requests that were made."""
    made: list[str] = []

    def watched(name: str) -> None:
        function = getattr(obstore, name)

        def call(*arguments: object, **options: object) -> object:
            made.append(name)
            return function(*arguments, **options)

        monkeypatch.setattr(remote.obstore, name, call)

    for name in ("put", "get", "get_range", "head", "delete"):
        watched(name)
    return made


def test_the_key_is_the_hash_below_the_prefix(blobs: RemoteBlobs, bucket: Bucket) -> None:
    sha256 = blobs.put_bytes(b"picture")
    assert bucket.read(bucket.key(sha256)) == b"picture"


def test_what_was_stored_is_not_sent_again_nor_fetched(
    blobs: RemoteBlobs, bucket: Bucket, tmp_path: Path, calls: list[str]
) -> None:
    (tmp_path / "a").write_bytes(b"picture")
    blobs.put_file(tmp_path / "a")
    blobs.put_file(tmp_path / "a")
    assert calls == ["head", "put", "head"]
    assert blobs.local_path(sha(b"picture")).read_bytes() == b"picture"
    assert calls == ["head", "put", "head"]


def test_the_same_fetch_at_the_same_time_is_one(
    blobs: RemoteBlobs, bucket: Bucket, tmp_path: Path, calls: list[str]
) -> None:
    sha256 = opened(bucket, tmp_path / "other").put_bytes(os.urandom(100_000))
    calls.clear()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(blobs.local_path, [sha256] * 24))) == 1
    assert calls == ["get"]


def test_large_files_move_in_pieces(blobs: RemoteBlobs, tmp_path: Path, calls: list[str]) -> None:
    sha256 = blobs.put_bytes(os.urandom(2 * PIECE + 1))
    calls.clear()
    assert max(len(piece) for piece in blobs.chunks(sha256)) <= PIECE
    assert calls == ["get", "get_range", "get_range"]


def test_an_old_object_is_made_young_before_a_sweep_takes_it(
    blobs: RemoteBlobs, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    blobs.put_bytes(b"x")
    monkeypatch.setattr(remote, "YOUNG", timedelta(0))
    calls.clear()
    blobs.put_bytes(b"x")
    assert calls == ["head", "put"]


@pytest.mark.parametrize("stored", [b"", b"wholE", b"something else"])
def test_damage_in_the_store_is_found_and_mended(blobs: RemoteBlobs, bucket: Bucket, stored: bytes) -> None:
    sha256 = blobs.put_bytes(b"whole")
    bucket.write(bucket.key(sha256), stored)
    for read in (blobs.local_path, blobs.get_bytes):
        with pytest.raises(BoxwrightError) as caught:
            read(sha256)
        assert caught.value.code in {"blob_damaged", "blobs_gone"}  # an empty object has no first byte
    assert list((blobs._cache._folder).rglob(sha256)) == []
    blobs.put_bytes(b"whole")
    assert blobs.get_bytes(sha256) == b"whole"


def test_damage_in_the_cache_is_found_and_fetched_again(blobs: RemoteBlobs, tmp_path: Path) -> None:
    sha256 = blobs.put_bytes(b"whole")
    blobs.local_path(sha256).write_bytes(b"holes")
    assert blobs.local_path(sha256).read_bytes() == b"whole"
    inside = blobs.fetch(sha256, tmp_path / "inputs")
    inside.write_bytes(b"holes")  # shares its bytes with the cache
    assert blobs.fetch(sha256, tmp_path / "inputs").read_bytes() == b"whole"
    assert blobs.local_path(sha256).read_bytes() == b"whole"


def test_a_job_keeps_its_files_when_the_cache_drops_them(bucket: Bucket, tmp_path: Path) -> None:
    blobs = opened(bucket, tmp_path / "cache", limit=1)
    hashes = [blobs.put_bytes(os.urandom(1000)) for _ in range(5)]
    paths = [blobs.fetch(sha256, tmp_path / "inputs") for sha256 in hashes]
    blobs._cache._lease = 0
    blobs.tidy()
    assert blobs._cache.bytes == 0
    assert [sha(path.read_bytes()) for path in paths] == hashes
    assert {path.name for path in (tmp_path / "inputs").iterdir()} == set(hashes)


def test_on_a_disk_without_links_files_are_copied(
    blobs: RemoteBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(remote.os, "link", refuse)
    sha256 = blobs.put_bytes(b"picture")
    assert blobs.fetch(sha256, tmp_path / "inputs").read_bytes() == b"picture"
    assert [path.name for path in (tmp_path / "inputs").iterdir()] == [sha256]


def test_a_file_that_changes_while_it_is_sent_is_not_kept(
    blobs: RemoteBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing"
    path.write_bytes(os.urandom(PIECE + 1))
    put = obstore.put

    def late(store: object, key: str, data: object, **options: object) -> object:
        path.write_bytes(os.urandom(PIECE + 1))
        return put(store, key, data, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(remote.obstore, "put", late)
    with pytest.raises(Unavailable) as caught:
        blobs.put_file(path)
    assert caught.value.code == "hash_mismatch"
    assert list(blobs.all()) == []


def test_a_store_that_goes_and_comes_back(blobs: RemoteBlobs, bucket: Bucket, tmp_path: Path) -> None:
    sha256 = blobs.put_bytes(b"picture")
    kept = blobs.put_bytes(b"seen before")
    blobs.local_path(kept)
    bucket.door.shut()
    for call in (
        lambda: blobs.put_bytes(b"new"),
        lambda: blobs.local_path(sha256),
        lambda: blobs.get_bytes(sha256),
        lambda: blobs.exists(sha256),
        lambda: blobs.delete(sha256),
        lambda: list(blobs.all()),
    ):
        with pytest.raises(Unavailable) as caught:
            call()
        assert caught.value.code == "blobs_gone"
        assert bucket.url in caught.value.message
        assert "\n" not in caught.value.message
    assert blobs.local_path(kept).read_bytes() == b"seen before"
    bucket.door.open()
    assert blobs.local_path(sha256).read_bytes() == b"picture"
    assert not blobs.exists(sha(b"new"))


def test_only_blobs_are_listed(blobs: RemoteBlobs, bucket: Bucket) -> None:
    sha256 = blobs.put_bytes(b"x")
    for name in ("note.txt", sha256, f"aa/bb/{sha256}", "boxwright.json"):
        bucket.write(name, b"y")
    bucket.write(f"../other/{bucket.key(sha256)}", b"y")
    assert list(blobs.sizes()) == [(sha256, 1)]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PermissionDeniedError("status code: 403 Forbidden SignatureDoesNotMatch s3cr3t"), "blobs_refused", "clock"),
        (GenericError("PUT http://169.254.169.254/latest/api/token failed"), "blobs_refused", "no credentials"),
        (GenericError("Received redirect without LOCATION"), "blobs_refused", "AWS_REGION"),
        (GenericError("status code: 404 <Code>NoSuchBucket</Code>"), "blobs_gone", "does not exist"),
        (GenericError("error sending request s3cr3t"), "blobs_gone", "cannot be reached"),
        (GenericError("<Code>XMinioStorageFull</Code>"), "storage_full", "is full"),
    ],
)
def test_what_goes_wrong_is_said_in_one_line_without_secrets(error: Exception, code: str, words: str) -> None:
    said = remote.translated(error, "s3://bucket/prefix")
    assert said.code == code
    assert words in said.message
    assert "s3cr3t" not in said.message
    assert isinstance(said, StorageFull | Unavailable)


def test_a_bucket_that_vanished_is_no_missing_picture(blobs: RemoteBlobs, bucket: Bucket) -> None:
    bucket.drop()
    for call in (lambda: blobs.get_bytes(sha(b"x")), lambda: blobs.put_bytes(b"x")):
        with pytest.raises(Unavailable) as caught:
            call()
        assert caught.value.code == "blobs_gone"
