"""Limits on what people write: one clear line where something is too long, empty or holds characters it must not."""

import unicodedata

from boxwright.domain.errors import Invalid

NAME = 200
DESCRIPTION = 10_000
PATH = 1024


def name(value: str, what: str, limit: int = NAME) -> str:
    """Return a one-line name without white space around it. Raises Invalid with code `name_invalid`."""
    text = value.strip()
    if not text:
        raise Invalid(f"{what} must not be empty", code="name_invalid")
    if len(text) > limit:
        raise Invalid(f"{what} has {len(text)} characters; at most {limit} are allowed", code="name_invalid")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise Invalid(f"{what} holds a control character or a line break", code="name_invalid")
    return text


def text(value: str, what: str, limit: int = DESCRIPTION) -> str:
    """Return a text of several lines as it is. Raises Invalid with code `text_invalid`."""
    if len(value) > limit:
        raise Invalid(f"{what} has {len(value)} characters; at most {limit} are allowed", code="text_invalid")
    if any(char not in "\n\r\t" and unicodedata.category(char) in ("Cc", "Cs") for char in value):
        raise Invalid(f"{what} holds a control character", code="text_invalid")
    return value


def path(value: str, what: str = "the picture's name") -> str:
    """Return a relative POSIX path. It never becomes a path on disk, but exports use it: it must not climb.

    Raises Invalid with code `name_invalid`.
    """
    if value != value.strip():
        raise Invalid(f"{what} starts or ends with white space", code="name_invalid")
    checked = name(value, what, PATH)
    if checked.startswith("/") or "\\" in checked or checked[1:3] == ":/":
        raise Invalid(f"{what} must be a relative path with forward slashes: {checked[:80]!r}", code="name_invalid")
    if any(part in ("", ".", "..") for part in checked.split("/")):
        raise Invalid(f"{what} must not hold '.', '..' or empty parts: {checked[:80]!r}", code="name_invalid")
    return checked
