"""`boxwright model variants`: the same model in fewer bits."""

from enum import StrEnum
from typing import Annotated, Literal, cast

import typer

from boxwright.cli.following import follow
from boxwright.cli.metrics import figure
from boxwright.cli.options import AnyProjectOption
from boxwright.cli.refs import find_model, maybe_project
from boxwright.cli.shell import Shell, command, table
from boxwright.domain.requests import VariantsRequest
from boxwright.domain.variants import ModelVariants


class PrecisionName(StrEnum):
    """Number types of a model's weights."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"


class ComparedSplit(StrEnum):
    """The splits that variants are compared on."""

    VAL = "val"
    TEST = "test"


ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name, id or latest.")]


def register(group: typer.Typer) -> None:
    """Add the command to those of models."""
    command(group, "variants", example="boxwright model variants latest --project cells --make")(variants)


def variants(
    shell: Shell,
    model: ModelArgument,
    project: AnyProjectOption = None,
    make: Annotated[bool, typer.Option("--make", help="Make fp16 and int8, and compare them first.")] = False,
    split: Annotated[
        ComparedSplit | None,
        typer.Option(help="Images to compare on; test, else val, when omitted.", show_default=False),
    ] = None,
    serve: Annotated[
        PrecisionName | None, typer.Option("--serve", help="Which one predicts from now on.", show_default=False)
    ] = None,
) -> None:
    """Show a model in fp32, fp16 and int8: size, time of a picture on one core, quality; make them, choose one."""
    with shell.client() as client:
        found = find_model(client, model, maybe_project(client, project))
        if make:
            asked = cast("Literal['val', 'test'] | None", split and split.value)
            request = VariantsRequest(project_id=found.project_id, model_id=found.id, split=asked)
            follow(client, client.jobs.start(request))
        value = client.models.variants(found.id)
        if serve is not None:
            value = client.models.serve(found.id, serve.value)
    shell.result(value, *_lines(found.name, value))


def _lines(name: str, value: ModelVariants) -> list[str]:
    columns = {"mAP50-95": "map50_95", "mAP50": "map50"}
    if any(row.metrics and row.metrics.mask_map50_95 is not None for row in value.rows):
        columns["outlines mAP50-95"] = "mask_map50_95"
    rows = [
        [
            row.precision,
            "-" if row.bytes is None else f"{row.bytes / 1e6:.2f} MB",
            "-" if row.milliseconds is None else f"{row.milliseconds:.1f} ms",
            *(figure(getattr(row.metrics, name, None)) for name in columns.values()),
            row.error or ("predicts" if row.precision == value.serving else ""),
        ]
        for row in value.rows
    ]
    where = f", measured on {value.split}" if value.split else "; `--make` makes fp16 and int8"
    return [f"{name}{where}", *table(["precision", "size", "a picture", *columns, ""], rows)]
