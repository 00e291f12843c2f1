"""More like this: places of a picture that look like one box of it, at other sizes and turned."""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.assist import Similar
from boxwright.domain.geometry import Bounds, clip_box, iou
from boxwright.ml.assist.window import Floats, Rgb

# Pixels of the template's longer side and of the picture's: what more would cost is not worth what it would tell.
_TEMPLATE = 32
_PICTURE = 900
_SIZES = (0.7, 0.84, 1.0, 1.2, 1.43)
_RIGHT, _SLANTED = (0, 90, 180, 270), (45, 135, 225, 315)
_LEAST = 0.45
# What lies around an object tells where it ends.
_AROUND = 1.3
_COLOUR = 30.0
_OVERLAP = 0.3
_PEAKS = 500
# Nothing is like a patch without any structure, or everything is.
_FLAT = 2.0


def find_similar(rgb: Rgb, box: Bounds, most: int = 200) -> list[Similar]:
    """Return other places like `box`, the likest first; coordinates are the picture's."""
    height, width = rgb.shape[:2]
    scale = min(1.0, _TEMPLATE / max(box[2] - box[0], box[3] - box[1]))
    scale = max(scale, 6 / min(box[2] - box[0], box[3] - box[1]))
    scale = min(scale, _PICTURE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)
    ratio = size[0] / width, size[1] / height
    inside = (box[0] * ratio[0], box[1] * ratio[1], box[2] * ratio[0], box[3] * ratio[1])
    found = [
        Similar(box=(x0 / ratio[0], y0 / ratio[1], x1 / ratio[0], y1 / ratio[1]), score=score)
        for (x0, y0, x1, y1), score in _candidates(lab, inside)
    ]
    return _apart(found, box, width, height, most)


def _candidates(lab: Floats, box: Bounds) -> Iterator[tuple[Bounds, float]]:
    """Yield peaks of likeness over sizes and turns, in pixels of the small picture."""
    wide, high = box[2] - box[0], box[3] - box[1]
    turns = [(angle, size) for angle in _RIGHT for size in _SIZES] + [(angle, 1.0) for angle in _SLANTED]
    for angle, size in turns:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        # The box that an ellipse of this width and height needs when it is turned.
        w, h = size * math.hypot(wide * cos, high * sin), size * math.hypot(wide * sin, high * cos)
        template = _turned(lab, box, angle, size, (max(3, round(w * _AROUND)), max(3, round(h * _AROUND))))
        larger = template.shape[0] >= lab.shape[0] or template.shape[1] >= lab.shape[1]
        if larger or float(template.std(axis=(0, 1)).max()) < _FLAT:
            continue
        for x, y, score in _peaks(_likeness(lab, template)):
            middle = x + template.shape[1] / 2, y + template.shape[0] / 2
            yield (middle[0] - w / 2, middle[1] - h / 2, middle[0] + w / 2, middle[1] + h / 2), score


def _turned(lab: Floats, box: Bounds, angle: float, size: float, into: tuple[int, int]) -> Floats:
    """Return the box turned about its middle; its corners are filled with what lies around it."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, angle, size), np.float64)
    matrix[:, 2] += np.array((into[0] / 2 - middle[0], into[1] / 2 - middle[1]))
    turned = cv2.warpAffine(lab, matrix, into, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.float32)


def _likeness(lab: Floats, template: Floats) -> Floats:
    """Return for each place how like it is: structure correlated, lowered where the colours differ."""
    structure = cv2.matchTemplate(lab, template, cv2.TM_CCOEFF_NORMED)
    rows, columns = template.shape[:2]
    core = template[rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4].reshape(-1, 3).mean(0)
    around = cv2.blur(lab, (max(1, columns // 2), max(1, rows // 2)))
    middles = around[rows // 2 : rows // 2 + structure.shape[0], columns // 2 : columns // 2 + structure.shape[1]]
    apart = np.sqrt(((middles - core) ** 2).sum(2))
    like = np.nan_to_num(structure, nan=0.0, posinf=0.0, neginf=0.0) * np.exp(-((apart / _COLOUR) ** 2))
    return np.asarray(like, np.float32)


def _peaks(like: Floats) -> Iterator[tuple[int, int, float]]:
    highest = cv2.dilate(like, np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero((like >= highest) & (like > _LEAST))
    scores: NDArray[np.float32] = like[rows, columns]
    for i in np.argsort(-scores)[:_PEAKS]:
        yield int(columns[i]), int(rows[i]), float(scores[i])


def _apart(found: Sequence[Similar], first: Bounds, width: int, height: int, most: int) -> list[Similar]:
    """Return the likest of those that show the same place, none of the first one's."""
    kept: list[Similar] = []
    for one in sorted(found, key=lambda item: -item.score):
        inside = clip_box(one.box, width, height)
        if inside is None or iou(one.box, first) > _OVERLAP:
            continue
        if all(iou(one.box, other.box) <= _OVERLAP for other in kept):
            kept.append(Similar(box=inside.bounds, score=min(1.0, one.score)))
            if len(kept) == most:
                break
    return kept
