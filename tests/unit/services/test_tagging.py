from __future__ import annotations

import pytest

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.people import Caller
from boxwright.domain.projects import TagCount
from boxwright.domain.queries import ImageQuery
from boxwright.services.tagging import Tags
from boxwright.storage.unit_of_work import UnitOfWork
from makers import image, project


def tagged(uow: UnitOfWork, project_id: str, tag: str) -> list[str]:
    with uow.read() as tx:
        return [item.name for item in tx.images.page(project_id, ImageQuery(tag=tag, order="name"), None, 10).items]


def test_many_pictures_get_tags_and_lose_them(uow: UnitOfWork, caller: Caller) -> None:
    project_id, tags = project(uow, caller).id, Tags(uow)
    a, b, c = (image(uow, project_id, f"{name}.jpg").id for name in "abc")
    assert tags.change(project_id, [a, b, a], add=["night", "  caf\u00e9 ", "night"]) == 2
    assert tags.change(project_id, [b, c], add=["Night", 'x,"night'], remove=["night"]) == 2
    assert tags.change(project_id, [b, c], remove=["night"]) == 0
    assert tags.list(project_id) == (
        TagCount(tag="Night", images=2),
        TagCount(tag="caf\u00e9", images=2),
        TagCount(tag="night", images=1),
        TagCount(tag='x,"night', images=2),
    )
    assert tagged(uow, project_id, "night") == ["a.jpg"]
    assert tagged(uow, project_id, "Night") == ["b.jpg", "c.jpg"]
    assert tagged(uow, project_id, "cafe\u0301") == ["a.jpg", "b.jpg"]
    assert tagged(uow, project_id, 'x,"night') == ["b.jpg", "c.jpg"]
    assert tagged(uow, project_id, "nigh") == tagged(uow, project_id, 'night"') == tagged(uow, project_id, "%") == []


def test_what_cannot_be_done(uow: UnitOfWork, caller: Caller) -> None:
    project_id, tags = project(uow, caller).id, Tags(uow)
    other = image(uow, project(uow, caller, "other").id).id
    mine = image(uow, project_id).id
    with pytest.raises(NotFound):
        tags.change(project_id, [mine, other], add=["x"])
    with pytest.raises(Invalid, match="must not be empty"):
        tags.change(project_id, [mine], add=[" "])
    tags.change(project_id, [mine], add=[str(n) for n in range(100)])
    with pytest.raises(Invalid, match="101 tags; an image has at most 100"):
        tags.change(project_id, [mine], add=["one more"])
