"""Boxes and outlines drawn into a picture, for people to look at."""

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from boxwright.domain import raster
from boxwright.domain.detections import DetectionRow
from boxwright.domain.geometry import Polygon
from boxwright.domain.projects import CLASS_COLORS
from boxwright.media.pixels import Rgb

_FILL = 0.3


def draw(rgb: Rgb, rows: Sequence[DetectionRow], colors: Mapping[int, str], *, scores: bool = True) -> Rgb:
    """Return a copy of `rgb` (height, width, 3) with each detection's shape, class name and score.

    The shape is the outline, filled with a tint, where there is one, else the box.

    Args:
        rgb: uint8 picture.
        rows: detections; boxes in pixels of this picture. The least certain are drawn first.
        colors: `#rrggbb` by class id; a class without one gets its place in the colour cycle.
        scores: whether they are written; annotations have none.
    """
    rows = sorted(rows, key=lambda row: row.score)
    inks = [colors.get(row.class_id) or CLASS_COLORS[row.class_id % len(CLASS_COLORS)] for row in rows]
    picture = Image.fromarray(_tinted(rgb, rows, inks))
    pen = ImageDraw.Draw(picture)
    longest = max(picture.size)
    width = max(1, round(longest / 400))
    font = ImageFont.load_default(size=max(10, round(longest / 55)))
    for row, color in zip(rows, inks, strict=True):
        x0, y0, x1, y1 = row.box
        if row.mask is None:
            pen.rectangle((x0, y0, max(x0, x1 - 1), max(y0, y1 - 1)), outline=color, width=width)
        else:
            _line(pen, row.mask, color, width)
        _label(
            pen,
            picture.size,
            (x0, y0, y1),
            f"{row.class_name} {row.score:.2f}" if scores else row.class_name,
            color,
            font,
        )
    return np.array(picture)


def _tinted(rgb: Rgb, rows: Sequence[DetectionRow], inks: Sequence[str]) -> Rgb:
    """Return a copy with the inside of each outline tinted."""
    tinted = rgb.copy()
    for row, color in zip(rows, inks, strict=True):
        if row.mask is not None:
            x, y, inside = raster.patch(row.mask, rgb.shape[1], rgb.shape[0])
            under = tinted[y : y + inside.shape[0], x : x + inside.shape[1]]
            ink = np.array(ImageColor.getrgb(color)[:3], np.float32)
            under[inside] = np.rint(under[inside] * (1 - _FILL) + ink * _FILL)
    return tinted


def _line(pen: ImageDraw.ImageDraw, mask: Polygon, color: str, width: int) -> None:
    """Draw along the rings; a point lies between pixels, as the corners of boxes do."""
    for ring in mask.rings:
        path = [(x - 0.5, y - 0.5) for x, y in (*ring, *ring[:2])]
        pen.line(path, fill=color, width=width, joint="curve")


def _label(
    pen: ImageDraw.ImageDraw,
    size: tuple[int, int],
    place: tuple[float, float, float],
    text: str,
    color: str,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
) -> None:
    """Write the label above the box, or inside it where there is no room above; always within the picture."""
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    pad = max(1, round((bottom - top) / 6))
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    x0, y0, _ = place
    x = min(max(0.0, x0), max(0.0, size[0] - width))
    y = y0 - height if y0 >= height else max(0.0, min(y0, size[1] - height))
    pen.rectangle((x, y, x + width, y + height), fill=color)
    pen.text((x + pad - left, y + pad - top), text, fill=_ink(color), font=font)


def _ink(color: str) -> str:
    """Black or white, whichever stands out (luma of Rec. 601)."""
    red, green, blue = ImageColor.getrgb(color)[:3]
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"
