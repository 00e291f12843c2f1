"""Content-addressed files in an object store (S3, Google, Azure), read through a cache on this disk."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore

from boxwright.domain.errors import BoxwrightError, Invalid, StorageFull, Unavailable
from boxwright.domain.ids import new_id
from boxwright.storage.cache import FileCache, KeyLocks
from boxwright.storage.files import full_disk_is_an_answer, sha256_of
from boxwright.storage.keys import checked_hash, damaged, is_hash, key_of, missing, read_pieces

# A request moves at most this much: each ends within its time limit, also on a slow line, and few fill the memory.
PIECE = 8 << 20
_PARTS_AT_ONCE = 3
# An object that is older than this is written again when it comes again, so that no sweep takes it for abandoned.
YOUNG = timedelta(hours=12)
_EMPTY = hashlib.sha256().hexdigest()


class RemoteBlobs:
    """A BlobStore in a bucket. Thread-safe.

    An object appears whole or not at all, and a hash is returned only once the store has acknowledged its bytes. What
    is read is checked against its hash.

    Args:
        store: of obstore, with the prefix below which the objects lie.
        cache: of this process alone.
        name: how to call the place in messages; without secrets.

    Raises:
        Unavailable: with code `blobs_gone` where the store cannot be reached, `blobs_refused` where it denies us,
            `blob_damaged` where bytes are not those of their hash.
        StorageFull: where the disk of the cache, or the store, is full.
    """

    def __init__(self, store: ObjectStore, cache: FileCache, name: str) -> None:
        self._store, self._cache, self._name = store, cache, name
        self._locks = KeyLocks()
        self._damaged: set[str] = set()

    def put_bytes(self, data: bytes) -> str:
        """Store bytes durably and return their SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._locks.hold(sha256):
            if not self._is_fresh(sha256, len(data)):
                self._upload(sha256, data)
        return sha256

    def put_file(self, path: Path, sha256: str | None = None) -> str:
        """Store a file durably and return its SHA-256; the file itself stays, and must not be written to afterwards.

        Raises Invalid with code `hash_mismatch` where `sha256` is given and wrong.
        """
        small = path.read_bytes() if path.stat().st_size <= PIECE else None
        found = hashlib.sha256(small).hexdigest() if small is not None else sha256_of(path)
        if sha256 is not None and found != sha256:
            raise Invalid(f"{path.name} changed on its way: its SHA-256 is not the expected one", code="hash_mismatch")
        with self._locks.hold(found):
            if not self._is_fresh(found, path.stat().st_size):
                self._upload(found, path if small is None else small)
                if small is None and sha256_of(path) != found:
                    self._delete(found)
                    raise Unavailable("a file changed while it was stored; try again", code="hash_mismatch")
            self._cache.adopt(found, path)
        return found

    def adopt(self, sha256: str, path: Path) -> None:
        """Keep a file, whose hash is known, in the cache."""
        self._cache.adopt(checked_hash(sha256), path)

    def get_bytes(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound."""
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece; not into the cache. Raises NotFound; `blob_damaged` comes after the last."""
        cached = self._cache.find(checked_hash(sha256))
        pieces = self._download(sha256) if cached is None else read_pieces(cached)
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
            yield piece
        if digest.hexdigest() != sha256:
            self._damaged.add(sha256)
            raise damaged(sha256)

    def local_path(self, sha256: str) -> Path:
        """Return a path that stays for a quarter of an hour. Raises NotFound."""
        path = self._cache.find(checked_hash(sha256))
        if path is None:
            with self._locks.hold(sha256):  # whoever comes second finds what the first one fetched
                path = self._cache.find(sha256) or self._fetch(sha256)
        return path

    def fetch(self, sha256: str, folder: Path) -> Path:
        """Return a path in `folder` that stays until somebody removes it. Raises NotFound."""
        target = folder / checked_hash(sha256)
        if target.is_file() and sha256_of(target) == sha256:
            return target
        source = self.local_path(sha256)
        with full_disk_is_an_answer():
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{new_id()}"
            try:
                _link(source, part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)  # also where both are links to one file: then nothing was replaced
        return target

    def exists(self, sha256: str) -> bool:
        """Tell whether the bytes are here; asks the store."""
        return self._head(sha256) is not None

    def presumed(self, hashes: Set[str]) -> Set[str]:
        """Return those whose bytes should be here, without asking over the network."""
        return set(filter(is_hash, hashes))

    def delete(self, sha256: str) -> None:
        """Remove the bytes; no error when they are gone."""
        with self._locks.hold(checked_hash(sha256)):
            self._delete(sha256)

    def delete_older(self, sha256: str, seconds: float) -> bool:
        """Remove the bytes if nobody stored them again within the last `seconds`; tell whether they were removed."""
        with self._locks.hold(checked_hash(sha256)):
            found = self._head(sha256)
            if found is None or datetime.now(UTC) - found[1] < timedelta(seconds=seconds):
                return False
            self._delete(sha256)
            return True

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Yield hash and bytes of every blob."""
        try:
            for batch in obstore.list(self._store):
                for item in batch:
                    name = item["path"].rpartition("/")[2]
                    if is_hash(name) and item["path"] == key_of(name):
                        yield name, item["size"]
        except (BaseError, OSError) as error:
            raise self._translated(error) from error

    def all(self) -> Iterator[str]:
        """Yield the hash of every blob."""
        return (sha256 for sha256, _ in self.sizes())

    def tidy(self) -> None:
        """Bring the cache down to its limit."""
        self._cache.trim()

    def _is_fresh(self, sha256: str, size: int) -> bool:
        found = self._head(sha256)
        if found is None or sha256 in self._damaged:
            return False
        return found[0] == size and datetime.now(UTC) - found[1] < YOUNG

    def _head(self, sha256: str) -> tuple[int, datetime] | None:
        try:
            found = obstore.head(self._store, key_of(sha256))
        except (BaseError, OSError) as error:
            if self._is_missing(error):
                return None
            raise self._translated(error) from error
        return found["size"], found["last_modified"]

    def _upload(self, sha256: str, data: bytes | Path) -> None:
        try:
            obstore.put(self._store, key_of(sha256), data, chunk_size=PIECE, max_concurrency=_PARTS_AT_ONCE)
        except (BaseError, OSError) as error:
            raise self._translated(error) from error
        self._damaged.discard(sha256)

    def _delete(self, sha256: str) -> None:
        self._cache.forget(sha256)
        try:
            obstore.delete(self._store, key_of(sha256))
        except (BaseError, OSError) as error:
            if not self._is_missing(error):
                raise self._translated(error) from error

    def _fetch(self, sha256: str) -> Path:
        try:
            return self._cache.fill(sha256, self._download(sha256))
        except Unavailable as error:
            if error.code == "blob_damaged":
                self._damaged.add(sha256)
            raise

    def _download(self, sha256: str) -> Iterable[bytes]:
        key = key_of(sha256)
        if sha256 == _EMPTY:  # nothing has no range that could be asked for
            if not self.exists(sha256):
                raise missing(sha256)
            return
        try:
            first = obstore.get(self._store, key, options={"range": (0, PIECE)})
            size, have = first.meta["size"], min(first.meta["size"], PIECE)
            yield bytes(first.bytes())
            while have < size:
                end = min(have + PIECE, size)
                yield bytes(obstore.get_range(self._store, key, start=have, end=end))
                have = end
        except (BaseError, OSError) as error:
            if self._is_missing(error):
                raise missing(sha256) from error
            raise self._translated(error) from error

    @staticmethod
    def _is_missing(error: Exception) -> bool:
        return isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error)

    def _translated(self, error: Exception) -> BoxwrightError:
        return translated(error, self._name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(source, target)


def translated(error: Exception, name: str) -> BoxwrightError:
    """Return the error in words of the domain. What the store said is not passed on: it may quote credentials."""
    said = str(error)
    if "169.254.169.254" in said or "metadata.google" in said:  # where machines in a cloud find theirs
        message = f"no credentials for {name}: set them in the environment (docs/storage.md)"
        return Unavailable(message, code="blobs_refused")
    if "redirect" in said or "AuthorizationHeaderMalformed" in said:
        return Unavailable(f"{name} lies in another region; set AWS_REGION to it", code="blobs_refused")
    if isinstance(error, UnauthenticatedError | PermissionDeniedError) or " 401 " in said or " 403 " in said:
        message = f"{name} refuses our credentials; check the key, its rights and the clock of this machine"
        return Unavailable(message, code="blobs_refused")
    if "NoSuchBucket" in said or "ContainerNotFound" in said:
        return Unavailable(f"the bucket of {name} does not exist; make it, or correct its name", code="blobs_gone")
    if "StorageFull" in said or " 507 " in said:
        return StorageFull(f"{name} is full; nothing of this was kept")
    return Unavailable(f"{name} cannot be reached; nothing was changed, try again later", code="blobs_gone")
