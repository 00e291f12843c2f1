"""Frames as pictures: names, shapes of the tracks, counts, and none made twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box
from boxwright.domain.jobs import Job
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageQuery
from boxwright.domain.videos import Sampled
from boxwright.services import sampling
from boxwright.services.sampling import Choice
from filming import add_video, changes, key, track
from working import do


class Desk:
    """A project with a video of 20 frames and two tracks: one all the way, one in frames 5 to 9."""

    def __init__(self, app: Application) -> None:
        self.app, self.caller = app, app.access.ensure_local_user()
        self.project = app.projects.create(self.caller, "street").id
        self.video = add_video(app, self.project, name="my street.v2.mp4")
        self.label = app.classes.add(self.project, ["car"])[0].id
        self.long = track(self.label, key(0, 10), key(10, 30, occluded=True), z=1, attributes={"colour": "red"})
        self.short = track(self.label, key(5, 80), key(10, 90, outside=True))
        app.tracks.apply(self.video, changes(self.long, self.short), self.caller)

    def sample(self, **options: Any) -> Sampled | Job:
        return self.app.sampling.sample(self.video, Choice(**options), self.caller)

    def pictures(self) -> list[Image]:
        return list(self.app.images.page(self.project, ImageQuery(order="name"), None, 500).items)


@pytest.fixture
def desk(application: Application) -> Desk:
    return Desk(application)


def test_pictures_show_what_the_tracks_show(desk: Desk) -> None:
    assert desk.sample(every=5, split="train") == Sampled(images=4)
    pictures = desk.pictures()
    assert [(one.name, one.frame_index, one.video_id, one.split, one.annotations) for one in pictures] == [
        (f"my street.v2/frame_{number:06d}.jpg", number, desk.video, "train", count)
        for number, count in ((0, 1), (5, 2), (10, 1), (15, 1))
    ]
    assert desk.app.blobs.get_bytes(pictures[1].sha256) == desk.app.video_frames.frame(desk.video, 5)[1]
    shapes = {item.track_id: item for item in desk.app.annotations.get(pictures[1].id).annotations}
    assert shapes[desk.long.id].geometry == Box(x0=20, y0=70, x1=40, y1=90)
    assert shapes[desk.short.id].geometry == Box(x0=80, y0=70, x1=100, y1=90)
    last = desk.app.annotations.get(pictures[2].id).annotations[0]
    assert (last.attributes, last.z, last.class_id) == ({"occluded": True, "colour": "red"}, 1, desk.label)
    counts = desk.app.projects.counts(desk.project)
    assert counts.classes[0].train == 5
    project = desk.app.projects.get(desk.project)
    assert (project.images, project.labeled, project.annotations) == (4, 4, 5)
    assert [entry.revision for entry in desk.app.annotations.history(pictures[0].id).items] == [1]


def test_frames_that_are_pictures_stay_as_they_are(desk: Desk) -> None:
    desk.sample(frames=[3, 4])
    assert desk.sample(frames=[5, 3, 4, 3]) == Sampled(images=1)
    desk.app.tracks.apply(desk.video, changes(replace(desk.long, keyframes=(key(0, 100),)), base=1), desk.caller)
    assert desk.sample(every=1) == Sampled(images=17)
    third = desk.app.annotations.get(desk.pictures()[3].id).annotations
    assert third[0].geometry == Box(x0=16, y0=70, x1=36, y1=90), "it was made before the track changed"
    desk.app.images.bulk(desk.project, [desk.pictures()[3].id], "trash", caller=desk.caller)
    assert desk.sample(frames=[3]) == Sampled(images=1), "what lies in the trash is none"


def test_only_frames_in_which_something_is_seen(desk: Desk) -> None:
    desk.app.tracks.apply(
        desk.video, changes(replace(desk.long, keyframes=(key(8), key(9, outside=True))), base=1), desk.caller
    )
    assert desk.sample(every=1, annotated_only=True) == Sampled(images=5)
    assert [one.frame_index for one in desk.pictures()] == [5, 6, 7, 8, 9]


def test_a_picture_of_that_name_is_in_the_way(desk: Desk) -> None:
    other = add_video(desk.app, desk.project, name="a/my street.v2.mov", frames=3)
    desk.sample(frames=[1])
    desk.app.sampling.sample(other, Choice(frames=[1, 2]), desk.caller)
    names = [one.name for one in desk.pictures()]
    assert names == [
        f"my street.v2 {other[-8:]}/frame_000001.jpg",
        "my street.v2/frame_000001.jpg",
        "my street.v2/frame_000002.jpg",
    ]


def test_many_frames_are_a_job(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "AT_ONCE", 3)
    job = desk.sample(every=2, split="val")
    assert isinstance(job, Job)
    done = do(desk.app, job)
    assert (done.state, done.result) == ("succeeded", {"images": 10})
    assert [(one.frame_index, one.annotations) for one in desk.pictures()][:4] == [(0, 1), (2, 1), (4, 1), (6, 2)]
    assert desk.app.blobs.get_bytes(desk.pictures()[3].sha256) == desk.app.video_frames.frame(desk.video, 6)[1]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "frames_invalid"),
        ({"every": 1, "frames": [1]}, "frames_invalid"),
        ({"every": 0}, "frames_invalid"),
        ({"frames": [20]}, "frame_unknown"),
        ({"every": 1, "split": "half"}, "split_invalid"),
    ],
)
def test_what_cannot_be_sampled_is_refused(desk: Desk, options: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        desk.sample(**options)
    assert caught.value.code == code
    assert not desk.pictures()
