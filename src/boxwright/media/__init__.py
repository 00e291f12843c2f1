"""Pictures and archives: the only room that opens files a person sent. OpenCV and libvips load on first use."""

from boxwright.media.drawing import draw
from boxwright.media.info import MAX_PIXELS, MIMES, ImageInfo, probe
from boxwright.media.pixels import decode_rgb, decode_within, encode_jpeg, encode_plane, encode_png
from boxwright.media.previews import THUMBNAIL_MIME, needs_view, thumbnail, view
from boxwright.media.tiles import TILE, TILE_MIME, is_large, level_count, make_tiles, tile_file

__all__ = [
    "MAX_PIXELS",
    "MIMES",
    "THUMBNAIL_MIME",
    "TILE",
    "TILE_MIME",
    "ImageInfo",
    "decode_rgb",
    "decode_within",
    "draw",
    "encode_jpeg",
    "encode_plane",
    "encode_png",
    "is_large",
    "level_count",
    "make_tiles",
    "needs_view",
    "probe",
    "thumbnail",
    "tile_file",
    "view",
]
