"""Tiles of very large pictures: cut once, upright, to the pixel of their place."""

import time

import numpy as np
import pytest
from PIL import Image

from boxwright import media
from boxwright.domain.errors import Conflict, InvalidImage, NotFound
from boxwright.services.tiles import Tiling


class Folder:
    """Blobs that lie in a folder under their names."""

    def __init__(self, folder):
        self.folder = folder

    def local_path(self, sha256):
        return self.folder / sha256


@pytest.fixture
def tiling(tmp_path, monkeypatch):
    monkeypatch.setattr("boxwright.media.tiles.LARGE_SIDE", 1_000)
    return Tiling(Folder(tmp_path), tmp_path / "cache")


def gradient(width, height):
    """Red grows to the right, green downwards."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, np.full_like(x, 40)], axis=-1).astype(np.uint8)


def cut(tiling, name):
    for _ in range(200):
        about = tiling.about(name)
        if about.ready:
            return about
        time.sleep(0.05)
    raise AssertionError("the tiles were never ready")


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_tiles_are_the_upright_picture(tiling, tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(gradient(1300, 700)).save(
        tmp_path / "a", kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {})
    )
    upright = media.decode_rgb(tmp_path / "a").astype(int)
    with pytest.raises(Conflict, match="not made yet"):
        tiling.tile("a", 0, 0, 0)
    about = cut(tiling, "a")
    assert (about.size, about.levels) == (512, 3)
    for y in range(0, upright.shape[0], 512):
        for x in range(0, upright.shape[1], 512):
            tile = media.decode_rgb(tiling.tile("a", 0, x // 512, y // 512).path)
            part = upright[y : y + 512, x : x + 512]
            assert tile.shape == part.shape
            assert np.abs(tile - part).mean() < 3
    small = media.decode_rgb(tiling.tile("a", 2, 0, 0).path)
    assert abs(small.shape[1] - upright.shape[1] / 4) <= 1
    assert np.abs(small[::8, ::8].mean() - upright[::32, ::32].mean()) < 4
    with pytest.raises(NotFound):
        tiling.tile("a", 0, 9, 0)
    tiling.forget("a")
    with pytest.raises(Conflict):
        tiling.tile("a", 0, 0, 0)


def test_pictures_that_need_no_tiles_have_none(tiling, tmp_path):
    Image.fromarray(gradient(300, 200)).save(tmp_path / "a", "PNG")
    assert not tiling.is_large("a")
    with pytest.raises(InvalidImage, match="as a whole"):
        tiling.about("a")


def test_a_broken_picture_says_so_and_leaves_nothing(tiling, tmp_path):
    path = tmp_path / "a"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (900, 1300, 3), np.uint8)).save(path, "PNG")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + b"IEND")
    with pytest.raises(InvalidImage, match="broken"):
        cut(tiling, "a")
    assert [entry for entry in (tmp_path / "cache").rglob("*") if entry.is_file()] == []
