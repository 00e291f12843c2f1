"""Frames of a video as pictures of its project, with what the tracks show in them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

from boxwright.domain.annotations import Annotation, LogEntry, Upsert
from boxwright.domain.clipping import clip
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.interpolation import is_seen, seen_at
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Image, ImageState, Split
from boxwright.domain.tracks import Track
from boxwright.domain.videos import Sampled, Video
from boxwright.jobs.kinds import JobKind
from boxwright.services.image_actions import check_split
from boxwright.services.queue import Queue, new_job
from boxwright.services.tracks import check_open
from boxwright.services.video_frames import VideoFrames
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

# So many are made while one waits; more are a job.
AT_ONCE = 30
MAX_FRAMES = 50_000
_FRAMES = "frames.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Every so many frames, or those named; `annotated_only` leaves out those in which no track is seen."""

    every: int | None = None
    frames: Sequence[int] | None = None
    split: Split = "none"
    annotated_only: bool = False


@dataclass(frozen=True, slots=True)
class _Stored:
    """The bytes of a frame, in the blob store."""

    sha256: str
    size: int


class Sampling:
    """Makes pictures out of frames; frames that are pictures already are left as they are."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, frames: VideoFrames, queue: Queue) -> None:
        self._uow, self._blobs, self._frames, self._queue = uow, blobs, frames, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="sample_video",
            entry="boxwright.media.decoding:run_frames",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
        )

    def sample(self, video_id: str, choice: Choice, caller: Caller) -> Sampled | Job:
        """Make pictures of a few frames at once, or queue a job for many.

        Raises:
            NotFound: no such video.
            Conflict: with code `video_not_ready`.
            Invalid: with code `frames_invalid` or `frame_unknown`, or a split that is none.
        """
        check_split(choice.split)
        with self._uow.read() as tx:
            video = tx.videos.get(video_id)
            check_open(video)
            wanted = _chosen(video, choice, tx.tracks.of_video(video_id) if choice.annotated_only else ())
            missing = sorted(set(wanted) - tx.images.frames_of(video_id))
            pack = tx.videos.pack(video_id)
        if len(missing) > AT_ONCE:
            params = {"video_id": video_id, "frames": missing, "split": choice.split, "pack": pack}
            job = new_job("sample_video", video.project_id, f"Images of {video.name}"[:200], params, caller)
            return self._queue.add(job, caller=caller)
        packed = self._frames.open(pack)
        stored = {number: self._store(packed.jpeg(number)) for number in missing}
        with self._uow.write() as tx:
            return Sampled(images=_land(tx, video_id, stored, choice.split, caller.id))

    def _store(self, data: bytes) -> _Stored:
        return _Stored(self._blobs.put_bytes(data), len(data))

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Say which frames of which pack to take."""
        pack = self._blobs.fetch(str(job.params["pack"]), workdir.parent / "inputs")
        return {"pack": str(pack), "frames": job.params["frames"]}

    def stage(self, job: Job, result: Mapping[str, Any], workdir: Path) -> None:  # noqa: ARG002
        """Store the bytes of every picture; nothing refers to them before `adopt`."""
        for number, sha256, _ in _read(workdir):
            self._blobs.put_file(workdir / "frames" / f"{number}.jpg", sha256)

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:  # noqa: ARG002
        """Insert the pictures, with what the tracks show now."""
        stored = {number: _Stored(sha256, size) for number, sha256, size in _read(workdir)}
        split = cast("Split", job.params["split"])
        return {"images": _land(tx, str(job.params["video_id"]), stored, split, job.created_by)}


def _read(workdir: Path) -> list[tuple[int, str, int]]:
    return [(number, sha256, size) for number, sha256, size in json.loads((workdir / _FRAMES).read_text())]


def _chosen(video: Video, choice: Choice, tracks: Sequence[Track]) -> list[int]:
    if (choice.every is None) == (choice.frames is None):
        raise Invalid("say `every` so many frames, or which `frames`: one of both", code="frames_invalid")
    if choice.every is not None and choice.every < 1:
        raise Invalid("every: 1 is each frame, 10 each tenth one", code="frames_invalid")
    wanted = range(0, video.frames, choice.every) if choice.every is not None else sorted(set(choice.frames or ()))
    wrong = next((number for number in wanted if not 0 <= number < video.frames), None)
    if wrong is not None:
        message = f"there is no frame {wrong}; the video's frames are 0 to {video.frames - 1}"
        raise Invalid(message, code="frame_unknown")
    found = [number for number in wanted if not choice.annotated_only or any(is_seen(one, number) for one in tracks)]
    if len(found) > MAX_FRAMES:
        raise Invalid(f"{len(found):,} frames are too many at once: at most {MAX_FRAMES:,}", code="frames_invalid")
    return found


