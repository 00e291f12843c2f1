from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image as Pillow

from boxwright import media
from boxwright.domain.errors import BoxwrightError, Invalid, InvalidImage, NotFound, StorageFull
from boxwright.domain.people import Caller
from boxwright.domain.projects import Uploaded
from boxwright.domain.queries import ImageQuery
from boxwright.services.annotations import Annotations
from boxwright.services.images import Images
from boxwright.services.projects import Projects
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import box, changes, image, label, picture_file, project
from scenes import make_scene
from stores import Heard


class Library:
    def __init__(self, uow: UnitOfWork, caller: Caller, blobs: ObjectBlobs, folder: Path) -> None:
        self.uow, self.caller, self.blobs, self.folder = uow, caller, blobs, folder
        self.service = Images(uow, blobs, folder / "cache")
        self.project_id = project(uow, caller).id

    def upload(self, name: str, data: bytes | None = None, **options: object) -> Uploaded:
        source = picture_file(self.folder, make_scene(1).data if data is None else data)
        uploaded = self.service.add(self.project_id, name, source, **options)  # type: ignore[arg-type]
        assert not source.exists()
        return uploaded

    def names(self, query: ImageQuery | None = None, limit: int = 3) -> list[str]:
        """All names of a list, read page by page."""
        found: list[str] = []
        cursor = None
        while True:
            page = self.service.page(self.project_id, query or ImageQuery(), cursor, limit)
            found += [item.name for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found


@pytest.fixture
def library(uow: UnitOfWork, caller: Caller, blobs: ObjectBlobs, tmp_path: Path) -> Library:
    return Library(uow, caller, blobs, tmp_path)


def _code(call: object, *arguments: object, **options: object) -> str:
    with pytest.raises(BoxwrightError) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value.code


def test_a_picture_is_kept_byte_for_byte(library: Library, heard: Heard) -> None:
    data = make_scene(3).data
    uploaded = library.upload("train/a.jpg", data, split="train")
    found = library.service.get(uploaded.image.id)
    assert found == uploaded.image
    assert (found.width, found.height, found.format, found.bytes) == (128, 96, "jpeg", len(data))
    answer = library.service.file(found.id)
    assert answer.path.read_bytes() == data
    assert (answer.mime, answer.name) == ("image/jpeg", "train/a.jpg")
    card = Projects(library.uow).get(library.project_id)
    assert (card.images, card.cover_image_id) == (1, found.id)
    assert heard.topics[-1] == "image"


def test_same_name_and_bytes_are_one_picture(library: Library) -> None:
    first = library.upload("a.jpg")
    assert library.upload("a.jpg").image == first.image
    assert Projects(library.uow).get(library.project_id).images == 1


def test_same_bytes_under_another_name_are_two_and_reported(library: Library) -> None:
    first = library.upload("a.jpg")
    second = library.upload("b.jpg")
    assert second.duplicate_of == first.image.id
    assert first.duplicate_of is None
    assert Projects(library.uow).counts(library.project_id).duplicates == 1
    assert len(list(library.blobs.all())) == 1


def test_a_name_is_compared_in_nfc_and_kept_as_it_came(library: Library) -> None:
    decomposed = library.upload("cafe\u0301.jpg").image
    assert decomposed.name == "cafe\u0301.jpg"
    assert library.upload("caf\u00e9.jpg").image.id == decomposed.id
    other = picture_file(library.folder, make_scene(2).data)
    assert _code(library.service.add, library.project_id, "caf\u00e9.jpg", other) == "name_taken"
    assert other.exists()


def test_the_same_file_twice_at_once_is_one_picture(library: Library) -> None:
    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(lambda _: library.upload("a.jpg").image.id, range(6)))) == 1
    assert Projects(library.uow).get(library.project_id).images == 1


@pytest.mark.parametrize(
    "name",
    ["", " ", "/etc/passwd", "../a.jpg", "a/../b.jpg", "a//b.jpg", "./a.jpg", "a\\b.jpg", "C:/a.jpg", "a\n.jpg",
     "a\x00.jpg", "x" * 1025, "a/", " a.jpg", "\ud800.jpg", "a\u2028b.jpg"],
)  # fmt: skip
def test_names_that_could_climb_or_confuse_are_refused(sqlite_library: Library, name: str) -> None:
    source = picture_file(sqlite_library.folder, make_scene(1).data)
    assert _code(sqlite_library.service.add, sqlite_library.project_id, name, source) == "name_invalid"
    assert list(sqlite_library.blobs.all()) == []


