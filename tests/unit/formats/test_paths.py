"""Names: finding, shortening, splits."""

import pytest

from boxwright.formats.paths import parts_of, short_names, split_of_path, split_of_word
from boxwright.formats.source import Ambiguous, Source
from boxwright.media.archives import Member


def source(*names, tmp_path):
    return Source(Member(name, tmp_path / "x") for name in names)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("a.jpg", "d/train/a.jpg"),
        ("train/a.jpg", "d/train/a.jpg"),
        ("/home/x/train/a.jpg", "d/train/a.jpg"),
        ("C:\\data\\TRAIN\\A.JPG", "d/train/a.jpg"),
        ("file://host/train/a.jpg", "d/train/a.jpg"),
        ("val/a.jpg", None),
        ("elsewhere/b.jpg", "d/val/b.jpg"),
        ("e\u0301.png", "d/val/\u00e9.png"),
        ("", None),
        ("..", None),
    ],
)
def test_find(reference, found, tmp_path):
    files = source("d/train/a.jpg", "d/val/b.jpg", "d/val/\u00e9.png", "d/x.txt", tmp_path=tmp_path)
    assert files.find(reference) == found


def test_find_prefers_the_same_folder_then_the_near_file_then_case(tmp_path):
    files = source("p/1/a.jpg", "p/2/a.jpg", "p/2/A.jpg", tmp_path=tmp_path)
    assert files.find("1/a.jpg") == "p/1/a.jpg"
    assert files.find("a.jpg", near="p/1/labels.json") == "p/1/a.jpg"
    assert files.find("A.jpg", near="p/2/x.json") == "p/2/A.jpg"
    with pytest.raises(Ambiguous):
        files.find("a.jpg", near="p/other.json")


def test_a_bare_name_means_the_picture_with_fewer_folders(tmp_path):
    files = source("images/a.png", "images/sub/a.png", tmp_path=tmp_path)
    assert files.find("a.png", near="annotations/instances.json") == "images/a.png"
    assert files.find("sub/a.png", near="annotations/instances.json") == "images/sub/a.png"


def test_find_by_stem_with_dots(tmp_path):
    files = source("a.b.c.jpg", "a.b.jpg", tmp_path=tmp_path)
    assert files.find("a.b", by_stem=True) == "a.b.jpg"
    assert files.find("a.b.c", by_stem=True) == "a.b.c.jpg"


@pytest.mark.parametrize(
    ("paths", "short"),
    [
        (["s/images/a.jpg", "s/images/b/a.jpg"], ["a.jpg", "b/a.jpg"]),
        (["images/train/a.jpg", "images/val/b.jpg"], ["a.jpg", "b.jpg"]),
        (["images/train/a.jpg", "images/val/a.jpg"], ["images/train/a.jpg", "images/val/a.jpg"]),
        (["images/train/a.jpg", "images/val/A.JPG"], ["images/train/a.jpg", "images/val/A.JPG"]),
        (["VOC/JPEGImages/a.jpg"], ["a.jpg"]),
        (["images/train/images/a.jpg"], ["images/a.jpg"]),
        (["cam1/a.jpg", "cam2/a.jpg"], ["cam1/a.jpg", "cam2/a.jpg"]),
        (["images/images/a.jpg", "images/a.jpg", "a.jpg"], ["images/images/a.jpg", "images/a.jpg", "a.jpg"]),
    ],
)
def test_short_names_stay_different(paths, short):
    names = short_names(paths, "")
    assert [names[path] for path in paths] == short
    assert len(set(names.values())) == len(paths)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("annotations/instances_train2017.json", "train"),
        ("valid/_annotations.coco.json", "val"),
        ("test.csv", "test"),
        ("train_labels.csv", "train"),
        ("data/contest.csv", None),
        ("training/x.json", "train"),
        ("labels.csv", None),
        ("test/instances_val.json", "val"),
    ],
)
def test_split_of_path(name, split):
    assert split_of_path(name) == split


def test_words_and_parts():
    assert split_of_word("Validation") == "val"
    assert split_of_word("trainer") is None
    assert parts_of(" .\\a\\..\\b//c.jpg ") == ["a", "b", "c.jpg"]
