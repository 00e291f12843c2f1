"""`boxwright label` and `boxwright proposals`: a model proposes annotations, people accept or reject them."""

from typing import Annotated, Literal

import typer

from boxwright.cli.commands.images import image_id
from boxwright.cli.failures import wrong_use
from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption, Split, pairs
from boxwright.cli.refs import find_class, find_model, find_project
from boxwright.cli.results import MirrorOption, OverlapOption, ThresholdOption, TileOption
from boxwright.cli.shell import Shell, command
from boxwright.domain.looks import Looks
from boxwright.domain.queries import ProposalQuery
from boxwright.domain.requests import LabelRequest, ProposalShape

group = typer.Typer(help="Accept or reject what models propose.", no_args_is_help=True)

AnyProject = Annotated[
    str | None, typer.Option("--project", metavar="PROJECT", help="Name or id of the project.", show_default=False)
]
AnyModel = Annotated[
    str | None, typer.Option("--model", metavar="MODEL", help="Name or id of the model, or latest.", show_default=False)
]
Renamed = Annotated[
    list[str] | None,
    typer.Option("--rename-class", metavar="MODEL_CLASS=CLASS", help="Use another class here; an empty one drops it."),
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option("--class-threshold", metavar="MODEL_CLASS=SCORE", help="Least score for one class of the model."),
]
ClassOption = Annotated[str | None, typer.Option("--class", metavar="CLASS", help="Only of this class.")]
MinScore = Annotated[float | None, typer.Option("--min-score", min=0, max=1, help="Only from this score on.")]
MaxScore = Annotated[float | None, typer.Option("--max-score", min=0, max=1, help="Only up to this score.")]
SplitOption = Annotated[Split | None, typer.Option("--split", help="Only images of this split.")]
RunOption = Annotated[str | None, typer.Option("--run", metavar="JOB", help="Only of this auto-annotation job.")]


def register(app: typer.Typer) -> None:
    """Add the command and the group."""
    command(app, "label", example="boxwright label --project cells --model latest --threshold 0.4")(label)
    app.add_typer(group, name="proposals")


def label(
    shell: Shell,
    images: Annotated[
        list[str] | None, typer.Argument(metavar="[IMAGE]...", help="Ids or names; all images when omitted.")
    ] = None,
    project: AnyProject = None,
    model: AnyModel = None,
    threshold: ThresholdOption = None,
    tile: TileOption = 0,
    overlap: OverlapOption = 0.2,
    mirror: MirrorOption = False,
    class_threshold: Thresholds = None,
    model_thresholds: Annotated[
        bool | None,
        typer.Option(
            "--model-thresholds/--one-threshold",
            help="Start with the model's own least scores, class by class. Usual without --threshold, if it has some.",
            show_default=False,
        ),
    ] = None,
    split: Annotated[Split | None, typer.Option(help="Only this split.")] = None,
    only_unlabeled: Annotated[bool, typer.Option("--only-unlabeled", help="Only images without labels.")] = False,
    rename_class: Renamed = None,
    create_classes: Annotated[
        bool, typer.Option("--create-classes", help="Add classes that are missing once the model finds one.")
    ] = False,
    shape: Annotated[
        ProposalShape, typer.Option("--shape", help="Outlines where the model gives them, or boxes only.")
    ] = "outline",
    undo: Annotated[
        str | None, typer.Option("--undo", metavar="JOB", help="Take back this run instead.", show_default=False)
    ] = None,
) -> None:
    """Let a model propose annotations for people to review; reviewed and drawn ones stay as they are."""
    if undo is not None:
        _undo(shell, undo)
        return
    if project is None or model is None:
        wrong_use("name a --project and a --model, or a run to --undo")
    thresholds = {name: _score(value) for name, value in pairs(class_threshold or [], "--class-threshold").items()}
    with shell.client() as client:
        owner = find_project(client, project)
        request = LabelRequest(
            project_id=owner.id,
            model_id=find_model(client, model, owner).id,
            threshold=threshold,
            thresholds=thresholds,
            model_thresholds=model_thresholds,
            class_map=pairs(rename_class or [], "--rename-class"),
            create_classes=create_classes,
            image_ids=tuple(image_id(client, owner.id, ref) for ref in images) if images else None,
            split=split.value if split else None,
            only_unlabeled=only_unlabeled,
            shape=shape,
            looks=Looks(tile=tile, overlap=overlap, mirror=mirror),
        )
        job = follow(client, client.jobs.start(request), keep=True)
    result = dict(job.result or {})
    made = f"{result['proposals']} proposals on {result['proposal_images']} of {result['images']} images"
    left = f"; {result['left_out']} left out where the object is annotated already" if result["left_out"] else ""
    shell.result({**result, "job": job.id}, f"{made}{left}", f"take them back with: boxwright label --undo {job.id}")


def _undo(shell: Shell, job_id: str) -> None:
    with shell.client() as client:
        done = client.jobs.undo(job_id)
    said = (
        f"removed {done.removed} proposals, restored {done.restored}; {done.kept} stay because somebody accepted them"
    )
    shell.result(done, said)


def _score(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        wrong_use(f"--class-threshold: {value!r} is not a number from 0 to 1")


def _review(
    shell: Shell,
    action: Literal["accept", "reject"],
    project: str,
    class_: str | None,
    min_score: float | None,
    max_score: float | None,
    run: str | None,
    split: Split | None,
) -> None:
    with shell.client() as client:
        owner = find_project(client, project)
        query = ProposalQuery(
            class_id=find_class(client, owner.id, class_).id if class_ else None,
            min_score=min_score,
            max_score=max_score,
            run_id=run,
            split=split.value if split else None,
        )
        done = client.annotations.review(owner.id, action, query)
    shell.result(done, f"{action}ed {done.proposals} proposals on {done.images} images")


@command(group, "accept", example="boxwright proposals accept --project cells --min-score 0.8")
def accept(
    shell: Shell,
    project: ProjectOption,
    class_: ClassOption = None,
    min_score: MinScore = None,
    max_score: MaxScore = None,
    run: RunOption = None,
    split: SplitOption = None,
) -> None:
    """Accept proposals: they become annotations."""
    _review(shell, "accept", project, class_, min_score, max_score, run, split)


@command(group, "reject", example="boxwright proposals reject --project cells --class RBC --max-score 0.3")
def reject(
    shell: Shell,
    project: ProjectOption,
    class_: ClassOption = None,
    min_score: MinScore = None,
    max_score: MaxScore = None,
    run: RunOption = None,
    split: SplitOption = None,
) -> None:
    """Reject proposals: they go."""
    _review(shell, "reject", project, class_, min_score, max_score, run, split)
