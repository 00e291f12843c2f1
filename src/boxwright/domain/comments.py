"""Remarks of people, pinned to a spot of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """What somebody says about a spot of a picture, in pixels of the upright picture, or about the whole of it.

    `annotation_id` names the annotation that it speaks of, which may be gone by now. Whoever resolves it says that
    nothing is left to do.
    """

    id: str
    image_id: str
    text: str
    x: float | None
    y: float | None
    annotation_id: str | None
    author_id: str | None
    author_name: str | None
    created_at: str
    resolved_at: str | None = None
    resolved_by: str | None = None
    resolved_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewComment:
    """What the one who comments sends. The client makes the id: sending it again makes no second comment."""

    id: str
    text: str
    x: float | None = None
    y: float | None = None
    annotation_id: str | None = None
