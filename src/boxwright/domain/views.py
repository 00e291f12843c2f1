"""Views of the library that people come back to."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.queries import ImageQuery

Layout = Literal["pictures", "table"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedView:
    """A filter and an order under a name, for everybody in the project.

    The assignee `me` in it is whoever opens it. `layout` and `columns` say how it is shown: as pictures or as a table,
    and which metadata fields are columns of that; None where that was not saved.
    """

    id: str
    project_id: str
    name: str
    query: ImageQuery
    author_id: str | None
    created_at: str
    updated_at: str
    layout: Layout | None = None
    columns: tuple[str, ...] | None = None
