"""Large JSON files read as a stream."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson
import numpy as np

from boxwright.domain.errors import InvalidDataset
from boxwright.formats.jsonlists import Odd, read_lists

_PEEK = 200_000
_CHUNK = 1 << 20
_SOME = 1000
_MAX_DEPTH = 100
_MAX_ITEM = 64 << 20
_MAX_PARTS = 4_000_000  # commas and brackets of one value
_WHOLE = 128 << 20


class JsonFile:
    """A JSON object with long lists. NaN and Infinity, which JSON does not know, read as null.

    The first pass raises InvalidDataset (`json_unsafe`) for absurd depth and for single values of absurd size.

    Args:
        path: where it lies.
        name: what it is called in the dataset.
        list_depth: how deep the lists lie whose elements are read one by one: 1 where the file is such a list.
    """

    def __init__(self, path: Path, name: str, *, list_depth: int = 2) -> None:
        self._path, self._name, self._depth = path, name, list_depth
        self._mended = self._guarded = False

    def top(self) -> dict[str, str]:
        """Return the object's first keys and the kind of their values (`start_array`, `start_map`, ...).

        Stops early: behind the first long list nothing is looked at. Empty where the file is no JSON object.
        """
        state = self._path.stat()
        return {**_top(self._path, self._name, self._depth, (state.st_ino, state.st_size, state.st_mtime_ns))}

    def items(self, prefix: str) -> Iterator[Any]:
        """Yield the elements of a list, for example `images.item`. Raises InvalidDataset where the JSON is broken."""
        return self._each(lambda stream: ijson.items(stream, prefix, use_float=True, buf_size=_CHUNK))

    def lists(self, keys: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
        """Yield (key, some elements) of lists of the root object, in the order of the file. Raises as `items`.

        Much faster than `items` where nothing is odd. From there on, list after list is read as `items` does.
        """
        done: Counter[str] = Counter()
        try:
            for key, found in read_lists(self._path, keys):
                done[key] += len(found)
                yield key, found
        except Odd:
            for key in keys:
                rest = islice(self.items(f"{key}.item"), done[key], None)
                while found := list(islice(rest, _SOME)):
                    yield key, found

    def pairs(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Yield key and value of an object, of the root for an empty prefix. Raises InvalidDataset as `items`."""
        return self._each(lambda stream: ijson.kvitems(stream, prefix, use_float=True, buf_size=_CHUNK))

    def first(self) -> Any:
        """Return the first element of a list, or the first value of an object; None where there is none to be read."""
        with self._path.open("rb") as stream:
            is_list = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")
        try:
            if is_list:
                return next(self.items("item"), None)
            return next((value for _, value in self.pairs("")), None)
        except InvalidDataset:
            return None

    def whole(self) -> Any:
        """Return the content of a small file. Raises InvalidDataset where it is broken or too large to be held."""
        size = self._path.stat().st_size
        if size > _WHOLE:
            raise InvalidDataset(f"{self._name}: {size:,} bytes are too many for one picture", code="json_unsafe")
        with _Guard(self._path.open("rb"), self._name, 0) as stream:
            data = b"".join(iter(lambda: stream.read(_CHUNK), b""))
        try:
            return json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None)
        except (ValueError, RecursionError) as error:
            raise InvalidDataset(f"{self._name}: not valid JSON: {error}", code="json_broken") from error

    def _each(self, parse: Callable[[BinaryIO], Iterator[Any]]) -> Iterator[Any]:
        count = 0
        while True:
            try:
                with self._stream() as stream:
                    for number, item in enumerate(parse(stream)):
                        if number >= count:
                            count += 1
                            yield item
                self._guarded = True
                return
            except (ijson.JSONError, UnicodeDecodeError) as error:
                if self._mended or not self._has_nan():
                    message = f"{self._name}: not valid JSON: {str(error).splitlines()[0]}"
                    raise InvalidDataset(message, code="json_broken") from error
                self._mended = True

    def _has_nan(self) -> bool:
        with self._path.open("rb") as stream:
            return any(b"NaN" in block or b"Infinity" in block for block in iter(lambda: stream.read(_CHUNK), b""))

    def _stream(self) -> BinaryIO:
        stream = self._path.open("rb")
        if self._mended:
            return cast("BinaryIO", _Mended(stream))
        return stream if self._guarded else cast("BinaryIO", _Guard(stream, self._name, self._depth))


