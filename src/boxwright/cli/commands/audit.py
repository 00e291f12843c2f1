"""`boxwright audit`."""

from itertools import islice
from typing import Annotated

import typer

from boxwright.cli.refs import find_project
from boxwright.cli.shell import Shell, command

group = typer.Typer(help="Look up who did what.", no_args_is_help=True)
_COLUMNS = {
    "time": lambda item: item.created_at,
    "user": lambda item: item.user_name,
    "from": lambda item: item.address,
    "action": lambda item: item.action,
    "what": lambda item: ", ".join(f"{key} {value}" for key, value in item.detail.items() if value is not None),
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="audit")


@command(group, "list", example="boxwright audit list --project cells --limit 20")
def list_audit(
    shell: Shell,
    project: Annotated[str | None, typer.Option(help="Name or id of a project; all when omitted.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest entries.")] = 50,
) -> None:
    """List the newest entries of the audit log, newest first."""
    with shell.client() as client:
        project_id = None if project is None else find_project(client, project).id
        found = list(islice(client.audit.all(project_id), limit))
    shell.rows(found, _COLUMNS, "no entries")
