"""Files that are either whole or absent."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from boxwright.domain.errors import StorageFull


def write_atomic(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write` on a temporary file beside `path`, bring it to the disk, put it in place. Raises StorageFull."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"the disk is full: {path.name} could not be written; make room and resume") from error
        raise


def write_json(path: Path, value: object) -> None:
    """Write JSON atomically."""
    text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
    write_atomic(path, lambda out: out.write(text.encode()))


def read_json(path: Path) -> object:
    """Return what a file holds; None where there is none, or none that can be read."""
    try:
        value: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value
