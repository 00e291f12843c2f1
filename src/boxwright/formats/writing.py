"""What every writer shares: the dataset as it can be read again and again, names inside the archive, exact numbers."""

import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice, pairwise
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import escape, quoteattr

from boxwright.domain.manifest import ImageRecord, ManifestHeader
from boxwright.formats.paths import IMAGE_SUFFIXES, folded, stem_of, suffix_of
from boxwright.formats.shapes import DIGITS, rounded
from boxwright.media.zipstream import Entry

EXPORT_SCHEMA = "boxwright.export/1"
REPORT_NAME = "boxwright-report.json"
_CONTROL = re.compile(r'[\x00-\x1f\x7f"*:<>?|\\]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_ID = 2**53  # beyond, JSON readers in other languages lose digits
_DECIMALS = (0, 6, 9, 12, 15)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset to be written. `records` can be iterated over several times, always in the same order."""

    header: ManifestHeader
    records: Iterable[ImageRecord]
    with_images: bool = True
    splits: Counter[str] | None = None  # how many pictures each has, where that is known
    area_ids: Iterable[int] | None = None  # `whole` of the ids of what has an area, in order, where they are known

    @property
    def heads(self) -> Iterable[ImageRecord]:
        """The same pictures for whoever needs no annotations: without them, and much sooner, where that is possible."""
        found: Iterable[ImageRecord] = getattr(self.records, "heads", self.records)
        return found


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
        parts = [possible(part) for part in record.name.replace("\\", "/").split("/") if part not in ("", ".")]
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


class Ids:
    """Whole-number ids for things in a fixed order; `walk` gives them again from the start."""

    def __init__(self, own: Iterable[int]) -> None:
        """Take the dataset's own ids as `whole` gives them: each is kept where all are different."""
        self._known = array("q", own)
        given = sorted(value for value in self._known if value >= 0)
        if any(a == b for a, b in pairwise(given)):
            self._known, given = array("q", [-1]) * len(self._known), []
        self._next = given[-1] + 1 if given else 1

    def walk(self) -> Iterator[int]:
        """Yield the id of every thing in order."""
        fresh = count(self._next)
        return (value if value >= 0 else next(fresh) for value in self._known)


def whole(text: str | None) -> int:
    """Return a number that was written plainly as text; -1 for anything else."""
    plain = text is not None and text.isascii() and text.isdigit() and str(int(text)) == text
    return int(text) if plain and text and int(text) < _MAX_ID else -1


def possible(part: str) -> str:
    """Return a part of a path as every system can have it."""
    part = _CONTROL.sub("_", part)
    if part == ".." or _RESERVED.match(part) or part.endswith((" ", ".")):
        part = f"_{part.rstrip(' .')}"
    return part


def count_renamed(dataset: Dataset, names: Names) -> int:
    """Return how many pictures do not keep their name."""
    same = unicodedata.normalize
    return sum(same("NFC", names.take(record)) != same("NFC", record.name) for record in dataset.heads)


def pictures(dataset: Dataset, names: Names, place: Callable[[ImageRecord, str], str]) -> Iterator[Entry]:
    """Yield the pictures whose bytes are at hand, each where `place(record, name)` says."""
    if not dataset.with_images:
        return
    for record in dataset.heads:
        name = names.take(record)
        if record.path is not None:
            yield Entry(place(record, name), Path(record.path))


def number(value: float) -> str:
    """Write a number in pixels: whole numbers without a point, others exactly."""
    value = round(float(value), DIGITS)
    return str(int(value)) if value.is_integer() else repr(value)


def plain(value: float) -> float | int:
    """Return a number in pixels as JSON has it: a whole one as such, others to the ninth decimal."""
    value = round(float(value), DIGITS)
    return int(value) if value.is_integer() else value


def plain_all(values: Iterable[float]) -> list[float | int]:
    """Return many numbers as `plain` does."""
    return [int(value) if value.is_integer() else value for value in rounded(list(values))]


def batched(items: Iterable[T], most: int = 500) -> Iterator[list[T]]:
    """Yield `most` at a time: what is looked at together takes a fraction of the time."""
    waiting = iter(items)
    while some := list(islice(waiting, most)):
        yield some


def splits_of(dataset: Dataset) -> Counter[str]:
    """Return how many pictures each split has."""
    return Counter(record.split for record in dataset.heads) if dataset.splits is None else dataset.splits


def one_line(text: str) -> str:
    """Return text in which every run of blanks is one."""
    return " ".join(text.split())


def exact(value: float) -> str:
    """Write a number with all its digits, where others are reckoned from it."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def degrees_text(angle: float) -> str:
    """Write an angle in radians as degrees from 0 to 360, with the fewest decimals that give it back."""
    wanted = round(angle, DIGITS)
    degrees = math.degrees(wanted) % 360
    texts = (f"{degrees:.{decimals}f}" for decimals in (0, 1, 2, 3, 6, 9))
    # A text is good when its angle rounds to the wanted one; a full turn more or less is the same.
    near = (text for text in texts if abs(math.remainder(math.radians(float(text)) - wanted, math.tau)) < 5e-10)
    return next(near, f"{degrees:.12f}")


def xml_text(text: str) -> str:
    """Return text for XML, without the control characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", text))


def xml_quoted(text: str) -> str:
    """Return the value of an XML attribute with its quotes."""
    return quoteattr(_NOT_XML.sub("", text))


def share(value: float, size: int, back: Callable[[float], float]) -> str:
    """Write `value / size` with the fewest decimals from which `back` regains the same result as from all of them."""
    exact = value / size
    wanted = back(exact)
    for decimals in _DECIMALS:
        text = f"{exact:.{decimals}f}"
        if back(float(text)) == wanted:
            return text
    return repr(exact)
