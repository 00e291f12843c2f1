"""`boxwright view`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli import narrow
from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_project, find_view
from boxwright.cli.shell import Shell, command
from boxwright.domain.queries import query_to_json

if TYPE_CHECKING:
    from boxwright.domain.views import SavedView

group = typer.Typer(help="Filters and orders of the library under a name.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the view.")]
View = Annotated[str, typer.Argument(metavar="VIEW", help="Name or id.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="view")


@command(group, "list", example="boxwright view list --project cells")
def list_views(shell: Shell, project: ProjectOption) -> None:
    """List the saved views; `boxwright image list --view NAME` lists what one shows."""
    columns = {
        "id": lambda item: item.id,
        "name": lambda item: item.name,
        "shows": _shows,
    }
    with shell.client() as client:
        found = list(client.views.list(find_project(client, project).id))
    shell.rows(found, columns, "no views; save one with `boxwright view create NAME --project P --class C`")


@command(group, "create", example="boxwright view create doubtful --project cells --max-score 0.5 --objects both")
@narrow.options
def create(shell: Shell, called: Name, project: ProjectOption, **given: Any) -> None:
    """Save what the options of `boxwright image list` ask for under a name, for everybody in the project."""
    with shell.client() as client:
        found = find_project(client, project)
        _say(shell, client.views.create(found.id, called, narrow.query(client, found.id, **given)))


@command(group, "rename", example="boxwright view rename doubtful 'to look at' --project cells")
def rename(
    shell: Shell,
    view: View,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")],
    project: ProjectOption,
) -> None:
    """Rename a saved view."""
    with shell.client() as client:
        found = find_view(client, find_project(client, project).id, view)
        _say(shell, client.views.update(found.id, name=name))


@command(group, "delete", example="boxwright view delete doubtful --project cells")
def delete(shell: Shell, view: View, project: ProjectOption) -> None:
    """Delete a saved view; its images stay as they are."""
    with shell.client() as client:
        found = find_view(client, find_project(client, project).id, view)
        client.views.delete(found.id)
    shell.result(found, f"view {found.name!r} is deleted")


def _shows(view: "SavedView") -> str:
    """What differs from showing everything."""
    return ", ".join(f"{key}={_plain(value)}" for key, value in query_to_json(view.query).items())


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _say(shell: Shell, view: "SavedView") -> None:
    shell.result(view, f"{view.name} ({view.id}): {_shows(view) or 'all images'}")
