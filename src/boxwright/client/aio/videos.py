"""Videos and their tracks."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Literal, cast

from boxwright.client.aio.files import Progress, download
from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_list, decode_page, encode
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

    async def add(self, project_id: str, upload_id: str, name: str | None = None) -> VideoAdded:
        """Take a finished upload in; the answer's job decodes it. Raises InvalidVideo for what is no video."""
        body = {"upload_id": upload_id, "name": name}
        return decode(VideoAdded, await self._http.create(f"/projects/{project_id}/videos", body))

    async def page(
        self, project_id: str, *, trash: bool = False, cursor: str | None = None, limit: int = 100
    ) -> Page[Video]:
        """Return one page of a project's videos, newest first."""
        params = {"trash": trash, "cursor": cursor, "limit": limit}
        return decode_page(Video, await self._http.get(f"/projects/{project_id}/videos", params))

    def all(self, project_id: str, *, trash: bool = False) -> AsyncIterator[Video]:
        """Yield every video of a project, newest first."""
        return all_items(lambda cursor: self.page(project_id, trash=trash, cursor=cursor, limit=500))

    async def get(self, video_id: str) -> Video:
        """Return one video's record."""
        return decode(Video, await self._http.get(f"/videos/{video_id}"))

    async def rename(self, video_id: str, name: str) -> Video:
        """Give a video another name."""
        return decode(Video, await self._http.send("PATCH", f"/videos/{video_id}", json={"name": name}))

    async def delete(self, video_id: str) -> Video:
        """Move a video to the trash, where it stays for 30 days; pictures that were made of it stay."""
        return decode(Video, await self._http.send("DELETE", f"/videos/{video_id}"))

    async def restore(self, video_id: str) -> Video:
        """Take a video back out of the trash."""
        return decode(Video, await self._http.send("POST", f"/videos/{video_id}/restore"))

    async def times(self, video_id: str) -> VideoTimes:
        """Return when each frame is shown, in seconds from the first one."""
        return decode(VideoTimes, await self._http.get(f"/videos/{video_id}/times"))

    async def frame(self, video_id: str, frame: int, target: Path, *, width: int | None = None) -> Path:
        """Save a frame as the JPEG `target`, at most `width` pixels wide."""
        return await download(self._http, f"/videos/{video_id}/frames/{frame}", target, {"width": width})

    async def sample(
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
        answer = cast("dict[str, object]", await self._http.send("POST", f"/videos/{video_id}/sample", json=body))
        return decode(Job, answer) if "kind" in answer else decode(Sampled, answer)


class Tracks:
    """The objects of videos."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, video_id: str) -> VideoTracks:
        """Return all tracks of a video with their revision."""
        return decode(VideoTracks, await self._http.get(f"/videos/{video_id}/tracks"))

    async def apply(self, video_id: str, changes: TrackChanges) -> VideoSaved:
        """Save changes. Raises Conflict (`revision_conflict`) whose `detail` holds the newer state.

        Sending the same changes again is harmless: their change id brings back the first answer.
        """
        return decode(VideoSaved, await self._http.send("POST", f"/videos/{video_id}/changes", json=encode(changes)))

    async def follow(
        self, video_id: str, frame: int, box: Bounds, *, frames: int = 30, backwards: bool = False
    ) -> Followed:
        """Return where a box of a frame goes in the next frames, or in those before; nothing is stored."""
        body = {"frame": frame, "box": [*box], "frames": frames, "backwards": backwards}
        return decode(Followed, await self._http.send("POST", f"/videos/{video_id}/follow", json=body))

    async def losses(self, video_id: str, format: FilmFormatName) -> tuple[Loss, ...]:
        """Return what a format cannot hold of a video's tracks."""
        return decode_list(Loss, await self._http.get(f"/videos/{video_id}/export/losses", {"format": format}))

    async def export(
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
        return await download(self._http, f"/videos/{video_id}/export", target, params, progress=progress)

    async def load(
        self, video_id: str, upload_id: str, format: FilmFormatName | Literal["auto"] = "auto"
    ) -> TracksReport:
        """Take the tracks of a finished upload in, all of them as one change. Raises InvalidDataset."""
        body = {"upload_id": upload_id, "format": format}
        return decode(TracksReport, await self._http.create(f"/videos/{video_id}/import", body))

    async def enter(self, video_id: str, tab: str) -> tuple[Present, ...]:
        """Say that a window (any name) shows a video; returns everybody who looks at it. To be repeated in 20 s."""
        return decode_list(Present, await self._http.send("PUT", f"/videos/{video_id}/presence/{tab}"))

    async def leave(self, video_id: str, tab: str) -> None:
        """Say that a window does not show the video any more."""
        await self._http.send("DELETE", f"/videos/{video_id}/presence/{tab}")

    async def revision(self, video_id: str, revision: int) -> VideoTracks:
        """Return all tracks of a video as they were at a revision. Raises NotFound."""
        return decode(VideoTracks, await self._http.get(f"/videos/{video_id}/revisions/{revision}"))

    def history(self, video_id: str) -> AsyncIterator[TrackLogEntry]:
        """Yield the saved changes of a video, newest first."""
        return all_items(lambda cursor: self.history_page(video_id, cursor=cursor))

    async def history_page(self, video_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[TrackLogEntry]:
        """Return one page of the history."""
        params = {"cursor": cursor, "limit": limit}
        return decode_page(TrackLogEntry, await self._http.get(f"/videos/{video_id}/history", params))
