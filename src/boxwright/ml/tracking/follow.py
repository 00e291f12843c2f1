"""A box followed from frame to frame without any weights.

Corners inside the box are followed by pyramidal Lucas-Kanade flow, there and back again; what does not come back is no
corner of the object (Kalal and others, 2010). The motion that most of them agree on moves and scales the box; the place
is then settled by correlation with how the object looked. Where it looks like that nowhere near, it is lost.
"""

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.geometry import Bounds
from boxwright.domain.videos import FollowStep
from boxwright.ml.tracking.looks import Box, Gray, Looks

Loader = Callable[[int], Gray]
Points = NDArray[np.float32]
# Likeness below which it is lost; what is found again after a search has to be surer.
LEAST, FOUND = 0.6, 0.7
# How much of it must be in the picture.
SEEN = 0.3
_CORNERS, _GRID = 80, 6
_FEW = 8
_BACK = 1.5
_GROWTH, _WHOLE = 1.12, 0.9
# How far around a box its corners may go between two frames, by its size and in pixels.
_AROUND, _LEAST_AROUND = 1.0, 48
_SCALES, _FAR = (0.87, 1.0, 1.15), 1.25
_LITTLE, _NEAR, _CLEARLY = (1.0, 0.97, 1.03), 0.1, 0.01


class Follower:
    """Follows one box. Frames are grey, and all of one size."""

    def __init__(self, gray: Gray, box: Bounds) -> None:
        self._before, self._box = gray, Box.of(*box)
        self._looks = Looks(gray, self._box)
        self._speed = (0.0, 0.0)

    @property
    def flat(self) -> bool:
        """Whether the box has nothing in it that could be told from its surroundings."""
        return self._looks.flat

    def step(self, gray: Gray) -> tuple[Bounds, float] | None:
        """Return where it is in the next frame, cut off at the picture, and how sure that is; None where it is lost."""
        found = self._guesses(gray)
        box, score = max(((one, self._looks.score(gray, one)) for one in found), key=lambda pair: pair[1])
        if score < LEAST:
            box, score = self._search(gray)
            if score < FOUND:
                return None
        box, score = self._settled(gray, box, score)
        if box.seen(gray) < SEEN:
            return None
        self._looks.learn(gray, box, score)
        self._speed = (box.cx - self._box.cx, box.cy - self._box.cy)
        self._before, self._box = gray, box
        x0, y0, x1, y1 = box.corners
        inside = (max(x0, 0.0), max(y0, 0.0), min(x1, float(gray.shape[1])), min(y1, float(gray.shape[0])))
        return inside, max(0.0, min(1.0, score))

    def _guesses(self, gray: Gray) -> list[Box]:
        """Return where it may be: as its corners moved, as it moved before, where it was."""
        flown = self._flow(gray)
        moved = self._box.moved(*self._speed)
        return [one for one in (flown, moved, self._box) if one is not None]

    def _flow(self, gray: Gray) -> Box | None:
        points = self._corners()
        if len(points) < _FEW:
            return None
        there, back, found = self._flown(gray, points)
        error = np.linalg.norm(back - points, axis=1)
        good = found & (error < max(_BACK, float(np.median(error[found])) if found.any() else 0.0))
        if int(good.sum()) < _FEW:
            return None
        _, agreeing = cv2.estimateAffinePartial2D(
            points[good], there[good], method=cv2.RANSAC, ransacReprojThreshold=2.0, maxIters=500
        )
        if agreeing is None or int(agreeing.sum()) < _FEW:
            return None
        inside = agreeing.ravel() > 0
        # Of a part one cannot tell how large the whole is now.
        most = _GROWTH if self._box.seen(gray) > _WHOLE else 1.0
        return _carried(self._box, points[good][inside], there[good][inside], most)

    def _flown(self, gray: Gray, points: Points) -> tuple[Points, Points, NDArray[np.bool_]]:
        """Follow points in the part of both frames that they can have reached: frames may be large."""
        far = _AROUND * max(self._box.w, self._box.h) + _LEAST_AROUND + max(map(abs, self._speed))
        x0, y0, x1, y1 = Box(self._box.cx, self._box.cy, self._box.w + 2 * far, self._box.h + 2 * far).corners
        left, top = max(0, int(x0)), max(0, int(y0))
        part = (slice(top, max(top + 1, int(y1))), slice(left, max(left + 1, int(x1))))
        start = np.array((left, top), np.float32)
        before, after = (np.ascontiguousarray(one[part]) for one in (self._before, gray))
        there, back, found = _flow(before, after, points - start, self._speed)
        return there + start, back + start, found

    def _corners(self) -> Points:
        """Return corners within the box, and a grid over it for what has few."""
        box, gray = self._box, self._before
        x0, y0, x1, y1 = Box(box.cx, box.cy, 0.9 * box.w, 0.9 * box.h).corners
        left, top = max(0, int(x0)), max(0, int(y0))
        part = gray[top : max(top, int(np.ceil(y1))), left : max(left, int(np.ceil(x1)))]
        if min(part.shape) < 4:
            return np.zeros((0, 2), np.float32)
        apart = max(2.0, min(part.shape) / 20)
        corners: Any = cv2.goodFeaturesToTrack(part, _CORNERS, 0.01, apart)
        rows, columns = (np.linspace(0.1, 0.9, _GRID) * side for side in part.shape)
        grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
        every = grid if corners is None else np.concatenate([corners.reshape(-1, 2), grid])
        return np.asarray(every + np.array((left, top)), np.float32)

    def _settled(self, gray: Gray, box: Box, score: float) -> tuple[Box, float]:
        """Move the box a little, where that looks clearly more like the object: small errors must not add up."""
        if box.seen(gray) < 1:
            return box, score
        best = box
        for scale in _LITTLE:
            for one in self._looks.peaks(gray, box.moved(0, 0, scale), _NEAR):
                likely = self._looks.score(gray, one)
                if likely > score + _CLEARLY:
                    best, score = one, likely
        return best, score

    def _search(self, gray: Gray) -> tuple[Box, float]:
        """Return the place around the last one that looks most like it."""
        start = self._box.moved(*self._speed)
        tried = [one for scale in _SCALES for one in self._looks.peaks(gray, start.moved(0, 0, scale), _FAR, 4)]
        return max(((one, self._looks.score(gray, one)) for one in tried), key=lambda pair: pair[1])


