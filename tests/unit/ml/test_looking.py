"""Looks in tiles and at the mirror image: every object is found once, where it is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from boxwright.domain.detections import Detections
from boxwright.domain.errors import Invalid, InvalidImage
from boxwright.domain.geometry import Polygon
from boxwright.domain.looks import Looks
from boxwright.ml.adapters import looking as module
from boxwright.ml.adapters.looking import LookingDetector, looking, views


class Spots:
    """Finds the bright rectangles of a picture exactly, of at most `largest` pixels a side, with their outlines.

    A part of a rectangle is to it a rectangle. The value of its pixels is its score in percent and its class by turns.
    """

    within = (64, 64)

    def __init__(self, largest: int = 10**6) -> None:
        self.largest, self.seen = largest, list[tuple[int, int]]()

    def predict(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        max_detections: int = 300,
    ) -> list[Detections]:
        found = [self._one(picture, score_threshold or 0.0) for picture in pictures]
        return [got.take(np.argsort(-got.scores)[:max_detections]) for got in found]

    def _one(self, picture: NDArray[np.uint8], least: float) -> Detections:
        self.seen.append((picture.shape[1], picture.shape[0]))
        boxes, scores, labels = [], [], []
        for value in np.unique(picture[picture > 0]):
            ys, xs = np.nonzero(picture[..., 0] == value)
            box = [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
            if max(box[2] - box[0], box[3] - box[1]) <= self.largest and value / 100 >= least:
                boxes.append(box)
                scores.append(value / 100)
                labels.append(int(value) % 2)
        masks = tuple(_outline(box) for box in boxes)
        table = np.asarray(boxes, np.float32).reshape(-1, 4)
        return Detections(table, np.asarray(scores, np.float32), np.asarray(labels, np.int64), masks)


def _outline(box: Sequence[float]) -> Polygon:
    x0, y0, x1, y1 = map(float, box)
    return Polygon(rings=(((x0, y0), (x1, y0), (x1, y1)),))


def painted(width: int, height: int, boxes: Sequence[tuple[int, int, int, int]]) -> NDArray[np.uint8]:
    picture = np.zeros((height, width, 3), np.uint8)
    for value, (x0, y0, x1, y1) in zip(range(99, 0, -2), boxes, strict=False):
        picture[y0:y1, x0:x1] = value
    return picture


@given(
    st.integers(1, 700),
    st.integers(1, 700),
    st.sampled_from([64, 100, 256]),
    st.floats(0, 0.9),
    st.booleans(),
)
def test_tiles_cover_the_picture_and_share_what_they_should(
    width: int, height: int, tile: int, overlap: float, mirror: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST", 10**6)
        found = list(views(width, height, Looks(tile=tile, overlap=overlap, mirror=mirror)))
    assert (found[0].x0, found[0].y0, found[0].x1, found[0].y1) == (0, 0, width, height)
    assert sum(view.mirrored for view in found) == (len(found) // 2 if mirror else 0)
    tiles = [view for view in found[1 + mirror :] if not view.mirrored]
    assert bool(tiles) == (max(width, height) > tile)
    for low, high, size in (("x0", "x1", width), ("y0", "y1", height)):
        spans = sorted({(getattr(view, low), getattr(view, high)) for view in tiles})
        if not spans:
            continue
        assert (spans[0][0], spans[-1][1]) == (0, size)
        for (_, before), (after, end) in itertools.pairwise(spans):
            assert before - after >= tile * overlap - 1
            assert end - after == tile


@given(st.data())
def test_every_object_is_found_once_and_exactly(data: st.DataObject) -> None:
    """Objects of at most the overlap's size lie whole in some tile; the detector sees none in the whole picture."""
    width, height = 300, 200
    cells = data.draw(st.lists(st.sampled_from([(x, y) for x in range(7) for y in range(5)]), unique=True, max_size=9))
    boxes = []
    for x, y in cells:
        side_x, side_y = data.draw(st.integers(4, 24)), data.draw(st.integers(4, 24))
        left, top = 40 * x + data.draw(st.integers(0, 15)), 40 * y + data.draw(st.integers(0, 15))
        boxes.append((left, top, left + side_x, top + side_y))
    picture = painted(width, height, boxes)
    looks = Looks(tile=100, overlap=0.3, mirror=data.draw(st.booleans()))
    (found,) = LookingDetector(Spots(), looks, 0.6).predict([picture])
    assert found.boxes.tolist() == [list(map(float, box)) for box in boxes]
    assert np.allclose(found.scores, [value / 100 for value in range(99, 99 - 2 * len(boxes), -2)])
    assert [mask and mask.bounds for mask in found.masks or ()] == [tuple(map(float, box)) for box in boxes]


def test_an_object_larger_than_a_tile_is_the_one_that_the_whole_picture_shows() -> None:
    picture = painted(400, 300, [(20, 30, 380, 260)])
    spots = Spots()
    (found,) = LookingDetector(spots, Looks(tile=128), 0.6).predict([picture])
    assert found.boxes.tolist() == [[20, 30, 380, 260]]
    assert spots.seen[0] == (400, 300)
    assert set(spots.seen[1:]) == {(128, 128)}


def test_what_only_tiles_show_is_added() -> None:
    picture = painted(400, 300, [(20, 30, 30, 40), (300, 200, 310, 210)])
    whole_sees_none = LookingDetector(_OnlyTiles(), Looks(tile=128), 0.6)
    (found,) = whole_sees_none.predict([picture])
    assert len(found) == 2


class _OnlyTiles(Spots):
    def _one(self, picture: NDArray[np.uint8], least: float) -> Detections:
        found = super()._one(picture, least)
        return found if picture.shape[1] <= 128 else found.take(np.zeros(len(found), bool))


def test_a_small_picture_is_looked_at_once() -> None:
    spots = Spots()
    LookingDetector(spots, Looks(tile=128), 0.6).predict([painted(128, 90, [(1, 1, 9, 9)])])
    assert spots.seen == [(128, 90)]
    assert looking(spots, Looks(), 0.6) is spots


def test_the_limit_keeps_the_best() -> None:
    picture = painted(300, 200, [(10 + 20 * n, 10, 20 + 20 * n, 20) for n in range(10)])
    (found,) = LookingDetector(Spots(), Looks(tile=100), 0.6).predict([picture], max_detections=3)
    assert np.allclose(found.scores, [0.99, 0.97, 0.95])


def test_no_picture_is_cut_into_tiles_without_end() -> None:
    assert len(list(views(2048, 2048, Looks(tile=64, overlap=0)))) == 1025
    with pytest.raises(InvalidImage, match=r"1056 tiles of 64 pixels, and 1024 is the most; choose larger"):
        list(views(2049, 2048, Looks(tile=64, overlap=0)))


@pytest.mark.parametrize("wrong", [{"tile": 63}, {"tile": -1}, {"tile": 9000}, {"overlap": 0.95}, {"overlap": -0.1}])
def test_looks_have_limits(wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid, match=next(iter(wrong))):
        Looks(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looks", "within"), [(Looks(tile=128), None), (Looks(mirror=True), (64, 64)), (Looks(), (64, 64))], ids=str
)
def test_tiles_want_every_pixel(looks: Looks, within: tuple[int, int] | None) -> None:
    assert looking(Spots(), looks, 0.6).within == within
