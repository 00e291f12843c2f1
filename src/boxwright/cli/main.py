"""The program `boxwright`."""

import sys
from typing import Annotated

import typer

from boxwright import __version__
from boxwright.cli.commands import (
    audit,
    backup,
    checkup,
    classes,
    evaluate,
    exchange,
    images,
    jobs,
    label,
    labelcheck,
    members,
    metadata,
    models,
    predict,
    projects,
    quickstart,
    runs,
    sample,
    serve,
    similar,
    splits,
    sweep,
    tokens,
    train,
    users,
    versions,
    videos,
    views,
    weights,
)
from boxwright.cli.failures import FAILED, report

app = typer.Typer(
    name="boxwright",
    help="Label images, train a detector, put it to work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"boxwright {__version__}\n")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Label images, train a detector, put it to work."""


for module in (
    serve,
    quickstart,
    projects,
    classes,
    images,
    metadata,
    splits,
    checkup,
    similar,
    videos,
    versions,
    views,
    exchange,
    sample,
    train,
    sweep,
    evaluate,
    predict,
    label,
    labelcheck,
    runs,
    models,
    weights,
    jobs,
    users,
    members,
    tokens,
    audit,
    backup,
):
    module.register(app)


def app_main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; errors are one line on standard error."""
    program = typer.main.get_command(app)
    try:
        code = program.main(arguments, prog_name="boxwright", standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        if not arguments or type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error.format_message()}\n")
        else:
            hint = f"; see `{context.command_path} --help`" if context else ""
            report(f"{error.format_message().rstrip('.')}{hint}")
        return error.exit_code
    except typer.Abort:
        report("nobody answered; nothing was done")
        return FAILED
    except OSError as error:
        report(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return FAILED
    return code if isinstance(code, int) else 0
