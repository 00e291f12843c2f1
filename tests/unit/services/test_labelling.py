from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from apps import NO_METRICS
from boxwright.domain.errors import BoxwrightError, NotFound
from boxwright.domain.models import ClassMetrics, Metrics
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageQuery
from boxwright.services import labelling
from boxwright.services.classes import Classes
from boxwright.services.images import Images
from boxwright.services.projects import Projects
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, image, label, project
from proposing import Robot, add_model, find
from stores import Heard


def measured(**thresholds: float | None) -> Metrics:
    rows = [
        ClassMetrics(
            class_id=name,
            name=name,
            instances=1,
            ap50_95=None,
            ap50=None,
            precision=None,
            recall=None,
            f1=None,
            best_threshold=value,
        )
        for name, value in thresholds.items()
    ]
    return replace(NO_METRICS, per_class=tuple(rows))


class Desk(Robot):
    """A project with the class `disc`, three pictures, and a model that knows `disc` and `square`."""

    def __init__(self, uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, folder: Path) -> None:
        super().__init__(uow, blobs, caller, project(uow, caller).id, folder)
        self.disc = label(uow, self.project_id, "disc")
        self.a, self.b, self.c = (image(uow, self.project_id, f"{name}.jpg").id for name in "abc")
        self.images = Images(uow, None, None)  # type: ignore[arg-type]

    def picture(self, image_id: str) -> Image:
        return self.images.get(image_id)

    def code(self, **options: object) -> str:
        with pytest.raises(BoxwrightError) as caught:
            self.submit(**options)
        return caught.value.code


@pytest.fixture
def desk(uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, tmp_path: Path) -> Desk:
    return Desk(uow, blobs, caller, tmp_path)


def test_detections_become_proposals_that_do_not_count_yet(desk: Desk, heard: Heard) -> None:
    job = desk.run({desk.a: [find(score=0.9), find(score=0.1, x=50)], desk.b: [find("square")]}, threshold=0.5)
    assert job.result is not None
    counted = {name: job.result[name] for name in ("images", "proposals", "proposal_images", "left_out", "replaced")}
    assert counted == {"images": 3, "proposals": 1, "proposal_images": 1, "left_out": 0, "replaced": 0}
    current = desk.get(desk.a)
    assert current.revision == 1
    (item,) = current.annotations
    assert (item.source, item.state, item.score, item.class_id) == ("model", "proposal", 0.9, desk.disc)
    assert (item.model_id, item.run_id, item.author_id) == (desk.model_id, job.id, desk.caller.id)
    picture = desk.picture(desk.a)
    assert (picture.state, picture.annotations, picture.proposals, picture.revision) == ("unlabeled", 0, 1, 1)
    card, counts = Projects(desk.uow).get(desk.project_id), Projects(desk.uow).counts(desk.project_id)
    assert (card.labeled, card.annotations, counts.proposals, counts.to_review) == (0, 0, 1, 1)
    assert counts.classes[0].none == 0
    told = next(event for event in heard.events if event.topic == "annotations")
    assert (told.id, told.data["revision"], told.data["proposals"]) == (desk.a, 1, 1)
    (entry,) = desk.annotations.history(desk.a).items
    assert (entry.change_id, entry.run_id, entry.author_name) == (f"label:{job.id}", job.id, "local")


def test_an_accepted_proposal_counts_and_keeps_its_score(desk: Desk) -> None:
    desk.run({desk.a: [find(score=0.75)]})
    (item,) = desk.waiting(desk.a)
    desk.save(desk.a, replace(item, state="accepted", run_id="forged"))
    (saved,) = desk.get(desk.a).annotations
    assert (saved.state, saved.score, saved.run_id) == ("accepted", 0.75, item.run_id)
    picture = desk.picture(desk.a)
    assert (picture.state, picture.annotations, picture.proposals) == ("labeled", 1, 0)
    assert Projects(desk.uow).counts(desk.project_id).classes[0].none == 1
    desk.save(desk.a, box(desk.disc, run_id="forged"))
    assert [other.run_id for other in desk.get(desk.a).annotations if other.id != item.id] == [None]


def test_a_second_run_replaces_only_what_nobody_reviewed(desk: Desk) -> None:
    desk.run({desk.a: [find(), find(x=40), find(x=70)], desk.b: [find()]})
    first, second, third = desk.waiting(desk.a)
    drawn = box(desk.disc, 40, 50, 60, 70)
    imported = box(desk.disc, 5, 50, 15, 60, source="import")
    desk.save(desk.a, replace(first, state="accepted"), third.id, drawn, imported)
    job = desk.run({desk.a: [find(), find(x=70, score=0.8)]})
    assert job.result is not None
    assert (job.result["replaced"], job.result["left_out"], job.result["proposals"]) == (2, 1, 1)
    now = {item.id: item.state for item in desk.get(desk.a).annotations}
    assert second.id not in now
    assert {now[first.id], now[drawn.id], now[imported.id]} == {"accepted", "manual"}
    (new,) = desk.waiting(desk.a)
    assert (new.run_id, new.geometry.bounds[0]) == (job.id, 70)
    assert desk.waiting(desk.b) == []  # the second run found nothing there


