"""From a box, from clicks, or from both to the outline of one object. Nothing here was trained."""

import cv2
import numpy as np

from boxwright.domain.assist import Prompt
from boxwright.domain.geometry import Point, Polygon
from boxwright.ml.assist.cut import cut_out
from boxwright.ml.assist.flood import filled, region_of
from boxwright.ml.assist.guesses import guess_by_region, guess_in_box
from boxwright.ml.assist.lines import SPECK, outlined
from boxwright.ml.assist.window import Floats, Rgb, Window, grown, open_window

# Pixels of the longer side that the work is done on: more makes outlines finer, and slower by the square.
SIDE = 224
_MARGIN = 0.25
_LEAST_MARGIN = 6.0
_SPECK = 0.08


def segment(rgb: Rgb, prompt: Prompt) -> Polygon | None:
    """Return the outline of the object that is meant, or None where nothing stands out."""
    if prompt.box is not None:
        window = open_window(rgb, grown(prompt.box, _MARGIN, _LEAST_MARGIN), SIDE)
        inside, outside = _clicks(window, prompt)
        guess = guess_in_box(window, window.bounds(prompt.box), inside, outside)
    else:
        window = _found(rgb, prompt)
        inside, outside = _clicks(window, prompt)
        guess = guess_by_region(region_of(window.pixels, inside, outside), inside, outside)
    field = _kept(cut_out(window.pixels, guess), inside, outside)
    # A hole that was clicked stays, however small.
    return outlined(field, window, (rgb.shape[1], rgb.shape[0]), 0.0 if prompt.outside else SPECK)


def _found(rgb: Rgb, prompt: Prompt) -> Window:
    """Return a window around what the clicks are on, which is sought in the view first."""
    height, width = rgb.shape[:2]
    xs, ys = zip(*prompt.inside, *prompt.outside, strict=True)
    view = prompt.view or (0.0, 0.0, float(width), float(height))
    whole = (min(view[0], *xs), min(view[1], *ys), max(view[2], *xs) + 1, max(view[3], *ys) + 1)
    far = open_window(rgb, whole, SIDE)
    region = region_of(far.pixels, *_clicks(far, prompt))
    rows, columns = np.flatnonzero(region.any(1)), np.flatnonzero(region.any(0))
    found = far.outward((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    near = (min(found[0], *xs), min(found[1], *ys), max(found[2], *xs) + 1, max(found[3], *ys) + 1)
    return open_window(rgb, grown(near, 2 * _MARGIN, _LEAST_MARGIN), SIDE)


def _clicks(window: Window, prompt: Prompt) -> tuple[list[Point], list[Point]]:
    return [window.point(point) for point in prompt.inside], [window.point(point) for point in prompt.outside]


def _kept(field: Floats, inside: list[Point], outside: list[Point]) -> Floats:
    """Leave the parts that were clicked, or all but specks where none was; close holes nobody asked for."""
    found = field > 0
    if not outside:
        found = filled(found)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8), connectivity=4)
    if count < 2:
        return field
    sizes = stats[1:, cv2.CC_STAT_AREA]
    chosen = {int(labels[int(y), int(x)]) for x, y in inside if 0 <= y < found.shape[0] and 0 <= x < found.shape[1]}
    chosen -= {0}
    kept = chosen or {int(i) + 1 for i in np.flatnonzero(sizes >= _SPECK * sizes.max())}
    parts = np.isin(labels, list(kept))
    field = np.where(parts & (field <= 0), 0.5, field)
    return np.asarray(np.where(found & ~parts, -0.5, field), np.float32)
