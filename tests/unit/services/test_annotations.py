from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from boxwright.domain.annotations import Annotation, ChangeSet
from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, NotFound
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.services.annotations import Annotations
from boxwright.services.images import Images
from boxwright.services.projects import Projects
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, label, project
from stores import Heard


class Desk:
    """One picture of one project, with a class."""

    def __init__(self, uow: UnitOfWork, caller: Caller) -> None:
        self.uow, self.caller = uow, caller
        self.service = Annotations(uow)
        self.project_id = project(uow, caller).id
        self.class_id = label(uow, self.project_id)
        self.image = image(uow, self.project_id)

    def save(self, *items: Annotation | str, base: int = 0, change_id: str | None = None) -> int:
        return self.apply(changes(*items, base=base, change_id=change_id))

    def apply(self, change_set: ChangeSet, image_id: str | None = None) -> int:
        return self.service.apply_changes(image_id or self.image.id, change_set, self.caller).revision

    def stored(self) -> Image:
        with self.uow.read() as tx:
            return tx.images.get(self.image.id)

    def code(self, *items: Annotation | str, base: int = 0) -> str:
        with pytest.raises(BoxwrightError) as caught:
            self.save(*items, base=base)
        return caught.value.code


@pytest.fixture
def desk(uow: UnitOfWork, caller: Caller) -> Desk:
    return Desk(uow, caller)


def test_a_save_is_stored_counted_logged_and_told(desk: Desk, heard: Heard) -> None:
    a, b = box(desk.class_id, attributes={"blurred": True, "note": "x"}, score=0.5), box(desk.class_id, z=-1)
    assert desk.save(a, b) == 1
    found = desk.service.get(desk.image.id)
    assert found.revision == 1
    assert [item.id for item in found.annotations] == [b.id, a.id]  # drawing order: z, then id
    assert found.annotations[1].attributes == {"blurred": True, "note": "x"}
    assert {item.author_id for item in found.annotations} == {desk.caller.id}
    picture = desk.stored()
    assert (picture.state, picture.annotations, picture.revision) == ("labeled", 2, 1)
    card = Projects(desk.uow).get(desk.project_id)
    assert (card.images, card.labeled, card.annotations, card.classes) == (1, 1, 2, 1)
    (entry,) = desk.service.history(desk.image.id).items
    assert entry.author_id == desk.caller.id
    assert entry.revision == 1
    assert {change.annotation.id for change in entry.changes} == {a.id, b.id}  # type: ignore[union-attr]
    event = heard.events[-1]
    assert (event.topic, event.id, event.data["revision"]) == ("annotations", desk.image.id, 1)


def test_replacing_and_deleting(desk: Desk) -> None:
    a, b = box(desk.class_id), box(desk.class_id)
    desk.save(a, b)
    moved = box(desk.class_id, 50, 50, 60, 60, id=a.id)
    assert desk.save(moved, b.id, base=1) == 2
    (found,) = desk.service.get(desk.image.id).annotations
    assert found.geometry == moved.geometry
    assert desk.save(a.id, base=2) == 3
    assert desk.stored().state == "unlabeled"
    assert Projects(desk.uow).get(desk.project_id).annotations == 0
    assert desk.save(a.id, base=3) == 4  # gone already: no error
    assert desk.save(a, base=4) == 5  # undo brings it back
    assert desk.stored().annotations == 1
    assert [entry.revision for entry in desk.service.history(desk.image.id).items] == [5, 4, 3, 2, 1]


def test_the_last_of_several_changes_of_one_annotation_counts(desk: Desk) -> None:
    a = box(desk.class_id)
    desk.save(a, a.id, box(desk.class_id, 1, 1, 2, 2, id=a.id))
    assert desk.service.get(desk.image.id).annotations[0].geometry == Box(x0=1, y0=1, x1=2, y1=2)
    desk.save(box(desk.class_id, id=a.id), a.id, base=1)
    assert desk.service.get(desk.image.id).annotations == ()


def test_a_stale_base_is_refused_with_the_newer_state(desk: Desk) -> None:
    a = box(desk.class_id)
    desk.save(a)
    with pytest.raises(Conflict) as caught:
        desk.save(box(desk.class_id))
    assert caught.value.code == "revision_conflict"
    current = caught.value.detail["current"]
    assert isinstance(current, dict)
    assert current["revision"] == 1
    assert current["annotations"][0]["geometry"]["type"] == "box"
    assert len(desk.service.get(desk.image.id).annotations) == 1
    assert desk.code(box(desk.class_id), base=7) == "revision_conflict"  # from the future


