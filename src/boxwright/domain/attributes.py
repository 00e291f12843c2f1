"""What the attributes of a class are: their names, what they may be, and how people write that in one line."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from boxwright.domain.errors import Invalid

AttributeKind = Literal["select", "number", "text", "checkbox"]
AttributeValue = str | float | bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributeDefinition:
    """One attribute that objects of a class have.

    `choices` are those of a `select`; `minimum` and `maximum` bound a `number`, and keys change it by `step`. New
    objects get the `default`; None leaves them without a value.
    """

    name: str
    kind: AttributeKind
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    default: AttributeValue = None


def to_json(definitions: Iterable[AttributeDefinition]) -> list[dict[str, Any]]:
    """Return them as they are stored, without what is not set."""
    return [{key: item for key, item in asdict(one).items() if item not in (None, ())} for one in definitions]


def from_json(values: Iterable[Mapping[str, Any]]) -> tuple[AttributeDefinition, ...]:
    """Return what `to_json` has written."""
    return tuple(AttributeDefinition(**{**item, "choices": tuple(item.get("choices", ()))}) for item in values)


def of_class(
    own: Iterable[AttributeDefinition], shared: Iterable[AttributeDefinition]
) -> dict[str, AttributeDefinition]:
    """Return the attributes of a class by name: its own, then those of all classes that it does not define itself."""
    found = {item.name: item for item in own}
    return found | {item.name: item for item in shared if item.name not in found}


def misfit(definition: AttributeDefinition, value: AttributeValue) -> str | None:
    """Say what a value must be, or None where it is that. No value fits always."""
    if value is None:
        return None
    if definition.kind == "select":
        return None if value in definition.choices else f"must be one of {_listed(definition.choices)}"
    if definition.kind == "checkbox":
        return None if isinstance(value, bool) else "must be true or false"
    if definition.kind == "text":
        return None if isinstance(value, str) else "must be text"
    return _no_number(definition, value)


def _no_number(definition: AttributeDefinition, value: AttributeValue) -> str | None:
    low, high = definition.minimum, definition.maximum
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "must be a number"
    if low is not None and value < low:
        return f"must be at least {_word(low)}"
    if high is not None and value > high:
        return f"must be at most {_word(high)}"
    return None


def _listed(choices: tuple[str, ...], most: int = 10) -> str:
    more = f" and {len(choices) - most} more" if len(choices) > most else ""
    return ", ".join(choices[:most]) + more


_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"number(?:\s+({_NUMBER})?\s*to\b\s*({_NUMBER})?)?(?:\s+step\s+({_NUMBER}))?", re.IGNORECASE)
_YES = {"yes": True, "true": True, "no": False, "false": False}


def parse_line(line: str) -> AttributeDefinition:
    """Read an attribute as people write it; after `=` stands its default. Raises Invalid.

    `note` (text), `occluded: checkbox`, `age: number`, `age: number 0 to 120 step 1`, `colour: red, green = red`.
    The page reads the same (`web/src/features/classes/attributeDraft.ts`).
    """
    name, colon, rest = (part.strip() for part in line.partition(":"))
    if not colon:
        return AttributeDefinition(name=name, kind="text")
    kind, _, default = (part.strip() for part in rest.partition("="))
    if kind.lower() in ("text", ""):
        return AttributeDefinition(name=name, kind="text", default=default or None)
    if kind.lower() == "checkbox":
        return AttributeDefinition(name=name, kind="checkbox", default=_yes(line, default))
    found = _RANGE.fullmatch(kind)
    if found:
        low, high, step = (None if part is None else float(part) for part in found.groups())
        given = None if default == "" else _float(line, default)
        return AttributeDefinition(name=name, kind="number", minimum=low, maximum=high, step=step, default=given)
    if re.match(r"number\b", kind, re.IGNORECASE):
        raise Invalid(f"{line[:80]!r}: write a number as 'number 0 to 10 step 1'", code="attribute_line_invalid")
    choices = tuple(dict.fromkeys(part.strip() for part in kind.split(",") if part.strip()))
    return AttributeDefinition(name=name, kind="select", choices=choices, default=default or None)


def _yes(line: str, word: str) -> bool | None:
    if word and word.lower() not in _YES:
        raise Invalid(f"{line[:80]!r}: a checkbox is yes or no, not {word[:40]!r}", code="attribute_line_invalid")
    return _YES.get(word.lower())


def _float(line: str, word: str) -> float:
    if not re.fullmatch(_NUMBER, word):
        raise Invalid(f"{line[:80]!r}: {word[:40]!r} is no number", code="attribute_line_invalid")
    return float(word)


def format_line(definition: AttributeDefinition) -> str:
    """Write an attribute so that `parse_line` reads it again."""
    ending = "" if definition.default is None else f" = {_word(definition.default)}"
    if definition.kind == "select":
        return f"{definition.name}: {', '.join(definition.choices)}{ending}"
    low, high, step = definition.minimum, definition.maximum, definition.step
    bounds = "" if (low, high) == (None, None) else f" {_word(low)} to {_word(high)}".rstrip()
    stepped = "" if step is None else f" step {_word(step)}"
    return f"{definition.name}: {definition.kind}{bounds}{stepped}{ending}"


def _word(value: AttributeValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).removesuffix(".0")
