"""Splits of a whole project: dealt out, taken back, looked through for leaks."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.splits import Dealing, LeakReport, SplitChange, SplitPlan, SplitPreview, Together

router = APIRouter(prefix=PREFIX, tags=["splits"])
Weight = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Plan(BaseModel):
    """How images are dealt out; weights of any size: 8, 1, 1 and 80, 10, 10 say the same.

    `deal` says which images get a split: `new` those that have none, `all` every one anew, `nothing` none. With `mend`
    a group that lies in several splits comes together in the one that holds most of it. `together` and the keys of
    `metadata` name what keeps images in one split.
    """

    train: Weight = 80.0
    val: Weight = 10.0
    test: Weight = 10.0
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    stratify: bool = True
    together: list[Together] = Field(default=["video", "duplicates"], max_length=10)
    metadata: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=10)
    deal: Dealing = "new"
    mend: bool = False
    labeled_only: bool = False

    def plan(self) -> SplitPlan:
        """Return it as the services know it."""
        values = {name: getattr(self, name) for name in Plan.model_fields}
        return SplitPlan(**{**values, "together": tuple(self.together), "metadata": tuple(self.metadata)})


class PlanToMake(Plan):
    """A plan to carry out: with the `digest` of its preview nothing else than that is done."""

    digest: str | None = Field(default=None, max_length=64)


@router.post(
    "/projects/{project_id}/splits/preview", operation_id="previewSplits", dependencies=[Depends(in_project("viewer"))]
)
def preview_splits(project_id: str, body: Plan, app: App) -> SplitPreview:
    """Return what a plan would do to the splits; nothing changes."""
    return app.splitting.preview(project_id, body.plan())


@router.post("/projects/{project_id}/splits", operation_id="makeSplits", dependencies=[Depends(in_project("manager"))])
def make_splits(project_id: str, body: PlanToMake, app: App, caller: Who) -> SplitChange:
    """Deal the images out to the splits, all or none."""
    return app.splitting.make(project_id, body.plan(), caller, body.digest)


@router.get(
    "/projects/{project_id}/splits", operation_id="listSplitChanges", dependencies=[Depends(in_project("viewer"))]
)
def list_split_changes(project_id: str, app: App) -> tuple[SplitChange, ...]:
    """Return the last changes of the splits, newest first."""
    return app.splitting.history(project_id)


@router.post(
    "/split-changes/{split_change_id}/undo",
    operation_id="undoSplits",
    dependencies=[Depends(guard("split_change", "manager"))],
)
def undo_splits(split_change_id: str, app: App, caller: Who) -> SplitChange:
    """Take a change of the splits back; what somebody has moved since stays."""
    return app.splitting.undo(split_change_id, caller)


@router.get("/projects/{project_id}/leaks", operation_id="listLeaks", dependencies=[Depends(in_project("viewer"))])
def list_leaks(project_id: str, app: App) -> LeakReport:
    """Return what lies in several of train, val and test at once."""
    return app.splitting.leaks(project_id)
