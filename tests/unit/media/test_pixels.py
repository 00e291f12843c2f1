"""Decoding: one result for every way a picture can be stored."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from boxwright.domain.errors import InvalidImage
from boxwright.media import decode_rgb, decode_within, encode_jpeg, encode_png, probe
from boxwright.media.pixels import turn


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_agrees_with_pillow(kind, orientation, encode, quarters):
    data = encode(kind, orientation=orientation)
    reference = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")).astype(int)
    upright = decode_rgb(data)
    assert upright.dtype == np.uint8
    assert upright.flags.c_contiguous
    assert upright.shape == reference.shape
    assert np.abs(upright - reference).max() <= 2
    stored = decode_rgb(data, upright=False)
    assert np.abs(stored.astype(int) - quarters).mean() < 8
    info = probe(data)
    assert upright.shape[:2] == (info.upright_height, info.upright_width)


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize(
    ("within", "divisor"),
    [((32, 24), 8), ((640, 8), 8), ((60, 60), 2), ((64, 48), 4), ((128, 96), 2), ((100, 75), 1), ((640, 640), 1)],
)
def test_a_jpeg_is_decoded_as_small_as_is_enough(orientation, within, divisor):
    sharp = np.random.default_rng(5).integers(0, 256, (12, 16, 3), np.uint8).repeat(16, 0).repeat(16, 1)
    picture = Image.fromarray(sharp)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, subsampling=0, exif=exif.tobytes())
    whole = decode_rgb(out.getvalue())
    if orientation == 6:
        within = within[::-1]
    small, size = decode_within(out.getvalue(), within)
    assert size == (whole.shape[1], whole.shape[0])
    assert small.shape == (whole.shape[0] // divisor, whole.shape[1] // divisor, 3)
    means = whole.reshape(small.shape[0], divisor, small.shape[1], divisor, 3).mean((1, 3))
    assert np.abs(means - small).mean() < 3
    assert np.array_equal(decode_within(out.getvalue(), None)[0], whole)


def test_only_a_jpeg_is_decoded_smaller(encode, quarters):
    data = encode("PNG")
    small, size = decode_within(data, (4, 4))
    assert small.shape == quarters.shape
    assert size == (quarters.shape[1], quarters.shape[0])


def test_a_broken_jpeg_is_not_decoded_smaller_either(encode):
    data = encode("JPEG")
    with pytest.raises(InvalidImage, match=r"cut short|Truncated"):
        decode_within(data[: len(data) // 2], (4, 4))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "L"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("TIFF", "CMYK"),
        ("GIF", "P"),
        ("BMP", "RGB"),
    ],
)
def test_modes(kind, mode, encode, quarters):
    rgb = decode_rgb(encode(kind, mode=mode))
    assert rgb.shape == quarters.shape
    grey = np.asarray(Image.fromarray(quarters).convert("L"))
    if mode == "1":
        assert set(np.unique(rgb)) <= {0, 255}
    elif mode in ("L", "LA"):
        assert np.abs(rgb[..., 0].astype(int) - grey).mean() < 3
    else:
        assert np.abs(rgb.astype(int) - quarters).mean() < 10


def test_sixteen_bits_keep_their_high_byte():
    deep = (np.arange(256, dtype=np.uint16).reshape(16, 16) << 8) + 77
    out = io.BytesIO()
    Image.fromarray(deep).save(out, "PNG")
    rgb = decode_rgb(out.getvalue())
    assert np.array_equal(rgb[..., 0], np.arange(256).reshape(16, 16))
    assert np.array_equal(rgb[..., 0], rgb[..., 2])


def test_float_tiff_is_stretched_over_its_range():
    out = io.BytesIO()
    Image.fromarray(np.linspace(-5, 5, 100, dtype=np.float32).reshape(10, 10)).save(out, "TIFF")
    rgb = decode_rgb(out.getvalue())
    assert (rgb.min(), rgb.max()) == (0, 255)


def test_transparency_lies_over_white():
    picture = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    picture.putpixel((0, 0), (0, 0, 255, 255))
    out = io.BytesIO()
    picture.save(out, "PNG")
    rgb = decode_rgb(out.getvalue())
    assert tuple(rgb[0, 0]) == (0, 0, 255)
    assert tuple(rgb[3, 3]) == (255, 255, 255)


def test_transparent_palette_lies_over_white():
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([10, 20, 30] * 256)
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=0)
    assert (decode_rgb(out.getvalue()) == 255).all()


def test_first_frame_of_an_animation():
    frames = [Image.new("RGB", (8, 6), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert tuple(decode_rgb(out.getvalue())[0, 0]) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_truncated_pictures_say_so(kind, encode):
    data = encode(kind)
    with pytest.raises(InvalidImage) as caught:
        decode_rgb(data[: len(data) * 2 // 3])
    assert caught.value.code == "image_unreadable"


def test_file_and_bytes_give_the_same(encode, tmp_path):
    path = tmp_path / "ünïcode [1] 100%.jpg"
    path.write_bytes(encode("JPEG"))
    assert np.array_equal(decode_rgb(path), decode_rgb(path.read_bytes()))


def test_encoders_round_trip(quarters):
    assert np.array_equal(decode_rgb(encode_png(quarters)), quarters)
    assert np.abs(decode_rgb(encode_jpeg(quarters, quality=95)).astype(int) - quarters).mean() < 8
    assert probe(encode_jpeg(quarters)).format == "jpeg"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turn_is_a_view_and_keeps_all_pixels(orientation, quarters):
    turned = turn(quarters, orientation)
    assert np.shares_memory(turned, quarters)
    assert turned.sum() == quarters.sum()
