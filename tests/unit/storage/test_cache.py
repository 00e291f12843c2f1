from __future__ import annotations

import errno
import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from boxwright.domain.errors import StorageFull, Unavailable
from boxwright.storage.cache import FileCache, KeyLocks


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fill(cache: FileCache, data: bytes) -> Path:
    return cache.fill(sha(data), [data])


def files(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_put_in_is_found(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 100)
    assert cache.find(sha(b"a")) is None
    path = fill(cache, b"a")
    assert cache.find(sha(b"a")) == path
    assert path.read_bytes() == b"a"
    cache.forget(sha(b"a"))
    assert cache.find(sha(b"a")) is None
    assert cache.bytes == 0
    assert not path.exists()


def test_what_nobody_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 30, lease=0)
    for data in (b"a" * 10, b"b" * 10, b"c" * 10):
        fill(cache, data)
    cache.find(sha(b"a" * 10))
    fill(cache, b"d" * 10)
    assert files(tmp_path) == {b"a" * 10, b"c" * 10, b"d" * 10}
    assert cache.bytes == 30


def test_what_is_in_use_stays_whatever_the_limit_says(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 10, lease=60)
    paths = [fill(cache, letter.encode() * 10) for letter in "abcd"]
    assert all(path.is_file() for path in paths)
    assert cache.bytes == 40
    again = FileCache(tmp_path, 10, lease=60)  # a new process: nobody uses anything
    assert again.bytes == 10
    assert files(tmp_path) == {b"d" * 10}


def test_the_order_outlives_the_process(tmp_path: Path) -> None:
    first = FileCache(tmp_path, 100)
    for data in (b"a" * 10, b"b" * 10):
        fill(first, data)
    first.find(sha(b"a" * 10))
    FileCache(tmp_path, 10)
    assert files(tmp_path) == {b"a" * 10}


def test_a_stored_file_is_kept_without_a_download_and_makes_way(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "cache", 10, lease=60)
    (tmp_path / "source").write_bytes(b"x" * 10)
    cache.adopt(sha(b"x" * 10), tmp_path / "source")
    (tmp_path / "source").unlink()
    found = cache.find(sha(b"x" * 10))
    assert found is not None
    assert found.read_bytes() == b"x" * 10
    for letter in "abcdef":  # an import: nobody has asked for its pictures yet
        (tmp_path / letter).write_bytes(letter.encode() * 10)
        cache.adopt(sha(letter.encode() * 10), tmp_path / letter)
    assert cache.bytes <= 10 * 7
    cache.forget(sha(b"x" * 10))
    cache.trim()
    assert cache.bytes == 10
    cache.adopt(sha(b"gone"), tmp_path / "gone")
    assert cache.find(sha(b"gone")) is None


def test_bytes_that_are_not_those_of_the_name_are_refused(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 100)
    with pytest.raises(Unavailable) as caught:
        cache.fill(sha(b"right"), [b"wro", b"ng"])
    assert caught.value.code == "blob_damaged"
    assert files(tmp_path) == set()
    assert cache.bytes == 0


@pytest.mark.parametrize("hurt", [b"", b"other"])
def test_a_file_that_was_hurt_is_not_found(tmp_path: Path, hurt: bytes) -> None:
    path = fill(FileCache(tmp_path, 100), b"whole")
    cache = FileCache(tmp_path, 100)
    path.write_bytes(hurt)
    assert cache.find(sha(b"whole")) is None
    assert not path.exists()
    path = fill(cache, b"whole")
    path.write_bytes(hurt)  # also while the process lives
    assert cache.find(sha(b"whole")) is None
    assert cache.bytes == 0
    fill(cache, b"whole").unlink()
    assert cache.find(sha(b"whole")) is None


def test_a_killed_process_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 100)

    def pieces() -> Iterator[bytes]:
        yield b"half"
        assert files(tmp_path) <= {b"half", b""}
        assert cache.find(sha(b"half of it")) is None
        (tmp_path / "copy").write_bytes(b"")
        for part in (tmp_path / ".parts").iterdir():
            part.with_name("left-by-kill-9").write_bytes(b"half")
        yield b" of it"

    cache.fill(sha(b"half of it"), pieces())
    (tmp_path / "copy").unlink()
    again = FileCache(tmp_path, 100)
    assert files(tmp_path) == {b"half of it"}
    assert again.find(sha(b"half of it")) is not None


def test_a_full_disk_makes_room_for_the_next_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = FileCache(tmp_path, 1000, lease=0)
    fill(cache, b"old")

    def full() -> Iterator[bytes]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield b""

    with pytest.raises(StorageFull):
        cache.fill(sha(b"new"), full())
    assert files(tmp_path) == set()
    assert fill(cache, b"new").is_file()


def test_a_cache_folder_that_is_gone_is_said_so(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "cache", 1000)
    (tmp_path / "cache").rename(tmp_path / "elsewhere")
    with pytest.raises(Unavailable) as caught:
        fill(cache, b"x")
    assert caught.value.code == "blobs_gone"
    assert "\n" not in caught.value.message


def test_one_at_a_time_for_each_key() -> None:
    locks, order, inside, other = KeyLocks(), [], threading.Event(), threading.Event()

    def first() -> None:
        with locks.hold("a"):
            inside.set()
            assert other.wait(60)
            time.sleep(0.05)  # for who would not wait
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait()
    with locks.hold("b"):
        order.append("other key")
        other.set()
    with locks.hold("a"):
        order.append("second")
    thread.join()
    assert order == ["other key", "first", "second"]
    assert not locks._locks
