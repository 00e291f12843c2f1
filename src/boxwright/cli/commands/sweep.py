"""`boxwright sweep`."""

from typing import Annotated

import typer

from boxwright.cli.commands.train import show_training
from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption, VersionOption, json_or_text, pairs
from boxwright.cli.refs import find_model, find_project, find_version
from boxwright.cli.shell import Shell, command, table
from boxwright.domain.requests import SweepRequest


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "sweep", example="boxwright sweep --project cells --minutes 60 --try lr=0.001,0.003")(sweep)


def sweep(
    shell: Shell,
    project: ProjectOption,
    minutes: Annotated[float, typer.Option(help="Time for all of it.")] = 30.0,
    trials: Annotated[int, typer.Option(help="Combinations to begin with.")] = 8,
    architecture: Annotated[str, typer.Option(help="Kind of network.")] = "wren-n",
    tried: Annotated[
        list[str] | None,
        typer.Option(
            "--try",
            metavar="KEY=VALUE,VALUE",
            help="Values of a parameter to try; again for more. Left out: learning rate, image size, augmentation.",
            show_default=False,
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A parameter that stays; again for more.", show_default=False),
    ] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Model to start from: name, id or latest.", show_default=False)
    ] = None,
    version: VersionOption = None,
    name: Annotated[str | None, typer.Option(help="Name of the model.", show_default=False)] = None,
) -> None:
    """Find good parameters within a time, and train a detector with them.

    Many short trainings first; the better half goes on with more time, again and again, chosen by the split val. Ctrl-C
    stops early and keeps the best model so far; a second Ctrl-C gives the sweep up.
    """
    space = {key: tuple(map(_value, value.split(","))) for key, value in pairs(tried or (), "--try").items()}
    hyper = {key: json_or_text(value) for key, value in pairs(settings or (), "--set").items()}
    with shell.client() as client:
        found = find_project(client, project)
        request = SweepRequest(
            project_id=found.id,
            architecture=architecture,
            hyper=hyper,
            space=space,
            minutes=minutes,
            trials=trials,
            weights=find_model(client, weights, found).id if weights else None,
            version_id=find_version(client, found.id, version).id if version else None,
            name=name,
        )
        job = follow(client, client.jobs.start(request), keep=True)
        tries = (job.result or {}).get("trials") or []
        assert isinstance(tries, list)
        rows = [[str(item["round"] + 1), _said(item["changes"]), f"{item['score']:.4f}"] for item in tries]
        show_training(shell, client, job, {"trials": tries}, table(["round", "changes", "score"], rows))


def _value(text: str) -> float | str:
    value = json_or_text(text.strip())
    return value if isinstance(value, int | float) else text.strip()


def _said(changes: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in changes.items()) or "as they are"
