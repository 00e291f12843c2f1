"""Projects, their classes and their pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from boxwright.domain.attributes import AttributeDefinition

Split = Literal["train", "val", "test", "none"]
SPLITS: tuple[Split, ...] = ("train", "val", "test", "none")
ImageState = Literal["unlabeled", "labeled", "empty"]
WorkState = Literal["new", "in_work", "submitted", "accepted", "returned"]
Source = Literal["manual", "import", "model"]
WORK_STATES: tuple[WorkState, ...] = ("new", "in_work", "submitted", "accepted", "returned")
Workflow = Literal["auto", "on", "off"]

# Okabe and Ito's colour-blind-safe set (2008), without black, then lighter and darker partners.
CLASS_COLORS = (
    "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
    "#FFC75F", "#9AD7F5", "#5FD3B0", "#4D9FD6", "#FF8A4C", "#E8ADCB", "#B8A100",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """A set of pictures, its classes and what was made from them, with the counts that its card shows.

    `workflow` says whether pictures are assigned and reviewed: `auto` does so once several people take part.
    `reviewed` is what comes of it now. `attributes` are those of all its classes.
    """

    id: str
    name: str
    description: str
    cover_image_id: str | None
    created_at: str
    updated_at: str
    deleted_at: str | None = None
    images: int = 0
    labeled: int = 0
    annotations: int = 0
    classes: int = 0
    models: int = 0
    workflow: Workflow = "auto"
    reviewed: bool = False
    attributes: tuple[AttributeDefinition, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelClass:
    """A class of a project.

    `position` orders the list; a training id is the rank among the classes that are not deleted. `attributes` are its
    own; those of all classes belong to the project.
    """

    id: str
    project_id: str
    name: str
    color: str
    hotkey: str | None
    position: int
    hidden: bool = False
    annotations: int = 0
    attributes: tuple[AttributeDefinition, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture. Sizes are pixels of the upright picture; `orientation` is the EXIF value (1-8) of the stored bytes.

    `proposals` of a model that wait for a review are not among the `annotations`. `assignee_id` is who works on it,
    `work_state` how far that is, and `work_revision` counts the steps so far.
    """

    id: str
    project_id: str
    name: str
    width: int
    height: int
    orientation: int
    format: str
    bytes: int
    sha256: str
    split: Split
    state: ImageState
    annotations: int
    revision: int
    created_at: str
    deleted_at: str | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    video_id: str | None = None
    frame_index: int | None = None
    proposals: int = 0
    assignee_id: str | None = None
    work_state: WorkState = "new"
    work_revision: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TagCount:
    """A tag, and how many living pictures have it."""

    tag: str
    images: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Uploaded:
    """The answer to an upload; `duplicate_of` is the picture that has the same bytes under another name."""

    image: Image
    duplicate_of: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitCount:
    """Pictures of one split: all, and how many still wait for labels."""

    split: Split
    images: int
    unlabeled: int
    annotations: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassCount:
    """Annotations of one class in each split."""

    class_id: str
    name: str
    train: int
    val: int
    test: int
    none: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectCounts:
    """What the library's tabs and the class table show; `to_review` pictures have `proposals` that wait."""

    splits: tuple[SplitCount, ...]
    classes: tuple[ClassCount, ...]
    trash: int
    duplicates: int
    proposals: int = 0
    to_review: int = 0
