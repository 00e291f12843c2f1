"""Comments pinned to a spot of a picture."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard
from boxwright.api.routes import PREFIX
from boxwright.domain.comments import Comment, NewComment

router = APIRouter(prefix=PREFIX, tags=["comments"])


class CommentPatch(BaseModel):
    """Fields that are left out stay as they are."""

    text: str | None = Field(default=None, max_length=4000)
    resolved: bool | None = None


@router.get(
    "/images/{image_id}/comments", operation_id="listComments", dependencies=[Depends(guard("image", "viewer"))]
)
def list_comments(image_id: str, app: App) -> tuple[Comment, ...]:
    """Return the comments on an image, the oldest first."""
    return app.comments.list(image_id)


@router.post(
    "/images/{image_id}/comments",
    operation_id="addComment",
    status_code=201,
    dependencies=[Depends(guard("image", "annotator"))],
)
def add_comment(image_id: str, body: NewComment, app: App, caller: Who) -> Comment:
    """Comment on a spot of an image, on an annotation, or on the whole."""
    return app.comments.add(image_id, body, caller)


@router.patch(
    "/comments/{comment_id}", operation_id="updateComment", dependencies=[Depends(guard("comment", "annotator"))]
)
def update_comment(comment_id: str, body: CommentPatch, app: App, caller: Who) -> Comment:
    """Resolve a comment or open it again; change the words of one's own."""
    return app.comments.update(comment_id, caller, text=body.text, resolved=body.resolved)


@router.delete(
    "/comments/{comment_id}",
    operation_id="deleteComment",
    status_code=204,
    dependencies=[Depends(guard("comment", "annotator"))],
)
def delete_comment(comment_id: str, app: App, caller: Who) -> None:
    """Delete one's own comment; managers delete anybody's."""
    app.comments.delete(comment_id, caller, app.access.role_at(caller, "comment", comment_id))
