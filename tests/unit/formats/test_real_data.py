"""The shared real datasets, and what is known about them."""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from boxwright.domain.errors import InvalidDataset
from boxwright.media.zipstream import Entry, write_zip

pytestmark = pytest.mark.data


@pytest.fixture
def load_folder(load, data_root, tmp_path):
    def run(name: str, **params: object):
        folder: Path = data_root / name
        if not folder.is_dir():
            pytest.skip(f"no {folder}")
        files = sorted(
            path for path in folder.rglob("*") if path.is_file() and path.name not in ("LICENSE", "README.md")
        )
        archive = tmp_path / "data.zip"
        write_zip(archive, (Entry(path.relative_to(folder).as_posix(), path) for path in files))
        return load(archive, **params)

    return run


def test_bccd_names_its_two_one_pixel_boxes(load_folder):
    got = load_folder("bccd")
    assert (got.report["format"], got.report["images"], got.report["annotations"]) == ("voc", 364, 4888)
    assert got.report["splits"] == {"train": 205, "val": 87, "test": 72}
    assert sorted(got.class_names) == ["Platelets", "RBC", "WBC"]
    assert [Path(problem["file"]).stem for problem in got.report["problems"]] == [
        "BloodImage_00338",
        "BloodImage_00343",
    ]
    assert got.codes == ["suspicious_size", "suspicious_size"]
    assert "BloodImage_00338.jpg" in got.by_name


@pytest.mark.parametrize(
    "kind",
    [
        "coco",
        "yolo",
        "voc",
        "cvat",
        "labelstudio",
        "labelme",
        "via",
        "darknet",
        "createml",
        "openimages",
        "datumaro",
        "csv",
    ],
)
def test_bccd_comes_back_from_every_format(kind, load_folder, load, save):
    got = load_folder("bccd")
    archive, result = save(got, kind)
    assert (result["images"], result["annotations"]) == (364, 4888)
    back = load(archive)
    assert back.report["format"] == kind
    assert back.report["splits"] == got.report["splits"]
    for name, record in got.by_name.items():
        assert back.labels(name) == got.labels(name)
        assert (back.by_name[name].split, back.by_name[name].sha256) == (record.split, record.sha256)
    assert len(back.problems("suspicious_size")) == 2
    assert all(
        "BloodImage_00338" in str(problem) or "343" in str(problem) or kind == "csv"
        for problem in back.report["problems"]
    )


def test_playing_cards_voc_and_csv_agree(load_folder):
    voc = load_folder("playing_cards")
    assert (voc.report["images"], voc.report["annotations"], len(voc.class_names)) == (296, 527, 6)
    table = load_folder("playing_cards", format="csv")
    assert (table.report["images"], table.report["annotations"]) == (296, 527)
    for name in voc.by_name:
        shifted = [(label, (x0 + 1, y0 + 1, x1, y1)) for label, (x0, y0, x1, y1) in voc.labels(name)]
        assert sorted(shifted) == sorted(table.labels(name))  # the CSV repeats VOC's 1-based numbers


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
def test_coco_permissive_is_the_same_for_pycocotools(load_folder, save, unpack, data_root, tmp_path):
    from pycocotools.coco import COCO

    got = load_folder("coco_permissive")
    assert (got.report["images"], got.report["annotations"], len(got.class_names)) == (123, 1117, 80)
    assert got.report["problem_count"] == 0
    (tmp_path / "ours.json").write_bytes(unpack(save(got, "coco", with_images=False)[0])["annotations/instances.json"])
    with redirect_stdout(io.StringIO()):
        ours, theirs = COCO(str(tmp_path / "ours.json")), COCO(str(data_root / "coco_permissive" / "instances.json"))
    assert set(ours.anns) == set(theirs.anns)
    assert {key: value["name"] for key, value in ours.cats.items()} == {k: v["name"] for k, v in theirs.cats.items()}
    assert {key: value["file_name"] for key, value in ours.imgs.items()} == {
        k: v["file_name"] for k, v in theirs.imgs.items()
    }
    for key, mine in ours.anns.items():
        other = theirs.anns[key]
        assert (mine["image_id"], mine["category_id"], mine["iscrowd"]) == (
            other["image_id"],
            other["category_id"],
            other["iscrowd"],
        )
        assert (ours.annToMask(mine) == theirs.annToMask(other)).all()


def test_nuclei_masks_survive_coco(load_folder, load, save):
    got = load_folder("nuclei")
    assert (got.report["images"], got.report["annotations"]) == (90, 4379)
    back = load(save(got, "coco")[0])
    for name, record in got.by_name.items():
        assert [i.geometry for i in back.by_name[name].annotations] == [i.geometry for i in record.annotations]


def test_yolo_mark(load_folder):
    got = load_folder("yolo_mark")
    assert (got.report["format"], got.report["images"], got.report["annotations"]) == ("darknet", 10, 35)
    assert got.class_names == ["air", "bird"]


