"""`boxwright checkup`."""

from enum import StrEnum
from typing import Annotated

import typer

from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.checkups import Checkup, DuplicateGroup
from boxwright.domain.requests import CheckupRequest

group = typer.Typer(
    help="Find images that show the same, and blurred, dark, bright or tiny ones.", no_args_is_help=True
)
_SHOWN = 6
_AT_ONCE = 10_000


class FlawName(StrEnum):
    """What may be wrong with an image."""

    BLURRED = "blurred"
    DARK = "dark"
    BRIGHT = "bright"
    TINY = "tiny"
    UNREADABLE = "unreadable"


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="checkup")


@command(group, "run", example="boxwright checkup run --project cells")
def run(
    shell: Shell,
    project: ProjectOption,
    again: Annotated[bool, typer.Option("--again", help="Look at all images anew, not only at new ones.")] = False,
) -> None:
    """Look at the images that nobody has looked at yet, and say what was found."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        follow(client, client.jobs.start(CheckupRequest(project_id=project_id, again=again)))
        found = client.checkups.get(project_id)
    shell.result(found, *_told(found))


@command(group, "duplicates", example="boxwright checkup duplicates --project cells --trash")
def duplicates(
    shell: Shell,
    project: ProjectOption,
    trash: Annotated[
        bool, typer.Option("--trash", help="Keep the image with most annotations of each group; move the others there.")
    ] = False,
) -> None:
    """List groups of images that show the same."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        groups = list(client.checkups.duplicates(project_id))
        gone = [image.id for one in groups for image in one.images[1:]] if trash else []
        for start in range(0, len(gone), _AT_ONCE):
            client.images.bulk(project_id, gone[start : start + _AT_ONCE], "trash")
    moved = [f"{len(gone)} images moved to the trash"] if trash else []
    shell.result(groups, *(map(_line, groups) if groups else ["no images show the same"]), *moved)


@command(group, "flaws", example="boxwright checkup flaws blurred --project cells --limit 20")
def flaws(
    shell: Shell,
    flaw: Annotated[FlawName, typer.Argument(metavar="FLAW", help="blurred, dark, bright, tiny or unreadable.")],
    project: ProjectOption,
    limit: Annotated[
        float | None,
        typer.Option(min=0, help="Sharpness, brightness (0 to 255) or pixels to begin at.", show_default=False),
    ] = None,
) -> None:
    """List images with a flaw, the worst first."""
    columns = {
        "id": lambda item: item.image.id,
        "name": lambda item: item.image.name,
        "value": lambda item: item.value,
        "error": lambda item: item.error,
    }
    with shell.client() as client:
        found = list(client.checkups.flaws(find_project(client, project).id, flaw.value, limit))
    shell.rows(found, columns, f"no {flaw.value} images among those that were looked at; see `boxwright checkup run`")


def _told(found: Checkup) -> list[str]:
    lines = [
        f"looked at {found.checked} of {found.images} images",
        f"{found.groups} groups show the same: {found.repeated} images more than one of each",
    ]
    return lines + [f"{one.images} {one.flaw}" for one in found.flaws if one.images]


def _line(group: DuplicateGroup) -> str:
    names = ", ".join(image.name for image in group.images[:_SHOWN])
    more = f" and {len(group.images) - _SHOWN} more" if len(group.images) > _SHOWN else ""
    return f"{'same bytes' if group.exact else 'alike'}: {names}{more}"
