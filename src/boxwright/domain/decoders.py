"""The detector families whose ONNX files are understood: what they answer, and what may have to be told."""

from collections.abc import Mapping
from dataclasses import dataclass

from boxwright.domain.errors import InvalidModel


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderOption:
    """Something that the outputs do not say by themselves; `values` start with the usual one."""

    name: str
    values: tuple[str, ...]
    help: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderFamily:
    """A way to read outputs. `nms` tells whether overlapping boxes still have to be suppressed."""

    name: str
    title: str
    outputs: str
    nms: bool = True
    options: tuple[DecoderOption, ...] = ()


def _boxes(usual: str, other: str) -> DecoderOption:
    return DecoderOption(name="boxes", values=(usual, other), help="unit of the boxes: pixels of the input, or 0 to 1")


_SCORES = DecoderOption(
    name="scores", values=("probabilities", "logits"), help="whether the scores still need a sigmoid"
)
_FIRST = DecoderOption(
    name="first_label", values=("0", "1"), help="number of the first class: 0, or 1 where 0 means background"
)

_MASKS = " (with outlines: + k coefficients, and prototypes [1, k, h, w])"

FAMILIES: tuple[DecoderFamily, ...] = (
    DecoderFamily(
        name="wren",
        title="Boxes and scores (Boxwright, YOLO-NAS)",
        outputs="boxes [1, n, 4] as corners in pixels of the input, scores [1, n, classes] (with outlines: + "
        "coefficients [1, n, k], and prototypes [1, k, h, w])",
    ),
    DecoderFamily(
        name="yolox",
        title="YOLOX",
        outputs="one output [1, cells, 5 + classes]: centre, size, objectness, classes",
        options=(
            DecoderOption(
                name="grid",
                values=("raw", "decoded"),
                help="raw: offsets in cells and logarithms; decoded: pixels of the input",
            ),
            _SCORES,
        ),
    ),
    DecoderFamily(
        name="nanodet",
        title="NanoDet",
        outputs="class scores [1, cells, classes] and distance distributions [1, cells, 4 × bins], by stride or joined",
        options=(
            DecoderOption(
                name="centres",
                values=("middle", "corner"),
                help="where distances start: the middle of a cell (NanoDet), its corner (NanoDet-Plus)",
            ),
            _SCORES,
        ),
    ),
    DecoderFamily(
        name="yolov5",
        title="YOLOv5, YOLOv7",
        outputs=f"one output [1, n, 5 + classes]: centre, size, objectness, classes{_MASKS}",
        options=(_boxes("pixels", "normalised"),),
    ),
    DecoderFamily(
        name="anchors",
        title="YOLOv3 to YOLOv7 before their last layer",
        outputs="maps [1, 3 × (5 + classes), rows, columns] of logits, also with the columns last, or [1, 3, rows, "
        "columns, 5 + classes]; one a stride",
        options=(
            DecoderOption(
                name="anchors",
                values=("yolov3", "yolov4", "tiny"),
                help="yolov3: also YOLOv5; yolov4: also YOLOv7; tiny: two maps",
            ),
            DecoderOption(
                name="box", values=("exp", "square"), help="how sizes grow: exp (v3, v4), square of a sigmoid (v5, v7)"
            ),
        ),
    ),
    DecoderFamily(
        name="yolov8",
        title="YOLOv8, YOLO11",
        outputs=f"one output [1, 4 + classes, n], also transposed: centre, size, classes{_MASKS}",
        options=(_boxes("pixels", "normalised"), _SCORES),
    ),
    DecoderFamily(
        name="yolov10",
        title="YOLOv10, YOLO26, YOLO with NMS inside",
        outputs=f"one output [1, n, 6]: corners, score, class{_MASKS}; or [n, 7] with the picture's number in front",
        nms=False,
        options=(_boxes("pixels", "normalised"),),
    ),
    DecoderFamily(
        name="ssd",
        title="SSD, Faster R-CNN with NMS inside",
        outputs="boxes [n, 4], labels [n] and scores [n] of finished detections, also their number",
        nms=False,
        options=(
            _boxes("pixels", "normalised"),
            DecoderOption(name="order", values=("xyxy", "yxyx"), help="order of a box's corners; yxyx is TensorFlow's"),
            _FIRST,
        ),
    ),
    DecoderFamily(
        name="ultraface",
        title="UltraFace, SSD without NMS, YOLOv4",
        outputs="boxes [1, n, 4] as corners and scores [1, n, classes], with background where there is one",
        options=(
            _boxes("normalised", "pixels"),
            DecoderOption(
                name="background", values=("first", "last", "none"), help="which of the score columns means nothing"
            ),
        ),
    ),
    DecoderFamily(
        name="detr",
        title="DETR, RT-DETR, RF-DETR",
        outputs="logits [1, queries, classes] and boxes [1, queries, 4] as centre and size, 0 to 1; with outlines also "
        "masks [1, queries, h, w]",
        nms=False,
        options=(
            DecoderOption(
                name="activation",
                values=("sigmoid", "softmax"),
                help="sigmoid: each class by itself; softmax: the last column means no object",
            ),
        ),
    ),
    DecoderFamily(
        name="dfine",
        title="D-FINE, RT-DETR with post-processing inside",
        outputs="labels [1, n], boxes [1, n, 4] and scores [1, n]; a second input takes the picture's size",
        nms=False,
        options=(_FIRST,),
    ),
    DecoderFamily(
        name="custom",
        title="Another kind: you say what its numbers mean",
        outputs="one table with a row or a column for each box; or boxes [n, 4] and scores; or also labels",
        options=(
            DecoderOption(
                name="row",
                values=("box_scores", "box_score_class", "box_class_score", "class_score_box", "score_class_box"),
                help="what stands in a row: a score for each class, or one score and the number of its class",
            ),
            DecoderOption(
                name="format",
                values=("cxcywh", "xyxy", "yxyx", "xywh"),
                help="cxcywh: centre and size; xyxy, yxyx: two corners; xywh: top left corner and size",
            ),
            _boxes("pixels", "normalised"),
            DecoderOption(
                name="scores",
                values=("probabilities", "logits", "softmax"),
                help="logits: need a sigmoid; softmax: need one over all classes",
            ),
            DecoderOption(
                name="objectness", values=("no", "yes"), help="whether a score for any object precedes the classes"
            ),
            DecoderOption(
                name="background", values=("none", "first", "last"), help="which of the classes means nothing"
            ),
            _FIRST,
        ),
    ),
)
BY_NAME: Mapping[str, DecoderFamily] = {item.name: item for item in FAMILIES}


def family(name: str) -> DecoderFamily:
    """Return a family. Raises InvalidModel with code `decoder_unknown`."""
    found = BY_NAME.get(name)
    if found is None:
        raise InvalidModel(
            f"decoder {name!r} is not known to this version; known: {', '.join(BY_NAME)}", code="decoder_unknown"
        )
    return found


def full_options(name: str, options: Mapping[str, str]) -> dict[str, str]:
    """Return the options of a family, the usual value where none is given. Raises InvalidModel for any other."""
    known = {item.name: item for item in family(name).options}
    for key, value in options.items():
        if key not in known:
            raise InvalidModel(f"decoder {name} has no option {key!r}; it has: {', '.join(known) or 'none'}")
        if value not in known[key].values:
            raise InvalidModel(f"{key} is {value!r}; decoder {name} knows {', '.join(known[key].values)}")
    return {key: options.get(key, item.values[0]) for key, item in known.items()}
