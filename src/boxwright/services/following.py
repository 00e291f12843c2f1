"""A box followed through a video; nothing is stored, a person takes what is found or leaves it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from boxwright.domain.assist import checked_box
from boxwright.domain.errors import Invalid, NotFound, Unavailable
from boxwright.domain.geometry import Bounds
from boxwright.domain.videos import Followed, FollowStep
from boxwright.media.shrinking import grey_jpeg
from boxwright.services.tracks import check_open
from boxwright.services.video_frames import VideoFrames
from boxwright.storage.unit_of_work import UnitOfWork

MAX_FRAMES = 300
_WAIT = 20.0
# Pixels of a box's shorter side, and of a frame's longer one, from which on a smaller picture tells as much.
_ENOUGH, _WIDE = 40, 480


class Following:
    """The tracker behind the timeline."""

    def __init__(self, uow: UnitOfWork, frames: VideoFrames, parallel: int = 2) -> None:
        self._uow, self._frames = uow, frames
        self._turn = threading.BoundedSemaphore(parallel)

    def follow(self, video_id: str, frame: int, box: Bounds, frames: int, *, backwards: bool = False) -> Followed:
        """Return where a box of `frame` is in the next `frames` frames, or in those before it, until it is lost.

        Raises:
            NotFound: no such video or frame.
            Conflict: with code `video_not_ready`.
            Invalid: with code `prompt_invalid` for a box that has no area on the picture or for too many frames.
            Unavailable: too many ask at once.
        """
        with self._uow.read() as tx:
            video = tx.videos.get(video_id)
        check_open(video)
        if not 0 <= frame < video.frames:
            raise NotFound(f"there is no frame {frame}; the video has {video.frames}, counted from 0")
        if not 1 <= frames <= MAX_FRAMES:
            raise Invalid(f"follow 1 to {MAX_FRAMES} frames at once", code="prompt_invalid")
        asked = checked_box(box, video.width, video.height)
        end = max(-1, frame - frames - 1) if backwards else min(video.frames, frame + frames + 1)
        span = range(frame, end, -1 if backwards else 1)
        with self._at_work():
            return self._follow(video_id, asked, span, _reduced(asked, max(video.width, video.height)))

    def _follow(self, video_id: str, box: Bounds, span: range, reduced: int) -> Followed:
        from boxwright.ml.tracking.follow import follow  # OpenCV loads with the first box, not with the server

        pack = self._frames.pack(video_id)
        x0, y0, x1, y1 = (value / reduced for value in box)
        steps: list[FollowStep] = []
        lost_at = None
        for number, step in enumerate(follow(lambda at: grey_jpeg(pack.jpeg(at), reduced), (x0, y0, x1, y1), span)):
            if step is None:
                lost_at = span[number + 1]
            else:
                steps.append(_enlarged(step, reduced))
        return Followed(steps=tuple(steps), lost_at=lost_at)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=_WAIT):
            raise Unavailable("many people follow objects just now; try again in a moment", code="busy")
        try:
            yield
        finally:
            self._turn.release()


def _reduced(box: Bounds, longest: int) -> int:
    side = min(box[2] - box[0], box[3] - box[1])
    return next(by for by in (8, 4, 2, 1) if by == 1 or (side >= by * _ENOUGH and longest >= by * _WIDE))


def _enlarged(step: FollowStep, by: int) -> FollowStep:
    x0, y0, x1, y1 = (round(value * by, 2) for value in step.box)
    return FollowStep(frame=step.frame, box=(x0, y0, x1, y1), score=round(step.score, 4))
