from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from boxwright.domain.errors import InvalidImage
from boxwright.domain.geometry import Box, Polygon
from boxwright.domain.manifest import Labelled
from boxwright.domain.models import ModelInput
from boxwright.ml.data.batches import TrainingBatches, plain_batches
from boxwright.ml.data.cache import PictureCache
from boxwright.ml.data.outlines import BoxGrid, InputGrid
from boxwright.ml.data.recipe import Recipe
from boxwright.ml.data.samples import Sample, read_pixels, sample_of
from learning import scene_records

RECIPE = Recipe(
    size=64,
    mosaic=0.5,
    scale=0.5,
    translate=0.1,
    rotate=5.0,
    hsv=(0.01, 0.5, 0.4),
    flip_x=0.5,
    flip_y=0.0,
    min_visible=0.25,
)


@pytest.fixture
def samples(tmp_path: Path) -> list[Sample]:
    return [sample_of(record) for record in scene_records(tmp_path / "images", 5, 0, 0)]


@pytest.mark.parametrize("limit", [0, 30_000, 10**9])
def test_the_cache_gives_the_same_pixels_at_any_limit(samples: list[Sample], limit: int) -> None:
    cache = PictureCache(64, limit)
    failures: list[InvalidImage] = []
    ticks: list[int] = []
    assert cache.fill(samples, 2, failures.append, ticks.append) == samples
    assert (failures, ticks) == ([], [5])
    assert sum(value.nbytes for value in cache._kept.values()) <= limit
    whole = PictureCache(64, 10**9)
    for item in samples:
        assert cache.get(item).shape == (48, 64, 3)
        np.testing.assert_array_equal(cache.get(item), whole.get(item))


def test_unreadable_pictures_are_named_and_dropped(samples: list[Sample]) -> None:
    samples[1] = replace(samples[1], path=None)
    samples[3] = replace(samples[3], height=7)
    failures: list[InvalidImage] = []
    good = PictureCache(64, 10**9).fill(samples, 2, failures.append, lambda done: None)
    assert [item.id for item in good] == [samples[i].id for i in (0, 2, 4)]
    assert "not on this machine" in failures[0].message
    assert "the dataset says 128x7" in failures[1].message


def test_an_epoch_can_be_entered_anywhere(samples: list[Sample]) -> None:
    batches = TrainingBatches(samples, PictureCache(64, 10**9), RECIPE, seed=3, batch=2, steps=6)
    whole = list(batches.epoch(4, 0, with_mosaic=True))
    rest = list(batches.epoch(4, 4, with_mosaic=True))
    assert (len(whole), len(rest)) == (6, 2)
    for one, two in zip(whole[4:], rest, strict=True):
        for name in ("pixels", "boxes", "labels", "image"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert not np.array_equal(whole[0].pixels, next(batches.epoch(5, 0, with_mosaic=True)).pixels)


def test_crowds_are_not_learned(samples: list[Sample]) -> None:
    samples = [replace(item, crowd=np.ones(len(item.labels), bool)) for item in samples]
    batches = TrainingBatches(samples, PictureCache(64, 10**9), RECIPE, seed=0, batch=5, steps=1)
    assert len(next(batches.epoch(0, 0, with_mosaic=True)).boxes) == 0


def test_plain_batches_keep_order_and_place(samples: list[Sample]) -> None:
    spec = ModelInput(width=64, height=64)
    batches = list(plain_batches(samples, PictureCache(64, 10**9), spec, 2))
    assert [len(batch.pixels) for batch in batches] == [2, 2, 1]
    assert (batches[0].pixels[:, 48:] == spec.pad).all()
    first = batches[0].boxes[batches[0].image == 0]
    np.testing.assert_allclose(batches[0].fits[0].to_picture(first), samples[0].boxes, atol=1e-3)
    assert read_pixels(samples[0]).shape == (96, 128, 3)


def test_batches_carry_masks_of_outlined_objects_only(tmp_path: Path) -> None:
    record = scene_records(tmp_path / "images", 1, 0, 0)[0]
    ring = ((8.0, 6.0), (40.0, 6.0), (40.0, 30.0), (8.0, 30.0))
    shapes = (Box(x0=60, y0=40, x1=80, y1=60), Polygon(rings=(ring,)))
    record = replace(record, annotations=tuple(Labelled(class_index=0, geometry=shape) for shape in shapes))
    item = sample_of(record, outlines=True)
    assert sample_of(record).outlines is None
    spec = ModelInput(width=64, height=64, placement="center")
    (batch,) = plain_batches([item], PictureCache(64, 0), spec, 4, InputGrid(64, 64, 1))
    assert batch.masked is not None
    assert batch.masks is not None
    assert batch.masked.tolist() == [False, True]
    assert not batch.masks[0].any()
    # Half the size, and in the middle of the square.
    np.testing.assert_array_equal(batch.boxes[1], [4, 11, 20, 23])
    ys, xs = np.nonzero(batch.masks[1])
    assert (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1, len(xs)) == (4, 11, 20, 23, 16 * 12)
    training = TrainingBatches([item], PictureCache(64, 0), RECIPE, seed=3, batch=2, steps=1, grid=BoxGrid(8, 8))
    first = next(training.epoch(0, 0, with_mosaic=True))
    assert first.masks is not None
    assert first.masks.shape == (len(first.boxes), 8, 8)
