"""`boxwright project`."""

import sys
from typing import Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.figures import lines
from boxwright.cli.options import AttributeOption, NoAttributesOption, attributes_of
from boxwright.cli.refs import find_class, find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.projects import Project

group = typer.Typer(help="Make, list and delete projects.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="PROJECT", help="Name or id.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="project")


def _say(shell: Shell, project: Project, done: str) -> None:
    shell.result(project, f"{done} {project.name} ({project.id})")


@command(group, "create", example='boxwright project create cells --description "blood smears"')
def create(
    shell: Shell,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name; no two projects have the same one.")],
    description: Annotated[str, typer.Option(help="What it is about.")] = "",
) -> None:
    """Make an empty project."""
    with shell.client() as client:
        _say(shell, client.projects.create(name, description), "created")


@command(group, "list", example="boxwright project list --json")
def list_projects(
    shell: Shell,
    query: Annotated[str, typer.Option(help="Part of the name.")] = "",
    trash: Annotated[bool, typer.Option("--trash", help="What is in the trash.")] = False,
) -> None:
    """List the projects, newest change first."""
    columns = {
        "id": lambda item: item.id,
        "name": lambda item: item.name,
        "images": lambda item: item.images,
        "labeled": lambda item: item.labeled,
        "annotations": lambda item: item.annotations,
        "classes": lambda item: item.classes,
        "models": lambda item: item.models,
    }
    with shell.client() as client:
        found = list(client.projects.all(query=query, trash=trash))
    shell.rows(found, columns, "no projects; make one with `boxwright project create NAME`")


@command(group, "update", example="boxwright project update cells --name smears")
def update(
    shell: Shell,
    project: Name,
    name: Annotated[str | None, typer.Option(help="New name.")] = None,
    description: Annotated[str | None, typer.Option(help="New description.")] = None,
    attribute: AttributeOption = None,
    no_attributes: NoAttributesOption = False,
) -> None:
    """Rename or describe a project, or define attributes of all its classes."""
    attributes = attributes_of(attribute, no_attributes)
    with shell.client() as client:
        found = find_project(client, project)
        changed = client.projects.update(found.id, name=name, description=description, attributes=attributes)
        _say(shell, changed, "updated")


@command(group, "delete", example="boxwright project delete cells --yes")
def delete(
    shell: Shell,
    project: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Move a project to the trash, where it stays for 30 days."""
    if not yes and not sys.stdin.isatty():
        wrong_use("nobody is there to ask; say --yes to delete without a question")
    with shell.client() as client:
        found = find_project(client, project)
        confirm = found.name if yes else typer.prompt(f"Type {found.name} to delete it", err=True)
        client.projects.delete(found.id, confirm)
        _say(shell, found, "moved to the trash:")


@command(group, "restore", example="boxwright project restore cells")
def restore(shell: Shell, project: Name) -> None:
    """Take a project back out of the trash."""
    with shell.client() as client:
        _say(shell, client.projects.restore(find_project(client, project, trash=True).id), "restored")


@command(group, "stats", example="boxwright project stats cells --minimum 100")
def stats(
    shell: Shell,
    project: Name,
    class_: Annotated[
        str | None, typer.Option("--class", metavar="CLASS", help="Sizes and shapes of this class alone.")
    ] = None,
    minimum: Annotated[int, typer.Option(min=0, help="Classes with fewer objects are marked.")] = 50,
) -> None:
    """Count objects and images by class, sizes, shapes and split; --json has all figures that the page shows."""
    with shell.client() as client:
        found = find_project(client, project)
        chosen = find_class(client, found.id, class_).id if class_ else None
        figures = client.projects.statistics(found.id, chosen)
    shell.result(figures, *lines(figures, minimum))
