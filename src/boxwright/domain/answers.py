"""Files and streams on their way to whoever asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class FileAnswer:
    """A file on disk, its media type and the name to offer it under."""

    path: Path
    mime: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamAnswer:
    """Bytes that are made while they are sent; `size` where it is known before."""

    name: str
    mime: str
    chunks: Iterator[bytes]
    size: int | None = None
