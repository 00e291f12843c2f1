"""Two people label the same picture without seeing each other's work; what they agree on is measured and adopted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.agreement import agreement, match
from boxwright.domain.annotations import Annotation, ChangeSet, Delete, Upsert
from boxwright.domain.errors import Conflict, Forbidden, Invalid, NotFound
from boxwright.domain.geometry import Points
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller, Role
from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import Work, WorkAction, WorkStep
from boxwright.services.agreements import Agreements
from boxwright.services.annotations import Annotations
from boxwright.services.images import Images
from boxwright.services.members import Members
from boxwright.services.reviewing import Reviewing
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, image, label, project


class Pair:
    """Ann and Ben, a project with three images and a class."""

    def __init__(self, uow: UnitOfWork, boss: Caller) -> None:
        self.uow, self.boss = uow, boss
        self.project = project(uow, boss).id
        self.images = [image(uow, self.project, f"{number}.jpg").id for number in range(3)]
        self.cat = label(uow, self.project, "cat")
        self.ann, self.ben, self.rev = (self._person(name) for name in ("ann", "ben", "rev"))
        self.agreements, self.annotations, self.work = Agreements(uow), Annotations(uow), Reviewing(uow)

    def _person(self, name: str, role: Role = "annotator") -> Caller:
        with self.uow.write() as tx:
            user_id = tx.people.add_user(name, admin=False)
        Members(self.uow).set(self.boss, self.project, user_id, role)
        return Caller(id=user_id, name=name, admin=False, via="session")

    def draw(self, who: Caller, *boxes: Annotation, number: int = 0) -> None:
        put = tuple(Upsert(annotation=one) for one in boxes)
        changes = ChangeSet(change_id=new_id(), base_revision=0, changes=put)
        self.annotations.apply_changes(self.images[number], changes, who)

    def step(self, who: Caller, action: WorkAction, number: int = 0, role: Role = "annotator") -> Work:
        return self.work.take(self.images[number], WorkStep(change_id=new_id(), action=action), who, role)


@pytest.fixture
def pair(uow: UnitOfWork, caller: Caller) -> Pair:
    return Pair(uow, caller)


def test_two_people_label_a_picture_each_for_themselves(pair: Pair) -> None:
    given_out = pair.agreements.assign_twice(pair.project, [pair.ann.id, pair.ben.id], pair.boss)
    assert (given_out.changed, [share.images for share in given_out.shares]) == (3, [3, 3])
    pair.draw(pair.ann, box(pair.cat, 0, 0, 20, 20), box(pair.cat, 40, 40, 60, 60))
    pair.draw(pair.ben, box(pair.cat, 0, 0, 20, 18))
    first = pair.images[0]
    assert len(pair.annotations.get(first, caller=pair.ann).annotations) == 2
    assert len(pair.annotations.get(first, caller=pair.ben).annotations) == 1
    assert pair.annotations.get(first, caller=pair.rev).annotations == (), "the ground truth is untouched"
    assert pair.agreements.report(pair.project).waiting == 3
    assert pair.step(pair.ann, "submit").state == "in_work"
    assert pair.work.queue(pair.project, pair.ann).next_mine == pair.images[1]
    done = pair.step(pair.ben, "submit")
    assert (done.state, [who.submitted for who in done.labelers]) == ("submitted", [True, True])
    report = pair.agreements.report(pair.project)
    assert (report.waiting, len(report.images), len(report.pairs)) == (2, 1, 1)
    one = report.images[0]
    assert (one.first.name, one.second.name, len(one.matches)) == ("ann", "ben", 1)
    assert (one.overall.first, one.overall.second, one.overall.matched) == (2, 1, 1)
    assert one.overall.f1 == pytest.approx(2 / 3)
    assert one.overall.iou == pytest.approx(0.9)
    assert [row.class_id for row in report.pairs[0].classes] == [pair.cat]
    assert pair.step(pair.ben, "withdraw").state == "in_work"
    assert pair.agreements.report(pair.project).waiting == 3


def test_nobody_reaches_what_another_draws(pair: Pair) -> None:
    pair.agreements.assign_twice(pair.project, [pair.ann.id, pair.ben.id], pair.boss)
    first = pair.images[0]
    pair.draw(pair.ann, box(pair.cat, 0, 0, 20, 20))
    pair.draw(pair.boss, box(pair.cat, 1, 1, 5, 5))
    own = pair.annotations.get(first, caller=pair.ann)
    assert pair.annotations.get(first, own.set_id, pair.ann) == own
    for who in (pair.ben, pair.rev, pair.boss, None):
        for read in (pair.annotations.get, lambda *given: pair.annotations.revision(given[0], 1, *given[1:])):
            with pytest.raises(NotFound):
                read(first, own.set_id, who)
        with pytest.raises(NotFound):
            pair.annotations.history(first, set_id=own.set_id, caller=who)
    forged = ChangeSet(change_id="x", base_revision=1, changes=(Delete(id=own.annotations[0].id),), set_id=own.set_id)
    with pytest.raises(NotFound):
        pair.annotations.apply_changes(first, forged, pair.ben)
    assert pair.annotations.get(first, caller=pair.ann) == own
    logs = [pair.annotations.history(first, caller=who).items for who in (pair.ann, pair.ben, pair.rev)]
    assert [[entry.author_id for entry in log] for log in logs] == [[pair.ann.id], [], [pair.boss.id]]


def test_who_labels_for_themselves_decides_nothing_about_the_whole(pair: Pair) -> None:
    pair.agreements.assign_twice(pair.project, [pair.ann.id, pair.rev.id], pair.boss)
    pair.step(pair.ann, "submit")
    pair.step(pair.rev, "submit")
    with pytest.raises(Forbidden, match="your own work"):
        pair.step(pair.rev, "accept", role="reviewer")
    pair.step(pair.boss, "accept", role="manager")
    own: tuple[WorkAction, ...] = ("submit", "withdraw")
    for action in own:
        with pytest.raises(Conflict, match="accepted"):
            pair.step(pair.ann, action)
    images = Images(pair.uow, None, None)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="for yourself"):
        images.update(pair.images[1], state="empty", caller=pair.ann)
    with pair.uow.read() as tx:
        assert tx.images.get(pair.images[1]).state == "unlabeled"
    assert images.update(pair.images[1], state="empty", caller=pair.boss).state == "empty"


def test_one_of_both_becomes_the_ground_truth(pair: Pair) -> None:
    pair.agreements.assign_twice(pair.project, [pair.ann.id, pair.ben.id], pair.boss, image_ids=pair.images[:1])
    first = pair.images[0]
    pair.draw(pair.rev, box(pair.cat, 1, 1, 5, 5))
    pair.draw(pair.ann, box(pair.cat, 0, 0, 20, 20), box(pair.cat, 40, 40, 60, 60))
    sets = pair.agreements.sets(first)
    assert [len(one.annotations) for one in sets] == [2, 0]
    adopted = pair.agreements.adopt(first, sets[0].set_id, pair.rev)
    truth = pair.annotations.get(first).annotations
    assert adopted.annotations == truth
    assert [item.geometry for item in truth] == [item.geometry for item in sets[0].annotations]
    with pair.uow.read() as tx:
        assert tx.images.get(first).annotations == 2
    assert len(pair.agreements.sets(first)[0].annotations) == 2, "the set stays as it was"
    assert len(pair.annotations.revision(first, 1).annotations) == 1, "the history knows what was there"
    for wrong in (adopted.set_id, new_id(), "x"):
        with pytest.raises(NotFound):
            pair.agreements.adopt(first, wrong, pair.rev)


def test_pairs_get_alike_much(pair: Pair) -> None:
    people = [pair.ann.id, pair.ben.id, pair.rev.id]
    given_out = pair.agreements.assign_twice(pair.project, people, pair.boss)
    assert [share.images for share in given_out.shares] == [2, 2, 2]
    free = ImageQuery(assignee="nobody")
    assert pair.agreements.assign_twice(pair.project, people, pair.boss, query=free).changed == 0
    with pytest.raises(Invalid):
        pair.agreements.assign_twice(pair.project, people[:1] * 2, pair.boss)


boxes = st.builds(
    lambda name, x, y, w, h: box(name, x, y, x + w, y + h),
    st.sampled_from(["a", "b"]),
    *(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20)),
)


def test_points_near_each_other_agree() -> None:
    def point(x: float, y: float) -> Annotation:
        return Annotation(id=new_id(), class_id="a", geometry=Points(points=((x, y),)))

    found = match([point(10, 10), point(40, 40)], [point(12.5, 10), point(40, 45)])
    assert [(a.geometry.bounds[0], b.geometry.bounds[0]) for a, b, _ in found] == [(10, 12.5)]


@given(st.lists(boxes, max_size=6), st.lists(boxes, max_size=6))
def test_agreement_is_fair(first: list[Annotation], second: list[Annotation]) -> None:
    matches = match(first, second)
    assert len({a.id for a, _, _ in matches}) == len({b.id for _, b, _ in matches}) == len(matches)
    assert all(a.class_id == b.class_id and overlap >= 0.5 for a, b, overlap in matches)
    there = agreement([(first, second)])
    assert there[0].matched == sum(row.matched for row in there[1:]) == len(matches)
    assert all(row.f1 is None or 0 <= row.f1 <= 1 for row in there)
    same = agreement([(first, [replace(one, id=new_id()) for one in first])])
    assert all(row.f1 == 1 for row in same) or not first
