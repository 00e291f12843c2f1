"""Questions that lists are asked, and where one stands in them."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.projects import ImageState, Split, WorkState

ImageFilter = ImageState | Literal["proposals"]
WorkFilter = WorkState | Literal["open"]
ImageOrder = Literal["unlabeled_first", "name", "newest"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageQuery:
    """Filter and order of the library; None means "any". `name` matches a part of the name, without regard to case.

    The state `proposals` picks pictures with proposals to review, and `class_id` then speaks of proposals. `assignee`
    is the id of a person, or `nobody`; over HTTP also `me`. The work `open` is all that is not submitted or accepted.
    """

    split: Split | None = None
    state: ImageFilter | None = None
    class_id: str | None = None
    name: str | None = None
    trash: bool = False
    order: ImageOrder = "unlabeled_first"
    assignee: str | None = None
    work: WorkFilter | None = None
    tag: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """Where a picture stands under a filter: `position` from 1 of `total`, and the ids before and after it."""

    previous_id: str | None
    next_id: str | None
    position: int | None
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalQuery:
    """Which of a project's proposals; None means "any". Scores are inclusive; one without a score is in no range."""

    class_id: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    run_id: str | None = None
    split: Split | None = None
    image_ids: tuple[str, ...] | None = None