def test_what_is_annotated_is_not_proposed_again(desk: Desk) -> None:
    other = label(desk.uow, desk.project_id, "square")
    desk.save(desk.a, box(desk.disc, 10, 10, 30, 30), box(other, 50, 10, 70, 30))
    near, far = find(x=12), find(x=16)  # IoU 0.82 and 0.54 with the drawn box
    job = desk.run({desk.a: [near, far, find(x=50)]})
    assert job.result is not None
    assert (job.result["proposals"], job.result["left_out"]) == (2, 1)
    assert sorted(item.geometry.bounds[0] for item in desk.waiting(desk.a)) == [
        16,
        50,
    ]  # another class is another object


def test_a_person_who_was_faster_loses_nothing(desk: Desk) -> None:
    desk.run({desk.a: [find(x=60)]})
    job = desk.submit()
    result = desk.detect(job, {desk.a: [find()], desk.b: [find()], desk.c: [find()]})
    (old,) = desk.waiting(desk.a)
    mine = box(desk.disc, 10, 10, 30, 30)
    desk.save(desk.a, replace(old, state="accepted"), mine)
    desk.images.bulk(desk.project_id, [desk.b], "trash")
    desk.images.update(desk.c, state="empty", caller=desk.caller)
    done = desk.land(job, result)
    assert done.result is not None
    assert (done.result["proposals"], done.result["left_out"], done.result["skipped"]) == (0, 1, 2)
    assert {item.id for item in desk.get(desk.a).annotations} == {old.id, mine.id}
    assert desk.get(desk.b).annotations == desk.get(desk.c).annotations == ()


def test_classes_are_matched_mapped_dropped_or_created(desk: Desk) -> None:
    both = {desk.a: [find("disc"), find("square", x=50)]}
    assert desk.run(both).result["proposals"] == 1  # type: ignore[index]
    assert [item.name for item in Classes(desk.uow).list(desk.project_id)] == ["disc"]
    round_ = label(desk.uow, desk.project_id, "round")
    desk.run(both, class_map={"square": "round", "disc": ""})
    assert [item.class_id for item in desk.waiting(desk.a)] == [round_]
    job = desk.run({desk.a: [find("disc")]}, create_classes=True)
    assert job.result["classes_created"] == 0  # type: ignore[index]
    job = desk.run(both, create_classes=True)
    assert job.result["classes_created"] == 1  # type: ignore[index]
    assert [item.name for item in Classes(desk.uow).list(desk.project_id)] == ["disc", "round", "square"]


def test_the_models_own_thresholds_by_class(desk: Desk) -> None:
    found = {desk.a: [find("disc", 0.5), find("disc", 0.7)]}
    assert desk.code(model_thresholds=True) == "no_thresholds"
    with desk.uow.write() as tx:
        tx.models.update(desk.model_id, val=measured(disc=0.6, square=None), test=measured(disc=0.1))
    job = desk.submit()
    assert (job.params["thresholds"], job.params["model_thresholds"]) == ({"disc": 0.6}, True)
    assert desk.land(job, desk.detect(job, found)).result["proposals"] == 1  # type: ignore[index]
    job = desk.submit(threshold=0.4)
    assert (job.params["thresholds"], job.params["threshold"], job.params["model_thresholds"]) == ({}, 0.4, False)
    job = desk.submit(threshold=0.4, model_thresholds=True, thresholds={"square": 0.2})
    assert job.params["thresholds"] == {"disc": 0.6, "square": 0.2}
    assert desk.submit(model_thresholds=False).params["thresholds"] == {}
    assert desk.submit(thresholds={"disc": 0.3}).params["thresholds"] == {"disc": 0.3}


def test_thresholds_by_class_and_by_default_of_the_card(desk: Desk) -> None:
    label(desk.uow, desk.project_id, "square")
    found = {desk.a: [find(score=0.3), find("square", score=0.3, x=50), find("square", score=0.6, x=70)]}
    assert desk.run(found).result["proposals"] == 3  # type: ignore[index]
    assert desk.run(found, threshold=0.2, thresholds={"square": 0.5}).result["proposals"] == 2  # type: ignore[index]
    job = desk.submit(threshold=0.6, thresholds={"square": 0.4})
    assert desk.labelling.prepare(job, desk.workdir(job))["score_threshold"] == 0.4


