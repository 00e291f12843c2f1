"""`boxwright member`."""

from enum import StrEnum
from typing import Annotated

import typer

from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_project, same_name
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import NotFound

group = typer.Typer(help="Say who takes part in a project, and in which role.", no_args_is_help=True)
_COLUMNS = {
    "user": lambda item: item.name,
    "role": lambda item: item.role,
    "disabled": lambda item: "yes" if item.disabled else "no",
    "id": lambda item: item.user_id,
}


class RoleName(StrEnum):
    """The roles, the smallest first."""

    VIEWER = "viewer"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    MANAGER = "manager"


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="member")


@command(group, "add", example="boxwright member add ann --project cells --role annotator")
def add(
    shell: Shell,
    user: Annotated[str, typer.Argument(metavar="USER", help="Name of a user.")],
    project: ProjectOption,
    role: Annotated[RoleName, typer.Option(help="What the user may do; who has a role already gets this one.")],
) -> None:
    """Give a user a role in a project, the first one or another."""
    with shell.client() as client:
        member = client.members.add(find_project(client, project).id, user, role.value)
    shell.result(member, f"{member.name} is {member.role} now")


@command(group, "remove", example="boxwright member remove ann --project cells")
def remove(
    shell: Shell,
    user: Annotated[str, typer.Argument(metavar="USER", help="Name or id of a member.")],
    project: ProjectOption,
) -> None:
    """Take a user out of a project; what the user made there stays."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        members = client.members.list(project_id)
        member = next((item for item in members if item.user_id == user or same_name(item.name, user)), None)
        if member is None:
            raise NotFound(f"{user!r} is no member of this project; see `boxwright member list`")
        client.members.remove(project_id, member.user_id)
    shell.result(member, f"{member.name} takes no part any more")


@command(group, "list", example="boxwright member list --project cells")
def list_members(shell: Shell, project: ProjectOption) -> None:
    """List the members of a project; administrators may do everything without being one."""
    with shell.client() as client:
        found = client.members.list(find_project(client, project).id)
    shell.rows(found, _COLUMNS, "no members; add some with `boxwright member add NAME`")
