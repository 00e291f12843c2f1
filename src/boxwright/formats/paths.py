"""Names inside datasets: how they are compared, shortened and read for a split."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from boxwright.domain.projects import Split

IMAGE_SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif", ".heic", ".heif")
)
_WORDS: dict[str, Split] = {
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "dev": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
_SPLIT = "(train|training|val|valid|validation|test|testing|none)"
# What formats put before a picture's own name; the first that fits is taken off, once.
_PREFIXES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"([^/]+/)*?jpegimages/(?=.)",
        rf"([^/]+/)*?(images|imgs?)/({_SPLIT}/)?(?=.)",
        r"([^/]+/)*?obj(_\w+)?_data/(?=.)",
        rf"{_SPLIT}/(?=.)",
    )
)


def folded(name: str) -> str:
    """Return the form in which names are compared: NFC, without case."""
    return unicodedata.normalize("NFC", name).casefold()


def suffix_of(name: str) -> str:
    """Return the extension in lower case, with its dot."""
    base = name.rpartition("/")[2]
    stem, dot, suffix = base.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def stem_of(name: str) -> str:
    """Return the name without folders and extension."""
    base = name.rpartition("/")[2]
    stem, dot, _ = base.rpartition(".")
    return stem if dot and stem else base


def parts_of(reference: str) -> list[str]:
    """Split a path as datasets hold them (Windows, absolute, `./`, `../`, URL) into its usable components."""
    path = unicodedata.normalize("NFC", reference.strip()).replace("\\", "/")
    path = re.sub(r"^([A-Za-z]:|[a-z]+://)", "", path)
    return [part for part in path.split("/") if part not in ("", ".", "..")]


def split_of_word(word: str) -> Split | None:
    """Read `train`, `Validation`, `val2017`, `test_1` and the like."""
    return _WORDS.get(re.sub(r"[\d_\-]+$", "", word.casefold()))


def split_of_path(name: str) -> Split | None:
    """Read a split from a file's name (`instances_val2017.json`) or else its nearest folder."""
    *folders, base = name.split("/")
    words = re.split(r"[_\-. ]+", stem_of(base))
    for word in [*words, *reversed(folders)]:
        if split := split_of_word(word):
            return split
    return None


def split_of_folder(name: str) -> Split | None:
    """Read a split from the nearest folder that names one."""
    for folder in reversed(name.split("/")[:-1]):
        if split := split_of_word(folder):
            return split
    return None


def common_folder(names: Iterable[str]) -> str:
    """Return the folder, with its slash, in which all names lie; empty where there is none."""
    common: list[str] | None = None
    for name in names:
        folders = name.split("/")[:-1]
        if common is None:
            common = folders
            continue
        length = next((i for i, (a, b) in enumerate(zip(common, folders, strict=False)) if a != b), None)
        common = common[: min(len(common), len(folders)) if length is None else length]
        if not common:
            return ""
    return "/".join(common) + "/" if common else ""


def short_names(images: Iterable[str], wrapper: str) -> dict[str, str]:
    """Return each picture's own name: without wrapping and customary folders, as long as all names stay different."""
    full = {name: name[len(wrapper) :] if name.startswith(wrapper) else name for name in images}
    short = {name: _without_prefix(path) for name, path in full.items()}
    while True:
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for name, own in short.items():
            owners[folded(own)].append(name)
        clashing = [name for group in owners.values() if len(group) > 1 for name in group if short[name] != full[name]]
        if not clashing:
            return short
        short.update({name: full[name] for name in clashing})


def exported_names(images: Iterable[str], wrapper: str, before: str) -> dict[str, str]:
    """Return each picture's own name in an archive that we wrote; `before` is a pattern of what comes before it."""
    prefix = re.compile(before)
    return {name: prefix.sub("", name[len(wrapper) :], count=1) for name in images}


def _without_prefix(path: str) -> str:
    for pattern in _PREFIXES:
        if match := pattern.match(path):
            return path[match.end() :]
    return path
