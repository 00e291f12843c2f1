"""Commands against a real server process."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def project(type_: Any, request: pytest.FixtureRequest) -> str:
    name = request.node.name
    type_("project", "create", name)
    return str(name)


def test_project_life(type_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    made = type_("project", "create", "life", "--description", "first", "--json").value
    assert made["name"] == "life"
    again = type_("project", "create", "life")
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith("error: ")
    assert [item["id"] for item in type_("project", "list", "--query", "life", "--json").value] == [made["id"]]
    assert type_("project", "update", "life", "--name", "death", "--json").value["name"] == "death"
    silent = type_("project", "delete", "death")
    assert (silent.code, silent.err) == (2, "error: nobody is there to ask; say --yes to delete without a question\n")
    assert type_("project", "delete", "death", "--yes").code == 0
    assert type_("project", "list", "--query", "death", "--json").value == []
    assert type_("project", "restore", "death", "--json").value["id"] == made["id"]
    missing = type_("project", "delete", "nobody", "--yes")
    assert missing.code == 2
    assert "no project named 'nobody'" in missing.err


def test_classes(type_: Any, project: str) -> None:
    made = type_("class", "add", "a", "b", "--project", project, "--json").value
    assert [item["name"] for item in made] == ["a", "b"]
    type_("class", "update", "a", "--project", project, "--name", "A", "--color", "#112233", "--hide")
    listed = {item["name"]: item for item in type_("class", "list", "--project", project, "--json").value}
    assert (listed["A"]["color"], listed["A"]["hidden"]) == ("#112233", True)
    type_("class", "delete", "b", "--project", project)
    assert type_("class", "list", "--project", project).out.count("\n") == 2
    assert type_("class", "update", "A", "--project", project).code == 2
    assert type_("class", "update", "b", "--project", project, "--name", "x").code == 2


def test_changes_of_classes(type_: Any, project: str) -> None:
    type_("class", "add", "car", "lorry", "van", "--project", project)
    merge = ("class", "merge", "lorry", "van", "--into", "car", "--project", project)
    said = type_(*merge, "--dry-run").out
    assert "lorry: 0 annotations, 0 proposals on 0 images\n" in said
    assert said.endswith("free keys: 2, 3\nnothing was changed\n")
    assert type_(*merge, "--dry-run", "--json").value["into"] == "car"
    made = type_(*merge, "--json").value
    assert (made["kind"], made["names"], made["objects"]) == ("merge", ["lorry", "van"], 0)
    assert "merged lorry, van into car" in type_("class", "changes", "--project", project).out
    assert type_("class", "undo", "--project", project, "--json").value["undoes"] == made["id"]
    assert len(type_("class", "list", "--project", project, "--json").value) == 3
    split = ("class", "split", "car", "--into", "far car", "--project", project)
    vague = type_(*split)
    assert (vague.code, "--max-area" in vague.err) == (2, True)
    assert "into far car, which is new" in type_(*split, "--max-area", "400").out
    assert type_("class", "delete", "van", "--project", project).out.startswith("van: 0 annotations")
    nothing = type_("class", "undo", made["id"], "--project", project)
    assert (nothing.code, "already" in nothing.err) == (1, True)


def test_attributes(type_: Any, project: str) -> None:
    type_("class", "add", "cat", "--project", project)
    lines = ("--attribute", "colour: red, green = red", "--attribute", "age: number 0 to 20")
    made = type_("class", "update", "cat", "--project", project, *lines, "--json").value["attributes"]
    assert [(item["name"], item["kind"], item["default"]) for item in made] == [
        ("colour", "select", "red"),
        ("age", "number", None),
    ]
    listed = type_("class", "list", "--project", project).out
    assert "colour: red, green = red; age: number 0 to 20" in listed
    shared = type_("project", "update", project, "--attribute", "seen: checkbox = no", "--json").value
    assert shared["attributes"][0]["default"] is False
    wrong = type_("class", "update", "cat", "--project", project, "--attribute", "age: number 9 to x")
    assert wrong.err == "error: 'age: number 9 to x': write a number as 'number 0 to 10 step 1'\n"
    both = type_("class", "update", "cat", "--project", project, "--attribute", "a", "--no-attributes")
    assert both.code == 2
    assert type_("class", "update", "cat", "--project", project, "--no-attributes", "--json").value["attributes"] == []


def test_images(type_: Any, project: str, pictures: Path) -> None:
    (pictures / "broken.png").write_text("no picture")
    done = type_("image", "upload", pictures, "--project", project, "--split", "train", "--json")
    assert done.code == 1
    value = json.loads(done.out)
    assert value["images"] == len(value["ids"]) == 4
    assert [item["code"] for item in value["failed"]] == ["image_unreadable"]
    assert done.err.endswith("error: 1 of 5 files were not taken\n")
    (pictures / "broken.png").unlink()
    again = type_("image", "upload", pictures, "--project", project, "--json").value
    assert again["ids"] == value["ids"]

    type_("image", "move", "a.png", "sub/d.png", "--project", project, "--split", "val")
    names = [item["name"] for item in type_("image", "list", "--project", project, "--split", "val", "--json").value]
    assert sorted(names) == ["a.png", "sub/d.png"]
    counts = type_("split", "show", "--project", project, "--json").value
    assert {item["split"]: item["images"] for item in counts["splits"]} == {"train": 2, "val": 2, "test": 0, "none": 0}
    assert type_("split", "set", "test", "--from", "val", "--project", project, "--json").value == {"count": 2}
    assert type_("image", "trash", "c.png", "--project", project, "--json").value == {"count": 1}
    assert len(type_("image", "list", "--project", project, "--limit", "2", "--json").value) == 2
    assert len(type_("image", "list", "--project", project, "--limit", "0", "--json").value) == 3
    assert type_("image", "restore", "c.png", "--project", project, "--json").value == {"count": 1}
    assert type_("image", "list", "--project", project, "--state", "odd").code == 2


def test_images_are_narrowed(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project)
    type_("class", "add", "cat", "dog", "--project", project)
    type_("image", "tag", "a.png", "c.png", "--project", project, "--add", "night", "--add", "wet")

    def names(*options: str) -> list[str]:
        return [item["name"] for item in type_("image", "list", "--project", project, *options, "--json").value]

    assert names("--tag", "night", "--tag", "wet", "--order", "name") == ["a.png", "c.png"]
    assert names("--tag", "night", "--min-objects", "1") == []
    assert names("--class", "cat", "--class", "dog", "--max-score", "0.5", "--objects", "both") == []
    assert type_("version", "create", "--project", project, "--name", "v").code == 0
    assert names("--changed-since", "v", "--order", "last_changed") == []
    assert len(names("--comments", "none", "--video", "none", "--added-from", "2026-01-01", "--max-objects", "0")) == 4
    for wrong, word in (
        (("--attribute", "=red"), "NAME=VALUE"),
        (("--added-to", "soon"), "is no date"),
        (("--class", "cow"), "cow"),
        (("--video", "lost.mp4"), "lost.mp4"),
    ):
        failed = type_("image", "list", "--project", project, *wrong)
        assert failed.code == 2
        assert failed.err.count("\n") == 1
        assert word in failed.err


def test_versions_and_references(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project, "--split", "train")
    made = type_("version", "create", "--project", project, "--name", "first", "--json").value
    assert made["images"] == 4
    for reference in ("first", "latest", made["id"]):
        assert type_("version", "show", reference, "--project", project, "--json").value["id"] == made["id"]
    assert type_("version", "show", "second", "--project", project).code == 2
    assert [item["id"] for item in type_("version", "list", "--project", project, "--json").value] == [made["id"]]


def coco_of(folder: Path) -> None:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    images = [{"id": n, "file_name": name, "width": 32, "height": 24} for n, name in enumerate(names, 1)]
    boxes = [{"id": n, "image_id": n, "category_id": 1, "bbox": [n, 2, 10, 8], "iscrowd": 0} for n in (1, 2, 3)]
    content = {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "thing"}]}
    (folder / "annotations.json").write_text(json.dumps(content))


def test_import_and_export(type_: Any, project: str, pictures: Path, tmp_path: Path) -> None:
    coco_of(pictures)
    dry = type_("import", pictures, "--project", project, "--dry-run", "--json").value
    assert (dry["images"], dry["annotations"], dry["classes"], dry["dry_run"]) == (4, 3, ["thing"], True)
    assert type_("image", "list", "--project", project, "--json").value == []
    done = type_("import", pictures, "--project", project, "--split", "val", "--json").value
    assert (done["images"], done["annotations"], done["format"], done["images_added"]) == (4, 3, "coco", 4)
    assert isinstance(done["problems"], list)

    out = type_("export", "--project", project, "--format", "voc", "--out", tmp_path / "out.zip", "--json").value
    assert (out["images"], out["annotations"]) == (4, 3)
    assert zipfile.is_zipfile(tmp_path / "out.zip")
    type_("export", "--project", project, "--format", "yolo", "--out", tmp_path / "deep" / "yolo", "--no-images")
    assert (tmp_path / "deep" / "yolo" / "data.yaml").is_file()
    assert [item.name for item in (tmp_path / "deep").iterdir()] == ["yolo"]
    full = type_("export", "--project", project, "--format", "yolo", "--out", tmp_path / "deep" / "yolo")
    assert (full.code, full.out) == (2, "")

    back = type_("import", tmp_path / "out.zip", "--project", f"{project} again", "--create-project", "--json").value
    assert (back["images"], back["annotations"], back["format"]) == (4, 3, "voc")
    jobs = type_("job", "list", "--project", project, "--json").value
    assert [item["kind"] for item in jobs] == ["export", "export", "import", "import"]
    shown = type_("job", "show", jobs[0]["id"], "--log", "--json").value
    assert shown["state"] == "succeeded"
    assert isinstance(shown["log"], list)
    assert type_("job", "cancel", jobs[0]["id"], "--json").value["state"] == "succeeded"
    assert type_("job", "resume", jobs[0]["id"]).code == 1


def test_failed_job_is_one_line_and_code_1(type_: Any, project: str, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    done = type_("import", tmp_path / "broken.json", "--project", project, "--format", "coco")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "--project"), "the project has no classes"),
        (("train", "--set", "epochs=-1", "--project"), "epochs"),
        (("train", "--architecture", "huge", "--project"), "unknown architecture 'huge'"),
        (("evaluate", "--model", "latest", "--project"), "there is no model yet in project"),
        (("evaluate", "--model", "best", "--project"), "there is no model named 'best'"),
        (("model", "show", "latest", "--project"), "there is no model yet in project"),
    ],
)
def test_work_that_cannot_begin(type_: Any, project: str, arguments: tuple[str, ...], words: str) -> None:
    done = type_(*arguments, project)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_model_that_is_none(type_: Any, project: str, tmp_path: Path) -> None:
    (tmp_path / "model.zip").write_text("no model")
    done = type_("model", "import", tmp_path / "model.zip", "--project", project)
    assert (done.code, done.out) == (1, "")
    assert type_("model", "list", "--project", project, "--json").value == []
    gone = type_("model", "import", tmp_path / "gone.zip", "--project", project)
    assert gone.code == 2


def test_training_parameters_are_listed(type_: Any) -> None:
    assert {"epochs", "image_size", "seed"} <= {item["name"] for item in type_("train", "--parameters", "--json").value}


def test_link_is_for_a_running_server(type_: Any, tmp_path: Path) -> None:
    assert "/#token=" in type_("link", "--json").value["link"]
    nowhere = type_("link", "--server", "http://127.0.0.1:9")
    assert nowhere.code == 1


def test_views(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project)
    type_("image", "tag", "a.png", "c.png", "--project", project, "--add", "night")
    made = type_("view", "create", "dark", "--project", project, "--tag", "night", "--order", "name", "--json").value
    assert made["query"]["tags"] == ["night"]
    assert type_("view", "create", "dark", "--project", project).code == 1

    def names(*options: str) -> list[str]:
        listed = type_("image", "list", "--project", project, "--view", *options, "--json").value
        return [item["name"] for item in listed]

    assert names("dark") == ["a.png", "c.png"]
    assert names("dark", "--name", "c.") == ["c.png"]
    assert type_("view", "rename", "dark", "darker", "--project", project).code == 0
    assert "tags=night" in type_("view", "list", "--project", project).out
    assert type_("view", "delete", "darker", "--project", project).code == 0
    assert type_("view", "list", "--project", project, "--json").value == []
    assert type_("image", "list", "--project", project, "--view", "dark").code == 2


def test_splits_are_made_shown_and_taken_back(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project)
    ratio = ("--train", "1", "--val", "1", "--test", "0", "--apart")
    seen = type_("split", "make", "--project", project, *ratio, "--dry-run")
    assert "images:  train 0 -> 2, val 0 -> 2, none 4 -> 0" in seen.out
    assert seen.out.endswith("nothing was changed\n")
    made = type_("split", "make", "--project", project, *ratio, "--json").value
    assert (made["moved"], made["plan"]["together"]) == (4, [])
    assert type_("split", "undo", "--project", project).out == "4 of 4 images moved back\n"
    nothing = type_("split", "undo", "--project", project)
    assert (nothing.code, nothing.err) == (2, "error: there is no change of the splits to take back\n")
    assert "nothing lies in several splits" in type_("split", "leaks", "--project", project).out
    assert type_("split", "make", "--project", project, "--apart", "--together", "folder").code == 2


def test_an_address_is_fetched_by_the_server(type_: Any, project: str, pictures: Path, data_folder: Path) -> None:
    coco_of(pictures)
    address = f"file://{pictures}"
    dry = type_("import", address, "--project", project, "--dry-run", "--json").value
    assert (dry["images_added"], dry["dry_run"]) == (4, True)
    assert list((data_folder / "uploads").glob("*.upload")) == []
    assert type_("import", address, "--project", project, "--json").value["images_added"] == 4
    inside = type_("import", "http://127.0.0.1:1/a.zip", "--project", project)
    assert (inside.code, "inside this server's own network" in inside.err) == (1, True)
    folder = type_("import", f"file://{data_folder}", "--project", project)
    assert (folder.code, "data folder" in folder.err) == (1, True)


def test_figures_of_a_project(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project, "--split", "train")
    type_("class", "add", "cat", "--project", project)
    found = type_("project", "stats", project, "--class", "cat", "--json").value
    assert (found["images"]["train"], found["classes"][0]["objects"]["train"]) == (4, 0)
    said = type_("project", "stats", project, "--minimum", "1").out
    assert "cat" in said
    assert "1 of 1 classes have fewer than 1 objects" in said
    assert type_("project", "stats", project, "--class", "cow").code == 2


def test_a_checkup_finds_duplicates_and_flaws(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project)
    copy = pictures / "deep" / "copy.png"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes((pictures / "a.png").read_bytes())
    type_("image", "upload", copy, "--project", project)
    found = type_("checkup", "run", "--project", project)
    assert "looked at 5 of 5 images" in found.out
    assert "same bytes: a.png, copy.png" in type_("checkup", "duplicates", "--project", project).out
    assert type_("checkup", "duplicates", "--project", project, "--trash").out.endswith("moved to the trash\n")
    assert type_("checkup", "duplicates", "--project", project).out == "no images show the same\n"
    assert len(type_("checkup", "flaws", "tiny", "--project", project, "--limit", "9999", "--json").value) == 4
    assert "no dark images" in type_("checkup", "flaws", "dark", "--project", project, "--limit", "0").out


def test_label_errors_are_listed_and_decided(type_: Any, project: str) -> None:
    assert "no model yet" in type_("labelcheck", "run", "--project", project).err
    assert "no open suspicions" in type_("labelcheck", "list", "--project", project, "--kind", "box").out
    assert type_("labelcheck", "list", "--project", project, "--state", "dismissed", "--json").value == []
    assert "none to decide" in type_("labelcheck", "dismiss-all", "--project", project, "--below", "0.4").out
    assert type_("labelcheck", "accept-all", "--project", project, "--kind", "box", "--json").value["count"] == 0
    assert type_("labelcheck", "accept-all", "--project", project).code == 2
    assert "nothing is left" in type_("labelcheck", "reopen-all", "2026-11-28T10:20:30.1Z", "--project", project).err
    for word in ("accept", "dismiss", "reopen"):
        assert type_("labelcheck", word, "01a2204e-4c82-7252-8654-aa99a8370100").code == 2


def test_versions_are_compared_and_brought_back(type_: Any, project: str, pictures: Path) -> None:
    type_("image", "upload", pictures, "--project", project)
    type_("version", "create", "--project", project, "--name", "first")
    type_("image", "trash", "a.png", "--project", project)
    said = type_("version", "compare", "first", "--project", project).out
    assert "images: 0 added, 1 removed, 0 changed, 0 in another split" in said
    assert "removed: a.png" in said
    done = type_("version", "restore", "first", "--project", project, "--json").value
    assert (done["back"], done["lost"]) == (1, 0)
    assert type_("version", "restore", done["before_id"], "--project", project).out.startswith(
        "0 images changed, 0 came"
    )
    assert "1 removed" in type_("version", "compare", "first", "--with", "latest", "--project", project).out


def test_a_part_is_exported(type_: Any, project: str, pictures: Path, tmp_path: Path) -> None:
    coco_of(pictures)
    type_("import", pictures, "--project", project, "--split", "val")
    part = ("export", "--project", project, "--format", "coco", "--json")
    out = type_(*part, "--out", tmp_path / "a.zip", "--split", "val", "--state", "labeled", "--class", "thing").value
    assert (out["images"], out["annotations"]) == (3, 3)
    none = type_(*part, "--out", tmp_path / "b.zip", "--split", "train", "--split", "test")
    assert (none.code, "no image fits" in none.err) == (1, True)
    assert type_(*part, "--out", tmp_path / "c.zip", "--source", "manual").code == 1
    alone = type_(*part, "--out", tmp_path / "d.zip", "--source", "import", "--no-annotations").value
    with zipfile.ZipFile(tmp_path / "d.zip") as packed:
        assert len(packed.namelist()) == alone["images"] == 3


def test_metadata_there_and_back(type_: Any, project: str, pictures: Path, tmp_path: Path) -> None:
    type_("image", "upload", pictures, "--project", project)
    names = sorted(item["name"] for item in type_("image", "list", "--project", project, "--json").value)
    given, written = tmp_path / "given.csv", tmp_path / "written.csv"
    given.write_text(f'name;title;author\n{names[0]};"Night; a watch";Rembrandt\n{names[1]};Sunflowers;\n', "utf-8-sig")
    asked = type_("image", "set-metadata", given, "--project", project, "--dry-run")
    assert asked.out == "2 of 2 images would change\n"
    assert type_("image", "set-metadata", given, "--project", project).out == "2 of 2 images changed\n"
    assert type_("image", "set-metadata", given, "--project", project).out == "0 of 2 images changed\n"
    assert (
        type_("image", "list", "--project", project, "--metadata", "author=Rembrandt", "--json").value[0]["name"]
        == names[0]
    )
    type_("image", "metadata", "--project", project, "--out", written)
    assert written.read_text() == "\n".join(
        [
            "name,author,title",
            f"{names[0]},Rembrandt,Night; a watch",
            f"{names[1]},,Sunflowers",
            *(f"{n},," for n in names[2:]),
            "",
        ]
    )
    assert type_("image", "set-metadata", written, "--project", project).out == "0 of 4 images changed\n"
    # An empty cell takes a field away; a field without a column stays.
    given.write_text(f"name,title\n{names[0]},\n")
    type_("image", "set-metadata", given, "--project", project)
    assert type_("image", "metadata", "--project", project, "--json").value[names[0]] == {"author": "Rembrandt"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title\nx\n", "the first line needs a column `name`"),
        ("", "the first line needs a column `name`"),
        ("name,title,title\n", "each column a title"),
        ("name,title\nx.png\n", "line 2 has 1 cells, the first line has 2"),
        ("name,title\nx.png,a\nx.png,b\n", "line 3: 'x.png' stands in an earlier line too"),
        ("name,title\nx.png,a\n", "1 name is of no image here: 'x.png'; nothing was changed"),
    ],
)
def test_metadata_that_cannot_be_set_is_refused(
    type_: Any, project: str, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "fields.csv"
    path.write_text(text)
    done = type_("image", "set-metadata", path, "--project", project)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert words in done.err
