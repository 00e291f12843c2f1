"""Unpacking archives that a person sent, without trusting a word in them.

Names from the archive never become paths on disk: each file is written under a number, and its name returned with it.
"""

import errno
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from boxwright.domain.errors import InvalidDataset, TooLarge
from boxwright.media.files import disk_guard

_CHUNK = 1 << 20
_FOLDER = 1000  # files in one folder
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, OverflowError, ValueError)
_OTHERS = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What an archive may grow to: number of files, bytes of all, and growth over the archive's own size.

    The ratio counts only once `free` bytes are unpacked: small archives of plain pictures shrink a thousandfold.
    """

    files: int = 2_000_000
    total: int = 200 << 30
    ratio: float = 200.0
    free: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a dataset: its name inside (relative, POSIX) and where its bytes lie."""

    name: str
    path: Path


def is_archive(path: Path) -> bool:
    """Tell by the first bytes whether `path` is a ZIP or TAR (plain or gzip). Raises InvalidDataset for others."""
    with path.open("rb") as stream:
        head = stream.read(512)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise InvalidDataset(
                f"{name} archives cannot be read: pack the files as ZIP or TAR.GZ", code="archive_format"
            )
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")) or head[257:262] == b"ustar"


def safe_extract(
    archive: Path, into: Path, limits: Limits | None = None, *, tick: Callable[[int, int], None] | None = None
) -> list[Member]:
    """Unpack a ZIP or TAR (plain or gzip) into the empty folder `into`.

    Archives inside the archive stay packed. Back-slashes count as slashes.

    Args:
        archive: the file.
        into: folder for the unpacked files; made where missing.
        limits: what is too much.
        tick: called with (bytes done, bytes of all or 0 where unknown) after each file; may raise to stop.

    Returns:
        the files in the order of the archive.

    Raises:
        InvalidDataset: `archive_unsafe` (climbing or absolute names, links, devices), `archive_encrypted`,
            `archive_duplicate` (one name twice) or `archive_broken`.
        TooLarge: over a limit.
        StorageFull: the disk is full.
    """
    writer = _Writer(archive, into, limits or Limits())
    with archive.open("rb") as stream:
        zipped = stream.read(2) == b"PK"
    try:
        for name, size, total, content in (_zip_files if zipped else _tar_files)(archive):
            done = writer.add(name, size, content)
            if tick:
                tick(done, total)
    except _BROKEN as error:
        raise InvalidDataset(f"the archive is broken or cut short: {error}", code="archive_broken") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # A place before the beginning of the file, where a broken directory said that something lies.
        raise InvalidDataset("the archive is broken: its directory leads nowhere", code="archive_broken") from error
    return writer.members


class _Writer:
    """Writes members under numbers and counts."""

    def __init__(self, archive: Path, into: Path, limits: Limits) -> None:
        self.members: list[Member] = []
        self._into, self._limits = into, limits
        self._packed = max(1, archive.stat().st_size)
        self._names: set[str] = set()
        self._bytes = 0

    def add(self, raw_name: str, size: int, content: IO[bytes]) -> int:
        name = _safe_name(raw_name)
        if name in self._names:
            raise InvalidDataset(f"the archive holds {name!r} twice", code="archive_duplicate")
        if len(self.members) >= self._limits.files:
            raise TooLarge(f"the archive holds more than {self._limits.files:,} files")
        self._check(size)
        self._names.add(name)
        number = len(self.members)
        path = self._into / f"{number // _FOLDER:04d}" / f"{number:07d}"
        with disk_guard():
            if number % _FOLDER == 0:
                path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as out:
                while data := content.read(_CHUNK):
                    self._check(len(data))
                    self._bytes += len(data)
                    out.write(data)
        self.members.append(Member(name, path))
        return self._bytes

    def _check(self, more: int) -> None:
        """Check what was really unpacked, not only what the archive claims."""
        after = self._bytes + more
        if after > self._limits.total:
            raise TooLarge(f"the archive unpacks to more than {self._limits.total / (1 << 30):.3g} GiB")
        if after > self._limits.free and after / self._packed > self._limits.ratio:
            raise TooLarge(
                f"the archive unpacks to more than {self._limits.ratio:g} times its size: this looks like a zip bomb"
            )


def _safe_name(raw: str) -> str:
    name = raw.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or re.match(r"^[A-Za-z]:", name) or ".." in parts or "\0" in raw or not parts:
        raise InvalidDataset(f"the archive holds a path that leaves its folder: {raw[:200]!r}", code="archive_unsafe")
    return "/".join(parts)


def _zip_files(archive: Path) -> Iterator[tuple[str, int, int, IO[bytes]]]:
    with zipfile.ZipFile(archive) as opened:
        infos = opened.infolist()
        total = sum(info.file_size for info in infos)
        for info in infos:
            kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
            if info.is_dir():
                continue
            if kind not in (0, stat.S_IFREG):
                raise InvalidDataset(
                    f"the archive holds a link or device: {info.filename[:200]!r}", code="archive_unsafe"
                )
            if info.flag_bits & 0x1:
                raise InvalidDataset("the archive is encrypted: send it without a password", code="archive_encrypted")
            with opened.open(info) as content:
                yield _zip_name(info), info.file_size, total, content


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name; many tools write UTF-8 without saying so, which Python reads as code page 437."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _tar_files(archive: Path) -> Iterator[tuple[str, int, int, IO[bytes]]]:
    with tarfile.open(archive, "r|*") as opened:
        for info in opened:
            opened.members = []  # type: ignore[attr-defined]  # tarfile would remember all of them
            if info.isdir():
                continue
            content = opened.extractfile(info) if info.isreg() else None
            if content is None:
                raise InvalidDataset(f"the archive holds a link or device: {info.name[:200]!r}", code="archive_unsafe")
            yield _tar_name(info), info.size, 0, content


def _tar_name(info: tarfile.TarInfo) -> str:
    """The name; bytes that are no UTF-8 are taken for Latin-1."""
    try:
        info.name.encode()
    except UnicodeEncodeError:
        return info.name.encode("utf-8", "surrogateescape").decode("latin-1")
    return info.name
