"""Trained models, their cards, and the truth about their quality."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from boxwright.domain.errors import Invalid

Task = Literal["detect", "segment"]
# What a model is for: `assist` are networks that outline what a person clicks on; they find nothing by themselves.
ModelTask = Literal["detect", "segment", "assist"]
Placement = Literal["top_left", "center", "stretch"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelInput:
    """How pixels become the network's input.

    The picture is scaled to fit `width` x `height`, padded with `pad` (0-255) at right and bottom (`top_left`) or on
    all sides (`center`), or is scaled to that very size without keeping its ratio (`stretch`); then
    `(value - mean) / std` per channel in `channels` order. Number type and layout are as the ONNX file asks for. With
    `trim` padding may be left out as long as the sides stay multiples of 32: the network takes pictures of any size.
    """

    width: int
    height: int
    channels: Literal["rgb", "bgr"] = "rgb"
    placement: Placement = "top_left"
    pad: int = 114
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (255.0, 255.0, 255.0)
    trim: bool = False

    @property
    def within(self) -> tuple[int, int] | None:
        """Width and height that a picture is scaled to fit into; None where it does not keep its ratio."""
        return None if self.placement == "stretch" else (self.width, self.height)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassSamples:
    """A class of a model and how many annotations of it the model saw.

    `threshold` is the operating score, 0 to 1: where F1 peaked on the validation split. None where that is not known.
    """

    id: str
    name: str
    color: str
    train: int
    val: int
    threshold: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCard:
    """All that is needed to run a model and to trust it; travels inside the download.

    `decoder` names how raw outputs become boxes (see `boxwright.domain.decoders`), `options` what that decoder must be
    told, `outputs` which output of the file plays which part.
    """

    name: str
    task: ModelTask
    architecture: str
    decoder: str
    input: ModelInput
    classes: tuple[ClassSamples, ...]
    parameters: int
    licence: str
    boxwright_version: str
    created_at: str
    score_threshold: float = 0.25
    iou_threshold: float = 0.6
    dataset_hash: str | None = None
    dataset_version: str | None = None
    parent_model: str | None = None
    hyper: dict[str, object] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassMetrics:
    """Quality for one class, 0 to 1; None where the split has no instance of it.

    Precision, recall and F1 at IoU 0.5 and at `best_threshold`, the score where F1 peaks. `mask_ap50_95` is that of
    outlines, None for a model without.
    """

    class_id: str
    name: str
    instances: int
    ap50_95: float | None
    ap50: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    best_threshold: float | None
    mask_ap50_95: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Metrics:
    """COCO metrics over one split, 0 to 1; None where undefined.

    Of boxes; `mask_...` are those of outlines, None for a model or a split without.
    """

    map50_95: float | None
    map50: float | None
    map75: float | None
    map_small: float | None
    map_medium: float | None
    map_large: float | None
    ar100: float | None
    images: int
    instances: int
    per_class: tuple[ClassMetrics, ...]
    mask_map50_95: float | None = None
    mask_map50: float | None = None
    mask_map75: float | None = None

    @property
    def headline(self) -> float | None:
        """The mAP50-95 that a model is chosen by: that of outlines where there are any, else that of boxes."""
        return self.map50_95 if self.mask_map50_95 is None else self.mask_map50_95


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """One reading of a model's quality. `report_sha256` names its quality report; None where it was made without."""

    id: str
    model_id: str
    version_id: str | None
    job_id: str | None
    split: str
    metrics: Metrics
    created_at: str
    report_sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A model in a project's library, with its headline figures on `val` and `test`."""

    id: str
    project_id: str
    name: str
    architecture: str
    task: ModelTask
    card: ModelCard
    version_id: str | None
    job_id: str | None
    parent_id: str | None
    onnx_bytes: int
    created_at: str
    val: Metrics | None = None
    test: Metrics | None = None
    deleted_at: str | None = None


def check_finds(name: str, task: ModelTask) -> None:
    """Raise Invalid with code `model_assists` for a model that finds nothing by itself."""
    if task == "assist":
        message = "outlines what is clicked on in the editor; it cannot predict, be evaluated or be trained further"
        raise Invalid(f"{name!r} {message}: choose a detector", code="model_assists")


def class_scores(card: ModelCard) -> tuple[float, ...]:
    """Return the least score of a detection by class: the operating score, else `score_threshold`."""
    return tuple(card.score_threshold if item.threshold is None else item.threshold for item in card.classes)


def learned(card: ModelCard, metrics: Metrics) -> ModelCard:
    """Return the card with the operating scores that an evaluation on the validation split found.

    A class stays without one where the split has none of it or nothing right was found.
    """
    best = {row.name: row.best_threshold for row in metrics.per_class if row.f1}
    return replace(card, classes=tuple(replace(item, threshold=best.get(item.name)) for item in card.classes))


def own_thresholds(model: Model) -> dict[str, float]:
    """Return for classes of a model, by name, the score where F1 was best: the card's, else of its figures.

    Thresholds are chosen on the validation split where there is one, so that figures on the test split stay honest.
    """
    chosen = {item.name: item.threshold for item in model.card.classes if item.threshold is not None}
    if chosen:
        return chosen
    known = {item.name for item in model.card.classes}
    metrics = model.val or model.test
    rows = () if metrics is None else metrics.per_class
    return {row.name: row.best_threshold for row in rows if row.best_threshold is not None and row.name in known}


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingTask:
    """What could be learned from the images of the split train as they are now.

    `annotations` are those it would learn from: all areas for `detect`, polygons, ellipses and masks for `segment`.
    `problem` is why it cannot be trained, None where it can.
    """

    task: Task
    annotations: int
    problem: str | None = None


def no_masks(annotations: int) -> Invalid:
    """Return why outlines cannot be learned from training images with so many annotations, none of which has one."""
    return Invalid(
        f"all annotations of the training images are boxes ({annotations}): outlines are learned from polygons and "
        "masks; draw some, or train a detector of boxes",
        code="no_masks",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetVersion:
    """An immutable state of a project's pictures and annotations."""

    id: str
    project_id: str
    name: str
    content_hash: str
    images: int
    annotations: int
    train: int
    val: int
    test: int
    created_at: str
    created_by: str | None
