"""VIA 2: project, JSON of regions, CSV; keys of name and size; every shape; which attribute is the class."""

import json

import pytest

from boxwright.domain.geometry import Box, Ellipse, Points, Polyline


def region(kind: str, about: object = None, **place: object) -> dict:
    return {
        "shape_attributes": {"name": kind, **place},
        "region_attributes": {"label": "cat"} if about is None else about,
    }


def picture_of(*regions: object, name: str = "a.jpg", size: int = -1, **about: object) -> dict:
    return {f"{name}{size}": {"filename": name, "size": size, "regions": list(regions), "file_attributes": about}}


def project(files: dict, region_attributes: dict | None = None) -> str:
    settings = {"core": {}, "project": {"name": "x"}}
    attributes = {"region": region_attributes or {}, "file": {}}
    return json.dumps({"_via_settings": settings, "_via_img_metadata": files, "_via_attributes": attributes})


RECT = {"x": 10, "y": 20, "width": 30, "height": 40}


@pytest.fixture
def read(load, make_picture):
    def run(text: str, name: str = "via.json"):
        return load({name: text, "a.jpg": make_picture()})

    return run


def test_every_shape_in_a_project(read):
    got = read(
        project(
            picture_of(
                region("rect", {"label": "cat", "age": "3", "colour": {"red": True, "blue": False}}, **RECT),
                region("circle", cx=50, cy=40, r=5),
                region("ellipse", cx=50, cy=40, rx=9, ry=5, theta=0.5),
                region("polygon", all_points_x=[1, 50, 50, 1], all_points_y=[1, 1, 50, 1]),
                region("polyline", all_points_x=[1, 50], all_points_y=[1, 50]),
                region("point", cx=9, cy=8),
                split="val",
            )
        )
    )
    record = got.by_name["a.jpg"]
    box, circle, ellipse, polygon, line, point = (item.geometry for item in record.annotations)
    assert box == Box(x0=10, y0=20, x1=40, y1=60)
    assert circle == Ellipse(cx=50, cy=40, rx=5, ry=5)
    assert ellipse == Ellipse(cx=50, cy=40, rx=9, ry=5, angle=0.5)
    assert len(polygon.rings[0]) == 3  # the repeated first point is left out
    assert line == Polyline(points=((1, 1), (50, 50)))
    assert point == Points(points=((9, 8),))
    assert dict(record.annotations[0].attributes) == {"age": "3", "colour": "red"}
    assert (record.split, got.class_names) == ("val", ["cat"])


@pytest.mark.parametrize(
    ("about", "known", "label"),
    [
        ({"name": "dog", "other": "x"}, {}, "dog"),
        ({"kind": "dog", "name": "Rex"}, {"kind": {}, "note": {}}, "dog"),
        ({"breed": "dog"}, {}, "dog"),
        ({"type": {"dog": True}}, {}, "dog"),
        ({"label": 7}, {}, "7"),
        ({}, {}, "unnamed"),
    ],
)
def test_which_attribute_is_the_class(about, known, label, read):
    assert read(project(picture_of(region("rect", about, **RECT)), known)).class_names == [label]


def test_two_files_of_one_name_are_told_apart_by_their_size(load, make_picture):
    small, large = make_picture(), make_picture(kind="PNG")
    files = {
        **picture_of(region("rect", **RECT), size=len(small)),
        **picture_of(region("rect", x=1, y=1, width=5, height=5), size=len(large)),
    }
    got = load({"via.json": json.dumps(files), "x/a.jpg": small, "y/a.jpg": large})
    assert got.report["format"] == "via"
    assert got.labels("x/a.jpg")[0][1] == (10, 20, 40, 60)
    assert got.labels("y/a.jpg")[0][1] == (1, 1, 6, 6)


def test_csv_with_undefined_and_regions_as_a_mapping(read, load, make_picture):
    head = "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"
    shape = '"{""name"":""rect"",""x"":10,""y"":20,""width"":30,""height"":40}"'
    rows = f'a.jpg,9,"{{}}",2,0,{shape},"{{""name"":""cat"",""type"":undefined}}"\na.jpg,9,"{{}}",2,1,broken,"{{}}"\n'
    got = read(head + rows, "via.csv")
    assert (got.report["format"], got.labels("a.jpg")) == ("via", [("cat", (10, 20, 40, 60))])
    old = {"a.jpg9": {"filename": "a.jpg", "size": 9, "regions": {"0": region("rect", **RECT)}, "file_attributes": {}}}
    assert load({"v1.json": json.dumps(old), "a.jpg": make_picture()}).labels("a.jpg") == [("cat", (10, 20, 40, 60))]


def test_files_that_repeat_each_other_are_told(load, make_picture):
    files = picture_of(region("rect", **RECT))
    got = load({"p.json": project(files), "r.json": json.dumps(files), "a.jpg": make_picture()})
    assert got.report["annotations"] == 1
    (note,) = got.report["notes"]
    assert note == "r.json: 1 pictures stand in an earlier file too; import this one alone to have its labels"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (region("cloud"), "shape_unknown"),
        (region("rect", x=1), "shape_invalid"),
        (region("rect", x="a", y=1, width=1, height=1), "not_finite"),
        (region("polygon", all_points_x=[1, 2, 3], all_points_y=[1]), "shape_invalid"),
        (region("polygon", all_points_x=7, all_points_y=[1]), "shape_invalid"),
        (region("circle", cx=1, cy=1, r=0), "geometry_invalid"),
        (region("rect", {}, **RECT), "class_missing"),
        ({"shape_attributes": 3}, "region_invalid"),
        (None, "region_invalid"),
    ],
)
def test_what_is_wrong_is_reported(bad, code, read):
    got = read(json.dumps(picture_of(bad, region("rect", **RECT))))
    assert got.codes == [code]
    assert ("cat", (10, 20, 40, 60)) in got.labels("a.jpg")


def test_an_absent_picture_is_reported(load, make_picture):
    files = {**picture_of(region("rect", **RECT), name="gone.jpg"), **picture_of(region("rect", **RECT))}
    got = load({"via.json": json.dumps(files), "a.jpg": make_picture()})
    assert got.codes == ["image_missing"]
