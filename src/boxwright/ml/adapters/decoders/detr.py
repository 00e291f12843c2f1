"""DETR (Carion et al., 2020) and its kin before post-processing: Deformable DETR, RT-DETR, D-FINE, RF-DETR.

logits (1, queries, classes), boxes (1, queries, 4): centre and size from 0 to 1. DETR applies a softmax whose last
column is "no object"; the later ones, trained with a focal loss, a sigmoid to each class. No NMS. RT-DETR and D-FINE
are fed RGB 0 to 1, the others RGB normalised with ImageNet's figures; all stretched. RF-DETR-Seg and others that give
masks add their logits (1, queries, rows, columns).
"""

import numpy as np

from boxwright.ml.adapters.decoders.base import (
    IMAGENET,
    Dense,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    columns,
    corners,
    feeding,
    flat,
    probable,
    sigmoid,
    softmax,
)
from boxwright.ml.adapters.decoders.wren import boxes_and_scores
from boxwright.ml.adapters.masks import Planes

_MOST = 2000


def match(seen: Seen) -> Match | None:
    """Recognise few boxes from 0 to 1 with logits."""
    parted = seen.parted()
    rest, masks = (seen, None) if parted is None else parted
    pair = boxes_and_scores(rest)
    if pair is None:
        return None
    boxes, logits = (flat(seen.outputs[name], 2) for name in pair)
    if not probable(boxes) or len(boxes) > _MOST or (masks is not None and seen.outputs[masks].shape[1] != len(boxes)):
        return None
    # Most queries find nothing, and with a softmax they say so in the last column.
    nothing = float((logits.argmax(1) == logits.shape[1] - 1).mean())
    softly = logits.shape[1] > 1 and nothing > 0.5
    classes = logits.shape[1] - softly
    free = not probable(logits)
    named = "logit" in pair[1].lower() or "pred" in pair[0].lower()
    plain = not softly and "pixel_mask" not in seen.inputs and "dets" not in seen.outputs
    return Match(
        outputs={"boxes": pair[0], "logits": pair[1]} | ({} if masks is None else {"masks": masks}),
        classes=classes,
        weight=(3 if named else 2) if free else 0,
        reasons=(
            f"{len(boxes)} queries with {classes} logits and a box from 0 to 1; "
            + (f"{nothing:.0%} of them prefer the last column: no object" if softly else "each class by itself")
            + ("" if masks is None else ", and a mask for each"),
        ),
        input=feeding(placement="stretch", **({} if plain else IMAGENET)),
        options={"activation": "softmax" if softly else "sigmoid"},
    )


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and probabilities, of the queries where one reaches the floor."""
    logits = flat(outputs["logits"], 2)
    scores: Floats = softmax(logits)[:, :-1] if frame.options["activation"] == "softmax" else sigmoid(logits)
    columns(scores, frame.classes, "the classes of its card")
    keep = np.flatnonzero(scores.max(1) >= frame.floor)
    size = np.array([frame.width, frame.height] * 2, np.float32)
    boxes = columns(flat(outputs["boxes"], 2), 4, "those of a box")[keep]
    masks = Planes(flat(outputs["masks"], 3)[keep]) if "masks" in outputs else None
    return Dense(corners(boxes * size), scores[keep], nms=False, masks=masks)
