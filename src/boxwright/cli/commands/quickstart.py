"""`boxwright quickstart`: the whole loop on the rendered sample."""

import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.loop import Wish, learn, look, prepare, take_away
from boxwright.cli.metrics import metric_lines, metric_values
from boxwright.cli.progress import note
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import Unavailable
from boxwright.domain.requests import SAMPLE_IMAGES, SAMPLE_NAME

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.jobs import Job
    from boxwright.domain.models import Model
    from boxwright.domain.predictions import Run
    from boxwright.domain.projects import Project

# Enough for a test mAP50 above 0.9 on the sample; see benchmarks/bench_quickstart.py.
EPOCHS, IMAGE_SIZE = 20, 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "quickstart", example="boxwright quickstart --out first-try")(quickstart)


def quickstart(
    shell: Shell,
    out: Annotated[Path, typer.Option(help="Folder for model, dataset and what was found.")] = Path("quickstart"),
    project: Annotated[
        str, typer.Option(metavar="PROJECT", help="Project to use; made and filled if missing or empty.")
    ] = SAMPLE_NAME,
    epochs: Annotated[int, typer.Option(min=1, max=10_000, help="How often every image is seen.")] = EPOCHS,
    image_size: Annotated[
        int, typer.Option(min=64, max=2048, help="Side of the network's input in pixels.")
    ] = IMAGE_SIZE,
    images: Annotated[int, typer.Option(min=19, max=5000, help="How many images to render.")] = SAMPLE_IMAGES,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the images and of the training.")] = 0,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the pages afterwards; where no server runs, serve until Ctrl-C.")
    ] = False,
) -> None:
    """Go the whole way on a rendered sample, in about two minutes on two cores.

    Renders coins, dice and buttons (or takes the sample project that is there), trains a detector, measures it on the
    test split, lets it look at the images that nobody has labelled, and takes model, dataset and detections away.
    What a former run has done is not done again. Ctrl-C while it trains keeps the best model so far.
    """
    started = time.monotonic()
    wish = Wish(
        project=project, seed=seed, images=images, hyper={"epochs": epochs, "image_size": image_size, "seed": seed}
    )
    with _server(shell) as (client, lasting):
        note("1/4 images")
        owner, was_there = prepare(client, wish)
        note("2/4 training")
        model, job = learn(client, owner, wish)
        note("3/4 looking at images that nobody has labelled")
        run = look(client, model)
        note("4/4 taking the results away")
        files = take_away(client, owner, model, run, out)
        address = client.sign_in_link() if lasting else ""
        value = {
            **metric_values(model.test),
            "split": "test",
            "images": owner.images,
            "annotations": owner.annotations,
            **_found(client, run),
            "files": [str(path) for path in files],
            "seconds": round(time.monotonic() - started, 1),
            "training_seconds": (job.result or {}).get("seconds") if job else None,
            "reused": [name for name, there in (("images", was_there), ("model", job is None)) if there],
            "project": owner.id,
            "model": model.id,
            "run": run.id if run else None,
            "url": client.url if lasting else None,
        }
    shell.result(value, *_lines(value, owner, model, job, files), *_next(shell, owner, address, opening=open_browser))
    if open_browser:
        _open(shell, address)


@contextmanager
def _server(shell: Shell) -> "Iterator[tuple[Client, bool]]":
    """Yield a client, and whether its server goes on after this command."""
    with ExitStack() as stack:
        try:
            client, lasting = stack.enter_context(shell.running()), True
        except Unavailable as error:
            if error.code != "server_absent":
                raise
            client, lasting = stack.enter_context(shell.client()), False
        yield client, lasting


def _found(client: "Client", run: "Run | None") -> dict[str, int]:
    looked = list(client.runs.images(run.id, operating=True)) if run else []
    return {"predicted": len(looked), "detections": sum(len(image.detections or ()) for image in looked)}


def _lines(
    value: dict[str, object], owner: "Project", model: "Model", job: "Job | None", files: list[Path]
) -> list[str]:
    again = "" if job else " (trained before; nothing has changed since)"
    return [
        f"project {owner.name!r}: {owner.images} images, {owner.annotations} annotations",
        f"model {model.name!r}{again}",
        *metric_lines("test", model.test, value["training_seconds"]),
        f"{value['detections']} things found on {value['predicted']} images that nobody has labelled",
        *(f"wrote {path}" for path in files),
        f"all of it in {value['seconds']} s",
    ]


def _next(shell: Shell, owner: "Project", address: str, *, opening: bool) -> list[str]:
    data = f" --data {shell.data}" if shell.data else ""
    how = f"Open it: {address}" if address else f"Open it: boxwright serve --open{data}"
    return [
        "",
        *([] if opening else [how]),
        f"Then: label the last images of {owner.name!r}, train again, or make a project of your own pictures:",
        f"  boxwright import PATH --project NAME --create-project{data}",
    ]


def _open(shell: Shell, address: str) -> None:
    if address:
        webbrowser.open(address)
        return
    from boxwright.cli.commands.serve import serve

    serve(data=shell.data, open_browser=True)
