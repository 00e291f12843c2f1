"""Comments on pictures."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select

from boxwright.domain.comments import Comment
from boxwright.domain.errors import NotFound
from boxwright.storage.tables import comments, users

_FIELDS = (
    "id", "image_id", "text", "x", "y", "annotation_id", "author_id", "created_at", "resolved_at", "resolved_by",
)  # fmt: skip
_authors, _resolvers = users.alias("authors"), users.alias("resolvers")
_NAMED = comments.outerjoin(_authors, _authors.c.id == comments.c.author_id).outerjoin(
    _resolvers, _resolvers.c.id == comments.c.resolved_by
)


def _make(row: Row[Any]) -> Comment:
    names = {"author_name": row.author_name, "resolved_name": row.resolved_name}
    return Comment(**{name: getattr(row, name) for name in _FIELDS}, **names)


def _select() -> Select[Any]:
    names = _authors.c.name.label("author_name"), _resolvers.c.name.label("resolved_name")
    return sa.select(comments, *names).select_from(_NAMED)


class CommentRepository:
    """Table `comments`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project_id: str, comment: Comment) -> None:
        """Insert a comment."""
        values = {name: getattr(comment, name) for name in _FIELDS}
        self._db.execute(sa.insert(comments).values(project_id=project_id, **values))

    def find(self, comment_id: str) -> Comment | None:
        """Return a comment."""
        row = self._db.execute(_select().where(comments.c.id == comment_id)).one_or_none()
        return _make(row) if row else None

    def get(self, comment_id: str) -> Comment:
        """Return a comment. Raises NotFound."""
        found = self.find(comment_id)
        if found is None:
            raise NotFound("there is no such comment any more")
        return found

    def of_image(self, image_id: str) -> tuple[Comment, ...]:
        """Return the comments on a picture, the oldest first."""
        query = _select().where(comments.c.image_id == image_id).order_by(comments.c.created_at, comments.c.id)
        return tuple(_make(row) for row in self._db.execute(query))

    def count(self, image_id: str) -> int:
        """Return how many comments a picture has."""
        query = sa.select(sa.func.count()).select_from(comments).where(comments.c.image_id == image_id)
        return self._db.scalar(query) or 0

    def update(self, comment_id: str, **values: object) -> None:
        """Change columns of a comment."""
        self._db.execute(sa.update(comments).where(comments.c.id == comment_id).values(**values))

    def delete(self, comment_id: str) -> None:
        """Remove a comment."""
        self._db.execute(sa.delete(comments).where(comments.c.id == comment_id))
