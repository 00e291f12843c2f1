import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from pycocotools import mask as coco

from boxwright.domain import rle
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Mask

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=40))


@given(masks)
def test_runs_text_bounds_and_area_agree_with_pycocotools(mask: np.ndarray) -> None:
    height, width = mask.shape
    counts = rle.encode(mask)
    theirs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert rle.to_text(counts) == theirs["counts"].decode()
    assert rle.from_text(theirs["counts"].decode()) == counts
    assert (rle.decode(counts, width, height) == mask).all()
    assert rle.area_of_counts(counts) == coco.area(theirs)
    if mask.any():
        x, y, w, h = coco.toBbox(theirs)
        assert rle.box_of_counts(counts, height) == (x, y, x + w, y + h)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_text_holds_any_runs(counts: list[int]) -> None:
    assert rle.from_text(rle.to_text(tuple(counts))) == tuple(counts)


@pytest.mark.parametrize("counts", [(1, 2), (4, -1, 3), (6,), (10**12, 5)])
def test_runs_that_do_not_fill_the_picture_are_refused(counts: tuple[int, ...]) -> None:
    with pytest.raises(Invalid):
        Mask(width=2, height=3, counts=counts)


@pytest.mark.parametrize("text", ["\x00", "ÿ", "o", "o" * 100])
def test_broken_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rle.from_text(text)
