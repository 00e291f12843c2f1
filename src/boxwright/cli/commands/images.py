"""`boxwright image`."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli import narrow
from boxwright.cli.failures import JobFailed, wrong_use
from boxwright.cli.options import ProjectOption, Split, picture_files
from boxwright.cli.progress import note, progress
from boxwright.cli.refs import find_project, find_view
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import Conflict, InvalidImage, NotFound, TooLarge
from boxwright.domain.ids import is_id
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageQuery, merged

if TYPE_CHECKING:
    from boxwright.client import Client

group = typer.Typer(help="Upload, list and move images.", no_args_is_help=True)
_COLUMNS = {
    "id": lambda item: item.id,
    "name": lambda item: item.name,
    "split": lambda item: item.split,
    "state": lambda item: item.state,
    "width": lambda item: item.width,
    "height": lambda item: item.height,
    "annotations": lambda item: item.annotations,
    "proposals": lambda item: item.proposals,
}
_AT_ONCE = 10_000

Images = Annotated[list[str], typer.Argument(metavar="IMAGE...", help="Ids or names.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="image")


@command(group, "list", example="boxwright image list --project cells --class RBC --max-score 0.5 --order name")
@narrow.options
def list_images(
    shell: Shell,
    project: ProjectOption,
    trash: Annotated[bool, typer.Option("--trash", help="What is in the trash.")] = False,
    view: Annotated[str | None, typer.Option(metavar="VIEW", help="What this saved view shows.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 100,
    **given: Any,
) -> None:
    """List images, those without labels first. Of several options all have to hold."""
    with shell.client() as client:
        found = find_project(client, project)
        query = narrow.query(client, found.id, trash=trash, **given)
        if view is not None:
            query = merged(find_view(client, found.id, view).query, query)
        images = list(islice(client.images.all(found.id, query), limit or None))
    shell.rows(images, _COLUMNS, "no images; add some with `boxwright image upload` or `boxwright import`")


@command(group, "upload", example="boxwright image upload photos/ --project cells --split train")
def upload(
    shell: Shell,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Pictures, or folders of pictures.")],
    project: ProjectOption,
    split: Annotated[Split, typer.Option(help="Split of the new images.")] = Split.NONE,
) -> None:
    """Upload pictures; what is there already is left alone."""
    files = picture_files(paths)
    images: list[Image] = []
    failed: list[dict[str, str]] = []
    duplicates = 0
    with shell.client() as client:
        project_id = find_project(client, project).id
        with progress("uploading") as show:
            for number, (path, name) in enumerate(files, 1):
                try:
                    answer = client.images.upload(project_id, path, name=name, split=split.value)
                except (InvalidImage, TooLarge, Conflict) as error:
                    note(f"{path}: {error.message}")
                    failed.append({"file": str(path), "code": error.code, "message": error.message})
                else:
                    images.append(answer.image)
                    duplicates += answer.duplicate_of is not None
                show(number, len(files), name)
    value = {"images": len(images), "duplicates": duplicates, "failed": failed, "ids": [item.id for item in images]}
    again = f", {duplicates} with the bytes of another image" if duplicates else ""
    shell.result(value, f"uploaded {len(images)} of {len(files)} images{again}")
    if failed:
        raise JobFailed(f"{len(failed)} of {len(files)} files were not taken", code="upload_incomplete")


def _bulk(shell: Shell, project: str, images: list[str], action: str, split: Split | None = None) -> None:
    with shell.client() as client:
        project_id = find_project(client, project).id
        ids = [image_id(client, project_id, ref, trash=action == "restore") for ref in images]
        count = 0
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            count += client.images.bulk(project_id, part, action, split.value if split else None)  # type: ignore[arg-type]
    shell.result({"count": count}, f"{count} images changed")


def image_id(client: "Client", project_id: str, ref: str, *, trash: bool = False) -> str:
    """Return the id of an image of this name or id."""
    if is_id(ref):
        return ref
    for image in client.images.all(project_id, ImageQuery(name=ref, trash=trash)):
        if image.name == ref:
            return image.id
    raise NotFound(f"there is no image {ref!r} in this project{' in the trash' if trash else ''}")


@command(group, "move", example="boxwright image move a.jpg b.jpg --project cells --split val")
def move(
    shell: Shell,
    images: Images,
    project: ProjectOption,
    split: Annotated[Split, typer.Option(help="Where to.")],
) -> None:
    """Move images to another split."""
    _bulk(shell, project, images, "move", split)


@command(group, "trash", example="boxwright image trash a.jpg --project cells")
def trash(shell: Shell, images: Images, project: ProjectOption) -> None:
    """Move images to the trash."""
    _bulk(shell, project, images, "trash")


@command(group, "restore", example="boxwright image restore a.jpg --project cells")
def restore(shell: Shell, images: Images, project: ProjectOption) -> None:
    """Take images back out of the trash."""
    _bulk(shell, project, images, "restore")


@command(group, "empty", example="boxwright image empty sky.jpg --project cells")
def empty(
    shell: Shell,
    images: Images,
    project: ProjectOption,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back: nobody has looked yet.")] = False,
) -> None:
    """Say that there are no objects on images; what a model proposed there is rejected."""
    _bulk(shell, project, images, "unlabeled" if undo else "empty")


@command(group, "tag", example="boxwright image tag a.jpg b.jpg --project cells --add night --remove day")
def tag(
    shell: Shell,
    images: Images,
    project: ProjectOption,
    add: Annotated[list[str] | None, typer.Option(help="A tag they get; repeat it for several.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A tag that is taken from them.")] = None,
) -> None:
    """Give images tags, or take tags from them."""
    if not add and not remove:
        wrong_use("say which: --add TAG or --remove TAG")
    with shell.client() as client:
        project_id = find_project(client, project).id
        ids = [image_id(client, project_id, ref) for ref in images]
        parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
        count = sum(client.images.tag(project_id, part, add or (), remove or ()) for part in parts)
    shell.result({"count": count}, f"{count} images changed")


@command(group, "copy-in", example="boxwright image copy-in --project cells")
def copy_in(shell: Shell, project: ProjectOption) -> None:
    """Copy images in that are there by reference; those that cannot be copied stay references, and are named."""
    copied, problems, after = 0, list[str](), ""
    with shell.client() as client, progress("copying") as show:
        project_id = find_project(client, project).id
        total = client.images.originals(project_id).images
        while True:
            done = client.images.copy_in(project_id, after)
            copied, problems = copied + done.copied, [*problems, *done.problems]
            show(total - done.left, total, "")
            if done.next_after is None:
                break
            after = done.next_after
    text = "\n".join([*problems, f"{copied} files copied in, {done.left} images are still there by reference"])
    shell.result({"copied": copied, "left": done.left, "problems": problems}, text)
