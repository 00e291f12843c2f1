from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.queries import ProposalQuery
from boxwright.services import proposals
from boxwright.services.classes import Classes
from boxwright.services.images import Images
from boxwright.services.projects import Projects
from boxwright.services.queue import new_job
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, image, label, project
from proposing import Robot, find
from stores import Heard


class Desk(Robot):
    """Two classes, three pictures and a model."""

    def __init__(self, uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, folder: Path) -> None:
        super().__init__(uow, blobs, caller, project(uow, caller).id, folder)
        self.disc, self.square = (label(uow, self.project_id, name) for name in ("disc", "square"))
        self.a, self.b, self.c = (image(uow, self.project_id, f"{name}.jpg").id for name in "abc")
        self.images = Images(uow, None, None)  # type: ignore[arg-type]

    def review(self, action: str, **query: object) -> tuple[int, int]:
        wanted = ProposalQuery(**query)  # type: ignore[arg-type]
        done = self.proposals.review(self.project_id, action, wanted, self.caller)  # type: ignore[arg-type]
        return done.proposals, done.images

    def undo(self, job_id: str) -> tuple[int, int, int, int]:
        done = self.proposals.undo_run(job_id, self.caller)
        return done.removed, done.restored, done.kept, done.images

    def states(self, image_id: str) -> list[str]:
        return sorted(item.state for item in self.get(image_id).annotations)


@pytest.fixture
def desk(uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, tmp_path: Path) -> Desk:
    return Desk(uow, blobs, caller, tmp_path)


def test_all_above_a_score_a_class_a_run_some_pictures(desk: Desk, heard: Heard) -> None:
    first = desk.run({desk.a: [find(score=0.9), find("square", 0.5, x=50)], desk.b: [find(score=0.6)]})
    desk.run({desk.c: [find(score=0.7), find("square", 0.3, x=50)]}, image_ids=(desk.c,))
    assert desk.review("accept", min_score=0.65) == (2, 2)
    assert (desk.states(desk.a), desk.states(desk.c)) == (["accepted", "proposal"], ["accepted", "proposal"])
    assert desk.review("reject", class_id=desk.square, max_score=0.4) == (1, 1)
    assert desk.states(desk.c) == ["accepted"]
    assert desk.review("accept", image_ids=(desk.c,)) == (0, 0)
    assert desk.review("accept", split="val") == (0, 0)
    assert desk.review("reject", run_id=first.id, image_ids=(desk.a,)) == (1, 1)
    assert desk.review("accept") == (1, 1)
    card, counts = Projects(desk.uow).get(desk.project_id), Projects(desk.uow).counts(desk.project_id)
    assert (card.labeled, card.annotations, counts.proposals, counts.to_review) == (3, 3, 0, 0)
    told = [event.data["change_id"] for event in heard.events if event.topic == "annotations"]
    assert sum(str(item).startswith("review:") for item in told) == 5
    item = desk.get(desk.a).annotations[0]
    assert (item.state, item.score, item.author_id, item.run_id) == ("accepted", 0.9, desk.caller.id, first.id)


def test_a_review_of_many_pictures_goes_in_batches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "_PROPOSALS", 3)
    desk.run({desk.a: [find(), find(x=50)], desk.b: [find(), find(x=50)], desk.c: [find()]})
    assert list(proposals._batches([("a", 2), ("b", 2), ("c", 1), ("d", 9), ("e", 0)])) == [
        ["a"],
        ["b", "c"],
        ["d"],
        ["e"],
    ]
    assert desk.review("accept") == (5, 3)


def test_pictures_in_the_trash_wait(desk: Desk) -> None:
    desk.run({desk.a: [find()]})
    desk.images.bulk(desk.project_id, [desk.a], "trash")
    assert Projects(desk.uow).counts(desk.project_id).to_review == 0
    assert desk.review("reject") == (0, 0)
    desk.images.bulk(desk.project_id, [desk.a], "restore")
    assert desk.review("reject") == (1, 1)


def test_reviews_of_what_is_elsewhere_are_refused(desk: Desk) -> None:
    other = project(desk.uow, desk.caller, "other").id
    foreign, cat = image(desk.uow, other).id, label(desk.uow, other, "cat")
    for query in ({"image_ids": (foreign,)}, {"class_id": cat}, {"run_id": new_id()}):
        with pytest.raises(NotFound):
            desk.review("accept", **query)


