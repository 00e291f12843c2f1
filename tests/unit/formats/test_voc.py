"""Pascal VOC, as it is met in the wild."""

import pytest

from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader


def obj(xmin=11, ymin=21, xmax=40, ymax=60, name="cat", extra=""):
    corners = f"<xmin>{xmin}</xmin><ymin>{ymin}</ymin><xmax>{xmax}</xmax><ymax>{ymax}</ymax>"
    return f"<object><name>{name}</name>{extra}<bndbox>{corners}</bndbox></object>\n"


def voc(*objects, filename="a.jpg", size="<size><width>100</width><height>80</height><depth>3</depth></size>"):
    return f"<annotation>\n<filename>{filename}</filename>\n{size}\n{''.join(objects)}</annotation>"


@pytest.fixture
def one(load, make_picture):
    def run(text, **more):
        return load({"JPEGImages/a.jpg": make_picture(), "Annotations/a.xml": text, **more})

    return run


def test_one_based_inclusive(one):
    got = one(voc(obj(), obj(1, 1, 100, 80, "dog")))
    assert got.report["format"] == "voc"
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60)), ("dog", (0, 0, 100, 80))]
    assert got.report["problem_count"] == 0


def test_one_pixel_is_kept_and_named(one):
    got = one(voc(obj(5, 6, 5, 6)))
    assert got.labels("a.jpg") == [("cat", (4, 5, 5, 6))]
    problem = got.report["problems"][0]
    assert (problem["code"], problem["action"], problem["file"], problem["line"]) == (
        "suspicious_size",
        "kept",
        "Annotations/a.xml",
        4,
    )


def test_reversed_corners_are_skipped(one):
    got = one(voc(obj(50, 20, 40, 60), obj(50, 60, 60, 40), obj(50, 20, 49, 60)))
    assert got.codes == ["negative_size", "negative_size", "no_area"]
    assert got.by_name["a.jpg"].state == "empty"


def test_plainly_zero_based_file(one):
    got = one(voc(obj(0, 10, 20, 30), obj(10, 20, 40, 60)))
    assert got.labels("a.jpg") == [("cat", (0, 10, 20, 30)), ("cat", (10, 20, 40, 60))]
    assert any("count from 0" in note for note in got.report["notes"])


def test_floats_and_missing_fields(one):
    got = one(voc(obj("10.5", "20.25", "40.75", "60.0"), size=""))
    assert got.labels("a.jpg") == [("cat", (9.5, 19.25, 40.75, 60))]


def test_flags_pose_parts_and_attributes(one):
    part = "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>"
    attributes = "<attributes><attribute><name>colour</name><value>red</value></attribute></attributes>"
    flags = "<pose>Left</pose><truncated>1</truncated><difficult>0</difficult>"
    got = one(voc(obj(extra=flags + part + attributes)))
    assert got.by_name["a.jpg"].annotations[0].attributes == {"truncated": True, "pose": "Left", "colour": "red"}
    assert got.codes == ["parts_left"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (obj(200, 10, 220, 30), "outside"),
        (obj(90, 10, 120, 30), "out_of_bounds"),
        (obj("nan", 10, 120, 30), "not_finite"),
        (obj("", 10, 120, 30), "not_finite"),
        (obj("abc", 10, 120, 30), "not_finite"),
        ("<object><name>x</name></object>", "object_invalid"),
        (obj(name=""), "object_invalid"),
    ],
)
def test_odd_objects_are_reported(one, text, code):
    assert one(voc(obj(), text)).codes == [code]


def test_wrong_filename_prefers_the_stem(load, make_picture):
    files = {
        "JPEGImages/a.jpg": make_picture(),
        "JPEGImages/b.jpg": make_picture(shade=1),
        "Annotations/a.xml": voc(obj(), filename="b.jpg"),
        "Annotations/b.xml": voc(obj(name="dog"), filename="C:\\old\\nothing.png"),
    }
    got = load(files)
    assert got.labels("a.jpg")[0][0] == "cat"
    assert got.labels("b.jpg")[0][0] == "dog"
    assert got.codes == ["filename_mismatch", "filename_mismatch"]


def test_same_stem_is_told_apart_by_filename(load, make_picture):
    files = {"a.jpg": make_picture(), "a.png": make_picture(kind="PNG"), "a.xml": voc(obj(), filename="a.png")}
    got = load(files)
    assert got.labels("a.png")
    assert got.by_name["a.jpg"].state == "unlabeled"


