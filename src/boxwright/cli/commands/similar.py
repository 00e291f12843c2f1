"""`boxwright similar`."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli.commands.images import image_id
from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_model, find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import Invalid
from boxwright.domain.requests import EmbedRequest

if TYPE_CHECKING:
    from boxwright.domain.image_maps import ImageMap

group = typer.Typer(help="Find images that look alike, and lay all out on a map.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="similar")


@command(group, "run", example="boxwright similar run --project cells")
def run(
    shell: Shell,
    project: ProjectOption,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="MODEL", help="Name or id of the model; else the newest Wren trained here."),
    ] = None,
    starter: Annotated[
        bool, typer.Option("--starter", help="Let the network with starter weights look, whatever was trained here.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Look at all images anew, not only at new ones.")] = False,
) -> None:
    """Look at the images that nobody has looked at yet, and lay all out on a map."""
    with shell.client() as client:
        owner = find_project(client, project)
        model_id = None if model is None else find_model(client, model, owner).id
        request = EmbedRequest(project_id=owner.id, model_id=model_id, starter=starter, again=again)
        follow(client, client.jobs.start(request))
        found = client.similar.map(owner.id)
    shell.result(found, _told(found))


@command(group, "list", example="boxwright similar list a.jpg --project cells --limit 10")
def list_(
    shell: Shell,
    project: ProjectOption,
    image: Annotated[
        str | None, typer.Argument(metavar="IMAGE", help="Name or id of an image of the project.", show_default=False)
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A picture from elsewhere instead; it is not stored.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 20,
) -> None:
    """List the images that look most like one, the likest first."""
    if (image is None) == (picture is None):
        raise Invalid("say which image: IMAGE of the project, or --picture FILE")
    with shell.client() as client:
        owner = find_project(client, project)
        if picture is not None:
            found = client.similar.to_picture(owner.id, picture, limit)
        else:
            found = client.similar.to(image_id(client, owner.id, str(image)), limit)
    columns = {
        "id": lambda item: item.image.id,
        "similarity": lambda item: item.similarity,
        "name": lambda item: item.image.name,
        "split": lambda item: item.image.split,
    }
    shell.rows(found, columns, "no other image was looked at; see `boxwright similar run`")


@command(group, "map", example="boxwright similar map --project cells --json")
def map_(shell: Shell, project: ProjectOption) -> None:
    """List where each image lies on the map: x and y from -1 to 1; what lies together looks alike."""
    with shell.client() as client:
        points = client.similar.points(find_project(client, project).id)
    rows = [
        {"id": key, "x": x, "y": y, "split": split, "state": state}
        for key, x, y, split, state in zip(points.ids, points.x, points.y, points.splits, points.states, strict=True)
    ]
    columns: dict[str, Callable[[Any], object]] = {
        name: itemgetter(name) for name in ("id", "x", "y", "split", "state")
    }
    shell.rows(rows, columns, "nobody has looked at the images yet; see `boxwright similar run`")


def _told(found: "ImageMap") -> str:
    return f"{found.model_name} has looked at {found.images} of {found.total} images"
