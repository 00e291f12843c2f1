"""Annotations of a picture; the body of a save is the domain ChangeSet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import TypeAdapter

from boxwright.api.deps import App, Who, application_of, guard
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.api.visits import answer, read_json, visit
from boxwright.domain.annotations import ChangeSet, ImageAnnotations, LogEntry, Saved
from boxwright.domain.errors import Forbidden
from boxwright.domain.paging import Page

router = APIRouter(prefix=PREFIX, tags=["annotations"])


@router.get(
    "/images/{image_id}/annotations", operation_id="getAnnotations", dependencies=[Depends(guard("image", "viewer"))]
)
def get_annotations(image_id: str, app: App, caller: Who, set_id: str | None = None) -> ImageAnnotations:
    """Return all annotations of a picture in one set with their revision.

    The default is the ground truth; for one who labels the picture for themselves (it is labelled twice) their own set.
    """
    return app.annotations.get(image_id, set_id, caller)


_CHANGES, _SAVED = TypeAdapter(ChangeSet), TypeAdapter(Saved)


def _save(request: Request, body: bytes) -> Response:
    changes = read_json(request, body, _CHANGES)
    image_id, author_id = request.path_params["image_id"], request.query_params.get("author_id")
    return answer(_SAVED, apply_changes(image_id, changes, application_of(request), request.state.caller, author_id))


saves = APIRouter(prefix=PREFIX, tags=["annotations"], route_class=visit(_save))


@saves.post(
    "/images/{image_id}/changes", operation_id="applyChanges", dependencies=[Depends(guard("image", "annotator"))]
)
def apply_changes(image_id: str, body: ChangeSet, app: App, caller: Who, author_id: str | None = None) -> Saved:
    """Save a change set; 409 `revision_conflict` carries the newer state.

    With `author_id` it is saved only while the caller is this person (else 403 `other_person`): a browser tab cannot
    see that another tab has signed in as somebody else, and what one person drew is never saved as the work of another.
    """
    if author_id not in (None, caller.id):
        raise Forbidden("somebody else is signed in now; sign in again as the one who made it", code="other_person")
    return app.annotations.apply_changes(image_id, body, caller)


@router.get(
    "/images/{image_id}/revisions/{revision}",
    operation_id="getRevision",
    dependencies=[Depends(guard("image", "viewer"))],
)
def get_revision(
    image_id: str, revision: Annotated[int, Path(ge=0, lt=1 << 31)], app: App, caller: Who, set_id: str | None = None
) -> ImageAnnotations:
    """Return all annotations of a picture in one set as they were at a revision, to look at or to save again."""
    return app.annotations.revision(image_id, revision, set_id, caller)


@router.get("/images/{image_id}/history", operation_id="getHistory", dependencies=[Depends(guard("image", "viewer"))])
def get_history(
    image_id: str, app: App, caller: Who, cursor: Cursor = None, limit: Limit = 50, set_id: str | None = None
) -> Page[LogEntry]:
    """Return who changed what and when in one set, by default as for the annotations, newest first."""
    return app.annotations.history(image_id, cursor, limit, set_id=set_id, caller=caller)


router.routes.extend(saves.routes)
