"""Classes merged, split and deleted on both databases: previewed, done, taken back."""

from __future__ import annotations

import random
from dataclasses import astuple

import pytest

from boxwright.domain.annotations import Annotation
from boxwright.domain.attributes import AttributeDefinition
from boxwright.domain.class_changes import ClassPlan, ClassPreview
from boxwright.domain.errors import BoxwrightError, Conflict
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageQuery
from boxwright.services.annotations import Annotations
from boxwright.services.class_changes import ClassChanges
from boxwright.services.classes import Classes
from boxwright.services.images import Images
from boxwright.services.projects import Projects
from boxwright.services.views import Views
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, project
from stores import Heard

COLOUR = AttributeDefinition(name="colour", kind="select", choices=("red", "green"))


class Yard:
    """A project with classes a, b, c and pictures."""

    def __init__(self, uow: UnitOfWork, caller: Caller, pictures: int = 3) -> None:
        self.uow, self.caller = uow, caller
        self.id = project(uow, caller).id
        self.classes, self.changes = Classes(uow), ClassChanges(uow)
        self.annotations = Annotations(uow)
        self.a, self.b, self.c = (item.id for item in self.classes.add(self.id, ["a", "b", "c"]))
        self.pictures = [image(uow, self.id, f"{number}.jpg", split="train") for number in range(pictures)]

    def save(self, picture: Image, *items: Annotation | str) -> None:
        base = self.annotations.get(picture.id).revision
        self.annotations.apply_changes(picture.id, changes(*items, base=base), self.caller)

    def objects(self) -> dict[str, tuple[object, ...]]:
        found = [item for picture in self.pictures for item in self.annotations.get(picture.id).annotations]
        return {item.id: (item.class_id, item.geometry.bounds, dict(item.attributes), item.state) for item in found}

    def kinds(self) -> dict[str, int]:
        return {item.name: item.annotations for item in self.classes.list(self.id)}

    def counted(self) -> tuple[object, ...]:
        """The counts that are kept; a fresh count must give the same."""
        kept = self._counts()
        with self.uow.write() as tx:
            tx.projects.recount(self.id, at="2026-01-01T00:00:00.000Z")
        assert self._counts() == kept
        return kept

    def _counts(self) -> tuple[object, ...]:
        card = Projects(self.uow).get(self.id)
        return card.labeled, card.annotations, tuple(map(astuple, Projects(self.uow).counts(self.id).classes))

    def replays(self) -> None:
        """What the log tells of the last revision is what there is."""
        for picture in self.pictures:
            now = self.annotations.get(picture.id)
            then = self.annotations.revision(picture.id, now.revision)
            assert then.annotations == now.annotations
            page = self.annotations.history(picture.id, limit=500).items
            assert [entry.revision for entry in page] == list(range(now.revision, 0, -1))
            assert all(change.op in ("upsert", "delete") for entry in page for change in entry.changes)

    def merge(self, *ids: str, **more: object) -> ClassPlan:
        return ClassPlan(kind="merge", class_ids=ids, **more)  # type: ignore[arg-type]

    def split(self, *ids: str, **more: object) -> ClassPlan:
        return ClassPlan(kind="split", class_ids=ids, **more)  # type: ignore[arg-type]


@pytest.fixture
def yard(uow: UnitOfWork, caller: Caller) -> Yard:
    return Yard(uow, caller)


def total(seen: ClassPreview) -> tuple[int, ...]:
    return astuple(seen.total)


def test_a_merge_is_shown_done_and_taken_back(yard: Yard, heard: Heard) -> None:
    first, second, third = yard.pictures
    yard.save(first, box(yard.a), box(yard.b), box(yard.c))
    yard.save(second, box(yard.a, state="proposal", source="model", score=0.5), box(yard.a, state="accepted"))
    yard.save(third, box(yard.a))
    Images(yard.uow, None, None).bulk(yard.id, [third.id], "trash")  # type: ignore[arg-type]
    before, counts, list_before = yard.objects(), yard.counted(), yard.classes.list(yard.id)
    plan = yard.merge(yard.a, yard.b, into_id=yard.b)
    seen = yard.changes.preview(yard.id, plan)
    assert [(one.name, one.counts.objects, one.left) for one in seen.classes] == [("a", 4, 0)]
    assert (seen.total.manual, seen.total.accepted, seen.total.proposals) == (2, 1, 1)
    assert (seen.total.images, seen.total.in_trash, seen.into, seen.into_objects) == (3, 1, "b", 1)
    assert (seen.hotkey, seen.freed) == (None, ("1",))
    assert yard.objects() == before
    heard.events.clear()
    done = yard.changes.make(yard.id, plan, yard.caller, seen.digest)
    assert (done.objects, done.images, done.names, done.into) == (4, 3, ("a",), "b")
    assert {key: item[0] for key, item in yard.objects().items()} == {
        key: yard.b if item[0] == yard.a else item[0] for key, item in before.items()
    }
    assert yard.kinds() == {"b": 3, "c": 1}
    assert sorted(heard.topics) == ["annotations"] * 3 + ["class"] * 2 + ["images"]
    yard.counted()
    yard.replays()
    back = yard.changes.undo(done.id, yard.caller)
    assert (back.objects, back.kept, back.undoes) == (4, 0, done.id)
    assert yard.objects() == before
    assert yard.counted() == counts
    assert yard.classes.list(yard.id) == list_before
    yard.replays()
    assert [(one.kind, one.undone) for one in yard.changes.history(yard.id)] == [("undo", False), ("merge", True)]
    with pytest.raises(Conflict, match="already"):
        yard.changes.undo(done.id, yard.caller)


