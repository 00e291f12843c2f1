"""Very large pictures as a pyramid of tiles: level 0 is the picture itself, each further level is half as large."""

import math
from pathlib import Path

from boxwright.domain.errors import InvalidImage
from boxwright.media.info import ImageInfo
from boxwright.media.vips import SHRINK_ON_LOAD, upright, vips

TILE = 512
TILE_MIME = "image/jpeg"
# Beyond this a browser would need too long, and too much memory, for the picture as a whole.
LARGE_PIXELS = 40_000_000
LARGE_SIDE = 8_192
_QUALITY = 88


def is_large(info: ImageInfo) -> bool:
    """Tell whether a picture is shown from tiles: it is very large, and of a format that can be read in strips."""
    large = info.width * info.height > LARGE_PIXELS or max(info.width, info.height) > LARGE_SIDE
    return large and info.format in SHRINK_ON_LOAD and not info.animated


def level_count(info: ImageInfo) -> int:
    """Return how many levels a picture has; the last one is a single tile."""
    return 1 + max(0, math.ceil(math.log2(max(info.width, info.height) / TILE)))


def tile_file(folder: Path, levels: int, level: int, x: int, y: int) -> Path:
    """Return where a tile lies; libvips counts levels from the smallest one."""
    return folder / str(levels - 1 - level) / f"{x}_{y}.jpg"


def make_tiles(source: Path, folder: Path, info: ImageInfo) -> None:
    """Write all tiles into the new folder `folder`, reading the picture once, in strips. Raises InvalidImage."""
    library = vips()
    # Turning needs all of it: libvips then keeps it in a file, not in memory.
    access = "sequential" if info.orientation == 1 else "random"
    try:
        if source.name.endswith("]"):  # libvips takes brackets at the end of a path for options
            raise InvalidImage(f"{source.name}: a name that ends in a bracket cannot be read in strips")
        picture = library.Image.new_from_file(str(source), access=access, fail_on="error").colourspace("srgb")
        if picture.hasalpha():
            picture = picture.flatten(background=255)
        picture = upright(picture.cast("uchar"), info.orientation)
        # "dz" appends `_files` to the name that it is given.
        base = folder.with_name(folder.name.removesuffix("_files"))
        options = {"layout": "dz", "depth": "onetile", "tile_size": TILE, "overlap": 0, "keep": "none"}
        picture.dzsave(str(base), suffix=f".jpg[Q={_QUALITY}]", **options)
        base.with_name(f"{base.name}.dzi").unlink(missing_ok=True)
    except library.Error as error:
        first = str(error).strip().splitlines()[0]
        raise InvalidImage(f"the picture is broken or cut short: {first}") from error
