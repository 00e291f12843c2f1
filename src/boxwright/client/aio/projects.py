"""Projects, their classes and their versions."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

from boxwright.client.aio.http import Http, Params
from boxwright.client.aio.jobs import LOOK_SECONDS
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_list, decode_page, encode, jsonable
from boxwright.domain.attributes import AttributeDefinition
from boxwright.domain.class_changes import ClassChange, ClassPlan, ClassPreview
from boxwright.domain.differences import Restored, VersionDiff
from boxwright.domain.models import DatasetVersion
from boxwright.domain.paging import Page
from boxwright.domain.projects import LabelClass, Project, ProjectCounts, Workflow
from boxwright.domain.statistics import Statistics


class Projects:
    """Projects that the caller may see."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def page(
        self, *, query: str = "", trash: bool = False, cursor: str | None = None, limit: int = 50
    ) -> Page[Project]:
        """Return one page of projects whose name contains `query`, newest change first."""
        params: Params = {"query": query, "trash": trash, "cursor": cursor, "limit": limit}
        return decode_page(Project, await self._http.get("/projects", params))

    def all(self, *, query: str = "", trash: bool = False) -> AsyncIterator[Project]:
        """Yield every project."""
        return all_items(lambda cursor: self.page(query=query, trash=trash, cursor=cursor, limit=500))

    async def create(self, name: str, description: str = "") -> Project:
        """Make an empty project. Raises Conflict where the name is taken."""
        return decode(Project, await self._http.create("/projects", {"name": name, "description": description}))

    async def get(self, project_id: str) -> Project:
        """Return one project."""
        return decode(Project, await self._http.get(f"/projects/{project_id}"))

    async def update(
        self,
        project_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        cover_image_id: str | None = None,
        workflow: Workflow | None = None,
        attributes: Sequence[AttributeDefinition] | None = None,
    ) -> Project:
        """Change what is given; `workflow` switches assigning and reviewing, `attributes` are those of all classes."""
        body = {
            "name": name,
            "description": description,
            "cover_image_id": cover_image_id,
            "workflow": workflow,
            "attributes": jsonable(attributes),
        }
        return decode(Project, await self._http.send("PATCH", f"/projects/{project_id}", json=_given(body)))

    async def delete(self, project_id: str, confirm: str) -> None:
        """Move a project to the trash; `confirm` must be its name."""
        await self._http.send("DELETE", f"/projects/{project_id}", json={"confirm": confirm})

    async def restore(self, project_id: str) -> Project:
        """Take a project out of the trash."""
        return decode(Project, await self._http.send("POST", f"/projects/{project_id}/restore"))

    async def statistics(self, project_id: str, class_id: str | None = None) -> Statistics:
        """Return the figures of all objects, or of those of a class. Raises NotFound.

        Waits where a large project is being counted for the first time; later it may be the figures of a while ago,
        of `counted_at`, where `counting` says so.
        """
        while True:
            answer = await self._http.get(f"/projects/{project_id}/statistics", {"class_id": class_id})
            figures = decode(Statistics, answer)
            if figures.counted_at is not None or not figures.counting:
                return figures
            await asyncio.sleep(LOOK_SECONDS)

    async def counts(self, project_id: str) -> ProjectCounts:
        """Return pictures and annotations by split and class."""
        return decode(ProjectCounts, await self._http.get(f"/projects/{project_id}/counts"))


class Classes:
    """The classes of a project."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, project_id: str) -> tuple[LabelClass, ...]:
        """Return the classes in their order."""
        return decode_list(LabelClass, await self._http.get(f"/projects/{project_id}/classes"))

    async def add(self, project_id: str, names: Sequence[str], color: str | None = None) -> tuple[LabelClass, ...]:
        """Add classes by name (those that exist are returned, not doubled); `color` as `#RRGGBB`."""
        body = {"names": [*names], "color": color}
        return decode_list(LabelClass, await self._http.create(f"/projects/{project_id}/classes", body))

    async def update(
        self,
        class_id: str,
        *,
        name: str | None = None,
        color: str | None = None,
        hotkey: str | None = None,
        position: int | None = None,
        hidden: bool | None = None,
        attributes: Sequence[AttributeDefinition] | None = None,
    ) -> LabelClass:
        """Change what is given; an empty hotkey removes it. `attributes` take the place of all that it had."""
        body = {
            "name": name,
            "color": color,
            "hotkey": hotkey,
            "position": position,
            "hidden": hidden,
            "attributes": jsonable(attributes),
        }
        return decode(LabelClass, await self._http.send("PATCH", f"/classes/{class_id}", json=_given(body)))

    async def delete(self, class_id: str) -> None:
        """Delete a class. Raises Conflict (`class_in_use`) while an annotation uses it; `change` deletes both."""
        await self._http.send("DELETE", f"/classes/{class_id}")

    async def preview(self, project_id: str, plan: ClassPlan) -> ClassPreview:
        """Return what merging, splitting or deleting classes would touch; nothing changes."""
        answer = await self._http.send("POST", f"/projects/{project_id}/class-changes/preview", json=encode(plan))
        return decode(ClassPreview, answer)

    async def change(self, project_id: str, plan: ClassPlan, digest: str | None = None) -> ClassChange:
        """Merge, split or delete classes, all or nothing; with the `digest` of a preview nothing else than that.

        Raises Conflict (`plan_outdated`) where the objects have changed since the preview.
        """
        body = {**encode(plan), "digest": digest}
        return decode(ClassChange, await self._http.create(f"/projects/{project_id}/class-changes", body))

    async def changes(self, project_id: str) -> tuple[ClassChange, ...]:
        """Return the last changes of classes, newest first."""
        return decode_list(ClassChange, await self._http.get(f"/projects/{project_id}/class-changes"))

    async def undo(self, change_id: str) -> ClassChange:
        """Take a change back, as one more change; what somebody has worked on since stays."""
        return decode(ClassChange, await self._http.send("POST", f"/class-changes/{change_id}/undo"))


class Versions:
    """Immutable states of a project's pictures and annotations."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def page(self, project_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[DatasetVersion]:
        """Return one page of versions, newest first."""
        params = {"cursor": cursor, "limit": limit}
        return decode_page(DatasetVersion, await self._http.get(f"/projects/{project_id}/versions", params))

    def all(self, project_id: str) -> AsyncIterator[DatasetVersion]:
        """Yield every version, newest first."""
        return all_items(lambda cursor: self.page(project_id, cursor=cursor))

    async def create(self, project_id: str, name: str | None = None) -> DatasetVersion:
        """Freeze the present state; equal content returns the version that exists."""
        return decode(DatasetVersion, await self._http.create(f"/projects/{project_id}/versions", {"name": name}))

    async def get(self, version_id: str) -> DatasetVersion:
        """Return one version."""
        return decode(DatasetVersion, await self._http.get(f"/versions/{version_id}"))

    async def compare(self, version_id: str, other_id: str | None = None) -> VersionDiff:
        """Return what is different in another version of the project, or in the project now."""
        return decode(VersionDiff, await self._http.get(f"/versions/{version_id}/changes", {"other": other_id}))

    async def restore(self, version_id: str) -> Restored:
        """Bring the project back to a version; restoring the version `before_id` of the answer undoes that."""
        return decode(Restored, await self._http.send("POST", f"/versions/{version_id}/restore"))


def _given(body: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in body.items() if value is not None}
