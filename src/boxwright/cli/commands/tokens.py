"""`boxwright token`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from boxwright.cli.shell import Shell, command

group = typer.Typer(help="Make and revoke API tokens of yours.", no_args_is_help=True)
_COLUMNS = {
    "id": lambda item: item.id,
    "name": lambda item: item.name,
    "created": lambda item: item.created_at,
    "expires": lambda item: item.expires_at,
    "last used": lambda item: item.last_used_at,
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="token")


@command(group, "create", example="boxwright token create --name nightly --expires-days 90")
def create(
    shell: Shell,
    name: Annotated[str, typer.Option(help="What it is for.")] = "token",
    expires_days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="Days it lives; until it is revoked when omitted.")
    ] = None,
) -> None:
    """Make a token and print it; it is shown only here."""
    ends = None if expires_days is None else datetime.now(UTC) + timedelta(days=expires_days)
    with shell.client() as client:
        made = client.tokens.create(name, ends)
    shell.result(made, made.token)


@command(group, "list", example="boxwright token list")
def list_tokens(shell: Shell) -> None:
    """List your tokens that are alive, newest first."""
    with shell.client() as client:
        found = client.tokens.list()
    shell.rows(found, _COLUMNS, "no tokens; make one with `boxwright token create`")


@command(group, "revoke", example="boxwright token revoke 01a21316-8f2b-7cc3-98c4-dc0c0c07398f")
def revoke(
    shell: Shell, token: Annotated[str, typer.Argument(metavar="TOKEN", help="Id, as `token list` shows it.")]
) -> None:
    """End a token at once."""
    with shell.client() as client:
        client.tokens.revoke(token)
    shell.result({"id": token}, f"revoked {token}")
