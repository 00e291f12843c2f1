"""Values of attributes and numbers, as text formats carry them."""

import math
import re
from collections.abc import Mapping
from typing import SupportsFloat

Value = str | float | bool | None
_NAME = 200


def by_looks(text: str) -> str | float | bool:
    """Return a value by its looks, as long as writing it gives the same text again."""
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d{1,15}", text) and str(int(text)) == text:
        return int(text)
    value = number_of(text)
    return value if math.isfinite(value) and str(value) == text else text


def text_of(value: Value) -> str:
    """Return a value as `by_looks` reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def number_of(value: object) -> float:
    """Return a number, also one that is written as text with a decimal point or comma; NaN for anything else."""
    try:
        if isinstance(value, str):
            return float(value.replace(",", "."))
        return float(value) if isinstance(value, SupportsFloat) else math.nan
    except (ValueError, OverflowError):
        return math.nan


def finite(value: object) -> float | None:
    """Return a finite number, also one written as text; None for anything else."""
    number = number_of(value)
    return number if math.isfinite(number) else None


def scalars(found: Mapping[object, object]) -> dict[str, Value]:
    """Return what of the found pairs can be attributes here: short names, and values that are no lists or objects."""
    return {
        key: value
        for raw, value in found.items()
        if (key := str(raw).strip()) and len(key) <= _NAME and (value is None or isinstance(value, str | int | float))
    }
