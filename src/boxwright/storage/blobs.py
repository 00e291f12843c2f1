"""Content-addressed files in a folder, through obstore: `aa/bb/<sha256>`."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore

from boxwright.domain.errors import BoxwrightError, Invalid, StorageFull, Unavailable
from boxwright.storage.files import full_disk_is_an_answer, sha256_of, sync_file, sync_folder
from boxwright.storage.keys import damaged, is_hash, key_of, missing, read_pieces


class ObjectBlobs:
    """A BlobStore in a local folder. Thread-safe.

    obstore writes a blob under another name and renames it, but does not wait for the disk; we do, before the hash is
    returned. A file that was there before is trusted only once its bytes were read again: a power cut may have hurt it.

    Raises:
        StorageFull: where the disk is full; no part of a blob stays under its hash.
        Unavailable: with code `blobs_gone` where the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.resolve()
        self._store = LocalStore(self._folder)
        # Between "it is here already" and "it is old, away with it" nothing may come.
        self._lock = threading.Lock()

    def put_bytes(self, data: bytes) -> str:
        """Store bytes durably and return their SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self._keep_existing(sha256):
            self._write(sha256, data)
        return sha256

    def put_file(self, path: Path, sha256: str | None = None) -> str:
        """Store a file durably and return its SHA-256; the file itself stays.

        On the same disk both names share the bytes, so the file must not be written to afterwards. Raises Invalid with
        code `hash_mismatch` where `sha256` is given and wrong.
        """
        found = sha256_of(path)
        if sha256 is not None and found != sha256:
            raise Invalid(f"{path.name} changed on its way: its SHA-256 is not the expected one", code="hash_mismatch")
        if not self._keep_existing(found) and not self._link(path, found):
            self._write(found, path)
        return found

    def adopt(self, sha256: str, path: Path) -> None:
        """Nothing to do: there is no cache."""

    def get_bytes(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound."""
        try:
            return bytes(obstore.get(self._store, key_of(sha256)).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise missing(sha256) from error
        except (BaseError, OSError) as error:
            raise _translated(error) from error

    def local_path(self, sha256: str) -> Path:
        """Return a path where a library can read the bytes. Raises NotFound."""
        path = self._folder / key_of(sha256)
        if not path.is_file():
            raise missing(sha256)
        return path

    def fetch(self, sha256: str, folder: Path) -> Path:  # noqa: ARG002
        """Return a path where a job can read the bytes: that of the blob itself. Raises NotFound."""
        return self.local_path(sha256)

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece. Raises NotFound; Unavailable (`blob_damaged`) comes after the last piece."""
        digest = hashlib.sha256()
        try:
            for piece in read_pieces(self.local_path(sha256)):
                digest.update(piece)
                yield piece
        except OSError as error:
            raise _translated(error) from error
        if digest.hexdigest() != sha256:
            raise damaged(sha256)

    def exists(self, sha256: str) -> bool:
        """Tell whether the bytes are here."""
        return (self._folder / key_of(sha256)).is_file()

    def presumed(self, hashes: Set[str]) -> Set[str]:
        """Return those whose bytes should be here, without asking over a network: here that is known."""
        return {sha256 for sha256 in hashes if self.exists(sha256)}

    def delete(self, sha256: str) -> None:
        """Remove the bytes; no error when they are gone."""
        with self._lock:
            self._remove(sha256)

    def delete_older(self, sha256: str, seconds: float) -> bool:
        """Remove the bytes if nobody stored them again within the last `seconds`; tell whether they were removed."""
        with self._lock:
            try:
                age = time.time() - (self._folder / key_of(sha256)).stat().st_mtime
            except FileNotFoundError:
                return False
            if age < seconds:
                return False
            self._remove(sha256)
            return True

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Yield hash and bytes of every blob."""
        for sha256 in self.all():
            with suppress(FileNotFoundError):
                yield sha256, (self._folder / key_of(sha256)).stat().st_size

    def tidy(self) -> None:
        """Nothing to do: there is no cache."""

    def all(self) -> Iterator[str]:
        """Yield the hash of every blob."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if is_hash(path.name):
                yield path.name

    def _keep_existing(self, sha256: str) -> bool:
        path = self._folder / key_of(sha256)
        with self._lock:
            try:
                os.utime(path)  # young again: a sweep that runs just now leaves it alone
            except FileNotFoundError:
                return False
        if sha256_of(path) != sha256:
            self.delete(sha256)
            return False
        with full_disk_is_an_answer():
            sync_file(path)
            sync_folder(path.parent)
        return True

    def _link(self, source: Path, sha256: str) -> bool:
        path = self._folder / key_of(sha256)
        with full_disk_is_an_answer():
            sync_file(source)
            self._make_folder(path.parent)
            try:
                os.utime(source)
                path.hardlink_to(source)
            except FileExistsError:
                return True
            except OSError:
                return False  # another disk, or one that knows no links
            sync_folder(path.parent)
        return True

    def _write(self, sha256: str, data: bytes | Path) -> None:
        path = self._folder / key_of(sha256)
        try:
            self._make_folder(path.parent)
            obstore.put(self._store, key_of(sha256), data)
            sync_file(path)
            sync_folder(path.parent)
        except (BaseError, OSError) as error:
            raise _translated(error) from error
        if sha256_of(path) != sha256:
            self.delete(sha256)
            raise Unavailable("a file changed while it was stored; try again", code="hash_mismatch")

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
            sync_folder(self._folder)

    def _remove(self, sha256: str) -> None:
        (self._folder / key_of(sha256)).unlink(missing_ok=True)


def _translated(error: Exception) -> BoxwrightError:
    number = getattr(error, "errno", None)
    # obstore passes the words of the operating system on, not its number.
    if number in (28, 122) or "os error 28" in str(error) or "os error 122" in str(error):
        return StorageFull("the disk is full; nothing of this was kept")
    return Unavailable("the blob store cannot be used: its folder is gone or closed to us", code="blobs_gone")
