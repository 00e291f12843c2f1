"""Counts are kept beside what they count; after any history they must equal a fresh count."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple

import pytest

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, NotFound
from boxwright.domain.people import Caller
from boxwright.domain.projects import SPLITS, Image
from boxwright.domain.queries import ImageQuery
from boxwright.services.annotations import Annotations
from boxwright.services.images import Images
from boxwright.services.projects import Projects
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
        act = dice.choice(("save", "save", "save", "split", "move", "trash", "restore", "delete", "empty"))
        try:
            if act == "save":
                self._save(dice, picture)
            elif act == "split":
                self.images.update(picture.id, split=dice.choice(SPLITS))
            elif act == "empty":
                self.images.update(picture.id, state=dice.choice(("empty", "unlabeled")))
            else:
                some = dice.sample(self.pictures, dice.randint(1, 3)) if act != "delete" else [picture]
                action = "delete" if act == "delete" and dice.random() < 0.2 else ("trash" if act == "delete" else act)
                self.images.bulk(self.project_id, [item.id for item in some], action, dice.choice(SPLITS))  # type: ignore[arg-type]
        except (Conflict, NotFound):
            pass  # gone, in the trash, or somebody was faster: all part of the game

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
