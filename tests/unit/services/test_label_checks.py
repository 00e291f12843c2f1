"""Likely label errors are found, accepted, dismissed and taken back, on both databases."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from apps import add_model
from boxwright.bootstrap import Application
from boxwright.domain.class_changes import ClassPlan
from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.geometry import Polygon
from boxwright.domain.ids import new_id
from boxwright.domain.models import Metrics
from boxwright.domain.people import Caller
from boxwright.domain.requests import LabelCheckRequest
from boxwright.domain.suspicions import Suspicion, SuspicionQuery
from makers import box, changes, image

Box = tuple[float, float, float, float]
GRID: tuple[Box, ...] = tuple((x, 10.0, x + 20, 30.0) for x in (0.0, 25.0, 50.0, 75.0))


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


class Desk:
    """A project whose model knows two of its classes; a check is fed with what the model would find."""

    def __init__(self, application: Application, caller: Caller, folder: Path) -> None:
        self.app, self.caller, self.folder = application, caller, folder
        self.project = application.projects.create(caller, "cells").id
        self.disc, self.square, self.other = (
            item.id for item in application.classes.add(self.project, ["disc", "square", "stranger"])
        )
        self.model, _ = add_model(application, self.project)
        with application.uow.write() as tx:
            card = tx.models.get(self.model).card
            one = {"color": "#E69F00", "train": 1, "val": 1}
            classes = [{"id": new_id(), "name": name, **one} for name in ("disc", "square")]
            tx.models.update(self.model, card=asdict(card) | {"classes": classes})

    def labelled(self, name: str, *labels: tuple[str, Box]) -> tuple[str, list[str]]:
        """Add an image with boxes; return its id and theirs."""
        found = image(self.app.uow, self.project, name, split="val")
        made = [box(label, *bounds) for label, bounds in labels]
        self.app.annotations.apply_changes(found.id, changes(*made), self.caller)
        return found.id, [item.id for item in made]

    def check(self, found: dict[str, list[tuple[int, float, Box]]]) -> None:
        """Do what the queue does with a check."""
        job = self.app.label_checks.submit(LabelCheckRequest(project_id=self.project), self.caller)
        workdir = self.folder / job.id / "work"
        workdir.mkdir(parents=True)
        with (workdir / "detections.jsonl").open("w") as out:
            for key, rows in found.items():
                names = ("disc", "square")
                detections = [
                    {"class_id": k, "class": names[k], "score": score, "box": list(bounds)} for k, score, bounds in rows
                ]
                out.write(json.dumps({"id": key, "width": 100, "height": 80, "detections": detections}) + "\n")
        result = {"files": {"detections": "detections.jsonl"}, "images": len(found), "failed": 0}
        self.app.label_checks.stage(job, result, workdir)
        with self.app.uow.write() as tx:
            self.app.label_checks.adopt(tx, job, result, workdir)

    def open(self, **query: object) -> list[Suspicion]:
        return list(self.app.label_checks.page(self.project, SuspicionQuery(**query)).items)  # type: ignore[arg-type]


@pytest.fixture
def desk(application: Application, caller: Caller, tmp_path: Path) -> Desk:
    return Desk(application, caller, tmp_path)


def spoiled(desk: Desk) -> tuple[str, list[str], dict[str, list[tuple[int, float, Box]]]]:
    """Nine images whose labels are right, and one with an error of each kind; what the model finds on all."""
    found = {}
    for number in range(9):
        key, _ = desk.labelled(
            f"right {number}.jpg", *((desk.disc, bounds) for bounds in GRID[:2]), (desk.square, GRID[2])
        )
        found[key] = [(0, 0.9, GRID[0]), (0, 0.8, GRID[1]), (1, 0.9, GRID[2])]
    loose = (50.0, 10.0, 70.0, 24.0)
    key, marks = desk.labelled(
        "wrong.jpg",
        (desk.disc, GRID[1]),
        (desk.disc, loose),
        (desk.disc, (0.0, 50.0, 20.0, 70.0)),
        (desk.other, GRID[3]),
    )
    found[key] = [(0, 0.9, GRID[0]), (1, 0.9, GRID[1]), (0, 0.9, GRID[2]), (1, 0.9, GRID[3])]
    return key, marks, found


def test_each_kind_is_found_and_put_right(desk: Desk) -> None:
    key, marks, found = spoiled(desk)
    desk.check(found)
    assert [one.image.id for one in desk.open()] == [key] * 4, "labels that the model agrees with are left alone"
    by_kind = {one.kind: one for one in desk.open()}
    assert {kind: one.label and one.label.id for kind, one in by_kind.items()} == {
        "missing": None,
        "class": marks[0],
        "box": marks[1],
        "spurious": marks[2],
    }
    assert (by_kind["class"].class_id, by_kind["class"].other_id) == (desk.disc, desk.square)
    assert all(one.seen is None and one.fixable for one in desk.open())
    assert [one.kind for one in desk.open(kind="box")] == ["box"]
    assert {one.kind for one in desk.open(class_id=desk.square)} == {"class"}
    assert desk.open(split="train") == []
    check = desk.app.label_checks.get(desk.project)
    assert sum(one.count for one in check.counts) == 4
    before = desk.app.annotations.get(key).annotations
    done = [desk.app.deciding.decide(one.id, "accept", desk.caller) for one in desk.open()]
    assert [one.state for one in done] == ["accepted"] * 4
    after = {item.id: item for item in desk.app.annotations.get(key).annotations}
    assert marks[2] not in after
    assert after[marks[0]].class_id == desk.square
    assert after[marks[1]].geometry.bounds == GRID[2]
    (added,) = set(after) - set(marks)
    assert (after[added].geometry.bounds, after[added].state, after[added].model_id) == (
        GRID[0],
        "accepted",
        desk.model,
    )
    assert desk.open() == []
    assert len(desk.open(state="accepted")) == 4
    # Everything can be taken back, and is open again then.
    for one in done:
        assert desk.app.deciding.decide(one.id, "reopen", desk.caller).state == "open"
    assert desk.app.annotations.get(key).annotations == before
    assert {one.id for one in desk.open()} == {one.id for one in done}
    assert desk.app.annotations.get(key).revision == 9, "each step is a save in the history"


def test_what_was_dismissed_stays_away_until_the_label_changes(desk: Desk) -> None:
    key, marks, found = spoiled(desk)
    desk.check(found)
    for one in desk.open():
        desk.app.deciding.decide(one.id, "dismiss", desk.caller)
    desk.check(found)
    assert desk.open() == []
    assert desk.app.label_checks.get(desk.project).counts == ()
    moved = box(desk.disc, 50, 10, 70, 23.5, id=marks[1])
    desk.app.annotations.apply_changes(key, changes(moved, base=1), desk.caller)
    desk.check(found)
    assert [one.kind for one in desk.open()] == ["box"]
    (one,) = desk.open()
    desk.app.deciding.decide(one.id, "dismiss", desk.caller)
    desk.app.deciding.decide(one.id, "reopen", desk.caller)
    assert [item.id for item in desk.open()] == [one.id]


def test_what_was_changed_meanwhile_is_left_alone(desk: Desk) -> None:
    key, marks, found = spoiled(desk)
    desk.check(found)
    all_of_them = desk.open()
    drawn = box(desk.disc, *GRID[0])
    desk.app.annotations.apply_changes(key, changes(drawn, marks[2], base=1), desk.caller)
    assert {one.kind for one in desk.open()} == {"class", "box"}, "the missing one is drawn, the spurious one is gone"
    for one in all_of_them:
        if one.kind in ("missing", "spurious"):
            with pytest.raises(Conflict, match="was changed since"):
                desk.app.deciding.decide(one.id, "accept", desk.caller)
    swapped = next(one for one in all_of_them if one.kind == "class")
    desk.app.deciding.decide(swapped.id, "accept", desk.caller)
    with pytest.raises(Conflict, match="accepted already"):
        desk.app.deciding.decide(swapped.id, "dismiss", desk.caller)
    revision = desk.app.annotations.get(key).revision
    again = box(desk.other, *GRID[1], id=marks[0])
    desk.app.annotations.apply_changes(key, changes(again, base=revision), desk.caller)
    with pytest.raises(Conflict, match="was changed since"):
        desk.app.deciding.decide(swapped.id, "reopen", desk.caller)


def test_a_check_needs_a_model_and_labels(desk: Desk) -> None:
    bare = desk.app.projects.create(desk.caller, "bare").id
    with pytest.raises(Invalid, match="no model yet"):
        desk.app.label_checks.submit(LabelCheckRequest(project_id=bare), desk.caller)
    with pytest.raises(Invalid, match="no labelled images"):
        desk.app.label_checks.submit(LabelCheckRequest(project_id=desk.project, splits=("test",)), desk.caller)


def test_many_are_decided_as_one_step_and_taken_back_as_one(desk: Desk) -> None:
    key, marks, found = spoiled(desk)
    desk.check(found)
    before, all_of_them = desk.app.annotations.get(key).annotations, desk.open()
    many = desk.app.deciding_many
    middle = (all_of_them[1].score + all_of_them[2].score) / 2
    low = SuspicionQuery(max_score=middle)
    seen = many.count(desk.project, low, "dismiss")
    assert (seen.count, seen.left, seen.at) == (2, 0, None)
    assert len(desk.open()) == 4, "counting changes nothing"
    with pytest.raises(Conflict, match="there are 2 of them by now, not 3"):
        many.decide(desk.project, low, "dismiss", desk.caller, expected=3)
    done = many.decide(desk.project, low, "dismiss", desk.caller, expected=2)
    assert done.count == 2
    assert done.at is not None
    assert [one.id for one in desk.open()] == [one.id for one in all_of_them[:2]]
    with pytest.raises(Invalid, match="say which kind"):
        many.decide(desk.project, SuspicionQuery(), "accept", desk.caller)
    taken = many.decide(desk.project, SuspicionQuery(kind="class", min_score=0.0), "accept", desk.caller)
    assert taken.count == 1
    assert next(one for one in desk.app.annotations.get(key).annotations if one.id == marks[0]).class_id == desk.square
    assert many.decide(desk.project, SuspicionQuery(kind="class"), "accept", desk.caller).at is None, "none is left"
    # Each is taken back by itself, and only once.
    assert many.reopen(desk.project, str(done.at), desk.caller).count == 2
    assert many.reopen(desk.project, str(taken.at), desk.caller).count == 1
    assert desk.app.annotations.get(key).annotations == before
    assert {one.id for one in desk.open()} == {one.id for one in all_of_them}
    with pytest.raises(Conflict, match="nothing is left"):
        many.reopen(desk.project, str(done.at), desk.caller)


def test_of_many_those_stay_whose_class_was_deleted(desk: Desk) -> None:
    key, _, found = spoiled(desk)
    desk.check(found)
    before, revision = desk.app.annotations.get(key).annotations, desk.app.annotations.get(key).revision
    done = desk.app.deciding_many.decide(desk.project, SuspicionQuery(kind="spurious"), "accept", desk.caller)
    gone = desk.app.class_changes.make(desk.project, ClassPlan(kind="delete", class_ids=(desk.square,)), desk.caller)
    many, wrong = desk.app.deciding_many, SuspicionQuery(kind="class")
    refused = many.decide(desk.project, wrong, "accept", desk.caller)
    assert (refused.count, refused.left, refused.at) == (0, 1, None)
    with pytest.raises(Conflict, match="the class that the label would have was deleted"):
        desk.app.deciding.decide(desk.open(kind="class")[0].id, "accept", desk.caller)
    assert desk.app.annotations.get(key).revision == revision + 1, "what is refused is no revision"
    desk.app.class_changes.undo(gone.id, desk.caller)
    taken = many.decide(desk.project, wrong, "accept", desk.caller)
    assert taken.count == 1
    assert many.reopen(desk.project, str(taken.at), desk.caller).count == 1
    assert many.reopen(desk.project, str(done.at), desk.caller).count == 1
    assert desk.app.annotations.get(key).annotations == before


def test_one_picture_in_the_trash_keeps_no_others_from_coming_back(desk: Desk) -> None:
    key, _, found = spoiled(desk)
    other, (drawn,) = desk.labelled("other.jpg", (desk.disc, GRID[0]))
    desk.check({**found, other: [(1, 0.97, GRID[0])]})
    many = desk.app.deciding_many
    done = many.decide(desk.project, SuspicionQuery(kind="class"), "accept", desk.caller)
    assert done.count == 2
    desk.app.images.bulk(desk.project, [key], "trash", caller=desk.caller)
    back = many.reopen(desk.project, str(done.at), desk.caller)
    assert (back.count, back.left) == (1, 1)
    assert [(one.id, one.class_id) for one in desk.app.annotations.get(other).annotations] == [(drawn, desk.disc)]
    desk.app.images.bulk(desk.project, [key], "restore", caller=desk.caller)
    assert many.reopen(desk.project, str(done.at), desk.caller).count == 1, "with the picture the rest comes back"


def test_of_many_those_stay_that_cannot_be_accepted_or_were_changed(desk: Desk) -> None:
    key, marks, found = spoiled(desk)
    outline = Polygon(rings=(((50.0, 10.0), (70.0, 10.0), (70.0, 24.0), (50.0, 24.0)),))
    shape = replace(box(desk.disc, *GRID[2], id=marks[1]), geometry=outline)
    desk.app.annotations.apply_changes(key, changes(shape, base=1), desk.caller)
    desk.check(found)
    many, loose = desk.app.deciding_many, SuspicionQuery(kind="box")
    assert (many.count(desk.project, loose, "accept").count, many.count(desk.project, loose, "accept").left) == (0, 1)
    assert many.count(desk.project, loose, "dismiss").count == 1
    done = many.decide(desk.project, SuspicionQuery(kind="class"), "accept", desk.caller)
    revision = desk.app.annotations.get(key).revision
    again = box(desk.other, *GRID[1], id=marks[0])
    desk.app.annotations.apply_changes(key, changes(again, base=revision), desk.caller)
    back = many.reopen(desk.project, str(done.at), desk.caller)
    assert (back.count, back.left) == (0, 1), "what somebody has changed since stays"


def test_the_best_model_is_taken_and_told(desk: Desk) -> None:
    first = desk.app.label_checks.get(desk.project).choice
    assert first is not None
    assert (first.model_id, first.split) == (desk.model, None)
    older = desk.model
    newer, _ = add_model(desk.app, desk.project)
    with desk.app.uow.write() as tx:
        card = tx.models.get(older).card
        tx.models.update(newer, card=asdict(card), test=measured(0.4))
        tx.models.update(older, test=measured(0.6))
    choice = desk.app.label_checks.get(desk.project).choice
    assert choice is not None
    assert (choice.model_id, choice.split, choice.score, choice.among) == (older, "test", 0.6, 2)
    desk.labelled("some.jpg", (desk.disc, GRID[0]))
    job = desk.app.label_checks.submit(LabelCheckRequest(project_id=desk.project), desk.caller)
    assert job.params["model_id"] == older


def measured(score: float) -> Metrics:
    none = dict.fromkeys(("map50", "map75", "map_small", "map_medium", "map_large", "ar100"))
    return Metrics(map50_95=score, images=9, instances=30, per_class=(), **none)
