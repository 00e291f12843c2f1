"""What an upload of a model consists of: one file, a ZIP, or several files that belong together.

An ONNX file; a ZIP that Boxwright saved; two ONNX files, the encoder and the decoder of SAM; the files of Darknet
(`.cfg`, `.weights`, `.names`); or weights that Boxwright saved (`weights.safetensors`) with their `card.json`. The last
two are written as ONNX in a child process with limits.
"""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from boxwright.domain.errors import InvalidModel, TooLarge
from boxwright.domain.models import ModelCard
from boxwright.services.model_archive import CARD, LIMITS, ONNX, PICKLE, WEIGHTS, check_weights, read_card, unpack
from boxwright.services.model_check import convert
from boxwright.storage.files import full_disk_is_an_answer

_ZIP = b"PK\x03\x04"
_TEXT, _NUMBERS = 1 << 20, 1 << 30
# Endings of the files that are taken out of a ZIP or a set, and how large each may be.
_ENDINGS = {".cfg": _TEXT, ".names": _TEXT, ".weights": _NUMBERS, ".safetensors": _NUMBERS, ".json": 4 << 20}
_ONNX = ".onnx"
_PICKLED = (".pt", ".pth", ".pkl", ".ckpt", ".bin")
_MOST_MEMBERS = 1000
_CHUNK = 1 << 20
Given = tuple[str, Path]
"""The name that a person gave a file, and where it lies."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A model that can be examined; `title` is what its files are called, `second` the other file of two."""

    onnx: Path
    title: str
    weights: Path | None = None
    card: ModelCard | None = None
    second: Path | None = None


@contextmanager
def opened(given: Sequence[Given], memory: int | None) -> Iterator[Parts]:
    """Yield the parts of an upload, for the block. Raises InvalidModel, TooLarge, StorageFull.

    Args:
        given: the files; one, or several that belong together.
        memory: bytes that a conversion may use.
    """
    name, path = given[0]
    with (
        full_disk_is_an_answer(),
        tempfile.TemporaryDirectory(prefix="boxwright-model-", dir=path.parent) as folder,
    ):
        scratch = Path(folder)
        if len(given) > 1 and all(_ending(item) == _ONNX for item, _ in given):
            yield _pair(given, title_of(name))
        elif len(given) > 1:
            yield _made(_linked(given, scratch), scratch, memory, title_of(name))
        elif not _starts(path, _ZIP):
            yield _single(name, path)
        else:
            yield _unzipped(name, path, scratch, memory)


def title_of(name: str) -> str:
    """Return a name for a model from that of its file."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"\.(onnx|zip|cfg|names|weights|safetensors|boxwright)$", "", stem, flags=re.IGNORECASE).strip()


def _starts(path: Path, magic: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(magic)) == magic


def _single(name: str, path: Path) -> Parts:
    kind = _ending(name)
    if kind in (".cfg", ".weights", ".names"):
        raise InvalidModel("a Darknet detector is several files; choose its .cfg, its .weights and its .names together")
    if kind == ".safetensors":
        raise InvalidModel(f"weights need the {CARD} that says what they belong to; choose both files together")
    if path.stat().st_size > LIMITS[ONNX]:
        raise TooLarge(f"the model is larger than {LIMITS[ONNX] >> 20} MB")
    return Parts(onnx=path, title=title_of(name))


def _unzipped(name: str, path: Path, scratch: Path, memory: int | None) -> Parts:
    """Take a ZIP apart: one of Boxwright's own, or one with other files that make a model."""
    try:
        with zipfile.ZipFile(path) as source:
            members = [item for item in source.infolist() if not item.is_dir()]
            networks = [item for item in members if _ending(item.filename) == _ONNX and not _is_shadow(item.filename)]
            if len(networks) > 1:
                return _pair_in(source, networks, scratch, title_of(name))
            names = {item.filename for item in members}
            if ONNX in names or not any(_ending(item) in (".cfg", ".safetensors") for item in names):
                found = unpack(path, scratch)
                return Parts(onnx=found.onnx, title=title_of(name), weights=found.weights, card=found.card)
            files = _extracted(source, members, scratch)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise InvalidModel("this is not a readable ZIP archive") from error
    return _made(files, scratch, memory, title_of(name))


