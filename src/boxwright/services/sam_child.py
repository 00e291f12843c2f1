"""Tries the two networks of SAM in a process of its own: `python -m boxwright.services.sam_child`.

The order has `files` (two paths), `name`, `card` (or null), `changes` and `memory`; see
`boxwright.services.model_check`.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from boxwright.domain.assist import Prompt
from boxwright.domain.cards import card_from_json, card_to_json
from boxwright.domain.corrections import changes_from_json, corrected
from boxwright.domain.errors import InvalidModel
from boxwright.services.model_process import answer

# Eight of them are kept; that of SAM 2.1 takes 16 MB.
_MOST = 64 << 20


def load() -> None:
    """Import what is needed before memory is bounded."""
    import boxwright.ml.assist.sam  # noqa: F401


def look(order: Mapping[str, Any]) -> dict[str, object]:
    """Open the two files, encode a picture, click on it; return what `ModelInspection` holds, and which is `encoder`.

    Raises InvalidModel.
    """
    from boxwright.ml.assist.sam import Sam

    first, second = map(Path, order["files"])
    sam = Sam((first, second), int(order["memory"]))
    encoding, decoding = _try(sam)
    card = sam.card(order["name"])
    if order["card"] is not None:
        known = card_from_json(order["card"])
        card = replace(card, name=known.name, licence=known.licence, created_at=known.created_at)
    inputs, outputs = sam.facts()
    return {
        "card": card_to_json(corrected(card, changes_from_json(order["changes"]))),
        "confidence": "sure",
        "reasons": (
            "one network encodes a picture, the other takes clicks: SAM 2.1 or EdgeTAM, for outlines in the editor",
            f"a click takes {decoding:g} ms on one core once the picture is encoded",
        ),
        "alternatives": (),
        "inputs": [asdict(item) for item in inputs],
        "outputs": [asdict(item) for item in outputs],
        "milliseconds": encoding,
        "trial": None,
        "encoder": 0 if sam.encoder == first else 1,
    }


def _try(sam: Any) -> tuple[float, float]:
    """Encode noise and ask for what a click and a box mean; return how long both take, in milliseconds."""
    noise = np.random.default_rng(1).integers(0, 256, (sam.side, sam.side, 3), np.uint8)
    middle = sam.side / 2
    started = time.perf_counter()
    embedding = sam.encode(noise)
    encoded = time.perf_counter()
    size = sum(values.nbytes for values in embedding.features.values())
    if size > _MOST:
        message = f"what the encoder makes of a picture takes {size >> 20} MB; {_MOST >> 20} MB is the most"
        raise InvalidModel(message, code="model_foreign")
    sam.decode(embedding, Prompt(box=(middle / 2, middle / 2, middle, middle)))
    boxed = time.perf_counter()
    sam.decode(embedding, Prompt(inside=[(middle, middle)], outside=[(1.0, 1.0)]))
    return round((encoded - started) * 1000, 1), round((time.perf_counter() - boxed) * 1000, 1)


if __name__ == "__main__":
    status = answer(look, load)
    os._exit(status)  # ONNX Runtime's threads must not keep it
