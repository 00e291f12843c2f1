"""Videos: what is opened, what comes out of it, and that nothing of it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import clips
from boxwright.domain.errors import Cancelled, InvalidVideo, NotFound, Unavailable
from boxwright.media import decoding, video
from boxwright.media.containers import container_of
from boxwright.media.decoding import run_decode
from boxwright.media.framepack import PackWriter, read_frame, read_index
from boxwright.media.shrinking import shrink_jpeg
from clips import KINDS, clip


class Context:
    """Where a task works, without a server."""

    def __init__(self, workdir: Path, stop: str = "") -> None:
        self.workdir, self.stop = workdir, stop
        self.told: list[tuple[float, float]] = []

    def progress(self, done: float, total: float, **_: object) -> None:
        self.told.append((done, total))

    def stopping(self) -> str:
        return self.stop


def decoded(path: Path, folder: Path, stop: str = "") -> tuple[Mapping[str, Any], list[np.ndarray[Any, Any]], Any]:
    context = Context(folder, stop)
    result = run_decode({"file": str(path)}, context)  # type: ignore[arg-type]
    pack = folder / result["files"]["pack"]  # type: ignore[index]
    index = read_index(pack)
    jpegs = [read_frame(pack, index, number) for number in range(index.frames)]
    return result, [cv2.imdecode(np.frombuffer(one, np.uint8), 1) for one in jpegs], index.times


@pytest.mark.parametrize("kind", KINDS)
def test_each_container_gives_its_frames_in_order(tmp_path: Path, kind: str) -> None:
    path = clip(tmp_path / f"a.{kind}", 20)
    assert container_of(path) == kind
    renamed = path.rename(tmp_path / "lies.jpg")  # the bytes decide, not the name
    result, frames, times = decoded(renamed, tmp_path)
    assert (result["format"], result["width"], result["height"], result["frames"]) == (kind, 160, 120, 20)
    assert (result["fps"], result["duration"], result["notes"]) == (25, 0.8, [])
    assert times.tolist() == pytest.approx([n / 25 for n in range(20)])
    for number, pixels in enumerate(frames):
        assert clips.square_at(pixels) == pytest.approx(10 + 2 * number, abs=2), number


def test_a_turned_video_comes_upright(tmp_path: Path) -> None:
    result, frames, _ = decoded(clips.turned(tmp_path / "phone.mp4"), tmp_path)
    assert (result["width"], result["height"]) == (120, 160)
    red = frames[0][10, 100].astype(int)  # the upper left quarter went to the upper right
    assert red[2] > 150
    assert red[:2].max() < 90


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    gaps = [512, 1024, 256, 2048, 512, 512]
    result, frames, times = decoded(clips.uneven(tmp_path / "phone.mp4", gaps), tmp_path)
    assert len(frames) == 6
    assert times.tolist() == pytest.approx(np.cumsum([0, *gaps[:-1]]) / 12800, abs=2e-6)
    assert result["fps"] == pytest.approx(5 / (sum(gaps[:-1]) / 12800), rel=1e-5)


def test_a_header_that_lies_is_found_out(tmp_path: Path) -> None:
    result, _, _ = decoded(clips.lying(tmp_path / "a.avi", 20, 30), tmp_path)
    assert result["frames"] == 20
    assert "header says 30 frames, 20 decode" in result["notes"][0]


@pytest.mark.parametrize("kind", ["avi", "webm"])
def test_a_file_that_is_cut_off_gives_what_it_has(tmp_path: Path, kind: str) -> None:
    result, frames, _ = decoded(clips.cut(clip(tmp_path / f"a.{kind}", 20), 0.6), tmp_path)
    assert 3 < len(frames) < 20
    assert "cut off" in result["notes"][0]


def test_what_is_no_video_fails_in_one_line(tmp_path: Path) -> None:
    cut = clips.cut(clip(tmp_path / "cut.mp4"), 0.5)  # its index was at its end
    empty, text, playlist = tmp_path / "empty.mp4", tmp_path / "a.mp4", tmp_path / "b.mp4"
    empty.write_bytes(b"")
    text.write_text("no video at all")
    playlist.write_text("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n")
    noise = tmp_path / "c.mkv"
    noise.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40)
    for path, code in (
        (cut, "video_unreadable"),
        (empty, "video_empty"),
        (text, "video_format"),
        (playlist, "video_format"),
        (noise, "video_unreadable"),
    ):
        with pytest.raises(InvalidVideo) as caught:
            run_decode({"file": str(path)}, Context(tmp_path))  # type: ignore[arg-type]
        assert caught.value.code == code, path
        assert "\n" not in caught.value.message


def test_only_the_reader_of_the_container_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clip(tmp_path / "a.avi")
    monkeypatch.setattr(video, "container_of", lambda _: "mp4")
    with pytest.raises(InvalidVideo):
        video.VideoReader(path)


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clip(tmp_path / "a.avi", 12)
    monkeypatch.setattr(decoding, "MAX_FRAMES", 10)
    with pytest.raises(InvalidVideo, match="more than 10 frames"):
        run_decode({"file": str(path)}, Context(tmp_path))  # type: ignore[arg-type]
    monkeypatch.setattr(decoding, "MAX_FRAMES", 100)
    monkeypatch.setattr(decoding, "MAX_SECONDS", 0)
    with pytest.raises(InvalidVideo, match="hours"):
        run_decode({"file": str(path)}, Context(tmp_path))  # type: ignore[arg-type]
    monkeypatch.setattr(video, "MAX_PIXELS", 100 * 100)
    with pytest.raises(InvalidVideo, match="160 x 120"):
        run_decode({"file": str(path)}, Context(tmp_path))  # type: ignore[arg-type]


def test_a_frame_that_never_comes_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video.VideoReader, "_decode", lambda self: self._closing.wait(5))
    reader = video.VideoReader(clip(tmp_path / "a.avi"), stall=0.05)
    with pytest.raises(InvalidVideo) as caught:
        next(reader.frames())
    assert caught.value.code == "video_stuck"
    reader.close()


def test_decoding_stops_when_asked(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.avi", 12)
    with pytest.raises(Cancelled):
        decoded(path, tmp_path, "discard")
    result, frames, _ = decoded(path, tmp_path, "keep")
    assert len(frames) == 1
    assert "stopped after 1 frames" in result["notes"][0]


def test_a_pack_that_is_damaged_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pack"
    with PackWriter(path) as pack:
        pack.add(b"one")
        pack.add(b"three")
        pack.finish(np.array([0.0, 0.5]))
    index = read_index(path)
    assert [read_frame(path, index, 0), read_frame(path, index, 1)] == [b"one", b"three"]
    for frame in (-1, 2):
        with pytest.raises(NotFound):
            read_frame(path, index, frame)
    for data in (path.read_bytes()[:-1], path.read_bytes()[3:], b"", b"x" * 100):
        path.write_bytes(data)
        with pytest.raises(Unavailable):
            read_index(path)


def test_frames_shrink(tmp_path: Path) -> None:
    data = bytes(cv2.imencode(".jpg", clips.picture(0, (640, 480)))[1])
    for width in (16, 100, 320, 639):
        small = cv2.imdecode(np.frombuffer(shrink_jpeg(data, width), np.uint8), 1)
        assert small.shape == (round(480 * width / 640), width, 3)
    assert shrink_jpeg(data, 640) == shrink_jpeg(data, 4000) == data


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "frames", "fps"), [("car-detection", 377, 12.5), ("bottle-detection", 1189, 29.833333)]
)
def test_real_videos(data_root: Path, tmp_path: Path, name: str, frames: int, fps: float) -> None:
    path = data_root / "video" / f"{name}.mp4"
    if not path.is_file():
        pytest.skip(f"no {path}")
    result = run_decode({"file": str(path)}, Context(tmp_path))  # type: ignore[arg-type]
    assert (result["frames"], result["fps"], result["notes"]) == (frames, fps, [])
    index = read_index(tmp_path / "frames.pack")
    assert index.times[-1] == pytest.approx((frames - 1) / fps, abs=1e-3)
    assert cv2.imdecode(np.frombuffer(read_frame(tmp_path / "frames.pack", index, frames - 1), np.uint8), 1).any()
