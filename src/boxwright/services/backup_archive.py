"""A backup that is read: every byte is checked, and nothing in it is believed before."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from boxwright.domain import backups
from boxwright.domain.backups import BackupManifest, BackupReport, Kind, TablePart
from boxwright.domain.errors import InvalidBackup, NotFound
from boxwright.media.tarstream import TarReader
from boxwright.storage.keys import is_hash

Show = Callable[[float, float, str], None]
"""Told what is done, of how much, and what is going on."""
_MOST_MANIFEST = 64 << 20
_LONGEST_LINE = 128 << 20
# Rows shrink to a fifth or a tenth; what grows a thousandfold was made to fill a disk.
_RATIO, _FREE = 200, 1 << 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """An archive of which every byte was read, with the digests of its files: of all, and of those that are whole."""

    manifest: BackupManifest
    report: BackupReport
    held: set[bytes]
    whole: set[bytes]


class _Watched:
    """A stream that counts, hashes and tells what was read."""

    def __init__(self, stream: BinaryIO, size: int, show: Show, words: str) -> None:
        self._stream, self._size, self._show, self._words = stream, size, show, words
        self._done = 0
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._done += len(data)
        self.digest.update(data)
        self._show(self._done, self._size, self._words)
        return data


def read_manifest(path: Path) -> BackupManifest:
    """Return what an archive says of itself. Raises InvalidBackup, NotFound."""
    with _open(path) as stream:
        return backups.manifest_from(_manifest(TarReader(stream)))


def check(path: Path, show: Show) -> Checked:
    """Read the whole archive. Raises InvalidBackup for the first thing that is not as it should be, NotFound."""
    with _open(path) as stream:
        size = path.stat().st_size
        watched = _Watched(stream, size, show, "checking")
        reader = TarReader(cast("BinaryIO", watched))
        raw = _manifest(reader)
        manifest = backups.manifest_from(raw)
        for part in manifest.tables:
            _enter(reader, part)
            if _digest(reader) != part.sha256:
                raise InvalidBackup(f"the backup is damaged: {part.member} is not what was written")
        held, whole, total = _files(reader, manifest)
        end = backups.end_from(_whole(reader, backups.END, 4096))
        reader.end()
    if end.manifest_sha256 != hashlib.sha256(raw).hexdigest():
        raise InvalidBackup(f"the backup is damaged: {backups.MANIFEST} is not what was written")
    if end.blobs != len(held) or total != manifest.blob_bytes:
        raise InvalidBackup("the backup is damaged: it has other files than it says")
    if len(held) - len(whole) != end.damaged:
        message = f"{len(held) - len(whole)} files have other bytes than their names say, and {end.damaged} had then"
        raise InvalidBackup(f"the backup is damaged: {message}")
    report = BackupReport(
        file=str(path),
        bytes=size,
        sha256=watched.digest.hexdigest(),
        product=manifest.product,
        schema=manifest.schema,
        created_at=manifest.created_at,
        rows={part.name: part.rows for part in manifest.tables},
        files=len(held),
        file_bytes=manifest.blob_bytes,
        damaged=end.damaged,
        missing=len(manifest.missing),
    )
    return Checked(manifest=manifest, report=report, held=held, whole=whole)


class Reading:
    """A second look at an archive that was checked: rows first, then files."""

    def __init__(self, stream: BinaryIO, size: int, show: Show) -> None:
        self._watched = _Watched(stream, size, show, "restoring")
        self._reader = TarReader(cast("BinaryIO", self._watched))
        self.manifest = backups.manifest_from(_manifest(self._reader))

    def rows(self, part: TablePart, kinds: tuple[Kind, ...]) -> Iterator[list[object]]:
        """Yield the rows of the next table. Raises InvalidBackup."""
        _enter(self._reader, part)
        number = grown = 0
        try:
            with gzip.GzipFile(fileobj=cast("IO[bytes]", self._reader)) as lines:
                while line := lines.readline(_LONGEST_LINE + 1):
                    number, grown = number + 1, grown + len(line)
                    if len(line) > _LONGEST_LINE or grown > max(_FREE, _RATIO * part.bytes) or number > part.rows:
                        raise InvalidBackup(f"{part.member} holds more than it says: this looks like a zip bomb")
                    yield backups.row_from_line(line, kinds)
        except (OSError, EOFError, zlib.error) as error:
            raise InvalidBackup(f"{part.member} cannot be unpacked: {error}") from error
        except (ValueError, RecursionError) as error:
            raise InvalidBackup(f"{part.member}, line {number}: {str(error)[:160]}") from error
        if number != part.rows:
            raise InvalidBackup(f"{part.member} has {number} rows, and should have {part.rows}")

    def files(self) -> Iterator[tuple[str, int, TarReader]]:
        """Yield hash, size and a reader for each file; it must be read before the next is asked for."""
        for _ in range(self.manifest.blobs):
            sha256, size = _file(self._reader)
            yield sha256, size, self._reader


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", code="file_not_found") from None
    except OSError as error:
        raise InvalidBackup(f"cannot read {path}: {error.strerror}") from error


def _manifest(reader: TarReader) -> bytes:
    try:
        return _whole(reader, backups.MANIFEST, _MOST_MANIFEST)
    except InvalidBackup as error:
        raise InvalidBackup(f"this is no backup of Boxwright: {error.message}") from error


def _whole(reader: TarReader, name: str, most: int) -> bytes:
    found, size = reader.next()
    if found != name:
        raise InvalidBackup(f"{found[:80]!r} stands where {name} should be")
    if size > most:
        raise InvalidBackup(f"{name} is larger than {most >> 10} KB")
    return reader.read()


def _enter(reader: TarReader, part: TablePart) -> None:
    name, size = reader.next()
    if name != part.member or size != part.bytes:
        raise InvalidBackup(f"the backup is damaged: {name[:80]!r} stands where {part.member} should be")


def _digest(reader: TarReader) -> str:
    digest = hashlib.sha256()
    for piece in reader.pieces():
        digest.update(piece)
    return digest.hexdigest()


def _file(reader: TarReader) -> tuple[str, int]:
    name, size = reader.next()
    sha256 = name.removeprefix("blobs/")
    if not is_hash(sha256) or name != backups.blob_member(sha256):
        raise InvalidBackup(f"the backup is damaged: {name[:80]!r} stands where a file should be")
    return sha256, size


def _files(reader: TarReader, manifest: BackupManifest) -> tuple[set[bytes], set[bytes], int]:
    """Return the digests of all files, of those that are whole, and their bytes."""
    seen, whole, total = set[bytes](), set[bytes](), 0
    for _ in range(manifest.blobs):
        sha256, size = _file(reader)
        digest = bytes.fromhex(sha256)
        if digest in seen:
            raise InvalidBackup(f"the backup holds the file {sha256[:12]}… twice")
        seen.add(digest)
        total += size
        if _digest(reader) == sha256:
            whole.add(digest)
    return seen, whole, total
