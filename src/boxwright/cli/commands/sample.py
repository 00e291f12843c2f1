"""`boxwright sample`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.failures import Interrupted, wrong_use
from boxwright.cli.following import follow
from boxwright.cli.progress import progress
from boxwright.cli.refs import find_or_make
from boxwright.cli.shell import Shell, command
from boxwright.domain.exchange import ImportReport
from boxwright.domain.jobs import Job
from boxwright.domain.requests import SAMPLE_IMAGES, SAMPLE_NAME, SampleRequest

if TYPE_CHECKING:
    from boxwright.domain.projects import Project


class Shapes(StrEnum):
    """What is put around the things on the pictures."""

    BOX = "box"
    POLYGON = "polygon"
    MASK = "mask"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "sample", example="boxwright sample --project table --seed 1 --images 95")(sample)


def sample(
    shell: Shell,
    project: Annotated[
        str, typer.Option(metavar="PROJECT", help="Name or id of the project; made if missing.")
    ] = SAMPLE_NAME,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Same seed, same pictures.")] = 0,
    images: Annotated[int, typer.Option(min=1, max=5000, help="How many pictures.")] = SAMPLE_IMAGES,
    shapes: Annotated[
        Shapes | None,
        typer.Option(help="Annotations: box by default, mask (with boxes) in a folder.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a COCO folder instead; no server is needed.", show_default=False)
    ] = None,
) -> None:
    """Render the sample: coins, dice and buttons on tables, with exact annotations.

    Of 19 pictures 12 are in the split train, 3 each in val and test; 1 has no split and no annotations.
    """
    if out is not None:
        _write(shell, out, seed=seed, images=images, shapes=shapes or Shapes.MASK)
        return
    with shell.client() as client:
        owner = find_or_make(client, project)
        request = SampleRequest(project_id=owner.id, seed=seed, images=images, shapes=(shapes or Shapes.BOX).value)
        job = follow(client, client.jobs.start(request))
    _show(shell, job, owner)


def _show(shell: Shell, job: Job, owner: "Project") -> None:
    from boxwright.client.decode import decode, encode

    report = decode(ImportReport, (job.result or {}).get("report"))
    value = {**encode(report), "job": job.id, "project": owner.id}
    splits = ", ".join(f"{name} {count}" for name, count in report.splits.items())
    shell.result(
        value,
        f"rendered {report.images} images with {report.annotations} annotations into project {owner.name!r}: {splits}",
        f"images: {report.images_added} new, {report.images_skipped} were there already",
    )


def _write(shell: Shell, out: Path, *, seed: int, images: int, shapes: Shapes) -> None:
    # Here and not above: other commands start faster without OpenCV.
    from boxwright.formats.sample import Plan, write_folder

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        wrong_use(f"{out} is there already; choose a folder that is not")
    try:
        with progress("rendering") as show:
            written = write_folder(Plan(images, seed, shapes.value), out, lambda done, all_: show(done, all_, ""))
    except KeyboardInterrupt as error:
        raise Interrupted(f"interrupted; {out} is not complete") from error
    head = f"wrote {written['images']} images with {written['annotations']} annotations to {out}"
    shell.result({"out": str(out), **written}, head)
