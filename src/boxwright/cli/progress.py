"""Progress for people: a bar on a terminal, a line now and then elsewhere; always on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINE_SECONDS = 10.0

# Called with what is done, of how much, and what is going on in a few words.
Show = Callable[[float, float, str], None]


def on_terminal() -> bool:
    """Tell whether somebody watches standard error."""
    return sys.stderr.isatty()


@contextmanager
def progress(title: str) -> Iterator[Show]:
    """Yield a function that shows how far something has come."""
    if on_terminal():
        with _bar(title) as show:
            yield show
    else:
        yield _Lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    note = TextColumn("{task.fields[note]}", markup=False)
    with Progress(*columns, note, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, note="")

        def show(done: float, total: float, text: str) -> None:
            bar.update(task, completed=done, total=total or None, note=text)

        yield show


class _Lines:
    """One line when the words change, at most every ten seconds, and one at the end."""

    def __init__(self, title: str) -> None:
        self._title, self._said, self._at = title, "", -LINE_SECONDS

    def __call__(self, done: float, total: float, text: str) -> None:
        percent = f" {100 * done / total:.0f} %" if total else ""
        line = f"{self._title}:{percent}{f' {text}' if text else ''}"
        ended = bool(total) and done >= total
        due = time.monotonic() >= self._at + LINE_SECONDS
        if line != self._said and (due or ended):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
            self._said, self._at = line, time.monotonic()


def note(message: str) -> None:
    """Say something to the person on standard error."""
    sys.stderr.write(f"{' '.join(message.split())}\n")
    sys.stderr.flush()


def duration(seconds: float | None) -> str:
    """Return `2 min left`, or nothing while the time is unknown."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"{max(1, round(seconds))} s left"
    return f"{seconds / 60:.0f} min left" if seconds < 5400 else f"{seconds / 3600:.1f} h left"
