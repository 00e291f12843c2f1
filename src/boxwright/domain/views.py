"""Views of the library that people come back to."""

from dataclasses import dataclass

from boxwright.domain.queries import ImageQuery


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedView:
    """A filter and an order under a name, for everybody in the project.

    The assignee `me` in it is whoever opens it.
    """

    id: str
    project_id: str
    name: str
    query: ImageQuery
    author_id: str | None
    created_at: str
    updated_at: str
