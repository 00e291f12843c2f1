"""The filters of the library: what they find together, in every order."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from boxwright.domain.annotations import Annotation
from boxwright.domain.clock import now
from boxwright.domain.comments import NewComment
from boxwright.domain.errors import Invalid
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageOrder, ImageQuery
from boxwright.services.annotations import Annotations
from boxwright.services.comments import Comments
from boxwright.services.images import Images
from boxwright.services.versions import Versions
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.repositories import image_probes, walking
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image_row, label, project

ORDERS: tuple[ImageOrder, ...] = (
    "unlabeled_first", "name", "newest", "oldest", "last_changed", "most_objects", "fewest_objects", "least_sure",
    "largest", "smallest",
)  # fmt: skip


class Shelf:
    """A project of five pictures: `a` with two cats, `b` with a proposed dog, `c` with an imported bird, `d`, `e`."""

    def __init__(self, uow: UnitOfWork, caller: Caller) -> None:
        self.uow, self.caller = uow, caller
        self.id = project(uow, caller).id
        self.cat, self.dog, self.bird = (label(uow, self.id, name) for name in ("cat", "dog", "bird"))
        details: dict[str, dict[str, Any]] = {
            "a": {"tags": ("night", "wet"), "metadata": {"camera": "K1", "author": "null"}, "created_at": _at(1)},
            "b": {"tags": ("night",), "created_at": _at(2), "width": 200},
            "c": {"metadata": {"camera": "K2"}, "created_at": _at(3), "split": "val"},
            "d": {"tags": ("Night",), "created_at": _at(4), "height": 20},
            "e": {"video_id": "v1", "frame_index": 3, "created_at": _at(5)},
        }
        self.images = {name: replace(image_row(self.id, name), **more) for name, more in details.items()}
        with uow.write() as tx:
            tx.images.bulk_insert((row, None) for row in self.images.values())
            tx.projects.recount(self.id, at=now())
        fur: dict[str, Any] = {"attributes": {"fur": "red, long", "age": 3, "tame": True, "hurt": None}}
        self.put("a", box(self.cat, **fur), box(self.cat, 0, 0, 40, 40))
        low, high = (dict[str, Any](state="proposal", source="model", score=score) for score in (0.2, 0.9))
        self.put("b", box(self.dog, **low), box(self.bird, **high))
        self.put("c", box(self.bird, source="import", score=0.7))
        self.put("d", box(self.cat, **high))
        comments = Comments(uow)
        comments.add(self.images["a"].id, NewComment(id=new_id(), text="blurred?"), caller)
        done = comments.add(self.images["c"].id, NewComment(id=new_id(), text="fine"), caller)
        comments.update(done.id, caller, resolved=True)

    def put(self, name: str, *items: Annotation) -> None:
        Annotations(self.uow).apply_changes(self.images[name].id, changes(*items), self.caller)

    def pages(self, query: ImageQuery, limit: int = 1) -> list[Image]:
        """A whole list, read page by page."""
        found: list[Image] = []
        cursor = None
        with self.uow.read() as tx:
            while True:
                page = tx.images.page(self.id, query, cursor, limit)
                found += page.items
                cursor = page.next_cursor
                if cursor is None:
                    return found

    def names(self, **query: Any) -> str:
        return "".join(item.name for item in self.pages(ImageQuery(**{"order": "name", **query})))


def _at(day: int) -> str:
    return f"2026-03-0{day}T12:00:00.000Z"


@pytest.fixture
def shelf(uow: UnitOfWork, caller: Caller) -> Shelf:
    return Shelf(uow, caller)


def test_filters_of_objects_speak_of_one_object(shelf: Shelf) -> None:
    cat, dog, bird = shelf.cat, shelf.dog, shelf.bird
    assert shelf.names(class_ids=(cat, bird)) == "ac"
    assert shelf.names(class_ids=(cat, bird), state="proposals") == "bd"
    assert shelf.names(class_ids=(dog,), class_id=bird, objects="both") == "bc"
    assert shelf.names(class_id=bird, max_score=0.5, objects="proposals") == ""
    assert shelf.names(class_id=dog, max_score=0.2, objects="proposals") == "b"
    assert shelf.names(min_score=0.7, objects="both") == "bcd"
    assert shelf.names(min_score=0.7) == "c"
    assert shelf.names(source="model", objects="both") == "bd"
    assert [shelf.names(source=source) for source in ("manual", "import", "model")] == ["a", "c", ""]
    assert shelf.names(min_area=401) == "a"
    assert shelf.names(max_area=400) == "ac"
    assert shelf.names(min_ratio=1, max_ratio=1) == "ac"
    assert shelf.names(min_ratio=1.01) == ""
    assert shelf.names(min_share=0.1, objects="both") == "ad"
    assert shelf.names(max_share=0.05, objects="both") == "abc"


def test_attributes_are_found_by_name_and_value(shelf: Shelf) -> None:
    assert shelf.names(attribute="fur") == "a"
    assert shelf.names(attribute="fur", attribute_value="red, long") == "a"
    assert shelf.names(attribute="fur", attribute_value="red") == ""
    ages = [shelf.names(attribute="age", attribute_value=text) for text in ("3", "3.0", "30", "nan")]
    assert ages == ["a", "a", "", ""]
    assert [shelf.names(attribute="tame", attribute_value=text) for text in ("true", "false")] == ["a", ""]
    assert shelf.names(attribute="hurt") == ""
    assert shelf.names(attribute="age", attribute_value="3", min_area=1000) == "", "the large cat has no age"


def test_filters_of_pictures(shelf: Shelf) -> None:
    assert shelf.names(min_objects=1) == "ac"
    assert shelf.names(min_objects=1, max_objects=1) == "c"
    assert shelf.names(max_objects=0) == "bde"
    assert shelf.names(tags=("night", "wet")) == "a"
    assert (shelf.names(max_pixels=2000), shelf.names(min_pixels=10_000)) == ("d", "b")
    assert shelf.names(tag="night") == "ab"
    assert shelf.names(tag="night", tags=("Night",)) == ""
    assert shelf.names(metadata="camera") == "ac"
    assert shelf.names(metadata="camera", metadata_value="K2") == "c"
    assert shelf.names(metadata="author", metadata_value="null") == "a"
    assert shelf.names(added_from="2026-03-02", added_to="2026-03-04") == "bcd"
    assert shelf.names(added_from="2026-03-02T12:00:00Z", added_to="2026-03-04T13:00:00+01:00") == "bc"
    assert [shelf.names(comments=which) for which in ("any", "open", "none")] == ["ac", "a", "bde"]
    assert [shelf.names(video=which) for which in ("any", "v1", "none", "v2")] == ["e", "e", "abcd", ""]
    assert shelf.names(split="val", class_ids=(shelf.bird,), metadata="camera", min_objects=1, comments="any") == "c"


def test_what_changed_since_a_version(shelf: Shelf, tmp_path: Path, blobs: ObjectBlobs) -> None:
    versions = Versions(shelf.uow, blobs, tmp_path)
    images, cat = Images(shelf.uow, blobs, tmp_path / "cache"), shelf.cat

    def since(name: str) -> str:
        time.sleep(0.003)  # times are milliseconds
        made = versions.create(shelf.id, name, shelf.caller).id
        assert shelf.names(changed_since=made) == ""
        time.sleep(0.003)
        return made

    first = since("first")
    revisions = {name: images.get(row.id).revision for name, row in shelf.images.items()}
    proposal = box(cat, state="proposal", source="model", score=0.5)
    Annotations(shelf.uow).apply_changes(shelf.images["e"].id, changes(proposal), shelf.caller)
    assert shelf.names(changed_since=first) == "", "a version holds no proposals"
    images.update(shelf.images["e"].id, metadata={"camera": "K9"})
    assert shelf.names(changed_since=first) == "e"
    Annotations(shelf.uow).apply_changes(shelf.images["a"].id, changes(box(cat), base=revisions["a"]), shelf.caller)
    images.update(shelf.images["b"].id, tags=["dusk"])
    images.bulk(shelf.id, [shelf.images["c"].id], "move", "test")
    images.update(shelf.images["d"].id, state="empty")
    assert shelf.names(changed_since=first) == "abcde"
    assert shelf.names(changed_since=first, order="last_changed") == "dcbae"
    second = since("second")
    images.update(shelf.images["e"].id, name="f")
    with shelf.uow.write() as tx:
        tx.images.add(image_row(shelf.id, "new"))
    assert shelf.names(changed_since=second) == "fnew"
    assert shelf.names(changed_since="nothing") == ""


@pytest.mark.parametrize("order", ORDERS)
def test_neighbours_follow_every_order(shelf: Shelf, order: ImageOrder) -> None:
    query = ImageQuery(order=order, video="none")
    listed = shelf.pages(query)
    assert [item.name for item in listed] == [item.name for item in shelf.pages(query, limit=50)]
    with shelf.uow.read() as tx:
        for place, item in enumerate(listed):
            beside = tx.images.neighbours(item, query)
            assert (beside.position, beside.total) == (place + 1, len(listed))
            assert beside.previous_id == (listed[place - 1].id if place else None)
            assert beside.next_id == (listed[place + 1].id if place + 1 < len(listed) else None)


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_begins_anywhere(shelf: Shelf, order: ImageOrder) -> None:
    for query in (
        ImageQuery(order=order),
        ImageQuery(order=order, split="none"),
        ImageQuery(order=order, tag="night"),
    ):
        listed = [item.id for item in shelf.pages(query)]
        with shelf.uow.read() as tx:
            for offset in range(1, len(listed)):
                cursor = tx.images.cursor_at(shelf.id, query, offset)
                found = [item.id for item in tx.images.page(shelf.id, query, cursor, 50).items]
                assert (cursor is None, found) == (False, listed[offset:])
            assert tx.images.cursor_at(shelf.id, query, len(listed) + 1) is None


def test_orders(shelf: Shelf) -> None:
    by_id = "".join(sorted(shelf.images, key=lambda name: shelf.images[name].id))
    assert shelf.names(order="oldest") == by_id
    assert shelf.names(order="newest") == by_id[::-1]
    assert shelf.names(order="most_objects", min_objects=1) == "ac"
    assert shelf.names(order="fewest_objects", min_objects=1) == "ca"
    assert shelf.names(order="least_sure") == "bd"
    assert shelf.names(order="largest", tag="night") == "ba"
    assert shelf.names(order="smallest")[0] + shelf.names(order="smallest")[-1] == "db"


@pytest.mark.parametrize(
    "query",
    [
        {"added_from": "soon"},
        {"added_to": "9999-12-31"},
        {"added_to": "2026-02-30"},
        {"attribute_value": "red"},
        {"metadata_value": "K1"},
    ],
)
def test_a_filter_that_says_nothing_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        ImageQuery(**query)  # type: ignore[arg-type]
    assert caught.value.code == "filter_invalid"


def test_rare_or_not_a_class_is_found(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for few in (100, 1, 0, -1):
        monkeypatch.setattr(image_probes, "FEW", few)
        assert shelf.names(class_ids=(shelf.cat, shelf.bird)) == "ac"
        assert shelf.names(class_id=shelf.dog) == ""
        assert shelf.names(class_id=shelf.dog, state="proposals", split="none") == "b"
        assert [item.name for item in shelf.pages(ImageQuery(class_id=shelf.cat, objects="both"))] == ["d", "a"]


def test_what_was_found_in_a_moment_and_where_to_go_on(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_probes, "FEW", -1)
    monkeypatch.setattr(walking, "_FIRST", 1)
    monkeypatch.setattr(walking, "_MOST", 1)
    for order in ORDERS:
        query = ImageQuery(order=order, metadata="camera", video="none")
        expected = [item.id for item in shelf.pages(query)]
        found: list[str] = []
        cursor, pages = None, 0
        with shelf.uow.read() as tx:
            while pages == 0 or cursor is not None:
                page = tx.images.page(shelf.id, query, cursor, 50, seconds=0)
                found += [item.id for item in page.items]
                cursor, pages = page.next_cursor, pages + 1
            assert found == expected
            assert pages > (1 if order == "least_sure" else 4), "one picture at a time"
            assert [item.id for item in tx.images.page(shelf.id, query, None, 50, seconds=9).items] == expected
            beside = tx.images.neighbours(shelf.images["b"], query, seconds=0)
            assert (beside.more, beside.position) == (True, None)
