"""The program `boxwright`."""

import sys
from functools import cache
from importlib import import_module
from typing import Annotated

import typer

from boxwright import __version__
from boxwright.cli.failures import FAILED, report

# The commands of each module, in the order of the help. A command loads what it is made of, and none of the others.
COMMANDS = {
    "serve": ("serve", "link"),
    "quickstart": ("quickstart",),
    "projects": ("project",),
    "classes": ("class",),
    "images": ("image",),
    "metadata": ("image",),
    "splits": ("split",),
    "checkup": ("checkup",),
    "similar": ("similar",),
    "videos": ("video",),
    "versions": ("version",),
    "views": ("view",),
    "exchange": ("import", "export"),
    "sample": ("sample",),
    "train": ("train",),
    "sweep": ("sweep",),
    "evaluate": ("evaluate",),
    "predict": ("predict",),
    "label": ("label", "proposals"),
    "labelcheck": ("labelcheck",),
    "runs": ("run",),
    "models": ("model",),
    "weights": ("model",),
    "jobs": ("job",),
    "users": ("user",),
    "members": ("member",),
    "tokens": ("token",),
    "audit": ("audit",),
    "backup": ("backup", "restore"),
}


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"boxwright {__version__}\n")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Label images, train a detector, put it to work."""


@cache
def program(command: str = "") -> typer.Typer:
    """Return the program with one of its commands; with all of them where there is none of that name."""
    app = typer.Typer(
        name="boxwright",
        help="Label images, train a detector, put it to work.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_top)
    modules = [module for module, commands in COMMANDS.items() if command in commands]
    for module in modules or COMMANDS:
        import_module(f"boxwright.cli.commands.{module}").register(app)
    return app


def app_main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; errors are one line on standard error."""
    command = typer.main.get_command(program(arguments[0] if arguments else ""))
    try:
        code = command.main(arguments, prog_name="boxwright", standalone_mode=False)
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
