"""Near twins: copies are found however they were saved, other pictures are not."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.manifest import ManifestHeader
from boxwright.domain.twins import MOST_BITS, candidates
from boxwright.ml.data.dataset import prepare
from boxwright.ml.data.twins import Prints, near_twins
from boxwright.ml.training.params import TrainingParams
from learning import HEADER, Recorder, sample, scene_manifest, scene_records


def picture(seed: int) -> np.ndarray:
    """Smooth blobs, as photographs have."""
    small = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return cv2.resize(small, (160, 120), interpolation=cv2.INTER_CUBIC)


def prints(pictures: list[np.ndarray], name: str) -> Prints:
    made = Prints()
    for number, pixels in enumerate(pictures):
        made.add(sample(name=f"{name}{number}"), pixels)
    return made


CHANGES = {
    "the same": lambda x: x,
    "saved again": lambda x: cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1),
    "smaller": lambda x: cv2.resize(x, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "darker": lambda x: (x * 0.95).astype(np.uint8),
}


@pytest.mark.parametrize("change", CHANGES)
def test_copies_are_found_and_nothing_else(change: str) -> None:
    train = [picture(seed) for seed in range(60)]
    test = [picture(seed) for seed in range(1000, 1030)] + [CHANGES[change](x) for x in train[::3]]
    twins = near_twins(prints(test, "test"), prints(train, "train"))
    assert twins.images >= 19
    assert all(pair.twin_name == f"train{(int(pair.name[4:]) - 30) * 3}" for pair in twins.pairs)


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=MOST_BITS + 1))
def test_every_pair_within_reach_is_looked_at(bits: int, flipped: set[int]) -> None:
    other = bits
    for place in flipped:
        other ^= 1 << place
    found = list(candidates(np.array([bits], np.uint64), np.array([other, ~bits & (2**64 - 1)], np.uint64)))
    pairs = {(int(r), int(c)) for rows, columns in found for r, c in zip(rows, columns, strict=True)}
    assert pairs == ({(0, 0)} if len(flipped) <= MOST_BITS else set())


def test_pictures_without_contrast_cost_little() -> None:
    flat = prints([np.full((20, 20, 3), 128, np.uint8)], "flat")
    many = Prints(flat.samples * 3000, flat.bits * 3000, flat.grey * 3000)
    assert near_twins(Prints(flat.samples * 50, flat.bits * 50, flat.grey * 50), many).images == 50
    assert near_twins(Prints(), many).images == 0


def test_a_training_says_so_at_its_start(tmp_path: Path) -> None:
    assert isinstance(HEADER, ManifestHeader)
    records = scene_records(tmp_path / "images", 4, 2, 2)
    Path(records[-1].path or "").write_bytes(Path(records[0].path or "").read_bytes())
    context = Recorder(tmp_path)
    dataset = prepare(scene_manifest(tmp_path, records), TrainingParams(image_size=64), context)
    assert {split: twins.images for split, twins in dataset.twins.items()} == {"val": 0, "test": 1}
    (pair,) = dataset.twins["test"].pairs
    assert (pair.name, pair.twin_name) == (records[-1].name, records[0].name)
    assert any("1 of the test images have a near twin in train" in line for line in context.warnings())
