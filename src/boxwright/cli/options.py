"""Options that several commands take, and the checks on what was typed."""

import json
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from boxwright.cli.failures import wrong_use
from boxwright.domain.attributes import AttributeDefinition, parse_line

PICTURES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif"))


class Split(StrEnum):
    """The splits of a dataset."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"
    NONE = "none"


class Source(StrEnum):
    """Where annotations come from."""

    MANUAL = "manual"
    IMPORT = "import"
    MODEL = "model"


class MeasuredSplit(StrEnum):
    """The splits on which a model can be measured."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


class Format(StrEnum):
    """The formats of datasets."""

    COCO = "coco"
    YOLO = "yolo"
    VOC = "voc"
    CVAT = "cvat"
    LABELSTUDIO = "labelstudio"
    LABELME = "labelme"
    VIA = "via"
    DATUMARO = "datumaro"
    DARKNET = "darknet"
    CREATEML = "createml"
    TFRECORD = "tfrecord"
    MASKS = "masks"
    CROPS = "crops"
    OPENIMAGES = "openimages"
    CSV = "csv"


ProjectOption = Annotated[str, typer.Option("--project", metavar="PROJECT", help="Name or id of the project.")]
AnyProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project", metavar="PROJECT", help="Name or id of the project; all when omitted.", show_default=False
    ),
]
ModelOption = Annotated[str, typer.Option("--model", metavar="MODEL", help="Name or id of the model, or latest.")]
VersionOption = Annotated[
    str | None,
    typer.Option(
        "--version", metavar="VERSION", help="Dataset version; the present state when omitted.", show_default=False
    ),
]


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Return `key=value` arguments as a dictionary."""
    found: dict[str, str] = {}
    for item in given:
        key, sign, value = item.partition("=")
        if not sign or not key:
            wrong_use(f"{option} {item!r} should look like key=value")
        found[key.strip()] = value.strip()
    return found


def json_or_text(value: str) -> object:
    """Return a number, true, false, null, list or object as such, and anything else as text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def picture_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return files and their names: a file's own, or the path inside a folder that was named; no two the same."""
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in PICTURES and file.is_file())
            found.extend((file, file.relative_to(path).as_posix()) for file in inside)
        elif path.exists():
            found.append((path, path.name))
        else:
            wrong_use(f"there is no file or folder {path}")
    if not found:
        wrong_use(f"no pictures in {', '.join(map(str, paths))}")
    return _told_apart(found)


def _told_apart(files: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Add the folder to names that occur twice, and a number where that is not enough."""
    twice = {name for name, count in Counter(name for _, name in files).items() if count > 1}
    taken: set[str] = set()
    result = []
    for path, name in files:
        wished = f"{path.parent.name}/{name}" if name in twice and path.parent.name else name
        unique, number = wished, 1
        while unique in taken:
            number += 1
            unique = f"{Path(wished).with_suffix('')} ({number}){Path(wished).suffix}"
        taken.add(unique)
        result.append((path, unique))
    return result


AttributeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--attribute",
        metavar="LINE",
        help=(
            "What objects have besides their class, instead of what was defined; repeat it for several: 'note', "
            "'occluded: checkbox', 'age: number 0 to 120', 'colour: red, green = red' (after = the default)."
        ),
    ),
]
NoAttributesOption = Annotated[
    bool, typer.Option("--no-attributes", help="Define none any more; what objects have of them stays.")
]


def attributes_of(lines: "list[str] | None", none: bool) -> "tuple[AttributeDefinition, ...] | None":
    """Return the attributes that are asked for; None where nothing is said about them."""
    if lines and none:
        wrong_use("say --attribute or --no-attributes, not both")
    return tuple(parse_line(line) for line in lines or ()) if lines or none else None
