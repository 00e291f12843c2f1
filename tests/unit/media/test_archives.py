"""Archives that mean harm, and odd ones that do not."""

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from boxwright.domain.errors import BoxwrightError, InvalidDataset, StorageFull, TooLarge
from boxwright.media.archives import Limits, is_archive, safe_extract
from boxwright.media.files import replacing


def make_zip(path: Path, files: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in files.items():
            archive.writestr(
                zipfile.ZipInfo(name), data, compress_type=options.get("compression", zipfile.ZIP_DEFLATED)
            )
    return path


def make_tar(path: Path, infos: list[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for info, data in infos:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def tree(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def code_of(archive: Path, into: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BoxwrightError) as caught:
        safe_extract(archive, into, limits)
    assert "\n" not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil", "/etc/passwd", "C:\\evil.txt", "..\\evil.txt", "\\\\srv\\x"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_paths_that_leave_the_folder(name, kind, tmp_path):
    if kind == "zip":
        archive = make_zip(tmp_path / "a.zip", {"ok.txt": b"1", name: b"2"})
    else:
        archive = make_tar(tmp_path / "a.tgz", [(tarfile.TarInfo("ok.txt"), b"1"), (tarfile.TarInfo(name), b"2")])
    assert code_of(archive, tmp_path / "out") == "archive_unsafe"
    assert not (tmp_path / "evil.txt").exists()
    assert all(path.is_relative_to(tmp_path / "out") or path == archive for path in tree(tmp_path))


def test_names_never_become_paths(tmp_path):
    names = ["con.txt", "a" * 300 + ".jpg", "x/y/z.png", "ü.txt", "#=% .txt", "A.JPG", "a.jpg"]
    members = safe_extract(make_zip(tmp_path / "a.zip", {name: name.encode() for name in names}), tmp_path / "out")
    assert [member.name for member in members] == names
    for member in members:
        assert member.path.read_bytes() == member.name.encode()
        assert member.path.relative_to(tmp_path / "out").as_posix().replace("/", "").isdigit()


def test_symlink_in_a_zip(tmp_path):
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert code_of(tmp_path / "a.zip", tmp_path / "out") == "archive_unsafe"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar(kind, tmp_path):
    info = tarfile.TarInfo("thing")
    info.type, info.linkname = kind, "/etc/passwd"
    assert code_of(make_tar(tmp_path / "a.tar", [(info, b"")], "w"), tmp_path / "out") == "archive_unsafe"


def test_bomb_by_ratio_stops_early(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"zeros": bytes(30 << 20)})
    limits = Limits(free=1 << 20, ratio=100)
    assert code_of(archive, tmp_path / "out", limits) == "too_large"
    assert sum(path.stat().st_size for path in tree(tmp_path / "out")) < 3 << 20


def test_bomb_that_lies_about_its_size(tmp_path):
    archive = make_tar(tmp_path / "a.tgz", [(tarfile.TarInfo("zeros"), bytes(20 << 20))])
    assert code_of(archive, tmp_path / "out", Limits(total=4 << 20)) == "too_large"
    assert sum(path.stat().st_size for path in tree(tmp_path / "out")) <= 4 << 20


def test_total_and_count_limits(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {f"{i}.txt": bytes(1000) for i in range(20)}, compression=zipfile.ZIP_STORED)
    assert code_of(archive, tmp_path / "out1", Limits(total=10_000)) == "too_large"
    with pytest.raises(TooLarge):
        safe_extract(archive, tmp_path / "out2", Limits(files=10))
    assert len(safe_extract(archive, tmp_path / "out3")) == 20


def test_nested_archives_stay_packed(tmp_path):
    inner = make_zip(tmp_path / "inner.zip", {"../evil": b"x"}).read_bytes()
    members = safe_extract(make_zip(tmp_path / "a.zip", {"inner.zip": inner}), tmp_path / "out")
    assert members[0].path.read_bytes() == inner


def test_encrypted(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"a.txt": b"secret"})
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(bytes(data))
    assert code_of(archive, tmp_path / "out") == "archive_encrypted"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pair", [("a/b.txt", "a/b.txt"), ("a/b.txt", "a\\b.txt"), ("a/b.txt", "./a//b.txt")])
def test_one_name_twice(pair, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in pair:
            archive.writestr(zipfile.ZipInfo(name), b"x")
    assert code_of(tmp_path / "a.zip", tmp_path / "out") == "archive_duplicate"


def test_back_slashes_are_folders(tmp_path):
    members = safe_extract(make_zip(tmp_path / "a.zip", {"images\\train\\a.jpg": b"x"}), tmp_path / "out")
    assert members[0].name == "images/train/a.jpg"


def test_nfc_and_nfd_stay_two_files(tmp_path):
    files = {"\u00e9.txt": b"nfc", "e\u0301.txt": b"nfd"}
    members = safe_extract(make_zip(tmp_path / "a.zip", files), tmp_path / "out")
    assert {member.name: member.path.read_bytes() for member in members} == files


def test_utf8_names_without_the_flag(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"細胞.jpg": b"x"})
    data = bytearray(archive.read_bytes())
    data[7] &= ~0x08
    data[data.index(b"PK\x01\x02") + 9] &= ~0x08
    archive.write_bytes(bytes(data))
    assert safe_extract(archive, tmp_path / "out")[0].name == "細胞.jpg"


def test_tar_names_that_are_no_utf8(tmp_path):
    info = tarfile.TarInfo("caf\udce9.jpg")
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(info)
    assert safe_extract(tmp_path / "a.tar", tmp_path / "out")[0].name == "café.jpg"


@pytest.mark.parametrize("cut", [10, 60, 200, -30, -5])
def test_cut_archives(cut, tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"a.bin": os.urandom(300), "b.bin": os.urandom(300)})
    archive.write_bytes(archive.read_bytes()[:cut])
    assert code_of(archive, tmp_path / "out") == "archive_broken"
    packed = make_tar(tmp_path / "a.tgz", [(tarfile.TarInfo("a"), os.urandom(3000))])
    packed.write_bytes(packed.read_bytes()[: max(20, cut)])
    assert code_of(packed, tmp_path / "out2") == "archive_broken"


def test_damaged_content(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"a.bin": os.urandom(3000)})
    data = bytearray(archive.read_bytes())
    data[500:510] = b"0123456789"
    archive.write_bytes(bytes(data))
    assert code_of(archive, tmp_path / "out") == "archive_broken"


