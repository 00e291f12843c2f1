"""What kind of annotation file a JSON file is, told from its beginning."""

from collections.abc import Mapping
from typing import Any

from boxwright.domain.errors import InvalidDataset
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.source import JsonKind, Source

LABELS = (
    "rectanglelabels",
    "polygonlabels",
    "ellipselabels",
    "keypointlabels",
    "brushlabels",
    "vectorlabels",
    "labels",
)
_FILES = 50


def files_of(source: Source, *kinds: JsonKind) -> list[str]:
    """Return the JSON files of these kinds, sorted."""
    return [name for name in source.files(".json") if kind_of(source, name) in kinds]


def has(source: Source, *kinds: JsonKind) -> bool:
    """Tell whether one of the first JSON files is of these kinds."""
    return any(kind_of(source, name) in kinds for name in source.files(".json")[:_FILES])


def kind_of(source: Source, name: str) -> JsonKind:
    """Return the kind of a JSON file; an empty string for any other."""
    if name not in source.kinds:
        source.kinds[name] = _look(source, name)
    return source.kinds[name]


def _look(source: Source, name: str) -> JsonKind:
    path = source.path(name)
    try:
        top = JsonFile(path, name, list_depth=1).top()
    except InvalidDataset:
        top = {}
    top.pop("", None)  # a list at the root
    if "_via_img_metadata" in top:
        return "via_project"
    if top.get("shapes") == "start_array" and any(key in top for key in ("imagePath", "imageData", "version")):
        return "labelme"
    if top.get("items") == "start_array" and top.get("categories", "start_map") == "start_map":
        return "datumaro"
    if "images" in top or "annotations" in top:
        return ""
    first = JsonFile(path, name, list_depth=1).first()
    if not isinstance(first, Mapping):
        return ""
    if top:
        return "via_regions" if "regions" in first and "filename" in first else ""
    return _list_kind(first)


def _list_kind(first: Mapping[str, Any]) -> JsonKind:
    """The kind of a list by its first element."""
    if isinstance(first.get("data"), Mapping) and any(
        key in first for key in ("annotations", "completions", "predictions")
    ):
        return "labelstudio"
    marks = first.get("annotations", first.get("annotation"))
    if isinstance(marks, list) and ("image" in first or "imagefilename" in first):
        return "createml"
    regions = (value for value in first.values() if isinstance(value, list))
    if any(isinstance(item, Mapping) and any(key in item for key in LABELS) for value in regions for item in value):
        return "labelstudio"
    return ""
