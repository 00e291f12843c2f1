"""CVAT for images: shapes, masks, attributes, and files that are broken or of another kind."""

import math

import pytest

from boxwright.domain import rle
from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import Labelled

META = """<meta><task><labels>
<label><name>cat</name><attributes>
<attribute><name>tame</name><input_type>checkbox</input_type></attribute>
<attribute><name>age</name><input_type>number</input_type></attribute>
<attribute><name>note</name><input_type>text</input_type></attribute></attributes></label>
<label><name>dog</name></label><label><name>night</name><type>tag</type></label>
</labels></task></meta>"""


def document(shapes: str, meta: str = META, head: str = 'id="7" name="a.jpg" width="100" height="80"') -> str:
    return f"<annotations><version>1.1</version>{meta}\n<image {head}>\n{shapes}\n</image></annotations>"


@pytest.fixture
def read(load, make_picture):
    """Read an XML with one picture of 100 x 80 pixels beside it."""

    def run(text: str, **params: object):
        return load({"annotations.xml": text, "images/a.jpg": make_picture()}, **params)

    return run


def test_every_shape(read):
    got = read(
        document(
            '<box label="cat" occluded="1" xtl="1.5" ytl="2" xbr="30" ybr="40" z_order="3" group_id="5">'
            '<attribute name="tame">true</attribute><attribute name="age">3</attribute>'
            '<attribute name="note">007</attribute></box>'
            '<box label="dog" xtl="10" ytl="20" xbr="30" ybr="40" rotation="90.00"/>'
            '<polygon label="cat" points="1,2;30,4;6,50"/><polyline label="dog" points="1,2;3,4"/>'
            '<points label="dog" points="9,8"/><ellipse label="cat" cx="50" cy="40" rx="20" ry="10" rotation="350"/>'
            '<mask label="dog" rle="1, 2, 1, 2" left="5" top="6" width="3" height="2"/>'
            '<tag label="night"/>'
        )
    )
    record = got.by_name["a.jpg"]
    shapes = [item.geometry for item in record.annotations]
    assert shapes[0] == Box(x0=1.5, y0=2, x1=30, y1=40)
    assert isinstance(shapes[1], RotatedBox)
    assert (shapes[1].cx, shapes[1].cy, shapes[1].w, shapes[1].h) == (20, 30, 20, 20)
    assert shapes[1].angle == pytest.approx(math.pi / 2)
    assert isinstance(shapes[2], Polygon)
    assert shapes[3] == Polyline(points=((1, 2), (3, 4)))
    assert shapes[4] == Points(points=((9, 8),))
    assert isinstance(shapes[5], Ellipse)
    assert shapes[5].angle == pytest.approx(-math.radians(10))
    assert isinstance(shapes[6], Mask)
    pixels = rle.decode(shapes[6].counts, 100, 80)
    assert pixels[6:8, 5:8].tolist() == [[False, True, True], [False, True, True]]
    assert pixels.sum() == 4
    first = record.annotations[0]
    assert dict(first.attributes) == {"occluded": True, "tame": True, "age": 3, "note": "007"}
    assert (first.z, first.group_id, record.tags, record.external_id) == (3, "5", ("night",), "7")
    assert got.class_names == ["cat", "dog"]
    assert not got.report["problems"]


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ('<mask label="cat" rle="1, 2" left="5" top="6" width="3" height="2"/>', "shape_invalid"),
        ('<mask label="cat" rle="0, 99999999999" left="0" top="0" width="3" height="2"/>', "shape_invalid"),
        ('<mask label="cat" rle="-1, 7" left="0" top="0" width="3" height="2"/>', "shape_invalid"),
        ('<mask label="cat" rle="0, 6" left="500" top="0" width="3" height="2"/>', "shape_invalid"),
        ('<mask label="cat" rle="0, 6" left="0" top="0" width="90000" height="90000"/>', "shape_invalid"),
        ('<box label="cat" xtl="1" ytl="2"/>', "shape_invalid"),
        ('<box label="cat" xtl="1" ytl="2" xbr="nan" ybr="5"/>', "not_finite"),
        ('<box label="cat" xtl="5" ytl="2" xbr="1" ybr="5"/>', "negative_size"),
        ('<box label="cat" xtl="5" ytl="2" xbr="5" ybr="5"/>', "no_area"),
        ('<polygon label="cat" points="1,2;3,4"/>', "too_few_points"),
        ('<polygon label="cat" points="1;2;3"/>', "shape_invalid"),
        ('<polyline label="cat" points="1,2;1,2"/>', "geometry_invalid"),
        ('<points label="cat" points="-50,-50"/>', "outside"),
        ('<ellipse label="cat" cx="1" cy="1" rx="0" ry="3"/>', "geometry_invalid"),
        ('<box label="" xtl="1" ytl="2" xbr="9" ybr="5"/>', "class_missing"),
        ('<cloud label="cat"/>', "shape_unknown"),
        ('<skeleton label="cat"><points points="1,2"/><points points="3,4"/></skeleton>', "shape_changed"),
        ('<cuboid label="cat" xtl1="1" ytl1="2" xbl1="3" ybl1="9" xtr1="8" ytr1="2"/>', "shape_changed"),
        ('<polyline label="cat" points="1,2;300,4"/>', "out_of_bounds"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_with_its_line(shape, code, read):
    got = read(document(shape + '<box label="dog" xtl="1" ytl="1" xbr="9" ybr="9"/>'))
    (problem,) = got.report["problems"]
    assert problem["code"] == code
    assert problem["file"] == "annotations.xml"
    assert problem["line"] > 1
    assert ("dog", (1, 1, 9, 9)) in got.labels("a.jpg")


def test_a_video_is_sent_to_where_videos_are_imported(read):
    with pytest.raises(InvalidDataset, match=r"annotations.xml, line 2: has the tracks of a video") as caught:
        read('<annotations>\n<track id="0" label="cat"><box frame="0" xtl="1"/></track></annotations>')
    assert caught.value.code == "cvat_video"
    assert "import the tracks there" in caught.value.message


@pytest.mark.parametrize(
    "bad",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotations><meta>&x;</meta></annotations>',
        "<" * 60,
        "",
    ],
)
def test_unsafe_and_foreign_xml_is_reported(bad, read):
    got = read(bad, format="cvat")
    assert got.codes[0] in ("xml_unsafe", "xml_broken", "xml_foreign")
    assert got.by_name["a.jpg"].state == "unlabeled"


