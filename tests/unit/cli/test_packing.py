import zipfile
from pathlib import Path

import pytest

from boxwright.cli.packing import pack, unpack, unpack_into
from boxwright.domain.errors import Invalid, InvalidDataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "set"
    for name, text in {"a.txt": "one", "sub/b.txt": "two", ".hidden/c": "no", "sub/.DS_Store": "no"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_there_and_back(folder: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    pack(folder, tmp_path / "a.zip", lambda done, total: seen.append((done, total)))
    assert seen == [(3, 6), (6, 6)]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["a.txt", "sub/b.txt"]
        assert {item.compress_type for item in archive.infolist()} == {zipfile.ZIP_STORED}
    target = tmp_path / "out"
    target.mkdir()
    unpack(tmp_path / "a.zip", target)
    assert (target / "sub/b.txt").read_text() == "two"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.zip", "out", "set"]


def test_archive_of_something_else_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(InvalidDataset):
        unpack(tmp_path / "a.zip", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_names_cannot_climb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../evil.txt", "x")
    unpack_into(tmp_path / "a.zip", tmp_path / "deep" / "out")
    assert [path.name for path in tmp_path.rglob("evil.txt")] == ["evil.txt"]
    assert (tmp_path / "deep" / "out" / "evil.txt").exists()


def test_empty_folder_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is empty"):
        pack(tmp_path, tmp_path / "a.zip", lambda done, total: None)
