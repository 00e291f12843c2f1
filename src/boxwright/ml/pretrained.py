"""Weights to start from: what a folder of transformers holds, as one safetensors file that says everything by itself.

A folder has `config.json`, `model.safetensors` and perhaps `preprocessor_config.json`. What the first and the last say
goes into the header of the tensors, where a model that was trained here has it already. Loads no torch.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from safetensors import SafetensorError, safe_open

from boxwright.domain.architectures import ARCHITECTURES, Architecture
from boxwright.domain.errors import InvalidModel
from boxwright.ml.files import write_atomic

WEIGHTS, CONFIG, PREPROCESSOR = "model.safetensors", "config.json", "preprocessor_config.json"
FILES = (CONFIG, WEIGHTS, PREPROCESSOR)
# Of any of the JSON files, and of the header of the tensors.
MAX_TEXT = 4 << 20
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
# Names that tell what a folder without safetensors holds.
TELLING = (*_PICKLES, ".index.json", ".safetensors")


def pack(folder: Path, out: Path, notes: Mapping[str, str]) -> dict[str, Any]:
    """Write the file for a folder and return the network's configuration.

    Args:
        folder: with the files named above; of a model that was trained here, the tensors are enough.
        out: written atomically.
        notes: what else to write into the header, such as `licence` and `source`.

    Raises:
        InvalidModel: a file is missing, is no JSON or no safetensors file, or is a pickle.
    """
    tensors = folder / WEIGHTS
    header = check_tensors(tensors)
    config = _said(folder / CONFIG, "config", header)
    if config is None:
        raise InvalidModel(
            f"{CONFIG} is missing, which says what network these weights are for; weights of Wren come in as a model "
            "(Add model, on the page Models)",
            code="weights_unreadable",
        )
    texts = {**notes, "format": "pt", "config": json.dumps(config)}
    if preprocessor := _said(folder / PREPROCESSOR, "preprocessor", header):
        texts["preprocessor"] = json.dumps(preprocessor)
    write_atomic(out, lambda target: _rewrite(tensors, target, texts))
    return config


def check_tensors(path: Path) -> dict[str, str]:
    """Return what the header of a file says. Raises InvalidModel unless it is safetensors; nothing in it is run."""
    if not path.is_file():
        others = sorted(item.name for item in path.parent.iterdir()) if path.parent.is_dir() else []
        if any(name.endswith(_PICKLES) for name in others):
            raise InvalidModel(
                "the weights are a pickle, which can run programs; save them as model.safetensors", code="model_pickle"
            )
        if any(name.endswith((".index.json", ".safetensors")) for name in others):
            raise InvalidModel("the weights are in several parts; save them as one model.safetensors")
        raise InvalidModel(
            f"{path.name} is missing; choose it with its {CONFIG}, or a ZIP or TAR of their folder",
            code="weights_unreadable",
        )
    try:
        with safe_open(path, "np") as file:
            return dict(file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise InvalidModel(
            f"the weights are no safetensors file, or cut short; copy or save them again ({error})",
            code="weights_unreadable",
        ) from error


def fitting(config: Mapping[str, Any]) -> tuple[Architecture, ...]:
    """Return the architectures of a configuration's family. Raises InvalidModel where there is none."""
    kind = str(config.get("model_type"))[:100]
    named = [str(name) for name in config.get("architectures") or ()]
    task = "segment" if any("Segmentation" in name for name in named) else "detect"
    found = tuple(item for item in ARCHITECTURES if item.model_type == kind and item.task == task)
    if not found:
        known = sorted({item.model_type for item in ARCHITECTURES if not item.starts_empty})
        raise InvalidModel(
            f"config.json is of the kind {kind!r}; networks of {', '.join(known)} can be trained",
            code="weights_foreign",
        )
    return found


def _said(path: Path, key: str, header: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what a file says, or where there is none, the header of the tensors."""
    if path.is_file():
        return _json(path)
    return _parsed(header[key], f"{key} in the header of the weights") if key in header else None


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_TEXT:
            raise InvalidModel(f"{path.name} is too long")
        return _parsed(path.read_bytes(), path.name)
    except OSError as error:
        raise InvalidModel(f"{path.name} cannot be read", code="weights_unreadable") from error


def _parsed(text: str | bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidModel(f"{name} is no JSON file", code="weights_unreadable") from error
    if not isinstance(value, dict):
        raise InvalidModel(f"{name} holds no JSON object", code="weights_unreadable")
    return value


def _rewrite(tensors: Path, target: IO[bytes], texts: Mapping[str, str]) -> None:
    """Copy a safetensors file with another header: its length in 8 bytes, JSON, then the tensors."""
    with tensors.open("rb") as source:
        header = json.loads(source.read(int.from_bytes(source.read(8), "little")))
        data = json.dumps({**header, "__metadata__": dict(texts)}).encode()
        data += b" " * (-len(data) % 8)
        target.write(len(data).to_bytes(8, "little") + data)
        shutil.copyfileobj(source, target, 1 << 20)
