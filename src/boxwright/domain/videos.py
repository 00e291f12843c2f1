"""Videos of a project: files whose frames were decoded once, so that a frame has one number everywhere."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.exchange import Problem
from boxwright.domain.geometry import Bounds
from boxwright.domain.jobs import Job

VideoFormat = Literal["mp4", "mov", "mkv", "webm", "avi"]
VideoState = Literal["decoding", "ready", "failed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Video:
    """A video. `frames` are those that decode, whatever its header says; `fps` is their mean rate, `duration` in s.

    `width` and `height` are pixels of the upright frames. `problem` says why it failed, or what is odd about one that
    is ready. Until it is decoded, sizes and counts are 0 and `sha256` is empty. `tracks` counts its objects, `revision`
    their changes.
    """

    id: str
    project_id: str
    name: str
    state: VideoState
    problem: str | None
    job_id: str | None
    format: VideoFormat
    width: int
    height: int
    frames: int
    fps: float
    duration: float
    bytes: int
    sha256: str
    revision: int
    tracks: int
    created_at: str
    deleted_at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoAdded:
    """The answer to an upload: the video, and the job that decodes it."""

    video: Video
    job: Job


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoTimes:
    """When each frame of a video is shown, in seconds from the first one."""

    video_id: str
    times: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowStep:
    """Where an object is in a frame, in pixels, and how sure that is (0 to 1)."""

    frame: int
    box: Bounds
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A box followed through frames; `lost_at` is the frame where it could not be found any more, if there is one."""

    steps: tuple[FollowStep, ...]
    lost_at: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampled:
    """How many pictures were made of frames of a video."""

    images: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TracksReport:
    """What an import of tracks read and took in, as one change that made `revision`.

    `problems` holds the first 1,000; `problem_count` all.
    """

    format: str
    tracks: int
    keyframes: int
    classes: tuple[str, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    revision: int
    notes: tuple[str, ...] = ()
