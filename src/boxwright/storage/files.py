"""Files that are safe on disk before anybody is told so."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from boxwright.domain.errors import StorageFull
from boxwright.domain.ids import new_id

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def full_disk_is_an_answer() -> Iterator[None]:
    """Turn "no space left" into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("the disk is full; nothing of this was kept") from error
        raise


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Wait until the bytes of a file are on disk."""
    # Windows flushes only handles that may write.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk; Windows needs and knows no such thing."""
    if os.name != "nt":
        sync_file(folder)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there completely or not at all (but maybe not after a power cut). Raises StorageFull."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{new_id()}")
    try:
        with full_disk_is_an_answer():
            part.write_bytes(data)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` hold what `source` does, without copying it where the disk can; it is there whole or not at all."""
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that knows no links
        part = target.with_suffix(".tmp")
        shutil.copyfile(source, part)
        part.replace(target)