def test_which_pictures_a_run_looks_at(desk: Desk) -> None:
    desk.images.update(desk.b, split="val")
    desk.images.update(desk.c, state="empty", caller=desk.caller)
    desk.save(desk.a, box(desk.disc))
    everywhere = {key: [find(x=60)] for key in (desk.a, desk.b, desk.c)}

    def proposed(**options: object) -> list[bool]:
        job = desk.run(everywhere, **options)
        desk.proposals.undo_run(job.id, desk.caller)
        assert job.result is not None
        return [job.result["images"], job.result["proposals"]]  # type: ignore[list-item]

    assert proposed() == [2, 2]  # nobody asks again where somebody said that there is nothing
    assert proposed(split="val") == [1, 1]
    assert proposed(only_unlabeled=True) == [1, 1]
    assert proposed(image_ids=(desk.a, desk.c)) == [2, 2]
    assert proposed(image_ids=(desk.a,), only_unlabeled=True) == [0, 0]


def test_requests_that_make_no_sense_are_refused(desk: Desk, blobs: ObjectBlobs) -> None:
    assert desk.code(threshold=1.5) == "threshold_invalid"
    assert desk.code(threshold=float("nan")) == "threshold_invalid"
    assert desk.code(thresholds={"cat": 0.5}) == "class_unknown"
    assert desk.code(class_map={"cat": "disc"}) == "class_unknown"
    assert desk.code(class_map={"disc": ""}) == "no_class_matches"
    assert desk.code(split="train") == "no_images"
    assert desk.code(image_ids=()) == "no_images"
    assert desk.code(image_ids=tuple(str(n) for n in range(10_001))) == "too_many_images"
    other = project(desk.uow, desk.caller, "other").id
    foreign = image(desk.uow, other)
    assert desk.code(image_ids=(desk.a, foreign.id)) == "not_found"
    desk.model_id = add_model(desk.uow, blobs, other)
    with pytest.raises(NotFound):
        desk.submit()


def test_a_landing_that_broke_off_goes_on_and_counts_right(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "_BATCH", 1)
    desk.run({desk.a: [find(x=60)], desk.b: [find(x=60)]})
    desk.save(desk.a, box(desk.disc, 10, 10, 30, 30))
    job = desk.submit()
    result = desk.detect(job, {desk.a: [find(), find(x=40)], desk.b: [find()], desk.c: [find()]})
    land, calls = labelling.Proposer.land, 0

    def dies(self: object, tx: object, batch: object) -> None:
        nonlocal calls
        calls += 1
        land(self, tx, batch)  # type: ignore[arg-type]
        if calls == 2:
            raise OSError("power cut")

    monkeypatch.setattr(labelling.Proposer, "land", dies)
    with pytest.raises(OSError, match="power cut"):
        desk.labelling.stage(job, result, desk.workdir(job))
    assert (desk.get(desk.a).revision, desk.get(desk.b).revision, desk.get(desk.c).revision) == (3, 1, 0)
    (kept,) = desk.waiting(desk.a)
    desk.save(desk.a, replace(kept, state="accepted"))  # a person does not wait for the server to come back
    monkeypatch.setattr(labelling.Proposer, "land", land)
    done = desk.land(job, result)
    assert done.result is not None
    names = ("proposals", "proposal_images", "replaced", "left_out", "skipped")
    assert [done.result[name] for name in names] == [3, 3, 2, 1, 0]
    assert [desk.get(key).revision for key in (desk.a, desk.b, desk.c)] == [4, 2, 1]
    assert (desk.waiting(desk.a), len(desk.waiting(desk.b))) == ([], 1)


def test_the_library_finds_what_is_to_review(desk: Desk) -> None:
    square = label(desk.uow, desk.project_id, "square")
    desk.run({desk.a: [find()], desk.b: [find("square")]})
    desk.save(desk.c, box(desk.disc))

    def names(**query: object) -> list[str]:
        found = desk.images.page(desk.project_id, ImageQuery(order="name", **query)).items  # type: ignore[arg-type]
        return [item.name for item in found]

    assert names(state="proposals") == ["a.jpg", "b.jpg"]
    assert names(state="proposals", class_id=square) == ["b.jpg"]
    assert names(class_id=desk.disc) == ["c.jpg"]
    assert names(state="labeled") == ["c.jpg"]
    neighbours = desk.images.neighbours(desk.a, ImageQuery(state="proposals", order="name"))
    assert (neighbours.position, neighbours.total, neighbours.next_id) == (1, 2, desk.b)
