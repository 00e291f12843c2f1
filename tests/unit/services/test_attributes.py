from __future__ import annotations

from dataclasses import replace

import pytest

from boxwright.domain.annotations import Annotation
from boxwright.domain.attributes import AttributeDefinition, parse_line
from boxwright.domain.errors import Invalid
from boxwright.domain.people import Caller
from boxwright.services.annotations import Annotations
from boxwright.services.classes import Classes
from boxwright.services.projects import Projects
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, label, project


@pytest.fixture
def project_id(uow: UnitOfWork, caller: Caller) -> str:
    return project(uow, caller).id


def define(uow: UnitOfWork, class_id: str, *lines: str) -> tuple[AttributeDefinition, ...]:
    return Classes(uow).update(class_id, attributes=[parse_line(line) for line in lines]).attributes


def test_definitions_of_a_class_and_of_all(uow: UnitOfWork, project_id: str) -> None:
    class_id = label(uow, project_id)
    made = define(uow, class_id, "colour: red, green = red", "age: number 0 to 9")
    assert [item.name for item in made] == ["colour", "age"]
    assert Classes(uow).list(project_id)[0].attributes == made
    assert Classes(uow).update(class_id, name="other").attributes == made
    shared = Projects(uow).update(project_id, attributes=[parse_line("note")]).attributes
    assert Projects(uow).get(project_id).attributes == shared == (parse_line("note"),)
    assert define(uow, class_id) == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["a", "a: checkbox"], "two attributes named 'a'"),
        (["caf\u00e9", "cafe\u0301"], "two attributes named"),
        ([" : text"], "must not be empty"),
        (["a: ,"], "needs choices"),
        (["a: x, y = z"], "its default must be one of x, y"),
        (["a: number 9 to 1"], "above its greatest"),
        (["a: number step 0"], "above 0"),
        (["a: number 1 to 2 = 3"], "must be at most 2"),
        ([f"a{n}" for n in range(101)], "at most 100"),
    ],
)
def test_what_cannot_be_defined(uow: UnitOfWork, project_id: str, lines: list[str], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        define(uow, label(uow, project_id), *lines)


def test_bounds_and_choices_belong_to_their_kind(uow: UnitOfWork, project_id: str) -> None:
    class_id = label(uow, project_id)
    for wrong in (
        AttributeDefinition(name="a", kind="text", choices=("x",)),
        AttributeDefinition(name="a", kind="text", maximum=3),
        AttributeDefinition(name="a", kind="select", choices=("x", "x")),
    ):
        with pytest.raises(Invalid) as caught:
            Classes(uow).update(class_id, attributes=[wrong])
        assert caught.value.code == "attribute_definition_invalid"


class Table:
    """One picture, and a hand that saves to it."""

    def __init__(self, uow: UnitOfWork, project_id: str, caller: Caller, name: str = "a.jpg") -> None:
        self.all, self.caller = Annotations(uow), caller
        self.image = image(uow, project_id, name)
        self.revision = 0

    def save(self, *items: Annotation | str) -> None:
        done = self.all.apply_changes(self.image.id, changes(*items, base=self.revision), self.caller)
        self.revision = done.revision

    def refused(self, item: Annotation) -> str:
        with pytest.raises(Invalid) as caught:
            self.save(item)
        assert caught.value.code == "attribute_invalid"
        assert caught.value.detail["annotation_id"] == item.id
        assert "\n" not in caught.value.message
        return caught.value.message


def test_what_a_person_sets_must_fit(uow: UnitOfWork, project_id: str, caller: Caller) -> None:
    class_id, free = Classes(uow).add(project_id, ["RBC", "free"])
    define(uow, class_id.id, "colour: red, green", "seen: checkbox")
    table = Table(uow, project_id, caller)
    good = box(class_id.id, attributes={"colour": "red", "seen": True, "anything": 7.5})
    table.save(good, box(free.id, attributes={"colour": 1}))
    assert table.refused(replace(good, attributes={"colour": "blue"})).startswith(
        "attribute 'colour' of class 'RBC' must be one of red, green, not 'blue'; "
    )
    assert "must be true or false, not 1" in table.refused(replace(good, attributes={"seen": 1}))
    assert "not 'blue'" in table.refused(box(class_id.id, attributes={"colour": "blue"}))
    Projects(uow).update(project_id, attributes=[parse_line("age: number 0 to 9")])
    assert "'age' of class 'free' must be at most 9, not 10" in table.refused(box(free.id, attributes={"age": 10}))


def test_what_was_there_already_stays(uow: UnitOfWork, project_id: str, caller: Caller) -> None:
    class_id = label(uow, project_id)
    table = Table(uow, project_id, caller)
    old = box(class_id, attributes={"colour": "blue", "own": "x"})
    table.save(old)
    define(uow, class_id, "colour: red, green")
    moved = replace(box(class_id, 1, 1, 9, 9, id=old.id), attributes=old.attributes)
    table.save(moved)
    (kept,) = table.all.get(table.image.id).annotations
    assert kept.attributes == {"colour": "blue", "own": "x"}
    table.save(box(class_id, attributes={"colour": "blue"}))  # a copy of what is in this picture
    table.save(old.id)
    table.save(old)  # undo
    table.save(replace(old, attributes={"colour": "red"}))
    table.save(old)  # undo
    assert "not 'black'" in table.refused(replace(old, attributes={"colour": "black"}))
    elsewhere = Table(uow, project_id, caller, "b.jpg")
    assert "not 'blue'" in elsewhere.refused(box(class_id, attributes={"colour": "blue"}))
    elsewhere.save(box(class_id, attributes={"colour": "blue"}, source="import"))


@pytest.mark.parametrize("field", ["minimum", "maximum", "step"])
def test_bounds_are_finite_numbers(uow: UnitOfWork, caller: Caller, field: str) -> None:
    there = project(uow, caller)
    odd = AttributeDefinition(name="age", kind="number", **{field: float("nan")})  # JSON of other tools can hold it
    with pytest.raises(Invalid, match="finite") as caught:
        Projects(uow).update(there.id, attributes=[odd])
    assert caught.value.code == "attribute_definition_invalid"
    assert Projects(uow).get(there.id).attributes == ()