@lru_cache(maxsize=256)
def _top(path: Path, name: str, list_depth: int, _state: tuple[int, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    key = ""
    with _Guard(path.open("rb"), name, list_depth) as stream:
        try:
            for number, (prefix, event, value) in enumerate(ijson.parse(stream, use_float=True)):
                if prefix == "" and event == "map_key":
                    key = value
                elif prefix == key and key not in found:
                    found[key] = event
                if number > _PEEK or (prefix == "" and event == "start_array"):
                    break
        except (ijson.JSONError, UnicodeDecodeError):
            return found
    return found


class _Guard:
    """A stream that refuses JSON nested so deep, or with a value so long, that reading it would eat the memory."""

    def __init__(self, stream: BinaryIO, name: str, list_depth: int) -> None:
        self._stream, self._name, self._list_depth = stream, name, list_depth
        self._depth = self._quotes = self._since = self._parts = 0
        self._rest = b""

    def __enter__(self) -> "_Guard":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        """Return what the stream returns, once it has been looked at."""
        data = self._stream.read(size)
        if data:
            self._look(data)
        return data

    def _look(self, data: bytes) -> None:
        text = (self._rest + data).replace(b"\\\\", b"__").replace(b'\\"', b"__")
        self._rest = b"\\" if text.endswith(b"\\") else b""
        codes = np.frombuffer(text, np.uint8)
        inside = (np.cumsum(codes == 0x22) + self._quotes) & 1 == 1
        opening, closing = (codes == 0x5B) | (codes == 0x7B), (codes == 0x5D) | (codes == 0x7D)
        depth = self._depth + np.cumsum(np.where(inside, 0, opening.astype(np.int8) - closing), dtype=np.int64)
        shallow = np.flatnonzero((depth <= self._list_depth) & ~inside) if self._list_depth else np.zeros(0, np.int64)
        parts = (opening | (codes == 0x2C)) & ~inside
        self._quotes, self._depth = int(inside[-1]), int(depth[-1])
        if len(shallow):
            last = int(shallow[-1])
            self._since, self._parts = len(text) - last, int(np.count_nonzero(parts[last:]))
        else:
            self._since += len(text)
            self._parts += int(np.count_nonzero(parts))
        large = self._since > (_MAX_ITEM if self._list_depth else _WHOLE) or self._parts > _MAX_PARTS
        if depth.max() > _MAX_DEPTH or large:
            message = f"{self._name}: JSON that is nested too deeply, or one value of over {_MAX_ITEM >> 20} MiB"
            raise InvalidDataset(message, code="json_unsafe")


# A whole string, a string whose end has not been read, or one of the words that are replaced.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|("(?:[^"\\]|\\.)*\\?)\Z|-?(?:NaN|Infinity)', re.DOTALL)
_WORD_START = re.compile(rb"-?[NaInfity]{0,8}\Z")


class _Mended:
    """A stream in which NaN and Infinity outside of strings have become null."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._rest = stream, b""

    def __enter__(self) -> "_Mended":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        """Return about `size` bytes; empty only at the end."""
        if size == 0:
            return b""
        while True:
            data = self._stream.read(max(size, _CHUNK))
            block = self._rest + data
            self._rest = b""
            if not data:
                return _TOKEN.sub(_null, block)
            if mended := self._cut(block):
                return mended

    def _cut(self, block: bytes) -> bytes:
        pieces: list[bytes] = []
        position = 0
        for match in _TOKEN.finditer(block):
            pieces.append(block[position : match.start()])
            position = match.end()
            if match.group(1) is not None:
                self._rest = match.group(0)
                return b"".join(pieces)
            pieces.append(_null(match))
        tail = block[position:]
        start = _WORD_START.search(tail)
        if start:
            self._rest = tail[start.start() :]
            tail = tail[: start.start()]
        return b"".join([*pieces, tail])


def _null(match: re.Match[bytes]) -> bytes:
    word = match.group(0)
    return word if word.startswith(b'"') else b"null"
