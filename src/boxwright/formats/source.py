"""The files of a dataset, and which picture an annotation means."""

import codecs
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from boxwright.domain.errors import InvalidDataset
from boxwright.formats.paths import (
    IMAGE_SUFFIXES,
    common_folder,
    exported_names,
    folded,
    parts_of,
    short_names,
    stem_of,
    suffix_of,
)
from boxwright.media.archives import Member

_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_MASKS = re.compile(r"(^|/)(SegmentationClass|SegmentationObject|panoptic_\w+)/", re.IGNORECASE)
TEXT_LIMIT = 64 << 20
_BLOCK = 1 << 20


# What a JSON file is, as far as its beginning tells; an empty string for any other.
JsonKind = Literal["", "createml", "datumaro", "labelme", "labelstudio", "via_project", "via_regions"]


class Ambiguous(Exception):
    """Several pictures fit a reference equally well."""


class Source:
    """Files by their relative POSIX name. Names are held in memory, contents never."""

    def __init__(self, members: Iterable[Member]) -> None:
        kept = (member for member in members if not _is_junk(member.name))
        self._paths = {member.name: member.path for member in sorted(kept, key=lambda member: member.name)}
        pictures = [name for name in self._paths if suffix_of(name) in IMAGE_SUFFIXES]
        self.images = [name for name in pictures if not _MASKS.search(name)]
        self.masks = len(pictures) - len(self.images)
        self.wrapper = common_folder(self._paths)
        self.short = short_names(self.images, self.wrapper)
        self._bases: defaultdict[str, list[str]] = defaultdict(list)
        self._stems: defaultdict[str, list[str]] = defaultdict(list)
        self._folders: set[str] = set()
        self.kinds: dict[str, JsonKind] = {}  # what `sniff` has found out about files
        self.yaml: dict[str, dict[str, object]] = {}  # small YAML files that have been read
        for name in self.images:
            self._bases[folded(name.rpartition("/")[2])].append(name)
            self._stems[folded(stem_of(name))].append(name)
            self._folders.update(folded(part) for part in name.split("/")[:-1])

    def is_export(self, before: str) -> None:
        """Take the names as our own export has written them, behind the pattern `before`, instead of guessing."""
        self.short = exported_names(self.images, self.wrapper, before)

    @classmethod
    def from_folder(cls, root: Path) -> "Source":
        """Take the files below a folder; links are not followed."""
        files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        return cls(Member(path.relative_to(root).as_posix(), path) for path in files)

    def files(self, *suffixes: str) -> list[str]:
        """Return the names with one of these extensions (lower case, with dot), sorted."""
        return [name for name in self._paths if suffix_of(name) in suffixes]

    def names(self) -> list[str]:
        """Return the names of all files, sorted."""
        return list(self._paths)

    def has(self, name: str) -> bool:
        """Tell whether there is a file of exactly this name."""
        return name in self._paths

    def path(self, name: str) -> Path:
        """Return where the bytes of a file lie."""
        return self._paths[name]

    def text(self, name: str) -> str:
        """Return a text file's content (UTF-8, else Latin-1). Raises InvalidDataset over 64 MiB."""
        path = self._paths[name]
        if path.stat().st_size > TEXT_LIMIT:
            raise InvalidDataset(f"{name}: {path.stat().st_size:,} bytes are too many for this kind of file")
        return path.read_bytes().decode(self.encoding(name), errors="replace")

    def encoding(self, name: str) -> str:
        """Return `utf-8-sig`, `utf-16` (by its mark), or `latin-1` where the bytes are no UTF-8."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self._paths[name].open("rb") as stream:
            block = stream.read(_BLOCK)
            if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            try:
                while block:
                    decoder.decode(block)
                    block = stream.read(_BLOCK)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "latin-1"
        return "utf-8-sig"

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield (number from 1, stripped text) of a text file's lines that are not blank."""
        for number, line in enumerate(self.text(name).splitlines(), start=1):
            stripped = line.strip("\ufeff \t\r\n\0")
            if stripped and not stripped.isspace():  # there are stranger blanks than those
                yield number, stripped

    def find(self, reference: str, *, near: str = "", by_stem: bool = False) -> str | None:
        """Return the picture that `reference` means, as written in the file `near`; None where there is none.

        The best match wins: most folders in common with the reference, then with `near`, then the same case,
        then fewer folders of its own (`a.png` means `images/a.png` and not `images/sub/a.png`).

        Args:
            reference: a path or bare name, in any spelling of slashes, Unicode or case.
            near: name of the file that holds the reference.
            by_stem: the reference has no (or a wrong) extension.

        Raises:
            Ambiguous: when two pictures fit equally well.
        """
        parts = parts_of(reference)
        if not parts:
            return None
        found = (self._stems if by_stem else self._bases).get(folded(parts[-1]), [])
        if len(parts) > 1 and found:
            found = self._in_folder(found, parts)
        if len(found) < 2:
            return found[0] if found else None
        ranked = sorted(((_fit(name, parts, near, by_stem), name) for name in found), reverse=True)
        if ranked[0][0] == ranked[1][0]:
            raise Ambiguous(f"{reference!r} fits {ranked[0][1]!r} and {ranked[1][1]!r}")
        return ranked[0][1]

    def add(self, name: str, path: Path) -> str:
        """Take a picture that another file held; returns its name here, which is a new one where it is taken."""
        base, number = "/".join(parts_of(name)) or "picture.jpg", 1
        name = base if suffix_of(base) in IMAGE_SUFFIXES else f"{base}.jpg"
        while name in self._paths:
            number += 1
            name = f"{number}-{base}"
        self._paths[name] = path
        self.images.append(name)
        self.short[name] = name
        self._bases[folded(name.rpartition("/")[2])].append(name)
        self._stems[folded(stem_of(name))].append(name)
        self._folders.update(folded(part) for part in name.split("/")[:-1])
        return name

    def try_find(self, reference: str, *, near: str = "", by_stem: bool = False) -> str | None:
        """Return what `find` returns, and None where several pictures fit."""
        try:
            return self.find(reference, near=near, by_stem=by_stem)
        except Ambiguous:
            return None

    def ending(self, tail: str) -> list[str]:
        """Return the pictures whose path ends with this one, in any case."""
        end = f"/{folded(tail)}"
        return [name for name in self._bases.get(end.rpartition("/")[2], []) if f"/{folded(name)}".endswith(end)]

    def stems(self, stem: str) -> list[str]:
        """Return the pictures whose name without folders and extension is `stem`, in any case."""
        return self._stems.get(folded(stem), [])

    def _in_folder(self, found: list[str], parts: list[str]) -> list[str]:
        """Where the reference's folder exists here, only pictures in it can be meant."""
        parent = folded(parts[-2])
        if parent not in self._folders:
            return found
        return [name for name in found if folded(name).split("/")[-2:-1] == [parent]]


def _fit(name: str, parts: list[str], near: str, by_stem: bool) -> tuple[int, int, bool, int]:
    own = folded(name).split("/")
    wanted = folded("/".join(parts)).split("/")
    same = 0
    for a, b in zip(own[-2::-1], wanted[-2::-1], strict=False):
        if a != b:
            break
        same += 1
    leading = 0
    for a, b in zip(own[:-1], folded(near).split("/")[:-1], strict=False):
        if a != b:
            break
        leading += 1
    base = stem_of(name) if by_stem else name.rpartition("/")[2]
    return same, leading, unicodedata.normalize("NFC", base) == parts[-1], -len(own)


def _is_junk(name: str) -> bool:
    base = name.rpartition("/")[2]
    return name.startswith(_JUNK[0]) or "/__MACOSX/" in name or base in _JUNK[1:] or base.startswith("._")
