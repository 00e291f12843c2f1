"""`boxwright train`."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.following import follow
from boxwright.cli.metrics import metric_lines, metric_values
from boxwright.cli.options import VersionOption, json_or_text, pairs
from boxwright.cli.progress import duration
from boxwright.cli.refs import find_model, find_project, find_version
from boxwright.cli.shell import Shell, command, table
from boxwright.domain.jobs import Job
from boxwright.domain.models import Task
from boxwright.domain.requests import EstimateRequest, TrainRequest

if TYPE_CHECKING:
    from boxwright.client import Client

PREVIEWS = 6


class TaskName(StrEnum):
    """What is learned."""

    DETECT = "detect"
    SEGMENT = "segment"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "train", example="boxwright train --project cells --epochs 30 --image-size 320")(train)


def train(
    shell: Shell,
    project: Annotated[
        str | None,
        typer.Option(metavar="PROJECT", help="Name or id; not needed with --resume.", show_default=False),
    ] = None,
    architecture: Annotated[str, typer.Option(help="Kind of network, see `boxwright model architectures`.")] = "wren-n",
    task: Annotated[
        TaskName | None,
        typer.Option(
            help="What to find: boxes, or outlines too; left out, what the architecture finds.", show_default=False
        ),
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="How often every image is seen.", show_default=False)] = None,
    image_size: Annotated[
        int | None, typer.Option(help="Side of the network's input in pixels.", show_default=False)
    ] = None,
    batch_size: Annotated[int | None, typer.Option(help="Images a step.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same model.", show_default=False)] = None,
    augment: Annotated[
        str | None,
        typer.Option(
            metavar="PRESET",
            help="Augmentation: default, no_flips, aerial, small_objects, strong or none.",
            show_default=False,
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Any other parameter; again for more.", show_default=False),
    ] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Model to start from: name, id or latest.", show_default=False)
    ] = None,
    pretrained: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Pretrained weights, where the newest are not meant.", show_default=False),
    ] = None,
    version: VersionOption = None,
    name: Annotated[str | None, typer.Option(help="Name of the model.", show_default=False)] = None,
    resume: Annotated[
        str | None,
        typer.Option(metavar="JOB", help="Go on with this job from its last checkpoint.", show_default=False),
    ] = None,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Measure time and memory with a few steps, and end.")
    ] = False,
    preview: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save pictures as the network would see them, and end.", show_default=False),
    ] = None,
    parameters: Annotated[bool, typer.Option("--parameters", help="List all parameters and end.")] = False,
) -> None:
    """Train a detector and wait for it.

    Learns from the split train, chooses the best epoch by val and is measured once on test. Ctrl-C stops early and
    keeps the best model so far; a second Ctrl-C gives the training up.
    """
    given = {"epochs": epochs, "image_size": image_size, "batch": batch_size, "seed": seed, "augment": augment}
    hyper: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    hyper |= {key: json_or_text(value) for key, value in pairs(settings or (), "--set").items()}
    if resume and (hyper or weights or pretrained or version or name or task):
        wrong_use("--resume goes on as the job was started; leave the other options out")
    start = {"weights": weights, "pretrained": pretrained}
    with shell.client() as client:
        if parameters:
            _list_parameters(shell, client)
            return
        if estimate or preview:
            _look_ahead(shell, client, project, architecture, hyper, preview)
            return
        if resume:
            job = client.jobs.resume(resume)
        else:
            job = client.jobs.start(
                _request(client, project, architecture=architecture, task=_task(task), hyper=hyper,
                         start=start, version=version, name=name)
            )  # fmt: skip
        show_training(shell, client, follow(client, job, keep=True))


def _look_ahead(
    shell: Shell,
    client: "Client",
    project: str | None,
    architecture: str,
    hyper: Mapping[str, object],
    preview: Path | None,
) -> None:
    """Save preview pictures, or measure time and memory."""
    if project is None:
        wrong_use("say which project: --project NAME")
    found = find_project(client, project)
    if preview:
        paths = [
            client.models.training_preview(found.id, preview / f"preview-{index + 1}.jpg", hyper, index)
            for index in range(PREVIEWS)
        ]
        shell.result([str(path) for path in paths], *(str(path) for path in paths))
        return
    job = follow(
        client, client.jobs.start(EstimateRequest(project_id=found.id, architecture=architecture, hyper=hyper))
    )
    shell.result(job.result, *_estimate_lines(job.result or {}))


def _estimate_lines(result: Mapping[str, Any]) -> list[str]:
    def memory(used: str, whole: str) -> str:
        return f"{result[used]:,} MB of {result[whole]:,} MB" if result.get(whole) else f"{result[used]:,} MB"

    lines = [
        f"time      {duration(result['seconds']) or 'a moment'} on {result['device']}",
        f"memory    {memory('memory_mb', 'available_mb')}",
        *([f"GPU       {memory('gpu_mb', 'gpu_total_mb')}"] if result.get("gpu_mb") else []),
        f"plan      {result['epochs']} epochs of {result['steps']} steps of {result['batch']} images, "
        f"{result['image_size']} px; {result['step_seconds']:.3f} s a step ({result['steps_measured']} measured)",
    ]
    for choice in result["choices"]:
        said = "consider" if choice["hint"] else "chosen"
        lines.append(f"{said:<9} {choice['name']} {choice['value']:g}: {choice['why']}")
    return lines


def _task(name: TaskName | None) -> Task | None:
    return None if name is None else "segment" if name is TaskName.SEGMENT else "detect"


def _request(
    client: "Client",
    project: str | None,
    *,
    architecture: str,
    task: Task | None,
    hyper: Mapping[str, object],
    start: Mapping[str, str | None],
    version: str | None,
    name: str | None,
) -> TrainRequest:
    if project is None:
        wrong_use("say which project: --project NAME")
    found = find_project(client, project)
    return TrainRequest(
        project_id=found.id,
        architecture=architecture,
        task=task,
        hyper=hyper,
        weights=find_model(client, weights, found).id if (weights := start["weights"]) else None,
        pretrained=start["pretrained"],
        version_id=find_version(client, found.id, version).id if version else None,
        name=name,
    )


def show_training(
    shell: Shell, client: "Client", job: Job, more: Mapping[str, object] | None = None, lines: Iterable[str] = ()
) -> None:
    """Print the figures of a training; `more` is added to the value, `lines` to what people read."""
    result = job.result or {}
    model = client.models.get(str(result.get("model_id")))
    split, metrics = ("test", model.test) if model.test else ("val", model.val)
    value = {
        **metric_values(metrics),
        "split": split,
        "seconds": result.get("seconds"),
        "epochs": result.get("epochs"),
        "best_epoch": result.get("best_epoch"),
        "stopped_early": result.get("stopped_early"),
        "model": model.id,
        "name": model.name,
        "version": model.version_id,
        "job": job.id,
        **(more or {}),
    }
    shell.result(
        value, *lines, f"model {model.name} ({model.id})", *metric_lines(split, metrics, result.get("seconds"))
    )


def _list_parameters(shell: Shell, client: "Client") -> None:
    found = client.models.training_parameters()
    rows = [
        [item.name, str(item.default), _range(item.minimum, item.maximum, item.choices), item.help] for item in found
    ]
    shell.result(list(found), *table(["name", "default", "range", "meaning"], rows))


def _range(minimum: float | None, maximum: float | None, choices: tuple[str, ...] | None) -> str:
    if choices:
        return ", ".join(choices)
    ends = ["" if value is None else f"{value:g}" for value in (minimum, maximum)]
    return " to ".join(ends) if any(ends) else ""
