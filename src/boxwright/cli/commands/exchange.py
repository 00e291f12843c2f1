"""`boxwright import` and `boxwright export`."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.following import follow
from boxwright.cli.options import Format, ProjectOption, Source, Split, VersionOption, pairs
from boxwright.cli.packing import unpack
from boxwright.cli.refs import find_class, find_project, find_version
from boxwright.cli.shell import Shell, command
from boxwright.cli.uploading import uploaded
from boxwright.domain.errors import NotFound
from boxwright.domain.exchange import ImportReport, Loss
from boxwright.domain.jobs import Job
from boxwright.domain.requests import ExportRequest, ImportRequest, Selection

if TYPE_CHECKING:
    from boxwright.client import Client

_SHOWN_PROBLEMS = 20


class ImportFormat(StrEnum):
    """Formats to import; `auto` looks for itself."""

    AUTO = "auto"
    COCO = "coco"
    YOLO = "yolo"
    VOC = "voc"
    CVAT = "cvat"
    LABELSTUDIO = "labelstudio"
    LABELME = "labelme"
    VIA = "via"
    DATUMARO = "datumaro"
    DARKNET = "darknet"
    CREATEML = "createml"
    TFRECORD = "tfrecord"
    OPENIMAGES = "openimages"
    CSV = "csv"


class Policy(StrEnum):
    """What happens to images whose name is in the project already."""

    SKIP = "skip"
    MERGE = "merge"
    REPLACE = "replace"


class Frame(StrEnum):
    """Which pixels the coordinates of rotated photographs refer to."""

    RAW = "raw"
    UPRIGHT = "upright"


class State(StrEnum):
    """How far the labels of an image are."""

    UNLABELED = "unlabeled"
    LABELED = "labeled"
    EMPTY = "empty"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "import", example="boxwright import bccd/ --project cells --create-project")(import_data)
    command(app, "export", example="boxwright export --project cells --format yolo --out cells.zip")(export_data)


def import_data(
    shell: Shell,
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="Folder, ZIP, TAR, a file of annotations, or https://HOST/FILE.zip, s3://BUCKET/PREFIX.",
        ),
    ],
    project: ProjectOption,
    format: Annotated[ImportFormat, typer.Option(help="Format; found by itself by default.")] = ImportFormat.AUTO,
    split: Annotated[
        Split | None, typer.Option(help="Split of images for which the dataset names none.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report; change nothing.")] = False,
    policy: Annotated[Policy, typer.Option(help="For images whose name is here already.")] = Policy.MERGE,
    frame: Annotated[Frame, typer.Option(help="Pixels as stored, or turned upright by EXIF.")] = Frame.UPRIGHT,
    rename_class: Annotated[
        list[str] | None,
        typer.Option(metavar="OLD=NEW", help="Rename a class; an empty NEW drops it.", show_default=False),
    ] = None,
    predictions: Annotated[
        bool, typer.Option("--predictions", help="Take predictions in a Label Studio export as proposals.")
    ] = False,
    by_reference: Annotated[
        bool,
        typer.Option("--by-reference", help="Leave the images of a bucket or of file:///FOLDER where they lie."),
    ] = False,
    create_project: Annotated[bool, typer.Option("--create-project", help="Make the project if missing.")] = False,
) -> None:
    """Import a dataset, with the splits it brings, in one transaction.

    A folder is packed into a temporary archive first. An address is fetched by the server; the objects of a bucket are
    copied, with the server's credentials. With --by-reference they are read and stay where they are: keep them there.
    """
    if "://" not in path and not Path(path).exists():
        wrong_use(f"there is no file or folder {path}")
    class_map = pairs(rename_class or (), "--rename-class")
    with shell.client() as client:
        project_id = _project(client, project, create=create_project)
        with _given(client, path) as given:
            request = ImportRequest(
                project_id=project_id,
                upload_id=given.get("upload_id", ""),
                source=given.get("source", ""),
                format=format.value,
                default_split=split.value if split else None,
                frame=frame.value,
                policy=policy.value,
                class_map=class_map,
                predictions=predictions,
                by_reference=by_reference,
                dry_run=dry_run,
            )
            job = follow(client, client.jobs.start(request))
            if "source" in given and dry_run and not by_reference:
                client.uploads.delete(str((job.result or {})["upload_id"]))  # what was fetched for the look alone
    _show_import(shell, job)


@contextmanager
def _given(client: "Client", path: str) -> Iterator[dict[str, str]]:
    """Give an import what it reads: an address as it is, anything else as an upload for the block."""
    if "://" in path:
        yield {"source": path}
        return
    with uploaded(client, Path(path)) as upload:
        yield {"upload_id": upload.id}


def _project(client: "Client", ref: str, *, create: bool) -> str:
    try:
        return find_project(client, ref).id
    except NotFound:
        if not create:
            raise
        return client.projects.create(ref).id


def _show_import(shell: Shell, job: Job) -> None:
    from boxwright.client.decode import decode, encode

    report = decode(ImportReport, (job.result or {}).get("report"))
    value = {**encode(report), "job": job.id, "project": job.project_id}
    done = "would import" if report.dry_run else "imported"
    lines = [
        f"{done} {report.images} images and {report.annotations} annotations as {report.format}",
        *([f"proposals to review: {report.proposals}"] if report.proposals else []),
        f"classes: {', '.join(report.classes) or 'none'}",
        f"splits: {', '.join(f'{name} {count}' for name, count in report.splits.items()) or 'none'}",
    ]
    if not report.dry_run:
        lines += [
            f"images: {report.images_added} new, {report.images_updated} updated, {report.images_skipped} skipped",
            f"take it back with: boxwright job undo {job.id}",
        ]
    lines += [f"note: {note}" for note in report.notes]
    lines += [
        f"problem: {item.file}{f':{item.line}' if item.line else ''}: {item.message} ({item.action})"
        for item in report.problems[:_SHOWN_PROBLEMS]
    ]
    if report.problem_count > _SHOWN_PROBLEMS:
        lines.append(f"... {report.problem_count - _SHOWN_PROBLEMS} more problems; --json lists up to 1,000")
    shell.result(value, *lines)


def export_data(
    shell: Shell,
    project: ProjectOption,
    format: Annotated[Format, typer.Option(help="Format to write.")],
    out: Annotated[Path, typer.Option(help="ZIP to write, or a folder that is not there yet.")],
    version: VersionOption = None,
    images: Annotated[bool, typer.Option("--images/--no-images", help="With the pictures.")] = True,
    annotations: Annotated[
        bool, typer.Option("--annotations/--no-annotations", help="With annotations, or the pictures alone.")
    ] = True,
    split: Annotated[list[Split] | None, typer.Option(help="Only images of this split.", show_default=False)] = None,
    state: Annotated[list[State] | None, typer.Option(help="Only images of this state.", show_default=False)] = None,
    class_name: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CLASS", help="Only this class, and images that have it.", show_default=False),
    ] = None,
    source: Annotated[
        list[Source] | None,
        typer.Option(help="Only annotations of this source, and images that have one.", show_default=False),
    ] = None,
) -> None:
    """Export images and annotations, or a part, with a report of what the format cannot hold.

    Options that choose a part may be given several times.
    """
    as_folder = out.suffix.lower() != ".zip"
    if as_folder and out.exists() and (not out.is_dir() or any(out.iterdir())):
        wrong_use(f"{out} is there already; choose a folder that is not, or a .zip file")
    with shell.client() as client:
        project_id = find_project(client, project).id
        version_id = find_version(client, project_id, version).id if version else None
        selection = Selection(
            splits=tuple(item.value for item in split or ()),
            states=tuple(item.value for item in state or ()),
            class_ids=tuple(find_class(client, project_id, name).id for name in class_name or ()),
            sources=tuple(item.value for item in source or ()),
        )
        request = ExportRequest(
            project_id=project_id,
            format=format.value,
            version_id=version_id,
            with_images=images,
            with_annotations=annotations,
            selection=selection,
        )
        job = follow(client, client.jobs.start(request))
        result = job.result or {}
        files = result.get("files")
        name = str(files["export"]) if isinstance(files, Mapping) else "export.zip"
        if as_folder:
            with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=_parent(out)) as folder:
                unpack(client.jobs.download(job.id, name, Path(folder) / "export.zip"), out)
        else:
            client.jobs.download(job.id, name, out)
    _show_export(shell, job, out)


def _parent(out: Path) -> Path:
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    return out.absolute().parent


def _show_export(shell: Shell, job: Job, out: Path) -> None:
    from boxwright.client.decode import decode_list

    result = job.result or {}
    losses = decode_list(Loss, result.get("losses") or [])
    value = {
        "out": str(out),
        "images": result.get("images"),
        "annotations": result.get("annotations"),
        "losses": losses,
        "job": job.id,
    }
    head = f"exported {result.get('images')} images and {result.get('annotations')} annotations to {out}"
    shell.result(value, head, *(f"lost: {loss.message} ({loss.count})" for loss in losses))
