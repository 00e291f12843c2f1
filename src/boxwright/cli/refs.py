"""Projects, models, runs, versions and classes by what people call them: a name, an id, or `latest`."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar
from unicodedata import normalize

from boxwright.domain.errors import Conflict, NotFound
from boxwright.domain.ids import is_id

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.models import DatasetVersion, Model
    from boxwright.domain.people import User
    from boxwright.domain.predictions import Run
    from boxwright.domain.projects import LabelClass, Project
    from boxwright.domain.videos import Video
    from boxwright.domain.views import SavedView

LATEST = "latest"


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class _Owned(_Named, Protocol):
    @property
    def project_id(self) -> str: ...

    @property
    def created_at(self) -> str: ...


N = TypeVar("N", bound=_Named)
T = TypeVar("T", bound=_Owned)


def find_project(client: "Client", ref: str, *, trash: bool = False) -> "Project":
    """Return the project with this name or id; with `trash`, one in the trash."""
    found = named_project(client, ref, trash=trash)
    if found is None:
        where = " in the trash" if trash else ""
        raise NotFound(f"there is no project named {ref!r}{where}; see `boxwright project list`")
    return found


def named_project(client: "Client", ref: str, *, trash: bool = False) -> "Project | None":
    """Return the project with this name or id; None where no project has the name."""
    if is_id(ref):
        return client.projects.get(ref)
    return _one(client.projects.all(query=ref, trash=trash), ref, "projects")


def find_or_make(client: "Client", ref: str) -> "Project":
    """Return the project with this name or id; makes one of this name where there is none."""
    return named_project(client, ref) or client.projects.create(ref)


def find_user(client: "Client", ref: str) -> "User":
    """Return the user with this id or name, in upper or lower case."""
    found = next((user for user in client.users.all() if user.id == ref or same_name(user.name, ref)), None)
    if found is None:
        raise NotFound(f"there is no user named {ref!r}; see `boxwright user list`")
    return found


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are those of one user."""
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


def maybe_project(client: "Client", ref: str | None) -> "Project | None":
    """Return the project that was named, if one was."""
    return None if ref is None else find_project(client, ref)


def find_model(client: "Client", ref: str, project: "Project | None" = None) -> "Model":
    """Return the model with this name or id, or the newest detector for `latest`, of one project or of all."""
    return _find(
        client, ref, project, "model", client.models.get, lambda owner: client.models.all(owner, assist=ref != LATEST)
    )


def find_run(client: "Client", ref: str, project: "Project | None" = None) -> "Run":
    """Return the prediction run with this name or id, or the newest one for `latest`, of one project or of all."""
    return _find(client, ref, project, "run", client.runs.get, client.runs.all)


def _find(
    client: "Client",
    ref: str,
    project: "Project | None",
    what: str,
    get: Callable[[str], T],
    all_of: Callable[[str], Iterable[T]],
) -> T:
    where = f" in project {project.name!r}" if project else ""
    see = f"see `boxwright {what} list`"
    if is_id(ref):
        item = get(ref)
        if project is not None and item.project_id != project.id:
            raise NotFound(f"there is no {what} {ref}{where}; {see}")
        return item
    projects = [project] if project else client.projects.all()
    items = [item for owner in projects for item in all_of(owner.id)]
    if ref == LATEST:
        found = max(items, key=lambda item: (item.created_at, item.id), default=None)
    else:
        found = _one(items, ref, f"{what}s")
    if found is None:
        missing = f"there is no {what} yet" if ref == LATEST else f"there is no {what} named {ref!r}"
        raise NotFound(f"{missing}{where}; {see}")
    return found


def find_version(client: "Client", project_id: str, ref: str) -> "DatasetVersion":
    """Return the version of a project with this name or id, or the newest one for `latest`."""
    versions = list(client.versions.all(project_id))
    if ref == LATEST and versions:
        return versions[0]
    found = _one(versions, ref, "versions")
    if found is None:
        raise NotFound(f"there is no version {ref!r} in this project; see `boxwright version list`")
    return found


def find_video(client: "Client", project_id: str, ref: str, *, trash: bool = False) -> "Video":
    """Return the video of a project with this name or id; with `trash`, one in the trash."""
    found = _one(client.videos.all(project_id, trash=trash), ref, "videos")
    if found is None:
        where = " in the trash" if trash else ""
        raise NotFound(f"there is no video {ref!r}{where} in this project; see `boxwright video list`")
    return found


def find_view(client: "Client", project_id: str, ref: str) -> "SavedView":
    """Return the saved view of a project with this name or id."""
    found = _one(client.views.list(project_id), ref, "views")
    if found is None:
        raise NotFound(f"there is no view {ref!r} in this project; see `boxwright view list`")
    return found


def find_class(client: "Client", project_id: str, ref: str) -> "LabelClass":
    """Return the class of a project with this name or id."""
    found = _one(client.classes.list(project_id), ref, "classes")
    if found is None:
        raise NotFound(f"there is no class {ref!r} in this project; see `boxwright class list`")
    return found


def _one(items: Iterable[N], ref: str, what: str) -> N | None:
    found = [item for item in items if ref in (item.name, item.id)]
    if len(found) > 1:
        ids = ", ".join(item.id for item in found[:5])
        raise Conflict(f"{len(found)} {what} are named {ref!r}; use an id: {ids}", code="name_ambiguous")
    return found[0] if found else None
