"""Splits of a whole project on both databases: previewed, made, taken back, looked through for leaks."""

from __future__ import annotations

import pytest

from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image, Split
from boxwright.domain.splits import SplitNumbers, SplitPlan
from boxwright.services.annotations import Annotations
from boxwright.services.image_actions import ACTIONS
from boxwright.services.projects import Projects
from boxwright.services.splitting import Splitting
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image_row, label, project

HALVES = SplitPlan(train=1, val=1, test=0)


def pictures(uow: UnitOfWork, project_id: str, *names: str, split: Split = "none", **more: str) -> list[Image]:
    rows = [image_row(project_id, name, split=split, sha256=f"{hash(name) & 0xFFFF:064x}") for name in names]
    with uow.write() as tx:
        tx.images.bulk_insert((row, None) for row in rows)
        if more:
            tx.images.update_many([row.id for row in rows], **more)
        tx.projects.recount(project_id, at="2026-01-01T00:00:00.000Z")
    return rows


def splits(uow: UnitOfWork, project_id: str) -> dict[str, Split]:
    with uow.read() as tx:
        return {image.name: image.split for image, _ in tx.images.all_living(project_id)}


def counted(uow: UnitOfWork, project_id: str) -> object:
    """The counts that are kept, and whether they are those that a count anew gives."""
    kept = Projects(uow).counts(project_id)
    with uow.write() as tx:
        tx.projects.recount(project_id, at="2026-01-01T00:00:00.000Z")
    assert Projects(uow).counts(project_id) == kept
    return kept


def test_a_plan_is_shown_made_and_taken_back(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    cat = label(uow, project_id, "cat")
    rows = pictures(uow, project_id, *(f"{n:02}.jpg" for n in range(20)))
    annotations = Annotations(uow)
    for row in rows[:10]:
        annotations.apply_changes(row.id, changes(box(cat), box(cat, 40, 40, 60, 60)), caller)
    seen = service.preview(project_id, HALVES)
    assert (seen.moved, seen.images_after) == (20, SplitNumbers(train=10, val=10))
    assert (seen.objects_before, seen.objects_after) == (SplitNumbers(none=20), SplitNumbers(train=10, val=10))
    assert [(one.name, one.after) for one in seen.classes] == [("cat", SplitNumbers(train=10, val=10))]
    assert set(splits(uow, project_id).values()) == {"none"}
    before = counted(uow, project_id)
    made = service.make(project_id, HALVES, caller, seen.digest)
    assert (made.moved, made.plan) == (20, HALVES)
    assert sorted(splits(uow, project_id).values()) == ["train"] * 10 + ["val"] * 10
    after = counted(uow, project_id)
    back = service.undo(made.id, caller)
    assert (back.moved, back.undoes) == (20, made.id)
    assert counted(uow, project_id) == before
    assert [(one.id, one.undone) for one in service.history(project_id)] == [(back.id, False), (made.id, True)]
    assert service.undo(back.id, caller).moved == 20
    assert counted(uow, project_id) == after


def test_only_what_was_shown_is_done(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    pictures(uow, project_id, "a", "b", "c", "d")
    seen = service.preview(project_id, HALVES)
    pictures(uow, project_id, "e")
    with pytest.raises(Conflict, match="look at the preview again") as caught:
        service.make(project_id, HALVES, caller, seen.digest)
    assert caught.value.code == "plan_outdated"
    assert set(splits(uow, project_id).values()) == {"none"}
    with pytest.raises(Invalid, match="more than 0"):
        service.preview(project_id, SplitPlan(train=0, val=0, test=0))


def test_new_pictures_go_where_they_lack_and_the_others_stay(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    pictures(uow, project_id, *(f"old {n}" for n in range(6)), split="train")
    pictures(uow, project_id, *(f"new {n}" for n in range(6)))
    assert service.make(project_id, HALVES, caller).moved == 6
    found = splits(uow, project_id)
    assert {found[f"old {n}"] for n in range(6)} == {"train"}
    assert {found[f"new {n}"] for n in range(6)} == {"val"}


def test_what_somebody_moved_since_stays_when_it_is_taken_back(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    rows = pictures(uow, project_id, "a", "b", "c")
    made = service.make(project_id, SplitPlan(train=1, val=0, test=0), caller)
    with uow.write() as tx:
        ACTIONS["move"](tx, tx.images.some(project_id, [rows[0].id], lock=True), "test", caller)
        ACTIONS["trash"](tx, tx.images.some(project_id, [rows[1].id], lock=True), None, caller)
    assert service.undo(made.id, caller).moved == 2
    assert splits(uow, project_id) == {"a": "test", "c": "none"}
    with uow.read() as tx:
        assert tx.images.get(rows[1].id).split == "none"
    counted(uow, project_id)


def test_groups_stay_together(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    for folder in "abcd":
        pictures(uow, project_id, *(f"{folder}/{n}" for n in range(5)))
    pictures(uow, project_id, "v1", "v2", "v3", "v4", video_id="film")
    pictures(uow, project_id, "x", "y", sha256="f" * 64)
    pictures(uow, project_id, "p", "q", metadata={"batch": "7"})  # type: ignore[arg-type]
    plan = SplitPlan(train=1, val=1, test=1, together=("folder", "video", "duplicates"), metadata=("batch",))
    seen = service.preview(project_id, plan)
    assert (seen.groups, seen.largest, seen.torn) == (7, 5, 0)
    service.make(project_id, plan, caller)
    found = splits(uow, project_id)
    for names in (*([f"{folder}/{n}" for n in range(5)] for folder in "abcd"), ["v1", "v2", "v3"], ["x", "y"], "pq"):
        assert len({found[name] for name in names}) == 1
    assert service.leaks(project_id).leaks[0].groups == 0


def test_leaks_are_found_and_mended(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    pictures(uow, project_id, "f1", "f2", "f3", split="train", video_id="film")
    pictures(uow, project_id, "f4", split="val", video_id="film")
    pictures(uow, project_id, "f5", video_id="film")
    pictures(uow, project_id, "a", split="train", sha256="a" * 64)
    pictures(uow, project_id, "b", split="test", sha256="a" * 64)
    pictures(uow, project_id, "c", "d", split="test", sha256="c" * 64)
    doubles, films = service.leaks(project_id).leaks
    assert (doubles.kind, doubles.groups, doubles.images) == ("duplicates", 1, 2)
    assert (films.kind, films.groups, films.images) == ("video", 1, 4)
    assert {(one.name, one.split) for one in doubles.examples[0]} == {("a", "train"), ("b", "test")}
    assert {one.name for one in films.examples[0][:2]} == {"f1", "f4"}
    plan = SplitPlan(deal="nothing", mend=True)
    assert service.preview(project_id, plan).moved == 2
    service.make(project_id, plan, caller)
    assert [one.groups for one in service.leaks(project_id).leaks] == [0, 0]
    assert splits(uow, project_id)["f5"] == "none"


def test_what_nobody_has_labelled_can_stay(uow: UnitOfWork, caller: Caller) -> None:
    project_id, service = project(uow, caller).id, Splitting(uow)
    cat, rows = label(uow, project_id), pictures(uow, project_id, "a", "b", "c", "d")
    for row in rows[:2]:
        Annotations(uow).apply_changes(row.id, changes(box(cat)), caller)
    service.make(project_id, SplitPlan(train=1, val=1, test=0, labeled_only=True), caller)
    assert sorted(splits(uow, project_id).values()) == ["none", "none", "train", "val"]
