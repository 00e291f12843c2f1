"""Protocols through which rooms reach each other without importing each other; `bootstrap` connects them."""

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Literal, Protocol

from boxwright.domain.events import Event
from boxwright.domain.jobs import Job, JobEvent, JobState, Stopping


class TaskContext(Protocol):
    """What a task may say to the world while it works in `workdir`."""

    workdir: Path

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None:
        """Report `done` of `total` units of `phase`."""

    def metric(self, step: int, values: Mapping[str, float]) -> None:
        """Report values of named curves at a step; reporting a step again replaces its values."""

    def log(self, message: str, level: Literal["info", "warning", "error"] = "info") -> None:
        """Add a line to the job's log."""

    def checkpoint(self, path: Path) -> None:
        """Announce a checkpoint that is safe on disk inside `workdir`."""

    def stopping(self) -> Stopping:
        """Return `keep` (finish early with what you have), `discard` (raise Cancelled) or an empty string."""


class JobStore(Protocol):
    """The durable queue. Every method is one transaction."""

    def claim(self, kinds_busy: Iterable[str]) -> Job | None:
        """Take the oldest queued job whose kind is not in `kinds_busy`, set it running and return it."""

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFound."""

    def apply(self, job_id: str, events: Iterable[JobEvent]) -> None:
        """Record a batch of a child's events (progress, metrics, log lines, heartbeat)."""

    def finish(self, job_id: str, state: JobState, *, error: str | None = None, code: str | None = None) -> None:
        """Close a job that has no result, or lay it aside until it is resumed (`paused`)."""

    def adopt(self, job_id: str, result: Mapping[str, object], workdir: Path) -> None:
        """Take over the files of a finished task and close the job, in one transaction."""

    def requeue(self, job_id: str) -> None:
        """Put a running job back into the queue because the server shuts down; the start does not count."""

    def requeue_abandoned(self) -> list[str]:
        """Put jobs that a former server left running back into the queue; return their ids."""


class EventSink(Protocol):
    """Where committed changes are published."""

    def publish(self, events: Iterable[Event]) -> None:
        """Tell every listener; never blocks and never raises."""


class BlobStore(Protocol):
    """Content-addressed files, named by the SHA-256 of their bytes."""

    def put_bytes(self, data: bytes) -> str:
        """Store bytes durably and return their hash."""

    def put_file(self, path: Path, sha256: str | None = None) -> str:
        """Store a file durably (moved or linked where possible) and return its hash."""

    def adopt(self, sha256: str, path: Path) -> None:
        """Keep a file, whose hash is known and that nobody changes, for speed alone."""

    def get_bytes(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound."""

    def local_path(self, sha256: str) -> Path:
        """Return a path where a library can read the bytes, at once: it may go after a quarter of an hour.

        Raises NotFound.
        """

    def fetch(self, sha256: str, folder: Path) -> Path:
        """Return a path, maybe in `folder`, that stays as long as the folder does. Raises NotFound."""

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece. Raises NotFound, and Unavailable (`blob_damaged`) after the last piece."""

    def exists(self, sha256: str) -> bool:
        """Tell whether the bytes are here."""

    def presumed(self, hashes: Set[str]) -> Set[str]:
        """Return those whose bytes should be here, without asking over a network."""

    def delete(self, sha256: str) -> None:
        """Remove the bytes; no error when they are gone."""

    def delete_older(self, sha256: str, seconds: float) -> bool:
        """Remove the bytes if nobody stored them again within the last `seconds`; tell whether they were removed."""

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Yield hash and bytes of every blob."""

    def all(self) -> Iterator[str]:
        """Yield the hash of every blob."""

    def tidy(self) -> None:
        """Give back what is kept only for speed."""
