"""`boxwright version`."""

from typing import Annotated

import typer

from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_project, find_version
from boxwright.cli.shell import Shell, command
from boxwright.domain.models import DatasetVersion

group = typer.Typer(help="Freeze the state of a project, and list what was frozen.", no_args_is_help=True)


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


def _say(shell: Shell, version: DatasetVersion) -> None:
    shell.result(
        version,
        f"{version.name} ({version.id})",
        f"{version.images} images, {version.annotations} annotations; "
        f"train {version.train}, val {version.val}, test {version.test}",
        f"content {version.content_hash}",
    )
