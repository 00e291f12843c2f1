"""What every command shares: where the server is, how results are printed, what errors become."""

import functools
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli.failures import exit_code, report
from boxwright.domain.errors import BoxwrightError

if TYPE_CHECKING:
    from boxwright.client import Client

Handler = Callable[..., None]

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Data folder; also BOXWRIGHT_DATA. Default: the user's data folder.", show_default=False
    ),
]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        help="Address of a server to use instead; also BOXWRIGHT_SERVER, with the token in BOXWRIGHT_TOKEN.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON value.")]
_COMMON = {
    "data": (DataOption, None),
    "server": (ServerOption, None),
    "as_json": (JsonOption, False),
}


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The options that every command takes."""

    data: Path | None
    server: str | None
    as_json: bool

    @contextmanager
    def client(self) -> Iterator["Client"]:
        """Connect to the server that is meant; one that had to be started is stopped at the end."""
        from boxwright.cli.local import connect

        with connect(self.data, self.server) as client:
            yield client

    @contextmanager
    def running(self) -> Iterator["Client"]:
        """Connect to a server that runs already. Raises Unavailable where there is none."""
        from boxwright.cli.local import connect

        with connect(self.data, self.server, start=False) as client:
            yield client

    def result(self, value: object, *lines: str) -> None:
        """Print the result: one JSON value for a program, or `lines` for a person."""
        if self.as_json:
            from boxwright.client.decode import jsonable

            sys.stdout.write(json.dumps(jsonable(value), indent=2) + "\n")
        else:
            sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()

    def rows(self, items: Sequence[object], columns: dict[str, Callable[[Any], object]], empty: str) -> None:
        """Print a list: a JSON array, or a table; `empty` says what to do where there is nothing."""
        rows = [[_text(cell(item)) for cell in columns.values()] for item in items]
        self.result(list(items), *(table(list(columns), rows) if rows else [empty]))


def command(group: typer.Typer, name: str, *, example: str) -> Callable[[Handler], Handler]:
    """Register a handler whose first parameter is the Shell; errors become one line and an exit code."""

    def register(handler: Handler) -> Handler:
        signature = inspect.signature(handler)
        own = list(signature.parameters.values())[1:]
        common = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for key, (annotation, default) in _COMMON.items()
        ]
        keyword_only = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]

        @functools.wraps(handler)
        def run(**values: Any) -> None:
            shell = Shell(**{key: values.pop(key) for key in _COMMON})
            try:
                handler(shell, **values)
            except BoxwrightError as error:
                report(error.message)
                raise typer.Exit(exit_code(error)) from error

        run.__signature__ = signature.replace(parameters=[*keyword_only, *common])  # type: ignore[attr-defined]
        run.__annotations__ = {item.name: item.annotation for item in [*own, *common]}
        group.command(name, epilog=f"Example: {example}")(run)
        return handler

    return register


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return aligned lines; columns that hold only numbers stand to the right."""
    widths = [max(len(line[i]) for line in [headers, *rows]) for i in range(len(headers))]
    right = [all(_is_number(row[i]) for row in rows) for i in range(len(headers))]

    def align(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    return [align(headers), *(align(row) for row in rows)]


def _is_number(cell: str) -> bool:
    return cell in ("", "-") or cell.replace(".", "", 1).isdigit()


def _text(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else " ".join(str(value).split())
