"""`boxwright version`."""

from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_project, find_version
from boxwright.cli.shell import Shell, command
from boxwright.domain.models import DatasetVersion

if TYPE_CHECKING:
    from boxwright.domain.differences import Changes

group = typer.Typer(
    help="Freeze the state of a project; list, compare and restore what was frozen.", no_args_is_help=True
)
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="version")


@command(group, "list", example="boxwright version list --project cells")
def list_versions(shell: Shell, project: ProjectOption) -> None:
    """List the versions, newest first."""
    columns = {
        "id": lambda item: item.id,
        "name": lambda item: item.name,
        "images": lambda item: item.images,
        "annotations": lambda item: item.annotations,
        "train": lambda item: item.train,
        "val": lambda item: item.val,
        "test": lambda item: item.test,
        "created": lambda item: item.created_at,
    }
    with shell.client() as client:
        found = list(client.versions.all(find_project(client, project).id))
    shell.rows(found, columns, "no versions; a training makes one, and so does `boxwright version create`")


@command(group, "create", example="boxwright version create --project cells --name first")
def create(
    shell: Shell,
    project: ProjectOption,
    name: Annotated[str | None, typer.Option(help="Name; v1, v2, ... when omitted.")] = None,
) -> None:
    """Freeze the present state; equal content gives the version that exists."""
    with shell.client() as client:
        _say(shell, client.versions.create(find_project(client, project).id, name))


@command(group, "show", example="boxwright version show latest --project cells")
def show(
    shell: Shell,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Name, id or latest.")],
    project: ProjectOption,
) -> None:
    """Show one version."""
    with shell.client() as client:
        _say(shell, find_version(client, find_project(client, project).id, version))


@command(group, "compare", example="boxwright version compare first --with second --project cells")
def compare(
    shell: Shell,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Name, id or latest.")],
    project: ProjectOption,
    other: Annotated[
        str | None,
        typer.Option("--with", metavar="VERSION", help="A later version; the present state when omitted."),
    ] = None,
) -> None:
    """Show what came, went and changed since a version."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        later = None if other is None else find_version(client, project_id, other).id
        found = client.versions.compare(find_version(client, project_id, version).id, later)
    lines = [f"{_counted('images', found.images)}, {found.moved} in another split", _counted("objects", found.objects)]
    lines += [f"  {_counted(one.name, one.objects)}" for one in found.classes]
    lines += [f"{one.change}: {one.name} ({_counted('objects', one.objects)})" for one in found.examples[:_SHOWN]]
    total = found.images.added + found.images.removed + found.images.changed
    more = [f"and {total - _SHOWN} more images"] if total > _SHOWN else []
    shell.result(found, *lines, *more)


@command(group, "restore", example="boxwright version restore first --project cells")
def restore(
    shell: Shell,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Name, id or latest.")],
    project: ProjectOption,
) -> None:
    """Bring a project back to a version; what it is now becomes a version first, so nothing is lost."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        done = client.versions.restore(find_version(client, project_id, version).id)
    lost = [f"{done.lost} images could not come back: their pixels or names are taken away"] if done.lost else []
    undo = [f"boxwright version restore {done.before_id} --project {project} undoes this"] if done.before_id else []
    counts = f"{done.changed} images changed, {done.back} came back, {done.trashed} moved to the trash"
    shell.result(done, counts, *lost, *undo)


def _counted(what: str, changes: "Changes") -> str:
    return f"{what}: {changes.added} added, {changes.removed} removed, {changes.changed} changed"


def _say(shell: Shell, version: DatasetVersion) -> None:
    shell.result(
        version,
        f"{version.name} ({version.id})",
        f"{version.images} images, {version.annotations} annotations; "
        f"train {version.train}, val {version.val}, test {version.test}",
        f"content {version.content_hash}",
    )
