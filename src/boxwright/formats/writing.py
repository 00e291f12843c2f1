"""What every writer shares: the dataset as it can be read again and again, names inside the archive, exact numbers."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from boxwright.domain.manifest import ImageRecord, ManifestHeader
from boxwright.formats.paths import IMAGE_SUFFIXES, folded, stem_of, suffix_of
from boxwright.formats.shapes import DIGITS
from boxwright.media.zipstream import Entry

EXPORT_SCHEMA = "boxwright.export/1"
REPORT_NAME = "boxwright-report.json"
_CONTROL = re.compile(r'[\x00-\x1f\x7f"*:<>?|\\]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
_DECIMALS = (0, 6, 9, 12, 15)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset to be written. `records` can be iterated over several times, always in the same order."""

    header: ManifestHeader
    records: Iterable[ImageRecord]
    with_images: bool = True


class Names:
    """Names of pictures inside the archive: relative, possible on every system, different also without case.

    Args:
        unique_stems: two pictures may not differ in their extension only.
    """

    def __init__(self, *, unique_stems: bool = False) -> None:
        self._unique_stems = unique_stems
        self._taken: set[str] = set()

    def take(self, record: ImageRecord) -> str:
        """Return the name of a picture; the same records in the same order get the same names."""
        parts = [_possible(part) for part in record.name.replace("\\", "/").split("/") if part not in ("", ".")]
        name = "/".join(parts) or "unnamed"
        if suffix_of(name) not in IMAGE_SUFFIXES:
            name += ".jpg"
        if self._key(name) in self._taken:
            name += suffix_of(name)  # a.png beside a.jpg becomes a.png.png: its stem is free
        number = 2
        stem, suffix = name[: -len(suffix_of(name))], suffix_of(name)
        while self._key(name) in self._taken:
            name = f"{stem}-{number}{suffix}"
            number += 1
        self._taken.add(self._key(name))
        return name

    def _key(self, name: str) -> str:
        folder, slash, _ = name.rpartition("/")
        return folded(f"{folder}{slash}{stem_of(name)}") if self._unique_stems else folded(name)


def _possible(part: str) -> str:
    part = _CONTROL.sub("_", part)
    if part == ".." or _RESERVED.match(part) or part.endswith((" ", ".")):
        part = f"_{part.rstrip(' .')}"
    return part


def count_renamed(dataset: Dataset, names: Names) -> int:
    """Return how many pictures do not keep their name."""
    same = unicodedata.normalize
    return sum(same("NFC", names.take(record)) != same("NFC", record.name) for record in dataset.records)


def pictures(dataset: Dataset, names: Names, place: Callable[[ImageRecord, str], str]) -> Iterator[Entry]:
    """Yield the pictures whose bytes are at hand, each where `place(record, name)` says."""
    if not dataset.with_images:
        return
    for record in dataset.records:
        name = names.take(record)
        if record.path is not None:
            yield Entry(place(record, name), Path(record.path))


def number(value: float) -> str:
    """Write a number in pixels: whole numbers without a point, others exactly."""
    value = round(float(value), DIGITS)
    return str(int(value)) if value.is_integer() else repr(value)


def share(value: float, size: int, back: Callable[[float], float]) -> str:
    """Write `value / size` with the fewest decimals from which `back` regains the same result as from all of them."""
    exact = value / size
    wanted = back(exact)
    for decimals in _DECIMALS:
        text = f"{exact:.{decimals}f}"
        if back(float(text)) == wanted:
            return text
    return repr(exact)
