"""Prediction runs: one model over many pictures."""

from dataclasses import dataclass

from boxwright.domain.detections import DetectionRow, row_to_json


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
