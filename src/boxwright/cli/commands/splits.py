"""`boxwright split`."""

from enum import StrEnum
from typing import Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.options import ProjectOption, Split
from boxwright.cli.refs import find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.projects import SPLITS
from boxwright.domain.queries import ImageQuery
from boxwright.domain.splits import TOGETHER, Leaks, SplitNumbers, SplitPlan, SplitPreview

group = typer.Typer(help="See and change which images train, validate and test.", no_args_is_help=True)
_AT_ONCE = 10_000
_SHOWN = 10


class Keep(StrEnum):
    """What keeps images in one split."""

    FOLDER = "folder"
    VIDEO = "video"
    DUPLICATES = "duplicates"
    IMPORT = "import"


Weight = Annotated[float, typer.Option(min=0, help="Weight of the split; the three together are the ratio.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="split")


@command(group, "show", example="boxwright split show --project cells")
def show_splits(shell: Shell, project: ProjectOption) -> None:
    """Show images and annotations of each split."""
    with shell.client() as client:
        counts = client.projects.counts(find_project(client, project).id)
    columns = {
        "split": lambda item: item.split,
        "images": lambda item: item.images,
        "unlabeled": lambda item: item.unlabeled,
        "annotations": lambda item: item.annotations,
    }
    if shell.as_json:
        shell.result(counts)
    else:
        shell.rows(counts.splits, columns, "")


@command(group, "set", example="boxwright split set val --project cells --from none --name night")
def set_split(
    shell: Shell,
    target: Annotated[Split, typer.Argument(metavar="SPLIT", help="Where to: train, val, test or none.")],
    project: ProjectOption,
    source: Annotated[Split, typer.Option("--from", help="Only images of this split.")] = Split.NONE,
    name: Annotated[str | None, typer.Option(help="Only images with this in their name.")] = None,
) -> None:
    """Move all images of one split, or those with a part of their name, to another."""
    if source == target:
        wrong_use("--from and the new split are the same")
    with shell.client() as client:
        project_id = find_project(client, project).id
        query = ImageQuery(split=source.value, name=name)
        ids = [image.id for image in client.images.all(project_id, query)]
        count = sum(
            client.images.bulk(project_id, ids[start : start + _AT_ONCE], "move", target.value)
            for start in range(0, len(ids), _AT_ONCE)
        )
    shell.result({"count": count}, f"{count} images moved to {target.value}")


@command(group, "make", example="boxwright split make --project cells --train 80 --val 10 --test 10 --dry-run")
def make(
    shell: Shell,
    project: ProjectOption,
    train: Weight = 80,
    val: Weight = 10,
    test: Weight = 10,
    seed: Annotated[int, typer.Option(min=0, help="The same seed deals the same images out alike.")] = 0,
    together: Annotated[
        list[Keep] | None,
        typer.Option(help="What stays in one split; repeat it. Video and duplicates when omitted.", show_default=False),
    ] = None,
    apart: Annotated[bool, typer.Option("--apart", help="Keep nothing together.")] = False,
    metadata: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Images with one value of this field stay together.")
    ] = None,
    stratify: Annotated[bool, typer.Option(help="Deal the objects of each class out in the ratio, too.")] = True,
    everything: Annotated[bool, typer.Option("--all", help="Deal all images out anew, not only new ones.")] = False,
    mend: Annotated[bool, typer.Option("--mend", help="Bring groups together that lie in several splits.")] = False,
    labeled_only: Annotated[
        bool, typer.Option("--labeled-only", help="Leave unlabelled images where they are.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Deal the images that have no split yet out to train, val and test; those that have one stay."""
    if apart and (together or metadata):
        wrong_use("say --apart, or what stays together, not both")
    chosen = [] if apart else [one.value for one in together or (Keep.VIDEO, Keep.DUPLICATES)]
    kept = tuple(name for name in TOGETHER if name in chosen)
    plan = SplitPlan(
        train=train,
        val=val,
        test=test,
        seed=seed,
        stratify=stratify,
        together=kept,
        metadata=tuple(metadata or ()),
        deal="all" if everything else "new",
        mend=mend,
        labeled_only=labeled_only,
    )
    with shell.client() as client:
        project_id = find_project(client, project).id
        seen = client.splits.preview(project_id, plan)
        if dry_run:
            shell.result(seen, *_preview(seen), "nothing was changed")
            return
        made = client.splits.make(project_id, plan, seen.digest)
    undo = [f"boxwright split undo --project {project} takes it back"] if made.moved else []
    shell.result(made, *_preview(seen), f"{made.moved} images moved", *undo)


@command(group, "undo", example="boxwright split undo --project cells")
def undo(shell: Shell, project: ProjectOption) -> None:
    """Take the last change of `split make` back; images that were moved since stay."""
    with shell.client() as client:
        changes = client.splits.history(find_project(client, project).id)
        last = next((one for one in changes if one.undoes is None and not one.undone), None)
        if last is None:
            wrong_use("there is no change of the splits to take back")
        back = client.splits.undo(last.id)
    shell.result(back, f"{back.moved} of {last.moved} images moved back")


@command(group, "leaks", example="boxwright split leaks --project cells")
def leaks(shell: Shell, project: ProjectOption) -> None:
    """Find what lies in several splits at once: duplicates, and images of one video."""
    with shell.client() as client:
        report = client.splits.leaks(find_project(client, project).id)
    found = [line for one in report.leaks for line in _leak(one)]
    shell.result(report, *(found or ["nothing lies in several splits"]))


def _leak(leak: Leaks) -> list[str]:
    if not leak.groups:
        return []
    what = "images of one video" if leak.kind == "video" else "duplicates"
    shown = [
        "  " + ", ".join(f"{one.name} ({one.split})" for one in group[:4]) + (", ..." if len(group) > 4 else "")
        for group in leak.examples[:_SHOWN]
    ]
    more = [f"  and {leak.groups - _SHOWN} more"] if leak.groups > _SHOWN else []
    return [f"{leak.groups} groups of {what} lie in several splits, {leak.images} images:", *shown, *more]


def _preview(seen: SplitPreview) -> list[str]:
    lines = [f"images:  {_change(seen.images_before, seen.images_after)}"]
    if any(_values(seen.objects_after)):
        lines.append(f"objects: {_change(seen.objects_before, seen.objects_after)}")
        lines += [f"  {one.name}: {_change(one.before, one.after)}" for one in seen.classes if any(_values(one.after))]
    if seen.groups:
        lines.append(f"{seen.groups} groups stay together, the largest of {seen.largest} images")
    if seen.torn:
        lines.append(f"{seen.torn} groups lie in several splits; --mend brings them together")
    return lines


def _values(numbers: SplitNumbers) -> list[int]:
    return [getattr(numbers, split) for split in SPLITS]


def _change(before: SplitNumbers, after: SplitNumbers) -> str:
    said = []
    for split, old, new in zip(SPLITS, _values(before), _values(after), strict=True):
        if old or new:
            said.append(f"{split} {old} -> {new}" if old != new else f"{split} {new}")
    return ", ".join(said) or "none"
