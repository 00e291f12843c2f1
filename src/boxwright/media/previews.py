"""What browsers are sent: thumbnails, and upright pictures where the original cannot be shown as it is."""

import io
from pathlib import Path

from PIL import Image

from boxwright.media.info import MIMES, ImageInfo, Source, probe
from boxwright.media.pixels import decode_rgb, encode_jpeg, encode_png
from boxwright.media.vips import SHRINK_ON_LOAD, upright, vips

THUMBNAIL_MIME = "image/webp"
_QUALITY = 80


def needs_view(info: ImageInfo) -> bool:
    """Tell whether a browser would not show the stored bytes as we see them (turned, animated, or a foreign format)."""
    return info.format not in ("jpeg", "png", "webp") or info.orientation != 1 or info.animated


def view(source: Source) -> tuple[str, bytes]:
    """Return media type and bytes of the picture, upright, in a format every browser shows. Raises InvalidImage."""
    info = probe(source)
    if not needs_view(info):
        return info.mime, source if isinstance(source, bytes) else source.read_bytes()
    rgb = decode_rgb(source)
    if info.format == "jpeg":
        return MIMES["jpeg"], encode_jpeg(rgb, quality=95)
    return MIMES["png"], encode_png(rgb)


def thumbnail(source: Source, size: int) -> bytes:
    """Return an upright WebP that fits into `size` x `size` pixels (never enlarged). Raises InvalidImage."""
    info = probe(source)
    if info.format in SHRINK_ON_LOAD and not info.animated and info.mode != "CMYK":
        small = _shrink(source, size, info)
        if small is not None:
            return small
    picture = Image.fromarray(decode_rgb(source))
    picture.thumbnail((size, size))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()


def _shrink(source: Source, size: int, info: ImageInfo) -> bytes | None:
    """Let libvips make the thumbnail in little memory; None where it stumbles and the plain way has to decide."""
    library = vips()
    if isinstance(source, Path) and source.name.endswith("]"):
        source = source.read_bytes()  # libvips takes brackets at the end of a path for options
    # Not vips.thumbnail: it gives a half-grey picture where the file is cut short, whatever `fail_on` says.
    options: dict[str, object] = {"access": "sequential", "fail_on": "error"}
    if info.format == "jpeg":
        fits = max(info.width, info.height) // (2 * size)  # the last halving is left to the better filter
        options["shrink"] = next(shrink for shrink in (8, 4, 2, 1) if fits >= shrink or shrink == 1)
    try:
        if isinstance(source, bytes):
            picture = library.Image.new_from_buffer(source, "", **options)
        else:
            picture = library.Image.new_from_file(str(source), **options)
        picture = picture.thumbnail_image(size, height=size, size="down", no_rotate=True).colourspace("srgb")
        if picture.hasalpha():
            picture = picture.flatten(background=255)
        picture = upright(picture.copy_memory(), info.orientation)
        return bytes(picture.webpsave_buffer(Q=_QUALITY, effort=2, keep="none"))
    except library.Error:
        return None
