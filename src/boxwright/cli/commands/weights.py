"""`boxwright model architectures`, `fetch` and `add-weights`: what a training can start from."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from boxwright.cli.commands.models import group
from boxwright.cli.failures import wrong_use
from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption
from boxwright.cli.progress import note
from boxwright.cli.refs import find_project
from boxwright.cli.shell import Shell, command
from boxwright.cli.uploading import uploaded
from boxwright.domain.architectures import Architecture, StartingWeights
from boxwright.domain.requests import FetchRequest


def register(_app: typer.Typer) -> None:
    """Do nothing: the commands belong to the group of `boxwright model`."""


@command(group, "architectures", example="boxwright model architectures")
def list_architectures(shell: Shell) -> None:
    """List the networks that can be trained: size, published COCO mAP50-95, licence, and whether weights are here."""
    with shell.client() as client:
        here = {item.architecture for item in client.models.starting_weights()}
        found = client.models.architectures()
    columns = {
        "name": lambda item: item.name,
        "title": lambda item: item.title,
        "finds": lambda item: "outlines" if item.task == "segment" else "boxes",
        "parameters": lambda item: item.parameters,
        "image_size": lambda item: item.image_size,
        "coco_ap": lambda item: item.coco_ap,
        "licence": lambda item: item.licence,
        "weights": lambda item: _state(item, here),
    }
    shell.rows(list(found), columns, "no architectures")


def _state(item: Architecture, here: set[str]) -> str:
    if item.starts_empty:
        return "none needed"
    return "here" if item.name in here else "download" if item.hub else "upload"


@command(group, "fetch", example="boxwright model fetch dfine-s --project cells --accept-licence")
def fetch(
    shell: Shell,
    architecture: Annotated[
        str, typer.Argument(metavar="ARCHITECTURE", help="Name, see `boxwright model architectures`.")
    ],
    project: ProjectOption,
    accept: Annotated[bool, typer.Option("--accept-licence", help="Accept the licence of the weights.")] = False,
) -> None:
    """Download pretrained weights to start trainings from; the licence is shown and has to be accepted first.

    They serve all projects. A download that broke off goes on where it was, and its checksum is compared.
    """
    with shell.client() as client:
        found = find_project(client, project)
        about = next((item for item in client.models.architectures() if item.name == architecture), None)
        if about is None:
            wrong_use(f"no architecture {architecture!r}; see `boxwright model architectures`")
        size = about.parameters * 4 / 1e6
        note(f"{about.title}: weights of {about.hub}, about {size:.0f} MB, licence {about.licence}")
        if not accept and not _asked(about.licence):
            wrong_use(f"the licence {about.licence} was not accepted: add --accept-licence")
        job = follow(
            client,
            client.jobs.start(FetchRequest(project_id=found.id, architecture=about.name, accept_licence=about.licence)),
        )
        weights = next(item for item in client.models.starting_weights() if item.architecture == about.name)
    line = f"{weights.name}: {weights.bytes / 1e6:.1f} MB from {weights.source}"
    shell.result({"job": job.id, **_value(weights)}, line)


def _asked(licence: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(f"accept the licence {licence}?", default=False, err=True)


@command(group, "add-weights", example="boxwright model add-weights ./dfine --project cells --architecture dfine-s")
def add_weights(
    shell: Shell,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="Folder with config.json and model.safetensors, a ZIP or TAR of it, or weights trained here.",
        ),
    ],
    project: ProjectOption,
    architecture: Annotated[
        str | None, typer.Option(help="Which size of its family it is.", show_default=False)
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Licence of the weights.", show_default=False)] = None,
    source: Annotated[str | None, typer.Option(help="Where they come from.", show_default=False)] = None,
) -> None:
    """Add weights of Hugging Face transformers, or those of a model that was trained here, to start trainings from.

    They serve all projects. Pickles are refused.
    """
    with shell.client() as client:
        found = find_project(client, project)
        with uploaded(client, path) as upload:
            weights = client.models.add_starting_weights(
                found.id, upload.id, architecture=architecture, licence=licence, source=source
            )
    shell.result(_value(weights), f"added {weights.name} ({weights.id}) for {weights.architecture}")


def _value(weights: StartingWeights) -> dict[str, object]:
    return {
        "weights": weights.id,
        "architecture": weights.architecture,
        "licence": weights.licence,
        "bytes": weights.bytes,
        "source": weights.source,
    }
