"""After any history of saves, runs, reviews, imports and undoings, all counts are right and all revisions come back."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from boxwright.domain.annotations import Annotation
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.exchange import Policy
from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader
from boxwright.domain.people import Caller
from boxwright.domain.projects import SPLITS
from boxwright.domain.queries import ProposalQuery
from boxwright.services.images import Images
from boxwright.services.landing import Landing, Terms
from boxwright.services.projects import Projects
from boxwright.services.queue import new_job
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.repositories.annotations import AnnotationRepository
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, image, label, project
from proposing import Find, Robot, find

ACTS = ("save", "save", "save", "run", "run", "review", "undo", "bulk", "import")


class Historian(Robot):
    """Does random things to the pictures of one project, and remembers what each revision was."""

    def __init__(self, uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, folder: Path) -> None:
        super().__init__(uow, blobs, caller, project(uow, caller).id, folder)
        self.classes = [label(uow, self.project_id, name) for name in ("disc", "square")]
        self.pictures = [image(uow, self.project_id, f"{number}.jpg").id for number in range(5)]
        self.images = Images(uow, None, None)  # type: ignore[arg-type]
        self.runs: list[str] = []
        self.known: dict[tuple[str, int], tuple[Annotation, ...]] = {(key, 0): () for key in self.pictures}
        self.submitting = threading.Lock()

    def step(self, dice: random.Random) -> None:
        act = dice.choice(ACTS)
        # In the trash, at work still, or somebody was faster: all part of the game.
        with suppress(Conflict, NotFound, Invalid):
            getattr(self, f"_{act}")(dice)

    def remember(self) -> None:
        for key in self.pictures:
            current = self.get(key)
            assert self.known.setdefault((key, current.revision), current.annotations) == current.annotations

    def _save(self, dice: random.Random) -> None:
        key = dice.choice(self.pictures)
        changed: list[Annotation | str] = [box(dice.choice(self.classes), x0=dice.randint(0, 20))]
        for item in self.get(key).annotations:
            what = dice.random()
            if what < 0.3:
                changed.append(replace(item, state="accepted" if item.state == "proposal" else item.state, z=1))
            elif what < 0.5:
                changed.append(item.id)
        self.save(key, *dice.sample(changed, dice.randint(0, len(changed))))

    def _found(self, dice: random.Random) -> dict[str, list[Find]]:
        def some() -> list[Find]:
            names = dice.choices(("disc", "square"), k=dice.randint(0, 3))
            return [find(name, dice.random(), x=dice.randint(0, 70)) for name in names]

        return {key: some() for key in self.pictures}

    def _run(self, dice: random.Random) -> None:
        chosen = tuple(dice.sample(self.pictures, 3)) if dice.random() < 0.5 else None
        with self.submitting:
            job = self.submit(image_ids=chosen, only_unlabeled=dice.random() < 0.3, threshold=0.2)
        self.runs.append(self.land(job, self.detect(job, self._found(dice))).id)

    def _review(self, dice: random.Random) -> None:
        query = ProposalQuery(
            class_id=dice.choice([None, *self.classes]),
            min_score=dice.choice((None, 0.5)),
            run_id=dice.choice([None, *self.runs[-2:]]),
        )
        self.proposals.review(self.project_id, dice.choice(("accept", "reject")), query, self.caller)

    def _undo(self, dice: random.Random) -> None:
        if self.runs:
            self.proposals.undo_run(dice.choice(self.runs[-3:]), self.caller)

    def _bulk(self, dice: random.Random) -> None:
        action = dice.choice(("move", "trash", "restore", "restore", "empty", "unlabeled"))
        some = self.pictures if action == "restore" else dice.sample(self.pictures, 1)
        self.images.bulk(self.project_id, some, action, dice.choice(SPLITS), self.caller)  # type: ignore[arg-type]

    def _import(self, dice: random.Random) -> None:
        shape = Box(x0=1, y0=1, x1=dice.randint(5, 50), y1=40)
        self.bring(dice.sample(self.pictures, 2), dice.choice(("merge", "replace")), shape)

    def bring(self, keys: Sequence[str], policy: Policy, shape: Box) -> None:
        """Import a shape for each of these pictures."""
        numbers = [self.pictures.index(key) for key in keys]
        shapes = (Labelled(class_index=0, geometry=shape),)
        job = new_job("import", self.project_id, "import", {}, self.caller)
        records = [ImageRecord(name=f"{number}.jpg", width=100, height=80, annotations=shapes) for number in numbers]
        terms = Terms(
            project_id=self.project_id,
            job_id=job.id,
            author_id=self.caller.id,
            policy=policy,
            class_map={},
            dry_run=False,
        )
        header = ManifestHeader(name="x", classes=(ManifestClass(id="0", name="disc", color="#000000"),))
        with self.uow.write() as tx:
            tx.jobs.add(job)
            tx.jobs.update(job.id, state="succeeded")
            Landing(tx, terms, header, {}).take(records)
            tx.projects.recount(self.project_id, at=now())

    def counts(self) -> tuple[object, ...]:
        card, counts = Projects(self.uow).get(self.project_id), Projects(self.uow).counts(self.project_id)
        return card.images, card.labeled, card.annotations, tuple(map(astuple, counts.classes))

    def check(self) -> None:
        kept = self.counts()
        with self.uow.write() as tx:
            tx.projects.recount(self.project_id, at=now())
        assert kept == self.counts()
        to_review = 0
        for key in self.pictures:
            picture, current = self.images.get(key), self.get(key)
            proposals = sum(item.state == "proposal" for item in current.annotations)
            assert (picture.proposals, picture.annotations) == (proposals, len(current.annotations) - proposals)
            assert picture.revision == current.revision
            assert (picture.state == "labeled") == bool(picture.annotations)
            to_review += bool(proposals and picture.deleted_at is None)
        assert Projects(self.uow).counts(self.project_id).to_review == to_review


@pytest.fixture
def historian(uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, tmp_path: Path) -> Historian:
    return Historian(uow, blobs, caller, tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_counts_and_revisions(historian: Historian, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(80):
        historian.step(dice)
        historian.remember()
    historian.check()
    assert len(historian.known) > 40
    for (key, revision), seen in historian.known.items():
        assert historian.annotations.revision(key, revision).annotations == seen


def test_many_hands_at_once(historian: Historian) -> None:
    def work(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(20):
            historian.step(dice)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    historian.check()
    for key in historian.pictures:
        current = historian.get(key)
        assert historian.annotations.revision(key, current.revision).annotations == current.annotations


def test_a_save_while_an_import_lands_is_counted(historian: Historian, monkeypatch: pytest.MonkeyPatch) -> None:
    key, read = historian.pictures[0], AnnotationRepository.of_images
    savers: list[threading.Thread] = []

    def save() -> None:
        with suppress(Conflict):  # the import was first
            historian.save(key, box(historian.classes[0]))

    def slowly(self: AnnotationRepository, ids: Sequence[str], set_id: str) -> dict[str, list[Annotation]]:
        found = read(self, ids, set_id)
        if len(ids) > 1 and not savers:
            savers.append(threading.Thread(target=save))
            savers[0].start()
            savers[0].join(1)  # it waits for the import, or is through
        return found

    historian.save(key, box(historian.classes[1]))
    monkeypatch.setattr(AnnotationRepository, "of_images", slowly)
    historian.bring(historian.pictures, "merge", Box(x0=1, y0=1, x1=9, y1=9))
    savers[0].join()
    monkeypatch.undo()
    historian.check()


def test_revisions_that_are_not_there(historian: Historian) -> None:
    key = historian.pictures[0]
    assert historian.annotations.revision(key, 0).annotations == ()
    for revision in (-1, 1):
        with pytest.raises(NotFound):
            historian.annotations.revision(key, revision)
