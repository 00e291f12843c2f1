"""TAR archives of plain files, written and read piece by piece in constant memory.

A member takes its size rounded up to blocks and one block of header, so the size of an archive is known before it is
written. What is read is distrusted: members other than plain files are refused, and no name becomes a path.
"""

import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from boxwright.domain.errors import InvalidBackup

BLOCK = 512
END = bytes(2 * BLOCK)
_CHUNK = 1 << 20
_LONGEST = 100


def space(size: int) -> int:
    """Return the bytes that a member of `size` bytes takes in the archive."""
    return BLOCK + size + len(padding(size))


def header(name: str, size: int) -> bytes:
    """Return what stands before the bytes of a member."""
    if len(name.encode()) > _LONGEST:
        raise ValueError(f"{name!r} is too long for a name inside a TAR archive")
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def padding(size: int) -> bytes:
    """Return what stands behind the bytes of a member."""
    return bytes(-size % BLOCK)


class TarReader:
    """Reads the members one after the other; each must be read to its end before the next.

    Every method raises InvalidBackup for what is damaged, cut short or no TAR.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = self._padding = 0

    def next(self) -> tuple[str, int]:
        """Return name and size of the next member."""
        self._finish()
        try:
            info = tarfile.TarInfo.frombuf(self._exactly(BLOCK), "utf-8", "strict")
        except (tarfile.HeaderError, ValueError) as error:
            raise InvalidBackup("the archive is damaged: there is no member where one should begin") from error
        if info.type != tarfile.REGTYPE or info.size < 0:
            raise InvalidBackup(f"the archive holds something else than plain files: {info.name[:80]!r}")
        self._left, self._padding = info.size, -info.size % BLOCK
        return info.name, info.size

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes of the present member (all that are left by default), nothing at its end."""
        if size < 0 or size > self._left:
            size = self._left
        self._left -= size
        return self._exactly(size)

    def pieces(self) -> Iterator[bytes]:
        """Yield the rest of the present member."""
        while self._left:
            yield self.read(_CHUNK)

    def end(self) -> None:
        """See that nothing follows but the mark of the end."""
        self._finish()
        if self._stream.read(len(END) + 1) != END:
            raise InvalidBackup("the archive is damaged: something stands where it should end")

    def _finish(self) -> None:
        for _ in self.pieces():
            pass
        if any(self._exactly(self._padding)):
            raise InvalidBackup("the archive is damaged: something stands between two members")
        self._padding = 0

    def _exactly(self, size: int) -> bytes:
        data = self._stream.read(size)
        if len(data) != size:
            raise InvalidBackup("the archive is cut short")
        return data