def _pair_in(source: zipfile.ZipFile, networks: Sequence[zipfile.ZipInfo], scratch: Path, title: str) -> Parts:
    """Take two networks out of a ZIP, and their card where Boxwright saved them."""
    files: list[Given] = []
    for item in networks[:3]:
        files.append((item.filename, scratch / f"part{len(files)}{_ONNX}"))
        _extract(source, item, files[-1][1], LIMITS[ONNX])
    parts = _pair(files, title)
    if CARD not in source.namelist():
        return parts
    _extract(source, source.getinfo(CARD), scratch / CARD, LIMITS[CARD])
    card = read_card(scratch / CARD)
    return replace(parts, card=card if card.task == "assist" else None)


def _pair(files: Sequence[Given], title: str) -> Parts:
    """Return two networks as parts of one model. Raises InvalidModel, TooLarge."""
    if len(files) > 2:
        raise InvalidModel("there are more than two ONNX files; choose one, or the encoder and the decoder of SAM")
    for name, path in files:
        if path.stat().st_size > LIMITS[ONNX]:
            raise _large(name, LIMITS[ONNX])
    return Parts(onnx=files[0][1], second=files[1][1], title=title)


def _is_shadow(name: str) -> bool:
    """Tell whether macOS added a file to a ZIP."""
    return PurePosixPath(name).name.startswith("._")


def _extracted(source: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], scratch: Path) -> dict[str, Given]:
    """Take the files that count out of a ZIP, whatever folder they lie in; return them by ending."""
    if len(members) > _MOST_MEMBERS:
        raise InvalidModel(f"the ZIP has {len(members)} files; a model has a few")
    files: dict[str, Given] = {}
    for item in members:
        ending = _claimed(item.filename, files)
        if ending is None:
            continue
        target = scratch / f"part{ending}"
        _extract(source, item, target, _ENDINGS[ending])
        files[ending] = (item.filename, target)
    return files


def _extract(source: zipfile.ZipFile, item: zipfile.ZipInfo, target: Path, most: int) -> None:
    left = most
    with source.open(item) as member, target.open("wb") as out:
        while data := member.read(_CHUNK):
            left -= len(data)
            if left < 0:
                raise _large(item.filename, most)
            out.write(data)


def _linked(given: Sequence[Given], scratch: Path) -> dict[str, Given]:
    """Give the files of a set the names that their endings ask for."""
    files: dict[str, Given] = {}
    for name, path in given:
        ending = _claimed(name, files)
        if ending is None:
            raise InvalidModel(f"{PurePosixPath(name).name[:80]!r} is no part of a model in several files")
        if path.stat().st_size > _ENDINGS[ending]:
            raise _large(name, _ENDINGS[ending])
        target = scratch / f"part{ending}"
        target.symlink_to(path.resolve())
        files[ending] = (name, target)
    return files


def _claimed(name: str, files: Mapping[str, Given]) -> str | None:
    """Return the ending of a file that counts, None for any other. Raises InvalidModel for a pickle, or a second."""
    ending = _ending(name)
    if ending in _PICKLED:
        raise InvalidModel(PICKLE)
    if ending in files:
        first, second = (PurePosixPath(item).name[:60] for item in (files[ending][0], name))
        raise InvalidModel(f"there are two files {ending}: {first} and {second}; leave one out")
    return ending if ending in _ENDINGS else None


def _ending(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _large(name: str, most: int) -> TooLarge:
    return TooLarge(f"{PurePosixPath(name).name[:80]} is larger than {most >> 20} MB")


def _made(files: Mapping[str, Given], scratch: Path, memory: int | None, title: str) -> Parts:
    """Write the files of Darknet, or weights with their card, as ONNX."""
    out = scratch / ONNX
    paths = {ending: path for ending, (_, path) in files.items()}
    if ".cfg" in paths and ".weights" in paths:
        title = title_of(files[".cfg"][0]) or title
        order = {"cfg": paths[".cfg"], "weights": paths[".weights"], "names": paths.get(".names"), "title": title}
        convert("darknet", order, out, memory)
        return Parts(onnx=out, title=title)
    if ".safetensors" in paths and ".json" in paths:
        card = read_card(paths[".json"])
        check_weights(paths[".safetensors"])
        convert("weights", {"weights": paths[".safetensors"], "card": paths[".json"]}, out, memory)
        return Parts(onnx=out, title=card.name, weights=paths[".safetensors"])
    raise InvalidModel(_missing(set(paths)))


def _missing(have: set[str]) -> str:
    if have & {".cfg", ".weights", ".names"}:
        lacks = next(ending for ending in (".cfg", ".weights") if ending not in have)
        return f"a Darknet detector needs its .cfg, its .weights and its .names; the {lacks} is missing"
    return f"weights need {WEIGHTS} and the {CARD} that Boxwright saved with them"
