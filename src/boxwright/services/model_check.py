"""A model from outside is opened first in a child process with limits; the server only ever loads what passed there."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from boxwright.domain.cards import card_from_json, card_to_json
from boxwright.domain.corrections import CardChanges, changes_to_json
from boxwright.domain.decoders import FAMILIES
from boxwright.domain.detections import row_from_json
from boxwright.domain.errors import InvalidModel
from boxwright.domain.inspection import ModelInspection, TensorFacts, Trial
from boxwright.domain.models import ModelCard
from boxwright.jobs.runners.local import child_environment
from boxwright.services.model_memory import model_memory

CHECK_SECONDS = 120.0
# The largest file that a conversion may write: what ONNX can be.
_MOST = (1 << 31) - 1
Converter = Literal["darknet", "weights"]
# What a child that opens foreign files has no use for.
_SECRETS = ("BOXWRIGHT_", "AWS_", "AZURE_", "GOOGLE_", "PG")
# Each takes a core and up to the memory that a model may.
_turn = threading.BoundedSemaphore(2)


def examine(
    onnx: Path,
    *,
    name: str,
    card: ModelCard | None = None,
    changes: CardChanges | None = None,
    image: tuple[str, Path] | None = None,
    memory: int | None = None,
) -> ModelInspection:
    """Say what an ONNX file holds, how it would be run, and that it does run.

    Args:
        onnx: the file.
        name: what to call the model.
        card: where it is known already.
        changes: what a person says against the card.
        image: id and path of an image to try it on.
        memory: bytes that it may use.

    Raises:
        InvalidModel: no ONNX, no detector of a known family, not as the card says, or over the limits.
    """
    order = {
        "onnx": str(onnx.resolve()),
        "name": name,
        "card": None if card is None else card_to_json(card),
        "changes": changes_to_json(changes or CardChanges()),
        "memory": model_memory() if memory is None else memory,
        "image": None if image is None else {"id": image[0], "path": str(image[1].resolve())},
    }
    return _inspection(_answered("model_child", order, onnx.parent))


def examine_pair(
    files: tuple[Path, Path],
    *,
    name: str,
    card: ModelCard | None = None,
    changes: CardChanges | None = None,
    memory: int | None = None,
) -> tuple[ModelInspection, tuple[Path, Path]]:
    """Say what two ONNX files hold that outline what is clicked on, and that they do; return them, the encoder first.

    Args:
        files: encoder and decoder, in any order.
        name: what to call them.
        card: where it is known already.
        changes: what a person says against the card.
        memory: bytes that they may use.

    Raises:
        InvalidModel: other files than are understood, or over the limits.
    """
    order = {
        "files": [str(path.resolve()) for path in files],
        "name": name,
        "card": None if card is None else card_to_json(card),
        "changes": changes_to_json(changes or CardChanges()),
        "memory": model_memory() if memory is None else memory,
    }
    found = _answered("sam_child", order, files[0].parent)
    return _inspection(found), files if found["encoder"] == 0 else (files[1], files[0])


def convert(kind: Converter, order: Mapping[str, Path | str | None], out: Path, memory: int | None = None) -> None:
    """Write a model that came in other files as the ONNX file `out`, in a child process with limits.

    Args:
        kind: of the files.
        order: what the child is given beside; paths are made absolute.
        out: where to write.
        memory: bytes that it may use.

    Raises:
        InvalidModel: they cannot be written as ONNX.
    """
    given = {key: str(value.absolute()) if isinstance(value, Path) else value for key, value in order.items()}
    memory = model_memory() if memory is None else memory
    _answered(f"{kind}_child", {**given, "out": str(out.absolute()), "memory": memory, "written": _MOST}, out.parent)


def _answered(child: str, order: Mapping[str, object], folder: Path) -> Any:
    with _turn:
        answer = _ask(child, order, folder)
    if "error" in answer:
        raise InvalidModel(f"the model cannot be used: {answer['error']}", code=str(answer["code"]))
    return answer["result"]


def _ask(child: str, order: Mapping[str, object], folder: Path) -> dict[str, Any]:
    environment = {key: value for key, value in child_environment().items() if not key.startswith(_SECRETS)}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", f"boxwright.services.{child}"],
            check=False,
            input=json.dumps(order),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=CHECK_SECONDS,
            env=environment,
            start_new_session=hasattr(os, "setsid"),
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidModel(
            f"the model cannot be used: it did not answer within {CHECK_SECONDS:.0f} s", code="model_too_slow"
        ) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise InvalidModel(
            "the model cannot be used: it broke the process that tried it, or needs more memory than a model may",
            code="model_broken",
        ) from error
    return answer


def _inspection(value: Mapping[str, Any]) -> ModelInspection:
    return ModelInspection(
        card=card_from_json(value["card"]),
        confidence=value["confidence"],
        reasons=tuple(value["reasons"]),
        alternatives=tuple(value["alternatives"]),
        inputs=tuple(map(_facts, value["inputs"])),
        outputs=tuple(map(_facts, value["outputs"])),
        milliseconds=value["milliseconds"],
        families=FAMILIES,
        trial=None if value["trial"] is None else _trial(value["trial"]),
    )


def _facts(value: Mapping[str, Any]) -> TensorFacts:
    return TensorFacts(name=value["name"], shape=tuple(value["shape"]), type=value["type"])


def _trial(value: Mapping[str, Any]) -> Trial:
    rows = tuple(map(row_from_json, value["detections"]))
    return Trial(**{**value, "detections": rows})
