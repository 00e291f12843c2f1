"""`boxwright user`."""

import sys
from typing import Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.refs import find_user
from boxwright.cli.shell import Shell, command

group = typer.Typer(help="Make and change users; for administrators.", no_args_is_help=True)
_COLUMNS = {
    "id": lambda item: item.id,
    "name": lambda item: item.name,
    "administrator": lambda item: "yes" if item.admin else "no",
    "password": lambda item: "yes" if item.has_password else "no",
    "disabled": lambda item: item.disabled_at,
}

UserName = Annotated[str, typer.Argument(metavar="USER", help="Name or id.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, as one line; do not ask.")
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="user")


def _password(from_input: bool) -> str:
    """Return the password that was typed twice or came as a line; it is never an argument, for others see those."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        wrong_use("nobody is there to ask; send the password as a line with --password-stdin")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


@command(group, "create", example="boxwright user create ann --admin")
def create(
    shell: Shell,
    name: Annotated[str, typer.Argument(metavar="NAME", help="1 to 100 letters, digits and . _ - @")],
    admin: Annotated[bool, typer.Option("--admin", help="Make an administrator.")] = False,
    password_stdin: FromInput = False,
) -> None:
    """Make a user."""
    password = _password(password_stdin)
    with shell.client() as client:
        made = client.users.create(name, password, admin=admin)
    shell.result(made, f"created {made.name}{' as an administrator' if made.admin else ''}")


@command(group, "list", example="boxwright user list")
def list_users(shell: Shell) -> None:
    """List all users."""
    with shell.client() as client:
        found = list(client.users.all())
    shell.rows(found, _COLUMNS, "no users")


@command(group, "update", example="boxwright user update ann --name anna --no-admin")
def update(
    shell: Shell,
    user: UserName,
    name: Annotated[str | None, typer.Option(help="New name.")] = None,
    admin: Annotated[bool | None, typer.Option("--admin/--no-admin", help="Promote or demote.")] = None,
) -> None:
    """Rename, promote or demote a user."""
    if name is None and admin is None:
        wrong_use("say what to change: --name, --admin or --no-admin")
    with shell.client() as client:
        changed = client.users.update(find_user(client, user).id, name=name, admin=admin)
    shell.result(changed, f"updated {changed.name}")


@command(group, "disable", example="boxwright user disable ann")
def disable(shell: Shell, user: UserName) -> None:
    """Shut a user out: sessions and tokens end at once; what the user made stays."""
    with shell.client() as client:
        changed = client.users.update(find_user(client, user).id, disabled=True)
    shell.result(changed, f"disabled {changed.name}")


@command(group, "enable", example="boxwright user enable ann")
def enable(shell: Shell, user: UserName) -> None:
    """Let a disabled user in again."""
    with shell.client() as client:
        changed = client.users.update(find_user(client, user).id, disabled=False)
    shell.result(changed, f"enabled {changed.name}")


@command(group, "password", example="boxwright user password ann")
def password(shell: Shell, user: UserName, password_stdin: FromInput = False) -> None:
    """Set a user's password and sign all browsers of the user out."""
    fresh = _password(password_stdin)
    with shell.client() as client:
        changed = client.users.update(find_user(client, user).id, password=fresh)
    shell.result(changed, f"set the password of {changed.name}")