def _flow(
    before: Gray, after: Gray, points: Points, speed: tuple[float, float]
) -> tuple[Points, Points, NDArray[np.bool_]]:
    """Return where points went, where they come back to from there, and which were found both times."""
    options: dict[str, Any] = {"winSize": (15, 15), "maxLevel": 4, "flags": cv2.OPTFLOW_USE_INITIAL_FLOW}
    guess = np.asarray(points + np.array(speed), np.float32)
    there, ok, _ = cv2.calcOpticalFlowPyrLK(before, after, points, guess, **options)
    back, ok_back, _ = cv2.calcOpticalFlowPyrLK(after, before, there, points.copy(), **options)
    return np.asarray(there), np.asarray(back), (ok.ravel() > 0) & (ok_back.ravel() > 0)


def _carried(box: Box, before: Points, after: Points, most: float) -> Box:
    """Return the box as the points on it moved and spread.

    They may turn, the box does not: turning it about points that lie on one side of it would push it away.
    """
    start, end = before.mean(axis=0), after.mean(axis=0)
    spread = float(((after - end) ** 2).sum()) / max(float(((before - start) ** 2).sum()), 1e-6)
    scale = float(np.clip(spread**0.5, 1 / most, most))
    x, y = end + scale * (np.array([box.cx, box.cy]) - start)
    return Box(float(x), float(y), box.w * scale, box.h * scale)


def follow(load: Loader, box: Bounds, frames: range) -> Iterator[FollowStep | None]:
    """Yield where the box of the first of `frames` is in each later one; None, and nothing more, where it is lost."""
    follower = Follower(load(frames[0]), box)
    for frame in frames[1:]:
        found = None if follower.flat else follower.step(load(frame))
        if found is None:
            yield None
            return
        yield FollowStep(frame=frame, box=found[0], score=found[1])