def test_several_go_into_a_new_class_that_goes_again(yard: Yard) -> None:
    yard.save(yard.pictures[0], box(yard.a), box(yard.b), box(yard.c))
    before, listed = yard.objects(), yard.classes.list(yard.id)
    done = yard.changes.make(yard.id, yard.merge(yard.a, yard.b, name="ab"), yard.caller)
    made, rest = yard.classes.list(yard.id)
    assert (made.name, made.color, made.hotkey, made.annotations, rest.name) == ("ab", listed[0].color, "1", 2, "c")
    yard.changes.undo(done.id, yard.caller)
    assert (yard.objects(), yard.classes.list(yard.id)) == (before, listed)


def test_what_somebody_has_worked_on_stays(yard: Yard) -> None:
    moved, changed, gone = box(yard.a), box(yard.a), box(yard.a)
    yard.save(yard.pictures[0], moved, changed, gone)
    done = yard.changes.make(yard.id, yard.merge(yard.a, into_id=yard.b), yard.caller)
    new = box(yard.b)
    yard.save(yard.pictures[0], box(yard.b, 1, 2, 3, 4, id=moved.id), box(yard.c, id=changed.id), gone.id, new)
    back = yard.changes.undo(done.id, yard.caller)
    assert (back.objects, back.kept) == (1, 2)
    found = yard.objects()
    assert found[moved.id][:2] == (yard.a, (1, 2, 3, 4))
    assert found[changed.id][0] == yard.c
    assert found[new.id][0] == yard.b
    assert gone.id not in found
    yard.counted()
    yard.replays()


def test_names_and_keys_that_were_taken_meanwhile(yard: Yard) -> None:
    yard.save(yard.pictures[0], box(yard.a))
    done = yard.changes.make(yard.id, yard.merge(yard.a, into_id=yard.b), yard.caller)
    (other,) = yard.classes.add(yard.id, ["a"])
    yard.classes.update(other.id, hotkey="1")
    assert yard.changes.undo(done.id, yard.caller).names == ("a 2",)
    assert [(item.name, item.hotkey) for item in yard.classes.list(yard.id)] == [
        ("a 2", None), ("b", "2"), ("c", "3"), ("a", "1"),
    ]  # fmt: skip


def test_a_class_that_takes_objects_gets_what_it_lacks(yard: Yard) -> None:
    size = AttributeDefinition(name="size", kind="number", maximum=5)
    yard.classes.update(yard.a, attributes=(COLOUR, AttributeDefinition(name="size", kind="number")))
    yard.classes.update(yard.b, attributes=(size,), hotkey="")
    yard.save(yard.pictures[0], box(yard.a, attributes={"colour": "red", "size": 7, "note": "x"}), box(yard.a))
    fates = {one.name: (one.objects, one.fate, one.misfits) for one in _fates(yard, "add")}
    assert fates == {"colour": (1, "added", 0), "note": (1, "free", 0), "size": (1, "differs", 1)}
    assert [one.fate for one in _fates(yard, "keep")] == ["free", "free", "differs"]
    assert [one.fate for one in _fates(yard, "drop")] == ["dropped", "dropped", "differs"]
    before, listed = yard.objects(), yard.classes.list(yard.id)
    done = yard.changes.make(yard.id, yard.merge(yard.a, into_id=yard.b), yard.caller)
    taken = yard.classes.list(yard.id)[0]
    assert (taken.attributes, taken.hotkey) == ((size, COLOUR), "1")
    yard.changes.undo(done.id, yard.caller)
    assert (yard.objects(), yard.classes.list(yard.id)) == (before, listed)
    done = yard.changes.make(yard.id, yard.merge(yard.a, into_id=yard.b, values="drop"), yard.caller)
    assert sorted(map(str, (item[2] for item in yard.objects().values()))) == ["{'size': 7}", "{}"]
    yard.replays()
    yard.changes.undo(done.id, yard.caller)
    assert {key: item[2] for key, item in yard.objects().items()} == {key: item[2] for key, item in before.items()}
    yard.replays()


