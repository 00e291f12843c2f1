"""The long lists of a JSON object, read in one go in the order of the file: windows of some MB, each parsed at once.

Only what is plainly right is read here. Whoever reads goes on with `JsonFile` where this stops: that knows how to mend,
to refuse and to say what is wrong.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pydantic_core import from_json

_WINDOW = 1 << 20
_CUTS = 16  # places tried for the end of a window's elements
_APART = 64  # blanks between two elements
_BETWEEN = re.compile(rb"\}\s*,\s*\{")
_BLANK = re.compile(rb"[ \t\r\n]*")


class Odd(Exception):
    """Something that is not plainly right, or too large for a window."""


def read_lists(path: Path, wanted: Collection[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield (key, some elements) of the wanted lists of the root object. Raises Odd."""
    with path.open("rb") as stream:
        window = _Window(stream)
        window.take(b"{")
        while not window.try_take(b"}"):
            key = window.value()
            window.take(b":")
            if not window.try_take(b"["):
                window.value()
            elif isinstance(key, str):
                for items in window.elements():
                    if key in wanted:
                        yield key, items
            if not window.try_take(b","):
                window.take(b"}")
                break
        if window.peek():
            raise Odd


class _Window:
    """The part of a file that is being looked at: `_data` from `_at` on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._data, self._at = stream, b"", 0

    def _fill(self) -> None:
        """Have a window's bytes ahead, or all that there are."""
        if len(self._data) - self._at < _WINDOW:
            self._data = self._data[self._at :] + self._stream.read(_WINDOW)
            self._at = 0

    def peek(self) -> bytes:
        """Return the next byte that is no blank; empty at the end of the file."""
        while True:
            self._fill()
            found = _BLANK.match(self._data, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._data) or not self._data:
                return self._data[self._at : self._at + 1]

    def try_take(self, mark: bytes) -> bool:
        """Go past a mark, if it comes next."""
        if self.peek() != mark:
            return False
        self._at += 1
        return True

    def take(self, mark: bytes) -> None:
        """Go past a mark. Raises Odd where another comes."""
        if not self.try_take(mark):
            raise Odd

    def value(self) -> Any:
        """Read a value that ends within the window. Raises Odd."""
        self.peek()
        text = self._text()
        value, end = _decoded(text, 0)
        self._at += len(text[:end].encode())
        return value

    def elements(self) -> Iterator[list[Any]]:
        """Yield the elements of a list, some at a time, and go past its end. Raises Odd."""
        if self.try_take(b"]"):
            return
        while True:
            items = self._many()
            if items is None:
                items, more = self._few()
                yield items
                if not more:
                    return
            else:
                yield items

    def _many(self) -> list[Any] | None:
        """Read all elements that end within the window, and go past the comma behind; None where that is not easy."""
        self.peek()
        end, begin = len(self._data), self._at
        for _ in range(_CUTS):
            last = self._data.rfind(b"{", begin, end)
            if last < 0:
                return None
            end = last
            cut = _BETWEEN.search(self._data, max(begin, last - _APART), last + 1)
            if cut is None or cut.end() != last + 1:
                continue
            try:
                # What begins at an element and is a list once it is closed was cut between two elements.
                items = from_json(b"[%b]" % self._data[begin : cut.start() + 1], allow_inf_nan=False)
            except ValueError:
                continue
            self._at = last
            return list(items)
        return None

    def _few(self) -> tuple[list[Any], bool]:
        """Read the elements of a window one by one; tell whether more follow. Raises Odd where not one is whole."""
        text = self._text()
        items: list[Any] = []
        done = at = 0
        more = True
        while more:
            try:
                value, at = _decoded(text, at)
                mark, at = _mark(text, at)
            except Odd:
                break
            items.append(value)
            more, done = mark == ",", at
        if not items:
            raise Odd
        self._at += len(text[:done].encode())
        return items, more

    def _text(self) -> str:
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(self._data[self._at : self._at + _WINDOW])
        except UnicodeDecodeError as error:
            raise Odd from error


def _refuse(_: str) -> None:
    raise Odd


_DECODER = json.JSONDecoder(parse_constant=_refuse)
_SPACE = re.compile(r"[ \t\r\n]*")


def _past_blanks(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _decoded(text: str, at: int) -> tuple[Any, int]:
    try:
        value, end = _DECODER.raw_decode(text, _past_blanks(text, at))
    except (ValueError, RecursionError) as error:
        raise Odd from error
    if end == len(text):  # a number may go on behind the window
        raise Odd
    return value, end


def _mark(text: str, at: int) -> tuple[str, int]:
    """Return the comma or bracket behind an element, and the place behind it."""
    at = _past_blanks(text, at)
    if text[at : at + 1] not in (",", "]") or not text[at : at + 1]:
        raise Odd
    return text[at], at + 1
