"""Quality reports of evaluations, and the pictures behind their figures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from boxwright.api.deps import App, guard
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.paging import Page
from boxwright.domain.quality import ErrorKind, ImageOutcome, Outcome, OutcomeQuery, QualityReport

router = APIRouter(prefix=PREFIX, tags=["models"])
ClassId = Annotated[str | None, Query(max_length=200)]


@router.get(
    "/evaluations/{evaluation_id}/report",
    operation_id="getQualityReport",
    dependencies=[Depends(guard("evaluation", "viewer"))],
)
def get_report(evaluation_id: str, app: App) -> QualityReport:
    """Return how the model errs: curves, confusions, kinds of errors, calibration."""
    return app.reports.get(evaluation_id)


@router.get(
    "/evaluations/{evaluation_id}/images",
    operation_id="listOutcomes",
    dependencies=[Depends(guard("evaluation", "viewer"))],
)
def list_outcomes(
    evaluation_id: str,
    app: App,
    truth: ClassId = None,
    found: ClassId = None,
    outcome: Outcome | None = None,
    kind: ErrorKind | None = None,
    class_id: ClassId = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ImageOutcome]:
    """Return pictures with what became of their objects, the most certain errors first.

    `truth` and `found` (class ids, or `background`) ask for a cell of the confusion matrix, `outcome` for true and
    false positives and false negatives, `kind` for a kind of error, `class_id` for one class of these or alone.
    """
    query = OutcomeQuery(truth=truth, found=found, outcome=outcome, kind=kind, class_id=class_id)
    return app.reports.images(evaluation_id, query, cursor, limit)
