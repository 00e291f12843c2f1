"""Pixels in and out: any picture to upright RGB, and RGB to JPEG or PNG."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from boxwright.domain.errors import InvalidImage
from boxwright.media.info import BROKEN, ImageInfo, Source, opened

Rgb = NDArray[np.uint8]
_DEEP = ("I", "F")


def decode_rgb(source: Source, *, upright: bool = True) -> Rgb:
    """Decode a picture to a contiguous uint8 array of shape (height, width, 3), RGB.

    Grey, palette, CMYK and 16-bit pictures are converted (16 bits by their high byte, other depths stretched over their
    own range); transparency is laid over white; of an animation the first frame is taken.

    Args:
        source: a file or its bytes.
        upright: apply the EXIF orientation.

    Raises:
        InvalidImage: as `probe`, and where the pixel data is broken or cut short.
    """
    with opened(source) as (picture, info):
        return _decoded(picture, info, upright=upright)


def decode_within(source: Source, within: tuple[int, int] | None) -> tuple[Rgb, tuple[int, int]]:
    """Decode a picture upright for somebody who shows it in less than its pixels; return also its true size.

    A JPEG is decoded at a half, a quarter or an eighth of its sides where that is what is shown, or at least twice as
    large: the means of its pixels cost a part of the pixels themselves, and scaling them further shows no difference.

    Args:
        source: a file or its bytes.
        within: width and height that it is scaled to fit into; None where every pixel counts.

    Returns:
        RGB (h, w, 3), and (width, height) of the picture.

    Raises:
        InvalidImage: as `decode_rgb`.
    """
    with opened(source) as (picture, info):
        size = (info.upright_width, info.upright_height)
        if within is not None and info.format == "jpeg":
            divisor = _divisor(size, max(full / side for side, full in zip(within, size, strict=True)))
            picture.draft(None, (info.width // divisor, info.height // divisor))
        return _decoded(picture, info, upright=True), size


def _divisor(size: tuple[int, int], shrinks: float) -> int:
    """Return by how much the sides of a JPEG may be divided where it is shown `shrinks` times smaller."""
    for divisor in (8, 4, 2):
        if divisor <= shrinks / 2 or all(abs(side / divisor - side / shrinks) < 1 for side in size):
            return divisor
    return 1


def _decoded(picture: Image.Image, info: ImageInfo, *, upright: bool) -> Rgb:
    try:
        array = _rgb(picture)
    except BROKEN as error:
        raise InvalidImage(f"the picture is broken or cut short: {error}") from error
    # Pillow turns TIFF upright while it decodes.
    have = info.orientation if info.format == "tiff" else 1
    want = info.orientation if upright else 1
    if have != want:
        array = turn(array, info.orientation) if upright else turn(array, _INVERSE[info.orientation])
    return np.ascontiguousarray(array)


def _rgb(picture: Image.Image) -> Rgb:
    if picture.mode.startswith("I;16") or picture.mode in _DEEP:
        grey = _deep_to_8bit(np.asarray(picture), wide=picture.mode in _DEEP)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    if picture.mode != "RGB":  # converting makes a copy even where there is nothing to convert
        picture = picture.convert("RGB")
    # Half the time of np.array(picture), which joins the rows in small pieces.
    return np.frombuffer(picture.tobytes(), np.uint8).reshape(picture.height, picture.width, 3).copy()


def _deep_to_8bit(values: NDArray[Any], *, wide: bool) -> Rgb:
    if not wide:
        values = values >> 8
    elif values.min() < 0 or values.max() > 255 or not np.isfinite(values).all():
        values = np.nan_to_num(values.astype(np.float64))
        low, high = values.min(), values.max()
        values = (values - low) * (255 / max(high - low, 1e-12))
    return np.asarray(values.clip(0, 255), dtype=np.uint8)


_INVERSE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}


def turn(array: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn pixels (height, width, ...) as stored with an EXIF orientation of 1-8 upright. Returns a view."""
    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    return array


def encode_jpeg(rgb: Rgb, quality: int = 90) -> bytes:
    """Encode a uint8 RGB array of shape (height, width, 3) as JPEG, `quality` 1-100."""
    return _encode(".jpg", rgb, {"JPEG_QUALITY": quality})


def encode_png(rgb: Rgb) -> bytes:
    """Encode a uint8 RGB array of shape (height, width, 3) as PNG, lossless."""
    return _encode(".png", rgb, {"PNG_COMPRESSION": 1})


def encode_plane(values: NDArray[np.uint8] | NDArray[np.uint16], palette: bytes | None = None) -> bytes:
    """Encode an array of shape (height, width) as a PNG of one channel, 8 or 16 bits, lossless.

    Args:
        values: what each pixel holds.
        palette: red, green, blue of each value; for 8 bits only.
    """
    picture = Image.fromarray(np.ascontiguousarray(values))
    if palette is not None:
        picture.putpalette(palette)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _encode(suffix: str, rgb: Rgb, options: dict[str, int]) -> bytes:
    import cv2

    flags = [value for name, option in options.items() for value in (getattr(cv2, f"IMWRITE_{name}"), option)]
    done, data = cv2.imencode(suffix, cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2BGR), flags)
    if not done:
        raise InvalidImage("the picture could not be encoded")
    return bytes(data)
