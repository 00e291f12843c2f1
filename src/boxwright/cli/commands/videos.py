"""`boxwright video`."""

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption, Split
from boxwright.cli.packing import unpack
from boxwright.cli.progress import progress
from boxwright.cli.refs import find_project, find_video
from boxwright.cli.shell import Shell, command
from boxwright.cli.uploading import uploaded
from boxwright.domain.jobs import Job

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.videos import Video

group = typer.Typer(help="Videos: decode, follow objects, make images of frames.", no_args_is_help=True)
_COLUMNS = {
    "id": lambda item: item.id,
    "name": lambda item: item.name,
    "state": lambda item: item.state,
    "width": lambda item: item.width,
    "height": lambda item: item.height,
    "frames": lambda item: item.frames,
    "fps": lambda item: f"{item.fps:.5g}",
    "tracks": lambda item: item.tracks,
}
_SHOWN_PROBLEMS = 20
Ref = Annotated[str, typer.Argument(metavar="VIDEO", help="Id or name.")]


class TrackFormat(StrEnum):
    """Formats of tracks."""

    CVAT = "cvat"
    MOT = "mot"
    COCO = "coco"


class TrackImportFormat(StrEnum):
    """Formats of tracks to import; `auto` looks for itself."""

    AUTO = "auto"
    CVAT = "cvat"
    MOT = "mot"
    COCO = "coco"


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="video")


@command(group, "add", example="boxwright video add street.mp4 --project cars")
def add(
    shell: Shell,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="MP4, MOV, MKV, WebM or AVI files.")],
    project: ProjectOption,
) -> None:
    """Upload videos and decode their frames."""
    for path in paths:
        if not path.is_file():
            wrong_use(f"there is no file {path}")
    with shell.client() as client:
        project_id = find_project(client, project).id
        made = [_added(client, project_id, path) for path in paths]
    lines = [f"{item.name}: {item.frames} frames of {item.width} x {item.height}" for item in made]
    lines += [f"note: {item.name}: {item.problem}" for item in made if item.problem]
    shell.result([*made], *lines)


def _added(client: "Client", project_id: str, path: Path) -> "Video":
    with uploaded(client, path) as upload:
        added = client.videos.add(project_id, upload.id, path.name)
        follow(client, added.job, keep=True)
    return client.videos.get(added.video.id)


@command(group, "list", example="boxwright video list --project cars")
def list_videos(
    shell: Shell,
    project: ProjectOption,
    trash: Annotated[bool, typer.Option("--trash", help="What is in the trash.")] = False,
) -> None:
    """List videos, the newest first."""
    with shell.client() as client:
        videos = list(client.videos.all(find_project(client, project).id, trash=trash))
    shell.rows(videos, _COLUMNS, "no videos; add one with `boxwright video add`")


@command(group, "sample", example="boxwright video sample street.mp4 --project cars --every 25 --split train")
def sample(
    shell: Shell,
    video: Ref,
    project: ProjectOption,
    every: Annotated[int | None, typer.Option(min=1, help="Every so many frames.", show_default=False)] = None,
    frame: Annotated[
        list[int] | None, typer.Option(min=0, help="A frame; repeat it for several.", show_default=False)
    ] = None,
    split: Annotated[Split, typer.Option(help="Split of the new images.")] = Split.NONE,
    annotated_only: Annotated[bool, typer.Option("--annotated-only", help="Only where a track is seen.")] = False,
) -> None:
    """Make images of frames, with what the tracks show in them."""
    if (every is None) == (not frame):
        wrong_use("say which frames: --every N or --frame N")
    with shell.client() as client:
        found = find_video(client, find_project(client, project).id, video)
        made = client.videos.sample(
            found.id, every=every, frames=frame or None, split=split.value, annotated_only=annotated_only
        )
        count = (follow(client, made).result or {}).get("images") if isinstance(made, Job) else made.images
    shell.result({"images": count, "video": found.id}, f"made {count} images of {found.name}")


@command(group, "export", example="boxwright video export street.mp4 --project cars --format mot --out street.zip")
def export(
    shell: Shell,
    video: Ref,
    project: ProjectOption,
    format: Annotated[TrackFormat, typer.Option(help="Format to write.")],
    out: Annotated[Path, typer.Option(help="ZIP to write, or a folder that is not there yet.")],
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="With the frames.")] = True,
) -> None:
    """Export the tracks of a video, with a report of what the format cannot hold."""
    as_folder = out.suffix.lower() != ".zip"
    if as_folder and out.exists():
        wrong_use(f"{out} is there already; choose a folder that is not, or a .zip file")
    with shell.client() as client:
        found = find_video(client, find_project(client, project).id, video)
        losses = client.tracks.losses(found.id, format.value)
        with progress("exporting") as show, tempfile.TemporaryDirectory(prefix="boxwright-") as folder:
            target = Path(folder) / "export.zip" if as_folder else out
            client.tracks.export(
                found.id, format.value, target, pictures=pictures, progress=lambda done, total: show(done, total, "")
            )
            if as_folder:
                unpack(target, out)
    value = {"out": str(out), "tracks": found.tracks, "losses": losses, "video": found.id}
    head = f"exported {found.tracks} tracks to {out}"
    shell.result(value, head, *(f"lost: {loss.message} ({loss.count})" for loss in losses))


@command(group, "import", example="boxwright video import gt.zip --video street.mp4 --project cars")
def import_tracks(
    shell: Shell,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="File, ZIP, TAR or folder with tracks.")],
    video: Annotated[str, typer.Option(help="Id or name of the video that they belong to.")],
    project: ProjectOption,
    format: Annotated[TrackImportFormat, typer.Option(help="Format; found by itself by default.")] = (
        TrackImportFormat.AUTO
    ),
) -> None:
    """Import tracks into a video, all of them as one change."""
    if not path.exists():
        wrong_use(f"there is no file or folder {path}")
    with shell.client() as client:
        found = find_video(client, find_project(client, project).id, video)
        with uploaded(client, path) as upload:
            report = client.tracks.load(found.id, upload.id, format.value)
    lines = [
        f"imported {report.tracks} tracks with {report.keyframes} key frames as {report.format}",
        f"classes: {', '.join(report.classes) or 'none'}",
        *(f"note: {note}" for note in report.notes),
    ]
    lines += [
        f"problem: {item.file}{f':{item.line}' if item.line else ''}: {item.message} ({item.action})"
        for item in report.problems[:_SHOWN_PROBLEMS]
    ]
    if report.problem_count > _SHOWN_PROBLEMS:
        lines.append(f"... {report.problem_count - _SHOWN_PROBLEMS} more problems; --json lists up to 1,000")
    shell.result(report, *lines)


@command(group, "delete", example="boxwright video delete street.mp4 --project cars")
def delete(shell: Shell, video: Ref, project: ProjectOption) -> None:
    """Move a video to the trash; images that were made of it stay."""
    with shell.client() as client:
        found = client.videos.delete(find_video(client, find_project(client, project).id, video).id)
    shell.result(found, f"{found.name} is in the trash for 30 days")


@command(group, "restore", example="boxwright video restore street.mp4 --project cars")
def restore(shell: Shell, video: Ref, project: ProjectOption) -> None:
    """Take a video back out of the trash."""
    with shell.client() as client:
        found = client.videos.restore(find_video(client, find_project(client, project).id, video, trash=True).id)
    shell.result(found, f"{found.name} is back")
