"""What a detector finds on one picture, as columns that are checked at birth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from boxwright.domain import raster
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Polygon
from boxwright.domain.manifest import geometry_from_json, geometry_to_json

_ALIASES = {"class_name": "class"}


@dataclass(frozen=True, kw_only=True, slots=True)
class DetectionRow:
    """One detection as the API and files show it: `box` is `x0, y0, x1, y1` in pixels, `score` 0 to 1.

    `mask` is the outline of the object, where the model gives one: a polygon in pixels of the picture, whose rings
    (parts and holes) are filled by the even-odd rule.
    """

    # "class" is the word in the API and in files, but no Python name; pydantic, where it is in use, reads this.
    __pydantic_config__: ClassVar[dict[str, object]] = {"alias_generator": lambda name: _ALIASES.get(name, name)}

    class_id: int
    class_name: str
    score: float
    box: tuple[float, float, float, float]
    mask: Polygon | None = None

    def pixels(self, width: int, height: int) -> NDArray[np.bool_]:
        """Return the pixels of the object in a picture of `width` x `height`: of its mask, or of its box without one.

        A boolean array of shape (height, width).
        """
        x0, y0, x1, y1 = self.box
        return raster.fill(self.mask or Polygon(rings=(((x0, y0), (x1, y0), (x1, y1), (x0, y1)),)), width, height)


def row_to_json(row: DetectionRow) -> dict[str, object]:
    """Return a detection as `{class_id, class, score, box}`, and `mask` where it has one."""
    value = {"class_id": row.class_id, "class": row.class_name, "score": row.score, "box": list(row.box)}
    return value if row.mask is None else {**value, "mask": geometry_to_json(row.mask)}


def row_from_json(value: Mapping[str, Any]) -> DetectionRow:
    """Read what `row_to_json` wrote."""
    mask = value.get("mask")
    return DetectionRow(
        class_id=value["class_id"],
        class_name=value["class"],
        score=value["score"],
        box=tuple(value["box"]),
        mask=None if mask is None else _polygon(mask),
    )


def _polygon(value: Mapping[str, Any]) -> Polygon:
    shape = geometry_from_json(dict(value))
    if not isinstance(shape, Polygon):
        raise Invalid(f"a mask of type {shape.type} is not known to this version", code="geometry_invalid")
    return shape


@dataclass(frozen=True, slots=True)
class Detections:
    """Columns of n detections.

    Args:
        boxes: float32 (n, 4), half-open `x0 y0 x1 y1` in pixels of the upright picture.
        scores: float32 (n,), 0 to 1.
        class_ids: int64 (n,), training ids from 0.
        masks: n outlines in the same pixels, None for an object without; no tuple where the model gives none.

    Raises:
        Invalid: where shapes do not agree or a value is not finite.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    class_ids: NDArray[np.int64]
    masks: tuple[Polygon | None, ...] | None = None

    def __post_init__(self) -> None:
        n = len(self.boxes)
        for name, array, shape in (
            ("boxes", self.boxes, (n, 4)),
            ("scores", self.scores, (n,)),
            ("class_ids", self.class_ids, (n,)),
        ):
            if array.shape != shape:
                raise Invalid(f"detections: expected {name} of shape {shape}, got {array.shape}")
        if not (np.isfinite(self.boxes).all() and np.isfinite(self.scores).all()):
            raise Invalid("detections: a box or score is not a finite number")
        if self.masks is not None and len(self.masks) != n:
            raise Invalid(f"detections: expected {n} masks, got {len(self.masks)}")

    def __len__(self) -> int:
        return len(self.boxes)

    @classmethod
    def empty(cls) -> "Detections":
        """Return no detections."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64))

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Detections":
        """Return the detections that a boolean mask (n,) or an array of positions picks."""
        masks = None if self.masks is None else tuple(self.masks[at] for at in np.arange(len(self))[index])
        return Detections(self.boxes[index], self.scores[index], self.class_ids[index], masks)

    def resized(self, have: tuple[int, int], want: tuple[int, int]) -> "Detections":
        """Return what was found on a picture of `have` pixels (width, height) in those of one that is `want` large."""
        if have == want:
            return self
        x, y = want[0] / have[0], want[1] / have[1]
        masks = None if self.masks is None else tuple(mask and _scaled(mask, x, y) for mask in self.masks)
        return Detections(self.boxes * np.asarray((x, y, x, y), np.float32), self.scores, self.class_ids, masks)

    def rows(self, names: Iterable[str]) -> tuple[DetectionRow, ...]:
        """Return the row view; `names` are the model's class names by training id."""
        table = list(names)
        masks: Sequence[Polygon | None] = self.masks or (None,) * len(self)
        columns = zip(self.class_ids.tolist(), self.scores.tolist(), self.boxes.tolist(), masks, strict=True)
        return tuple(
            DetectionRow(
                class_id=k, class_name=table[k], score=round(s, 5), box=tuple(round(v, 3) for v in b), mask=mask
            )
            for k, s, b, mask in columns
        )


class Detector(Protocol):
    """A loaded model that looks at pictures; may be called from several threads at once."""

    @property
    def within(self) -> tuple[int, int] | None:
        """Width and height that it scales pictures to fit into; None where every pixel counts."""

    def predict(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        max_detections: int = 300,
    ) -> list[Detections]:
        """Return the detections of each upright RGB picture (height, width, 3), best first, in its pixels."""


def _scaled(mask: Polygon, x: float, y: float) -> Polygon:
    return Polygon(rings=tuple(tuple((px * x, py * y) for px, py in ring) for ring in mask.rings))
