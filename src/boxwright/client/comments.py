# Made from aio/comments.py by scripts/sync_client.py: change that one, then run `make api`.
"""Comments pinned to a spot of a picture."""

from boxwright.client.decode import decode, decode_list
from boxwright.client.http import Http
from boxwright.domain.comments import Comment
from boxwright.domain.ids import new_id


class Comments:
    """What people say about pictures."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, image_id: str) -> tuple[Comment, ...]:
        """Return the comments on a picture, the oldest first."""
        return decode_list(Comment, self._http.get(f"/images/{image_id}/comments"))

    def add(
        self, image_id: str, text: str, *, at: tuple[float, float] | None = None, annotation_id: str | None = None
    ) -> Comment:
        """Comment on a spot (x, y) of the upright picture, on an annotation, or on the whole. Raises Invalid."""
        x, y = at or (None, None)
        body = {"id": new_id(), "text": text, "x": x, "y": y, "annotation_id": annotation_id}
        return decode(Comment, self._http.create(f"/images/{image_id}/comments", body))

    def update(self, comment_id: str, *, text: str | None = None, resolved: bool | None = None) -> Comment:
        """Resolve a comment or open it again; change the words of one's own."""
        given = {key: value for key, value in {"text": text, "resolved": resolved}.items() if value is not None}
        return decode(Comment, self._http.send("PATCH", f"/comments/{comment_id}", json=given))

    def delete(self, comment_id: str) -> None:
        """Delete one's own comment; managers delete anybody's."""
        self._http.send("DELETE", f"/comments/{comment_id}")
