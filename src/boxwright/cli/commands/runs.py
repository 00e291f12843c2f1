"""`boxwright run`."""

from typing import Annotated

import typer

from boxwright.cli.options import AnyProjectOption
from boxwright.cli.refs import find_project, find_run, maybe_project
from boxwright.cli.results import FormatsOption, OutOption, ThresholdOption, formats_of, save_results
from boxwright.cli.shell import Shell, command

group = typer.Typer(help="List prediction runs, write their results again, delete them.", no_args_is_help=True)
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Name, id or latest.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="run")


@command(group, "list", example="boxwright run list --project cells")
def list_runs(shell: Shell, project: AnyProjectOption = None) -> None:
    """List prediction runs, newest first."""
    columns = {
        "id": lambda item: item.id,
        "name": lambda item: item.name,
        "model": lambda item: item.model_name,
        "images": lambda item: item.images,
        "done": lambda item: item.done,
        "failed": lambda item: item.failed,
        "created": lambda item: item.created_at,
    }
    with shell.client() as client:
        projects = [find_project(client, project)] if project else list(client.projects.all())
        runs = [run for item in projects for run in client.runs.all(item.id)]
    runs.sort(key=lambda run: run.created_at, reverse=True)
    shell.rows(runs, columns, "no runs; start one with `boxwright predict`")


@command(group, "export", example="boxwright run export latest --out found --format coco --threshold 0.5")
def export(
    shell: Shell,
    run: RunArgument,
    out: OutOption,
    formats: FormatsOption = "csv",
    threshold: ThresholdOption = None,
    project: AnyProjectOption = None,
) -> None:
    """Write the results of a run, at any threshold, without predicting again."""
    wanted = formats_of(formats, out)
    with shell.client() as client:
        found = find_run(client, run, maybe_project(client, project))
        written = save_results(client, found, wanted, out, threshold)
    value = {"run": found.id, "threshold": threshold, "files": [str(path) for path in written]}
    shell.result(value, *(f"wrote {path}" for path in written))


@command(group, "delete", example="boxwright run delete latest --project cells")
def delete(shell: Shell, run: RunArgument, project: AnyProjectOption = None) -> None:
    """Delete a run and its results."""
    with shell.client() as client:
        found = find_run(client, run, maybe_project(client, project))
        client.runs.delete(found.id)
    shell.result(found, f"deleted {found.name}")