def test_a_repeated_change_returns_the_first_answer(desk: Desk) -> None:
    change = changes(box(desk.class_id), change_id="once")
    assert desk.apply(change) == 1
    desk.save(box(desk.class_id), base=1)
    assert desk.apply(change) == 1
    assert len(desk.service.get(desk.image.id).annotations) == 2
    assert desk.stored().revision == 2


def test_two_writers_on_one_picture(desk: Desk) -> None:
    start = threading.Barrier(8)

    def write(_: int) -> str:
        start.wait()
        try:
            desk.save(box(desk.class_id))
        except Conflict as error:
            return error.code
        return "saved"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(write, range(8)))
    assert sorted(outcomes) == ["revision_conflict"] * 7 + ["saved"]
    assert desk.stored().annotations == 1
    assert Projects(desk.uow).get(desk.project_id).annotations == 1


def test_the_same_change_sent_eight_times_at_once_is_saved_once(desk: Desk) -> None:
    change = changes(box(desk.class_id))
    start = threading.Barrier(8)

    def send(_: int) -> int:
        start.wait()
        return desk.apply(change)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(8))) == [1] * 8
    assert desk.stored().annotations == 1
    assert len(desk.service.history(desk.image.id).items) == 1


def test_writers_on_many_pictures_do_not_lose_counts(desk: Desk) -> None:
    pictures = [image(desk.uow, desk.project_id, f"{number}.jpg") for number in range(6)]
    images = Images(desk.uow, None, None)  # type: ignore[arg-type]

    def work(picture: Image) -> None:
        for base in range(4):
            desk.apply(changes(box(desk.class_id), base=base), picture.id)
        images.bulk(desk.project_id, [picture.id], "move", "train")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, pictures))
    card = Projects(desk.uow).get(desk.project_id)
    assert (card.images, card.labeled, card.annotations) == (7, 6, 24)


def test_shapes_are_clipped_to_the_picture(desk: Desk) -> None:
    ring = ((-50.0, 40.0), (50.0, -60.0), (150.0, 40.0), (50.0, 140.0))
    desk.save(
        box(desk.class_id, -5, -5, 500, 500, id="00000000-0000-7000-8000-000000000001"),
        Annotation(id="00000000-0000-7000-8000-000000000002", class_id=desk.class_id, geometry=Polygon(rings=(ring,))),
        Annotation(
            id="00000000-0000-7000-8000-000000000003",
            class_id=desk.class_id,
            geometry=RotatedBox(cx=0, cy=0, w=10, h=10, angle=0.3),
        ),
        Annotation(
            id="00000000-0000-7000-8000-000000000004",
            class_id=desk.class_id,
            geometry=Ellipse(cx=0, cy=0, rx=10, ry=5, angle=0.3),
        ),
        Annotation(
            id="00000000-0000-7000-8000-000000000005",
            class_id=desk.class_id,
            geometry=Polyline(points=((-5, 4), (50, 90.5))),
        ),
        Annotation(
            id="00000000-0000-7000-8000-000000000006", class_id=desk.class_id, geometry=Points(points=((7.25, 8),))
        ),
    )
    whole, polygon, rotated, ellipse, line, point = desk.service.get(desk.image.id).annotations
    assert ellipse.geometry == Ellipse(cx=0, cy=0, rx=10, ry=5, angle=0.3)
    assert line.geometry == Polyline(points=((0, 4), (50, 80)))
    assert point.geometry == Points(points=((7.25, 8),))
    assert whole.geometry == Box(x0=0, y0=0, x1=100, y1=80)
    assert polygon.geometry.bounds == (0, 0, 100, 80)
    assert rotated.geometry == RotatedBox(cx=0, cy=0, w=10, h=10, angle=0.3)


