"""Datasets into a project: a task reads, one transaction takes everything in."""

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, cast

from boxwright.domain.addresses import shown
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.exchange import ImportReport, Policy, Problem, Upload
from boxwright.domain.jobs import Job
from boxwright.domain.manifest import ImageRecord, read_header, read_records
from boxwright.domain.originals import Original
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import ImportRequest
from boxwright.jobs.kinds import JobKind
from boxwright.media import probe
from boxwright.services.import_report import keep_report
from boxwright.services.landing import Landing, Outcome, Terms
from boxwright.services.queue import Queue, new_job
from boxwright.services.sources import Sources, may_stay
from boxwright.services.uploads import Uploads
from boxwright.storage.files import full_disk_is_an_answer, link_or_copy, sync_file
from boxwright.storage.job_store import announce
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_ARCHIVE, _STORED, _LISTING = "upload.bin", "stored.json", "listing.jsonl"
ORIGINS = "origins.jsonl"  # as `formats.importing` calls it, which loads with the first import, not with the server
_THREADS, _CHUNK = 4, 64
_PROBLEMS = 1000


class Imports:
    """Imports of uploaded archives and annotation files, and of what lies under an address."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, uploads: Uploads, queue: Queue, sources: Sources) -> None:
        self._uow, self._blobs, self._uploads, self._queue, self._sources = uow, blobs, uploads, queue, sources
        self.kind: JobKind[Transaction] = JobKind(
            name="import",
            entry="boxwright.formats.tasks:run_import",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
        )

    def submit(self, request: ImportRequest, caller: Caller) -> Job:
        """Queue an import of a complete upload of this caller, or of an address.

        Raises NotFound, Conflict (`upload_incomplete`), Invalid, Forbidden (an address that the caller may not name).
        """
        with self._uow.read() as tx:
            tx.projects.get(request.project_id)
        if bool(request.upload_id) == bool(request.source):
            raise Invalid("name either an upload_id or a source", code="source_invalid")
        if request.by_reference and not may_stay(request.source):
            message = "by reference goes for a bucket (s3://, gs://, az://) or a folder of the server (file:///) alone"
            raise Invalid(message, code="source_invalid")
        if request.source:
            name = self._sources.check(request.source, caller)
        else:
            self._uploads.take(request.upload_id, caller)
            name = self._uploads.get(request.upload_id, caller).name
        chosen = {key: value for key, value in asdict(request).items() if key not in ("kind", "project_id")}
        chosen |= {"source": shown(request.source), "name": name}
        title = f"{'Check' if request.dry_run else 'Import'} {name}"[:200]
        job = new_job("import", request.project_id, title, chosen, caller)
        remember = partial(self._sources.remember, job_id=job.id, source=request.source) if request.source else None
        return self._queue.add(job, remember, caller=caller)

    def tidy(self) -> None:
        """Forget what only imports on their way need."""
        self._sources.tidy()

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Give the work folder a link to the upload, which may go before the import ends; or fetch the source."""
        archive = workdir / _ARCHIVE
        if not archive.exists() and job.params.get("source"):
            listing = workdir / _LISTING if job.params.get("by_reference") else None
            self._sources.fetch(self._sources.recall(job.id), job, archive, listing)
        elif not archive.exists():
            source = self._uploads.take(str(job.params["upload_id"]), _submitter(job))
            with full_disk_is_an_answer():
                link_or_copy(source, archive)
        names = ("name", "format", "default_split", "frame", "dry_run")
        chosen = {key: job.params[key] for key in names}
        more = {"predictions": bool(job.params.get("predictions")), "origins": bool(job.params.get("by_reference"))}
        return {**chosen, **more, "archive": str(archive)}

    def stage(self, job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the bytes of every picture and note its format; nothing refers to them before `adopt`."""
        if job.params["dry_run"] or (workdir / _STORED).exists():
            return
        records = workdir / result["files"]["records"]
        stored: dict[str, tuple[str, int]] = {}
        total, told = int(result["report"]["images"]), time.monotonic()

        stay = _staying(workdir) if job.params.get("by_reference") else {}

        def store(record: ImageRecord) -> tuple[str, tuple[str, int]]:
            path = workdir / str(record.path)
            if record.sha256 in stay:
                self._blobs.adopt(record.sha256, path)
                return record.sha256, (probe(path).format, path.stat().st_size)
            return self._blobs.put_file(path, record.sha256), (probe(path).format, path.stat().st_size)

        waiting = (record for record in read_records(records) if record.path is not None)
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="import") as pool:
            while chunk := list(islice(waiting, _CHUNK)):
                stored.update(pool.map(store, chunk))
                if time.monotonic() - told > 1:
                    self._tell(job, len(stored), total)
                    told = time.monotonic()
        part = workdir / f"{_STORED}.tmp"
        with full_disk_is_an_answer():
            part.write_text(json.dumps(stored))
            sync_file(part)
            part.replace(workdir / _STORED)

    def _tell(self, job: Job, done: int, total: int) -> None:
        with self._uow.write() as tx:
            tx.jobs.update(job.id, phase="saving", done=done, total=total, heartbeat_at=now())
            announce(tx, tx.jobs.get(job.id))

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Take everything in, or only say what would be taken; the upload is deleted with a real import."""
        assert job.project_id is not None
        project = tx.projects.get(job.project_id)
        dry_run = bool(job.params["dry_run"])
        records = workdir / result["files"]["records"]
        files = {} if dry_run else json.loads((workdir / _STORED).read_text())
        terms = Terms(
            project_id=project.id,
            job_id=job.id,
            author_id=job.created_by,
            policy=cast("Policy", job.params["policy"]),
            class_map=cast("Mapping[str, str]", job.params["class_map"]),
            dry_run=dry_run,
        )
        outcome = Landing(tx, terms, read_header(records), files).take(read_records(records))
        if not dry_run:
            if job.params.get("by_reference"):
                tx.originals.add(_staying(workdir).values())
            self._settle(tx, project.id, cover=project.cover_image_id, first=_first(tx, records, project.id))
            self._drop_upload(tx, job)
        report = _report(result["report"], outcome)
        keep_report(report, workdir.parent / "files")
        return {"report": asdict(report), **self._keep_fetched(tx, job, workdir)}

    def _keep_fetched(self, tx: Transaction, job: Job, workdir: Path) -> dict[str, object]:
        """Keep what a dry run fetched as an upload, so that the import takes the same and fetches nothing again."""
        if not job.params.get("source"):
            return {}
        self._sources.forget(tx, job.id)
        if not job.params["dry_run"] or job.params.get("by_reference"):
            return {}
        archive = workdir / _ARCHIVE
        size = archive.stat().st_size
        upload = Upload(id=job.id, name=str(job.params["name"]), size=size, received=size, created_at=now())
        self._uploads.keep(tx, upload, archive, _submitter(job))
        return {"upload_id": upload.id}

    def _drop_upload(self, tx: Transaction, job: Job) -> None:
        if not job.params.get("upload_id"):  # nothing was sent: the pictures were rendered or fetched here
            return
        upload_id = str(job.params["upload_id"])
        with suppress(NotFound):
            path = self._uploads.take(upload_id, _submitter(job))
            tx.uploads.delete(upload_id)
            path.unlink(missing_ok=True)  # the work folder has a link of its own

    @staticmethod
    def _settle(tx: Transaction, project_id: str, *, cover: str | None, first: str | None) -> None:
        tx.projects.recount(project_id, at=now())
        if cover is None and first is not None:
            tx.projects.update(project_id, cover_image_id=first)
        tx.publish(Event(topic="images", project_id=project_id, id=project_id, data={"action": "imported"}))
        tx.publish(Event(topic="project", project_id=project_id, id=project_id))


def _first(tx: Transaction, records: Path, project_id: str) -> str | None:
    names = tx.images.names(project_id)
    return next((names[nfc(item.name)] for item in read_records(records) if nfc(item.name) in names), None)


def _staying(workdir: Path) -> dict[str, Original]:
    """Where the pictures lie that stay there, by hash; those inside other files are not among them."""
    with (workdir / _LISTING).open(encoding="utf-8") as lines:
        places = {item[0]: item[1:] for item in map(json.loads, lines)}
    with (workdir / ORIGINS).open(encoding="utf-8") as lines:
        pairs = {sha256: name for sha256, name in map(json.loads, lines) if name in places}
    return {
        sha256: Original(sha256=sha256, address=at, bytes=size, etag=etag, modified=modified)
        for sha256, (at, size, etag, modified) in ((sha256, places[name]) for sha256, name in pairs.items())
    }


def _submitter(job: Job) -> Caller:
    return Caller(id=str(job.created_by), name="", admin=False, via="session")


def _report(value: Mapping[str, Any], outcome: Outcome) -> ImportReport:
    read = tuple(Problem(**item) for item in value["problems"])
    report = ImportReport(
        **{**value, "classes": tuple(value["classes"]), "notes": tuple(value["notes"]), "problems": read}
    )
    return replace(
        report,
        problems=tuple(_first_problems(read, outcome.problems)),
        problem_count=report.problem_count + outcome.problem_count,
        images_added=outcome.added,
        images_updated=outcome.updated,
        images_skipped=outcome.skipped,
        class_map=outcome.class_map,
    )


def _first_problems(*groups: Any) -> Iterator[Problem]:
    return islice((item for group in groups for item in group), _PROBLEMS)
