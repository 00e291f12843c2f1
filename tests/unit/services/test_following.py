"""Following a box through a video of an application."""

from __future__ import annotations

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Invalid, NotFound
from boxwright.services import following
from filming import add_video


@pytest.fixture
def video(application: Application) -> str:
    return add_video(application, application.projects.create(application.access.ensure_local_user(), "street").id)


@pytest.mark.parametrize("reduced", [1, 2])
def test_a_box_is_followed_both_ways(
    application: Application, video: str, reduced: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_reduced", lambda *_: reduced)
    there = application.following.follow(video, 0, (8, 68, 32, 92), 300)
    assert there.lost_at is None
    assert [step.frame for step in there.steps] == list(range(1, 20))
    for step in there.steps:
        assert step.box[0] == pytest.approx(8 + 2 * step.frame, abs=2.5), step
    back = application.following.follow(video, 19, (46, 68, 70, 92), 5, backwards=True)
    assert [step.frame for step in back.steps] == [18, 17, 16, 15, 14]
    assert back.steps[-1].box[0] == pytest.approx(36, abs=2.5)


def test_large_boxes_of_large_frames_are_followed_in_smaller_ones() -> None:
    assert following._reduced((0, 0, 500, 90), 3840) == 2
    assert following._reduced((0, 0, 500, 400), 3840) == 8
    assert following._reduced((0, 0, 500, 400), 768) == 1


def test_what_cannot_be_followed_is_refused(application: Application, video: str) -> None:
    for box, frames, error in (
        ((0, 0, 0, 9), 5, Invalid),
        ((900, 0, 950, 9), 5, Invalid),
        ((0, 0, 20, 20), 0, Invalid),
        ((0, 0, 20, 20), 301, Invalid),
        ((float("nan"), 0, 20, 20), 3, Invalid),
    ):
        with pytest.raises(error):
            application.following.follow(video, 0, box, frames)
    with pytest.raises(NotFound):
        application.following.follow(video, 20, (0, 0, 20, 20), 5)
    assert application.following.follow(video, 19, (8, 68, 32, 92), 5).steps == ()
