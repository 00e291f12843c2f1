"""Who trains, who validates, who tests: plans that deal images out, what comes of them, and what leaks."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.projects import Split

Together = Literal["folder", "video", "duplicates", "import"]
TOGETHER: tuple[Together, ...] = ("folder", "video", "duplicates", "import")
Dealing = Literal["new", "all", "nothing"]
LeakKind = Literal["duplicates", "video"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPlan:
    """How images are dealt out to the splits.

    `train`, `val` and `test` are weights of any size: 8, 1, 1 and 80, 10, 10 say the same. `stratify` deals the objects
    of every class out in that ratio, too, not only the images. `together` and the keys of `metadata` name what keeps
    images in one split: the same folder, video, import, near-duplicates, or value of a metadata field.

    `deal` says which images get a split: `new` those that have none, so that the others stay where they are; `all`
    every image anew; `nothing` none. With `mend` a group that lies in several splits comes together in the one that
    holds most of it. With `labeled_only` images that nobody has labelled yet stay where they are.
    """

    train: float = 80.0
    val: float = 10.0
    test: float = 10.0
    seed: int = 0
    stratify: bool = True
    together: tuple[Together, ...] = ("video", "duplicates")
    metadata: tuple[str, ...] = ()
    deal: Dealing = "new"
    mend: bool = False
    labeled_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitNumbers:
    """Something counted in each split."""

    train: int = 0
    val: int = 0
    test: int = 0
    none: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassShare:
    """Objects of one class in each split, before and after."""

    class_id: str
    name: str
    before: SplitNumbers
    after: SplitNumbers


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPreview:
    """What a plan would do: `moved` images change their split.

    `groups` have more than one image; `largest` is the size of the largest, and `torn` of them lie in several splits
    also afterwards. `digest` names exactly this result.
    """

    moved: int
    images_before: SplitNumbers
    images_after: SplitNumbers
    objects_before: SplitNumbers
    objects_after: SplitNumbers
    classes: tuple[ClassShare, ...]
    groups: int
    largest: int
    torn: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitChange:
    """A change of the splits of many images at once.

    `plan` made it; or it takes back the change `undoes`, as far as nobody has moved the images since.
    """

    id: str
    project_id: str
    created_at: str
    created_by: str | None
    moved: int
    plan: SplitPlan | None = None
    undoes: str | None = None
    undone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LeakImage:
    """An image of a leak."""

    id: str
    name: str
    split: Split


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaks:
    """Groups of one kind that lie in several of train, val and test: how many, of how many images, and the first."""

    kind: LeakKind
    groups: int
    images: int
    examples: tuple[tuple[LeakImage, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeakReport:
    """What is in several splits at once, so that figures on one tell too much of what was learned on another."""

    leaks: tuple[Leaks, ...]
