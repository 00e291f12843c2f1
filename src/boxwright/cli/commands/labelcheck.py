"""`boxwright labelcheck`."""

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from boxwright.cli.following import follow
from boxwright.cli.options import ProjectOption, Split
from boxwright.cli.refs import find_class, find_model, find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.projects import Split as SplitName
from boxwright.domain.requests import LabelCheckRequest

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.suspicions import DecidedMany, Decision, LabelCheck, Suspicion, SuspicionQuery

group = typer.Typer(help="Find labels that are likely wrong, and decide about each.", no_args_is_help=True)
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids as `boxwright labelcheck list` prints them.")]
WORDS = {"missing": "not annotated", "spurious": "nothing there", "class": "wrong class", "box": "loose box"}


class Kind(StrEnum):
    """What may be wrong with a label."""

    MISSING = "missing"
    SPURIOUS = "spurious"
    CLASS = "class"
    BOX = "box"


class State(StrEnum):
    """What a person has said."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


KindOption = Annotated[Kind | None, typer.Option(help="Only this kind.")]
ClassOption = Annotated[
    str | None, typer.Option("--class", metavar="CLASS", help="Only this class, of the label or of the model.")
]
SplitOption = Annotated[Split | None, typer.Option(help="Only images of this split.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how many they are.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="labelcheck")


@command(group, "run", example="boxwright labelcheck run --project cells --split val --split test")
def run(
    shell: Shell,
    project: ProjectOption,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="MODEL", help="Name or id of the model; else the best one of the project."),
    ] = None,
    split: Annotated[
        list[Split] | None, typer.Option("--split", help="Only images of this split; may be repeated.")
    ] = None,
) -> None:
    """Let a model look at all labelled images, and say what it disagrees with."""
    with shell.client() as client:
        owner = find_project(client, project)
        model_id = None if model is None else find_model(client, model, owner).id
        splits: tuple[SplitName, ...] = tuple(one.value for one in split or ())
        request = LabelCheckRequest(project_id=owner.id, model_id=model_id, splits=splits)
        follow(client, client.jobs.start(request))
        found = client.suspicions.check(owner.id)
    shell.result(found, *_told(found))


@command(group, "list", example="boxwright labelcheck list --project cells --kind missing --limit 20")
def list_(
    shell: Shell,
    project: ProjectOption,
    kind: KindOption = None,
    label_class: ClassOption = None,
    split: SplitOption = None,
    state: Annotated[State, typer.Option(help="Those nobody has decided about, or what was said.")] = State.OPEN,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 100,
) -> None:
    """List labels that are likely wrong, the most likely first."""
    with shell.client() as client:
        owner = find_project(client, project)
        names = {item.id: item.name for item in client.classes.list(owner.id)}
        query = replace(_query(client, owner.id, kind, label_class, split), state=state.value)
        found = client.suspicions.page(owner.id, query, limit=limit).items
    columns = {
        "id": lambda item: item.id,
        "score": lambda item: item.score,
        "kind": lambda item: item.kind,
        "class": lambda item: names.get(item.class_id, item.class_id),
        "model says": lambda item: _says(item, names),
        "image": lambda item: item.image.name,
        "split": lambda item: item.image.split,
        "learned": lambda item: item.seen,
    }
    shell.rows(found, columns, f"no {state.value} suspicions; see `boxwright labelcheck run`")


@command(group, "accept", example="boxwright labelcheck accept 01a2b3c4-...")
def accept(shell: Shell, ids: Ids) -> None:
    """Change the labels to what the model suggests."""
    with shell.client() as client:
        _decide(shell, client, ids, "accept", "accepted")


@command(group, "dismiss", example="boxwright labelcheck dismiss 01a2b3c4-...")
def dismiss(shell: Shell, ids: Ids) -> None:
    """Say that the labels are right; later checks leave them alone until somebody changes them."""
    with shell.client() as client:
        _decide(shell, client, ids, "dismiss", "dismissed")


@command(group, "reopen", example="boxwright labelcheck reopen 01a2b3c4-...")
def reopen(shell: Shell, ids: Ids) -> None:
    """Take back what was said, and with it what accepting has changed."""
    with shell.client() as client:
        _decide(shell, client, ids, "reopen", "open again")


@command(
    group, "dismiss-all", example="boxwright labelcheck dismiss-all --project cells --kind box --below 0.4 --dry-run"
)
def dismiss_all(
    shell: Shell,
    project: ProjectOption,
    kind: KindOption = None,
    label_class: ClassOption = None,
    split: SplitOption = None,
    below: Annotated[
        float | None, typer.Option(min=0, max=1, help="Only those with a score below this; else all.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Say of many labels at once that they are right."""
    with shell.client() as client:
        owner = find_project(client, project)
        query = replace(_query(client, owner.id, kind, label_class, split), max_score=below)
        done = client.suspicions.decide_many(owner.id, "dismiss", query, dry_run=dry_run)
    _told_of_many(shell, done, "dismissed", project)


