"""Vectors of pictures: taken from a network, searched, laid out on a plane."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from boxwright.domain.errors import Cancelled, Invalid, InvalidModel
from boxwright.domain.ids import new_id
from boxwright.domain.models import ModelInput
from boxwright.domain.ports import Stopping
from boxwright.ml.selection.features import Features, starter
from boxwright.ml.selection.index import Index, comparable, write_index
from boxwright.ml.selection.projection import project
from boxwright.ml.tasks.embed import run
from learning import Recorder
from tiny_onnx import write_tiny_onnx


def clusters(n: int, d: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors in three heaps, and the heap of each."""
    random = np.random.default_rng(seed)
    heap = np.arange(n) % 3
    return (random.normal(0, 1, (3, d))[heap] * 4 + random.normal(0, 1, (n, d)) + 2).astype(np.float16), heap


@pytest.mark.parametrize("n", [1, 3, 50, 9000])
def test_the_index_finds_what_brute_force_finds(n: int, tmp_path: Path) -> None:
    raw, _ = clusters(n)
    ids = sorted(new_id() for _ in range(n))
    seen = comparable(raw)
    write_index(tmp_path / "index", ids, raw, seen, np.zeros((n, 2), np.float32))
    index = Index(tmp_path / "index")
    assert index.names() == ids
    assert (index.row(ids[-1]), index.row(new_id())) == (n - 1, None)
    wide = raw.astype(np.float64) - raw.astype(np.float64).mean(0)
    length = np.maximum(np.linalg.norm(wide, axis=1), 1e-9)
    cosines = wide @ wide[n // 2] / length / length[n // 2]
    found = index.nearest(index.vector(raw[n // 2].astype(np.float32)), 20)
    assert [value for _, value in found] == sorted((value for _, value in found), reverse=True)
    assert len(found) == min(n, 20)
    if n > 1:
        assert found[0][0] == n // 2
        assert [value for _, value in found] == pytest.approx(np.sort(cosines)[::-1][:20], abs=4e-3)


def test_an_index_is_whole(tmp_path: Path) -> None:
    raw, _ = clusters(4)
    with pytest.raises(Invalid, match="3 pictures, 4 vectors"):
        write_index(tmp_path / "x", [new_id() for _ in range(3)], raw, comparable(raw), np.zeros((4, 2), np.float32))
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 90, 400])
def test_a_map_is_the_same_each_time_and_keeps_heaps_together(n: int) -> None:
    raw, heap = clusters(n)
    places = project(raw, landmarks=150)
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
    assert not n or np.abs(places).max() <= 1.0001
    assert np.array_equal(places, project(raw, landmarks=150))
    if n >= 90:
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        near = np.argsort(apart, 1)[:, :5]
        assert (heap[near] == heap[:, None]).mean() > 0.97


def test_equal_vectors_are_no_trouble() -> None:
    same = np.ones((40, 8), np.float16)
    assert np.isfinite(project(same)).all()
    assert np.isfinite(comparable(same).vectors).all()


def test_the_network_with_starter_weights(tmp_path: Path) -> None:
    network = starter(tmp_path / "cut.onnx")
    random = np.random.default_rng(0)
    wide, high = (random.integers(0, 255, shape, np.uint8) for shape in ((90, 200, 3), (400, 100, 3)))
    found = [network.of(pixels) for pixels in (wide, high, wide)]
    assert found[0].shape == found[1].shape
    assert len(found[0]) >= 64
    assert np.array_equal(found[0], found[2])
    assert np.isfinite(found).all()
    again = starter(tmp_path / "cut.onnx")
    assert np.array_equal(again.of(wide), found[0]), "what was cut off once is taken as it is"


def test_a_network_without_feature_maps_is_refused(tmp_path: Path) -> None:
    model = write_tiny_onnx(tmp_path / "tiny.onnx")
    with pytest.raises(InvalidModel, match="no feature maps"):
        Features(model, ModelInput(width=64, height=64), tmp_path / "cut.onnx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.onnx"]


@pytest.mark.parametrize(("word", "error"), [("keep", Cancelled), ("", Invalid)])
def test_a_look_without_a_vector_says_why(word: Stopping, error: type[Exception], tmp_path: Path) -> None:
    listed = tmp_path / "pictures.jsonl"
    listed.write_text(json.dumps({"id": new_id(), "path": str(tmp_path / "gone.jpg")}) + "\n")
    recorder = Recorder(tmp_path / "work")
    recorder.workdir.mkdir()
    recorder.stop = word
    with pytest.raises(error):
        run({"pictures": str(listed), "keep": "", "former": None}, recorder)
