from pathlib import Path

import pytest

from boxwright.cli.options import json_or_text, pairs, picture_files
from boxwright.domain.errors import Invalid


def test_pairs() -> None:
    assert pairs(["a=1", "b = x=y ", "c="], "--set") == {"a": "1", "b": "x=y", "c": ""}
    for wrong in ("a", "=1"):
        with pytest.raises(Invalid, match="key=value"):
            pairs([wrong], "--set")


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("0.5", 0.5), ("true", True), ("null", None), ("[1, 2]", [1, 2]), ("adamw", "adamw")]
)
def test_values(text: str, value: object) -> None:
    assert json_or_text(text) == value


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_pictures_of_files_and_folders(tmp_path: Path) -> None:
    make(tmp_path, "in/b.JPG", "in/sub/a.png", "in/notes.txt", "single.dat")
    found = picture_files([tmp_path / "in", tmp_path / "single.dat"])
    assert [name for _, name in found] == ["b.JPG", "sub/a.png", "single.dat"]


def test_no_two_pictures_have_one_name(tmp_path: Path) -> None:
    make(tmp_path, "x/a.jpg", "y/a.jpg", "deep/y/a.jpg", "y/b.jpg")
    files = [tmp_path / "x/a.jpg", tmp_path / "y/a.jpg", tmp_path / "deep/y/a.jpg", tmp_path / "y/b.jpg"]
    names = [name for _, name in picture_files(files)]
    assert names == ["x/a.jpg", "y/a.jpg", "y/a (2).jpg", "b.jpg"]


def test_nothing_to_do_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no pictures"):
        picture_files([tmp_path])
    with pytest.raises(Invalid, match="no file or folder"):
        picture_files([tmp_path / "gone"])
