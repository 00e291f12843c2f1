"""Folders into archives and back."""

import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from boxwright.cli.failures import wrong_use
from boxwright.domain.errors import InvalidDataset, Unavailable


def pack(folder: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write the files below a folder into a ZIP, uncompressed: pictures are compressed already.

    Hidden files and linked folders stay out. `progress` is called with bytes done and the sum of bytes.
    """
    files = sorted(_files(folder))
    if not files:
        wrong_use(f"{folder} is empty")
    try:
        total = sum(path.stat().st_size for path in files)
        done = 0
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
            for path in files:
                archive.write(path, path.relative_to(folder).as_posix())
                done += path.stat().st_size
                progress(done, total)
    except OSError as error:
        raise Unavailable(f"cannot pack {error.filename or folder}: {error.strerror}") from error


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(parent) / name for name in names if not name.startswith("."))
        found.extend(path for path in paths if path.is_file())
    return found


def unpack(archive: Path, target: Path) -> None:
    """Extract a ZIP into a folder that appears only once everything is in it.

    `target` may be an empty folder and must be on the same disk as the archive.
    """
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=archive.parent) as work:
        content = Path(work) / "content"
        unpack_into(archive, content)
        try:
            if target.is_dir():
                target.rmdir()
            content.replace(target)
        except OSError as error:
            raise Unavailable(f"cannot write {target}: {error.strerror}") from error


def unpack_into(archive: Path, target: Path) -> None:
    """Extract a ZIP beside what a folder holds already."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive) as source:
            source.extractall(target)
    except zipfile.BadZipFile as error:
        raise InvalidDataset(f"what the server sent is no ZIP: {error}") from error
    except OSError as error:
        raise Unavailable(f"cannot write {target}: {error.strerror}") from error
