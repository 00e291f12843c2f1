"""Writes a Darknet detector as ONNX in a process of its own: `python -m boxwright.services.darknet_child`.

The order has `cfg`, `weights`, `names` (or null), `title` and `out`; see `boxwright.services.model_check`.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.errors import InvalidModel
from boxwright.services.model_process import ORIGIN, answer

_LONGEST = 200


def load() -> None:
    """Import what is needed."""
    import boxwright.ml.adapters.darknet.graph
    import boxwright.ml.adapters.onnx  # noqa: F401


def run(order: Mapping[str, Any]) -> dict[str, object]:
    """Write the file. Raises InvalidModel."""
    from boxwright.ml.adapters.darknet.graph import convert, embed
    from boxwright.ml.adapters.onnx import METADATA_KEY

    cfg = _text(Path(order["cfg"]), ".cfg")
    names = None if order["names"] is None else _names(_text(Path(order["names"]), ".names"))
    model, card = convert(cfg, Path(order["weights"]), names, str(order["title"]) or "darknet")
    origin = f"a Darknet detector ({card.architecture}), written as ONNX"
    Path(order["out"]).write_bytes(embed(model, {METADATA_KEY: card, ORIGIN: origin}))
    return {}


def _text(path: Path, ending: str) -> str:
    """Read a text; old ones are not always UTF-8. Raises InvalidModel for bytes that are no text."""
    data = path.read_bytes()
    if b"\0" in data:
        raise InvalidModel(f"the {ending} is no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _names(text: str) -> list[str]:
    """Return one name a line, without the empty lines at the end."""
    lines = ["".join(c if c.isprintable() else " " for c in line) for line in text.splitlines()]
    names = [" ".join(line.split())[:_LONGEST] for line in lines]
    while names and not names[-1]:
        names.pop()
    return [name or f"class {number}" for number, name in enumerate(names)]


if __name__ == "__main__":
    sys.exit(answer(run, load))