def _fates(yard: Yard, values: str) -> tuple[object, ...]:
    plan = yard.merge(yard.a, into_id=yard.b, values=values)
    return tuple(yard.changes.preview(yard.id, plan).attributes)


def test_a_part_moves_to_another_class(yard: Yard) -> None:
    first, second, _ = yard.pictures
    small, large = box(yard.a, 0, 0, 5, 5), box(yard.a, 0, 0, 50, 50, attributes={"colour": "red"})
    other = box(yard.b, 0, 0, 50, 50)
    yard.save(first, small, large, other)
    yard.save(second, box(yard.a, 0, 0, 60, 60, state="proposal", source="model", score=0.9))
    before, counts = yard.objects(), yard.counted()
    plan = yard.split(yard.a, name="large a", query=ImageQuery(min_area=1000))
    seen = yard.changes.preview(yard.id, plan)
    assert (total(seen)[:4], seen.into_new, seen.classes[0].left) == ((1, 0, 1, 2), True, 1)
    done = yard.changes.make(yard.id, plan, yard.caller, seen.digest)
    made = yard.classes.list(yard.id)[-1]
    assert (made.name, made.annotations, made.hotkey) == ("large a", 1, "4")
    assert [key for key, item in yard.objects().items() if item[0] == yard.a] == [small.id]
    yard.counted()
    yard.replays()
    yard.changes.undo(done.id, yard.caller)
    assert (yard.objects(), yard.counted()) == (before, counts)
    for query, expected in (
        (ImageQuery(attribute="colour", attribute_value="red"), [large.id]),
        (ImageQuery(source="manual", max_area=100), [small.id]),
        (ImageQuery(class_ids=(yard.b,)), [small.id, large.id]),
        (ImageQuery(name="2"), []),
        (ImageQuery(objects="annotations"), [small.id, large.id]),
    ):
        found = yard.changes.preview(yard.id, yard.split(yard.a, into_id=yard.c, query=query))
        assert found.total.objects == len(expected), query
    chosen = yard.changes.make(yard.id, yard.split(yard.a, into_id=yard.b, image_ids=(second.id,)), yard.caller)
    assert (chosen.objects, chosen.images) == (1, 1)


def test_a_class_goes_with_its_objects_and_comes_back(yard: Yard) -> None:
    first, second, _ = yard.pictures
    kept, restored = box(yard.a), box(yard.a)
    yard.save(first, kept, box(yard.b))
    yard.save(second, restored, box(yard.a, state="proposal", source="model"))
    before, counts, listed = yard.objects(), yard.counted(), yard.classes.list(yard.id)
    plan = ClassPlan(kind="delete", class_ids=(yard.a,))
    seen = yard.changes.preview(yard.id, plan)
    assert (seen.emptied, seen.total.objects, seen.into) == (1, 3, None)
    done = yard.changes.make(yard.id, plan, yard.caller, seen.digest)
    assert yard.kinds() == {"b": 1, "c": 0}
    assert [Images(yard.uow, None, None).get(item.id).state for item in yard.pictures] == [  # type: ignore[arg-type]
        "labeled", "unlabeled", "unlabeled",
    ]  # fmt: skip
    yard.counted()
    yard.replays()
    back = yard.changes.undo(done.id, yard.caller)
    assert (back.objects, back.kept) == (3, 0)
    assert (yard.objects(), yard.counted(), yard.classes.list(yard.id)) == (before, counts, listed)
    yard.replays()


def test_late_work_for_a_merged_class_is_not_lost(yard: Yard) -> None:
    yard.changes.make(yard.id, yard.merge(yard.a, into_id=yard.b), yard.caller)
    second = yard.changes.make(yard.id, yard.merge(yard.b, into_id=yard.c), yard.caller)
    yard.save(yard.pictures[0], box(yard.a), box(yard.b))
    assert yard.kinds() == {"c": 2}
    yard.changes.undo(second.id, yard.caller)
    yard.save(yard.pictures[1], box(yard.a))
    assert yard.kinds() == {"b": 1, "c": 2}


