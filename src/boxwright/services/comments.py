"""People talk about a picture where the matter is: on a spot of it."""

import math

from boxwright.domain.clock import now
from boxwright.domain.comments import Comment, NewComment
from boxwright.domain.errors import Conflict, Forbidden, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import is_id
from boxwright.domain.people import Caller, Role, at_least
from boxwright.domain.projects import Image
from boxwright.services import checks
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MAX_COMMENTS = 500
_TEXT = 4000


class Comments:
    """Rules about comments."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, image_id: str) -> tuple[Comment, ...]:
        """Return the comments on a picture, the oldest first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.images.get(image_id)
            return tx.comments.of_image(image_id)

    def add(self, image_id: str, new: NewComment, caller: Caller) -> Comment:
        """Pin a comment; one that is here already is returned.

        Raises:
            NotFound: no such picture, or it lies in the trash.
            Invalid: with code `comment_empty`, `comment_place` for a spot outside the picture, `too_many_comments`.
            Conflict: with code `comment_elsewhere` where the id belongs to another comment.
        """
        text = _text(new.text)
        if not is_id(new.id):
            raise Invalid("the id of a comment must be a UUID", code="comment_id")
        with self._uow.write() as tx:
            image = tx.images.lock(image_id)
            tx.projects.get(image.project_id)
            known = tx.comments.find(new.id)
            if known is not None:
                if known.image_id != image_id or known.author_id != caller.id:
                    raise Conflict("this id belongs to another comment; make a new one", code="comment_elsewhere")
                return known
            if image.deleted_at is not None:
                raise NotFound("the picture is in the trash; restore it first")
            if tx.comments.count(image_id) >= MAX_COMMENTS:
                raise Invalid(f"an image has at most {MAX_COMMENTS} comments", code="too_many_comments")
            _check_place(image, new)
            comment = Comment(
                id=new.id,
                image_id=image_id,
                text=text,
                x=new.x,
                y=new.y,
                annotation_id=new.annotation_id,
                author_id=caller.id,
                author_name=caller.name,
                created_at=now(),
            )
            tx.comments.add(image.project_id, comment)
            _publish(tx, image.project_id, comment, "created")
            return comment

    def update(
        self, comment_id: str, caller: Caller, *, text: str | None = None, resolved: bool | None = None
    ) -> Comment:
        """Change the words of one's own comment; resolve anybody's, or open it again. Raises NotFound, Forbidden."""
        words = None if text is None else _text(text)
        with self._uow.write() as tx:
            comment, project_id = _owned(tx, comment_id)
            if words is not None and comment.author_id != caller.id:
                raise Forbidden("only its author can change the words of a comment")
            values: dict[str, object] = {} if words is None else {"text": words}
            if resolved is not None and resolved != (comment.resolved_at is not None):
                at, by = (now(), caller.id) if resolved else (None, None)
                values |= {"resolved_at": at, "resolved_by": by}
            if values:
                tx.comments.update(comment_id, **values)
                _publish(tx, project_id, comment, "updated")
            return tx.comments.get(comment_id)

    def delete(self, comment_id: str, caller: Caller, role: Role) -> None:
        """Remove one's own comment; managers remove anybody's. Raises NotFound, Forbidden."""
        with self._uow.write() as tx:
            comment, project_id = _owned(tx, comment_id)
            if comment.author_id != caller.id and not at_least(role, "manager"):
                raise Forbidden("only its author or a manager can delete a comment; it can be resolved instead")
            tx.comments.delete(comment_id)
            _publish(tx, project_id, comment, "deleted")


def _text(text: str) -> str:
    words = checks.text(text, "the comment", _TEXT).strip()
    if not words:
        raise Invalid("a comment needs some words", code="comment_empty")
    return words


def _check_place(image: Image, new: NewComment) -> None:
    if (new.x is None) != (new.y is None):
        raise Invalid("a spot needs both x and y", code="comment_place")
    if new.x is not None and new.y is not None:
        inside = 0 <= new.x <= image.width and 0 <= new.y <= image.height
        if not (math.isfinite(new.x) and math.isfinite(new.y) and inside):
            raise Invalid(
                f"the spot lies outside of the image, which is {image.width} x {image.height}", code="comment_place"
            )
    if new.annotation_id is not None and not is_id(new.annotation_id):
        raise Invalid("the annotation of a comment must be named by its id", code="comment_place")


def _owned(tx: Transaction, comment_id: str) -> tuple[Comment, str]:
    project_id = tx.projects.owner("comment", comment_id)
    if project_id is None:
        raise NotFound("there is no such comment any more")
    return tx.comments.get(comment_id), project_id


def _publish(tx: Transaction, project_id: str, comment: Comment, action: str) -> None:
    data = {"action": action, "comment_id": comment.id}
    tx.publish(Event(topic="comment", project_id=project_id, id=comment.image_id, data=data))
