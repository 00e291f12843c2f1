"""`boxwright class merge`, `split`, `delete`, `changes` and `undo`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli import narrow
from boxwright.cli.failures import wrong_use
from boxwright.cli.options import ProjectOption
from boxwright.cli.refs import find_class, find_project, find_view
from boxwright.cli.shell import Shell, command
from boxwright.domain.class_changes import AttributeChange, ClassChange, ClassPlan, ClassPreview, ObjectCounts
from boxwright.domain.ids import is_id
from boxwright.domain.queries import ImageQuery, merged

if TYPE_CHECKING:
    from boxwright.client import Client


class Values(StrEnum):
    """What becomes of attributes that the class which takes the objects does not define."""

    ADD = "add"
    KEEP = "keep"
    DROP = "drop"


_FATES = {
    "same": "{into} has it, too",
    "differs": "{into} defines it otherwise, and that counts; {misfits} values do not fit it and stay",
    "added": "{into} gets its definition",
    "free": "{into} does not define it; values stay",
    "dropped": "{into} does not define it; values go",
}

Names = Annotated[list[str], typer.Argument(metavar="CLASS...", help="Names or ids.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
Into = Annotated[
    str, typer.Option("--into", metavar="CLASS", help="The class that takes the objects; a new name makes one.")
]
ValuesOption = Annotated[
    Values,
    typer.Option(help="Attributes that it does not define: it gets them (add), values stay (keep) or go (drop)."),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of classes."""
    command(group, "merge", example="boxwright class merge lorry van --into truck --project street --dry-run")(merge)
    command(
        group,
        "split",
        example='boxwright class split car --into "far car" --max-area 400 --project street --dry-run',
    )(narrow.options(split))
    command(group, "delete", example="boxwright class delete WBC --project cells")(delete)
    command(group, "changes", example="boxwright class changes --project cells")(changes)
    command(group, "undo", example="boxwright class undo --project cells")(undo)


def merge(
    shell: Shell,
    names: Names,
    project: ProjectOption,
    into: Into,
    values: ValuesOption = Values.ADD,
    dry_run: DryRun = False,
) -> None:
    """Give all objects of classes to one class, and take the others out of the list."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        plan = ClassPlan(
            kind="merge",
            class_ids=_ids(client, project_id, names),
            values=values.value,
            **_target(client, project_id, into),
        )
        _carry_out(shell, client, project_id, plan, project, dry_run=dry_run)


def split(
    shell: Shell,
    names: Names,
    project: ProjectOption,
    into: Into,
    view: Annotated[str | None, typer.Option(metavar="VIEW", help="Objects of what this saved view shows.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All their objects; else say which.")] = False,
    values: ValuesOption = Values.ADD,
    dry_run: DryRun = False,
    **given: Any,
) -> None:
    """Give some objects of classes to another class: those for which all that the options say holds."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        query = narrow.query(client, project_id, **given)
        if view is not None:
            query = merged(find_view(client, project_id, view).query, query)
        if query == ImageQuery() and not every:
            wrong_use("say which objects: --max-area, --attribute, --tag and the like, --view, or --all")
        ids = _ids(client, project_id, names)
        plan = ClassPlan(
            kind="split", class_ids=ids, query=query, values=values.value, **_target(client, project_id, into)
        )
        _carry_out(shell, client, project_id, plan, project, dry_run=dry_run)


