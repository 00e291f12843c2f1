"""What kind of detector an ONNX file holds, by what it answers: run only where a process with limits is around it."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import boxwright
from boxwright.domain.clock import now
from boxwright.domain.corrections import named
from boxwright.domain.decoders import FAMILIES, full_options
from boxwright.domain.errors import InvalidModel
from boxwright.domain.inspection import Confidence
from boxwright.domain.models import ModelCard, ModelInput
from boxwright.ml import registry
from boxwright.ml.adapters import classnames
from boxwright.ml.adapters.decoders.base import IMAGENET, RAW, Match, Seen
from boxwright.ml.adapters.session import MAX_SIDE, Network
from boxwright.ml.data.letterbox import COARSEST

SIZES = (640, 416, 320, 512, 800, 300)
_TASKS = ("detect", "detection", "object-detection", "segment", "instance-segmentation")
# Parts that outlines are made of.
_OUTLINES = {"prototypes", "masks"}
_CONFIDENCE: tuple[Confidence, ...] = ("guess", "guess", "likely", "sure")
# In this order where several fit equally well.
_ORDER = (
    "dfine",
    "wren",
    "yolox",
    "nanodet",
    "yolov5",
    "yolov8",
    "yolov10",
    "anchors",
    "ssd",
    "ultraface",
    "detr",
    "custom",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A card to run a network by, why this one, and which other families fit its outputs."""

    card: ModelCard
    confidence: Confidence
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]


def recognise(
    network: Network,
    name: str,
    decoder: str | None = None,
    size: tuple[int | None, int | None] = (None, None),
    options: Mapping[str, str] | None = None,
) -> Recognised:
    """Look at what a network answers to a few probes and say how to run it.

    Args:
        network: the opened file.
        name: what to call the model.
        decoder: the family where a person says so, even if another fits better.
        size: width and height to feed where a person says so.
        options: of that family, where a person says them.

    Where a person has to choose the family the confidence is `unknown`.

    Raises:
        InvalidModel: it is no detector, or no family can read it; the message tells the outputs.
    """
    _check_task(network)
    names = classnames.from_metadata(network.metadata)
    told = options if decoder is not None and options is not None else {}
    probes = [replace(seen, told=told) for seen in _probe(network, size, None if names is None else len(names))]
    found = _fitting(probes, decoder)
    family, match = found[0]
    names = names or match.names
    card = _card(network, name, family, match, names, probes[0])
    if decoder is None and match.weight == 0:
        reason = f"no known kind of detector: {_outputs(probes)}"
        fitting = tuple(other for other, _ in found)
        return Recognised(card=card, confidence="unknown", reasons=(reason,), alternatives=fitting)
    return Recognised(
        card=card,
        confidence=_CONFIDENCE[match.weight] if decoder is None else "sure",
        reasons=tuple(_reasons(network, family, match, names, decoder)),
        alternatives=tuple(other for other, _ in found[1:] if other != "custom"),
    )


def _fitting(probes: Sequence[Seen], decoder: str | None) -> list[tuple[str, Match]]:
    """Return the families that fit, first the one that a person chose. Raises InvalidModel where there is none."""
    found = _matches(probes)
    if decoder is not None:
        found.sort(key=lambda item: item[0] != decoder)
        if not found or found[0][0] != decoder:
            raise InvalidModel(f"decoder {decoder} does not fit: {_outputs(probes)}", code="model_foreign")
    elif not found:
        known = ", ".join(item.title for item in FAMILIES)
        raise InvalidModel(f"no known kind of detector: {_outputs(probes)}. Known are {known}", code="model_unknown")
    return found


def _check_task(network: Network) -> None:
    task = network.metadata.get("task", "detect")
    if task not in _TASKS:
        raise InvalidModel(
            f"the file says that it is for the task {task[:40]!r}; only detectors can be used", code="model_unknown"
        )


def _probe(network: Network, size: tuple[int | None, int | None], names: int | None) -> Iterator[Seen]:
    """Yield what the network answers to a grey picture and to textures, from 0 to 1 and from 0 to 255."""
    width, height, first = _first_answer(network, size)
    spec = ModelInput(width=width, height=height)
    texture = _texture(width, height)
    for outputs in (first, *(network.run(network.feed(values, spec)) for values in (texture, texture * 255))):
        yield Seen(
            width=width,
            height=height,
            inputs=tuple(item.name for item in network.inputs),
            outputs=outputs,
            metadata=network.metadata,
            names=names,
        )


def _first_answer(
    network: Network, wanted: tuple[int | None, int | None]
) -> tuple[int, int, dict[str, NDArray[np.float32]]]:
    """Return the first size that works, and the answer to grey."""
    failure = InvalidModel("the network takes no picture", code="model_broken")
    for width, height in _sizes(network, wanted):
        grey = np.full((1, 3, height, width), 0.45, np.float32)
        try:
            return width, height, network.run(network.feed(grey, ModelInput(width=width, height=height)))
        except InvalidModel as error:
            failure = error
    raise failure


def _sizes(network: Network, wanted: tuple[int | None, int | None]) -> list[tuple[int, int]]:
    """Return what to try: what the network insists on, what a person says, what its metadata say, what is usual."""
    sizes = []
    for usual in (_said(network.metadata.get("imgsz", "")), *((side, side) for side in SIZES)):
        if usual is not None:
            sides = zip(network.size, wanted, usual, strict=True)
            sizes.append(tuple(next(side for side in three if side is not None) for three in sides))
    return list(dict.fromkeys((width, height) for width, height in sizes))


