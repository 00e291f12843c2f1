"""Attributes of classes: what a definition must be, and that what a person sets fits one."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from boxwright.domain.annotations import Annotation, Upsert
from boxwright.domain.attributes import AttributeDefinition, AttributeValue, misfit, of_class
from boxwright.domain.errors import Invalid
from boxwright.domain.projects import Image
from boxwright.services import checks
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction

MAX_DEFINITIONS = 100
MAX_CHOICES = 1000


def checked(definitions: Sequence[AttributeDefinition]) -> tuple[AttributeDefinition, ...]:
    """Return definitions that can be stored. Raises Invalid with code `attribute_definition_invalid`."""
    if len(definitions) > MAX_DEFINITIONS:
        raise _invalid(f"{len(definitions)} attributes; a class has at most {MAX_DEFINITIONS}")
    found = tuple(_checked(item) for item in definitions)
    names = [nfc(item.name) for item in found]
    twice = next((item.name for item in found if names.count(nfc(item.name)) > 1), None)
    if twice is not None:
        raise _invalid(f"there are two attributes named {twice!r}; one class has each name once")
    return found


def _checked(item: AttributeDefinition) -> AttributeDefinition:
    name = checks.name(item.name, "the attribute's name")
    where = f"attribute {name!r}"
    choices = tuple(checks.name(choice, f"{where}: a choice") for choice in item.choices)
    if item.kind == "select" and not choices:
        raise _invalid(f"{where} needs choices to select from, such as red, green")
    if item.kind != "select" and choices:
        raise _invalid(f"{where} is a {item.kind}; only a select has choices")
    if len(choices) > MAX_CHOICES or len(set(choices)) < len(choices):
        raise _invalid(f"{where}: at most {MAX_CHOICES} choices, each of them once")
    _check_bounds(item, where)
    default = item.default.strip() if isinstance(item.default, str) else item.default
    default = None if default == "" else default
    made = AttributeDefinition(
        name=name,
        kind=item.kind,
        choices=choices,
        minimum=item.minimum,
        maximum=item.maximum,
        step=item.step,
        default=default,
    )
    wrong = misfit(made, default)
    if wrong is not None:
        raise _invalid(f"{where}: its default {wrong}")
    if isinstance(default, str):
        checks.text(default, f"{where}: its default")
    return made


def _check_bounds(item: AttributeDefinition, where: str) -> None:
    if item.kind != "number":
        if (item.minimum, item.maximum, item.step) != (None, None, None):
            raise _invalid(f"{where} is a {item.kind}; only a number has bounds and a step")
        return
    if not all(math.isfinite(value) for value in (item.minimum, item.maximum, item.step) if value is not None):
        raise _invalid(f"{where}: its bounds and its step must be finite numbers")
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        raise _invalid(f"{where}: its least value {item.minimum:g} is above its greatest one {item.maximum:g}")
    if item.step is not None and item.step <= 0:
        raise _invalid(f"{where}: its step must be above 0")


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="attribute_definition_invalid")


class Odd(NamedTuple):
    """A value that does not fit its definition."""

    annotation: Annotation
    name: str
    value: AttributeValue
    wrong: str


def check_values(tx: Transaction, image: Image, set_id: str, put: Iterable[Annotation]) -> None:
    """Refuse values that a person sets and that do not fit. Raises Invalid with code `attribute_invalid`.

    What was there already stays, whatever it is: nobody could move an object otherwise whose import brought other
    values, or go back to what was before the definitions changed. Attributes that nobody defined are free.
    """
    odd = odd_values(tx, image.project_id, [item for item in put if item.attributes])
    if not odd:
        return
    stored = tx.annotations.attributes_of({one.annotation.id for one in odd})
    odd = [one for one in odd if not _is_known(one, stored)]
    if odd and _forget_those_of_the_past(tx, image, set_id, odd):
        raise refused(tx, image.project_id, odd[0])


def refused(tx: Transaction, project_id: str, first: Odd) -> Invalid:
    """Return the error that names a value that does not fit."""
    label = next(one for one in tx.classes.list(project_id) if one.id == first.annotation.class_id)
    message = (
        f"attribute {first.name!r} of class {label.name!r} {first.wrong}, not {_shown(first.value)}; "
        "choose another value, or change the definition in Settings, Classes"
    )
    detail = {"annotation_id": first.annotation.id, "attribute": first.name}
    return Invalid(message, code="attribute_invalid", detail=detail)


def odd_values(tx: Transaction, project_id: str, put: Sequence[Annotation]) -> list[Odd]:
    """Return the values that do not fit the definitions of their class."""
    if not put:
        return []
    shared, own = tx.classes.attributes(project_id)
    if not shared and not own:
        return []
    found = []
    defined = {key: of_class(own.get(key, ()), shared) for key in {item.class_id for item in put}}
    for item in put:
        for name, value in item.attributes.items():
            definition = defined[item.class_id].get(name)
            wrong = None if definition is None else misfit(definition, value)
            if wrong is not None:
                found.append(Odd(item, name, value, wrong))
    return found


def _is_known(one: Odd, stored: Mapping[str, Mapping[str, AttributeValue]]) -> bool:
    """Whether it was so already; a copy of what was imported keeps what it brought."""
    before = stored.get(one.annotation.id)
    if before is None:
        return one.annotation.source != "manual"
    return one.name in before and same_value(before[one.name], one.value)


def _forget_those_of_the_past(tx: Transaction, image: Image, set_id: str, odd: list[Odd]) -> list[Odd]:
    """Take those out that some object of this picture has had: they are copied, or brought back from the history."""
    for entry in tx.annotations.log_until(image.id, set_id, 1 << 30):
        for change in entry.changes:
            if isinstance(change, Upsert):
                past = change.annotation.attributes
                odd[:] = [one for one in odd if not (one.name in past and same_value(past[one.name], one.value))]
    return odd


def same_value(a: AttributeValue, b: AttributeValue) -> bool:
    """Tell whether two values are the same; 1 is not true."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def _shown(value: AttributeValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, int | float) else repr(value)[:60]
