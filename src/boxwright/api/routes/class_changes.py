"""Classes merged, split and deleted: shown first, then done as one step that can be taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.filters import whose
from boxwright.api.routes import PREFIX
from boxwright.domain.class_changes import ClassChange, ClassDeed, ClassPlan, ClassPreview, ValueRule
from boxwright.domain.people import Caller
from boxwright.domain.queries import ImageQuery

router = APIRouter(prefix=PREFIX, tags=["classes"])
Id = Annotated[str, Field(max_length=40)]


class ClassChangePlan(BaseModel):
    """What is to be done to the objects of some classes.

    `merge` gives all objects of `class_ids` to the class `into_id`, or to the class `name` (made where there is none),
    and takes those classes out of the list. `split` gives some of their objects to it: those of the images that `query`
    finds or that `image_ids` name, as far as what the query asks of objects holds for the object itself. `delete`
    deletes the classes with all their objects.

    `values` says what becomes of attributes that the class which takes the objects does not define: it gets their
    definitions (`add`), they stay without one (`keep`), or the objects lose them (`drop`).
    """

    kind: ClassDeed
    class_ids: list[Id] = Field(min_length=1, max_length=10_000)
    into_id: Id | None = None
    name: str | None = Field(default=None, max_length=200)
    query: ImageQuery | None = None
    image_ids: list[Id] | None = Field(default=None, max_length=10_000)
    values: ValueRule = "add"

    def plan(self, caller: Caller) -> ClassPlan:
        """Return it as the services know it."""
        return ClassPlan(
            kind=self.kind,
            class_ids=tuple(self.class_ids),
            into_id=self.into_id,
            name=self.name,
            query=None if self.query is None else whose(self.query, caller),
            image_ids=None if self.image_ids is None else tuple(self.image_ids),
            values=self.values,
        )


class NewClassChange(ClassChangePlan):
    """What is to be done now: with the `digest` of its preview nothing else than that."""

    digest: str | None = Field(default=None, max_length=64)


@router.post(
    "/projects/{project_id}/class-changes/preview",
    operation_id="previewClassChange",
    dependencies=[Depends(in_project("viewer"))],
)
def preview_class_change(project_id: str, body: ClassChangePlan, app: App, caller: Who) -> ClassPreview:
    """Return what it would touch; nothing changes."""
    return app.class_changes.preview(project_id, body.plan(caller))


@router.post(
    "/projects/{project_id}/class-changes",
    operation_id="changeClasses",
    dependencies=[Depends(in_project("manager"))],
)
def change_classes(project_id: str, body: NewClassChange, app: App, caller: Who) -> ClassChange:
    """Merge, split or delete classes, all of it or nothing."""
    return app.class_changes.make(project_id, body.plan(caller), caller, body.digest)


@router.get(
    "/projects/{project_id}/class-changes",
    operation_id="listClassChanges",
    dependencies=[Depends(in_project("viewer"))],
)
def list_class_changes(project_id: str, app: App) -> tuple[ClassChange, ...]:
    """Return the last changes of classes, newest first: also of names, colours, keys, order and attributes."""
    return app.class_changes.history(project_id)


@router.post(
    "/class-changes/{class_change_id}/undo",
    operation_id="undoClassChange",
    dependencies=[Depends(guard("class_change", "manager"))],
)
def undo_class_change(class_change_id: str, app: App, caller: Who) -> ClassChange:
    """Take a change of classes back; what somebody has worked on since stays."""
    return app.class_changes.undo(class_change_id, caller)
