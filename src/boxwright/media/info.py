"""What a picture is, from its first bytes: format, size, orientation. Nothing is decoded here.

The bytes decide, never the extension; only the formats of `MIMES` are opened at all.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from PIL import Image, UnidentifiedImageError

from boxwright.domain.errors import InvalidImage

Source = Path | bytes
ImageFormat = Literal["jpeg", "png", "webp", "bmp", "tiff", "gif", "avif"]

MAX_PIXELS = 512_000_000
MAX_SIDE = 65_535
MIMES: dict[ImageFormat, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "avif": "image/avif",
}
_LOADERS: dict[str, ImageFormat] = {
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "PNG": "png",
    "WEBP": "webp",
    "BMP": "bmp",
    "TIFF": "tiff",
    "GIF": "gif",
    "AVIF": "avif",
}
# Pillow has no one exception for broken bytes.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RuntimeError,
    struct.error,
    Warning,
)
_ORIENTATION = 0x0112
_HEIC = frozenset((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"))
_DOCUMENTS = (b"<?xml", b"<svg", b"<!doctype", b"<html", b"%pdf", b"%!ps", b"pk\x03\x04", b"8bps")
_TAIL = 1 << 16
_ENDS: dict[ImageFormat, bytes] = {"jpeg": b"\xff\xd9", "png": b"IEND"}

# The limit below is ours and is checked from the header, before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageInfo:
    """A picture by its header.

    `width` and `height` are pixels as stored, before EXIF `orientation` (1-8; anything else counts as 1) is applied.
    `animated` marks pictures with more than one frame, of which only the first is used; `mode` is Pillow's pixel mode.
    """

    format: ImageFormat
    width: int
    height: int
    orientation: int
    animated: bool = False
    mode: str = "RGB"

    @property
    def mime(self) -> str:
        """The media type of the stored bytes."""
        return MIMES[self.format]

    @property
    def upright_width(self) -> int:
        """Width in pixels as a person sees the picture."""
        return self.height if self.orientation >= 5 else self.width

    @property
    def upright_height(self) -> int:
        """Height in pixels as a person sees the picture."""
        return self.width if self.orientation >= 5 else self.height


def probe(source: Source) -> ImageInfo:
    """Read the header of a picture.

    Raises:
        InvalidImage: with code `image_empty`, `image_format` (not a format we open), `image_too_large` (over
            512 megapixels or 65,535 pixels a side) or `image_unreadable` (broken or cut short).
    """
    with opened(source) as (_, info):
        return info


@contextmanager
def opened(source: Source) -> Iterator[tuple[Image.Image, ImageInfo]]:
    """Open a picture lazily and check its header; pixels are decoded only when asked for. Raises as `probe`."""
    with _stream(source) as stream:
        _check_start(stream)
        try:
            picture = Image.open(stream, formats=tuple(name for name in _LOADERS if name != "MPO"))
        except UnidentifiedImageError as error:
            raise InvalidImage("not a picture that can be opened, or broken at its start") from error
        except BROKEN as error:
            raise InvalidImage(f"the picture cannot be read: {error}") from error
        try:
            info = _describe(picture)
            _check_end(picture, stream, info)
        except BROKEN as error:
            raise InvalidImage(f"the picture cannot be read: {error}") from error
        yield picture, info


@contextmanager
def _stream(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    try:
        stream = source.open("rb")
    except OSError as error:
        raise InvalidImage(f"{source.name}: the file cannot be opened ({error.strerror})") from error
    with stream:
        yield stream


def _check_start(stream: BinaryIO) -> None:
    head = stream.read(64)
    stream.seek(0)
    if not head:
        raise InvalidImage("the file is empty (0 bytes)", code="image_empty")
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC and b"avif" not in head:
        raise InvalidImage("HEIC pictures cannot be opened here: convert them to JPEG or PNG", code="image_format")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_DOCUMENTS):
        message = "SVG, PDF and other documents are not accepted: use JPEG, PNG, WebP, BMP, TIFF, GIF or AVIF"
        raise InvalidImage(message, code="image_format")


def _describe(picture: Image.Image) -> ImageInfo:
    kind = _LOADERS[picture.format or ""]
    width, height = picture.size
    if width < 1 or height < 1:
        raise InvalidImage(f"the picture has no pixels ({width} x {height})")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        limit = f"at most {MAX_PIXELS // 1_000_000} megapixels and {MAX_SIDE:,} a side"
        raise InvalidImage(f"{width} x {height} pixels are too many: {limit}", code="image_too_large")
    orientation = _orientation(picture, kind)
    if kind == "tiff" and orientation >= 5:  # Pillow gives TIFF sizes upright already
        width, height = height, width
    animated = kind != "tiff" and picture.format != "MPO" and bool(getattr(picture, "is_animated", False))
    return ImageInfo(
        format=kind, width=width, height=height, orientation=orientation, animated=animated, mode=picture.mode
    )


def _orientation(picture: Image.Image, kind: ImageFormat) -> int:
    """EXIF orientation 1-8. XMP is not asked: browsers and OpenCV do not look there either."""
    try:
        if kind == "tiff":
            value = picture.tag_v2.get(_ORIENTATION)  # type: ignore[attr-defined]
        else:
            exif = Image.Exif()
            exif.load(picture.info.get("exif") or b"")
            value = exif.get(_ORIENTATION)
    except BROKEN:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _check_end(picture: Image.Image, stream: BinaryIO, info: ImageInfo) -> None:
    """Decode a picture whose end mark is missing: a broken upload shows here, a merely sloppy writer does not."""
    mark = _ENDS.get(info.format)
    if mark is None:
        return
    position = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    found = mark in stream.read()
    stream.seek(position)
    if not found:
        picture.load()
