"""The import and export jobs as wholes: whole or not at all, dry runs, stops, repeats."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from boxwright.domain.errors import Cancelled, InvalidDataset, StorageFull
from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, read_records, write_manifest
from boxwright.formats.tasks import run_export, run_import

CSV = "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,80,cat,1,1,9,9\n"


@pytest.fixture
def archive(tmp_path, make_picture):
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.jpg", make_picture())
        packed.writestr("b.jpg", make_picture(shade=9))
        packed.writestr("l.csv", CSV)
    return path


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_result_is_json_and_paths_lie_in_the_work_folder(archive, context):
    result = run_import({"archive": str(archive), "format": "auto"}, context)
    assert json.loads(json.dumps(result))["report"]["images"] == 2
    for record in read_records(context.workdir / result["files"]["records"]):
        assert not Path(record.path).is_absolute()
        assert (context.workdir / record.path).is_file()
        assert len(record.sha256) == 64
    assert set(context.phases) == {"unpacking", "reading"}
    assert json.loads((context.workdir / "report.json").read_text())["images"] == 2


def test_dry_run_reports_the_same_and_keeps_no_pictures(archive, context, tmp_path):
    real = run_import({"archive": str(archive)}, context)["report"]
    other = type(context)(tmp_path / "dry")
    other.workdir.mkdir()
    dry = run_import({"archive": str(archive), "dry_run": True}, other)["report"]
    assert {**dry, "dry_run": False} == real
    assert files_below(other.workdir) == ["records.jsonl", "report.json"]
    assert all(record.path is None for record in read_records(other.workdir / "records.jsonl"))


def test_running_again_starts_clean(archive, context):
    first = run_import({"archive": str(archive)}, context)
    (context.workdir / "files" / "junk").write_text("left by a killed run")
    (context.workdir / "scratch").mkdir(exist_ok=True)
    (context.workdir / "scratch" / "spool.db").write_text("half a database")
    before = (context.workdir / "records.jsonl").read_bytes()
    assert run_import({"archive": str(archive)}, context) == first
    assert (context.workdir / "records.jsonl").read_bytes() == before
    assert "files/junk" not in files_below(context.workdir)


@pytest.mark.parametrize("word", ["keep", "discard"])
def test_stopping_an_import_leaves_no_records(archive, context, word):
    context.stop = word
    with pytest.raises(Cancelled):
        run_import({"archive": str(archive)}, context)
    assert not (context.workdir / "records.jsonl").exists()


def test_full_disk_is_said_and_leaves_no_records(archive, context, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        run_import({"archive": str(archive)}, context)
    assert not (context.workdir / "records.jsonl").exists()
    assert not (context.workdir / "records.jsonl.tmp").exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "archive_empty"),
        (b"PK\x05\x06" + bytes(18), "archive_empty"),
        (b"PK\x03\x04 and then nonsense", "archive_broken"),
        (b"\x1f\x8b nonsense", "archive_broken"),
        (b"just some words", "format_unknown"),
        (b'{"images": [], "annotations": [], "categories": []}', "dataset_empty"),
        (b"Rar!\x1a\x07\x00", "archive_format"),
    ],
)
def test_unusable_uploads_are_one_clear_line(tmp_path, context, data, code):
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(InvalidDataset) as caught:
        run_import({"archive": str(path)}, context)
    assert caught.value.code == code
    assert "\n" not in caught.value.message


def test_missing_upload_and_unknown_format(tmp_path, context, archive):
    with pytest.raises(InvalidDataset, match="upload it again"):
        run_import({"archive": str(tmp_path / "gone")}, context)
    with pytest.raises(InvalidDataset, match="unknown format 'kitti'"):
        run_import({"archive": str(archive), "format": "kitti"}, context)


def test_pictures_alone_are_a_dataset(load, make_picture):
    got = load(
        {
            "set/train/a.jpg": make_picture(),
            "set/test/b.png": make_picture(kind="PNG"),
            "set/c.jpg": make_picture(shade=4),
        }
    )
    assert got.report["format"] == "images"
    assert got.report["splits"] == {"train": 1, "test": 1, "none": 1}
    assert got.report["problem_count"] == 0
    assert {record.state for record in got.records} == {"unlabeled"}


def test_same_bytes_in_two_splits_are_a_leak(load, make_picture):
    got = load({"train/a.jpg": make_picture(), "test/b.jpg": make_picture(), "test/c.jpg": make_picture()})
    assert sorted(got.codes) == ["same_picture", "same_picture_in_two_splits"]


def test_lying_extensions_junk_and_odd_names(load, make_picture):
    files = {
        "a.jpg": make_picture(kind="PNG"),
        "b.PNG": make_picture(shade=5),
        "x.svg": "<svg/>",
        "__MACOSX/._a.jpg": b"\x00\x05\x16\x07",
        "._b.jpg": b"junk",
        ".DS_Store": b"junk",
        "empty.jpg": b"",
        "c.jpg": make_picture(shade=7)[:200],
    }
    got = load(files)
    assert sorted(got.by_name) == ["a.jpg", "b.PNG"]
    assert {(p["file"], p["code"], p["action"]) for p in got.report["problems"]} == {
        ("empty.jpg", "image_empty", "skipped"),
        ("c.jpg", "image_unreadable", "skipped"),
    }


def test_only_the_first_thousand_problems_are_kept(load, make_picture):
    rows = "".join(f"a.jpg,100,80,cat,5,5,5,{n}\n" for n in range(1500))
    report = load({"a.jpg": make_picture(), "l.csv": CSV + rows}).report
    assert (len(report["problems"]), report["problem_count"]) == (1000, 1500)


def test_own_export_is_upright_whatever_is_asked(load, save, make_picture):
    got = load({"a.jpg": make_picture(orientation=6), "l.csv": CSV}, frame="raw")
    archive, _ = save(got, "csv")
    again = load(archive, frame="raw")
    assert again.labels("a.jpg") == got.labels("a.jpg")
    assert any("upright" in note for note in again.report["notes"])


@pytest.mark.parametrize("kind", ["coco", "yolo", "voc", "csv"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_agrees_through_every_format(kind, orientation, load, save, make_picture):
    got = load({"a.jpg": make_picture(orientation=orientation), "l.csv": CSV}, frame="raw")
    back = load(save(got, kind)[0])
    assert back.labels("a.jpg") == got.labels("a.jpg")
    mine, other = back.by_name["a.jpg"], got.by_name["a.jpg"]
    assert (mine.width, mine.height, mine.orientation) == (other.width, other.height, orientation)
    assert not back.problems("frame_mismatch")


def manifest(tmp_path: Path, picture: Path | None) -> Path:
    item = Labelled(class_index=0, geometry=Box(x0=1, y0=2, x1=30, y1=40))
    path = str(picture) if picture else None
    record = ImageRecord(name="a.jpg", width=100, height=80, annotations=(item,), state="labeled", path=path)
    target = tmp_path / "manifest.jsonl"
    write_manifest(target, ManifestHeader(name="d", classes=(ManifestClass(id="", name="c"),)), [record])
    return target


@pytest.mark.parametrize("kind", ["coco", "yolo", "voc", "csv"])
def test_export_without_pictures(kind, tmp_path, context, unpack):
    params = {"manifest": str(manifest(tmp_path, None)), "format": kind, "with_images": False, "out": "o.zip"}
    result = run_export(params, context)
    assert result["losses"] == []
    assert not any(name.endswith(".jpg") for name in unpack(context.workdir / "o.zip"))
    lost = run_export({**params, "with_images": True}, context)["losses"]
    assert [(loss["code"], loss["count"]) for loss in lost] == [("pixels_missing", 1)]


def test_stopping_an_export_leaves_nothing(tmp_path, context):
    context.stop = "discard"
    with pytest.raises(Cancelled):
        run_export({"manifest": str(manifest(tmp_path, None)), "format": "coco", "out": "o.zip"}, context)
    assert files_below(context.workdir) == []


def test_export_of_nonsense(tmp_path, context):
    path = tmp_path / "m.jsonl"
    path.write_text("no manifest\n")
    with pytest.raises(InvalidDataset):
        run_export({"manifest": str(path), "format": "coco"}, context)
    with pytest.raises(InvalidDataset, match="unknown format"):
        run_export({"manifest": str(manifest(tmp_path, None)), "format": "kitti"}, context)
