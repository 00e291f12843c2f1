"""Writing files so that a crash or a full disk leaves either the old one or the new one, never half of one."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from boxwright.domain.errors import StorageFull

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))


@contextmanager
def disk_guard() -> Iterator[None]:
    """Turn "no space left on device" into StorageFull; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("the disk is full: free some space and try again; nothing was kept") from error
        raise


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes the place of `path` when the block ends well, and vanishes when it does not.

    Raises:
        StorageFull: when the disk has no room left.
    """
    draft = path.with_name(path.name + ".tmp")
    try:
        with disk_guard(), draft.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
