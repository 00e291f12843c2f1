"""Blobs, and pictures that stay where they lie and are fetched when they are wanted."""

import os
import shutil
from collections.abc import Callable, Iterator, Set
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from boxwright.domain.errors import Conflict, NotFound, Unavailable
from boxwright.domain.ids import new_id
from boxwright.domain.originals import Original
from boxwright.domain.ports import BlobStore
from boxwright.storage.cache import FileCache, KeyLocks
from boxwright.storage.files import full_disk_is_an_answer, sha256_of
from boxwright.storage.keys import checked_hash, missing, read_pieces
from boxwright.storage.location import open_url
from boxwright.storage.remote import PIECE, translated


class ReferencedBlobs:
    """A BlobStore that also gives what is not stored here but known to lie elsewhere. Thread-safe.

    An original is read into a bounded cache and checked against its hash: other bytes than those that were imported are
    never given out. Nothing here writes to an original, or removes one.

    Args:
        base: what is stored here; it counts first.
        cache: of this process alone.
        find: tells where bytes lie.
        known: tells which of many lie somewhere else.

    Raises beside what `base` does:
        Conflict: `original_missing` or `original_changed`, with what to do.
        Unavailable: the bucket cannot be reached or refuses.
    """

    def __init__(
        self,
        base: BlobStore,
        cache: FileCache,
        find: Callable[[str], Original | None],
        known: Callable[[Set[str]], Set[str]],
    ) -> None:
        self._base, self._cache, self._find, self._known = base, cache, find, known
        self._locks = KeyLocks()

    def put_bytes(self, data: bytes) -> str:
        """Store bytes durably and return their SHA-256."""
        return self._base.put_bytes(data)

    def put_file(self, path: Path, sha256: str | None = None) -> str:
        """Store a file durably and return its SHA-256."""
        return self._base.put_file(path, sha256)

    def adopt(self, sha256: str, path: Path) -> None:
        """Keep a file, whose hash is known, for speed alone."""
        self._cache.adopt(checked_hash(sha256), path)

    def get_bytes(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound."""
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece. Raises NotFound."""
        try:
            yield from self._base.chunks(sha256)
        except NotFound:
            yield from read_pieces(self._bring(sha256))

    def local_path(self, sha256: str) -> Path:
        """Return a path that stays for a quarter of an hour. Raises NotFound."""
        cached = self._cache.find(sha256)
        if cached is not None:
            return cached
        try:
            return self._base.local_path(sha256)
        except NotFound:
            return self._bring(sha256)

    def fetch(self, sha256: str, folder: Path) -> Path:
        """Return a path, maybe in `folder`, that stays as long as the folder does. Raises NotFound."""
        try:
            return self._base.fetch(sha256, folder)
        except NotFound:
            target = folder / checked_hash(sha256)
            if not (target.is_file() and sha256_of(target) == sha256):
                _put(self._bring(sha256), target)
            return target

    def exists(self, sha256: str) -> bool:
        """Tell whether the bytes are here, or known to lie elsewhere."""
        return self._base.exists(sha256) or self._find(sha256) is not None

    def presumed(self, hashes: Set[str]) -> Set[str]:
        """Return those whose bytes should be to be had, without asking over a network."""
        here = self._base.presumed(hashes)
        return here if len(here) == len(hashes) else here | self._known(hashes - here)

    def delete(self, sha256: str) -> None:
        """Remove the bytes that are here."""
        self._cache.forget(sha256)
        self._base.delete(sha256)

    def delete_older(self, sha256: str, seconds: float) -> bool:
        """Remove the bytes that are here if nobody stored them again within the last `seconds`."""
        return self._base.delete_older(sha256, seconds)

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Yield hash and bytes of every blob that is stored here."""
        return self._base.sizes()

    def all(self) -> Iterator[str]:
        """Yield the hash of every blob that is stored here."""
        return self._base.all()

    def tidy(self) -> None:
        """Bring the caches down to their limits."""
        self._base.tidy()
        self._cache.trim()

    def _bring(self, sha256: str) -> Path:
        original = self._find(checked_hash(sha256))
        if original is None:
            raise missing(sha256)
        with self._locks.hold(sha256):  # whoever comes second finds what the first one fetched
            path = self._cache.find(sha256)
            if path is not None:
                return path
            try:
                return self._cache.fill(sha256, pieces_of(original))
            except Unavailable as error:
                if error.code != "blob_damaged":
                    raise
                raise _changed(original) from error


def address_of(source: str, name: str) -> str:
    """Return the address of a file below a prefix or folder."""
    return f"{source.rstrip('/')}/{quote(name)}"


def pieces_of(original: Original) -> Iterator[bytes]:
    """Yield the bytes of an original as it is now. Raises Conflict, Unavailable."""
    parts = urlsplit(original.address)
    path = unquote(parts.path)
    try:
        if parts.scheme == "file":
            yield from _of_file(Path(path), original)
        else:
            store = open_url(f"{parts.scheme}://{parts.netloc}")
            yield from _of_bucket(store, path.lstrip("/"), original)
    except (BaseError, OSError) as error:
        if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
            raise _gone(original) from error
        raise translated(error, original.address) from error


def _of_file(path: Path, original: Original) -> Iterator[bytes]:
    if path.resolve() != path or not path.is_file():  # a link would lead to what nobody looked at
        raise _gone(original)
    if path.stat().st_size != original.bytes:
        raise _changed(original)
    yield from read_pieces(path)


def _of_bucket(store: ObjectStore, key: str, original: Original) -> Iterator[bytes]:
    if obstore.head(store, key)["size"] != original.bytes:
        raise _changed(original)
    for start in range(0, original.bytes, PIECE):
        yield bytes(obstore.get_range(store, key, start=start, end=min(start + PIECE, original.bytes)))


def _gone(original: Original) -> Conflict:
    message = f"{original.address} is gone; this image is there by reference: put the file back, or delete the image"
    return Conflict(message, code="original_missing", detail={"address": original.address})


def _changed(original: Original) -> Conflict:
    message = (
        f"{original.address} is no longer what was imported, and this image is there by reference: "
        "put the former file back, or delete the image and import it again"
    )
    return Conflict(message, code="original_changed", detail={"address": original.address})


def _put(source: Path, target: Path) -> None:
    with full_disk_is_an_answer():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.parent / f".{new_id()}"
        try:
            try:
                os.link(source, part)
            except OSError:  # another disk, or one that knows no links
                shutil.copyfile(source, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
