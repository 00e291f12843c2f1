"""Pictures are assigned, submitted, accepted and returned: by whom, from which state, and what is told about it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from boxwright.domain.annotations import ChangeSet, Upsert
from boxwright.domain.errors import BoxwrightError, Conflict, Forbidden, Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller, Role
from boxwright.domain.projects import WORK_STATES, WorkState
from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import Work, WorkAction, WorkStep, check_step
from boxwright.services.annotations import Annotations
from boxwright.services.audit import Audit
from boxwright.services.images import Images
from boxwright.services.members import Members
from boxwright.services.projects import Projects
from boxwright.services.reviewing import Reviewing
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, image, label, project
from stores import Heard


class Team:
    """A project with six images, two annotators, a reviewer and a viewer."""

    def __init__(self, uow: UnitOfWork, caller: Caller) -> None:
        self.uow, self.boss, self.work = uow, caller, Reviewing(uow)
        self.project = project(uow, caller).id
        self.images = [image(uow, self.project, f"{number}.jpg").id for number in range(6)]
        self.ann, self.ben = self._person("ann", "annotator"), self._person("ben", "annotator")
        self.rev, self.vic = self._person("rev", "reviewer"), self._person("vic", "viewer")
        self.roles: dict[str, Role] = {self.ann.id: "annotator", self.ben.id: "annotator", self.rev.id: "reviewer"}

    def _person(self, name: str, role: Role) -> Caller:
        with self.uow.write() as tx:
            user_id = tx.people.add_user(name, admin=False)
        Members(self.uow).set(self.boss, self.project, user_id, role)
        return Caller(id=user_id, name=name, admin=False, via="session")

    def step(self, who: Caller, action: WorkAction, number: int = 0, **options: object) -> Work:
        change = {"change_id": new_id(), "note": "edge" if action == "return" else "", **options}
        step = WorkStep(action=action, **change)  # type: ignore[arg-type]
        return self.work.take(self.images[number], step, who, self.roles.get(who.id, "manager"))

    def give(self, *people: Caller, **options: object) -> list[int]:
        answer = self.work.assign(self.project, [who.id for who in people], self.boss, **options)  # type: ignore[arg-type]
        return [share.images for share in answer.shares]


@pytest.fixture
def team(uow: UnitOfWork, caller: Caller) -> Team:
    return Team(uow, caller)


def test_a_picture_goes_its_way(team: Team, heard: Heard) -> None:
    assert team.give(team.ann) == [6]
    heard.events.clear()
    assert team.step(team.ann, "submit").state == "submitted"
    assert team.step(team.rev, "return", note=" the left edge ").state == "returned"
    label_id = label(team.uow, team.project)
    changes = ChangeSet(change_id="c", base_revision=0, changes=(Upsert(annotation=box(label_id)),))
    Annotations(team.uow).apply_changes(team.images[0], changes, team.ann)
    assert team.work.get(team.images[0]).state == "in_work", "who goes on drawing has begun"
    team.step(team.ann, "submit")
    done = team.step(team.rev, "accept")
    assert (done.state, done.revision, done.assignee_name) == ("accepted", 6, "ann")
    assert [entry.step for entry in done.log] == ["accept", "submit", "start", "return", "submit", "assign"]
    assert [(entry.author_name, entry.note) for entry in done.log][3] == ("rev", "the left edge")
    told = [event.data["state"] for event in heard.events if event.topic == "work"]
    assert told == ["submitted", "returned", "in_work", "submitted", "accepted"]
    noted = [entry.action for entry in Audit(team.uow).page(team.project).items]
    assert noted[:3] == ["work.accept", "work.return", "work.assign"]


def test_others_do_not_begin_what_is_not_theirs(team: Team) -> None:
    team.give(team.ann)
    changes = ChangeSet(
        change_id="c", base_revision=0, changes=(Upsert(annotation=box(label(team.uow, team.project))),)
    )
    Annotations(team.uow).apply_changes(team.images[0], changes, team.ben)
    assert team.work.get(team.images[0]).state == "new"


def test_whoever_submits_what_is_nobodys_has_done_it(team: Team) -> None:
    assert team.step(team.ann, "submit").assignee_name == "ann"
    with pytest.raises(Forbidden):
        team.step(team.ben, "withdraw")
    assert team.step(team.ann, "withdraw").state == "in_work"


@pytest.mark.parametrize("state", WORK_STATES)
def test_who_may_take_which_step(state: WorkState) -> None:
    allowed: dict[tuple[str, bool], set[str]] = {}
    everything = {"submit", "withdraw", "accept", "return", "reopen", "reset"}
    for role in ("annotator", "reviewer", "manager"):
        for own in (True, False):
            for action in everything:
                with suppress(BoxwrightError):
                    check_step(action, state, role, own=own, free=False)  # type: ignore[arg-type]
                    allowed.setdefault((role, own), set()).add(action)
    assert allowed.pop(("manager", True)) == allowed.pop(("manager", False)) == everything
    mine = {"submitted": {"withdraw"}, "accepted": set()}.get(state, {"submit"})
    theirs = {"submitted": {"accept", "return"}, "accepted": {"return", "reopen"}, "returned": {"reopen"}}
    assert allowed.get(("annotator", True), set()) == allowed.get(("reviewer", True), set()) == mine
    assert allowed.get(("annotator", False), set()) == set()
    assert allowed.get(("reviewer", False), set()) == theirs.get(state, set())


def test_the_same_step_sent_twice_is_one(team: Team) -> None:
    first = team.step(team.ann, "submit", change_id="once", base_revision=0)
    again = team.step(team.ann, "submit", change_id="once", base_revision=0)
    assert first == again
    with pytest.raises(Conflict) as caught:
        team.step(team.rev, "accept", base_revision=0)
    assert caught.value.code == "work_conflict"
    assert caught.value.detail["current"] == {"state": "submitted", "revision": 1, "assignee_id": team.ann.id}


def test_bad_steps_say_what_is_wrong(team: Team) -> None:
    team.step(team.ann, "submit")
    for deed, code in (
        (lambda: team.step(team.rev, "return", note="  "), "note_missing"),
        (lambda: team.step(team.rev, "accept", change_id=""), "change_invalid"),
        (lambda: team.step(team.rev, "accept", number=1), "work_state"),
    ):
        with pytest.raises((Invalid, Conflict)) as caught:
            deed()
        assert caught.value.code == code
    Images(team.uow, None, None).bulk(team.project, team.images[:1], "trash")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        team.step(team.rev, "accept")


def test_pictures_are_spread_evenly(team: Team) -> None:
    assert team.give(team.ann, team.ben, image_ids=team.images[:5]) == [3, 2]
    with team.uow.read() as tx:
        given = [tx.images.get(key).assignee_id for key in team.images]
    assert given == [team.ann.id] * 3 + [team.ben.id] * 2 + [None], "neighbours stay together"
    assert team.give(team.rev, query=ImageQuery(assignee="nobody")) == [1]
    assert team.give(image_ids=team.images) == [6]
    assert all(count.assignee_id is None for count in team.work.queue(team.project, team.boss).counts)
    assert team.work.assign(team.project, [], team.boss, image_ids=team.images).changed == 0


def test_only_those_who_may_annotate_get_pictures(team: Team) -> None:
    for user_id in (team.vic.id, new_id(), "x"):
        with pytest.raises(Invalid) as caught:
            team.work.assign(team.project, [user_id], team.boss)
        assert caught.value.code == "assignee_invalid"
    with pytest.raises(NotFound):
        team.work.assign(team.project, [team.ann.id], team.boss, image_ids=[new_id()])
    assert team.give(team.boss) == [6], "an administrator may do everything everywhere"


def test_the_queue_says_what_comes_next(team: Team, blobs: ObjectBlobs, tmp_path: object) -> None:
    team.give(team.ann)
    for number in (3, 1):
        team.step(team.ann, "submit", number)
    queue = team.work.queue(team.project, team.rev)
    assert (queue.next_mine, queue.next_review) == (None, team.images[3]), "who waits longest comes first"
    assert [(count.assignee_name, count.state, count.images) for count in queue.counts] == [
        ("ann", "new", 4),
        ("ann", "submitted", 2),
    ]
    assert team.work.queue(team.project, team.rev, but=team.images[3]).next_review == team.images[1]
    assert team.work.queue(team.project, team.ann).next_mine == team.images[0]
    assert team.work.queue(team.project, team.ann).next_review is None, "one's own work is for others"
    team.step(team.rev, "return", 3)
    assert team.work.queue(team.project, team.ann).next_mine == team.images[3]
    library = Images(team.uow, blobs, tmp_path)  # type: ignore[arg-type]
    found = library.page(team.project, ImageQuery(work="open", assignee=team.ann.id, order="name")).items
    assert [item.name for item in found] == ["0.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"]
    assert [item.work_state for item in library.page(team.project, ImageQuery(work="submitted")).items] == ["submitted"]


def test_a_project_of_one_person_is_not_bothered(uow: UnitOfWork, caller: Caller) -> None:
    projects, members = Projects(uow), Members(uow)
    made = projects.create(caller, "alone")
    assert (made.workflow, projects.get(made.id).reviewed) == ("auto", False)
    with uow.write() as tx:
        first, second = (tx.people.add_user(name, admin=False) for name in ("one", "two"))
    members.set(caller, made.id, first, "manager")
    assert not projects.get(made.id).reviewed, "the only member manages it"
    members.set(caller, made.id, first, "annotator")
    assert projects.get(made.id).reviewed, "somebody else manages it"
    members.set(caller, made.id, first, "manager")
    members.set(caller, made.id, second, "manager")
    assert projects.get(made.id).reviewed
    assert not projects.update(made.id, workflow="off").reviewed
    members.remove(caller, made.id, second)
    assert projects.update(made.id, workflow="on").reviewed
