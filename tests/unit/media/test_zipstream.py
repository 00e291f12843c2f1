"""Streamed ZIPs."""

import zipfile
from pathlib import Path

import pytest

from boxwright.media.zipstream import Entry, stream_zip, write_zip


def test_all_kinds_of_content(tmp_path):
    picture = tmp_path / "p.jpg"
    picture.write_bytes(b"pixels" * 100)
    entries = [
        Entry("a.txt", b"text"),
        Entry("images/é #1.jpg", picture),
        Entry("big.json", (b"%d," % i for i in range(9999))),
    ]
    write_zip(tmp_path / "out.zip", entries)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.txt", "images/é #1.jpg", "big.json"]
        assert archive.read("images/é #1.jpg") == picture.read_bytes()
        assert archive.getinfo("images/é #1.jpg").compress_type == zipfile.ZIP_STORED
        assert archive.read("big.json").startswith(b"0,1,2,")


def test_bytes_come_while_entries_are_made():
    made: list[int] = []

    def entries():
        for i in range(50):
            made.append(i)
            yield Entry(f"{i}.bin", bytes([i]) * 200_000)

    stream = stream_zip(entries())
    next(stream)
    assert len(made) == 1
    assert sum(len(piece) for piece in stream) > 0
    assert len(made) == 50


def test_same_content_gives_the_same_bytes():
    entries = [Entry("a", b"1"), Entry("b", b"2")]
    assert b"".join(stream_zip(entries)) == b"".join(stream_zip(entries))


@pytest.mark.parametrize("name", ["", "/a", "../a", "a/../b", "a//b", "a\\b", "C:/a", "a/.", "a\0b"])
def test_names_stay_inside(name):
    with pytest.raises(ValueError, match="cannot be a name"):
        list(stream_zip([Entry(name, b"")]))


def test_one_name_once():
    with pytest.raises(ValueError, match="already"):
        list(stream_zip([Entry("a", b""), Entry("a", b"")]))


def test_nothing_is_left_when_writing_fails(tmp_path):
    def entries():
        yield Entry("a", b"1")
        raise RuntimeError("stop")

    target = tmp_path / "out.zip"
    target.write_bytes(b"older")
    with pytest.raises(RuntimeError):
        write_zip(target, entries())
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]
    assert target.read_bytes() == b"older"


def test_sizes_over_4_gib_use_zip64(monkeypatch, tmp_path):
    import boxwright.media.zipstream as module

    picture = tmp_path / "p.jpg"
    picture.write_bytes(b"x" * 100)
    monkeypatch.setattr(module, "_BIG", 10)
    data = b"".join(stream_zip([Entry("p.jpg", picture)]))
    (tmp_path / "o.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert archive.read("p.jpg") == picture.read_bytes()
    name_length = int.from_bytes(data[26:28], "little")
    assert data[30 + name_length :].startswith(b"\x01\x00\x10\x00"), "the local header has no ZIP64 field"


def test_path_of_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(stream_zip([Entry("a.jpg", Path(tmp_path / "gone.jpg"))]))
