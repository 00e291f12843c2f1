"""Questions that lists are asked, and where one stands in them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from boxwright.domain.clock import written
from boxwright.domain.errors import Invalid
from boxwright.domain.projects import ImageState, Source, Split, WorkState

ImageFilter = ImageState | Literal["proposals"]
WorkFilter = WorkState | Literal["open"]
ObjectFilter = Literal["annotations", "proposals", "both"]
CommentFilter = Literal["any", "open", "none"]
ImageOrder = Literal[
    "unlabeled_first",
    "name",
    "newest",
    "oldest",
    "last_changed",
    "most_objects",
    "fewest_objects",
    "least_sure",
    "largest",
    "smallest",
]


_NUMBERS = (
    "min_score", "max_score", "min_area", "max_area", "min_share", "max_share", "min_ratio", "max_ratio",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageQuery:
    """Filter and order of the library; None means "any", and what is given has to hold together.

    `name` matches a part of the name, without regard to case. The state `proposals` picks pictures with proposals to
    review. `assignee` is the id of a person, or `nobody`; over HTTP also `me`. The work `open` is all that is not
    submitted or accepted. A picture has `tag` and every one of `tags`.

    Class (`class_id` or any of `class_ids`), source, score, area (pixels, or the share of the picture from 0 to 1),
    ratio (width by height of the frame) and attribute speak of one and the same object: an annotation, or a proposal
    in the state `proposals`, unless `objects` says which. An attribute without a value is one that has any.

    `min_objects` and `max_objects` count annotations.
    `min_pixels` and `max_pixels` are the width of a picture times its height.

    `added_from` and `added_to` are times, or dates (UTC) of which the whole day belongs to it. `video` is the id of a
    video, `any` or `none`. The order `least_sure` has only pictures with proposals; the trash has its own order.

    `changed_since` is the id of a dataset version: pictures of whose name, split, state, tags, metadata or
    annotations anything was changed after it was made, and those added later.
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
    tags: tuple[str, ...] = ()
    class_ids: tuple[str, ...] = ()
    objects: ObjectFilter | None = None
    source: Source | None = None
    min_score: float | None = None
    max_score: float | None = None
    min_area: float | None = None
    max_area: float | None = None
    min_share: float | None = None
    max_share: float | None = None
    min_ratio: float | None = None
    max_ratio: float | None = None
    attribute: str | None = None
    attribute_value: str | None = None
    min_objects: int | None = None
    max_objects: int | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None
    metadata: str | None = None
    metadata_value: str | None = None
    added_from: str | None = None
    added_to: str | None = None
    changed_since: str | None = None
    comments: CommentFilter | None = None
    video: str | None = None

    def __post_init__(self) -> None:
        for part in ("attribute", "metadata"):
            if getattr(self, f"{part}_value") is not None and not getattr(self, part):
                raise Invalid(f"{part}_value needs {part}: the name of what has this value", code="filter_invalid")
        for name in _NUMBERS:
            if _is_no_number(value := getattr(self, name)):
                raise Invalid(f"{name} is {value}; write a number, or leave it out", code="filter_invalid")
        self.added()

    def added(self) -> tuple[str | None, str | None]:
        """Return when a picture was added: from the first time, before the second. Raises Invalid."""
        first = None if self.added_from is None else _instant("added_from", self.added_from)
        last = None if self.added_to is None else _instant("added_to", self.added_to, whole_day=True)
        return first, last


def query_to_json(query: ImageQuery) -> dict[str, Any]:
    """Return what is asked for, as JSON: only what differs from asking for everything."""
    everything = asdict(ImageQuery())
    return {key: value for key, value in asdict(query).items() if value != everything[key]}


def merged(query: ImageQuery, over: ImageQuery) -> ImageQuery:
    """Return a query with all that another one asks for in its place."""
    return query_from_json(asdict(query) | query_to_json(over))


def query_from_json(value: Mapping[str, Any]) -> ImageQuery:
    """Read what `query_to_json` wrote."""
    known = {item.name for item in fields(ImageQuery)}
    given: dict[str, Any] = {key: item for key, item in value.items() if key in known and not _is_no_number(item)}
    given |= {key: tuple(item) for key, item in given.items() if isinstance(item, list)}
    return ImageQuery(**given)


def _is_no_number(value: object) -> bool:
    """Tell whether this is NaN or infinite, which JSON cannot say."""
    return isinstance(value, float) and not math.isfinite(value)


def _instant(name: str, text: str, *, whole_day: bool = False) -> str:
    """Return a time as it is stored; a date is its midnight, or with `whole_day` the next one."""
    try:
        if len(text) == len("2026-11-28"):
            day = date.fromisoformat(text) + timedelta(days=whole_day)
            return written(datetime.combine(day, time(), UTC))
        moment = datetime.fromisoformat(text)
        return written(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        message = f"{name} {text!r} is no date; write it as 2026-11-28 or 2026-11-28T09:30:00Z"
        raise Invalid(message, code="filter_invalid") from None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """Where a picture stands under a filter: `position` from 1 of `total`, and the ids before and after it.

    Where counting would take long `total` is what was counted so far, which `more` says, and there is no position.
    """

    previous_id: str | None
    next_id: str | None
    position: int | None
    total: int
    more: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalQuery:
    """Which of a project's proposals; None means "any". Scores are inclusive; one without a score is in no range."""

    class_id: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    run_id: str | None = None
    split: Split | None = None
    image_ids: tuple[str, ...] | None = None
