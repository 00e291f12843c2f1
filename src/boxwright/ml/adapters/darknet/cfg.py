"""The network description of Darknet: sections in brackets, each with lines `key=value`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from boxwright.domain.errors import InvalidModel

MAX_BYTES, _MOST_SECTIONS, _LARGEST = 1 << 20, 2000, 1 << 20
_SECTION = re.compile(r"\[(\w+)\]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its kind (`convolutional`, `yolo`, ...), the line where it starts, and its texts by key."""

    kind: str
    line: int
    texts: Mapping[str, str] = field(default_factory=dict)

    def whole(self, key: str, usual: int, least: int = 0) -> int:
        """Return a whole number from `least` to a million. Raises InvalidModel."""
        value = self._read(key, int, usual)
        if not least <= value <= _LARGEST:
            raise self.wrong(f"{key}={value} is not from {least} to {_LARGEST}")
        return value

    def number(self, key: str, usual: float) -> float:
        """Return a number. Raises InvalidModel."""
        return self._read(key, float, usual)

    def wholes(self, key: str) -> list[int]:
        """Return the whole numbers of a list, which may be empty. Raises InvalidModel."""
        return self._read(key, lambda text: [int(item) for item in text.split(",") if item.strip()], [])

    def numbers(self, key: str) -> list[float]:
        """Return the numbers of a list, which may be empty. Raises InvalidModel."""
        return self._read(key, lambda text: [float(item) for item in text.split(",") if item.strip()], [])

    def wrong(self, what: str) -> InvalidModel:
        """Return an error that says where."""
        return InvalidModel(f"the .cfg, [{self.kind}] at line {self.line}: {what}", code="darknet_cfg")

    def _read(self, key: str, kind: Callable[[str], T], usual: T) -> T:
        text = self.texts.get(key)
        if text is None:
            return usual
        try:
            return kind(text)
        except ValueError as error:
            raise self.wrong(f"{key}={text[:40]} cannot be read") from error


def read_cfg(text: str) -> list[Section]:
    """Return the sections; the first is `net`. Raises InvalidModel with code `darknet_cfg`."""
    sections: list[Section] = []
    texts: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.split("[#;]", raw, maxsplit=1)[0].strip()
        if not line:
            continue
        found = _SECTION.fullmatch(line)
        if found is None:
            key, equals, value = line.partition("=")
            if not equals or not sections:
                raise InvalidModel(f"the .cfg, line {number}: {line[:60]!r} is neither a section nor key=value")
            texts[key.strip()] = value.strip()
            continue
        texts = {}
        sections.append(Section(found[1], number, texts))
        if len(sections) > _MOST_SECTIONS:
            raise InvalidModel(f"the .cfg has more than {_MOST_SECTIONS} sections", code="darknet_cfg")
    if len(sections) < 2 or sections[0].kind not in ("net", "network"):
        raise InvalidModel("the .cfg does not start with [net] and layers", code="darknet_cfg")
    return sections
