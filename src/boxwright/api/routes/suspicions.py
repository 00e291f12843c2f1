"""Labels that are likely wrong; looking for them is a job of kind `label_check`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.paging import Page
from boxwright.domain.projects import Split
from boxwright.domain.suspicions import (
    Decided,
    DecidedMany,
    Decision,
    DoubtKind,
    DoubtState,
    LabelCheck,
    Suspicion,
    SuspicionQuery,
    Verdict,
)

router = APIRouter(prefix=PREFIX, tags=["suspicions"])
Share = Annotated[float | None, Query(ge=0, le=1)]


class Said(BaseModel):
    """`accept` does to the label what the model suggests, `dismiss` leaves it, `reopen` takes either back."""

    decision: Decision


class SaidOfMany(BaseModel):
    """One decision about all open suspicions of a kind, class or split whose score is in a range.

    `max_score` itself is not in it. Accepting asks for a `kind`. With `dry_run` they are only counted; with `expected`
    it is done to no other number than that.
    """

    decision: Verdict
    kind: DoubtKind | None = None
    class_id: str | None = Field(default=None, max_length=100)
    split: Split | None = None
    seen: bool | None = None
    min_score: float | None = Field(default=None, ge=0, le=1)
    max_score: float | None = Field(default=None, ge=0, le=1)
    expected: int | None = Field(default=None, ge=0)
    dry_run: bool = False

    def query(self) -> SuspicionQuery:
        """Return which suspicions are meant."""
        return SuspicionQuery(**self.model_dump(exclude={"decision", "expected", "dry_run"}))


class TakenBack(BaseModel):
    """Names a decision about many, as its answer did."""

    at: str = Field(max_length=40)


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
    min_score: Share = None,
    max_score: Share = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[Suspicion]:
    """Return labels that are likely wrong, the most likely first; those that were changed since are left out."""
    query = SuspicionQuery(
        state=state,
        kind=kind,
        class_id=class_id,
        split=split,
        seen=seen,
        min_score=min_score,
        max_score=max_score,
    )
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


@router.post(
    "/projects/{project_id}/suspicions/decide",
    operation_id="decideSuspicions",
    dependencies=[Depends(in_project("annotator"))],
)
def decide_suspicions(project_id: str, body: SaidOfMany, app: App, caller: Who) -> DecidedMany:
    """Accept or dismiss many open suspicions in one step, or only count them.

    409 `suspicions_outdated` where there are more or fewer than were expected.
    """
    if body.dry_run:
        return app.deciding_many.count(project_id, body.query(), body.decision)
    return app.deciding_many.decide(project_id, body.query(), body.decision, caller, body.expected)


@router.post(
    "/projects/{project_id}/suspicions/reopen",
    operation_id="reopenSuspicions",
    dependencies=[Depends(in_project("annotator"))],
)
def reopen_suspicions(project_id: str, body: TakenBack, app: App, caller: Who) -> DecidedMany:
    """Take a decision about many back as one step; labels that were changed since stay."""
    return app.deciding_many.reopen(project_id, body.at, caller)