def _said(text: str) -> tuple[int, int] | None:
    """Read `[height, width]` or one number, as YOLO exports write it; return width and height."""
    try:
        value = ast.literal_eval(text[:40])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    sides = value if isinstance(value, list | tuple) else [value]
    if len(sides) not in (1, 2) or not all(isinstance(side, int) and 1 <= side <= MAX_SIDE for side in sides):
        return None
    return int(sides[-1]), int(sides[0])


def _texture(width: int, height: int) -> NDArray[np.float32]:
    """Return blocks of many sizes and colours (1, 3, h, w), 0 to 1, always the same."""
    rng = np.random.default_rng(7)
    picture = np.zeros((3, height, width), np.float32)
    for block in (96, 32, 8, 1):
        coarse = rng.random((3, -(-height // block), -(-width // block)), np.float32)
        picture += coarse.repeat(block, 1).repeat(block, 2)[:, :height, :width] / 4
    return picture[None]


def _matches(probes: Sequence[Seen]) -> list[tuple[str, Match]]:
    """Return the families that fit every probe, the best first; what is told of them comes from the liveliest probe."""
    found = []
    for family in _ORDER:
        matches = [registry.decoder(family).match(seen) for seen in probes]
        if all(matches):
            options = {key: _seen_option(key, [item.options[key] for item in matches]) for key in matches[-1].options}
            strongest = max(reversed(matches), key=lambda item: item.weight)
            found.append((family, replace(strongest, options=options)))
    return sorted(found, key=lambda item: -item[1].weight)


def _seen_option(key: str, values: Sequence[str]) -> str:
    """Return what the probes say together: one look outside 0 to 1 is enough to know."""
    telling = {"boxes": "pixels", "scores": "logits", "grid": "decoded", "first_label": "0"}.get(key)
    return telling if telling is not None and telling in values else values[-1]


def _outputs(probes: Sequence[Seen]) -> str:
    shapes = ", ".join(f"{name} {list(item.shape)}" for name, item in probes[-1].outputs.items())
    return f"the outputs are {shapes[:300]} for a picture of {probes[-1].width} x {probes[-1].height}"


def _card(
    network: Network, name: str, family: str, match: Match, names: tuple[str, ...] | None, seen: Seen
) -> ModelCard:
    options = full_options(family, match.options)
    count = _count(match, names, options)
    texts = names if names and len(names) == count else classnames.suggested(count, _first(options))[0]
    return ModelCard(
        name=name,
        task="segment" if _OUTLINES & set(match.outputs) else "detect",
        architecture=family,
        decoder=family,
        input=replace(match.input, **_feed(network, family), **_size(network, family, match, seen)),
        classes=named(texts),
        parameters=network.parameters,
        licence=" ".join(network.metadata.get("license", "unknown").split())[:200] or "unknown",
        boxwright_version=boxwright.__version__,
        created_at=now(),
        iou_threshold=match.iou,
        options=options,
        outputs=dict(match.outputs),
    )


def _size(network: Network, family: str, match: Match, seen: Seen) -> dict[str, Any]:
    """Return the size of the input, and whether the network answers to a lower picture as to a whole one."""
    size: dict[str, Any] = {"width": seen.width, "height": seen.height}
    lower = max(2 * COARSEST, seen.height // 2 // COARSEST * COARSEST)
    if network.size != (None, None) or len(network.inputs) > 1 or lower >= seen.height or seen.width % COARSEST:
        return size
    feeds = network.feed(_texture(seen.width, lower), ModelInput(width=seen.width, height=lower))
    try:
        outputs = network.run(feeds)
        again = registry.decoder(family).match(replace(seen, height=lower, outputs=outputs))
    except InvalidModel:
        return size
    fewer = sum(item.size for item in outputs.values()) < 0.9 * sum(item.size for item in seen.outputs.values())
    return {**size, "trim": again is not None and fewer and match.input.placement != "stretch"}


def _feed(network: Network, family: str) -> dict[str, Any]:
    """Return what the input itself says about feeding, against the family's habit."""
    if network.picture.type == "tensor(uint8)":
        return dict(RAW)
    if family == "ssd" and network.size == (None, None):
        return {"placement": "top_left"}
    if family == "ssd" and len(network.picture.shape) == 4:
        return dict(IMAGENET)
    return {}


def _first(options: dict[str, str]) -> int:
    return int(options.get("first_label", "0"))


def _count(match: Match, names: tuple[str, ...] | None, options: dict[str, str]) -> int:
    if match.classes is not None:
        return match.classes
    if names is not None:
        return len(names)
    return len(classnames.COCO_IDS) - 1 if _first(options) else len(classnames.COCO)


def _reasons(
    network: Network, family: str, match: Match, names: tuple[str, ...] | None, decoder: str | None
) -> Iterator[str]:
    """Yield why, in sentences without full stop."""
    if decoder is not None:
        yield "you chose the decoder"
    yield from match.reasons
    if network.size == (None, None):
        said = "as its metadata say" if _said(network.metadata.get("imgsz", "")) else "the usual one"
        yield f"the network takes pictures of any size; this size is {said}"
    options = full_options(family, match.options)
    count = _count(match, names, options)
    if names and len(names) == count:
        yield "the file names its classes" if match.names != names else f"it finds one thing: {names[0]}"
        return
    if names:
        yield f"the file names {len(names)} classes, but the outputs have {count}"
    if match.classes is None and not names:
        yield "the outputs do not tell how many classes there are"
    yield classnames.suggested(count, _first(options))[1]
