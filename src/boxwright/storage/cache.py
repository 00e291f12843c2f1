"""A bounded folder of files that lie elsewhere: checked when they come, dropped when nobody used them for longest."""

import hashlib
import logging
import os
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from boxwright.domain.errors import StorageFull, Unavailable
from boxwright.domain.ids import new_id
from boxwright.storage.files import full_disk_is_an_answer, sha256_of
from boxwright.storage.keys import damaged

log = logging.getLogger(__name__)
# Seconds for which a path that was given out stays: long enough to open what is about to be read.
LEASE = 900.0
_NEVER = float("-inf")


@dataclass(slots=True)
class _Entry:
    """What is known of a file: its size, the time stamp it had when its hash was right, when it was last asked for."""

    size: int
    stamp: int | None
    used: float


class KeyLocks:
    """A lock for each key, there only while somebody holds or wants it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Be the only one at work on `key`."""
        with self._guard:
            lock, waiting = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, waiting = self._locks.pop(key)
                if waiting > 1:
                    self._locks[key] = (lock, waiting - 1)


class FileCache:
    """Files named by their SHA-256, at most `limit` bytes together. Thread-safe; one process a folder.

    A path that was given out keeps its file for `lease` seconds, whatever the limit says. Nothing waits for the disk:
    what a power cut hurts is found when it is first used after the start, as is what changed since it came.
    """

    def __init__(self, folder: Path, limit: int, lease: float = LEASE) -> None:
        self._folder, self._limit, self._lease = folder, limit, lease
        self._parts = folder / ".parts"
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self.bytes = 0
        shutil.rmtree(self._parts, ignore_errors=True)  # what a former process was fetching when it died
        self._parts.mkdir(parents=True, exist_ok=True)
        self._take_stock()

    def find(self, sha256: str) -> Path | None:
        """Return the file if it is here and whole."""
        path = self._path(sha256)
        with self._lock:
            entry = self._entries.get(sha256)
            if entry is None:
                return None
            try:
                known = path.stat().st_mtime_ns == entry.stamp
                if known:
                    self._touch(path, entry)
            except FileNotFoundError:
                self._drop(sha256)
                return None
            entry.used = time.monotonic()
            self._entries.move_to_end(sha256)
            self._trim(self._limit)
        return path if known or self._prove(sha256, path, entry) else None

    def fill(self, sha256: str, pieces: Iterable[bytes]) -> Path:
        """Write a file and return its path.

        Raises StorageFull, Unavailable: the bytes are others (`blob_damaged`), the folder is gone (`blobs_gone`).
        """
        part, path = self._parts / f"{sha256}.{new_id()}", self._path(sha256)
        try:
            with full_disk_is_an_answer():
                if _write(part, pieces) != sha256:
                    raise damaged(sha256)
                path.parent.mkdir(exist_ok=True)
                part.replace(path)
        except StorageFull:
            self.trim(0)  # the next try has more room
            raise
        except OSError as error:
            message = f"the cache folder {self._folder} cannot be used: {error.strerror}"
            raise Unavailable(message, code="blobs_gone") from error
        finally:
            with suppress(OSError):
                part.unlink()
        self._enter(sha256, path, time.monotonic())
        return path

    def adopt(self, sha256: str, source: Path) -> None:
        """Keep a file, whose hash is known, under a second name where the disk can do that; it must not change."""
        path = self._path(sha256)
        try:
            path.parent.mkdir(exist_ok=True)
            path.hardlink_to(source)
        except OSError:
            return  # there already, or another disk: it will be fetched when it is wanted
        # Nobody asked for it yet: a large import does not swell the cache.
        self._enter(sha256, path, time.monotonic() - self._lease)

    def forget(self, sha256: str) -> None:
        """Remove a file; no error when it is gone."""
        with self._lock:
            self._drop(sha256)

    def trim(self, limit: int | None = None) -> None:
        """Remove what nobody used for longest until the rest fits; what is in use stays."""
        with self._lock:
            self._trim(self._limit if limit is None else limit)

    def _trim(self, limit: int) -> None:
        in_use = time.monotonic() - self._lease
        while self.bytes > limit and self._entries:
            sha256, entry = next(iter(self._entries.items()))
            if entry.used > in_use:
                return
            self._drop(sha256)

    def _enter(self, sha256: str, path: Path, used: float) -> None:
        with self._lock:
            with suppress(FileNotFoundError):
                state = path.stat()
                self._forget_size(sha256)
                self._entries[sha256] = _Entry(state.st_size, state.st_mtime_ns, used)
                self.bytes += state.st_size
            self._trim(self._limit)

    @staticmethod
    def _touch(path: Path, entry: _Entry) -> None:
        # The next process knows the order by this.
        stamp = time.time_ns()
        os.utime(path, ns=(stamp, stamp))
        entry.stamp = path.stat().st_mtime_ns

    def _prove(self, sha256: str, path: Path, entry: _Entry) -> bool:
        try:
            whole = sha256_of(path) == sha256
        except FileNotFoundError:
            whole = False
        with self._lock:
            if whole:
                with suppress(FileNotFoundError):
                    self._touch(path, entry)
                return True
            log.warning("the cached file %s was damaged; it is fetched again", sha256)
            self._drop(sha256)
        return False

    def _take_stock(self) -> None:
        found = []
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            state = path.stat()
            found.append((state.st_mtime_ns, path.name, state.st_size))
        for _, sha256, size in sorted(found):
            self._entries[sha256] = _Entry(size, None, _NEVER)
            self.bytes += size
        self.trim()

    def _drop(self, sha256: str) -> None:
        self._forget_size(sha256)
        with suppress(OSError):  # Windows does not remove what is open
            self._path(sha256).unlink()

    def _forget_size(self, sha256: str) -> None:
        entry = self._entries.pop(sha256, None)
        if entry is not None:
            self.bytes -= entry.size

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def _write(path: Path, pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()
