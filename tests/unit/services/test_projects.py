from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.services.access import Access
from boxwright.services.annotations import Annotations
from boxwright.services.projects import Projects
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, label, project
from stores import Heard


@pytest.fixture
def projects(uow: UnitOfWork) -> Projects:
    return Projects(uow)


def test_a_project_is_made_with_its_ground_truth(
    projects: Projects, uow: UnitOfWork, caller: Caller, heard: Heard
) -> None:
    made = projects.create(caller, "  Blood cells  ", "three kinds\nof cells")
    assert made.name == "Blood cells"
    assert projects.get(made.id) == made
    with uow.read() as tx:
        assert tx.annotations.default_set(made.id)
    assert heard.topics == ["project"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\nb", "a\x00b", "\ud800"])
def test_names_that_are_none(projects: Projects, caller: Caller, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        projects.create(caller, name)
    assert caught.value.code == "name_invalid"


def test_descriptions_have_a_limit(projects: Projects, caller: Caller) -> None:
    projects.create(caller, "long", "x" * 10_000)
    for text in ("x" * 10_001, "a\x00b"):
        with pytest.raises(Invalid) as caught:
            projects.create(caller, "other", text)
        assert caught.value.code == "text_invalid"


def test_names_are_unique_among_the_living(projects: Projects, caller: Caller) -> None:
    first = projects.create(caller, "caf\u00e9")
    with pytest.raises(Conflict) as caught:
        projects.create(caller, "cafe\u0301")
    assert caught.value.code == "name_taken"
    projects.delete(first.id, "caf\u00e9")
    second = projects.create(caller, "cafe\u0301")
    with pytest.raises(Conflict):
        projects.restore(first.id)
    projects.update(second.id, name="tea")
    assert projects.restore(first.id).name == "caf\u00e9"
    with pytest.raises(Conflict):
        projects.update(second.id, name="caf\u00e9")


def test_one_name_for_eight_at_once(projects: Projects, caller: Caller) -> None:
    def make(_: int) -> bool:
        try:
            projects.create(caller, "same")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(make, range(8))) == 1


def test_deleting_needs_the_name(projects: Projects, caller: Caller) -> None:
    made = projects.create(caller, "cells")
    with pytest.raises(Invalid) as caught:
        projects.delete(made.id, "cell")
    assert caught.value.code == "confirmation_mismatch"
    projects.delete(made.id, "cells")
    for call in (projects.get, projects.counts):
        with pytest.raises(NotFound):
            call(made.id)
    with pytest.raises(NotFound):
        projects.update(made.id, name="x")
    assert [item.id for item in projects.page(caller, trash=True).items] == [made.id]
    assert projects.page(caller).items == ()
    assert projects.restore(made.id).deleted_at is None
    assert projects.restore(made.id).id == made.id
    with pytest.raises(NotFound):
        projects.restore(new_id())


def test_lists_search_and_page(projects: Projects, caller: Caller) -> None:
    for name in ("Äpfel", "pears", "plums_1", "plums%2"):
        projects.create(caller, name)
    found, cursor = [], None
    while True:
        page = projects.page(caller, cursor=cursor, limit=1)
        found += [item.name for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(found) == ["pears", "plums%2", "plums_1", "Äpfel"]
    assert {item.name for item in projects.page(caller, "PLUMS").items} == {"plums_1", "plums%2"}
    assert [item.name for item in projects.page(caller, "%").items] == ["plums%2"]
    assert [item.name for item in projects.page(caller, "äPF").items] == ["Äpfel"]
    for limit in (0, 501):
        with pytest.raises(Invalid):
            projects.page(caller, limit=limit)


def test_others_see_only_what_they_are_members_of(projects: Projects, uow: UnitOfWork, caller: Caller) -> None:
    mine, theirs = project(uow, caller, "mine"), project(uow, caller, "theirs")
    with uow.write() as tx:
        user = tx.people.add_user("ann", admin=False)
        tx.people.add_member(mine.id, user, "annotator")
    ann = Caller(id=user, name="ann", admin=False, via="token")
    assert [item.id for item in projects.page(ann).items] == [mine.id]
    access = Access(uow)
    assert access.role(ann, mine.id) == "annotator"
    assert access.role(caller, theirs.id) == "manager"
    for who, where in ((ann, theirs.id), (ann, new_id()), (caller, new_id())):
        with pytest.raises(NotFound):
            access.role(who, where)
    own = projects.create(ann, "own")
    assert access.role(ann, own.id) == "manager"


def test_the_cover_is_a_living_picture_of_the_project(projects: Projects, uow: UnitOfWork, caller: Caller) -> None:
    mine, other = project(uow, caller, "mine"), project(uow, caller, "other")
    picture, foreign = image(uow, mine.id), image(uow, other.id)
    assert projects.update(mine.id, cover_image_id=picture.id).cover_image_id == picture.id
    assert projects.update(mine.id, cover_image_id="").cover_image_id is None
    with pytest.raises(NotFound):
        projects.update(mine.id, cover_image_id=foreign.id)


def test_counts_by_split_and_class(projects: Projects, uow: UnitOfWork, caller: Caller, tmp_path: Path) -> None:
    made = project(uow, caller)
    red, white = label(uow, made.id, "RBC"), label(uow, made.id, "WBC")
    service = Annotations(uow)
    for number, split in enumerate(("train", "train", "val")):
        row = image(uow, made.id, f"{number}.jpg", split=split)
        service.apply_changes(row.id, changes(box(red), box(red)), caller)
    image(uow, made.id, "left.jpg", split="train")
    counts = projects.counts(made.id)
    assert [(s.split, s.images, s.unlabeled, s.annotations) for s in counts.splits] == [
        ("train", 3, 1, 4), ("val", 1, 0, 2), ("test", 0, 0, 0), ("none", 0, 0, 0),
    ]  # fmt: skip
    assert [(c.class_id, c.train, c.val, c.test, c.none) for c in counts.classes] == [
        (red, 4, 2, 0, 0), (white, 0, 0, 0, 0),
    ]  # fmt: skip
    assert (counts.trash, counts.duplicates) == (0, 3)


def test_who_owns_what(uow: UnitOfWork, caller: Caller) -> None:
    made = project(uow, caller)
    class_id, row = label(uow, made.id), image(uow, made.id)
    access = Access(uow)
    assert access.project_of("class", class_id) == made.id
    assert access.project_of("image", row.id) == made.id
    for kind in ("image", "class", "version", "model", "evaluation", "run", "run_image", "job", "upload", "nonsense"):
        assert access.project_of(kind, new_id()) is None


def test_an_error_tells_no_more_than_it_must(projects: Projects, caller: Caller) -> None:
    with pytest.raises(BoxwrightError) as caught:
        projects.create(caller, "x" * 5000)
    assert len(caught.value.message) < 200
