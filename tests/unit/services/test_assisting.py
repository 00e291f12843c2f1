from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from boxwright.domain import raster, rle
from boxwright.domain.assist import Prompt
from boxwright.domain.errors import Invalid, Unavailable
from boxwright.domain.geometry import Mask, Polygon
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.media.pixels import encode_png
from boxwright.services import assisting
from boxwright.services.assisting import Assisting, Pictures
from boxwright.services.images import Images
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import image, project

BOX = (19.0, 9.0, 62.0, 52.0)


@pytest.fixture
def picture(uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller, tmp_path: Path) -> Image:
    rgb = np.full((80, 100, 3), 60, np.uint8)
    cv2.circle(rgb, (40, 30), 20, (220, 180, 40), -1)
    (tmp_path / "disc.png").write_bytes(encode_png(rgb))
    images = Images(uow, blobs, tmp_path / "cache")
    return images.add(project(uow, caller).id, "disc.png", tmp_path / "disc.png").image


def test_polygon_and_mask_are_the_same_outline(uow: UnitOfWork, blobs: ObjectBlobs, picture: Image) -> None:
    service = Assisting(uow, blobs)
    outline = service.segment(picture.id, Prompt(box=BOX)).geometry
    mask = service.segment(picture.id, Prompt(box=BOX), "mask").geometry
    assert isinstance(outline, Polygon)
    assert isinstance(mask, Mask)
    assert abs(outline.area - 1289) < 90  # a disc of radius 20 has 1,257 pixels, a little more as it is drawn
    assert (raster.fill(outline, 100, 80) == rle.decode(mask.counts, 100, 80)).all()


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (Prompt(), "say where the object is"),
        (Prompt(outside=[(1, 1)]), "say where the object is"),
        (Prompt(inside=[(100, 1)]), "the click at 100, 1 is not on the picture of 100 x 80 pixels"),
        (Prompt(box=(200, 0, 300, 10)), "the box 200, 0, 300, 10 has no area on the picture"),
        (Prompt(inside=[(1, 1)], view=(5, 5, 5, 9)), "the view 5, 5, 5, 9 has no area"),
        (Prompt(inside=[(1, 1)] * 65), "at most 64 clicks"),
    ],
)
def test_a_prompt_that_says_nothing_is_refused_in_words(
    uow: UnitOfWork, blobs: ObjectBlobs, picture: Image, prompt: Prompt, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        Assisting(uow, blobs).segment(picture.id, prompt)


def test_a_huge_picture_is_refused_before_it_is_decoded(uow: UnitOfWork, blobs: ObjectBlobs, caller: Caller) -> None:
    row = image(uow, project(uow, caller).id, width=20_000, height=20_000)
    with pytest.raises(Invalid, match="at most 120 megapixels"):
        Assisting(uow, blobs).segment(row.id, Prompt(inside=[(1, 1)]))


def test_whoever_waits_too_long_is_told(
    uow: UnitOfWork, blobs: ObjectBlobs, picture: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assisting, "_WAIT", 0.01)
    service = Assisting(uow, blobs, parallel=1)
    with service._at_work(), pytest.raises(Unavailable, match="try again"):
        service.segment(picture.id, Prompt(box=BOX))
    service.segment(picture.id, Prompt(box=BOX))


def test_decoded_pictures_are_kept_as_far_as_there_is_room(blobs: ObjectBlobs, picture: Image) -> None:
    pictures = Pictures(room=100 * 80 * 3)
    assert pictures.get(picture, blobs) is pictures.get(picture, blobs)
    none = Pictures(room=100)
    assert none.get(picture, blobs) is not none.get(picture, blobs)


def test_what_is_alike_is_sought_beside_the_box(uow: UnitOfWork, blobs: ObjectBlobs, picture: Image) -> None:
    service = Assisting(uow, blobs)
    assert all(item.score <= 1 for item in service.similar(picture.id, BOX))
    with pytest.raises(Invalid, match="the box 200, 0, 300, 10 has no area"):
        service.similar(picture.id, (200.0, 0.0, 300.0, 10.0))
