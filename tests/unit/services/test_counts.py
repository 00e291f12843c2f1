"""Counts are kept beside what they count; after any history they must equal a fresh count."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple

import pytest

from boxwright.domain.annotations import Annotation
from boxwright.domain.class_changes import ClassPlan
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import SPLITS, Image
from boxwright.domain.queries import ImageQuery
from boxwright.domain.suspicions import DoubtKind, SuspicionQuery
from boxwright.services.annotations import Annotations
from boxwright.services.class_changes import ClassChanges
from boxwright.services.deciding_many import DecidingMany
from boxwright.services.images import Images
from boxwright.services.projects import Projects
from boxwright.storage.repositories.suspicions import NewSuspicion
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, label, project

UNSURE = ImageQuery(order="least_sure")


class Clerk:
    """Does random things to the pictures of one project."""

    def __init__(self, uow: UnitOfWork, caller: Caller, seed: int) -> None:
        self.uow, self.caller = uow, caller
        self.random = random.Random(seed)
        self.project_id = project(uow, caller).id
        self.class_ids = [label(uow, self.project_id, name) for name in "abc"]
        self.pictures = [image(uow, self.project_id, f"{number}.jpg") for number in range(6)]
        self.annotations, self.images = Annotations(uow), Images(uow, None, None)  # type: ignore[arg-type]
        self.changes, self.deciding = ClassChanges(uow), DecidingMany(uow)
        self.acts: tuple[str, ...] = ("split", "move", "trash", "restore", "delete", "empty")
        self.decisions: list[str] = []

    def counts(self) -> tuple[object, ...]:
        card = Projects(self.uow).get(self.project_id)
        counts = Projects(self.uow).counts(self.project_id)
        with self.uow.read() as tx:
            classes = [(item.id, item.annotations) for item in tx.classes.list(self.project_id)]
            scores = {item.id: item.proposals for item in tx.images.page(self.project_id, UNSURE, None, 50).items}
        numbers = counts.splits, counts.trash, counts.duplicates, counts.proposals, counts.to_review, scores
        return card.images, card.labeled, card.annotations, tuple(map(astuple, counts.classes)), tuple(classes), numbers

    def fresh(self) -> tuple[object, ...]:
        with self.uow.write() as tx:
            tx.projects.recount(self.project_id, at=now())
        return self.counts()

    def step(self, dice: random.Random, picture: Image) -> None:
        act = dice.choice(("save",) * 4 + self.acts)
        try:
            if act == "save":
                self._save(dice, picture)
            elif act == "split":
                self.images.update(picture.id, split=dice.choice(SPLITS))
            elif act in _MANY:
                _MANY[act](self, dice)
            elif act == "empty":
                self.images.update(picture.id, state=dice.choice(("empty", "unlabeled")))
            else:
                some = dice.sample(self.pictures, dice.randint(1, 3)) if act != "delete" else [picture]
                action = "delete" if act == "delete" and dice.random() < 0.2 else ("trash" if act == "delete" else act)
                self.images.bulk(self.project_id, [item.id for item in some], action, dice.choice(SPLITS))  # type: ignore[arg-type]
        except (Conflict, Invalid, NotFound):
            pass  # gone, in the trash, or somebody was faster: all part of the game

    def relabel(self, dice: random.Random) -> None:
        """Some objects of a class go to another, or a class with all of them goes, to come back."""
        one, other = dice.sample(self.class_ids, 2)
        if dice.random() < 0.5:
            some = tuple(item.id for item in dice.sample(self.pictures, 3))
            plan = ClassPlan(kind="split", class_ids=(one,), into_id=other, image_ids=some)
        else:
            plan = ClassPlan(kind="merge", class_ids=(one,), into_id=other)
        self.changes.make(self.project_id, plan, self.caller)

    def relabel_back(self, dice: random.Random) -> None:
        made = self.changes.history(self.project_id)
        self.changes.undo(dice.choice(made).id if made else "none", self.caller)

    def decide(self, dice: random.Random) -> None:
        """Something is found on half of the pictures, and decided as one step."""
        kind: DoubtKind = dice.choice(("missing", "spurious", "class"))
        with self.uow.write() as tx:
            living = [item.id for item in self.pictures if tx.images.find(item.id) is not None]
            some = sorted(dice.sample(living, len(living) // 2))
            labels = tx.annotations.of_images(some, tx.annotations.default_set(self.project_id))
            drawn = [(key, one) for key in some for one in labels.get(key, ()) if one.state != "proposal"]
            times = tx.suspicions.times([one.id for _, one in drawn])
            found = [self._doubt(dice, kind, key, None, None) for key in some if kind == "missing"]
            found += [self._doubt(dice, kind, key, one, times[one.id]) for key, one in drawn if kind != "missing"]
            tx.suspicions.replace(self.project_id, some, found, model_id="m", at=now())
        done = self.deciding.decide(self.project_id, SuspicionQuery(kind=kind), "accept", self.caller)
        self.decisions += [done.at] if done.at else []

    def reopen(self, dice: random.Random) -> None:
        at = dice.choice(self.decisions) if self.decisions else "never"
        self.deciding.reopen(self.project_id, at, self.caller)

    def _doubt(
        self, dice: random.Random, kind: DoubtKind, key: str, label: Annotation | None, at: str | None
    ) -> NewSuspicion:
        own = dice.choice(self.class_ids) if label is None else label.class_id
        return NewSuspicion(
            id=new_id(),
            image_id=key,
            kind=kind,
            score=0.5,
            confidence=0.9,
            iou=0.0,
            class_id=own,
            other_id=next(item for item in self.class_ids if item != own) if kind == "class" else None,
            annotation_id=None if label is None else label.id,
            annotation_at=at,
            suggestion={"type": "box", "x0": 1.0, "y0": 1.0, "x1": 9.0, "y1": 9.0} if kind == "missing" else None,
            seen=None,
        )

    def _save(self, dice: random.Random, picture: Image) -> None:
        current = self.annotations.get(picture.id)
        old = [item.id for item in current.annotations]
        gone = dice.sample(old, dice.randint(0, len(old)))
        relabelled = [box(dice.choice(self.class_ids), id=item) for item in old if item not in gone][:1]
        new = [box(dice.choice(self.class_ids)) for _ in range(dice.randint(0, 3))]
        new += [
            box(dice.choice(self.class_ids), state="proposal", source="model", score=dice.choice((None, 0.2, 0.7)))
            for _ in range(dice.randint(0, 2))
        ]
        self.annotations.apply_changes(
            picture.id, changes(*gone, *relabelled, *new, base=current.revision), self.caller
        )


_MANY: dict[str, Callable[[Clerk, random.Random], None]] = {
    "relabel": Clerk.relabel,
    "relabel back": Clerk.relabel_back,
    "decide": Clerk.decide,
    "reopen": Clerk.reopen,
}


@pytest.mark.parametrize("seed", range(3))
def test_after_changes_of_many_objects(uow: UnitOfWork, caller: Caller, seed: int) -> None:
    clerk = Clerk(uow, caller, 10 + seed)
    clerk.acts += tuple(_MANY)
    for _ in range(60):
        clerk.step(clerk.random, clerk.random.choice(clerk.pictures))
    assert clerk.decisions
    assert clerk.counts() == clerk.fresh()


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history(uow: UnitOfWork, caller: Caller, seed: int) -> None:
    clerk = Clerk(uow, caller, seed)
    for _ in range(60):
        clerk.step(clerk.random, clerk.random.choice(clerk.pictures))
    assert clerk.counts() == clerk.fresh()


def test_the_lowest_score_is_that_of_the_proposals(uow: UnitOfWork, caller: Caller) -> None:
    clerk = Clerk(uow, caller, 5)
    for item in clerk.pictures * 4:
        clerk._save(clerk.random, item)
    with uow.read() as tx:
        listed = [item.id for item in tx.images.page(clerk.project_id, UNSURE, None, 50).items]
    lowest = {}
    for item in clerk.pictures:
        shapes = clerk.annotations.get(item.id).annotations
        scores = [shape.score for shape in shapes if shape.state == "proposal" and shape.score is not None]
        lowest[item.id] = (min(scores, default=2), item.name)
    assert listed == sorted(listed, key=lambda key: lowest[key])
    assert len(listed) > 1


def test_with_many_hands_at_once(uow: UnitOfWork, caller: Caller) -> None:
    clerk = Clerk(uow, caller, 7)

    def work(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(25):
            clerk.step(dice, dice.choice(clerk.pictures))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert clerk.counts() == clerk.fresh()
