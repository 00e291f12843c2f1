"""Videos of a project: take in, decode once, list, rename, throw away."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from boxwright.domain.clock import now
from boxwright.domain.errors import NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.videos import Video, VideoAdded
from boxwright.jobs.kinds import JobKind
from boxwright.media.containers import container_of
from boxwright.services import checks
from boxwright.services.queue import Queue, new_job
from boxwright.services.uploads import Uploads
from boxwright.storage.files import full_disk_is_an_answer, link_or_copy
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_FILE = "video.bin"
# What a child may take for decoding, beside what Python needs.
_MEMORY = 3 << 30


class Videos:
    """Rules about videos."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, uploads: Uploads, queue: Queue) -> None:
        self._uow, self._blobs, self._uploads, self._queue = uow, blobs, uploads, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="video",
            entry="boxwright.media.decoding:run_decode",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
        )

    def add(self, project_id: str, upload_id: str, name: str | None, caller: Caller) -> VideoAdded:
        """Queue the decoding of a complete upload of this caller; the video is listed at once.

        Raises:
            NotFound: no such project or upload.
            Conflict: with code `upload_incomplete`.
            InvalidVideo: by its first bytes the file is no video that we open.
        """
        path = self._uploads.take(upload_id, caller)
        upload = self._uploads.get(upload_id, caller)
        called = checks.name(name or upload.name, "the video's name")
        kind = container_of(path)
        video_id = new_id()
        params = {"upload_id": upload_id, "video_id": video_id, "name": called}
        job = new_job("video", project_id, f"Decode {called}"[:200], params, caller)
        video = Video(
            id=video_id,
            project_id=project_id,
            name=called,
            state="decoding",
            problem=None,
            job_id=job.id,
            format=kind,
            width=0,
            height=0,
            frames=0,
            fps=0.0,
            duration=0.0,
            bytes=upload.size,
            sha256="",
            revision=0,
            tracks=0,
            created_at=now(),
        )

        def also(tx: Transaction) -> None:
            tx.videos.add(video)
            publish(tx, video, "created")

        return VideoAdded(video=video, job=self._queue.add(job, also, caller=caller))

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Give the work folder a link to the uploaded file, which may be deleted before the job ends."""
        path = workdir / _FILE
        if not path.exists():
            submitter = Caller(id=str(job.created_by), name="", admin=False, via="session")
            source = self._uploads.take(str(job.params["upload_id"]), submitter)
            with full_disk_is_an_answer():
                link_or_copy(source, path)
        return {"file": str(path), "memory": _MEMORY}

    def stage(self, job: Job, result: Mapping[str, Any], workdir: Path) -> None:  # noqa: ARG002
        """Store the file and its frames; nothing refers to them before `adopt`, which learns their hashes."""
        self._blobs.put_file(workdir / _FILE, str(result["sha256"]))
        self._blobs.put_file(workdir / result["files"]["pack"], str(result["pack_sha256"]))

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:  # noqa: ARG002
        """Give the video its frames; the upload goes."""
        video_id = str(job.params["video_id"])
        columns = ("sha256", "pack_sha256", "bytes", "format", "width", "height", "frames", "fps", "duration")
        notes = list(result["notes"])
        tx.videos.update(video_id, notes="; ".join(notes), **{name: result[name] for name in columns})
        self._drop_upload(tx, job)
        video = tx.videos.find(video_id)
        if video is not None:  # else it went with its trash meanwhile
            publish(tx, video, "ready")
        return {"video_id": video_id, "frames": result["frames"], "notes": notes}

    def _drop_upload(self, tx: Transaction, job: Job) -> None:
        upload_id = str(job.params["upload_id"])
        submitter = Caller(id=str(job.created_by), name="", admin=False, via="session")
        with suppress(NotFound):
            path = self._uploads.take(upload_id, submitter)
            tx.uploads.delete(upload_id)
            path.unlink(missing_ok=True)  # the blob store has the bytes

    def page(self, project_id: str, *, trash: bool = False, cursor: str | None = None, limit: int = 100) -> Page[Video]:
        """Return one page of a project's videos, newest first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.videos.page(project_id, trash=trash, cursor=cursor, limit=limit)

    def get(self, video_id: str) -> Video:
        """Return a video, also one in the trash. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.videos.get(video_id)

    def rename(self, video_id: str, name: str) -> Video:
        """Give a video another name; pictures that were made of it keep theirs. Raises NotFound, Invalid."""
        return self._change(video_id, "renamed", name=checks.name(name, "the video's name"))

    def trash(self, video_id: str, caller: Caller) -> Video:
        """Move a video to the trash, where it stays for 30 days; pictures made of it stay. Raises NotFound."""
        return self._change(video_id, "trashed", caller, deleted_at=now())

    def restore(self, video_id: str, caller: Caller) -> Video:
        """Take a video back out of the trash. Raises NotFound."""
        return self._change(video_id, "restored", caller, deleted_at=None)

    def _change(self, video_id: str, action: str, caller: Caller | None = None, **values: object) -> Video:
        with self._uow.write() as tx:
            video = tx.videos.lock(video_id)
            tx.projects.get(video.project_id)
            if "deleted_at" in values and (video.deleted_at is None) == (values["deleted_at"] is None):
                return video
            tx.videos.update(video_id, **values)
            if caller is not None:
                detail = {"name": video.name}
                tx.audit.add(caller, f"video.{action}", project_id=video.project_id, subject=video_id, detail=detail)
            publish(tx, video, action)
            return tx.videos.get(video_id)


def publish(tx: Transaction, video: Video, action: str, **data: object) -> None:
    """Tell the listeners about a video, once the transaction is committed."""
    told = {"action": action, "revision": video.revision, **data}
    tx.publish(Event(topic="video", project_id=video.project_id, id=video.id, data=told))
