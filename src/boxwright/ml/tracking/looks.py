"""What an object looks like: small grey patches of it, compared whatever the light is."""

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]
# Pixels of a patch's side.
SIDE = 32
# How much of an object must be in the picture to be compared.
_SEEN = 0.15
_BANK = 6
_NEW, _SURE = 0.88, 0.8
_FOLLOW = 0.25


class Box:
    """A box by its middle and size, in pixels; it may stick out of the picture."""

    def __init__(self, cx: float, cy: float, w: float, h: float) -> None:
        self.cx, self.cy, self.w, self.h = cx, cy, w, h

    @classmethod
    def of(cls, x0: float, y0: float, x1: float, y1: float) -> "Box":
        """Return the box with these corners."""
        return cls((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """The corners `x0, y0, x1, y1`."""
        return (self.cx - self.w / 2, self.cy - self.h / 2, self.cx + self.w / 2, self.cy + self.h / 2)

    def moved(self, dx: float, dy: float, scale: float = 1.0) -> "Box":
        """Return the box elsewhere and of another size."""
        return Box(self.cx + dx, self.cy + dy, self.w * scale, self.h * scale)

    def seen(self, gray: Gray) -> float:
        """Return how much of the box lies in the picture, 0 to 1."""
        x0, y0, x1, y1 = self.corners
        wide = min(x1, gray.shape[1]) - max(x0, 0)
        high = min(y1, gray.shape[0]) - max(y0, 0)
        return float(max(wide, 0) * max(high, 0) / (self.w * self.h))


def view(gray: Gray, box: Box, margin: float = 0.0) -> Floats:
    """Return a box and `margin` of it on each side; the box is `SIDE` pixels wide and high, whatever its shape.

    Beyond the picture its border goes on.
    """
    size = round(SIDE * (1 + 2 * margin))
    x0, y0, x1, y1 = Box(box.cx, box.cy, box.w * size / SIDE, box.h * size / SIDE).corners
    sx, sy = box.w / SIDE, box.h / SIDE
    if max(sx, sy) < 2:
        # Middles of pixels: pixel 0 covers the first sx pixels of the box.
        matrix = np.array([[sx, 0, x0 + sx / 2 - 0.5], [0, sy, y0 + sy / 2 - 0.5]], np.float64)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(
            cv2.warpAffine(gray, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32
        )
    left, top = round(x0), round(y0)
    columns = np.clip(np.arange(left, max(left + 1, round(x1))), 0, gray.shape[1] - 1)
    rows = np.clip(np.arange(top, max(top + 1, round(y1))), 0, gray.shape[0] - 1)
    part = np.ascontiguousarray(gray[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    above, below = (int((rows == end).sum()) - 1 for end in (rows[0], rows[-1]))
    before, after = (int((columns == end).sum()) - 1 for end in (columns[0], columns[-1]))
    if above or below or before or after:
        part = np.asarray(cv2.copyMakeBorder(part, above, below, before, after, cv2.BORDER_REPLICATE), np.uint8)
    return np.asarray(cv2.resize(part, (size, size), interpolation=cv2.INTER_AREA), np.float32)


def patch(gray: Gray, box: Box) -> tuple[Floats, Floats]:
    """Return what is in a box, `SIDE` pixels wide and high, and where of it the picture is (1, else 0)."""
    x0, y0, _, _ = box.corners
    at_x, at_y = (start + (np.arange(SIDE) + 0.5) * side / SIDE for start, side in ((x0, box.w), (y0, box.h)))
    inside_x = (at_x >= 0) & (at_x <= gray.shape[1])
    inside_y = (at_y >= 0) & (at_y <= gray.shape[0])
    return view(gray, box), np.asarray(inside_y[:, None] & inside_x[None, :], np.float32)


def _window() -> Floats:
    """Weights: the middle of a box is the object, its corners are often not."""
    line = np.hanning(SIDE + 2)[1:-1] ** 0.5
    return np.asarray(np.outer(line, line), np.float32)


_WEIGHTS = _window()


def likeness(a: Floats, b: Floats, mask: Floats) -> float:
    """Return how alike two patches are where the mask is 1, whatever the light is: -1 to 1.

    Half of it is what is light and dark, half where edges are and which way they run: a thing and the empty place where
    it stood may both be light above and dark below.
    """
    weights = _WEIGHTS * mask
    total = float(weights.sum())
    if total < _SEEN * float(_WEIGHTS.sum()):
        return -1.0
    one, other = a - float((a * weights).sum()) / total, b - float((b * weights).sum()) / total
    tones = _cosine([one], [other], weights)
    edges = _cosine(_edges(a), _edges(b), weights)
    return (tones + edges) / 2


def _edges(grey: Floats) -> list[Floats]:
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    return [np.asarray(cv2.Sobel(calm, cv2.CV_32F, *way), np.float32) for way in ((1, 0), (0, 1))]


def _cosine(a: list[Floats], b: list[Floats], weights: Floats) -> float:
    inner, one, other = (
        sum(float((x * y * weights).sum()) for x, y in zip(p, q, strict=True)) for p, q in ((a, b), (a, a), (b, b))
    )
    below = (one * other) ** 0.5
    return inner / below if below > 1e-6 else -1.0


class Looks:
    """How an object looked when it was shown to us, lately, and at times between."""

    def __init__(self, gray: Gray, box: Box) -> None:
        self.recent, self._mask = patch(gray, box)
        self._bank = [(self.recent, self._mask)]

    @property
    def flat(self) -> bool:
        """Whether there is nothing to tell it by."""
        return float(self.recent.std()) < 2.0

    def score(self, gray: Gray, box: Box) -> float:
        """Return how much a place looks like it, -1 to 1."""
        return self._score(*patch(gray, box))

    def _score(self, found: Floats, mask: Floats) -> float:
        lately = likeness(self.recent, found, mask * self._mask)
        ever = max(likeness(kept, found, mask * known) for kept, known in self._bank)
        return (lately + ever) / 2

    def peaks(self, gray: Gray, box: Box, margin: float, most: int = 1) -> list[Box]:
        """Return the places up to `margin` of a box away from it that look most like it lately."""
        found = view(gray, box, margin)
        likely = np.asarray(cv2.matchTemplate(found, self.recent, cv2.TM_CCOEFF_NORMED), np.float32)
        middle = (likely.shape[0] - 1) / 2
        boxes = []
        for _ in range(most):
            y, x = np.unravel_index(int(likely.argmax()), likely.shape)
            boxes.append(box.moved((float(x) - middle) * box.w / SIDE, (float(y) - middle) * box.h / SIDE))
            likely[max(0, y - 4) : y + 5, max(0, x - 4) : x + 5] = -1
        return boxes

    def learn(self, gray: Gray, box: Box, score: float) -> None:
        """Take note of how it looks now, if that is surely it."""
        if score < _SURE:
            return
        found, mask = patch(gray, box)
        ever = max(likeness(kept, found, mask * known) for kept, known in self._bank)
        if ever < _NEW and mask.all():
            self._bank = [self._bank[0], *self._bank[1:][-(_BANK - 2) :], (found, mask)]
        new = self.recent + _FOLLOW * (found - self.recent)
        self.recent = np.where(mask > 0, np.where(self._mask > 0, new, found), self.recent).astype(np.float32)
        self._mask = np.maximum(self._mask, mask)
