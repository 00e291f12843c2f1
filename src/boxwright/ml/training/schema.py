"""What a hyper-parameter is: its default, its limits, what it does, and how a value for it is checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast, get_args

from boxwright.domain.errors import Invalid

Group = Literal["basics", "learning", "augmentation", "machine"]


def number(group: Group, default: float, low: float, high: float, text: str) -> Any:
    """Declare a number; a whole one where the default is."""
    return field(default=default, metadata={"group": group, "min": low, "max": high, "help": text})


def choice(group: Group, options: object, text: str) -> dict[str, object]:
    """Return the metadata of a choice among the options of a Literal."""
    return {"group": group, "options": get_args(options), "help": text}


@dataclass(frozen=True, kw_only=True, slots=True)
class ParameterHelp:
    """A parameter for people; a choice has `options`, a number `min` and `max`."""

    name: str
    type: Literal["int", "float", "choice"]
    default: int | float | str
    help: str
    group: Group
    min: float | None = None
    max: float | None = None
    options: tuple[str, ...] = ()


def describe_fields(kind: type) -> tuple[ParameterHelp, ...]:
    """List the parameters of a dataclass made of `number` and `choice`, in their order."""
    kinds: dict[type, Literal["int", "float", "choice"]] = {int: "int", float: "float", str: "choice"}
    return tuple(
        ParameterHelp(
            name=item.name,
            type=kinds[type(item.default)],
            default=cast("int | float | str", item.default),
            help=item.metadata["help"],
            group=item.metadata["group"],
            min=item.metadata.get("min"),
            max=item.metadata.get("max"),
            options=item.metadata.get("options", ()),
        )
        for item in fields(kind)
    )


def read_fields(kind: type, value: Mapping[str, object]) -> dict[str, object]:
    """Return the values for a dataclass, each in the type of its default.

    Raises Invalid with one line that names every wrong field.
    """
    known = {item.name: item for item in fields(kind)}
    problems, good = [], {}
    for name, given in value.items():
        if name not in known:
            problems.append(f"{name}: no such parameter")
            continue
        try:
            good[name] = check(name, known[name].metadata, given, known[name].default)
        except Invalid as error:
            problems.append(error.message)
    if problems:
        raise Invalid("; ".join(problems), code="hyper_invalid", detail={"fields": problems})
    return good


def check(name: str, rule: Mapping[str, Any], value: object, default: object) -> object:
    """Return the value in the type of its default. Raises Invalid."""
    if "options" in rule:
        if value not in rule["options"]:
            raise Invalid(f"{name}: {value!r} is none of {', '.join(rule['options'])}", code="hyper_invalid")
        return value
    whole = isinstance(default, int)
    # Bounds and not math.isfinite, which cannot take a whole number of 400 digits.
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and -1e300 < value < 1e300
    if not is_number or (whole and value != int(value)):  # type: ignore[call-overload]
        raise Invalid(f"{name}: {value!r} is not a {'whole ' if whole else ''}number", code="hyper_invalid")
    if not rule["min"] <= value <= rule["max"]:
        raise Invalid(f"{name}: {value} is outside {rule['min']:g} to {rule['max']:g}", code="hyper_invalid")
    return int(value) if whole else float(value)  # type: ignore[call-overload, arg-type]
