"""What lies under a prefix of a bucket, or in a folder of this machine, as the entries of an archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError

from boxwright.domain.clock import written
from boxwright.domain.errors import InvalidDataset, NotFound, TooLarge
from boxwright.media.zipstream import Entry
from boxwright.storage.location import open_url
from boxwright.storage.remote import PIECE, translated

if TYPE_CHECKING:
    from obstore import ObjectMeta

MOST_FILES = 2_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """One file: its name below the prefix, and its bytes."""

    name: str
    size: int
    etag: str = ""
    modified: str = ""


class BucketPrefix:
    """The objects under `s3://BUCKET/PREFIX` (or `gs`, `az`), read with the credentials of this server.

    An address that is that of one object stands for this object alone.

    Raises:
        Invalid: the address names no bucket.
        NotFound: code `source_missing`: nothing lies there.
        Unavailable: the bucket cannot be reached or refuses.
        TooLarge: more than 2,000,000 files, or more than `largest` bytes.
    """

    def __init__(self, url: str, largest: int) -> None:
        self._store, self._name = open_url(url), url
        self.files = self._listed(largest)
        if not self.files:
            parent, _, last = url.rstrip("/").rpartition("/")
            self._store = open_url(parent)
            self.files = [item for item in self._one(last) if item.size <= largest]
        if not self.files:
            raise NotFound(f"nothing lies under {url}", code="source_missing")

    def entries(self, tick: Callable[[int], None]) -> Iterator[Entry]:
        """Yield the files as they are stored; `tick` is told how many bytes came, and may raise."""
        for item in self.files:
            yield Entry(item.name, self._pieces(item, tick), stored=True)

    def _listed(self, largest: int) -> list[Found]:
        found, size = list[Found](), 0
        try:
            for batch in obstore.list(self._store):
                # Some stores mark folders by objects without bytes.
                found += [_found(one["path"], one) for one in batch if not one["path"].endswith("/")]
                size = sum(item.size for item in found[-len(batch) :]) + size
                if len(found) > MOST_FILES or size > largest:
                    raise TooLarge(f"{self._name} holds more than {MOST_FILES:,} files or {largest >> 30} GiB")
        except (BaseError, OSError) as error:
            raise translated(error, self._name) from error
        return found

    def _one(self, last: str) -> list[Found]:
        try:
            return [_found(last, obstore.head(self._store, last))]
        except (BaseError, OSError) as error:
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
                return []
            raise translated(error, self._name) from error

    def _pieces(self, item: Found, tick: Callable[[int], None]) -> Iterator[bytes]:
        try:
            for start in range(0, item.size, PIECE):
                end = min(start + PIECE, item.size)
                data = bytes(obstore.get_range(self._store, item.name, start=start, end=end))
                if len(data) != end - start:
                    raise InvalidDataset(f"{item.name} changed while it was read; import again", code="source_changed")
                tick(len(data))
                yield data
        except (BaseError, OSError) as error:
            raise translated(error, self._name) from error


def _found(name: str, about: "ObjectMeta") -> Found:
    return Found(plain(name), about["size"], about["e_tag"] or "", written(about["last_modified"]))


class Folder:
    """The files below a folder of this machine; hidden files and links stay out. Raises NotFound, TooLarge."""

    def __init__(self, path: Path, largest: int) -> None:
        self._path = path
        if path.is_symlink() or not path.exists():
            raise NotFound(f"there is no folder {path} on the server", code="source_missing")
        walk = sorted(path.rglob("*")) if path.is_dir() else [path]
        base = path if path.is_dir() else path.parent
        self._base = base
        self.files = [
            Found(plain(item.relative_to(base).as_posix()), item.stat().st_size, modified=_modified(item))
            for item in walk
            if item.is_file() and not _is_hidden(item, base)
        ]
        if not self.files:
            raise NotFound(f"{path} on the server holds no files", code="source_missing")
        if len(self.files) > MOST_FILES or sum(item.size for item in self.files) > largest:
            raise TooLarge(f"{path} holds more than {MOST_FILES:,} files or {largest >> 30} GiB")

    def entries(self, tick: Callable[[int], None]) -> Iterator[Entry]:
        """Yield the files; `tick` is told how many bytes came, and may raise."""
        for item in self.files:
            tick(item.size)
            yield Entry(item.name, self._base / item.name)


def _modified(path: Path) -> str:
    return written(datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _is_hidden(path: Path, base: Path) -> bool:
    parts = path.relative_to(base).parts
    links = (base.joinpath(*parts[: number + 1]) for number in range(len(parts)))
    return any(part.startswith(".") for part in parts) or any(link.is_symlink() for link in links)


def plain(name: str) -> str:
    """Return a name that can stand in an archive. Raises InvalidDataset."""
    if not name or "\\" in name or any(part in ("", ".", "..") for part in name.split("/")):
        raise InvalidDataset(f"{name[:200]!r} cannot be the name of a file here", code="source_invalid")
    return name