@command(
    group, "accept-all", example="boxwright labelcheck accept-all --project cells --kind class --from 0.9 --dry-run"
)
def accept_all(
    shell: Shell,
    project: ProjectOption,
    kind: Annotated[Kind, typer.Option(help="The kind that is accepted.")],
    label_class: ClassOption = None,
    split: SplitOption = None,
    least: Annotated[
        float | None, typer.Option("--from", min=0, max=1, help="Only those with a score from this on; else all.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Change many labels at once to what the model suggests."""
    with shell.client() as client:
        owner = find_project(client, project)
        query = replace(_query(client, owner.id, kind, label_class, split), min_score=least)
        done = client.suspicions.decide_many(owner.id, "accept", query, dry_run=dry_run)
    _told_of_many(shell, done, "accepted", project)


@command(group, "reopen-all", example="boxwright labelcheck reopen-all 2026-11-28T10:20:30.123456Z --project cells")
def reopen_all(
    shell: Shell,
    at: Annotated[str, typer.Argument(metavar="TIME", help="Time as dismiss-all and accept-all print it.")],
    project: ProjectOption,
) -> None:
    """Take back what was said of many at once."""
    with shell.client() as client:
        done = client.suspicions.reopen_many(find_project(client, project).id, at)
    _told_of_many(shell, done, "open again", project)


def _query(
    client: "Client", project_id: str, kind: Kind | None, label_class: str | None, split: Split | None
) -> "SuspicionQuery":
    from boxwright.domain.suspicions import SuspicionQuery  # shapes bring numpy, which most commands do without

    return SuspicionQuery(
        kind=None if kind is None else kind.value,
        class_id=None if label_class is None else find_class(client, project_id, label_class).id,
        split=None if split is None else split.value,
    )


def _told_of_many(shell: Shell, done: "DecidedMany", word: str, project: str) -> None:
    left = f"; {done.left} stay as they are, decide about them one by one" if done.left else ""
    if done.at is None and done.decision != "reopen":
        shell.result(done, f"{done.count} would be {word}{left}" if done.count else f"none to decide{left}")
        return
    back = f"; `boxwright labelcheck reopen-all {done.at} --project {project}` takes it back" if done.at else ""
    shell.result(done, f"{done.count} {word}{left}{back}")


def _decide(shell: Shell, client: "Client", ids: list[str], decision: "Decision", word: str) -> None:
    done = [client.suspicions.decide(key, decision) for key in ids]
    shell.result(done, f"{len(done)} {word}")


def _says(item: "Suspicion", names: dict[str, str]) -> str:
    if item.other_id is not None:
        return names.get(item.other_id, item.other_id)
    return WORDS[item.kind]


def _told(found: "LabelCheck") -> list[str]:
    seen = "" if not found.seen else f"; it had learned from {found.seen} of them, where it sees fewer errors"
    lines = [f"{found.model_name} looked at {found.images} images{seen}"]
    for kind, word in WORDS.items():
        count = sum(one.count for one in found.counts if one.kind == kind)
        lines += [f"{count} {word} ({kind})"] if count else []
    return lines if len(lines) > 1 else [*lines, "no label looks wrong"]
