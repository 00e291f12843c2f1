"""Labels that are likely wrong, because a trained model disagrees with them."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.annotations import Annotation
from boxwright.domain.choosing import ModelChoice
from boxwright.domain.geometry import Geometry
from boxwright.domain.projects import Image, Split

DoubtKind = Literal["missing", "spurious", "class", "box"]
DOUBTS: tuple[DoubtKind, ...] = ("missing", "spurious", "class", "box")
DoubtState = Literal["open", "accepted", "dismissed"]
Decision = Literal["accept", "dismiss", "reopen"]
Verdict = Literal["accept", "dismiss"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspicion:
    """A label that is likely wrong, and what the model would have instead.

    `missing`: the model sees an object of `class_id` where nothing is annotated. `spurious`: it sees nothing where the
    annotation is. `class`: it takes the object for `other_id`. `box`: the annotation is loose, or off. `score`, 0 to 1,
    is what they are sorted by; `confidence` that of the detection. `suggestion` is the shape of the detection. `label`
    is the annotation as it is now, None where there is none. `seen` tells whether the model learned from this image,
    and so from this very label; None where that is not known. `fixable` is false where accepting would put a box in the
    place of a finer shape: such a one is corrected in the editor.
    """

    id: str
    image: Image
    kind: DoubtKind
    state: DoubtState
    score: float
    confidence: float
    iou: float
    class_id: str
    other_id: str | None
    label: Annotation | None
    suggestion: Geometry | None
    seen: bool | None
    fixable: bool
    model_id: str
    checked_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtCount:
    """How many open suspicions of a kind there are in a class."""

    kind: DoubtKind
    class_id: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelCheck:
    """The last check of labels, and what is left of it: open suspicions by kind and class.

    Of the `images` that were looked at the model had learned from `seen`; None where that is not known. Before the
    first check there is neither a time nor a model. `choice` is what the next check takes, unless another is named.
    """

    checked_at: str | None
    model_id: str | None
    model_name: str | None
    images: int
    seen: int | None
    counts: tuple[DoubtCount, ...]
    accepted: int
    dismissed: int
    choice: ModelChoice | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SuspicionQuery:
    """Which suspicions to list; what is None leaves nothing out. `class_id` is that of the label or of the model.

    `min_score` and above, below `max_score`.
    """

    state: DoubtState = "open"
    kind: DoubtKind | None = None
    class_id: str | None = None
    split: Split | None = None
    seen: bool | None = None
    min_score: float | None = None
    max_score: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """The answer to a decision: the suspicion's state, and the revision of its image then."""

    id: str
    state: DoubtState
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedMany:
    """The answer to one decision about many suspicions, or what it would be.

    `count` are decided by it; `left` stay as they are, since a finer outline cannot be taken from a box, or the label
    is another by now. `at` names the decision, so that it can be taken back as one; None where nothing was done.
    """

    decision: Decision
    count: int
    left: int
    at: str | None
