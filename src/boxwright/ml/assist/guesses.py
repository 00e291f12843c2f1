"""First guesses: where in a window an object may be, by the box around it or by the clicks on it."""

import cv2
import numpy as np

from boxwright.domain.geometry import Bounds, Point
from boxwright.ml.assist.cut import Guess
from boxwright.ml.assist.window import Flags, Floats, Window

# Objects fill their box like something between an ellipse and the box, a little more than the ellipse.
_ROUND = 1.05
_STEEP = 6.0
_DOT = 2


def guess_in_box(window: Window, box: Bounds, inside: list[Point], outside: list[Point]) -> Guess:
    """Return the guess for an object in a box of the window; clicks say more."""
    x0, y0, x1, y1 = box
    rows, columns = window.shape
    across = np.abs((np.arange(columns) + 0.5 - (x0 + x1) / 2) / ((x1 - x0) / 2))[None, :]
    down = np.abs((np.arange(rows) + 0.5 - (y0 + y1) / 2) / ((y1 - y0) / 2))[:, None]
    leaning = np.asarray(_STEEP * (_ROUND - np.hypot(across, down)), np.float32)
    room = (across <= 1) & (down <= 1)
    if not room.any():  # thinner than a pixel
        room = (across == across.min()) & (down == down.min())
    return _with_clicks(leaning, room, inside, outside)


def guess_by_region(region: Flags, inside: list[Point], outside: list[Point]) -> Guess:
    """Return the guess for an object that fills about a region."""
    here = region.astype(np.uint8)
    depth = cv2.distanceTransform(here, cv2.DIST_L2, 3) - cv2.distanceTransform(1 - here, cv2.DIST_L2, 3)
    reach = max(2.0, 0.1 * float(np.sqrt(np.count_nonzero(region))))
    leaning = np.asarray(np.clip(depth / reach, -1, 1) * (_STEEP / 2), np.float32)
    return _with_clicks(leaning, depth > -2 * reach, inside, outside)


def _with_clicks(leaning: Floats, room: Flags, inside: list[Point], outside: list[Point]) -> Guess:
    """Let the clicks stand, and what is around them lean their way."""
    said = dots(leaning.shape, inside), dots(leaning.shape, outside)
    reach = 0.12 * float(np.sqrt(np.count_nonzero(room)))
    for points, sign in ((inside, 1.0), (outside, -1.0)):
        for x, y in points:
            rows, columns = leaning.shape
            far = np.hypot(np.arange(columns)[None, :] + 0.5 - x, np.arange(rows)[:, None] + 0.5 - y)
            leaning = np.asarray(leaning + sign * _STEEP * np.exp(-0.5 * (far / max(reach, 1)) ** 2), np.float32)
    return Guess(leaning=leaning, room=room | said[0], inside=said[0], outside=said[1] & ~said[0])


def dots(shape: tuple[int, ...], points: list[Point]) -> Flags:
    """Return the pixels right under the clicks."""
    drawn = np.zeros(shape, np.uint8)
    for x, y in points:
        cv2.circle(drawn, (int(x), int(y)), _DOT, 1, -1)
    return drawn.astype(bool)