def test_car_damage_via(load_folder, load, save):
    got = load_folder("car_damage_via")
    assert (got.report["format"], got.report["images"], got.report["annotations"]) == ("via", 62, 152)
    assert got.class_names == ["damage"]
    assert len(got.report["notes"]) == 3  # two more JSON files and the CSV have the same pictures
    for kind in ("via", "cvat", "labelme", "labelstudio", "coco"):
        back = load(save(got, kind)[0])
        for name, record in got.by_name.items():
            assert [i.geometry for i in back.by_name[name].annotations] == [i.geometry for i in record.annotations]


@pytest.mark.parametrize("name", ["via_region_data.csv", "via_region_data.json", "train_multiclass.json"])
def test_car_damage_via_by_its_other_files(name, load, data_root):
    folder = data_root / "car_damage_via" / "train"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    files = {path.name: path.read_bytes() for path in folder.glob("*.jpg")}
    got = load({**files, name: (folder / name).read_bytes()})
    if name == "train_multiclass.json":
        assert (got.report["images"], len(got.class_names)) == (62, 5)
    else:
        assert (got.report["format"], got.report["images"], got.report["annotations"]) == ("via", 62, 152)


@pytest.mark.parametrize(
    ("folder", "images", "annotations", "classes"),
    [
        ("test_export_yolo", 3, 5, {"parasites", "white", "butterfly"}),
        ("test_export_json_min", 1, 1, {"Airplane"}),
        ("test_export_csv", 2, 3, {"Car"}),
    ],
)
def test_label_studio_exports(folder, images, annotations, classes, load_folder):
    report = load_folder(f"label_studio_exports/{folder}").report
    assert (report["format"], report["images"], report["annotations"]) == ("labelstudio", images, annotations)
    assert set(report["classes"]) >= classes


def test_nine_formats_toy_coco_and_voc_agree(load_folder):
    boxes = load_folder("nine_formats_toy/gts_coco_format")
    xml = load_folder("nine_formats_toy/gts_vocpascal_format")
    assert boxes.report["annotations"] == xml.report["annotations"]


ASSETS = "many_formats/tests/assets"


@pytest.mark.parametrize(
    ("folder", "kind", "images", "annotations", "splits"),
    [
        ("coco_dataset/coco", "coco", 2, 3, {"train": 1, "val": 1}),
        ("coco_dataset/coco_instances", "coco", 2, 3, {"train": 1, "val": 1}),
        ("coco_dataset/coco_roboflow", "coco", 2, 3, {"train": 1, "val": 1}),
        ("coco_dataset/mmdet_coco", "coco", 2, 3, {"train": 1, "val": 1}),
        ("coco_dataset/coco_person_keypoints", "coco", 2, 3, {"train": 1, "val": 1}),
        ("coco_dataset/coco_captions", "coco", 2, 0, {"train": 1, "val": 1}),
        ("yolo_dataset/strict", "darknet", 1, 2, {"train": 1}),
        ("yolo_dataset/labels", "yolo", 2, 4, {"train": 1, "val": 1}),
        ("yolo_dataset/annotations", "yolo", 1, 2, {"none": 1}),
        ("voc_dataset/voc_dataset1", "voc", 2, 2, {"train": 1, "test": 1}),
        ("voc_dataset/voc_dataset3", "voc", 1, 1, {"train": 1}),
        ("roboflow_dataset/coco", "coco", 3, 4, {"train": 2, "val": 1}),
        ("roboflow_dataset/voc", "voc", 3, 4, {"train": 2, "val": 1}),
        ("roboflow_dataset/yolo", "yolo", 3, 4, {"train": 2, "val": 1}),
        ("kaggle_dataset/relaxed_coco", "coco", 2, 2, {"none": 2}),
        ("kaggle_dataset/relaxed_voc1", "voc", 2, 2, {"none": 2}),
        ("roboflow_dataset/createml", "createml", 3, 4, {"train": 2, "val": 1}),
        ("roboflow_dataset/tfrecord", "tfrecord", 3, 4, {"train": 2, "val": 1}),
        ("roboflow_dataset/yolo_obb", "yolo", 3, 4, {"train": 2, "val": 1}),
        ("open_images_dataset/v6", "openimages", 4, 2, {"train": 2, "val": 1, "test": 1}),
        ("open_images_dataset/v5", "openimages", 2, 0, {"train": 1, "test": 1}),
        ("datumaro_dataset/legacy", "datumaro", 4, 0, {"train": 2, "val": 1, "test": 1}),
        ("tf_detection_api_dataset", "tfrecord", 3, 4, {"train": 1, "val": 1, "test": 1}),
        ("cvat_dataset/for_images/export_project", "cvat", 6, 12, {"train": 2, "val": 2, "test": 2}),
        ("cvat_dataset/for_images/export_task", "cvat", 2, 4, {"train": 2}),
        ("kaggle_dataset/relaxed_yolo", "yolo", 2, 4, {"none": 2}),
    ],
)
def test_samples_of_other_tools(load_folder, folder, kind, images, annotations, splits):
    got = load_folder(f"{ASSETS}/{folder}")
    report = got.report
    assert (report["format"], report["images"], report["annotations"], report["splits"]) == (
        kind,
        images,
        annotations,
        splits,
    )
    assert json.dumps(report)


def test_a_video_of_cvat_says_where_it_belongs(load_folder):
    with pytest.raises(InvalidDataset, match="tracks of a video"):
        load_folder(f"{ASSETS}/cvat_dataset/for_video")
