"""Thumbnails and browser views."""

import io

import numpy as np
import pytest
from PIL import Image

from boxwright.domain.errors import InvalidImage
from boxwright.media import decode_rgb, needs_view, probe, thumbnail, view


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "BMP", "GIF"])
@pytest.mark.parametrize("orientation", [None, *range(10)])
def test_thumbnail_and_view_are_upright(kind, orientation, encode):
    if orientation is not None and kind in ("BMP", "GIF"):
        pytest.skip("the format has no orientation")
    data = encode(kind, orientation=orientation)
    upright = decode_rgb(data).astype(int)
    small = thumbnail(data, 160)
    assert probe(small).format == "webp"
    assert probe(small).orientation == 1
    assert np.abs(decode_rgb(small) - upright).mean() < 12
    mime, shown = view(data)
    assert mime == probe(shown).mime
    assert not needs_view(probe(shown))
    assert np.abs(decode_rgb(shown) - upright).mean() < 6


def test_thumbnail_fits_and_never_grows(encode):
    assert max(decode_rgb(thumbnail(encode("JPEG"), 30)).shape[:2]) == 30
    assert decode_rgb(thumbnail(encode("JPEG"), 640)).shape == (40, 60, 3)


def test_thumbnail_from_odd_file_names(encode, tmp_path):
    for name in ("a[page=9].jpg", "b [n=-1]", "c#%=é.png", "-x.jpg"):
        path = tmp_path / name
        path.write_bytes(encode("JPEG"))
        assert probe(thumbnail(path, 20)).width == 20


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK"])
def test_thumbnails_of_all_modes(mode, encode):
    data = encode("TIFF" if mode == "CMYK" else "PNG", mode=mode)
    assert np.abs(decode_rgb(thumbnail(data, 160)).astype(int) - decode_rgb(data)).mean() < 30


def test_sixteen_bit_thumbnail():
    out = io.BytesIO()
    Image.fromarray(np.full((20, 20), 40_000, np.uint16)).save(out, "PNG")
    assert abs(int(decode_rgb(thumbnail(out.getvalue(), 10)).mean()) - 156) < 4


def test_plain_pictures_are_served_as_they_are(encode, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(encode("JPEG"))
    assert view(path) == ("image/jpeg", path.read_bytes())
    assert view(encode("PNG"))[0] == "image/png"


def test_animation_shows_its_first_frame():
    frames = [Image.new("RGB", (8, 6), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    mime, shown = view(out.getvalue())
    assert mime == "image/png"
    assert tuple(decode_rgb(shown)[0, 0]) == (255, 0, 0)
    assert not probe(thumbnail(out.getvalue(), 8)).animated


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_broken_pixels_are_an_error_not_a_grey_picture(kind):
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, kind)
    data = out.getvalue()
    broken = data[: len(data) // 2] if kind == "TIFF" else data[: len(data) // 2] + data[-12:]
    with pytest.raises(InvalidImage):
        thumbnail(broken, 20)


def test_svg_is_never_a_view():
    with pytest.raises(InvalidImage):
        view(b"<svg onload='alert(1)'/>")
    with pytest.raises(InvalidImage):
        thumbnail(b"<svg onload='alert(1)'/>", 100)
