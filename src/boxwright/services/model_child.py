"""Tries a model from outside in a process of its own: `python -m boxwright.services.model_child`.

Reads one JSON order from stdin (see `boxwright.services.model_check`) and writes one JSON answer: `{"result": ...}`, or
`{"error", "code"}`. Nothing is written to disk, and memory and processor time are bounded before the file is opened.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boxwright.domain.cards import card_from_json, card_to_json
from boxwright.domain.corrections import CardChanges, changes_from_json, corrected
from boxwright.domain.detections import row_to_json
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelCard
from boxwright.services.model_process import ORIGIN, answer

if TYPE_CHECKING:
    from boxwright.ml.adapters.onnx import OnnxDetector
    from boxwright.ml.adapters.recognise import Recognised
    from boxwright.ml.adapters.session import Network

_BOXES, _OUTLINES = 300, 20
# Finished detections: the label is a number, and nothing says how high it may be.
# What `custom` holds is told by its options; its decoder counts the columns.
_UNCOUNTED = {"ssd", "dfine", "yolov10", "custom"}


def load() -> None:
    """Import what is needed before memory is bounded: what is loaded later would count against the model."""
    from boxwright import media  # noqa: F401
    from boxwright.ml.adapters.onnx import OnnxDetector  # noqa: F401
    from boxwright.ml.assist.sam import Sam  # noqa: F401


def look(order: Mapping[str, Any]) -> dict[str, object]:
    """Open the file, find out how to run it, run it; return what `ModelInspection` holds. Raises InvalidModel."""
    from boxwright.ml.adapters.onnx import OnnxDetector

    changes = changes_from_json(order["changes"])
    network = _opened(Path(order["onnx"]), int(order["memory"]))
    found = _recognised(order, network, changes)
    _check_names(found.card, changes)
    detector = OnnxDetector(network, corrected(found.card, changes))
    known = found.confidence != "unknown"
    milliseconds = _try(detector) if known else _pace(network, detector.card)
    return {
        "card": card_to_json(detector.card),
        "confidence": found.confidence,
        "reasons": found.reasons,
        "alternatives": found.alternatives,
        "inputs": [asdict(item) for item in network.inputs],
        "outputs": [asdict(item) for item in network.outputs],
        "milliseconds": milliseconds,
        "trial": _trial(detector, order["image"]) if known else None,
    }


def _opened(path: Path, memory: int) -> "Network":
    """Open a file. Raises InvalidModel, in words of its own for one half of SAM."""
    from boxwright.ml.adapters.session import Network, open_session
    from boxwright.ml.assist.sam import is_decoder, is_encoder

    try:
        network = Network(path, memory=memory)
    except InvalidModel as error:
        if error.code == "model_unknown" and is_decoder(open_session(path, memory)[0]):
            raise InvalidModel(_half("decoder", "encoder"), code="model_unknown") from error
        raise
    if is_encoder(network.session):
        raise InvalidModel(_half("encoder", "decoder"), code="model_unknown")
    return network


def _half(found: str, other: str) -> str:
    return f"this is the {found} of SAM 2.1 or EdgeTAM; choose it together with its {other}, or a ZIP of both"


def _recognised(order: Mapping[str, Any], network: "Network", changes: CardChanges) -> "Recognised":
    """Return the card that is known, or the one that the outputs suggest where there is none or a person doubts it."""
    from boxwright.ml.adapters.onnx import METADATA_KEY, embedded_card
    from boxwright.ml.adapters.recognise import Recognised, recognise

    card: ModelCard | None = None
    if order["card"] is not None:
        card = card_from_json(order["card"])
    elif METADATA_KEY in network.metadata:
        card = embedded_card(network.metadata)
    if card is not None and card.task == "assist":
        raise InvalidModel("its card is that of SAM, which comes in two ONNX files: encoder and decoder")
    if card is not None and changes.decoder in (None, card.decoder):
        return Recognised(
            card=card,
            confidence="sure",
            reasons=(network.metadata.get(ORIGIN, "it brings its model card")[:200],),
            alternatives=(),
        )
    size = (changes.input.width, changes.input.height)
    found = recognise(network, order["name"], decoder=changes.decoder, size=size, options=changes.options)
    return found if card is None else replace(found, card=_kept(found.card, card))


def _check_names(card: ModelCard, changes: CardChanges) -> None:
    """Raise InvalidModel where there are more or fewer names than the outputs have classes, if those show how many."""
    if changes.classes is None or card.decoder in _UNCOUNTED or len(changes.classes) == len(card.classes):
        return
    raise InvalidModel(
        f"the network has {len(card.classes)} classes, but {len(changes.classes)} are named", code="model_classes"
    )


def _kept(found: ModelCard, known: ModelCard) -> ModelCard:
    """Return the new card with what another decoder does not change."""
    same = len(found.classes) == len(known.classes)
    return replace(
        found,
        name=known.name,
        licence=known.licence,
        created_at=known.created_at,
        score_threshold=known.score_threshold,
        classes=known.classes if same else found.classes,
    )


def _pace(network: "Network", card: ModelCard) -> float:
    """Return how long one picture takes, in milliseconds, where nobody knows yet how to read the answer."""
    grey = np.full((1, 3, card.input.height, card.input.width), 0.5, np.float32)
    started = time.perf_counter()
    network.run(network.feed(grey, card.input))
    return round((time.perf_counter() - started) * 1000, 1)


def _try(detector: "OnnxDetector") -> float:
    """Run an empty and a noisy picture; return how long one takes, in milliseconds. Raises InvalidModel."""
    spec = detector.card.input
    shape = (spec.height, spec.width, 3)
    blank = np.full(shape, spec.pad, np.uint8)
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    # Outlines are made of those that are found; a picture seldom has more of them.
    limit = _OUTLINES if detector.card.task == "segment" else _BOXES
    started = time.perf_counter()
    for picture in (blank, noise):
        started = time.perf_counter()
        found = detector.predict([picture], score_threshold=0.0, max_detections=limit)[0]
        if len(found) and float(found.scores.max()) > 1.001:
            raise InvalidModel(
                f"with these settings it gives a score of {float(found.scores.max()):.3g}, which is more than 1; "
                "choose another decoder, or logits for its scores",
                code="model_foreign",
            )
    return round((time.perf_counter() - started) * 1000, 1)


def _trial(detector: "OnnxDetector", image: Mapping[str, str] | None) -> dict[str, object] | None:
    """Detect on an image of the project."""
    if image is None:
        return None
    from boxwright.media import decode_rgb

    picture = decode_rgb(Path(image["path"]))
    started = time.perf_counter()
    found = detector.predict([picture])[0]
    return {
        "image_id": image["id"],
        "width": picture.shape[1],
        "height": picture.shape[0],
        "detections": [row_to_json(row) for row in found.rows(item.name for item in detector.card.classes)],
        "milliseconds": round((time.perf_counter() - started) * 1000, 1),
    }


if __name__ == "__main__":
    status = answer(look, load)
    os._exit(status)  # ONNX Runtime's threads must not keep it
