"""The ZIP in which a model travels, and which predicts alone.

`model.onnx`, `weights.safetensors` where there are some, `card.json` (input, classes, thresholds) for programs,
`README.md` (the model card) for people, `LICENSE.txt`, and `predict.py` for the families that have one.

One that comes from outside is distrusted: only these members, bounded sizes, no pickles. Its ONNX file is then tried in
a child process (see `boxwright.services.model_check`).
"""

import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from boxwright.domain.cards import card_from_json
from boxwright.domain.errors import InvalidModel, TooLarge
from boxwright.domain.models import ModelCard

ONNX, WEIGHTS, CARD = "model.onnx", "weights.safetensors", "card.json"
README, LICENCE, PROGRAM = "README.md", "LICENSE.txt", "predict.py"
# What only people read is let in and not looked at; README.txt is in older archives.
LIMITS = {ONNX: 1 << 30, WEIGHTS: 1 << 30, CARD: 4 << 20} | dict.fromkeys(
    (README, LICENCE, PROGRAM, "README.txt"), 1 << 20
)
PICKLE = (
    "this is a PyTorch file, which keeps its weights as a pickle and is never opened here, as it can run any program; "
    "export the model as ONNX"
)
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """The parts of an archive; the ONNX file has not been tried yet."""

    onnx: Path
    weights: Path | None
    card: ModelCard


def unpack(archive: Path, folder: Path) -> Unpacked:
    """Take a model archive apart. Raises InvalidModel or TooLarge."""
    try:
        with zipfile.ZipFile(archive) as source:
            names = _members(source)
            for name in names:
                _extract(source, name, folder / name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise InvalidModel("this is no model saved by Boxwright: not a readable ZIP archive") from error
    card = read_card(folder / CARD)
    weights = folder / WEIGHTS if WEIGHTS in names else None
    if weights is not None:
        check_weights(weights)
    return Unpacked(onnx=folder / ONNX, weights=weights, card=card)


def read_card(path: Path) -> ModelCard:
    """Read a card that is distrusted. Raises InvalidModel."""
    try:
        value = json.loads(path.read_bytes())
        # Python reads more than JSON can say: NaN, numbers beyond range, halves of a character. No page could show it.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidModel(f"{CARD} is not readable JSON") from error
    return card_from_json(value)


def _members(source: zipfile.ZipFile) -> list[str]:
    names = [item.filename for item in source.infolist()]
    if any(name.endswith(".pkl") for name in names):
        raise InvalidModel(PICKLE)
    strange = [name for name in names if name not in LIMITS]
    if strange or len(set(names)) != len(names):
        raise InvalidModel(f"this is no model saved by Boxwright: unexpected file {(strange or names)[0]!r}")
    missing = [name for name in (ONNX, CARD) if name not in names]
    if missing:
        raise InvalidModel(f"this is no model saved by Boxwright: {missing[0]} is missing")
    return names


def _extract(source: zipfile.ZipFile, name: str, target: Path) -> None:
    left = LIMITS[name]
    with source.open(name) as member, target.open("wb") as out:
        while data := member.read(_CHUNK):
            left -= len(data)
            if left < 0:
                raise TooLarge(f"{name} is larger than {LIMITS[name] >> 20} MB")
            out.write(data)


def check_weights(path: Path) -> None:
    """Look at the header of safetensors: eight bytes of length, then JSON. Raises InvalidModel for anything else."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        head = stream.read(length) if 0 < length < 16 << 20 else b""
    try:
        good = isinstance(json.loads(head), dict)
    except (ValueError, RecursionError):
        good = False
    if not good:
        raise InvalidModel(f"{WEIGHTS} is no safetensors file")
