"""Label Studio: reading its JSON of tasks (full or minimal).

Coordinates are percents of the picture; a rectangle turns about its top-left corner, clockwise, in degrees. Of several
annotations of a task one is taken: the ground truth, else the one that was changed last.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import ImageState, Split
from boxwright.formats import sniff
from boxwright.formats.fields import read_fields
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.labelstudio_regions import Regions, read_regions
from boxwright.formats.paths import IMAGE_SUFFIXES, split_of_word, suffix_of
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading
from boxwright.formats.source import Source
from boxwright.formats.values import finite, number_of
from boxwright.formats.xmlfile import parse_xml

_PREFIX = re.compile(r"^[0-9a-f]{8}-(?=.)")  # what Label Studio puts before the names of uploads
_PICTURE_KEYS = ("image", "img", "picture", "photo", "url")
_OWN_KEYS = frozenset(
    ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "split", "subset")
)


@dataclass(slots=True)
class _Task:
    """What a task says, whichever of the two kinds of JSON it stands in."""

    reference: str
    results: list[Any] | None  # None: nobody has annotated it
    prediction: Mapping[str, Any] | None = None  # what a model says, where it is wanted
    external_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    full: bool = True  # the data stand apart from the results


def detect(source: Source) -> bool:
    """Tell whether there is a JSON file with tasks."""
    return sniff.has(source, "labelstudio")


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the picture of every task, in the order of the files. A labelling interface names the classes."""
    for name in reading.source.files(".xml"):
        _read_config(reading, name)
    for name in sniff.files_of(reading.source, "labelstudio"):
        for number, item in enumerate(JsonFile(reading.source.path(name), name, list_depth=1).items("item"), start=1):
            thing = f"task {item.get('id', number) if isinstance(item, Mapping) else number}"
            where = Where(name, None, thing[:100])
            task = _task(reading, item, where) if isinstance(item, Mapping) else None
            if task is None:
                reading.problems.add(where, "task_invalid", "has no picture")
            elif record := _record(reading, task, where):
                yield record


def _read_config(reading: Reading, name: str) -> None:
    """Take the classes of a labelling interface (`<RectangleLabels>` and the like) in their order."""
    try:
        waiting = [parse_xml(reading.source.path(name), name)]
    except InvalidDataset:
        return
    if waiting[0].tag != "View":
        return
    while waiting:
        node = waiting.pop(0)
        waiting += node.children
        if node.tag.lower() in sniff.LABELS:
            for label in node.all("Label"):
                reading.classes.index(label.attrs.get("value", ""))


def _task(reading: Reading, item: Mapping[str, Any], where: Where) -> _Task | None:
    data = item.get("data")
    full = isinstance(data, Mapping)
    found: Mapping[str, Any] = data if isinstance(data, Mapping) else item
    reference = _reference(found)
    if reference is None:
        return None
    external = str(item["id"]) if isinstance(item.get("id"), int | str) else None
    results = _chosen(reading, item, where) if full else _minimal(reading, item, where)
    return _Task(reference, results, _prediction(reading, item, where) if full else None, external, found, full)


def _reference(data: Mapping[str, Any]) -> str | None:
    """The path or URL of the picture: of a key that is named so, else the first that ends like one."""
    texts = {key: value for key, value in data.items() if isinstance(value, str) and 0 < len(value) < 5000}
    named = [texts[key] for key in _PICTURE_KEYS if key in texts]
    likely = [text for text in texts.values() if suffix_of(text.partition("?")[0]) in IMAGE_SUFFIXES]
    return next(iter([*(text for text in named if text in likely), *likely, *named]), None)


def _chosen(reading: Reading, item: Mapping[str, Any], where: Where) -> list[Any] | None:
    """The results of the one annotation that counts."""
    given = item.get("annotations", item.get("completions"))
    done = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
    valid = [one for one in done if not one.get("was_cancelled") and isinstance(one.get("result"), list)]
    if len(valid) < len(done):
        reading.problems.add(where, "annotation_cancelled", "an annotation that was cancelled is not taken")
    if not valid:
        return None
    best = max(valid, key=lambda one: (one.get("ground_truth") is True, str(one.get("updated_at") or "")))
    if len(valid) > 1:
        why = "the ground truth" if best.get("ground_truth") is True else "the one changed last"
        message = f"has {len(valid)} annotations: {why} ({best.get('id')}) is taken"
        reading.problems.add(where, "several_annotations", message, "kept")
    results: list[Any] = best["result"]
    return results


def _prediction(reading: Reading, item: Mapping[str, Any], where: Where) -> Mapping[str, Any] | None:
    """The prediction that counts, the one made last; where they are not wanted, what is left out is said."""
    given = item.get("predictions")
    found = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
    found = [one for one in found if isinstance(one.get("result"), list) and one["result"]]
    if not found:
        return None
    if not reading.predictions:
        reading.problems.note(f"{where.file}: predictions are not taken, only what people annotated")
        return None
    best = max(found, key=lambda one: str(one.get("created_at") or ""))
    if len(found) > 1:
        message = f"has {len(found)} predictions: the one made last ({best.get('id')}) is taken"
        reading.problems.add(where, "several_predictions", message, "kept")
    return best


