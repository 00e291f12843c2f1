"""Datasets out of a project: what a format cannot hold is said first, then a ZIP is made."""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.exchange import Loss
from boxwright.domain.jobs import Job
from boxwright.domain.manifest import ImageRecord, read_header
from boxwright.domain.people import Caller
from boxwright.domain.requests import ExportRequest, FormatName, Selection
from boxwright.formats.selecting import select, selection_of, whole_records
from boxwright.jobs.kinds import JobKind
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.services.results import file_stem
from boxwright.services.versions import Locate, Versions
from boxwright.storage.files import full_disk_is_an_answer, sync_file, sync_folder
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Exports:
    """Exports of a version or of a project as it stands."""

    def __init__(self, uow: UnitOfWork, versions: Versions, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._versions, self._inputs, self._queue = uow, versions, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="export", entry="boxwright.formats.tasks:run_export", prepare=self.prepare, adopt=self.adopt
        )

    def submit(self, request: ExportRequest, caller: Caller) -> Job:
        """Queue an export. Raises NotFound, also for a version that is not of this project; Invalid."""
        if not (request.with_images or request.with_annotations):
            raise Invalid("an export holds images, annotations or both", code="export_nothing")
        with self._uow.read() as tx:
            project = tx.projects.get(request.project_id)
            label = self._label(tx, request.project_id, request.version_id)
            _check(tx, request.project_id, request.version_id, request.selection)
        kind = request.format if request.with_annotations else "images"
        params = {key: value for key, value in asdict(request).items() if key not in ("kind", "project_id")}
        params["out"] = f"{file_stem(f'{project.name} {label}'.strip())}.{kind}.zip"
        title = f"Export {label or project.name} as {kind.upper() if request.with_annotations else kind}"[:200]
        return self._queue.add(new_job("export", request.project_id, title, params, caller), caller=caller)

    @staticmethod
    def _label(tx: Transaction, project_id: str, version_id: str | None) -> str:
        if version_id is None:
            return ""
        version = tx.versions.get(version_id)
        if version.project_id != project_id:
            raise NotFound("there is no such version in this project")
        return version.name

    def losses(
        self, project_id: str, name: FormatName, version_id: str | None = None, selection: Selection | None = None
    ) -> tuple[Loss, ...]:
        """Return what a format cannot hold of a version, or of the project as it stands. Raises NotFound, Invalid."""
        # Two dozen formats load when they are wanted, not with the server.
        from boxwright.formats import registry, report
        from boxwright.formats.exporting import Manifest
        from boxwright.formats.writing import Dataset

        part = selection or Selection()
        with self._uow.read() as tx:
            self._label(tx, project_id, version_id)
            _check(tx, project_id, version_id, part)
        with self._versions.scratch() as folder:
            path = folder / "manifest.jsonl"
            self._write(project_id, version_id, path, self._inputs.presumed, part)
            dataset = Dataset(*select(read_header(path), Manifest(path), part))
            stats = report.gather(dataset.header, dataset.records)
            return tuple(registry.writer_of(name).losses(dataset, stats))

    def _write(self, project_id: str, version_id: str | None, path: Path, locate: Locate, selection: Selection) -> None:
        """Write the manifest of what is chosen; only its pictures are looked for."""

        def chosen(records: Iterable[ImageRecord]) -> Iterable[ImageRecord]:
            return locate(whole_records(records, selection))

        if version_id is None:
            self._versions.write_current(project_id, path, chosen, sources=selection.sources)
        else:
            self._versions.write_manifest(version_id, path, chosen)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Write the manifest of what to export."""
        manifest, version_id = workdir / "manifest.jsonl", job.params["version_id"]
        locate = self._inputs.locator(job, workdir) if job.params["with_images"] else self._inputs.presumed
        if manifest.exists():
            self._versions.relocate(manifest, locate)
        else:
            version = None if version_id is None else str(version_id)
            self._write(str(job.project_id), version, manifest, locate, selection_of(job.params))
        chosen = {name: job.params[name] for name in ("format", "with_images", "out")}
        # Jobs of earlier versions chose nothing.
        more = {"with_annotations": job.params.get("with_annotations", True), "selection": job.params.get("selection")}
        return {**chosen, **more, "manifest": str(manifest)}

    def adopt(self, _tx: Transaction, _job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Keep the ZIP beside the work folder, where `Jobs.file` finds it."""
        name = str(result["files"]["export"])
        kept = workdir.parent / "files" / name
        with full_disk_is_an_answer():
            kept.parent.mkdir(exist_ok=True)
            kept.unlink(missing_ok=True)
            try:
                os.link(workdir / name, kept)
            except OSError:  # a file system that knows no links
                shutil.copyfile(workdir / name, kept)
            sync_file(kept)
            sync_folder(kept.parent)
        return {"files": {"export": name}, **{key: result[key] for key in ("images", "annotations", "losses")}}


def _check(tx: Transaction, project_id: str, version_id: str | None, selection: Selection) -> None:
    if version_id is not None and selection.sources:
        message = "a version does not know who made an annotation; choose the project as it is now"
        raise Invalid(message, code="selection_invalid")
    # A version may have classes that are gone from the project.
    known = {item.id for item in tx.classes.list(project_id)} if version_id is None else set(selection.class_ids)
    if set(selection.class_ids) - known:
        raise NotFound("there is no such class in this project")
