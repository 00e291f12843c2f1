"""CSV, as it is met in the wild."""

import pytest

from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader
from boxwright.formats.csv_boxes import guarded, unguarded

HEAD = "filename,width,height,class,xmin,ymin,xmax,ymax\n"


@pytest.fixture
def one(load, make_picture):
    def run(text, name="labels.csv", **more):
        return load({"images/a.jpg": make_picture(), name: text, **more})

    return run


def test_rows_are_half_open_edges(one):
    got = one(HEAD + "a.jpg,100,80,cat,10,20,40,60\na.jpg,100,80,dog,0,0,100,80\n")
    assert got.report["format"] == "csv"
    assert got.labels("a.jpg") == [("cat", (10, 20, 40, 60)), ("dog", (0, 0, 100, 80))]


def test_rows_of_a_picture_need_not_be_together(one, make_picture):
    text = HEAD + "a.jpg,100,80,cat,1,1,9,9\nb.jpg,100,80,cat,2,2,9,9\na.jpg,100,80,cat,3,3,9,9\n"
    got = one(text, **{"images/b.jpg": make_picture(shade=1)})
    assert [len(record.annotations) for record in got.records] == [2, 1]


@pytest.mark.parametrize(
    ("name", "split"), [("train_labels.csv", "train"), ("valid.csv", "val"), ("x/test_labels.csv", "test")]
)
def test_split_from_the_name(one, name, split):
    assert one(HEAD + "a.jpg,100,80,cat,1,1,9,9\n", name).report["splits"] == {split: 1}


def test_split_column_other_names_order_and_delimiter(one):
    text = "split;Label;image;x1;x2;y1;y2\nvalidation;cat;a.jpg;10,5;40;20;60\n"
    got = one(text)
    assert got.report["splits"] == {"val": 1}
    assert got.labels("a.jpg") == [("cat", (10.5, 20, 40, 60))]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a.jpg,100,80,cat,10,20,10,60", "no_area"),
        ("a.jpg,100,80,cat,40,20,10,60", "negative_size"),
        ("a.jpg,100,80,cat,x,20,10,60", "not_finite"),
        ("a.jpg,100,80,cat,nan,20,10,60", "not_finite"),
        ("a.jpg,100,80,cat,1e400,20,10,60", "not_finite"),
        ("a.jpg,100,80,cat,90,20,140,60", "out_of_bounds"),
        ("a.jpg,100,80,,10,20,40,60", "row_invalid"),
        (",100,80,cat,10,20,40,60", "row_invalid"),
        ("gone.jpg,100,80,cat,10,20,40,60", "image_missing"),
        ("gone.jpg,,,cat,10,20,40,60", "image_missing"),
        ("a.jpg,100,80,cat", "not_finite"),
    ],
)
def test_odd_rows_are_reported_with_their_line(one, row, code):
    got = one(f"{HEAD}a.jpg,100,80,cat,1,1,9,9\n\n{row}\n")
    assert got.codes == [code]
    assert got.report["problems"][0]["line"] == 4


def test_row_without_box_is_a_confirmed_empty_picture(one):
    got = one(HEAD + "a.jpg,100,80,,,,,\n")
    assert got.by_name["a.jpg"].state == "empty"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings(load, make_picture, encoding):
    data = (HEAD + "café.jpg,100,80,café,1,1,9,9\n").encode(encoding)
    got = load({"café.jpg": make_picture(), "l.csv": data}, format="csv")
    assert got.labels("café.jpg") == [("café", (1, 1, 9, 9))]


def test_foreign_csv_is_not_recognised(load, make_picture):
    got = load({"a.jpg": make_picture(), "x.csv": "id,caption\n1,hello\n"})
    assert got.report["format"] == "images"


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "\tx", "'=x", "''=x", "'plain", "plain", "", "a=b"])
def test_formula_guard_round_trips(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))


def test_formulas_in_exported_cells(save, load, unpack, tmp_path):
    item = Labelled(class_index=0, geometry=Box(x0=1, y0=2, x1=30, y1=40))
    record = ImageRecord(name="=cmd.jpg", width=100, height=80, annotations=(item,), state="labeled")
    header = ManifestHeader(name="d", classes=(ManifestClass(id="", name='=HYPERLINK("http://x","y")'),))
    archive, _ = save((header, [record]), "csv")
    text = unpack(archive)["labels.csv"].decode()
    assert "\n'=cmd.jpg,100,80,\"'=HYPERLINK" in text
    got = load(archive)
    assert got.class_names == ['=HYPERLINK("http://x","y")']
    assert got.by_name["=cmd.jpg"].annotations[0].geometry == item.geometry
