"""`boxwright evaluate`."""

from typing import Annotated

import typer

from boxwright.cli.following import follow
from boxwright.cli.metrics import metric_lines, metric_values
from boxwright.cli.options import MeasuredSplit, ModelOption, ProjectOption, VersionOption
from boxwright.cli.quality import CurvesOption, report_lines, write_curves
from boxwright.cli.refs import find_model, find_project, find_version
from boxwright.cli.shell import Shell, command
from boxwright.domain.requests import EvaluateRequest


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "evaluate", example="boxwright evaluate --project cells --model latest --split test")(evaluate)


def evaluate(
    shell: Shell,
    project: ProjectOption,
    model: ModelOption,
    split: Annotated[MeasuredSplit, typer.Option(help="Which images to measure on.")] = MeasuredSplit.TEST,
    version: VersionOption = None,
    curves: CurvesOption = None,
) -> None:
    """Measure a model on labelled images: COCO mAP 50-95, AP50, figures for each class, and how it errs."""
    with shell.client() as client:
        owner = find_project(client, project)
        found = find_model(client, model, owner)
        version_id = find_version(client, owner.id, version).id if version else None
        request = EvaluateRequest(project_id=owner.id, model_id=found.id, split=split.value, version_id=version_id)
        job = follow(client, client.jobs.start(request))
        result = job.result or {}
        evaluation = client.models.evaluation(str(result.get("evaluation_id")))
        report = client.models.report(evaluation.id)
    metrics = evaluation.metrics
    value = {
        **metric_values(metrics),
        "split": evaluation.split,
        "images": metrics.images,
        "instances": metrics.instances,
        "seconds": result.get("seconds"),
        "model": found.id,
        "evaluation": evaluation.id,
        "job": job.id,
        "report": report,
    }
    lines = [*metric_lines(evaluation.split, metrics, result.get("seconds")), "", *report_lines(report)]
    if curves is not None:
        write_curves(curves, report)
        lines.append(f"wrote {curves}")
    shell.result(value, f"model {found.name}", *lines)
