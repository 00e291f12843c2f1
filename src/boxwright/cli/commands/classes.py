"""`boxwright class`."""

from typing import Annotated

import typer

from boxwright.cli.commands import class_changes
from boxwright.cli.failures import wrong_use
from boxwright.cli.options import AttributeOption, NoAttributesOption, ProjectOption, attributes_of
from boxwright.cli.refs import find_class, find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.attributes import format_line

group = typer.Typer(help="List, add and change the classes of a project.", no_args_is_help=True)
_COLUMNS = {
    "id": lambda item: item.id,
    "name": lambda item: item.name,
    "color": lambda item: item.color,
    "hotkey": lambda item: item.hotkey,
    "annotations": lambda item: item.annotations,
    "attributes": lambda item: "; ".join(map(format_line, item.attributes)) or None,
}

ClassName = Annotated[str, typer.Argument(metavar="CLASS", help="Name or id.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    class_changes.register(group)
    app.add_typer(group, name="class")


@command(group, "list", example="boxwright class list --project cells")
def list_classes(shell: Shell, project: ProjectOption) -> None:
    """List the classes in their order."""
    with shell.client() as client:
        found = client.classes.list(find_project(client, project).id)
    shell.rows(found, _COLUMNS, "no classes; add some with `boxwright class add NAME...`")


@command(group, "add", example="boxwright class add RBC WBC Platelets --project cells")
def add(
    shell: Shell,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names; those that exist stay as they are.")],
    project: ProjectOption,
    color: Annotated[str | None, typer.Option(help="Colour as #RRGGBB; taken from a palette when omitted.")] = None,
) -> None:
    """Add classes."""
    with shell.client() as client:
        found = client.classes.add(find_project(client, project).id, names, color)
    shell.rows(found, _COLUMNS, "nothing added")


@command(group, "update", example="boxwright class update RBC --project cells --name red --hotkey r")
def update(
    shell: Shell,
    name: ClassName,
    project: ProjectOption,
    new_name: Annotated[str | None, typer.Option("--name", help="New name.")] = None,
    color: Annotated[str | None, typer.Option(help="Colour as #RRGGBB.")] = None,
    hotkey: Annotated[str | None, typer.Option(help="Key that picks it in the editor; empty removes it.")] = None,
    position: Annotated[int | None, typer.Option(min=0, help="Place in the list, from 0.")] = None,
    hidden: Annotated[bool | None, typer.Option("--hide/--show", help="Hide it from the editor, or show it.")] = None,
    attribute: AttributeOption = None,
    no_attributes: NoAttributesOption = False,
) -> None:
    """Rename, recolour, reorder or hide a class, or define its attributes; its annotations stay."""
    attributes = attributes_of(attribute, no_attributes)
    if (new_name, color, hotkey, position, hidden, attributes) == (None,) * 6:
        wrong_use("say what to change: --name, --color, --hotkey, --position, --attribute, --hide or --show")
    with shell.client() as client:
        found = find_class(client, find_project(client, project).id, name)
        changed = client.classes.update(
            found.id,
            name=new_name,
            color=color,
            hotkey=hotkey,
            position=position,
            hidden=hidden,
            attributes=attributes,
        )
    shell.result(changed, f"updated {changed.name}")
