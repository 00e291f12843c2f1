"""Metadata of pictures: read from the formats that have a place for it, written back as it was, else a loss."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.geometry import Box
from boxwright.domain.manifest import Labelled
from boxwright.formats.fields import text_of, value_of
from boxwright.formats.registry import WRITERS
from drawn import SETTINGS, boxes, datasets

HELD = ("coco", "cvat", "labelstudio", "labelme", "via", "datumaro", "csv")
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
NAMES = st.sampled_from(
    ["title", "author", "id", "state", "tags", "split", "width", "image", "name", "version", "a: b", "night: light"]
) | st.text(LETTERS, min_size=1, max_size=9).map(str.strip).filter(bool)
TEXTS = st.sampled_from(
    ["4", '"4"', "1e5", "4.50", "true", "false", "null", "=x", "a\nb", ' "', '["a",1]', "-Infinity"]
)
FIELDS = st.dictionaries(NAMES, TEXTS | st.text(LETTERS, min_size=1, max_size=20), max_size=4)
JSON = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(LETTERS, max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(LETTERS, max_size=3), inner, max_size=3),
)


@given(JSON.filter(lambda value: value != ""))
def test_values_of_json_are_what_they_were(value):
    assert json.dumps(value_of(text_of(value))) == json.dumps(value)


@given(st.text(min_size=1) | TEXTS)
def test_texts_are_what_they_were(text):
    assert text_of(value_of(text)) == text or value_of(text) == ""


@pytest.mark.parametrize("kind", HELD)
def test_round_trip(kind, build, again):
    @SETTINGS
    @given(drawn=datasets(boxes()), fields=st.lists(FIELDS, min_size=4, max_size=4))
    def check(drawn, fields):
        header, records = build([(items, "none", state) for items, _, state in drawn] if kind == "csv" else drawn)
        records = [replace(item, metadata=found) for item, found in zip(records, fields, strict=False)]
        got = again((header, records), kind)
        for record in records:
            assert got.by_name[record.name].metadata == record.metadata

    check()


def test_the_lines_of_unlabelled_images_keep_their_place(build, again):
    labelled = Labelled(class_index=0, geometry=Box(x0=1, y0=1, x1=9, y1=9))
    header, records = build([((), "none", "unlabeled"), ((labelled,), "none", "labeled")])
    again((header, [replace(item, metadata={"title": "x"}) for item in records]), "csv")


def test_what_cannot_hold_fields_says_so(build, save):
    header, records = build([((), "train", "empty")])
    records = [replace(item, metadata={"title": "x"}) for item in records]
    for kind in sorted(WRITERS):
        codes = {loss["code"] for loss in save((header, records), kind)[1]["losses"]}
        assert ("metadata" in codes) == (kind not in HELD), kind


COCO = {
    "info": {},
    "licenses": [{"id": 4, "name": "CC BY", "url": "https://example.org/by"}, {"id": 5, "name": "not used"}],
    "categories": [{"id": 1, "name": "cat"}],
    "images": [
        {
            "id": 7, "file_name": "a.jpg", "width": 100, "height": 80, "license": 4, "date_captured": "2013-11-14",
            "coco_url": "https://example.org/a.jpg", "year": "1890", "rating": 4.5, "empty": "", "of": {"by": ["x"]},
        }
    ],
    "annotations": [],
}  # fmt: skip


def test_coco_fields_and_licences_are_as_they_were(load, save, make_picture, unpack):
    got = load({"instances.json": json.dumps(COCO), "a.jpg": make_picture()})
    assert got.by_name["a.jpg"].metadata == {
        "license": "4", "license_name": "CC BY", "license_url": "https://example.org/by", "date_captured": "2013-11-14",
        "coco_url": "https://example.org/a.jpg", "year": '"1890"', "rating": "4.5", "of": '{"by":["x"]}',
    }  # fmt: skip
    out = json.loads(unpack(save(got, "coco")[0])["annotations/instances.json"])
    assert out["licenses"] == COCO["licenses"][:1]
    assert out["images"] == [{key: value for key, value in COCO["images"][0].items() if value != ""}]


def test_a_field_that_is_too_long_is_reported(load, make_picture):
    image = {
        "id": 1,
        "file_name": "a.jpg",
        "width": 100,
        "height": 80,
        "x" * 101: "y",
        "bad": "\x00",
        "title": "t" * 10_001,
    }
    got = load({"a.json": json.dumps({"images": [image], "annotations": []}), "a.jpg": make_picture()})
    assert got.by_name["a.jpg"].metadata == {}
    assert len(got.problems("metadata_left")) == 3


def test_cvat_attributes_of_tags(load, save, make_picture, unpack):
    text = (
        '<annotations><version>1.1</version><image id="0" name="a.jpg" width="100" height="80">'
        '<tag label="scene" source="manual"><attribute name="weather">rain</attribute></tag></image></annotations>'
    )
    got = load({"annotations.xml": text, "a.jpg": make_picture()})
    record = got.by_name["a.jpg"]
    assert (record.tags, record.metadata) == (("scene",), {"scene: weather": "rain"})
    found = replace(record, metadata={**record.metadata, "title": "On the bridge"}, path=None)
    root = ET.fromstring(unpack(save((got.header, [found]), "cvat")[0])["annotations.xml"])
    said = {(t.get("label"), a.get("name")): a.text for t in root.iter("tag") for a in t.iter("attribute")}
    assert said == {("scene", "weather"): "rain", ("metadata", "title"): "On the bridge"}
    labels = {
        label.findtext("name"): [a.findtext("name") for a in label.iter("attribute")] for label in root.iter("label")
    }
    assert labels == {"scene": ["weather"], "metadata": ["title"]}


def test_tools_that_have_fields(load, make_picture):
    task = {"id": 1, "data": {"image": "a.jpg", "title": "Tree", "year": 1890, "split": "fold 3"}, "annotations": []}
    via = {
        "a.jpg1": {
            "filename": "a.jpg",
            "size": 1,
            "regions": [],
            "file_attributes": {"caption": "Tree", "year": "1890"},
        }
    }
    labelme = {
        "version": "5",
        "shapes": [],
        "flags": {"day": True, "rain": False},
        "imagePath": "a.jpg",
        "author": "Ann",
    }
    item = {"id": "a", "annotations": [], "attr": {"frame": 3, "author": "Ann"}, "image": {"path": "a.jpg"}}
    datumaro = {"info": {}, "categories": {"label": {"labels": []}}, "items": [item]}
    for name, value, fields in (
        ("tasks.json", [task], {"title": "Tree", "year": "1890", "split": "fold 3"}),
        ("via.json", via, {"caption": "Tree", "year": "1890"}),
        ("a.json", labelme, {"rain": "false", "author": "Ann"}),
        ("annotations/default.json", datumaro, {"frame": "3", "author": "Ann"}),
    ):
        assert load({name: json.dumps(value), "a.jpg": make_picture()}).by_name["a.jpg"].metadata == fields, name


def test_a_table_beside_pictures(load, make_picture):
    table = "\ufefffile_name,title,none\na.jpg,'=Tree,\nc.jpg,x,\n"
    got = load({"train/metadata.csv": table, "train/a.jpg": make_picture(), "train/b.jpg": make_picture(shade=9)})
    assert {name: item.metadata for name, item in got.by_name.items()} == {
        "a.jpg": {"title": "=Tree"},
        "b.jpg": {},
    }
    assert any("1 lines name no picture" in note for note in got.report["notes"])
