"""What a backup consists of: a manifest, tables as JSON lines, files named by their SHA-256, and an end.

docs/adr/0015-backup.md says why.
"""

import base64
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from boxwright.domain.errors import InvalidBackup

FORMAT = "boxwright.backup/1"
MANIFEST, END = "manifest.json", "end.json"
Kind = Literal["text", "json", "integer", "float", "boolean", "binary"]
_OVERFLOW = 1 << 63


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePart:
    """A table in the archive: `tables/<name>.jsonl.gz`, one array of values a line, in the order of `columns`."""

    name: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"tables/{self.name}.jsonl.gz"


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupManifest:
    """The first member. `missing` are files that rows name and the installation no longer had."""

    schema: str
    product: str
    created_at: str
    tables: tuple[TablePart, ...]
    blobs: int
    blob_bytes: int
    missing: tuple[str, ...] = ()
    format: str = FORMAT


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupEnd:
    """The last member. `damaged` counts files that had other bytes than their names say when they were backed up."""

    manifest_sha256: str
    blobs: int
    damaged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupReport:
    """What was found in an archive of which every byte was read."""

    file: str
    bytes: int
    sha256: str
    product: str
    schema: str
    created_at: str
    rows: Mapping[str, int]
    files: int
    file_bytes: int
    damaged: int
    missing: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreReport:
    """What was restored. `interrupted` counts jobs that waited or ran when the backup was made."""

    backup: BackupReport
    data: str
    interrupted: int


def blob_member(sha256: str) -> str:
    """Return the name of a file in the archive."""
    return f"blobs/{sha256}"


def to_bytes(value: BackupManifest | BackupEnd) -> bytes:
    """Write a manifest or an end."""
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":")).encode()


def manifest_from(data: bytes) -> BackupManifest:
    """Read a manifest. Raises InvalidBackup."""
    fields = _object(data, MANIFEST)
    if fields.get("format") != FORMAT:
        found = fields.get("format")
        hint = "a newer version of Boxwright made it" if str(found).startswith("boxwright.backup/") else "not ours"
        raise InvalidBackup(f"the archive has the format {str(found)[:60]!r}, and {FORMAT!r} is read here: {hint}")
    parts = _value(fields, "tables", list)
    tables = tuple(_table(part) for part in parts)
    if len({part.name for part in tables}) != len(tables):
        raise InvalidBackup(f"{MANIFEST} names a table twice")
    missing = _value(fields, "missing", list)
    return BackupManifest(
        schema=_value(fields, "schema", str),
        product=_value(fields, "product", str),
        created_at=_value(fields, "created_at", str),
        blobs=_count(fields, "blobs"),
        blob_bytes=_count(fields, "blob_bytes"),
        tables=tables,
        missing=tuple(str(item) for item in missing),
    )


def end_from(data: bytes) -> BackupEnd:
    """Read an end. Raises InvalidBackup."""
    fields = _object(data, END)
    return BackupEnd(
        manifest_sha256=_value(fields, "manifest_sha256", str),
        blobs=_count(fields, "blobs"),
        damaged=_count(fields, "damaged"),
    )


def _table(part: object) -> TablePart:
    if not isinstance(part, dict):
        raise InvalidBackup(f"{MANIFEST} does not describe its tables")
    columns = _value(part, "columns", list)
    if not all(isinstance(item, str) for item in columns) or len(set(columns)) != len(columns):
        raise InvalidBackup(f"{MANIFEST} does not describe the columns of its tables")
    return TablePart(
        name=_value(part, "name", str),
        columns=tuple(columns),
        rows=_count(part, "rows"),
        bytes=_count(part, "bytes"),
        sha256=_value(part, "sha256", str),
    )


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidBackup(f"{name} is no readable JSON") from error
    if not isinstance(value, dict):
        raise InvalidBackup(f"{name} is no JSON object")
    return value


def _value(fields: Mapping[str, Any], name: str, kind: type) -> Any:
    value = fields.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidBackup(f"{name} is missing or of a wrong type in the description of the archive")
    return value


def _count(fields: Mapping[str, Any], name: str) -> int:
    value: int = _value(fields, name, int)
    if not 0 <= value < _OVERFLOW:
        raise InvalidBackup(f"{name} is out of range in the description of the archive")
    return value


def _special(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no place in a backup")


# ASCII: JSON escapes halves of characters and control characters, so every text comes back as it was.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_special).encode


def row_to_line(values: Sequence[object]) -> bytes:
    """Write a row; floats keep every bit, bytes become base64, infinities their names."""
    try:
        text = _encode(list(values))
    except ValueError:
        text = _encode([repr(item) if isinstance(item, float) and not math.isfinite(item) else item for item in values])
    return text.encode("ascii") + b"\n"


def row_from_line(line: bytes, kinds: Sequence[Kind]) -> list[object]:
    """Read a row. Raises ValueError where a value is not of its kind."""
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(kinds):
        raise ValueError(f"a row has {len(kinds)} values")
    return [None if value is None else _READ[kind](value) for value, kind in zip(values, kinds, strict=True)]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no text")
    return value


def _json(value: object) -> str:
    text = _text(value)
    json.loads(text)
    return text


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -_OVERFLOW <= value < _OVERFLOW:
        raise ValueError(f"{value!r:.40} is no whole number")
    return value


def _float(value: object) -> float:
    if isinstance(value, str) and value in ("inf", "-inf", "nan"):
        return float(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is no number")
    return float(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is neither true nor false")
    return value


def _binary(value: object) -> bytes:
    return base64.b64decode(_text(value), validate=True)


_READ: Mapping[Kind, Callable[[object], object]] = {
    "text": _text,
    "json": _json,
    "integer": _integer,
    "float": _float,
    "boolean": _boolean,
    "binary": _binary,
}
