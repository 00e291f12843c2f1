"""CVAT for images 1.1: writing `annotations.xml` and `images/`, streamed.

A picture that is not labelled yet has an attribute of our own, `state`, which CVAT passes over.
"""

from collections import defaultdict
from collections.abc import Iterator

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.formats import report
from boxwright.formats.cvat import METADATA
from boxwright.formats.patches import patch_of, runs_of
from boxwright.formats.values import Value, text_of
from boxwright.formats.writing import (
    Dataset,
    Ids,
    Names,
    count_renamed,
    degrees_text,
    exact,
    number,
    pictures,
    whole,
    xml_quoted,
    xml_text,
)
from boxwright.formats.yolo_write import ring_of
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "polygon_parts": "polygon_parts",
    "crowd": "crowd",
    "score": "score",
    "attribute_values": "attribute_values",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_Kinds = dict[tuple[int, str], set[str]]  # the kinds of values of an attribute, by class and name


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what CVAT cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    kinds = _kinds(dataset)
    stats.things["attribute_values"] = sum(
        any(value is None or len(kinds[item.class_index, key]) > 1 for key, value in item.attributes.items())
        for record in dataset.records
        for item in record.annotations
    )
    return report.losses(stats, _CONCERNS)


def _kinds(dataset: Dataset) -> _Kinds:
    found: _Kinds = defaultdict(set)
    for record in dataset.records:
        for item in record.annotations:
            for key, value in item.attributes.items():
                if value is not None and not _is_flag(key, value):
                    found[item.class_index, key].add(kind_of(value))
    return found


def kind_of(value: Value) -> str:
    """Return the input type that fits a value."""
    return "checkbox" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _is_flag(key: str, value: Value) -> bool:
    """CVAT has a place of its own for this one."""
    return key == "occluded" and isinstance(value, bool)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    yield Entry("annotations.xml", _document(dataset))
    yield from pictures(dataset, Names(), lambda _, name: f"images/{name}")


def _document(dataset: Dataset) -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
    yield _meta(dataset).encode()
    names, ids = Names(), Ids(whole(record.external_id) for record in dataset.heads)
    for record, image_id in zip(dataset.records, ids.walk(), strict=True):
        yield "".join(_image(dataset, record, names.take(record), image_id)).encode()
    yield b"</annotations>\n"


def _meta(dataset: Dataset) -> str:
    kinds = _kinds(dataset)
    about: dict[str, dict[str, set[str]]] = {}  # what is said about whole pictures, by tag
    for record in dataset.heads:
        found = _by_tag(record)
        for tag in (*record.tags, *([METADATA] if "" in found else [])):
            fields = found.get("" if tag == METADATA else tag, {})
            about.setdefault(tag, {}).update({key: {"text"} for key in fields})
    labels = [
        _label(item.name, "any", about.get(item.name, {}) | {key: kinds[at, key] for at, key in kinds if at == index})
        for index, item in enumerate(dataset.header.classes)
    ]
    known = {item.name for item in dataset.header.classes}
    labels += [_label(tag, "tag", about[tag]) for tag in sorted(about) if tag not in known]
    return (
        f"  <meta>\n    <task>\n      <name>{xml_text(dataset.header.name)}</name>\n      <mode>annotation</mode>\n"
        f"      <labels>\n{''.join(labels)}      </labels>\n    </task>\n  </meta>\n"
    )


def _label(name: str, kind: str, attributes: dict[str, set[str]]) -> str:
    inner = "".join(
        f"<attribute><name>{xml_text(key)}</name><mutable>False</mutable>{_input(kinds)}</attribute>"
        for key, kinds in attributes.items()
    )
    head = f"<name>{xml_text(name)}</name><type>{kind}</type>"
    return f"        <label>{head}<attributes>{inner}</attributes></label>\n"


def _input(kinds: set[str]) -> str:
    kind = next(iter(kinds)) if len(kinds) == 1 else "text"
    default, values = {"checkbox": ("false", "false"), "number": ("0", "-1000000;1000000;1"), "text": ("", "")}[kind]
    lines = values.replace(";", "\n")
    return f"<input_type>{kind}</input_type><default_value>{default}</default_value><values>{lines}</values>"


