from __future__ import annotations

import pytest

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.people import Caller
from boxwright.services.metadata import Metadata
from boxwright.storage.unit_of_work import UnitOfWork
from makers import image, project


def said(uow: UnitOfWork, *ids: str) -> list[dict[str, str]]:
    with uow.read() as tx:
        return [dict(tx.images.get(key).metadata) for key in ids]


def test_fields_are_written_and_taken_away(uow: UnitOfWork, caller: Caller) -> None:
    project_id, metadata = project(uow, caller).id, Metadata(uow)
    a, b = (image(uow, project_id, f"{name}.jpg").id for name in "ab")
    assert metadata.change(project_id, {a: {" title ": "x", "author": "y"}, b: {"title": "x"}}) == 2
    assert said(uow, a, b) == [{"title": "x", "author": "y"}, {"title": "x"}]
    assert metadata.change(project_id, {a: {"title": ""}, b: {"title": "x", "gone": ""}}) == 1
    assert said(uow, a, b) == [{"author": "y"}, {"title": "x"}]


def test_all_or_none(uow: UnitOfWork, caller: Caller) -> None:
    project_id, metadata = project(uow, caller).id, Metadata(uow)
    mine = image(uow, project_id).id
    other = image(uow, project(uow, caller, "other").id).id
    with pytest.raises(NotFound):
        metadata.change(project_id, {mine: {"title": "x"}, other: {"title": "x"}})
    with pytest.raises(Invalid, match="must not be empty"):
        metadata.change(project_id, {mine: {"title": "x", " ": "x"}})
    with pytest.raises(Invalid, match="control character"):
        metadata.change(project_id, {mine: {"title": "\x00"}})
    metadata.change(project_id, {mine: {str(n): "x" for n in range(100)}})
    with pytest.raises(Invalid, match="101 fields; an image has at most 100"):
        metadata.change(project_id, {mine: {"one more": "x"}})
    assert said(uow, mine, other) == [{str(n): "x" for n in range(100)}, {}]
