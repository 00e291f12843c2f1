"""`boxwright predict`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.failures import JobFailed, wrong_use
from boxwright.cli.following import follow
from boxwright.cli.options import AnyProjectOption, ModelOption, Split, picture_files
from boxwright.cli.progress import note, progress
from boxwright.cli.refs import find_model, maybe_project
from boxwright.cli.results import (
    FormatsOption,
    MirrorOption,
    OutOption,
    OverlapOption,
    ThresholdOption,
    TileOption,
    formats_of,
    save_results,
)
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import InvalidImage, TooLarge
from boxwright.domain.looks import Looks
from boxwright.domain.models import class_scores
from boxwright.domain.requests import PredictRequest

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.predictions import Run

# What a run keeps at least, so that another threshold needs no second run.
_KEPT_SCORE = 0.05

Files = list[tuple[Path, str]]


@dataclass(frozen=True, slots=True)
class _Failure:
    file: str
    code: str
    message: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "predict", example="boxwright predict --model latest new/ --out found --format csv,images")(predict)


def predict(
    shell: Shell,
    model: ModelOption,
    out: OutOption,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH...]", help="Pictures, or folders of pictures.", show_default=False),
    ] = None,
    formats: FormatsOption = "csv",
    threshold: ThresholdOption = None,
    iou: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Boxes of one class that overlap more are one; the card's by default.",
            show_default=False,
        ),
    ] = None,
    split: Annotated[
        Split | None,
        typer.Option(help="Images of the model's project in this split, instead of files.", show_default=False),
    ] = None,
    tile: TileOption = 0,
    overlap: OverlapOption = 0.2,
    mirror: MirrorOption = False,
    name: Annotated[str, typer.Option(help="Name of the run.", show_default=False)] = "",
    project: AnyProjectOption = None,
) -> None:
    """Let a model look at pictures and write what it finds.

    The run stays in the project, where the pages show it. Ctrl-C keeps what is done.
    """
    wanted = formats_of(formats, out)
    if bool(paths) == bool(split):
        wrong_use("name pictures or folders, or else a --split of the project")
    files = picture_files(paths) if paths else []
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
        scores = class_scores(found.card)
        lowest = min(scores) if threshold is None else threshold
        run = client.runs.create(
            found.project_id,
            found.id,
            name=name,
            source="project" if split else "upload",
            split=split.value if split else None,
            score_threshold=min(lowest, _KEPT_SCORE),
            iou_threshold=found.card.iou_threshold if iou is None else iou,
        )
        failures = _upload(client, run, files)
        looks = Looks(tile=tile, overlap=overlap, mirror=mirror)
        request = PredictRequest(project_id=run.project_id, run_id=run.id, looks=looks)
        job = follow(client, client.jobs.start(request), keep=True)
        run = client.runs.get(run.id)
        images, detections = _count(client, run, threshold, failures)
        if not images:
            raise JobFailed(f"no image could be predicted: {failures[0].message if failures else 'it was stopped'}")
        written = save_results(client, run, wanted, out, threshold)
    value = {
        "images": images,
        "detections": detections,
        "failed": failures,
        "threshold": threshold,
        "thresholds": {
            item.name: score if threshold is None else threshold
            for item, score in zip(found.card.classes, scores, strict=True)
        },
        "seconds": (job.result or {}).get("seconds"),
        "files": [str(path) for path in written],
        "model": found.id,
        "run": run.id,
        "job": job.id,
    }
    least = "at the operating score of each class" if threshold is None else f"of at least {threshold:g}"
    head = f"{detections} detections {least} on {images} of {len(files) or run.images} images"
    shell.result(value, head, *(f"wrote {path}" for path in written))


def _upload(client: "Client", run: "Run", files: Files) -> list[_Failure]:
    try:
        failures = _upload_all(client, run, files)
    except KeyboardInterrupt:
        client.runs.delete(run.id)
        raise
    if files and len(failures) == len(files):
        client.runs.delete(run.id)
        raise JobFailed("none of the files is a picture that can be opened")
    return failures


def _upload_all(client: "Client", run: "Run", files: Files) -> list[_Failure]:
    failures: list[_Failure] = []
    with progress("uploading") as show:
        for number, (path, name) in enumerate(files, 1):
            try:
                client.runs.upload(run.id, path, name=name)
            except (InvalidImage, TooLarge) as error:
                note(f"{path}: {error.message}")
                failures.append(_Failure(str(path), error.code, error.message))
            show(number, len(files), name)
    return failures


def _count(client: "Client", run: "Run", score: float | None, failures: list[_Failure]) -> tuple[int, int]:
    """Return how many pictures were predicted and what was found in them; add those that could not be to `failures`."""
    images = detections = 0
    for image in client.runs.images(run.id, min_score=score or 0.0, operating=score is None):
        if image.error:
            failures.append(_Failure(image.name, "image_unreadable", image.error))
        elif image.detections is not None:
            images += 1
            detections += len(image.detections)
    return images, detections
