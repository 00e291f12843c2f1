"""`boxwright job`."""

from typing import Annotated

import typer

from boxwright.cli.following import follow
from boxwright.cli.options import AnyProjectOption
from boxwright.cli.progress import duration
from boxwright.cli.refs import find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.jobs import FINISHED, Job

group = typer.Typer(help="Look at jobs, stop and resume them.", no_args_is_help=True)
JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="Id of the job.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="job")


@command(group, "list", example="boxwright job list --project cells")
def list_jobs(
    shell: Shell,
    project: AnyProjectOption = None,
    kind: Annotated[
        str | None,
        typer.Option(help="Only: train, sweep, estimate, evaluate, predict, label, import, export or sample."),
    ] = None,
    active: Annotated[bool, typer.Option("--active", help="Only what waits or runs.")] = False,
) -> None:
    """List jobs, newest first."""
    columns = {
        "id": lambda item: item.id,
        "kind": lambda item: item.kind,
        "state": lambda item: item.state,
        "progress": _percent,
        "title": lambda item: item.title,
        "created": lambda item: item.created_at,
    }
    with shell.client() as client:
        projects = [find_project(client, project)] if project else list(client.projects.all())
        jobs = [job for item in projects for job in client.jobs.all(item.id, kind=kind)]
    jobs = [job for job in jobs if not active or job.state not in FINISHED]
    jobs.sort(key=lambda job: job.created_at, reverse=True)
    shell.rows(jobs, columns, "no jobs")


@command(group, "show", example="boxwright job show 0199e0a2-0000-7000-8000-000000000000 --log")
def show(
    shell: Shell,
    job: JobArgument,
    log: Annotated[bool, typer.Option("--log", help="With its log.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Show the progress until it has ended.")] = False,
) -> None:
    """Show one job."""
    with shell.client() as client:
        found = client.jobs.get(job)
        if wait and found.state not in FINISHED:
            found = follow(client, found)
        lines = client.jobs.log(job) if log else ()
    from boxwright.client.decode import encode

    value = {**encode(found), **({"log": lines} if log else {})}
    shell.result(value, *_describe(found), *(f"{line.created_at} {line.level}: {line.message}" for line in lines))


@command(group, "cancel", example="boxwright job cancel 0199e0a2-0000-7000-8000-000000000000 --keep")
def cancel(
    shell: Shell,
    job: JobArgument,
    keep: Annotated[bool, typer.Option("--keep", help="Let it finish early with what it has.")] = False,
) -> None:
    """Stop a job."""
    with shell.client() as client:
        found = client.jobs.cancel(job, keep=keep)
    shell.result(found, *_describe(found))


@command(group, "pause", example="boxwright job pause 0199e0a2-0000-7000-8000-000000000000")
def pause(shell: Shell, job: JobArgument) -> None:
    """Lay a job aside until it is resumed, also over a restart of the server."""
    with shell.client() as client:
        found = client.jobs.pause(job)
    shell.result(found, *_describe(found))


@command(group, "resume", example="boxwright job resume 0199e0a2-0000-7000-8000-000000000000")
def resume(shell: Shell, job: JobArgument) -> None:
    """Queue a paused, failed or cancelled job again and wait for it; it goes on from its last checkpoint."""
    with shell.client() as client:
        found = follow(client, client.jobs.resume(job), keep=True)
    shell.result(found, *_describe(found))


@command(group, "undo", example="boxwright job undo 0199e0a2-0000-7000-8000-000000000000")
def undo(shell: Shell, job: JobArgument) -> None:
    """Take back an auto-annotation run or an import; what somebody has worked on since stays."""
    with shell.client() as client:
        done = client.jobs.undo(job)
    lines = [f"removed {done.removed} annotations, restored {done.restored}, on {done.images} images"]
    if done.trashed:
        lines.append(f"{done.trashed} images moved to the trash: boxwright image restore brings them back")
    if done.kept or done.kept_images:
        lines.append(f"{done.kept_images} images and {done.kept} annotations stay: somebody has worked on them")
    shell.result(done, *lines)


def _percent(job: Job) -> str:
    if job.state == "succeeded":
        return "100 %"
    return f"{100 * job.done / job.total:.0f} %" if job.total else "-"


def _describe(job: Job) -> list[str]:
    stopping = f", stopping ({job.stopping})" if job.stopping else ""
    lines = [f"{job.kind} {job.id}", f"{job.state}{stopping}: {job.title}"]
    if job.state == "running":
        left = duration(job.seconds_left)
        lines.append(f"{job.phase} {job.done:g}/{job.total:g}{f', {left}' if left else ''}")
    if job.error:
        lines.append(f"error: {job.error}")
    return lines
