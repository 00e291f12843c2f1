from __future__ import annotations

import pytest

from boxwright.domain.attributes import (
    AttributeDefinition,
    format_line,
    from_json,
    misfit,
    of_class,
    parse_line,
    to_json,
)
from boxwright.domain.errors import Invalid

LINES = {
    "note": AttributeDefinition(name="note", kind="text"),
    "note: text = a=b": AttributeDefinition(name="note", kind="text", default="a=b"),
    "occluded: checkbox": AttributeDefinition(name="occluded", kind="checkbox"),
    "occluded: Checkbox = no": AttributeDefinition(name="occluded", kind="checkbox", default=False),
    "age: number": AttributeDefinition(name="age", kind="number"),
    "age: number 0 to 120 step 1 = 5": AttributeDefinition(
        name="age", kind="number", minimum=0, maximum=120, step=1, default=5.0
    ),
    "depth: number -1.5e3 to": AttributeDefinition(name="depth", kind="number", minimum=-1500),
    "depth: number 0 to step 0.5": AttributeDefinition(name="depth", kind="number", minimum=0, step=0.5),
    "depth: number to 123456789": AttributeDefinition(name="depth", kind="number", maximum=123456789),
    "colour: red, green,,red , blue = green": AttributeDefinition(
        name="colour", kind="select", choices=("red", "green", "blue"), default="green"
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_lines_are_read_written_and_stored(line: str) -> None:
    found = parse_line(line)
    assert found == LINES[line]
    assert parse_line(format_line(found)) == found
    assert from_json(to_json([found])) == (found,)


@pytest.mark.parametrize("line", ["a: checkbox = perhaps", "a: number = many", "a: number 0 to x"])
def test_a_default_of_another_kind_is_told(line: str) -> None:
    with pytest.raises(Invalid, match=r"a: .*(checkbox|number)") as caught:
        parse_line(line)
    assert caught.value.code == "attribute_line_invalid"


def test_what_fits() -> None:
    colour, age = LINES["colour: red, green,,red , blue = green"], LINES["age: number 0 to 120 step 1 = 5"]
    assert misfit(colour, "red") is None
    assert misfit(colour, None) is None
    assert misfit(colour, "grey") == "must be one of red, green, blue"
    assert misfit(age, 120) is None
    assert misfit(age, 121) == "must be at most 120"
    assert misfit(age, -1) == "must be at least 0"
    assert misfit(age, True) == misfit(age, "7") == misfit(age, float("nan")) == "must be a number"
    assert misfit(LINES["occluded: checkbox"], 1) == "must be true or false"
    assert misfit(LINES["note"], 1) == "must be text"


def test_a_class_comes_before_all_classes() -> None:
    own, shared = parse_line("size: s, m"), (parse_line("size: number"), parse_line("note"))
    assert of_class([own], shared) == {"size": own, "note": shared[1]}
