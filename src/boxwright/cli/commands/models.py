"""`boxwright model`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast

import typer

from boxwright.cli.cards import card_lines, correctable, inspection_lines
from boxwright.cli.commands import variants
from boxwright.cli.commands.variants import PrecisionName
from boxwright.cli.metrics import quality_line
from boxwright.cli.options import AnyProjectOption, MeasuredSplit, ProjectOption
from boxwright.cli.quality import CurvesOption, report_lines, write_curves
from boxwright.cli.refs import find_model, find_project, maybe_project
from boxwright.cli.shell import Shell, command, table
from boxwright.cli.uploading import all_uploaded
from boxwright.domain.corrections import CardChanges
from boxwright.domain.errors import NotFound
from boxwright.domain.models import Metrics, Model
from boxwright.domain.variants import Precision

group = typer.Typer(help="List, export, import, rename and delete models.", no_args_is_help=True)
ModelFilesArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="ONNX file, ZIP that `boxwright model export` wrote, the .cfg, .weights and .names of Darknet, "
        "or encoder and decoder of SAM (or a ZIP of both).",
    ),
]
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name, id or latest.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    variants.register(group)
    app.add_typer(group, name="model")


def headline(model: Model) -> Metrics | None:
    """Return the figures to quote: of the test split, else of the validation split."""
    return model.test or model.val


@command(group, "list", example="boxwright model list --project cells")
def list_models(shell: Shell, project: AnyProjectOption = None) -> None:
    """List models, newest first."""
    columns = {
        "id": lambda item: item.id,
        "name": lambda item: item.name,
        "architecture": lambda item: item.architecture,
        "task": lambda item: item.task,
        "map50": lambda item: getattr(headline(item), "map50", None),
        "map50_95": lambda item: getattr(headline(item), "map50_95", None),
        "classes": lambda item: len(item.card.classes),
        "created": lambda item: item.created_at,
    }
    with shell.client() as client:
        projects = [find_project(client, project)] if project else list(client.projects.all())
        models = [model for item in projects for model in client.models.all(item.id, assist=True)]
    models.sort(key=lambda model: model.created_at, reverse=True)
    shell.rows(models, columns, "no models; train one with `boxwright train`")


@command(group, "show", example="boxwright model show latest --project cells")
def show(shell: Shell, model: ModelArgument, project: AnyProjectOption = None) -> None:
    """Show a model: its figures, and its classes with the samples it learned from."""
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
    figures = [
        f"{split}: {quality_line(metrics)}"
        for split, metrics in (("val", found.val), ("test", found.test))
        if metrics is not None
    ]
    rows = [[item.name, str(item.train), str(item.val)] for item in found.card.classes]
    head = f"{found.name} ({found.id}), {found.architecture}, {found.onnx_bytes / 1e6:.1f} MB"
    shell.result(found, head, *figures, *card_lines(found.card), *table(["class", "train", "val"], rows))


@command(group, "report", example="boxwright model report latest --project cells --split val")
def report(
    shell: Shell,
    model: ModelArgument,
    project: AnyProjectOption = None,
    split: Annotated[MeasuredSplit, typer.Option(help="Images it was measured on.")] = MeasuredSplit.TEST,
    curves: CurvesOption = None,
) -> None:
    """Show how a model errs: kinds of errors, confusions, calibration; its curves as a file."""
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
        measured = [item for item in client.models.evaluations(found.id) if item.split == split.value]
        if not measured:
            raise NotFound(f"{found.name} was not measured on {split.value} yet; run `boxwright evaluate`")
        value = client.models.report(measured[0].id)
    lines = report_lines(value)
    if curves is not None:
        write_curves(curves, value)
        lines.append(f"wrote {curves}")
    shell.result({"evaluation": measured[0].id, "report": value}, f"{found.name} on {split.value}", *lines)


@command(group, "export", example="boxwright model export latest --project cells --out cells-model.zip")
def export(
    shell: Shell,
    model: ModelArgument,
    out: Annotated[Path, typer.Option("--out", help="ZIP to write.")],
    project: AnyProjectOption = None,
    precision: Annotated[
        PrecisionName | None, typer.Option(help="A variant in place of the model's own file.", show_default=False)
    ] = None,
) -> None:
    """Save a model as one ZIP that predicts alone: ONNX, weights, card, program, licence."""
    name = cast("Precision | None", precision and precision.value)
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
        client.models.download(found.id, out, name)
    size = out.stat().st_size
    shell.result({"model": found.id, "file": str(out), "bytes": size}, f"saved {found.name} as {out}")


@command(group, "import", example="boxwright model import yolox_nano.onnx --project street --classes coco.txt")
@correctable
def import_model(
    shell: Shell,
    paths: ModelFilesArgument,
    project: ProjectOption,
    changes: CardChanges,
    name: Annotated[str | None, typer.Option(help="Name; the one inside, or the file's, when omitted.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Add a detector: an ONNX file of any known kind, a ZIP that was exported, or the files of Darknet.

    Encoder and decoder of SAM 2.1 or EdgeTAM become a model for outlines by clicks in the editor.

    It is tried in a process with limits before it is kept. PyTorch files (.pt, .pth) are refused: they hold
    programs. What the file does not say can be told by options.
    """
    changes = replace(changes, name=name)
    with shell.client() as client:
        project_id = find_project(client, project).id
        with all_uploaded(client, paths) as (first, *more):
            if dry_run:
                found = client.models.inspect_upload(project_id, first, changes, more=more)
                shell.result(found, *inspection_lines(found))
                return
            model = client.models.import_upload(project_id, first, changes=changes, more=more)
    shell.result(model, f"imported {model.name} ({model.id})", *card_lines(model.card))


@command(group, "inspect", example="boxwright model inspect detector.onnx --project street")
@correctable
def inspect_model(shell: Shell, paths: ModelFilesArgument, project: ProjectOption, changes: CardChanges) -> None:
    """Say what a model's file holds and how it would be run; nothing is added."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        with all_uploaded(client, paths) as (first, *more):
            found = client.models.inspect_upload(project_id, first, changes, more=more)
    shell.result(found, *inspection_lines(found))


@command(
    group, "correct", example="boxwright model correct yolox_nano --project street --channels bgr --mean 0 --std 1"
)
@correctable
def correct(shell: Shell, model: ModelArgument, changes: CardChanges, project: AnyProjectOption = None) -> None:
    """Change how an imported model is fed and read; figures that were measured before go."""
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
        changed = client.models.correct(found.id, changes)
    shell.result(changed, f"corrected {changed.name}", *card_lines(changed.card))


@command(group, "rename", example="boxwright model rename latest best --project cells")
def rename(
    shell: Shell,
    model: ModelArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="New name.")],
    project: AnyProjectOption = None,
) -> None:
    """Give a model another name."""
    with shell.client() as client:
        renamed = client.models.rename(find_model(client, model, maybe_project(client, project)).id, name)
    shell.result(renamed, f"renamed to {renamed.name}")


@command(group, "delete", example="boxwright model delete old --project cells")
def delete(shell: Shell, model: ModelArgument, project: AnyProjectOption = None) -> None:
    """Delete a model."""
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
        client.models.delete(found.id)
    shell.result(found, f"deleted {found.name}")
