"""Comments: where they are pinned, whose they are, who may change them, and what is told."""

from __future__ import annotations

import pytest

from boxwright.domain.comments import Comment, NewComment
from boxwright.domain.errors import Conflict, Forbidden, Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.services.comments import MAX_COMMENTS, Comments
from boxwright.services.images import Images
from boxwright.storage.unit_of_work import UnitOfWork
from makers import image, project
from stores import Heard


@pytest.fixture
def comments(uow: UnitOfWork) -> Comments:
    return Comments(uow)


@pytest.fixture
def image_id(uow: UnitOfWork, caller: Caller) -> str:
    return image(uow, project(uow, caller).id).id


@pytest.fixture
def ann(uow: UnitOfWork) -> Caller:
    with uow.write() as tx:
        user_id = tx.people.add_user("ann", admin=False)
    return Caller(id=user_id, name="ann", admin=False, via="session")


def said(text: str = " too wide \n", **options: object) -> NewComment:
    return NewComment(**{"id": new_id(), "text": text, **options})  # type: ignore[arg-type]


def test_a_comment_is_pinned_resolved_and_reopened(
    comments: Comments, image_id: str, caller: Caller, ann: Caller, heard: Heard
) -> None:
    first = comments.add(image_id, said(x=0.1 + 0.2, y=80.0), ann)
    whole = comments.add(image_id, said("fine", annotation_id=new_id()), caller)
    assert (first.text, first.x, first.y, first.author_name) == ("too wide", 0.1 + 0.2, 80.0, "ann")
    assert comments.list(image_id) == (first, whole)
    done = comments.update(first.id, caller, resolved=True)
    assert (done.resolved_name, done.resolved_at is not None) == (caller.name, True)
    assert comments.update(first.id, ann, resolved=True) == done, "who was first has resolved it"
    assert comments.update(first.id, ann, resolved=False, text="still too wide").resolved_at is None
    told = [event.data["action"] for event in heard.events if event.topic == "comment"]
    assert told == ["created", "created", "updated", "updated"]


def test_the_same_comment_sent_twice_is_one(comments: Comments, image_id: str, caller: Caller, ann: Caller) -> None:
    new = said()
    assert comments.add(image_id, new, ann) == comments.add(image_id, new, ann)
    with pytest.raises(Conflict):
        comments.add(image_id, new, caller)


def test_words_belong_to_their_author(comments: Comments, image_id: str, caller: Caller, ann: Caller) -> None:
    mine = comments.add(image_id, said(), caller)
    with pytest.raises(Forbidden):
        comments.update(mine.id, ann, text="hm")
    with pytest.raises(Forbidden):
        comments.delete(mine.id, ann, "reviewer")
    comments.delete(mine.id, ann, "manager")
    with pytest.raises(NotFound):
        comments.update(mine.id, caller, resolved=True)


@pytest.mark.parametrize(
    "new",
    [
        said("  "),
        said("x" * 4001),
        said("nul\x00"),
        said(x=1.0),
        said(x=-0.1, y=0.0),
        said(x=100.1, y=0.0),
        said(x=float("nan"), y=0.0),
        said(annotation_id="x"),
        said(id="x"),
    ],
)
def test_bad_comments_say_what_is_wrong(comments: Comments, image_id: str, caller: Caller, new: NewComment) -> None:
    with pytest.raises(Invalid):
        comments.add(image_id, new, caller)


def test_where_nothing_can_be_said(comments: Comments, image_id: str, caller: Caller, uow: UnitOfWork) -> None:
    for _ in range(2):
        comments.add(image_id, said(), caller)
    with uow.write() as tx:
        project_id = tx.images.get(image_id).project_id
        for _ in range(MAX_COMMENTS - 2):
            old = comments_row(image_id, caller)
            tx.comments.add(project_id, old)
    with pytest.raises(Invalid) as caught:
        comments.add(image_id, said(), caller)
    assert caught.value.code == "too_many_comments"
    Images(uow, None, None).bulk(project_id, [image_id], "trash")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        comments.add(image_id, said(), caller)


def comments_row(image_id: str, caller: Caller) -> Comment:
    return Comment(
        id=new_id(),
        image_id=image_id,
        text="x",
        x=None,
        y=None,
        annotation_id=None,
        author_id=caller.id,
        author_name=None,
        created_at="2026",
    )
