"""Tracks out of a video as archives, and in from files, read in a child process."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Conflict, InvalidDataset, NotFound
from boxwright.domain.tracks import TrackChanges, TrackDelete
from filming import add_video, changes, key, track
from working import uploaded


class Desk:
    """Two videos of the same frames; the first has tracks."""

    def __init__(self, app: Application, folder: Path) -> None:
        self.app, self.caller, self.folder = app, app.access.ensure_local_user(), folder
        self.project = app.projects.create(self.caller, "street").id
        self.video, self.other = (add_video(app, self.project, name=f"{name}.mp4") for name in "ab")
        self.label = app.classes.add(self.project, ["car"])[0].id
        self.one = track(
            self.label, key(0, 10, attributes={"colour": "red"}), key(10, 30, outside=True), external_id="4"
        )
        app.tracks.apply(self.video, changes(self.one), self.caller)

    def export(self, format: Any, **options: Any) -> Path:
        path = self.folder / f"{format}.zip"
        path.write_bytes(b"".join(self.app.track_files.export(self.video, format, **options).chunks))
        return path

    def load(self, path: Path, format: Any = "auto") -> Any:
        return self.app.track_files.load(self.other, uploaded(self.app, self.caller, path), format, self.caller)


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


def test_out_of_one_video_into_another(desk: Desk) -> None:
    path = desk.export("cvat")
    with zipfile.ZipFile(path) as archive:
        assert archive.read("images/frame_000003.jpg") == desk.app.video_frames.frame(desk.video, 3)[1]
        assert archive.getinfo("images/frame_000003.jpg").compress_type == zipfile.ZIP_STORED
    report = desk.load(path)
    assert (report.format, report.tracks, report.keyframes, report.classes) == ("cvat", 1, 2, ("car",))
    assert (report.problem_count, report.revision) == (0, 1)
    (found,) = desk.app.tracks.get(desk.other).tracks
    assert [(item.frame, item.geometry, item.outside) for item in found.keyframes] == [
        (item.frame, item.geometry, item.outside) for item in desk.one.keyframes
    ]
    assert (found.source, found.external_id, found.class_id) == ("import", "0", desk.label)
    assert desk.app.tracks.revision(desk.other, 0).tracks == (), "undone as one change"
    gone = TrackChanges(change_id="undo", base_revision=1, changes=(TrackDelete(id=found.id),))
    assert desk.app.tracks.apply(desk.other, gone, desk.caller).revision == 2


def test_a_plain_file_with_new_classes(desk: Desk) -> None:
    path = desk.folder / "gt.txt"
    path.write_text("1,1,11,71,20,20,1,1,1\n2,1,13,71,20,20,1,1,1\n99,1,1,1,2,2,1,1,1\n")
    report = desk.load(path, "mot")
    assert (report.tracks, report.keyframes, report.classes, report.problem_count) == (1, 3, ("pedestrian",), 1)
    assert report.problems[0].line == 3
    assert {item.name for item in desk.app.classes.list(desk.project)} == {"car", "pedestrian"}


def test_losses_are_told_before(desk: Desk) -> None:
    assert [item.code for item in desk.app.track_files.losses(desk.video, "mot")] == ["attributes", "keyframes"]
    with zipfile.ZipFile(desk.export("mot", pictures=False)) as archive:
        assert sorted(archive.namelist()) == ["boxwright-video.json", "gt/gt.txt", "gt/labels.txt", "seqinfo.ini"]
        assert b"attributes are left out" in archive.read("boxwright-video.json")


def test_what_cannot_be_read_changes_nothing(desk: Desk) -> None:
    bomb = desk.folder / "bomb.xml"
    bomb.write_text('<!DOCTYPE a [<!ENTITY e "x">]><annotations>&e;</annotations>')
    broken = desk.folder / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    for path in (bomb, broken):
        upload = uploaded(desk.app, desk.caller, path)
        with pytest.raises(InvalidDataset) as caught:
            desk.app.track_files.load(desk.other, upload, "auto", desk.caller)
        assert "\n" not in caught.value.message
        assert desk.app.uploads.get(upload, desk.caller), "it can be tried again as another format"
    assert desk.app.tracks.get(desk.other).revision == 0
    half = desk.app.uploads.create(desk.caller, "a.xml", 10).id
    with pytest.raises(Conflict):
        desk.app.track_files.load(desk.other, half, "auto", desk.caller)
    desk.app.videos.trash(desk.other, desk.caller)
    with pytest.raises(NotFound):
        desk.app.track_files.losses(desk.other, "mot")
