"""Prediction runs: one model over many pictures."""

from dataclasses import dataclass

from boxwright.domain.detections import DetectionRow, row_to_json
from boxwright.domain.errors import Invalid

MIN_TILE, MAX_TILE, MAX_OVERLAP = 64, 8192, 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A prediction run. Its job, once started, carries progress and state."""

    id: str
    project_id: str
    model_id: str
    model_name: str
    job_id: str | None
    name: str
    score_threshold: float
    iou_threshold: float
    images: int
    done: int
    failed: int
    created_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunImage:
    """One picture of a run; `detections` is None until it was predicted, `error` says why it could not be."""

    id: str
    run_id: str
    position: int
    name: str
    width: int
    height: int
    image_id: str | None
    detections: tuple[DetectionRow, ...] | None
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """How a model looks at a picture, beside once at all of it.

    `tile` is the side in pixels (64 to 8192) of square tiles that a larger picture is cut into, 0 for none; `overlap`
    is the part (0 to 0.9) that neighbours share at least; with `mirror` all is also looked at mirrored.

    Raises:
        Invalid: a value outside these.
    """

    tile: int = 0
    overlap: float = 0.2
    mirror: bool = False

    def __post_init__(self) -> None:
        if self.tile and not MIN_TILE <= self.tile <= MAX_TILE:
            raise Invalid(f"tile: {self.tile} is neither 0 (no tiles) nor {MIN_TILE} to {MAX_TILE} pixels")
        if not 0 <= self.overlap <= MAX_OVERLAP:
            raise Invalid(f"overlap: {self.overlap:g} is outside 0 to {MAX_OVERLAP}")

    @property
    def once(self) -> bool:
        """Whether the whole picture is all that is looked at."""
        return not self.tile and not self.mirror


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageSize:
    """Width and height in pixels of the upright picture."""

    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """The answer for one picture that nobody stores."""

    model: str
    image: ImageSize
    detections: tuple[DetectionRow, ...]


def prediction_to_json(value: Prediction) -> dict[str, object]:
    """Return what `Prediction` is on the wire."""
    size = {"width": value.image.width, "height": value.image.height}
    return {"model": value.model, "image": size, "detections": [row_to_json(row) for row in value.detections]}
