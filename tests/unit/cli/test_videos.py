"""`boxwright video`: from a file to frames, tracks in and out, images, trash."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from clips import clip, cut


@pytest.fixture
def project(type_: Any) -> str:
    type_("project", "create", "film")
    return "film"


def test_the_life_of_a_video(type_: Any, project: str, tmp_path: Path) -> None:
    added = type_("video", "add", clip(tmp_path / "street.webm", 20), "--project", project, "--json").value
    assert [(one["name"], one["state"], one["frames"], one["format"]) for one in added] == [
        ("street.webm", "ready", 20, "webm")
    ]
    assert "street.webm" in type_("video", "list", "--project", project).out
    rows = tmp_path / "gt.txt"
    rows.write_text("".join(f"{frame},1,{11 + 2 * frame},71,20,20,1,1,1\n" for frame in range(1, 16)))
    here = ("--video", "street.webm", "--project", project)
    report = type_("video", "import", rows, *here, "--json").value
    assert (report["tracks"], report["keyframes"], report["format"]) == (1, 3, "mot")
    made = type_("video", "sample", "street.webm", "--project", project, "--every", 8, "--split", "train", "--json")
    assert made.value["images"] == 3
    images = type_("image", "list", "--project", project, "--json").value
    assert sorted((one["name"], one["annotations"]) for one in images) == [
        ("street/frame_000000.jpg", 1),
        ("street/frame_000008.jpg", 1),
        ("street/frame_000016.jpg", 0),
    ]
    out = tmp_path / "out.zip"
    said = type_("video", "export", "street.webm", "--project", project, "--format", "mot", "--out", out)
    assert "lost: which frames are key frames" in said.out
    with zipfile.ZipFile(out) as archive:
        assert archive.read("gt/gt.txt").decode().splitlines()[0] == "1,1,13,71,20,20,1,1,1"
        assert len(archive.namelist()) == 24
    folder = tmp_path / "cvat"
    type_("video", "export", "street.webm", "--project", project, "--format", "cvat", "--out", folder, "--no-pictures")
    assert (folder / "annotations.xml").is_file()
    again = type_("video", "import", folder, *here, "--json").value
    assert (again["format"], again["revision"]) == ("cvat", 2)
    assert type_("video", "delete", "street.webm", "--project", project).code == 0
    assert type_("video", "list", "--project", project, "--json").value == []
    assert type_("video", "restore", "street.webm", "--project", project).code == 0


def test_what_is_wrong_is_said_in_one_line(type_: Any, project: str, tmp_path: Path) -> None:
    broken = type_("video", "add", cut(clip(tmp_path / "a.mp4"), 0.5), "--project", project)
    assert (broken.code, broken.err.strip().count("error:")) == (1, 1)
    assert "its index is cut off" in broken.err
    text = tmp_path / "b.mp4"
    text.write_text("no video")
    none = type_("video", "add", text, "--project", project)
    assert (none.code, "use MP4" in none.err) == (1, True)
    for wrong in (
        ("add", tmp_path / "nothing.mp4"),
        ("sample", "a.mp4"),
        ("sample", "nothing", "--every", 2),
        ("export", "nothing", "--format", "mot", "--out", tmp_path / "x.zip"),
    ):
        assert type_("video", *wrong, "--project", project).code == 2, wrong
