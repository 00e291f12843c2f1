"""Projects: make, find, describe, throw away, take back."""

from collections.abc import Sequence

from boxwright.domain.attributes import AttributeDefinition, to_json
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.projects import Project, ProjectCounts, Workflow
from boxwright.services import checks
from boxwright.services.attributes import checked
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Projects:
    """Rules about projects."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        # Images that repeat the bytes of others, by project, and the turnover at which they were counted.
        self._repeated: dict[str, tuple[int, int]] = {}

    def page(
        self, caller: Caller, query: str = "", *, trash: bool = False, cursor: str | None = None, limit: int = 50
    ) -> Page[Project]:
        """Return the projects that the caller may see, last changed first."""
        words = checks.text(query, "the search", checks.NAME)
        with self._uow.read() as tx:
            member = None if caller.admin else caller.id
            return tx.projects.page(member, query=words, trash=trash, cursor=cursor, limit=limit)

    def create(self, caller: Caller, name: str, description: str = "") -> Project:
        """Make an empty project with its ground truth. Raises Invalid, Conflict (`name_taken`)."""
        time = now()
        project = Project(
            id=new_id(),
            name=checks.name(name, "the project's name"),
            description=checks.text(description, "the description"),
            cover_image_id=None,
            created_at=time,
            updated_at=time,
        )
        with self._uow.write() as tx:
            _check_free(tx, project.name)
            tx.projects.add(project)
            tx.annotations.add_set(project.id, "ground_truth", "Ground truth")
            if not caller.admin:
                tx.people.add_member(project.id, caller.id, "manager")
            _note(tx, caller, "project.create", project)
            tx.publish(Event(topic="project", project_id=project.id, id=project.id, data={"action": "created"}))
        return project

    def get(self, project_id: str) -> Project:
        """Return a project. Raises NotFound, also for one in the trash."""
        with self._uow.read() as tx:
            return tx.projects.get(project_id)

    def update(
        self,
        project_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        cover_image_id: str | None = None,
        workflow: Workflow | None = None,
        attributes: Sequence[AttributeDefinition] | None = None,
    ) -> Project:
        """Change what is not None; `attributes` are those of all classes.

        Raises NotFound, Invalid, Conflict (`name_taken`).
        """
        values: dict[str, object] = {}
        if name is not None:
            values["name"] = checks.name(name, "the project's name")
        if description is not None:
            values["description"] = checks.text(description, "the description")
        if workflow is not None:
            values["workflow"] = workflow
        if attributes is not None:
            values["attributes"] = to_json(checked(attributes))
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            if cover_image_id is not None:
                values["cover_image_id"] = _cover(tx, project_id, cover_image_id)
            if "name" in values:
                _check_free(tx, str(values["name"]), project_id)
            tx.projects.update(project_id, **values, updated_at=now())
            tx.publish(Event(topic="project", project_id=project_id, id=project_id, data={"action": "updated"}))
            return tx.projects.get(project_id)

    def delete(self, project_id: str, confirm: str, caller: Caller | None = None) -> None:
        """Move a project to the trash. Raises NotFound, Invalid (`confirmation_mismatch`)."""
        with self._uow.write() as tx:
            project = tx.projects.get(project_id)
            if nfc(confirm.strip()) != nfc(project.name):
                message = f"type the project's name, {project.name!r}, to delete it"
                raise Invalid(message, code="confirmation_mismatch")
            tx.projects.update(project_id, deleted_at=now())
            _note(tx, caller, "project.delete", project)
            tx.publish(Event(topic="project", project_id=project_id, id=project_id, data={"action": "deleted"}))

    def restore(self, project_id: str, caller: Caller | None = None) -> Project:
        """Take a project out of the trash; no error where it is not in there. Raises NotFound, Conflict."""
        with self._uow.write() as tx:
            project = tx.projects.find(project_id)
            if project is None:
                raise NotFound("there is no such project")
            if project.deleted_at is not None:
                _check_free(tx, project.name, project_id)
                tx.projects.update(project_id, deleted_at=None, updated_at=now())
                _note(tx, caller, "project.restore", project)
                tx.publish(Event(topic="project", project_id=project_id, id=project_id, data={"action": "restored"}))
            return tx.projects.get(project_id)

    def counts(self, project_id: str) -> ProjectCounts:
        """Return pictures and annotations by split and class. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            totals = tx.totals.of(project_id)
            return ProjectCounts(
                splits=tx.totals.splits(project_id),
                classes=tx.classes.counts(project_id),
                trash=totals["trash"],
                duplicates=self._duplicates(tx, project_id, totals["turnover"]),
                proposals=totals["proposals"],
                to_review=totals["to_review"],
            )

    def _duplicates(self, tx: Transaction, project_id: str, turnover: int) -> int:
        """Count anew only where pictures have come or gone since: in a large project that takes a while."""
        known = self._repeated.get(project_id)
        if known is None or known[0] != turnover:
            known = self._repeated[project_id] = turnover, tx.projects.duplicate_count(project_id)
        return known[1]


def _note(tx: Transaction, caller: Caller | None, action: str, project: Project) -> None:
    tx.audit.add(caller, action, project_id=project.id, subject=project.id, detail={"name": project.name})


def _check_free(tx: Transaction, name: str, own_id: str | None = None) -> None:
    if tx.projects.named(name) not in (None, own_id):
        message = f"there is a project named {name!r} already; choose another name"
        raise Conflict(message, code="name_taken")


def _cover(tx: Transaction, project_id: str, image_id: str) -> str | None:
    if not image_id:
        return None
    image = tx.images.find(image_id)
    if image is None or image.project_id != project_id or image.deleted_at is not None:
        raise NotFound("the cover must be a picture of this project")
    return image_id
