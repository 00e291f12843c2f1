"""Do a queued job here and now: its real task in this process, its real preparation and adoption."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.bootstrap import Application
from boxwright.domain.jobs import Job, Stopping
from boxwright.domain.people import Caller


class QuietContext:
    """A `TaskContext` that nobody listens to."""

    def __init__(self, workdir: Path, stopping: Stopping = "") -> None:
        self.workdir = workdir
        self._stopping = stopping

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None: ...

    def metric(self, step: int, values: Mapping[str, float]) -> None: ...

    def log(self, message: str, level: str = "info") -> None: ...

    def checkpoint(self, path: Path) -> None: ...

    def stopping(self) -> Stopping:
        return self._stopping


def do(app: Application, job: Job, stopping: Stopping = "") -> Job:
    """Run a job of an application whose scheduler does not run."""
    store, kind = app.scheduler._store, app.scheduler._kinds[job.kind]
    claimed = store.claim([])
    assert claimed is not None
    assert claimed.id == job.id
    workdir = app.scheduler.job_folder(job.id) / "work"
    workdir.mkdir(parents=True, exist_ok=True)
    module, _, name = kind.entry.partition(":")
    task = getattr(importlib.import_module(module), name)
    result: Any = task(json.loads(json.dumps(kind.prepare(claimed, workdir))), QuietContext(workdir, stopping))
    result = json.loads(json.dumps(result))
    if kind.stage is not None:
        kind.stage(claimed, result, workdir)
    store.adopt(job.id, result, workdir)
    shutil.rmtree(workdir)
    return app.jobs.get(job.id)


def uploaded(app: Application, caller: Caller, path: Path) -> str:
    """Put a file into the uploads; returns the id."""
    upload = app.uploads.create(caller, path.name, path.stat().st_size)
    app.uploads.append(upload.id, caller, 0, path)
    return upload.id
