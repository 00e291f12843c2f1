"""YOLO and Darknet, as they are met in the wild."""

import math

import pytest

from boxwright.domain.geometry import Box, Polygon, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader

YAML = "names: [cat, dog]\n"


@pytest.fixture
def one(load, make_picture):
    def run(text, *, yaml=YAML, **params):
        return load({"images/a.jpg": make_picture(), "labels/a.txt": text, "data.yaml": yaml}, **params)

    return run


def test_a_box(one):
    got = one("1 0.5 0.5 0.2 0.5\n")
    assert got.report["format"] == "yolo"
    assert got.labels("a.jpg") == [("dog", (40, 20, 60, 60))]


def test_box_segment_obb_and_score_in_one_file(one):
    square = "0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4"  # axis-aligned: a plain box
    turned = "1 0.5 0.25 0.7 0.5 0.5 0.75 0.3 0.5"  # (50,20) (70,40) (50,60) (30,40)
    free = "0 0.1 0.1 0.5 0.1 0.4 0.6"
    got = one("\n".join(["0 0.5 0.5 0.2 0.2", square, turned, free, "1 0.5 0.5 0.2 0.2 0.875"]))
    shapes = [item.geometry for item in got.by_name["a.jpg"].annotations]
    assert [shape.type for shape in shapes] == ["box", "box", "rotated_box", "polygon", "box"]
    assert shapes[1].bounds == (10, 8, 30, 32)
    assert (shapes[2].cx, shapes[2].cy) == (50, 40)
    assert shapes[2].w == pytest.approx(math.hypot(20, 20))
    assert shapes[2].angle == pytest.approx(math.pi / 4)
    assert got.by_name["a.jpg"].annotations[4].score == 0.875
    assert got.report["problem_count"] == 0


@pytest.mark.parametrize(
    "yaml",
    [
        "names: [cat, dog]",
        "names:\n  0: cat\n  1: dog\n",
        'nc: 2\nnames: {"1": dog, "0": cat}',
        "train: images\nnames:\n- cat\n- dog",
    ],
)
def test_names_as_list_or_dict(one, yaml):
    assert one("1 0.5 0.5 0.2 0.5", yaml=yaml).labels("a.jpg")[0][0] == "dog"


def test_gaps_beyond_the_list_and_names_with_spaces(one):
    got = one("5 0.5 0.5 0.2 0.2\n2 0.5 0.5 0.2 0.2\n", yaml="names: {2: traffic light, 7: ' stop  sign '}")
    assert got.class_names == ["traffic light", "stop  sign", "class 5"]
    assert [name for name, _ in got.labels("a.jpg")] == ["class 5", "traffic light"]
    assert got.codes == ["class_beyond_names"]
    assert got.report["problems"][0]["line"] == 1


def test_whitespace_line_ends_and_exact_limits(one):
    got = one("\ufeff\r\n0  0.5\t0.5   1 1 \r\n\r\n\r\n1 0 0 0.5 0.5\r\n1 1 1 .5 5e-1\r\n")
    assert got.labels("a.jpg") == [("cat", (0, 0, 100, 80)), ("dog", (0, 0, 25, 20)), ("dog", (75, 60, 100, 80))]
    assert got.codes == ["out_of_bounds", "out_of_bounds"]
    assert [problem["line"] for problem in got.report["problems"]] == [5, 6]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("0 0.5 0.5 0.2", "line_invalid"),
        ("0 0.5 0.5 0.2 x", "line_invalid"),
        ("-1 0.5 0.5 0.2 0.2", "line_invalid"),
        ("0 0.1 0.1 0.2 0.2 0.3 0.3 0.4", "line_invalid"),
        ("cat 0.5 0.5 0.2 0.2", "line_invalid"),
        ("0 nan 0.5 0.2 0.2", "not_finite"),
        ("0 0.5 inf 0.2 0.2", "not_finite"),
        ("0 0.5 0.5 0 0.2", "no_area"),
        ("0 0.5 0.5 -0.1 0.2", "negative_size"),
        ("0 5 5 0.1 0.1", "outside"),
        ("0 0.5 0.5 0.5 0.5 0.5 0.5", "no_area"),
        ("0 nan 0.1 0.5 0.1 0.4 0.6", "not_finite"),
        ("9" * 500 + " 0.5 0.5 0.2 0.2", "line_invalid"),
        ("9" * 5000 + " 0.5 0.5 0.2 0.2", "line_invalid"),
    ],
)
def test_bad_lines_are_reported_with_their_line(one, line, code):
    got = one(f"0 0.5 0.5 0.2 0.2\n{line}\n")
    assert got.codes[0] == code
    assert (got.report["problems"][0]["file"], got.report["problems"][0]["line"]) == ("labels/a.txt", 2)
    assert len(got.labels("a.jpg")) == 1


