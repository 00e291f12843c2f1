"""Videos: taken in, decoded by a job, shown, thrown away, swept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Conflict, Invalid, InvalidVideo, NotFound
from boxwright.domain.people import Caller
from boxwright.services.housekeeping import Housekeeping
from clips import SIZE, clip, lying, square_at
from filming import add_video, changes, key, track
from working import do, uploaded


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


@pytest.fixture
def project_id(application: Application, caller: Caller) -> str:
    return application.projects.create(caller, "street").id


def test_a_video_is_decoded_once_and_shown(
    application: Application, caller: Caller, project_id: str, tmp_path: Path
) -> None:
    upload = uploaded(application, caller, lying(tmp_path / "a.avi", 20, 30))
    added = application.videos.add(project_id, upload, None, caller)
    waiting = application.videos.get(added.video.id)
    assert (waiting.state, waiting.name, waiting.format, waiting.sha256) == ("decoding", "a.avi", "avi", "")
    with pytest.raises(NotFound, match="no frames yet"):
        application.video_frames.times(added.video.id)
    done = do(application, added.job)
    assert done.state == "succeeded"
    video = application.videos.get(added.video.id)
    assert (video.state, video.frames, video.width, video.height, video.fps) == ("ready", 20, *SIZE, 25)
    assert video.problem is not None
    assert "30 frames, 20 decode" in video.problem
    assert application.blobs.get_bytes(video.sha256) == (tmp_path / "a.avi").read_bytes()
    with pytest.raises(NotFound):
        application.uploads.get(upload, caller)
    assert application.video_frames.times(video.id).times == pytest.approx([n / 25 for n in range(20)])
    name, data = application.video_frames.frame(video.id, 7)
    assert square_at(cv2.imdecode(np.frombuffer(data, np.uint8), 1)) == pytest.approx(24, abs=2)
    small_name, small = application.video_frames.frame(video.id, 7, 64)
    assert cv2.imdecode(np.frombuffer(small, np.uint8), 1).shape == (48, 64, 3)
    assert small_name != name
    with pytest.raises(NotFound, match="counted from 0"):
        application.video_frames.frame(video.id, 20)


def test_the_state_of_a_video_is_that_of_its_job(
    application: Application, caller: Caller, project_id: str, tmp_path: Path
) -> None:
    upload = uploaded(application, caller, clip(tmp_path / "a.avi", 3))
    added = application.videos.add(project_id, upload, "  street.avi ", caller)
    store = application.scheduler._store
    assert store.claim([]) is not None
    store.finish(added.job.id, "failed", error="it broke", code="video_unreadable")
    failed = application.videos.get(added.video.id)
    assert (failed.state, failed.problem, failed.name) == ("failed", "it broke", "street.avi")
    with pytest.raises(Conflict) as caught:
        application.tracks.apply(failed.id, changes(), caller)
    assert caught.value.code == "video_not_ready"
    assert application.jobs.resume(added.job.id).state == "queued"
    assert application.videos.get(added.video.id).state == "decoding"
    do(application, application.jobs.get(added.job.id))
    assert application.videos.page(project_id).items[0].state == "ready"


def test_what_is_no_video_is_refused_at_once(
    application: Application, caller: Caller, project_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("#EXTM3U")
    with pytest.raises(InvalidVideo, match="use MP4"):
        application.videos.add(project_id, uploaded(application, caller, path), None, caller)
    assert not application.videos.page(project_id).items


def test_trash_and_back(application: Application, caller: Caller, project_id: str) -> None:
    video = add_video(application, project_id)
    assert application.videos.rename(video, " b.mp4 ").name == "b.mp4"
    for wrong in ("", "a\nb", "x" * 201):
        with pytest.raises(Invalid):
            application.videos.rename(video, wrong)
    assert application.videos.trash(video, caller).deleted_at is not None
    assert application.videos.trash(video, caller).deleted_at is not None, "twice is no error"
    assert not application.videos.page(project_id).items
    assert [item.id for item in application.videos.page(project_id, trash=True).items] == [video]
    with pytest.raises(NotFound, match="trash"):
        application.tracks.apply(video, changes(), caller)
    assert application.videos.restore(video, caller).deleted_at is None
    assert [item.id for item in application.videos.page(project_id).items] == [video]


def test_blobs_of_a_video_stay_until_it_is_gone_for_good(
    application: Application, caller: Caller, project_id: str
) -> None:
    keeping, going = (add_video(application, project_id, frames=n) for n in (2, 3))
    label = application.classes.add(project_id, ["car"])[0].id
    application.tracks.apply(going, changes(track(label, key(0))), caller)
    housekeeping = Housekeeping(
        application.uow, application.blobs, application.images.previews, application.settings.upload_folder, 0
    )
    everything = set(application.blobs.all())
    application.videos.trash(going, caller)
    housekeeping.sweep(timedelta(0))
    assert set(application.blobs.all()) == everything, "what lies in the trash can come back"
    housekeeping.empty_trash()
    assert housekeeping.sweep(timedelta(0)) == 2
    with pytest.raises(NotFound):
        application.videos.get(going)
    assert application.video_frames.frame(keeping, 1)
    with application.uow.write() as tx:
        assert tx.classes.used(label) == 0


def test_a_project_goes_with_its_videos(application: Application, caller: Caller, project_id: str) -> None:
    video = add_video(application, project_id)
    label = application.classes.add(project_id, ["car"])[0].id
    application.tracks.apply(video, changes(track(label)), caller)
    with pytest.raises(Conflict, match="tracks"):
        application.classes.delete(label)
    application.projects.delete(project_id, "street", caller)
    with application.uow.write() as tx:
        tx.projects.delete_trashed_before("9999")
        assert tx.videos.find(video) is None
