"""How blobs are called, and what is said of those that are not as they should be."""

from collections.abc import Iterator
from pathlib import Path

from boxwright.domain.errors import NotFound, Unavailable

_HEX = frozenset("0123456789abcdef")
_PIECE = 1 << 20


def is_hash(text: str) -> bool:
    """Tell whether this is a SHA-256 in hexadecimal."""
    return len(text) == 64 and _HEX.issuperset(text)


def checked_hash(sha256: str) -> str:
    """Return what is a SHA-256. Raises NotFound."""
    if not is_hash(sha256):
        raise NotFound("that is no SHA-256 of a stored file")
    return sha256


def key_of(sha256: str) -> str:
    """Return the key of a blob, the same in a folder and in a bucket. Raises NotFound for what is no SHA-256."""
    checked_hash(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def read_pieces(path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def missing(sha256: str) -> NotFound:
    """The error for bytes that are not here."""
    return NotFound(f"the bytes {sha256[:12]}… are not in the blob store", code="blob_missing")


def damaged(sha256: str) -> Unavailable:
    """The error for bytes that are not those of their name."""
    message = f"the stored file {sha256[:12]}… is damaged; put it in again, or restore a backup"
    return Unavailable(message, code="blob_damaged")
