"""D-FINE and RT-DETR with their post-processing inside (github.com/Peterande/D-FINE, github.com/lyuwenyu/RT-DETR).

Inputs `images` (1, 3, h, w) and `orig_target_sizes` (1, 2), width and height; outputs labels (1, n), boxes (1, n, 4) as
corners in those sizes' pixels, scores (1, n). The input's own size is given, so that boxes are in its pixels. Labels
count from 0. Fed RGB 0 to 1, stretched; no NMS.
"""

from boxwright.ml.adapters.decoders.base import Final, Frame, Match, Outputs, Seen, feeding
from boxwright.ml.adapters.decoders.ssd import decode as finished
from boxwright.ml.adapters.decoders.ssd import find


def match(seen: Seen) -> Match | None:
    """Recognise finished detections of a network that asks for the picture's size."""
    parts = find(seen)
    if parts is None or len(seen.inputs) != 2 or not any("size" in name for name in seen.inputs):
        return None
    return Match(
        outputs=parts,
        classes=None,
        weight=3,
        reasons=("finished detections: labels, boxes, scores; a second input takes the picture's size",),
        input=feeding(placement="stretch"),
        options={"first_label": "0"},
    )


def decode(outputs: Outputs, frame: Frame) -> Final:
    """Return the detections."""
    return finished(outputs, frame)
