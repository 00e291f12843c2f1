"""NanoDet, NanoDet-Plus (github.com/RangiLyu/nanodet) and PicoDet (PaddleDetection), all Apache-2.0.

Their heads are those of GFL (Li et al., 2020).
For each cell the class scores (1, cells, classes) and, for each side of the box, a distribution over distances of
0 to bins - 1 strides (1, cells, 4 * bins): the distance is its mean. Per stride as two outputs, or all joined as one
(1, cells, classes + 4 * bins), strides rising. Fed BGR, PicoDet RGB, normalised with ImageNet's
figures.
"""

import re

import numpy as np

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders.base import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    STRIDE_SETS,
    Dense,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    cells,
    columns,
    feeding,
    fits,
    flat,
    grid,
    probable,
    sigmoid,
    softmax,
    strides_of,
)

# Number of bins a side: 8 with reg_max 7, the default, and 16 with reg_max 15.
_BINS = (8, 16)
_FEED = {"channels": "bgr", "pad": 0, "mean": IMAGENET_MEAN[::-1], "std": IMAGENET_STD[::-1], "placement": "center"}
# PicoDet (PaddleDetection, Apache-2.0): four strides in pairs, scores after their sigmoid.
_PICODET = {"mean": IMAGENET_MEAN, "std": IMAGENET_STD, "placement": "stretch"}


def match(seen: Seen) -> Match | None:
    """Recognise pairs of outputs by stride, or one output wide enough for classes and distributions."""
    only = seen.only()
    return _joined(seen, *only) if only else _pairs(seen)


def _joined(seen: Seen, name: str, output: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Match | None:
    if not fits(output, 2):
        return None
    table = flat(output, 2)
    strides = strides_of(table.shape[0], seen.width, seen.height)
    classes = table.shape[1] - 4 * _BINS[0]
    if strides is None or classes < 1:
        return None
    known = seen.names == classes
    # Distances are free numbers, which neither YOLOX's nor YOLOv8's columns are.
    free = not probable(table[:, classes:]) and bool((table[:, classes:].min(0) < 0).mean() > 0.9)
    corner = len(strides) == 4
    return _found(
        seen, {"joined": name}, table[:, :classes], strides, "corner" if corner else "middle", 3 if known or free else 0
    )


def _pairs(seen: Seen) -> Match | None:
    tables = {name: flat(item, 2) for name, item in seen.outputs.items() if fits(item, 2)}
    if len(tables) != len(seen.outputs) or len(tables) % 2:
        return None
    sizes = {len(item) for item in tables.values()}
    strides = next((one for one in STRIDE_SETS if {cells(seen.width, seen.height, (s,)) for s in one} == sizes), None)
    if strides is None or len(tables) != 2 * len(strides):
        return None
    parts: dict[str, str] = {}
    for stride in strides:
        names = [name for name, item in tables.items() if len(item) == cells(seen.width, seen.height, (stride,))]
        pair = _told_apart(names, tables)
        if pair is None:
            return None
        parts |= {f"classes_{stride}": pair[0], f"distances_{stride}": pair[1]}
    scores = np.concatenate([tables[parts[f"classes_{stride}"]] for stride in strides])
    return _found(seen, parts, scores, strides, "middle", 3)


def _told_apart(names: list[str], tables: dict[str, Floats]) -> tuple[str, str] | None:
    """Return which of two outputs of a stride are the classes and which the distances: by name, else by width."""
    if len(names) != 2:
        return None
    named = [name for name in names if re.search(r"cls|class|score", name, re.IGNORECASE)]
    wide = [name for name in names if tables[name].shape[1] in {4 * bins for bins in _BINS}]
    if len(named) == 1:
        classes = named[0]
    elif len(wide) == 1:
        classes = next(name for name in names if name != wide[0])
    else:
        return None
    return classes, next(name for name in names if name != classes)


def _found(
    seen: Seen, parts: dict[str, str], scores: Floats, strides: tuple[int, ...], centres: str, weight: int
) -> Match:
    classes = scores.shape[1]
    picodet = len(strides) == 4 and "joined" not in parts and probable(scores)
    return Match(
        outputs=parts,
        classes=classes,
        weight=weight if seen.names in (None, classes) else 0,
        reasons=(
            f"for each cell of strides {', '.join(map(str, strides))}: {classes} class scores "
            "and four distributions of distances",
        ),
        input=feeding(**(_PICODET if picodet else _FEED)),
        options={"centres": centres, "scores": "probabilities" if probable(scores) else "logits"},
        iou=0.6,
    )


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and scores, of the cells where a class reaches the floor."""
    scores, distances, strides = _tables(outputs, frame)
    if frame.options["scores"] == "logits":
        scores = sigmoid(scores)
    keep = np.flatnonzero(scores.max(1) >= frame.floor)
    bins = distances.shape[1] // 4
    chances = softmax(distances[keep].reshape(-1, 4, bins))
    places, sizes = (part[keep] for part in grid(frame.width, frame.height, strides))
    sides = (chances @ np.arange(bins, dtype=np.float32)) * sizes
    centre = (places + (0.5 if frame.options["centres"] == "middle" else 0.0)) * sizes
    return Dense(np.concatenate([centre - sides[:, :2], centre + sides[:, 2:]], 1), scores[keep])


def _tables(outputs: Outputs, frame: Frame) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Return scores (n, classes), distances (n, 4 * bins) and the strides."""
    if "joined" in outputs:
        joined = flat(outputs["joined"], 2)
        scores, distances = joined[:, : frame.classes], joined[:, frame.classes :]
        strides = strides_of(len(joined), frame.width, frame.height)
    else:
        strides = tuple(sorted(int(part.rpartition("_")[2]) for part in outputs if part.startswith("classes_")))
        scores = np.concatenate([flat(outputs[f"classes_{stride}"], 2) for stride in strides])
        distances = np.concatenate([flat(outputs[f"distances_{stride}"], 2) for stride in strides])
    columns(scores, frame.classes, "the classes of its card")
    if strides is None or len(scores) != cells(frame.width, frame.height, strides):
        raise InvalidModel(
            f"the outputs have {len(scores)} rows; an input of {frame.width} x {frame.height} has other cells"
        )
    if distances.shape[1] not in {4 * bins for bins in _BINS}:
        raise InvalidModel(f"an output has {distances.shape[1]} columns for distances; expected 4 times {_BINS}")
    return scores, distances, strides
