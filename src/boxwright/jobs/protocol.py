"""The wire between server and child: one JSON value a line.

Down (child's stdin): first `{"entry", "params", "workdir"}`, then the words `keep` and `discard`; the end of the stream
means that the server is gone. Up: `{"kind", "data"}`, a `JobEvent`.
"""

import json
import math
from collections.abc import Mapping
from typing import cast, get_args, get_type_hints

from boxwright.domain.jobs import JobEvent

KINDS: tuple[str, ...] = get_args(get_type_hints(JobEvent)["kind"])
MAX_MESSAGE = 20_000


def encode(value: Mapping[str, object]) -> bytes:
    """Return one line. Numbers that JSON cannot hold (NaN, infinities) become null."""
    try:
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def encode_event(event: JobEvent) -> bytes:
    """Return an event as one line."""
    return encode({"kind": event.kind, "data": event.data})


def decode_event(line: bytes) -> JobEvent | None:
    """Read an event; None for a line that is none (something wrote into the stream)."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    if not isinstance(value, dict) or value.get("kind") not in KINDS or not isinstance(value.get("data"), dict):
        return None
    return JobEvent(kind=value["kind"], data=cast("dict[str, object]", value["data"]))


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