def test_what_cannot_be_stored_is_refused_whole(desk: Desk, uow: UnitOfWork, caller: Caller) -> None:
    elsewhere = project(uow, caller, "elsewhere")
    foreign = label(uow, elsewhere.id)
    good = box(desk.class_id)
    mask = Annotation(id=new_id(), class_id=desk.class_id, geometry=Mask(width=10, height=10, counts=(50, 50)))
    cases = {
        "class_unknown": box(foreign),
        "outside_image": box(desk.class_id, 200, 200, 210, 210),
        "geometry_invalid": mask,
        "id_invalid": box(desk.class_id, id="../../etc"),
        "score_invalid": box(desk.class_id, score=float("nan")),
        "attributes_invalid": box(desk.class_id, attributes={"x": float("inf")}),
        "text_invalid": box(desk.class_id, track_id="x" * 201),
        "z_invalid": box(desk.class_id, z=1 << 40),
        "model_unknown": box(desk.class_id, model_id=new_id()),
    }
    for code, bad in cases.items():
        assert desk.code(good, bad) == code
    assert desk.code(good, box(desk.class_id), base=1 << 40) == "revision_invalid"
    assert desk.service.get(desk.image.id).annotations == ()
    assert desk.stored().revision == 0
    assert desk.service.history(desk.image.id).items == ()


def test_ten_thousand_changes_are_the_limit(desk: Desk) -> None:
    many = [box(desk.class_id, x, y, x + 0.5, y + 0.5) for x in range(100) for y in range(80)]
    more = [box(desk.class_id) for _ in range(2000)]
    assert desk.save(*many, *more) == 1
    assert desk.stored().annotations == 10_000
    assert desk.code(*many, *more, box(desk.class_id), base=1) == "too_many_changes"
    assert desk.save(*(item.id for item in (*many, *more)), base=1) == 2
    assert desk.stored().annotations == 0


def test_an_id_of_another_picture_is_refused(desk: Desk) -> None:
    other = image(desk.uow, desk.project_id, "b.jpg")
    a = box(desk.class_id)
    desk.apply(changes(a), other.id)
    assert desk.code(a) == "annotation_elsewhere"
    assert desk.code(a.id) == "annotation_elsewhere"
    assert len(desk.service.get(other.id).annotations) == 1


def test_pictures_and_projects_in_the_trash_are_not_changed(desk: Desk) -> None:
    Images(desk.uow, None, None).bulk(desk.project_id, [desk.image.id], "trash")  # type: ignore[arg-type]
    assert desk.code(box(desk.class_id)) == "not_found"
    Images(desk.uow, None, None).bulk(desk.project_id, [desk.image.id], "restore")  # type: ignore[arg-type]
    Projects(desk.uow).delete(desk.project_id, "cells")
    assert desk.code(box(desk.class_id)) == "not_found"
    with pytest.raises(NotFound):
        desk.service.apply_changes(new_id(), changes(), desk.caller)


def test_an_empty_picture_stays_empty_until_it_is_labelled(desk: Desk, blobs: ObjectBlobs) -> None:
    images = Images(desk.uow, blobs, None)  # type: ignore[arg-type]
    assert images.update(desk.image.id, state="empty").state == "empty"
    assert Projects(desk.uow).get(desk.project_id).labeled == 1
    desk.save()
    assert desk.stored().state == "empty"
    a = box(desk.class_id)
    desk.save(a, base=1)
    assert desk.stored().state == "labeled"
    with pytest.raises(Conflict):
        images.update(desk.image.id, state="empty")
    desk.save(a.id, base=2)
    assert desk.stored().state == "unlabeled"
    assert Projects(desk.uow).get(desk.project_id).labeled == 0


def test_other_sets_have_their_own_revisions(desk: Desk) -> None:
    with desk.uow.write() as tx:
        set_id = tx.annotations.add_set(desk.project_id, "model", "wren")
    change = ChangeSet(change_id="m", base_revision=0, changes=changes(box(desk.class_id)).changes, set_id=set_id)
    assert desk.apply(change) == 1
    assert desk.service.get(desk.image.id).revision == 0
    assert desk.service.get(desk.image.id, set_id).revision == 1
    assert desk.stored().state == "unlabeled"
    with pytest.raises(NotFound):
        desk.service.get(desk.image.id, new_id())


def test_history_pages(desk: Desk) -> None:
    for base in range(5):
        desk.save(box(desk.class_id), base=base)
    first = desk.service.history(desk.image.id, limit=2)
    second = desk.service.history(desk.image.id, cursor=first.next_cursor, limit=2)
    third = desk.service.history(desk.image.id, cursor=second.next_cursor, limit=2)
    assert [e.revision for page in (first, second, third) for e in page.items] == [5, 4, 3, 2, 1]
    assert third.next_cursor is None
    for cursor in ("x", "W10", "WzEsMl0", "8J-Ygg", "W10" * 300):
        with pytest.raises(Invalid):
            desk.service.history(desk.image.id, cursor=cursor)
