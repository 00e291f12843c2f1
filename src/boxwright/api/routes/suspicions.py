"""Labels that are likely wrong; looking for them is a job of kind `label_check`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.paging import Page
from boxwright.domain.projects import Split
from boxwright.domain.suspicions import Decided, Decision, DoubtKind, DoubtState, LabelCheck, Suspicion, SuspicionQuery

router = APIRouter(prefix=PREFIX, tags=["suspicions"])


class Said(BaseModel):
    """`accept` does to the label what the model suggests, `dismiss` leaves it, `reopen` takes either back."""

    decision: Decision


@router.get(
    "/projects/{project_id}/label-check", operation_id="getLabelCheck", dependencies=[Depends(in_project("viewer"))]
)
def get_label_check(project_id: str, app: App) -> LabelCheck:
    """Return the last check of labels, and how many suspicions are left of each kind and class."""
    return app.label_checks.get(project_id)


@router.get(
    "/projects/{project_id}/suspicions", operation_id="listSuspicions", dependencies=[Depends(in_project("viewer"))]
)
def list_suspicions(
    project_id: str,
    app: App,
    state: DoubtState = "open",
    kind: DoubtKind | None = None,
    class_id: Annotated[str | None, Query(max_length=100)] = None,
    split: Split | None = None,
    seen: bool | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[Suspicion]:
    """Return labels that are likely wrong, the most likely first; those that were changed since are left out."""
    query = SuspicionQuery(state=state, kind=kind, class_id=class_id, split=split, seen=seen)
    return app.label_checks.page(project_id, query, cursor=cursor, limit=limit)


@router.post(
    "/suspicions/{suspicion_id}/decision",
    operation_id="decideSuspicion",
    dependencies=[Depends(guard("suspicion", "annotator"))],
)
def decide_suspicion(suspicion_id: str, body: Said, app: App, caller: Who) -> Decided:
    """Accept a suspicion, which changes the annotation as a save of the caller, dismiss it, or take that back.

    409 `suspicion_stale` where the label was changed meanwhile.
    """
    return app.deciding.decide(suspicion_id, body.decision, caller)