def test_tar_plain_and_gzip(tmp_path):
    for mode in ("w", "w:gz"):
        archive = make_tar(tmp_path / "a.tar", [(tarfile.TarInfo("./d/a.txt"), b"hi")], mode)
        assert is_archive(archive)
        out = tmp_path / mode.replace(":", "")
        assert [(m.name, m.path.read_bytes()) for m in safe_extract(archive, out)] == [("d/a.txt", b"hi")]


def test_is_archive_by_bytes(tmp_path):
    path = tmp_path / "data.zip"
    path.write_bytes(b'{"images": []}')
    assert not is_archive(path)
    path.write_bytes(b"Rar!\x1a\x07\x00 and so on")
    with pytest.raises(InvalidDataset, match="RAR"):
        is_archive(path)


def test_many_files(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for i in range(5000):
            packed.writestr(f"labels/{i}.txt", b"0 0.5 0.5 1 1")
    members = safe_extract(archive, tmp_path / "out")
    assert len(members) == 5000
    assert max(len(list(folder.iterdir())) for folder in (tmp_path / "out").iterdir()) <= 1000


def test_stop_through_the_tick(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"a": b"1", "b": b"2"})

    def tick(done: int, total: int) -> None:
        assert (done, total) == (1, 2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        safe_extract(archive, tmp_path / "out", tick=tick)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk(tmp_path, monkeypatch):
    archive = make_zip(tmp_path / "a.zip", {"a": bytes(1 << 22)})
    real_open = Path.open

    def full(self: Path, mode: str = "r", *args: object, **options: object) -> object:
        return real_open(Path("/dev/full") if "w" in mode else self, mode, *args, **options)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(StorageFull):
        safe_extract(archive, tmp_path / "out")
    with pytest.raises(StorageFull), replacing(tmp_path / "x") as out:
        out.write(bytes(1 << 22))


def test_a_directory_that_leads_before_the_file_is_broken(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a.txt", "x")
    data = bytearray(archive.read_bytes())
    data[-6:-2] = (int.from_bytes(data[-6:-2], "little") + 100).to_bytes(4, "little")  # where the directory begins
    archive.write_bytes(data)
    assert code_of(archive, tmp_path / "out") == "archive_broken"