def test_empty_label_is_empty_and_no_label_is_unlabelled(load, make_picture):
    files = {
        "images/a.jpg": make_picture(),
        "images/b.jpg": make_picture(shade=1),
        "labels/a.txt": "",
        "data.yaml": YAML,
    }
    got = load(files)
    assert (got.by_name["a.jpg"].state, got.by_name["b.jpg"].state) == ("empty", "unlabeled")


def test_lines_of_strange_blanks_are_blank(one):
    got = one("1 0.5 0.5 0.2 0.5\n\x1f\n\xa0\n\0\u2003\0\n")
    assert (len(got.labels("a.jpg")), got.report["problem_count"]) == (1, 0)


def test_label_without_picture(load, make_picture):
    got = load({"images/a.jpg": make_picture(), "labels/a.txt": "", "labels/b.txt": "0 0.5 0.5 1 1", "data.yaml": YAML})
    assert [(p["file"], p["code"]) for p in got.report["problems"]] == [("labels/b.txt", "label_unmatched")]


def layout_files(make_picture):
    return {
        f"d/{folder}/{name}": data
        for folder, n in (("images/a", 1), ("images/b", 2), ("images/c", 3), ("images/rest", 4))
        for name, data in ((f"{n}.jpg", make_picture(shade=n)),)
    } | {f"d/labels/{folder}/{n}.txt": "0 0.5 0.5 0.5 0.5" for folder, n in (("a", 1), ("b", 2), ("c", 3))}


@pytest.mark.parametrize(
    "yaml",
    [
        "path: /data/d\ntrain: images/a\nval: images/b\ntest: [images/c]\nnames: [x]",
        "path: ../d\ntrain:\n- images/a\nval: ./images/b/\ntest: ../d/images/c\nnames: [x]",
        "train: a.txt\nval: lists/b.txt\ntest: [c.txt]\nnames: [x]",
    ],
)
def test_splits_as_folder_list_and_txt(load, make_picture, yaml):
    files = layout_files(make_picture) | {"d/data.yaml": yaml}
    if ".txt" in yaml:
        files |= {
            "d/a.txt": "./images/a/1.jpg\n",
            "d/lists/b.txt": "C:\\x\\images\\b\\2.jpg\r\n",
            "d/c.txt": "/abs/images/c/3.jpg\nmissing.jpg\n",
        }
    got = load(files)
    splits = {record.name.rpartition("/")[2]: record.split for record in got.records}
    assert splits == {"1.jpg": "train", "2.jpg": "val", "3.jpg": "test", "4.jpg": "none"}
    assert all(record.annotations for record in got.records if record.split != "none")
    assert [p["code"] for p in got.report["problems"]] == (["image_missing"] if ".txt" in yaml else [])


def test_roboflow_folders(load, make_picture):
    files = {"data.yaml": "train: ../train/images\nval: ../valid/images\nnames: [x]"}
    for number, split in enumerate(("train", "valid", "test")):
        files[f"{split}/images/{split}.jpg"] = make_picture(shade=number)
        files[f"{split}/labels/{split}.txt"] = "0 0.5 0.5 0.5 0.5"
    assert load(files).report["splits"] == {"train": 1, "val": 1, "test": 1}


def test_darknet(load, make_picture):
    files = {
        "obj.data": "classes = 2\ntrain = data/train.txt\nvalid = data/test.txt\nnames = data/obj.names\nbackup = b/",
        "obj.names": "air\nbird\n",
        "train.txt": "data/obj_train_data/1.jpg\n",
        "test.txt": "data/obj_train_data/2.jpg\n",
        "obj_train_data/1.jpg": make_picture(),
        "obj_train_data/2.jpg": make_picture(shade=1),
        "obj_train_data/1.txt": "1 0.5 0.5 0.5 0.5",
    }
    got = load(files)
    assert got.class_names == ["air", "bird"]
    assert got.report["splits"] == {"train": 1, "val": 1}
    assert got.labels("1.jpg") == [("bird", (25, 20, 75, 60))]
    assert got.report["problem_count"] == 0


