"""libvips: pictures read in strips, in little memory."""

import logging
from typing import Any

from boxwright.media.info import ImageFormat

SHRINK_ON_LOAD: tuple[ImageFormat, ...] = ("jpeg", "png", "webp", "tiff")


def upright(picture: Any, orientation: int) -> Any:
    """Turn a picture as stored with an EXIF orientation of 1-8 upright."""
    if orientation >= 5:  # transpose = turn clockwise, then mirror
        picture = picture.rot90().fliphor()
    if orientation in (2, 3, 6, 7):
        picture = picture.fliphor()
    if orientation in (3, 4, 7, 8):
        picture = picture.flipver()
    return picture


def vips() -> Any:
    """Import libvips (slow, so late) and close every loader but the four that are used."""
    import pyvips

    logging.getLogger("pyvips").setLevel(logging.ERROR)  # what it warns of is raised, or is none of our business
    if not _vips_ready:
        pyvips.operation_block_set("VipsForeignLoad", True)
        for name in ("Jpeg", "Png", "Webp", "Tiff"):
            pyvips.operation_block_set(f"VipsForeignLoad{name}", False)
        pyvips.cache_set_max(0)  # pictures are seen once; the cache would keep files open
        _vips_ready.append(True)
    return pyvips


_vips_ready: list[bool] = []
