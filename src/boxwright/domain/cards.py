"""Model cards and metrics as JSON and back; a card that was sent to us is checked field by field."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, cast, get_args

from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ClassMetrics, ClassSamples, Metrics, ModelCard, ModelInput, ModelTask, Placement

MAX_CLASSES = 10_000
MAX_SIDE = 8192


def card_to_json(card: ModelCard) -> dict[str, object]:
    """Return a card as a JSON object."""
    return asdict(card)


def card_from_json(value: object) -> ModelCard:
    """Read a card; fields that this version does not know are dropped. Raises InvalidModel saying what is wrong."""
    if not isinstance(value, Mapping):
        raise InvalidModel("the model card is not a JSON object")
    try:
        known = _known(ModelCard, value)
        known["input"] = ModelInput(**_input(_object(value["input"])))
        known["classes"] = tuple(_class(_object(item)) for item in value["classes"])
        card = ModelCard(**known)
    except KeyError as error:
        raise InvalidModel(f"the model card lacks {error.args[0]!r}") from error
    except (TypeError, ValueError) as error:
        raise InvalidModel(f"the model card cannot be read: {error}") from error
    _check(card)
    return card


def metrics_from_json(value: Mapping[str, Any], classes: Sequence[ClassSamples] = ()) -> Metrics:
    """Read metrics as a task reports them.

    A class is named by `name` or `class`; a numeric `class_id` is the rank in `classes`, whose id takes its place.
    """
    rows = []
    for item in value["per_class"]:
        row = {**item, "name": item.get("name", item.get("class", ""))}
        if isinstance(row["class_id"], int):
            rank = row["class_id"]
            row["class_id"] = classes[rank].id if rank < len(classes) else str(rank)
        rows.append(ClassMetrics(**_known(ClassMetrics, row)))
    return Metrics(**{**_known(Metrics, value), "per_class": tuple(rows)})


def _known(shape: type, value: Mapping[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(shape)}
    return {key: item for key, item in value.items() if key in names}


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("expected an object")
    return cast("Mapping[str, Any]", value)


def _input(value: Mapping[str, Any]) -> dict[str, Any]:
    known = _known(ModelInput, value)
    for name in ("mean", "std"):
        if name in known:
            known[name] = tuple(float(item) for item in known[name])
    return known


def _class(value: Mapping[str, Any]) -> ClassSamples:
    name, count = str(value["name"]), {key: int(value.get(key, 0)) for key in ("train", "val")}
    threshold = value.get("threshold")
    return ClassSamples(
        id=str(value["id"]),
        name=name,
        color=str(value.get("color", "#56B4E9")),
        threshold=None if threshold is None else float(threshold),
        **count,
    )


def _is_text_map(value: object) -> bool:
    items = value.items() if isinstance(value, Mapping) else [(None, None)]
    return all(isinstance(text, str) for pair in items for text in pair)


def _check(card: ModelCard) -> None:
    source = card.input
    sizes: tuple[Any, ...] = (source.width, source.height)
    numbers: tuple[Any, ...] = (*source.mean, *source.std, card.score_threshold, card.iou_threshold)
    least = 0 if card.task == "assist" else 1
    checks = (
        (all(isinstance(side, int) and 1 <= side <= MAX_SIDE for side in sizes), f"input size {sizes} is not usable"),
        (source.channels in ("rgb", "bgr"), f"unknown channel order {source.channels!r}"),
        (source.placement in get_args(Placement), f"unknown placement {source.placement!r}"),
        (isinstance(source.trim, bool), f"trim {source.trim!r} is neither true nor false"),
        (source.pad in range(256), f"pad {source.pad!r} is not a number from 0 to 255"),
        (len(source.mean) == 3 == len(source.std), "mean and std need three numbers each"),
        (all(isinstance(item, int | float) and math.isfinite(item) for item in numbers), "a number is not finite"),
        (0 not in source.std, "std holds a zero"),
        (all(0 <= (item.threshold or 0) <= 1 for item in card.classes), "a class has a threshold outside 0 to 1"),
        (card.task in get_args(ModelTask), f"unknown task {card.task!r}"),
        (least <= len(card.classes) <= MAX_CLASSES, f"{len(card.classes)} classes; expected {least} to {MAX_CLASSES}"),
        (all(isinstance(text, str) for text in (card.name, card.architecture, card.decoder)), "a name is no text"),
        (all(_is_text_map(item) for item in (card.options, card.outputs)), "options and outputs are no texts by name"),
    )
    for fine, message in checks:
        if not fine:
            raise InvalidModel(f"the model card cannot be used: {message}")
