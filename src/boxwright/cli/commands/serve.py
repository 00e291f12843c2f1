"""`boxwright serve` and `boxwright link`: the server, and the way to its pages."""

import gc
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from boxwright.cli.failures import exit_code, report
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import BoxwrightError
from boxwright.settings import load


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve", epilog="Example: boxwright serve --port 8080 --open")(serve)
    command(app, "link", example="boxwright link --open")(link)


def serve(
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; also BOXWRIGHT_HOST. Default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port; 0 takes a free one; also BOXWRIGHT_PORT. Default: 8080."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Data folder; also BOXWRIGHT_DATA. Default: the user's data folder.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Database; SQLite in the data folder when omitted.")
    ] = None,
    storage: Annotated[
        str | None, typer.Option(metavar="URL", help="Where pictures and models are kept; the data folder by default.")
    ] = None,
    runner: Annotated[str | None, typer.Option(help="What runs jobs. Only: local.")] = None,
    sample: Annotated[
        bool | None,
        typer.Option("--sample/--no-sample", help="Begin an empty installation with the sample project. Default: yes."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the pages in the browser.")] = False,
    private: Annotated[bool, typer.Option("--private", hidden=True)] = False,
) -> None:
    """Serve the pages and the API until Ctrl-C.

    Settings are taken from the command line, BOXWRIGHT_ variables and boxwright.toml in the data folder, in this order.
    """
    # A seventh of the start went into looking for garbage among modules; the server turns it on again.
    gc.disable()
    try:
        settings = load(data, host=host, port=port, database=database, storage=storage, runner=runner, sample=sample)
        # Here and not above: the other commands start faster without the web framework.
        from boxwright.api.server import serve as run_server

        with suppress(KeyboardInterrupt):  # the way to end it, and no error
            run_server(settings, open_browser=open_browser, private=private)
    except BoxwrightError as error:
        report(error.message)
        raise typer.Exit(exit_code(error)) from error


def link(
    shell: Shell,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Print a fresh link to the pages of the running server; it signs a browser in once."""
    with shell.running() as client:
        found = client.sign_in_link()
    if open_browser:
        webbrowser.open(found)
    shell.result({"link": found}, found)