@pytest.fixture
def sqlite_library(sqlite_engine: object, heard: Heard, blobs: ObjectBlobs, tmp_path: Path) -> Library:
    from boxwright.services.access import Access

    uow = UnitOfWork(sqlite_engine, heard)  # type: ignore[arg-type]
    return Library(uow, Access(uow).ensure_local_user(), blobs, tmp_path)


@pytest.mark.parametrize("data", [b"", b"not a picture", b"<svg/>", make_scene(1).data[:300]])
def test_what_is_no_picture_is_refused_and_not_kept(sqlite_library: Library, data: bytes) -> None:
    with pytest.raises(InvalidImage):
        sqlite_library.service.add(sqlite_library.project_id, "a.jpg", picture_file(sqlite_library.folder, data))
    assert list(sqlite_library.blobs.all()) == []
    assert sqlite_library.names() == []


def test_a_full_disk_leaves_no_row(sqlite_library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("the disk is full")

    monkeypatch.setattr(sqlite_library.blobs, "put_file", full)
    source = picture_file(sqlite_library.folder, make_scene(1).data)
    with pytest.raises(StorageFull):
        sqlite_library.service.add(sqlite_library.project_id, "a.jpg", source)
    assert source.exists()
    assert sqlite_library.names() == []


def test_an_upload_into_nothing(library: Library) -> None:
    source = picture_file(library.folder, make_scene(1).data)
    assert _code(library.service.add, "01a1fd67-96e3-7c99-a403-2ada94a2841c", "a.jpg", source) == "not_found"


def test_orders_and_filters(library: Library) -> None:
    class_id = label(library.uow, library.project_id)
    rows = {name: image(library.uow, library.project_id, name, split=split) for name, split in SPLIT_OF.items()}
    service = Annotations(library.uow)
    service.apply_changes(rows["b.jpg"].id, changes(box(class_id)), library.caller)
    library.service.update(rows["A.jpg"].id, state="empty")
    assert library.names() == ["c/x.jpg", "d.jpg", "Ω.jpg", "A.jpg", "b.jpg"]
    assert library.names(ImageQuery(order="name")) == ["A.jpg", "b.jpg", "c/x.jpg", "d.jpg", "Ω.jpg"]
    assert sorted(library.names(ImageQuery(order="newest"))) == sorted(SPLIT_OF)
    assert library.names(ImageQuery(split="train")) == ["c/x.jpg", "A.jpg", "b.jpg"]
    assert library.names(ImageQuery(state="labeled")) == ["b.jpg"]
    assert library.names(ImageQuery(state="empty")) == ["A.jpg"]
    assert library.names(ImageQuery(class_id=class_id)) == ["b.jpg"]
    assert library.names(ImageQuery(name="ω")) == ["Ω.jpg"]
    assert library.names(ImageQuery(name="C/")) == ["c/x.jpg"]
    assert library.names(ImageQuery(name="%")) == []
    assert library.names(ImageQuery(name="_.jpg")) == []


SPLIT_OF = {"b.jpg": "train", "A.jpg": "train", "c/x.jpg": "train", "d.jpg": "val", "Ω.jpg": "none"}


def test_neighbours(library: Library) -> None:
    rows = [image(library.uow, library.project_id, f"{name}.jpg") for name in "abc"]
    by_name = ImageQuery(order="name")
    middle = library.service.neighbours(rows[1].id, by_name)
    assert (middle.previous_id, middle.next_id, middle.position, middle.total) == (rows[0].id, rows[2].id, 2, 3)
    first = library.service.neighbours(rows[0].id, by_name)
    assert (first.previous_id, first.next_id, first.position) == (None, rows[1].id, 1)
    library.service.update(rows[1].id, split="val")
    outside = library.service.neighbours(rows[1].id, ImageQuery(split="none", order="name"))
    assert (outside.previous_id, outside.next_id, outside.position, outside.total) == (rows[0].id, rows[2].id, None, 2)
    assert library.service.neighbours(rows[1].id, ImageQuery(trash=True)).position is None
    newest = library.service.neighbours(rows[1].id, ImageQuery(order="newest"))
    assert newest.total == 3


def test_changing_a_picture(library: Library, heard: Heard) -> None:
    row = image(library.uow, library.project_id, "a.jpg")
    image(library.uow, library.project_id, "b.jpg")
    changed = library.service.update(
        row.id, split="test", name="c/d.jpg", tags=["night", "night", "rain"], metadata={"camera": "left"}
    )
    assert (changed.split, changed.name, changed.tags) == ("test", "c/d.jpg", ("night", "rain"))
    assert changed.metadata == {"camera": "left"}
    assert heard.topics[-1] == "image"
    assert _code(library.service.update, row.id, name="b.jpg") == "name_taken"
    assert _code(library.service.update, row.id, name="../b.jpg") == "name_invalid"
    assert _code(library.service.update, row.id, split="holdout") == "split_invalid"
    assert _code(library.service.update, row.id, state="labeled") == "image_has_annotations"


def test_trash_and_back(library: Library) -> None:
    class_id = label(library.uow, library.project_id)
    rows = [image(library.uow, library.project_id, f"{name}.jpg") for name in "abc"]
    ids = [row.id for row in rows]
    Annotations(library.uow).apply_changes(ids[0], changes(box(class_id)), library.caller)
    projects = Projects(library.uow)
    assert library.service.bulk(library.project_id, ids[:2], "trash") == 2
    assert library.service.bulk(library.project_id, ids[:2], "trash") == 0
    card = projects.get(library.project_id)
    assert (card.images, card.labeled, card.annotations, card.cover_image_id) == (1, 0, 0, ids[2])
    assert projects.counts(library.project_id).trash == 2
    assert sorted(library.names(ImageQuery(trash=True), limit=1)) == ["a.jpg", "b.jpg"]
    assert library.names() == ["c.jpg"]
    assert library.service.bulk(library.project_id, ids, "restore") == 2
    assert projects.get(library.project_id).annotations == 1


def test_a_name_taken_meanwhile_blocks_the_way_back(library: Library) -> None:
    old = image(library.uow, library.project_id, "a.jpg")
    library.service.bulk(library.project_id, [old.id], "trash")
    new = image(library.uow, library.project_id, "a.jpg")
    assert _code(library.service.bulk, library.project_id, [old.id], "restore") == "name_taken"
    library.service.bulk(library.project_id, [new.id], "trash")
    assert _code(library.service.bulk, library.project_id, [old.id, new.id], "restore") == "name_taken"
    assert library.service.bulk(library.project_id, [old.id], "restore") == 1


def test_deleting_for_good(library: Library) -> None:
    uploaded = library.upload("a.jpg").image
    class_id = label(library.uow, library.project_id)
    Annotations(library.uow).apply_changes(uploaded.id, changes(box(class_id)), library.caller)
    assert _code(library.service.bulk, library.project_id, [uploaded.id], "delete") == "not_in_trash"
    library.service.bulk(library.project_id, [uploaded.id], "trash")
    assert library.service.bulk(library.project_id, [uploaded.id], "delete") == 1
    with pytest.raises(NotFound):
        library.service.get(uploaded.id)


def test_bulk_never_touches_another_project(library: Library) -> None:
    other = project(library.uow, library.caller, "other")
    theirs = image(library.uow, other.id, "a.jpg")
    mine = image(library.uow, library.project_id, "a.jpg")
    assert _code(library.service.bulk, library.project_id, [mine.id, theirs.id], "move", split="train") == "not_found"
    assert library.service.get(mine.id).split == "none"
    assert library.service.bulk(library.project_id, [mine.id], "move", split="train") == 1
    assert _code(library.service.bulk, library.project_id, [mine.id], "move") == "split_invalid"
    too_many = [str(number) for number in range(10_001)]
    assert _code(library.service.bulk, library.project_id, too_many, "trash") == "too_many_images"


def test_views_and_thumbnails_are_upright_and_cached(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x0112] = 6
    Pillow.new("RGB", (400, 200), "red").save(buffer, "JPEG", exif=exif)
    turned = library.upload("turned.jpg", buffer.getvalue()).image
    assert (turned.width, turned.height, turned.orientation) == (200, 400, 6)
    view = library.service.view(turned.id)
    assert media.probe(view.path).upright_width == 200
    assert media.probe(view.path).orientation == 1
    thumbnail = library.service.thumbnail(turned.id, 160)
    assert (media.probe(thumbnail.path).width, media.probe(thumbnail.path).height) == (80, 160)
    assert thumbnail.mime == "image/webp"
    monkeypatch.setattr(media, "view", lambda source: pytest.fail("made again"))
    monkeypatch.setattr(media, "thumbnail", lambda source, size: pytest.fail("made again"))
    assert library.service.view(turned.id) == view
    assert library.service.thumbnail(turned.id, 160) == thumbnail
    plain = library.upload("plain.jpg").image
    assert library.service.view(plain.id).path == library.service.file(plain.id).path
    with pytest.raises(Invalid):
        library.service.thumbnail(plain.id, 7)  # type: ignore[arg-type]
