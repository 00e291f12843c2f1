"""The figures of a project follow every change, and are counted once."""

from __future__ import annotations

import time

import pytest

from boxwright.domain.errors import NotFound
from boxwright.domain.people import Caller
from boxwright.domain.statistics import Statistics, total
from boxwright.services import statistics
from boxwright.services.annotations import Annotations
from boxwright.services.classes import Classes
from boxwright.services.statistics import Figures
from boxwright.storage.repositories import statistics as repository
from boxwright.storage.repositories.statistics import StatisticsRepository
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, label, project


def test_figures_follow_what_changes(uow: UnitOfWork, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "_PICTURES", repository._PICTURES.limit(2))
    home = project(uow, caller).id
    cat, dog = (label(uow, home, name) for name in ("cat", "dog"))
    rows = [image(uow, home, f"{n}.jpg") for n in range(5)]
    other = project(uow, caller, "other").id
    away = image(uow, other, "a.jpg")
    save = Annotations(uow).apply_changes
    proposal = box(dog, state="proposal", source="model", score=0.5)
    save(rows[0].id, changes(box(cat), box(cat, 0, 0, 40, 40), proposal), caller)
    save(rows[4].id, changes(box(dog)), caller)
    save(away.id, changes(box(label(uow, other, "cow"))), caller)
    looked: list[str] = []
    batches = StatisticsRepository.batches
    monkeypatch.setattr(
        StatisticsRepository,
        "batches",
        lambda self, *a: looked.append(a[0]) or batches(self, *a),  # type: ignore[func-returns-value]
    )
    figures = Figures(uow)
    found = figures.get(home)
    assert (total(found.images), total(found.labeled), total(found.objects)) == (5, 2, 3)
    assert [(item.name, total(item.objects), total(item.images)) for item in found.classes] == [
        ("cat", 2, 1),
        ("dog", 1, 1),
    ]
    assert total(figures.get(home, dog).objects) == 1
    assert looked == [home]
    save(rows[1].id, changes(box(dog)), caller)
    assert total(figures.get(home, dog).objects) == 2
    Classes(uow).add(home, ["emu"])
    assert [item.name for item in figures.get(home).classes] == ["cat", "dog", "emu"]
    with uow.write() as tx:
        tx.images.update(rows[0].id, deleted_at="2026-01-01T00:00:00.000Z")
        tx.projects.recount(home, at="2026-11-28T00:00:00.000Z")
    assert total(figures.get(home).objects) == 2
    with pytest.raises(NotFound):
        figures.get(home, "nothing")
    with pytest.raises(NotFound):
        figures.get("nothing")


def test_a_large_project_is_counted_beside_the_requests(
    uow: UnitOfWork, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "LARGE", 1)
    home = project(uow, caller).id
    cat = label(uow, home, "cat")
    picture = image(uow, home, "a.jpg")
    Annotations(uow).apply_changes(picture.id, changes(box(cat)), caller)
    figures = Figures(uow)
    first = figures.get(home)
    assert (total(first.objects), first.counted_at, first.counting) == (0, None, True)

    def settled() -> Statistics:
        for _ in range(500):
            found = figures.get(home, cat)
            if not found.counting:
                return found
            time.sleep(0.01)
        raise AssertionError("never counted")

    assert total(settled().objects) == 1
    monkeypatch.setattr(statistics, "_LONG", 0.0)
    Annotations(uow).apply_changes(picture.id, changes(box(cat), base=1), caller)
    monkeypatch.setattr(statistics, "_REST", 1e9)
    tired = figures.get(home)
    assert (total(tired.objects), tired.counting) == (1, False), "counted a moment ago"
    monkeypatch.setattr(statistics, "_REST", 0)
    meanwhile = figures.get(home)
    assert (total(meanwhile.objects), meanwhile.counting) == (1, True)
    assert meanwhile.counted_at is not None
    dog = label(uow, home, "dog")
    new = figures.get(home, dog)
    assert (new.counted_at, new.counting) == (None, True), "of a class that was not there"
    assert total(settled().objects) == 2