def _land(tx: Transaction, video_id: str, stored: Mapping[int, _Stored], split: Split, author_id: str | None) -> int:
    """Insert pictures of these frames, unless there are some by now; returns how many."""
    video = tx.videos.lock(video_id)
    if tx.projects.find(video.project_id) is None:
        raise NotFound("there is no such project any more")
    here, tracks = tx.images.frames_of(video_id), tx.tracks.of_video(video_id)
    names = _Names(video, tx.images.names(video.project_id))
    made = [
        (_image(video, number, names.of(number), stored[number], split), _shapes(tracks, video, number))
        for number in sorted(set(stored) - here)
    ]
    made = [(_labelled(image, shapes), shapes) for image, shapes in made]
    if made:
        _insert(tx, video, made, split, author_id)
    return len(made)


class _Names:
    """Names of the pictures of a video: its own name as a folder, unless another picture is there."""

    def __init__(self, video: Video, taken: Mapping[str, str]) -> None:
        stem = PurePosixPath(re.sub(r"[\\:]+", "_", video.name)).stem.strip(" .") or "video"
        self._folder, self._other, self._taken = stem, f"{stem} {video.id[-8:]}", taken

    def of(self, number: int) -> str:
        """Return the name of a frame."""
        name = f"{self._folder}/frame_{number:06d}.jpg"
        return f"{self._other}/frame_{number:06d}.jpg" if nfc(name) in self._taken else name


def _image(video: Video, number: int, name: str, stored: _Stored, split: Split) -> Image:
    return Image(
        id=new_id(),
        project_id=video.project_id,
        name=name,
        width=video.width,
        height=video.height,
        orientation=1,
        format="jpeg",
        bytes=stored.size,
        sha256=stored.sha256,
        split=split,
        state="unlabeled",
        annotations=0,
        revision=0,
        created_at=now(),
        video_id=video.id,
        frame_index=number,
    )


def _labelled(image: Image, shapes: Sequence[Annotation]) -> Image:
    state: ImageState = "labeled" if shapes else "unlabeled"
    return replace(image, state=state, annotations=len(shapes), revision=int(bool(shapes)))


def _shapes(tracks: Iterable[Track], video: Video, number: int) -> list[Annotation]:
    """What the tracks show in a frame."""
    found = []
    for track in tracks:
        seen = seen_at(track, number)
        geometry = None if seen is None else clip(seen.geometry, video.width, video.height)
        if seen is None or geometry is None:
            continue
        occluded = {"occluded": True} if seen.occluded else {}
        found.append(
            Annotation(
                id=new_id(),
                class_id=track.class_id,
                geometry=geometry,
                source=track.source,
                z=track.z,
                attributes={**occluded, **seen.attributes},
                track_id=track.id,
                author_id=track.author_id,
                external_id=track.external_id,
            )
        )
    return found


def _insert(
    tx: Transaction,
    video: Video,
    made: Sequence[tuple[Image, Sequence[Annotation]]],
    split: Split,
    author_id: str | None,
) -> None:
    project = tx.projects.get(video.project_id)
    set_id, time = tx.annotations.default_set(project.id), now()
    labelled = [(image, shapes) for image, shapes in made if shapes]
    tx.images.bulk_insert((image, None) for image, _ in made)
    tx.annotations.bulk_insert(project.id, set_id, [(image.id, one) for image, some in labelled for one in some])
    tx.annotations.bulk_states(set_id, ((one.id, one.revision, one.state, one.annotations) for one, _ in labelled))
    entries = [
        LogEntry(
            id=new_id(),
            image_id=image.id,
            set_id=set_id,
            change_id=f"video:{video.id}",
            revision=1,
            author_id=author_id,
            created_at=time,
            changes=tuple(Upsert(annotation=item) for item in shapes),
        )
        for image, shapes in labelled
    ]
    tx.annotations.add_log(project.id, entries)
    total = sum(len(shapes) for _, shapes in labelled)
    tx.projects.count_up(project.id, images=len(made), labeled=len(labelled), annotations=total, at=time)
    tx.classes.count_up(Counter((split, item.class_id) for _, shapes in labelled for item in shapes))
    tx.projects.keep_cover(project.id)
    data = {"action": "sampled", "count": len(made)}
    tx.publish(Event(topic="images", project_id=project.id, id=project.id, data=data))
    tx.publish(Event(topic="project", project_id=project.id, id=project.id))
