"""Saved views: what they keep, whose they are, what is refused, what is told."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from boxwright.domain.errors import Conflict, Forbidden, Invalid, NotFound
from boxwright.domain.people import Caller
from boxwright.domain.queries import ImageQuery, merged, query_from_json, query_to_json
from boxwright.services import views as module
from boxwright.services.views import Views
from boxwright.storage.unit_of_work import UnitOfWork
from makers import project
from stores import Heard

ODD: dict[str, Any] = {
    "split": "val", "state": "proposals", "trash": True, "order": "least_sure", "work": "open", "source": "model",
    "objects": "both", "comments": "none", "tags": ("a", "b"), "class_ids": ("x", "y"), "assignee": "me",
    "added_from": "2026-01-01", "added_to": "2026-01-02T10:00:00Z", "min_objects": 0, "max_objects": 3,
}  # fmt: skip


@pytest.fixture
def views(uow: UnitOfWork) -> Views:
    return Views(uow)


@pytest.fixture
def project_id(uow: UnitOfWork, caller: Caller) -> str:
    return project(uow, caller).id


@pytest.fixture
def ann(uow: UnitOfWork) -> Caller:
    with uow.write() as tx:
        user_id = tx.people.add_user("ann", admin=False)
    return Caller(id=user_id, name="ann", admin=False, via="session")


def full_query() -> ImageQuery:
    """A query with a value in every field."""
    texts = {item.name: 0.1 + 0.2 if item.type == float | None else "é" for item in fields(ImageQuery)}
    return ImageQuery(**(texts | ODD))


def test_every_part_of_a_filter_is_kept(views: Views, project_id: str, caller: Caller) -> None:
    query = full_query()
    assert len(query_to_json(query)) == len(fields(ImageQuery))
    saved = views.create(project_id, " all of it ", query, caller)
    assert (saved.name, saved.query, saved.author_id) == ("all of it", query, caller.id)
    assert views.list(project_id) == (saved,)
    assert query_to_json(ImageQuery()) == {}
    assert query_from_json({"order": "name", "of a later version": 1}) == ImageQuery(order="name")


@pytest.mark.parametrize("name", [item.name for item in fields(ImageQuery) if item.type == float | None])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_refused_and_one_stored_before_is_left_out(name: str, value: float) -> None:
    with pytest.raises(Invalid, match=f"{name} is .*; write a number, or leave it out"):
        replace(ImageQuery(), **{name: value})
    assert query_from_json({name: value, "split": "val"}) == ImageQuery(split="val")


def test_how_it_is_shown_is_kept_beside_what_is_asked(views: Views, project_id: str, caller: Caller) -> None:
    query = ImageQuery(split="val")
    saved = views.create(project_id, "table", query, caller, layout="table", columns=["title", "place"])
    assert (saved.query, saved.layout, saved.columns) == (query, "table", ("title", "place"))
    assert views.list(project_id) == (saved,)
    assert views.update(saved.id, caller, "manager", name="other").columns == ("title", "place")
    bare = views.update(saved.id, caller, "manager", query=query, layout="pictures")
    assert (bare.layout, bare.columns) == ("pictures", None)
    assert views.list(project_id) == (bare,)


def test_what_is_asked_besides_a_view_goes_over_it() -> None:
    found = merged(ImageQuery(split="val", min_objects=2, order="name"), ImageQuery(split="test", tags=("a",)))
    assert found == ImageQuery(split="test", min_objects=2, order="name", tags=("a",))


def test_views_are_renamed_replaced_and_deleted(views: Views, project_id: str, ann: Caller, heard: Heard) -> None:
    one = views.create(project_id, "b", ImageQuery(split="val"), ann)
    two = views.create(project_id, "a", ImageQuery(), ann)
    assert [view.name for view in views.list(project_id)] == ["a", "b"]
    assert views.update(one.id, ann, "annotator", name="c").query == one.query
    assert views.update(one.id, ann, "annotator", name="c", query=ImageQuery(tag="x")).query == ImageQuery(tag="x")
    views.delete(two.id, ann, "annotator")
    assert [(view.name, view.created_at) for view in views.list(project_id)] == [("c", one.created_at)]
    told = [event for event in heard.events if event.topic == "view"]
    assert [event.id for event in told] == [one.id, two.id, one.id, one.id, two.id]
    with pytest.raises(NotFound):
        views.delete(two.id, ann, "annotator")


def test_names_are_those_of_one_view(views: Views, project_id: str, caller: Caller, uow: UnitOfWork) -> None:
    views.create(project_id, "caf\u00e9", ImageQuery(), caller)
    other = views.create(project_id, "tea", ImageQuery(), caller)
    for again in ("cafe\u0301", " café "):
        with pytest.raises(Conflict, match="another name"):
            views.create(project_id, again, ImageQuery(), caller)
        with pytest.raises(Conflict):
            views.update(other.id, caller, "manager", name=again)
    with pytest.raises(Invalid):
        views.create(project_id, " ", ImageQuery(), caller)
    assert views.create(project(uow, caller, "another").id, "tea", ImageQuery(), caller).name == "tea"


def test_others_views_are_a_managers(views: Views, project_id: str, caller: Caller, ann: Caller) -> None:
    view = views.create(project_id, "mine", ImageQuery(), caller)
    with pytest.raises(Forbidden, match="another name"):
        views.update(view.id, ann, "reviewer", name="hers")
    with pytest.raises(Forbidden):
        views.delete(view.id, ann, "reviewer")
    assert views.update(view.id, ann, "manager", name="ours").author_id == caller.id


def test_there_is_an_end(views: Views, project_id: str, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="too long"):
        views.create(project_id, "long", ImageQuery(name="x" * 60_000), caller)
    monkeypatch.setattr(module, "MAX_VIEWS", 1)
    views.create(project_id, "one", ImageQuery(), caller)
    with pytest.raises(Invalid, match="at most 1 view"):
        views.create(project_id, "two", ImageQuery(), caller)