def test_changes_of_one_class_are_taken_back_too(yard: Yard) -> None:
    yard.classes.update(yard.a, yard.caller, name="A", color="#000000", position=2)
    yard.classes.update(yard.b, yard.caller, hotkey="2")
    (change,) = yard.changes.history(yard.id)
    assert (change.kind, change.names, change.fields) == ("update", ("a",), ("name", "color", "position"))
    yard.classes.update(yard.a, yard.caller, color="#111111")
    back = yard.changes.undo(change.id, yard.caller)
    assert (back.fields, back.kept) == (("name", "position"), 1)
    first = yard.classes.list(yard.id)[0]
    assert (first.name, first.color) == ("a", "#111111")
    yard.classes.delete(yard.c, yard.caller)
    deleted = yard.changes.history(yard.id)[0]
    assert (deleted.kind, deleted.names) == ("delete", ("c",))
    yard.changes.undo(deleted.id, yard.caller)
    assert [item.name for item in yard.classes.list(yard.id)] == ["a", "b", "c"]
    with pytest.raises(Conflict) as caught:
        yard.classes.update(yard.a, name="b")
    assert caught.value.detail == {"class_id": yard.b}


def test_saved_views_follow(yard: Yard) -> None:
    views = Views(yard.uow)
    view = views.create(yard.id, "as", ImageQuery(class_ids=(yard.a, yard.b)), yard.caller)
    plan = yard.merge(yard.a, into_id=yard.b)
    assert yard.changes.preview(yard.id, plan).views == 1
    done = yard.changes.make(yard.id, plan, yard.caller)
    assert views.list(yard.id)[0].query.class_ids == (yard.b,)
    yard.changes.undo(done.id, yard.caller)
    assert views.list(yard.id)[0].query == view.query


def test_what_cannot_be_done(yard: Yard) -> None:
    def code(plan: ClassPlan, digest: str | None = None) -> str:
        with pytest.raises(BoxwrightError) as caught:
            yard.changes.make(yard.id, plan, yard.caller, digest)
        return caught.value.code

    assert code(yard.merge(yard.a)) == "plan_invalid"
    assert code(yard.merge(yard.a, into_id=yard.a)) == "plan_invalid"
    assert code(yard.merge(yard.a, into_id=yard.b, name="x")) == "plan_invalid"
    assert code(yard.merge(yard.a, into_id=yard.b, query=ImageQuery())) == "plan_invalid"
    assert code(yard.split(yard.a, into_id=yard.b)) == "plan_invalid"
    assert code(yard.split(yard.a, into_id=yard.b, query=ImageQuery(trash=True))) == "plan_invalid"
    assert code(ClassPlan(kind="delete", class_ids=(yard.a,), into_id=yard.b)) == "plan_invalid"
    assert code(yard.merge(new_id(), into_id=yard.b)) == "not_found"
    assert code(yard.merge(yard.a, name="")) == "name_invalid"
    seen = yard.changes.preview(yard.id, yard.merge(yard.a, into_id=yard.b))
    yard.save(yard.pictures[0], box(yard.a))
    assert code(yard.merge(yard.a, into_id=yard.b), seen.digest) == "plan_outdated"
    assert yard.kinds() == {"a": 1, "b": 0, "c": 0}


@pytest.mark.parametrize("seed", range(4))
def test_merged_and_taken_back_is_as_before(uow: UnitOfWork, caller: Caller, seed: int) -> None:
    """Random pictures, a random change, random edits that do not touch classes: all is as it would be without it."""
    dice = random.Random(seed)
    yard = Yard(uow, caller, pictures=5)
    for picture in yard.pictures:
        states = [dice.choice(("manual", "accepted", "proposal")) for _ in range(dice.randint(0, 6))]
        yard.save(picture, *(box(dice.choice((yard.a, yard.b, yard.c)), state=state) for state in states))
    listed = yard.classes.list(yard.id)
    part = yard.split(yard.b, name="y", query=ImageQuery(objects="annotations"))
    plan = dice.choice((yard.merge(yard.a, yard.b, into_id=yard.c), yard.merge(yard.a, name="x"), part))
    wanted = yard.objects()
    done = yard.changes.make(yard.id, plan, caller)
    yard.counted()
    for picture in dice.sample(yard.pictures, 3):
        current = yard.annotations.get(picture.id).annotations
        for item in dice.sample(current, min(2, len(current))):
            if dice.random() < 0.5:
                yard.save(picture, item.id)
                wanted.pop(item.id)
            else:
                yard.save(picture, box(item.class_id, 1, 1, 9, 9, id=item.id, state=item.state))
                old = wanted[item.id]
                wanted[item.id] = (old[0], (1, 1, 9, 9), {}, old[3])
    back = yard.changes.undo(done.id, caller)
    assert yard.objects() == wanted
    assert back.objects + back.kept == done.objects
    assert [(item.id, item.name, item.color, item.hotkey) for item in yard.classes.list(yard.id)] == [
        (item.id, item.name, item.color, item.hotkey) for item in listed
    ]
    yard.counted()
    yard.replays()
