"""Metadata of pictures as formats carry it: text here, any value of JSON there.

A text that is the one way to write a value of JSON (`4`, `true`, `["a"]`) stands for that value, and a string that
would look like one stands in quotes (`"4"`): both ways give back what was there. An empty value is none.
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from boxwright.formats.problems import Problems, Where

OWN = "boxwright_metadata"  # fields whose names mean something else in the format stand in an object of this name
MOST, LONGEST_NAME, LONGEST = 100, 100, 10_000
_FIRST = frozenset('-0123456789tf"[{')
_NO_VALUE = object()
_CONTROL, _LINES = ("Cc", "Cs"), ("Zl", "Zp")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _no_constant(text: str) -> object:
    raise ValueError(text)


def _value(text: str) -> object:
    """The value that is written as this text and in no other way."""
    if text[:1] not in _FIRST:
        return _NO_VALUE
    try:
        value = json.loads(text, parse_constant=_no_constant)
        return value if _dumps(value) == text else _NO_VALUE
    except (ValueError, RecursionError):
        return _NO_VALUE


def text_of(value: object) -> str:
    """Return a value of JSON as text; empty for one that says nothing."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        return _dumps(value)
    return value if _value(value) is _NO_VALUE else _dumps(value)


def value_of(text: str) -> object:
    """Return what `text_of` made a text of."""
    found = _value(text)
    return text if found is _NO_VALUE else found


def word_of(value: object) -> str:
    """Return a value of a format whose values are texts, or objects that say which of several boxes are ticked."""
    return value if isinstance(value, str) else text_of(value)


def box_of(text: str) -> object:
    """Return what `word_of` made a text of."""
    return value_of(text) if text[:1] in "[{" else text


def read_fields(
    problems: Problems, where: Where, found: Mapping[str, object], taken: Collection[str] = (), *, words: bool = False
) -> dict[str, str]:
    """Return the fields among the found things, without what is `taken` as something else; what is left is reported."""
    own = found.get(OWN)
    known = {key: value for key, value in found.items() if key not in taken and key != OWN}
    known |= own if isinstance(own, Mapping) else {}
    to_text = word_of if words else text_of
    return kept_fields(problems, where, ((key, to_text(value)) for key, value in known.items()))


def kept_fields(problems: Problems, where: Where, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the pairs that can be fields of a picture here; others are reported."""
    fields: dict[str, str] = {}
    for key, text in pairs:
        name = key.strip()
        if not text:
            continue
        if len(fields) >= MOST:
            problems.add(where, "metadata_left", f"has more than {MOST} fields: {name[:50]!r} is not taken")
        elif not _fits(name, text):
            message = f"field {name[:50]!r} is not taken: its name or its text is too long, or has control characters"
            problems.add(where, "metadata_left", message)
        else:
            fields[name] = text
    return fields


def _fits(name: str, text: str) -> bool:
    if not 0 < len(name) <= LONGEST_NAME or len(text) > LONGEST:
        return False
    plain = name.isprintable() or not any(unicodedata.category(letter) in (*_CONTROL, *_LINES) for letter in name)
    return plain and (
        text.isprintable()
        or not any(unicodedata.category(letter) in _CONTROL for letter in text if letter not in "\n\r\t")
    )


def write_fields(
    metadata: Mapping[str, str], reserved: Collection[str] = (), *, words: bool = False
) -> dict[str, object]:
    """Return fields as a format has them, by name; those whose name is `reserved` stand in an object of our own."""
    back = box_of if words else value_of
    values = {key: back(metadata[key]) for key in sorted(metadata)}
    clash = {key: value for key, value in values.items() if key in reserved or key == OWN}
    if not clash:
        return values
    return {**{key: value for key, value in values.items() if key not in clash}, OWN: clash}