def delete(
    shell: Shell,
    names: Names,
    project: ProjectOption,
    with_objects: Annotated[bool, typer.Option("--with-objects", help="Delete their objects, too.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Delete classes that nothing uses, or with all their objects."""
    with shell.client() as client:
        project_id = find_project(client, project).id
        plan = ClassPlan(kind="delete", class_ids=_ids(client, project_id, names))
        seen = client.classes.preview(project_id, plan)
        if not dry_run and not with_objects and (seen.total.objects or seen.tracks):
            wrong_use(f"{_objects(seen.total)} and {seen.tracks} tracks use them; add --with-objects, or merge them")
        _carry_out(shell, client, project_id, plan, project, dry_run=dry_run)


def changes(shell: Shell, project: ProjectOption) -> None:
    """List the last changes of classes, newest first."""
    with shell.client() as client:
        found = client.classes.changes(find_project(client, project).id)
    columns = {
        "id": lambda item: item.id,
        "when": lambda item: item.created_at,
        "change": _summary,
        "objects": lambda item: item.objects,
        "images": lambda item: item.images,
        "undone": lambda item: "yes" if item.undone else None,
    }
    shell.rows(found, columns, "no changes yet")


def undo(
    shell: Shell,
    project: ProjectOption,
    change: Annotated[str | None, typer.Argument(metavar="CHANGE", help="Id; the last one when omitted.")] = None,
) -> None:
    """Take a change of classes back; what somebody has worked on since stays."""
    with shell.client() as client:
        found = client.classes.changes(find_project(client, project).id)
        last = next((one for one in found if one.kind != "undo" and not one.undone and change in (None, one.id)), None)
        if last is None and change is not None and is_id(change):
            back = client.classes.undo(change)
        elif last is None:
            wrong_use("there is no such change to take back; see `boxwright class changes`")
        else:
            back = client.classes.undo(last.id)
    kept = [f"{back.kept} stay: somebody has worked on them since"] if back.kept else []
    shell.result(back, f"{_summary(back)}: {back.objects} objects on {back.images} images", *kept)


def _ids(client: "Client", project_id: str, names: list[str]) -> tuple[str, ...]:
    return tuple(find_class(client, project_id, name).id for name in names)


def _target(client: "Client", project_id: str, into: str) -> dict[str, Any]:
    return {"into_id": find_class(client, project_id, into).id} if is_id(into) else {"name": into}


def _carry_out(
    shell: Shell, client: "Client", project_id: str, plan: ClassPlan, project: str, *, dry_run: bool
) -> None:
    seen = client.classes.preview(project_id, plan)
    if dry_run:
        shell.result(seen, *_preview(seen), "nothing was changed")
        return
    made = client.classes.change(project_id, plan, seen.digest)
    undone = f"boxwright class undo --project {project} takes it back"
    shell.result(made, *_preview(seen), f"{_summary(made)}: {made.objects} objects on {made.images} images", undone)


def _summary(change: ClassChange) -> str:
    names = ", ".join(change.names)
    if change.kind == "undo":
        return f"taken back: {', '.join(change.fields) + ' of ' if change.fields else ''}{names}"
    if change.kind == "update":
        return f"changed {', '.join(change.fields)} of {names}"
    if change.kind == "delete":
        return f"deleted {names}"
    return f"{'merged' if change.kind == 'merge' else 'moved objects of'} {names} into {change.into}"


def _objects(counts: ObjectCounts) -> str:
    return f"{counts.manual + counts.accepted} annotations, {counts.proposals} proposals on {counts.images} images"


def _preview(seen: ClassPreview) -> list[str]:
    lines = []
    for one in seen.classes:
        left = f", {one.left} objects stay" if one.left else ""
        tracks = f", {one.tracks} tracks" if one.tracks else ""
        lines.append(f"{one.name}: {_objects(one.counts)}{tracks}{left}")
    if seen.into is not None:
        lines.append(
            f"into {seen.into}" + (", which is new" if seen.into_new else f", which has {seen.into_objects} objects")
        )
    told = (
        (seen.total.in_trash, "{} of the objects are on images in the trash"),
        (seen.total.aside, "{} of the objects are in the own sets of people who label for themselves"),
        (seen.emptied, "{} images would have no object left and be unlabelled"),
        (seen.models, "{} models stay as they are and go on predicting these classes by name"),
        (seen.views, "{} saved views follow"),
    )
    lines += [text.format(number) for number, text in told if number]
    if seen.hotkey is not None:
        lines.append(f"{seen.into} gets the key {seen.hotkey}")
    if seen.freed:
        lines.append(f"free keys: {', '.join(seen.freed)}")
    return lines + [_attribute(one, seen.into or "") for one in seen.attributes]


def _attribute(one: AttributeChange, into: str) -> str:
    fate = _FATES[one.fate].format(into=into, misfits=one.misfits)
    return f"attribute {one.name} ({one.objects} objects): {fate}"
