"""`boxwright backup` and `boxwright restore`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.progress import duration, note, progress
from boxwright.cli.shell import Shell, command
from boxwright.domain.backups import BackupReport
from boxwright.settings import load

Show = Callable[[float, float, str], None]
_FIRST = 2.0  # seconds before a guess at the time that is left is worth anything
_COUNTED = ("projects", "images", "annotations", "models", "users")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "backup", example="boxwright backup --out boxwright.tar")(backup)
    command(app, "restore", example="boxwright restore boxwright.tar --data new-folder")(restore)


def backup(
    shell: Shell,
    out: Annotated[
        Path | None,
        typer.Option(help="File to write; `backups` in the data folder by default.", show_default=False),
    ] = None,
) -> None:
    """Save everything into one file: accounts, projects, images, annotations, models, jobs.

    Works while the server works; needs an administrator. The file is read back and checked. It holds hashes of
    passwords: nobody but you may read it.
    """
    from boxwright.services.backup_archive import check
    from boxwright.services.backups import file_name

    target = out or load(shell.data).data / "backups" / file_name()
    if target.is_dir():
        target = target / file_name()
    if target.exists():
        wrong_use(f"{target} is there already; choose another name")
    with _timed("backup") as show:
        with shell.client() as client:
            client.backup(target, progress=lambda done, total: show(done, total, "saving"))
        report = check(target, show).report
    shell.result(report, f"saved {target}, {report.bytes / 1e6:,.1f} MB", *_lines(report))


def restore(
    shell: Shell,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `boxwright backup` wrote.")],
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Empty database; SQLite in the data folder when omitted.")
    ] = None,
    storage: Annotated[
        str | None, typer.Option(metavar="URL", help="Empty place for files; the data folder by default.")
    ] = None,
) -> None:
    """Restore a backup into an empty installation, also from SQLite to PostgreSQL or from a folder to a bucket.

    No server may run on it. Everything is checked first, and becomes visible at once. Restore only what you trust: it
    brings users and their passwords.
    """
    if shell.server:
        wrong_use("restore works on this machine, without a server; leave --server out")
    # Here and not above: the other commands start faster without the database.
    from boxwright.bootstrap import restore as run

    settings = load(shell.data, database=database, storage=storage)
    with _timed("restore") as show:
        report = run(settings, file, show)
    lines = [f"restored {report.backup.created_at} into {settings.data}", *_lines(report.backup)]
    if report.interrupted:
        lines.append(f"{report.interrupted} jobs waited or ran at that time; `boxwright job resume` starts them again")
    shell.result(report, *lines)


def _lines(report: BackupReport) -> list[str]:
    if report.missing:
        note(f"warning: {report.missing} files were missing when the backup was made")
    if report.damaged:
        note(f"warning: {report.damaged} files were damaged when the backup was made")
    counts = ", ".join(f"{report.rows.get(name, 0):,} {name}" for name in _COUNTED)
    return [f"{counts}, {report.files:,} files", f"sha256 {report.sha256}"]


@contextmanager
def _timed(title: str) -> Iterator[Show]:
    """Yield a function that shows how far each phase has come, and how long it may still take."""
    phase, since = "", time.monotonic()
    with progress(title) as show:

        def timed(done: float, total: float, words: str) -> None:
            nonlocal phase, since
            now = time.monotonic()
            if words != phase:
                phase, since = words, now
            spent = now - since
            left = duration(spent * (total - done) / done) if done and total > done and spent > _FIRST else ""
            show(done, total, f"{words}, {left}" if left else words)

        yield timed