def _proposals(regions: Regions, prediction: Mapping[str, Any] | None) -> list[Raw]:
    """The shapes of a prediction; a region without a score has that of the whole."""
    if prediction is None:
        return []
    raws, tags = read_regions(regions, prediction["result"])
    if tags:
        regions.reading.problems.note(f"{regions.where.file}: predictions about whole pictures are not taken")
    whole, model = finite(prediction.get("score")), prediction.get("model_version")
    named = {"model": model[:200]} if isinstance(model, str) and model else {}
    return [
        replace(
            raw,
            proposal=True,
            score=whole if raw.score is None else raw.score,
            attributes={**raw.attributes, **named},
            external_id=None,
        )
        for raw in raws
    ]


def _minimal(reading: Reading, item: Mapping[str, Any], where: Where) -> list[Any]:
    """The fields of a minimal task as results."""
    results: list[dict[str, Any]] = []
    for key, value in item.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            results += [_as_result(key, number, one) for number, one in enumerate(value)]
        elif isinstance(value, Mapping) and isinstance(value.get("choices"), list):
            results.append({"type": "choices", "from_name": key, "value": value})
        elif key not in _OWN_KEYS and key not in _PICTURE_KEYS and not _is_plain(value):
            reading.problems.note(f"{where.file}: the field {key[:50]!r} of minimal tasks is not taken")
    return results


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _as_result(key: str, number: int, value: Mapping[str, Any]) -> dict[str, Any]:
    kind = next((label for label in sniff.LABELS if label in value), "")
    sizes = {side: value.get(side) for side in ("original_width", "original_height", "image_rotation")}
    return {"id": f"{key}-{number}", "type": kind, "from_name": key, "value": value, "numbered": True, **sizes}


def _record(reading: Reading, task: _Task, where: Where) -> ImageRecord | None:
    picture = _picture(reading, task, where)
    if picture is None or not reading.first_time(picture, where):
        return None
    width, height = (picture.width, picture.height) if reading.frame == "raw" else picture.upright
    regions = Regions(reading, Where(where.file, None, f"{where.thing}, {picture.name}"), (width, height))
    raws, tags = read_regions(regions, task.results or ())
    raws += _proposals(regions, task.prediction)
    state: ImageState | None = "unlabeled" if task.results is None else None
    split = _split(reading, task.data, picture)
    kept = task.data.get("tags")
    ours = reading.own_export and isinstance(kept, list)
    tags = [*tags, *(kept if ours and isinstance(kept, list) else ())]
    return reading.record(
        picture,
        raws,
        split=split,
        state=state,
        external_id=task.external_id,
        tags=tags,
        metadata=_fields(reading, task, where, {"tags"} if ours else set()),
    )


def _fields(reading: Reading, task: _Task, where: Where, ours: set[str]) -> dict[str, str]:
    """What the data of a task say beside its picture and its split."""
    data = task.data if task.full else {key: value for key, value in task.data.items() if _is_plain(value)}
    split = {key for key in ("split", "subset") if isinstance(data.get(key), str) and split_of_word(data[key])}
    taken = {key for key, value in data.items() if value == task.reference} | split | ours
    return read_fields(reading.problems, where, data, taken if task.full else taken | _OWN_KEYS)


def _split(reading: Reading, data: Mapping[str, Any], picture: Picture) -> Split | None:
    said = next((data[key] for key in ("split", "subset") if isinstance(data.get(key), str)), "")
    if reading.own_export:
        return split_of_word(said)
    folder = reading.split_of_folder(picture.source) if picture.source else None
    return split_of_word(said) or folder


def _picture(reading: Reading, task: _Task, where: Where) -> Picture | None:
    path = _path_of(task.reference)
    folder, slash, base = path.rpartition("/")
    plain = f"{folder}{slash}{_PREFIX.sub('', base)}"
    found = reading.source.try_find(path, near=where.file)
    found = found or (reading.source.try_find(plain, near=where.file) if plain != path else None)
    found = found or reading.find(path, where)
    width, height = _size([*(task.results or ()), *(task.prediction or {}).get("result", ())])
    if found:
        picture = reading.picture(found, wanted="" if reading.own_export else path)
        if picture and width == width and height == height:
            reading.check_size(picture, width, height, where)
        return picture
    return reading.absent(_PREFIX.sub("", base), width, height, where)


def _path_of(reference: str) -> str:
    """The path in a URL, an object's address, or a link to local files (`/data/local-files/?d=...`)."""
    if match := re.search(r"[?&]d=([^&]+)", reference):
        return unquote(match.group(1))
    if "://" in reference:
        return unquote(reference.partition("://")[2].partition("?")[0].partition("/")[2])
    return unquote(reference.partition("?")[0]) if "%" in reference else reference.partition("?")[0]


def _size(results: Any) -> tuple[float, float]:
    for item in results:
        if isinstance(item, Mapping) and item.get("original_width") and item.get("original_height"):
            return number_of(item["original_width"]), number_of(item["original_height"])
    return number_of(None), number_of(None)