def test_xml_beside_pictures_mixed_case_and_dots(load, make_picture):
    files = {"train/IMG.1.v2.JPG": make_picture(), "train/IMG.1.v2.xml": voc(obj(), filename="img.1.V2.jpg")}
    got = load(files)
    assert got.labels("IMG.1.v2.JPG")
    assert got.report["splits"] == {"train": 1}


def test_image_sets(load, make_picture):
    files = {"d/ImageSets/Main/train.txt": "a\n", "d/ImageSets/Main/val.txt": "b.jpg\nghost\n"}
    files["d/ImageSets/Main/trainval.txt"] = "a\nb\n"
    files["d/ImageSets/Main/cat_train.txt"] = "c 1\n"
    files["d/ImageSets/Main/test.txt"] = "sub/c\n"
    for name in ("a", "b", "sub/c", "d"):
        files[f"d/JPEGImages/{name}.jpg"] = make_picture(shade=ord(name[-1]))
        files[f"d/Annotations/{name}.xml"] = voc(obj(), filename=f"{name[-1]}.jpg")
    got = load(files)
    splits = {name: record.split for name, record in got.by_name.items()}
    assert splits == {"a.jpg": "train", "b.jpg": "val", "sub/c.jpg": "test", "d.jpg": "none"}
    assert got.codes == ["image_missing"]


def test_default_split_is_for_those_without(load, make_picture):
    files = {"a.jpg": make_picture(), "a.xml": voc(obj())}
    assert load(files, default_split="test").report["splits"] == {"test": 1}


def test_picture_without_xml_and_xml_without_picture(load, make_picture):
    files = {
        "a.jpg": make_picture(),
        "b.xml": voc(obj(), filename="b.jpg"),
        "c.xml": voc(obj(), filename="c.jpg", size=""),
    }
    got = load(files)
    assert got.by_name["a.jpg"].state == "unlabeled"
    assert got.by_name["b.jpg"].path is None
    assert sorted(got.codes) == ["image_missing", "image_missing", "image_unmatched"]


XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><annotation><filename>&f;</filename></annotation>'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><annotation><filename>&i;</filename></annotation>"
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (XXE, "xml_unsafe"),
        (BOMB, "xml_unsafe"),
        ('<!DOCTYPE annotation SYSTEM "http://example.com/x.dtd"><annotation/>', "xml_unsafe"),
        ("<a>" * 100_000, "xml_unsafe"),
        ("<annotation><object>", "xml_broken"),
        ("", "xml_broken"),
        ('<?xml version="1.0" encoding="nonsense"?><annotation/>', "xml_broken"),
        ("<html><body/></html>", "xml_foreign"),
    ],
)
def test_hostile_and_broken_xml_is_one_problem(load, make_picture, text, code):
    got = load({"a.jpg": make_picture(), "a.xml": voc(obj()), "evil.xml": text})
    assert got.codes == [code]
    assert got.report["problems"][0]["file"] == "evil.xml"
    assert "root:" not in str(got.report)
    assert got.report["annotations"] == 1


def test_huge_xml_text_is_read_in_linear_time(one):
    assert (
        one(voc(obj(extra=f"<pose>{'x' + chr(10)}</pose>" + "<junk>" + "y\n" * 500_000 + "</junk>"))).report[
            "annotations"
        ]
        == 1
    )


def test_labelmap_keeps_the_order_of_classes(one):
    got = one(voc(obj()), **{"labelmap.txt": "# label:color:parts:actions\nbackground:0,0,0::\ndog:::\ncat:::\n"})
    assert got.class_names == ["dog", "cat"]


def test_writer(save, unpack):
    item = Labelled(class_index=0, geometry=Box(x0=10, y0=20, x1=40.5, y1=60), attributes={"difficult": True, "n": 2})
    record = ImageRecord(name="sub/a&b.jpg", width=100, height=80, annotations=(item,), state="labeled", split="val")
    header = ManifestHeader(name="d", classes=(ManifestClass(id="", name="<cat>"),))
    files = unpack(save((header, [record]), "voc")[0])
    text = files["Annotations/sub/a&b.xml"].decode()
    assert "<xmin>11</xmin><ymin>21</ymin><xmax>40.5</xmax><ymax>60</ymax>" in text
    assert "&lt;cat&gt;" in text
    assert "<filename>a&amp;b.jpg</filename>" in text
    assert "<difficult>1</difficult>" in text
    assert files["ImageSets/Main/val.txt"] == b"sub/a&b\n"
