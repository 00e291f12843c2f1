from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from boxwright.domain.errors import BoxwrightError, Conflict, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import CLASS_COLORS
from boxwright.services.annotations import Annotations
from boxwright.services.classes import Classes
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, project
from stores import Heard


@pytest.fixture
def classes(uow: UnitOfWork) -> Classes:
    return Classes(uow)


@pytest.fixture
def project_id(uow: UnitOfWork, caller: Caller) -> str:
    return project(uow, caller).id


def _code(call: object, *arguments: object, **options: object) -> str:
    with pytest.raises(BoxwrightError) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value.code


def test_new_classes_get_colours_positions_and_digits(classes: Classes, project_id: str, heard: Heard) -> None:
    added = classes.add(project_id, [f"c{number}" for number in range(12)])
    assert [item.color for item in added] == list(CLASS_COLORS[:12])
    assert [item.hotkey for item in added] == [*"123456789", None, None, None]
    assert [item.position for item in added] == list(range(12))
    assert classes.list(project_id) == added
    assert heard.topics.count("class") == 12


def test_existing_names_are_returned_not_doubled(classes: Classes, project_id: str) -> None:
    (first,) = classes.add(project_id, ["caf\u00e9"], color="#123456")
    again = classes.add(project_id, ["tea", "cafe\u0301", "tea", " caf\u00e9 "])
    assert [item.name for item in again] == ["tea", "caf\u00e9"]
    assert again[1] == first
    assert first.color == "#123456"
    assert len(classes.list(project_id)) == 2


def test_case_makes_another_class(classes: Classes, project_id: str) -> None:
    assert len(classes.add(project_id, ["RBC", "rbc"])) == 2


def test_the_same_name_from_many_at_once(classes: Classes, project_id: str) -> None:
    def add(_: int) -> str | None:
        try:
            return classes.add(project_id, ["RBC"])[0].id
        except Conflict:
            return None

    with ThreadPoolExecutor(6) as pool:
        ids = {item for item in pool.map(add, range(6)) if item}
    assert len(ids) == 1
    assert len(classes.list(project_id)) == 1


def test_changing_a_class(classes: Classes, project_id: str) -> None:
    a, b, c = classes.add(project_id, ["a", "b", "c"])
    changed = classes.update(a.id, name="A", color="#ABCDEF", hotkey="q", hidden=True)
    assert (changed.name, changed.color, changed.hotkey, changed.hidden) == ("A", "#ABCDEF", "q", True)
    assert classes.update(a.id, hotkey="").hotkey is None
    assert classes.update(c.id, position=0).position == 0
    assert [item.id for item in classes.list(project_id)] == [c.id, a.id, b.id]
    classes.update(c.id, position=1_000_000)
    assert [item.id for item in classes.list(project_id)] == [a.id, b.id, c.id]
    assert _code(classes.update, a.id, name="b") == "name_taken"
    assert _code(classes.update, a.id, hotkey="2") == "hotkey_taken"
    assert _code(classes.update, a.id, color="red") == "color_invalid"
    assert _code(classes.update, a.id, color="#12345\n") == "color_invalid"
    assert _code(classes.update, a.id, position=-1) == "position_invalid"
    assert _code(classes.update, a.id, name="x" * 201) == "name_invalid"
    assert _code(classes.update, new_id(), name="x") == "not_found"


def test_a_class_in_use_is_not_deleted(classes: Classes, project_id: str, uow: UnitOfWork, caller: Caller) -> None:
    used, free = classes.add(project_id, ["used", "free"])
    row = image(uow, project_id)
    a = box(used.id)
    Annotations(uow).apply_changes(row.id, changes(a), caller)
    assert classes.list(project_id)[0].annotations == 1
    with pytest.raises(Conflict) as caught:
        classes.delete(used.id)
    assert (caught.value.code, caught.value.detail) == ("class_in_use", {"annotations": 1})
    classes.delete(free.id)
    Annotations(uow).apply_changes(row.id, changes(a.id, base=1), caller)
    classes.delete(used.id)
    assert classes.list(project_id) == ()
    assert _code(classes.delete, used.id) == "not_found"
    code = _code(Annotations(uow).apply_changes, row.id, changes(box(used.id), base=2), caller)
    assert code == "class_unknown"
    (again,) = classes.add(project_id, ["used"])
    assert again.id != used.id


def test_limits(classes: Classes, project_id: str) -> None:
    assert _code(classes.add, project_id, [str(number) for number in range(10_001)]) == "too_many_classes"
    assert _code(classes.add, project_id, ["fine", ""]) == "name_invalid"
    assert classes.list(project_id) == ()
    with pytest.raises(NotFound):
        classes.list(new_id())