def test_classes_txt_beside_the_pictures(load, make_picture):
    got = load({"a.jpg": make_picture(), "a.txt": "0 0.5 0.5 1 1", "classes.txt": "one thing\n"})
    assert got.labels("a.jpg") == [("one thing", (0, 0, 100, 80))]


def test_same_stem_twice_is_told(load, make_picture):
    files = {"a.jpg": make_picture(), "a.png": make_picture(kind="PNG"), "a.txt": "0 0.5 0.5 1 1", "classes.txt": "x"}
    got = load(files)
    assert got.codes == ["label_shared"]
    assert [len(record.annotations) for record in got.records] == [1, 1]


@pytest.mark.parametrize(
    "yaml",
    [
        "names: !!python/object/apply:os.system ['touch /tmp/evil']",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nnames: *c",
        "names: " + "[" * 5000,
        "names: [1, {a: b}, [c]]",
        "\x00\x01",
        "names:",
    ],
)
def test_unsafe_and_odd_yaml(load, make_picture, yaml):
    files = {"images/a.jpg": make_picture(), "labels/a.txt": "0 0.5 0.5 1 1", "data.yaml": yaml}
    assert load(files).report["annotations"] == 1


def dataset(*geometries, names=("cat", "dog"), name="a.jpg", **more):
    items = tuple(Labelled(class_index=0, geometry=geometry) for geometry in geometries)
    record = ImageRecord(name=name, width=100, height=80, annotations=items, state="labeled", split="train", **more)
    return ManifestHeader(name="d", classes=tuple(ManifestClass(id="", name=n) for n in names)), [record]


def test_writer_uses_few_digits(save, unpack):
    files = unpack(save(dataset(Box(x0=10, y0=20, x1=30, y1=60)), "yolo")[0])
    assert files["labels/train/a.txt"] == b"0 0.200000 0.500000 0.200000 0.500000\n"
    assert files["data.yaml"] == b'train: images/train\nnc: 2\nnames:\n  0: "cat"\n  1: "dog"\n'


def test_a_file_is_all_boxes_or_all_polygons(save, unpack):
    triangle = Polygon(rings=(((0, 0), (50, 0), (50, 40)),))
    turned = RotatedBox(cx=50, cy=40, w=20, h=10, angle=0.5)
    lines = unpack(save(dataset(Box(x0=10, y0=20, x1=30, y1=60), triangle, turned), "yolo")[0])[
        "labels/train/a.txt"
    ].split(b"\n")
    assert [len(line.split()) for line in lines] == [9, 7, 9, 0]


@pytest.mark.parametrize(
    "name",
    ["cat: dog", "- x", "'quoted'", '"', "{a}", "# no", "null", "yes", "1.0", "猫", "a\\nb", "a\nb", "b\x85x", "🐈"],
)
def test_class_names_survive_yaml(save, load, make_picture, tmp_path, name):
    (tmp_path / "a.jpg").write_bytes(make_picture())
    header_and_records = dataset(Box(x0=1, y0=2, x1=30, y1=60), names=(name,), path=str(tmp_path / "a.jpg"))
    archive, _ = save(header_and_records, "yolo")
    assert load(archive).class_names == [name]


def test_lone_surrogates_do_not_crash(one):
    assert one("0 0.5 0.5 0.2 0.2", yaml='names: ["\\ud83d"]').class_names == ["?"]


def test_picture_named_images_lands_where_readers_look(save, unpack):
    files = unpack(save(dataset(Box(x0=1, y0=2, x1=30, y1=60), name="images/a.jpg"), "yolo")[0])
    assert "images/train/labels/a.txt" in files


def test_a_hostile_yaml_is_read_once(load, make_picture, monkeypatch):
    from boxwright.formats import yolo

    read = []
    real = yolo.yaml.safe_load
    monkeypatch.setattr(yolo.yaml, "safe_load", lambda text: read.append(text) or real(text))
    files = {"data.yaml": "names: " + "[" * 5000, "a.txt": "0 0.5 0.5 0.1 0.1", "a.jpg": make_picture()}
    assert load(files).report["annotations"] == 1
    assert len(read) == 1