def _image(dataset: Dataset, record: ImageRecord, name: str, image_id: int) -> Iterator[str]:
    subset = f' subset="{record.split}"' if record.split != "none" else ""
    state = ' state="unlabeled"' if record.state == "unlabeled" else ""
    size = f'width="{record.width}" height="{record.height}"'
    yield f'  <image id="{image_id}" name={xml_quoted(name)}{subset} {size}{state}>\n'
    fields = _by_tag(record)
    for tag in record.tags:
        yield f'    <tag label={xml_quoted(tag)} source="manual">{_fields(fields.pop(tag, {}))}</tag>\n'
    if rest := fields.get("", {}):
        yield f'    <tag label="{METADATA}" source="manual">{_fields(rest)}</tag>\n'
    groups = group_numbers(record)
    for item in record.annotations:
        yield _item(item, dataset.header.classes[item.class_index].name, groups)
    yield "  </image>\n"


def _by_tag(record: ImageRecord) -> dict[str, dict[str, str]]:
    """The fields of a picture by the tag that they belong to (`TAG: NAME`); those of no tag under an empty string."""
    found: dict[str, dict[str, str]] = {}
    for key in sorted(record.metadata):
        tag = next((tag for tag in record.tags if tag != METADATA and key.startswith(f"{tag}: ")), "")
        name = key.removeprefix(f"{tag}: ") if tag else key
        found.setdefault(tag, {})[name] = record.metadata[key]
    return found


def _fields(fields: dict[str, str]) -> str:
    return "".join(f"<attribute name={xml_quoted(key)}>{xml_text(text)}</attribute>" for key, text in fields.items())


def group_numbers(record: ImageRecord) -> dict[str, int]:
    """Return the groups of a picture as numbers from 1: its own where it is one."""
    found = dict.fromkeys(item.group_id for item in record.annotations if item.group_id is not None)
    numbers = {group: whole(group) for group in found if whole(group) > 0}
    for group in found:
        if group not in numbers:
            numbers[group] = max(numbers.values(), default=0) + 1
    return numbers


def _item(item: Labelled, label: str, groups: dict[str, int]) -> str:
    tag, shape = shape_text(item.geometry)
    group = f' group_id="{groups[item.group_id]}"' if item.group_id is not None else ""
    occluded = int(item.attributes.get("occluded") is True)
    inner = "".join(
        f"      <attribute name={xml_quoted(key)}>{xml_text(value_text(value))}</attribute>\n"
        for key, value in item.attributes.items()
        if value is not None and not _is_flag(key, value)
    )
    head = f'{tag} label={xml_quoted(label)} source="manual" occluded="{occluded}" {shape} z_order="{item.z}"{group}'
    return f"    <{head}>\n{inner}    </{tag}>\n"


def value_text(value: Value) -> str:
    """Return the text of an attribute's value."""
    return exact(value) if isinstance(value, int | float) and not isinstance(value, bool) else text_of(value)


def shape_text(geometry: Geometry) -> tuple[str, str]:
    """Return the element of a shape, and the attributes that say where it lies."""
    match geometry:
        case Box(x0=x0, y0=y0, x1=x1, y1=y1):
            return "box", _pairs(xtl=number(x0), ytl=number(y0), xbr=number(x1), ybr=number(y1))
        case RotatedBox(cx=cx, cy=cy, w=w, h=h):
            # All digits: the centre is reckoned from the edges again.
            edges = _pairs(xtl=exact(cx - w / 2), ytl=exact(cy - h / 2), xbr=exact(cx + w / 2), ybr=exact(cy + h / 2))
            return "box", f'{edges} rotation="{degrees_text(geometry.angle)}"'
        case Ellipse(cx=cx, cy=cy, rx=rx, ry=ry):
            place = _pairs(cx=number(cx), cy=number(cy), rx=number(rx), ry=number(ry))
            turned = degrees_text(geometry.angle)
            return "ellipse", place if turned == "0" else f'{place} rotation="{turned}"'
        case Polygon():
            return "polygon", _points(ring_of(geometry))
        case Polyline():
            return "polyline", _points(geometry.points)
        case Points():
            return "points", _points(geometry.points)
        case Mask():
            left, top, pixels = patch_of(geometry)
            height, width = pixels.shape
            runs = ", ".join(map(str, runs_of(pixels)))
            return "mask", f'rle="{runs}" left="{left}" top="{top}" width="{width}" height="{height}"'


def _pairs(**values: str) -> str:
    return " ".join(f'{key}="{value}"' for key, value in values.items())


def _points(points: tuple[Point, ...] | list[Point]) -> str:
    pairs = ";".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'points="{pairs}"'
