"""A look into an ONNX file before any runtime opens it: is it one, does it reach for other files or foreign operators?

ONNX is protobuf; only the few fields on the way to tensors are followed, by their numbers in onnx.proto3.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from boxwright.domain.errors import InvalidModel

_GRAPH, _IR_VERSION = 7, 1
_MAX_DEPTH = 16
# Which fields of a message lead to which message: {message: {field: message}}.
_PATHS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
_DIMS, _MOST_PARAMETERS = 1, 1 << 40
_OP_TYPE, _OP_DOMAIN, _FUNCTION_DOMAIN = 4, 7, 10
# The standard and what ONNX Runtime brings along; anything else would need a library of its own.
_DOMAINS = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
# Holds a program for an accelerator, read from a file of its own.
_REFUSED = {"EPContext"}
_LOOPS = {"Loop", "Scan"}
# What people take for models: first bytes, what they are, where those bytes stand.
_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive (PyTorch saves .pt and .pth that way, as a pickle)", 0),
    (b"\x80", "a Python pickle", 0),
    (b"\x89HDF", "an HDF5 file (Keras)", 0),
    (b"ORTM", "a file in ONNX Runtime's own format", 4),
    (b"TFL3", "a TensorFlow Lite file", 4),
)


@dataclass(slots=True)
class _Found:
    external: bool = False
    parameters: int = 0
    operators: set[tuple[str, str]] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Contents:
    """What matters of a model that passed: whether `loops` could keep it running, and how many `parameters` it has."""

    loops: bool
    parameters: int


def check_onnx(data: bytes) -> Contents:
    """Look through a model.

    Raises InvalidModel for bytes that are no ONNX model, for one that keeps weights in other files, and for one with
    operators that ONNX does not define.
    """
    try:
        numbers = {number for number, _ in _fields(memoryview(data))}
        if not {_GRAPH, _IR_VERSION} <= numbers:
            raise ValueError("no graph")
        found = _Found()
        _walk(memoryview(data), "model", 0, found)
    except (ValueError, IndexError) as error:
        raise InvalidModel(no_onnx(data[:64]), code="model_unreadable") from error
    if found.external:
        raise InvalidModel(
            "the ONNX model keeps weights in other files; export it again as a single file", code="model_external_data"
        )
    strange = sorted(
        f"{domain}.{name}" if domain else name
        for domain, name in found.operators
        if domain not in _DOMAINS | found.functions or name in _REFUSED
    )
    if strange:
        raise InvalidModel(
            f"the ONNX model needs operators that ONNX does not define: {', '.join(strange[:3])[:200]}; "
            "export it without them",
            code="model_custom_operators",
        )
    return Contents(
        loops=any(name in _LOOPS for _, name in found.operators), parameters=min(found.parameters, _MOST_PARAMETERS)
    )


def no_onnx(head: bytes) -> str:
    """Return one line that says what a file is, by its first bytes, when it is no ONNX model."""
    kind = next((kind for start, kind, at in _OTHERS if head[at : at + len(start)] == start), None)
    if kind is None:
        return "the file is no ONNX model; export the model as ONNX and add that file"
    return f"the file is {kind}, no ONNX model; such files are never opened here: export the model as ONNX"


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("number too long")


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Yield the number and the value (bytes, or an integer) of each field of a message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind not in (1, 2, 5) or number == 0:
            raise ValueError("not protobuf")
        size, at = _varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
        if at + size > len(data):
            raise ValueError("cut short")
        yield number, data[at : at + size]
        at += size


def _walk(data: memoryview, message: str, depth: int, found: _Found) -> None:
    """Note what lies below this message: tensors with their data elsewhere, operators, functions."""
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if message == "tensor":
        _tensor(data, found)
        return
    name = domain = ""
    for number, value in _fields(data):
        if not isinstance(value, memoryview):
            continue
        if message == "node" and number == _OP_TYPE:
            name = bytes(value).decode()
        elif message == "node" and number == _OP_DOMAIN:
            domain = bytes(value).decode()
        elif message == "function" and number == _FUNCTION_DOMAIN:
            found.functions.add(bytes(value).decode())
        below = _PATHS[message].get(number)
        if below:
            _walk(value, below, depth + 1, found)
    if message == "node":
        found.operators.add((domain, name))


def _tensor(data: memoryview, found: _Found) -> None:
    elements = 1
    for number, value in _fields(data):
        found.external |= number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value == 1)
        if number == _DIMS:
            for size in _sizes(value):
                elements *= size
    found.parameters += min(elements, _MOST_PARAMETERS)


def _sizes(value: memoryview | int) -> Iterator[int]:
    """Yield the dimensions in a field: one, or several packed together."""
    if isinstance(value, int):
        yield value
        return
    at = 0
    while at < len(value):
        size, at = _varint(value, at)
        yield size
