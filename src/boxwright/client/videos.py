# Made from aio/videos.py by scripts/sync_client.py: change that one, then run `make api`.
"""Videos and their tracks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, cast

from boxwright.client.decode import decode, decode_list, decode_page, encode
from boxwright.client.files import Progress, download
from boxwright.client.http import Http
from boxwright.client.paging import all_items
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Bounds
from boxwright.domain.jobs import Job
from boxwright.domain.paging import Page
from boxwright.domain.presence import Present
from boxwright.domain.projects import Split
from boxwright.domain.tracks import TrackChanges, TrackLogEntry, VideoSaved, VideoTracks
from boxwright.domain.videos import Followed, Sampled, TracksReport, Video, VideoAdded, VideoTimes

FilmFormatName = Literal["cvat", "mot", "coco"]


class Videos:
    """The videos of a project."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def add(self, project_id: str, upload_id: str, name: str | None = None) -> VideoAdded:
        """Take a finished upload in; the answer's job decodes it. Raises InvalidVideo for what is no video."""
        body = {"upload_id": upload_id, "name": name}
        return decode(VideoAdded, self._http.create(f"/projects/{project_id}/videos", body))

    def page(self, project_id: str, *, trash: bool = False, cursor: str | None = None, limit: int = 100) -> Page[Video]:
        """Return one page of a project's videos, newest first."""
        params = {"trash": trash, "cursor": cursor, "limit": limit}
        return decode_page(Video, self._http.get(f"/projects/{project_id}/videos", params))

    def all(self, project_id: str, *, trash: bool = False) -> Iterator[Video]:
        """Yield every video of a project, newest first."""
        return all_items(lambda cursor: self.page(project_id, trash=trash, cursor=cursor, limit=500))

    def get(self, video_id: str) -> Video:
        """Return one video's record."""
        return decode(Video, self._http.get(f"/videos/{video_id}"))

    def rename(self, video_id: str, name: str) -> Video:
        """Give a video another name."""
        return decode(Video, self._http.send("PATCH", f"/videos/{video_id}", json={"name": name}))

    def delete(self, video_id: str) -> Video:
        """Move a video to the trash, where it stays for 30 days; pictures that were made of it stay."""
        return decode(Video, self._http.send("DELETE", f"/videos/{video_id}"))

    def restore(self, video_id: str) -> Video:
        """Take a video back out of the trash."""
        return decode(Video, self._http.send("POST", f"/videos/{video_id}/restore"))

    def times(self, video_id: str) -> VideoTimes:
        """Return when each frame is shown, in seconds from the first one."""
        return decode(VideoTimes, self._http.get(f"/videos/{video_id}/times"))

    def frame(self, video_id: str, frame: int, target: Path, *, width: int | None = None) -> Path:
        """Save a frame as the JPEG `target`, at most `width` pixels wide."""
        return download(self._http, f"/videos/{video_id}/frames/{frame}", target, {"width": width})

    def sample(
        self,
        video_id: str,
        *,
        every: int | None = None,
        frames: Sequence[int] | None = None,
        split: Split = "none",
        annotated_only: bool = False,
    ) -> Sampled | Job:
        """Make images of every so many frames, or of those named; many become a job."""
        named = None if frames is None else [*frames]
        body = {"every": every, "frames": named, "split": split, "annotated_only": annotated_only}
        answer = cast("dict[str, object]", self._http.send("POST", f"/videos/{video_id}/sample", json=body))
        return decode(Job, answer) if "kind" in answer else decode(Sampled, answer)


class Tracks:
    """The objects of videos."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, video_id: str) -> VideoTracks:
        """Return all tracks of a video with their revision."""
        return decode(VideoTracks, self._http.get(f"/videos/{video_id}/tracks"))

    def apply(self, video_id: str, changes: TrackChanges) -> VideoSaved:
        """Save changes. Raises Conflict (`revision_conflict`) whose `detail` holds the newer state.

        Sending the same changes again is harmless: their change id brings back the first answer.
        """
        return decode(VideoSaved, self._http.send("POST", f"/videos/{video_id}/changes", json=encode(changes)))

    def follow(self, video_id: str, frame: int, box: Bounds, *, frames: int = 30, backwards: bool = False) -> Followed:
        """Return where a box of a frame goes in the next frames, or in those before; nothing is stored."""
        body = {"frame": frame, "box": [*box], "frames": frames, "backwards": backwards}
        return decode(Followed, self._http.send("POST", f"/videos/{video_id}/follow", json=body))

    def losses(self, video_id: str, format: FilmFormatName) -> tuple[Loss, ...]:
        """Return what a format cannot hold of a video's tracks."""
        return decode_list(Loss, self._http.get(f"/videos/{video_id}/export/losses", {"format": format}))

    def export(
        self,
        video_id: str,
        format: FilmFormatName,
        target: Path,
        *,
        pictures: bool = True,
        progress: Progress | None = None,
    ) -> Path:
        """Save the tracks as the ZIP `target`, with the frames as pictures or without."""
        params = {"format": format, "pictures": pictures}
        return download(self._http, f"/videos/{video_id}/export", target, params, progress=progress)

    def load(self, video_id: str, upload_id: str, format: FilmFormatName | Literal["auto"] = "auto") -> TracksReport:
        """Take the tracks of a finished upload in, all of them as one change. Raises InvalidDataset."""
        body = {"upload_id": upload_id, "format": format}
        return decode(TracksReport, self._http.create(f"/videos/{video_id}/import", body))

    def enter(self, video_id: str, tab: str) -> tuple[Present, ...]:
        """Say that a window (any name) shows a video; returns everybody who looks at it. To be repeated in 20 s."""
        return decode_list(Present, self._http.send("PUT", f"/videos/{video_id}/presence/{tab}"))

    def leave(self, video_id: str, tab: str) -> None:
        """Say that a window does not show the video any more."""
        self._http.send("DELETE", f"/videos/{video_id}/presence/{tab}")

    def revision(self, video_id: str, revision: int) -> VideoTracks:
        """Return all tracks of a video as they were at a revision. Raises NotFound."""
        return decode(VideoTracks, self._http.get(f"/videos/{video_id}/revisions/{revision}"))

    def history(self, video_id: str) -> Iterator[TrackLogEntry]:
        """Yield the saved changes of a video, newest first."""
        return all_items(lambda cursor: self.history_page(video_id, cursor=cursor))

    def history_page(self, video_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[TrackLogEntry]:
        """Return one page of the history."""
        params = {"cursor": cursor, "limit": limit}
        return decode_page(TrackLogEntry, self._http.get(f"/videos/{video_id}/history", params))