def test_a_run_is_undone(desk: Desk) -> None:
    old = desk.run({desk.a: [find(x=60)], desk.b: [find(x=60)], desk.c: [find(x=60)]})
    before = {key: desk.waiting(key) for key in (desk.a, desk.b, desk.c)}
    run = desk.run({desk.a: [find(), find(x=35)], desk.b: [find()]})
    accepted, _ = desk.waiting(desk.a)
    desk.save(desk.a, replace(accepted, state="accepted"))
    assert desk.undo(run.id) == (2, 3, 1, 3)
    assert {key: desk.waiting(key) for key in before} == before
    assert desk.states(desk.a) == ["accepted", "proposal"]
    assert desk.store.get(run.id).result["undone_at"]  # type: ignore[index]
    assert desk.undo(run.id) == (0, 0, 1, 0)
    assert desk.undo(old.id) == (3, 0, 0, 3)
    assert (desk.states(desk.b), desk.images.get(desk.b).proposals) == ([], 0)
    entries = desk.annotations.history(desk.b).items
    assert [entry.change_id.partition(":")[0] for entry in entries] == ["undo", "undo", "label", "label"]


def test_undoing_an_older_run_does_not_disturb_a_newer_one(desk: Desk) -> None:
    first = desk.run({desk.a: [find(x=10)], desk.b: [find(x=10)]})
    second = desk.run({desk.a: [find(x=40)], desk.b: [find(x=40)]})
    third = desk.run({desk.a: [find(x=70)]})
    assert desk.undo(second.id) == (0, 0, 0, 0)  # the third has replaced it, also where it found nothing
    assert desk.undo(third.id) == (1, 2, 0, 2)
    assert desk.undo(second.id) == (2, 2, 0, 2)
    assert [item.run_id for item in desk.waiting(desk.a)] == [first.id]


def test_undo_brings_nothing_back_that_is_annotated_or_has_no_class(desk: Desk) -> None:
    desk.run({desk.a: [find(x=60)], desk.b: [find("square")]})
    run = desk.run({})
    desk.save(desk.a, box(desk.disc, 60, 10, 80, 30))
    Classes(desk.uow).delete(desk.square)
    assert desk.undo(run.id) == (0, 0, 0, 0)
    assert desk.states(desk.a) == ["manual"]


def test_undo_also_tidies_pictures_in_the_trash(desk: Desk) -> None:
    run = desk.run({desk.a: [find()]})
    desk.images.bulk(desk.project_id, [desk.a], "trash")
    assert desk.undo(run.id) == (1, 0, 0, 1)
    desk.images.bulk(desk.project_id, [desk.a], "restore")
    assert desk.images.get(desk.a).proposals == 0


def test_only_finished_auto_annotation_can_be_undone(desk: Desk) -> None:
    job = desk.submit()
    with pytest.raises(Conflict) as caught:
        desk.undo(job.id)
    assert caught.value.code == "job_busy"
    other = new_job("export", desk.project_id, "x", {}, desk.caller)
    with desk.uow.write() as tx:
        tx.jobs.add(other)
    with pytest.raises(Invalid) as refused:
        desk.undo(other.id)
    assert refused.value.code == "not_a_label_run"


def test_nothing_to_see_here_rejects_what_was_proposed(desk: Desk, heard: Heard) -> None:
    desk.run({desk.a: [find()]})
    done = desk.images.update(desk.a, state="empty", caller=desk.caller)
    assert (done.state, done.proposals, done.revision) == ("empty", 0, 2)
    assert desk.get(desk.a).annotations == ()
    assert desk.annotations.history(desk.a).items[0].author_id == desk.caller.id
    assert desk.images.bulk(desk.project_id, [desk.a, desk.b], "empty", caller=desk.caller) == 1
    assert (Projects(desk.uow).get(desk.project_id).labeled, heard.events[-1].topic) == (2, "images")
    desk.save(desk.c, box(desk.disc))
    with pytest.raises(Conflict) as caught:
        desk.images.bulk(desk.project_id, [desk.b, desk.c], "unlabeled", caller=desk.caller)
    assert (caught.value.code, desk.images.get(desk.b).state) == ("image_has_annotations", "empty")
    desk.save(desk.b, box(desk.disc))
    assert desk.images.get(desk.b).state == "labeled"
    assert desk.images.bulk(desk.project_id, [desk.a], "unlabeled", caller=desk.caller) == 1
    assert Projects(desk.uow).get(desk.project_id).labeled == 2