@pytest.mark.parametrize("bad", ["<annotations>" + "<a>" * 60, document("<box"), document("")[:-9]])
def test_xml_that_breaks_off_imports_nothing(bad, read):
    with pytest.raises(InvalidDataset) as caught:
        read(bad)
    assert caught.value.code in ("xml_unsafe", "xml_broken")
    assert "\n" not in caught.value.message


def test_pictures_that_are_absent_twice_or_of_another_size(load, make_picture):
    text = (
        "<annotations><image id='0' name='a.jpg' width='99' height='80'/>"
        "<image id='1' name='a.jpg' width='9' height='9'/>"
        "<image id='2' name='gone.jpg' width='9' height='9'/><image id='3' name='lost.jpg'/></annotations>"
    )
    got = load({"annotations.xml": text, "a.jpg": make_picture(), "b.jpg": make_picture(shade=3)})
    assert got.codes == [
        "size_mismatch",
        "size_mismatch",
        "image_twice",
        "image_missing",
        "image_missing",
        "image_unmatched",
    ]
    assert {name: record.state for name, record in got.by_name.items()} == {
        "a.jpg": "empty",
        "gone.jpg": "empty",
        "b.jpg": "unlabeled",
    }


def test_losses(build, save):
    hole = Polygon(rings=(((0, 0), (50, 0), (50, 50), (0, 50)), ((10, 10), (20, 10), (20, 20), (10, 20))))
    drawn = (
        Labelled(class_index=0, geometry=hole, crowd=True, score=0.5, attributes={"a": None}),
        Labelled(class_index=0, geometry=Polyline(points=((1, 1), (5, 9))), attributes={"b": "x"}),
        Labelled(class_index=0, geometry=Polyline(points=((1, 1), (5, 9))), group_id="left"),
    )
    _, result = save(build([(drawn, "train", "labeled")]), "cvat")
    assert {loss["code"] for loss in result["losses"]} == {"polygon_parts", "crowd", "score", "attribute_values"}
