"""The filter of the library, as an address and as a part of a body says it."""

from dataclasses import asdict, dataclass, replace
from typing import Annotated

from fastapi import Depends, Query

from boxwright.api.deps import Who
from boxwright.domain.people import Caller
from boxwright.domain.projects import Source, Split
from boxwright.domain.queries import CommentFilter, ImageFilter, ImageOrder, ImageQuery, ObjectFilter, WorkFilter

Some = Annotated[str | None, Query(max_length=200)]
Time = Annotated[str | None, Query(max_length=40, examples=["2026-11-28"])]
Number = Annotated[float | None, Query(ge=0, allow_inf_nan=False)]
Share = Annotated[float | None, Query(ge=0, le=1)]
Pixels = Annotated[int | None, Query(ge=0, le=2**53)]
Count = Annotated[int | None, Query(ge=0, le=2**31 - 1)]


@dataclass(kw_only=True)
class Asked:
    """The parameters of a list of images; what they mean is said at `ImageQuery`."""

    split: Split | None = None
    state: ImageFilter | None = None
    class_id: str | None = None
    name: Annotated[str | None, Query(max_length=200)] = None
    trash: bool = False
    order: ImageOrder = "unlabeled_first"
    assignee: Annotated[str | None, Query(max_length=40)] = None
    work: WorkFilter | None = None
    tag: Annotated[str | None, Query(max_length=100)] = None
    tags: Annotated[tuple[Annotated[str, Query(max_length=100)], ...], Query(max_length=50)] = ()
    class_ids: Annotated[tuple[Annotated[str, Query(max_length=40)], ...], Query(max_length=500)] = ()
    objects: ObjectFilter | None = None
    source: Source | None = None
    min_score: Share = None
    max_score: Share = None
    min_area: Number = None
    max_area: Number = None
    min_share: Share = None
    max_share: Share = None
    min_ratio: Number = None
    max_ratio: Number = None
    attribute: Some = None
    attribute_value: Some = None
    min_objects: Count = None
    max_objects: Count = None
    min_pixels: Pixels = None
    max_pixels: Pixels = None
    metadata: Some = None
    metadata_value: Some = None
    added_from: Time = None
    added_to: Time = None
    changed_since: Annotated[str | None, Query(max_length=40)] = None
    comments: CommentFilter | None = None
    video: Annotated[str | None, Query(max_length=40)] = None


def image_query(caller: Who, asked: Annotated[Asked, Depends()]) -> ImageQuery:
    """Collect the filter of the library from the address; the assignee `me` is whoever asks."""
    return whose(ImageQuery(**asdict(asked)), caller)


def whose(query: ImageQuery, caller: Caller) -> ImageQuery:
    """Return the filter with the id of whoever asks in the place of `me`."""
    return replace(query, assignee=caller.id) if query.assignee == "me" else query


Filter = Annotated[ImageQuery, Depends(image_query)]
