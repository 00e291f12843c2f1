"""Backups taken apart and put together again, to be damaged on the way."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

from boxwright.media import tarstream

Members = dict[str, bytes]


def unpacked(archive: Path) -> Members:
    """The members by name, in their order; any TAR program can read them."""
    with tarfile.open(archive, "r:") as opened:
        return {info.name: opened.extractfile(info).read() for info in opened}  # type: ignore[union-attr]


def packed(path: Path, members: Members) -> Path:
    """Write members one after the other as they are."""
    parts = [tarstream.header(name, len(data)) + data + tarstream.padding(len(data)) for name, data in members.items()]
    path.write_bytes(b"".join(parts) + tarstream.END)
    return path


def sealed(path: Path, members: Members, manifest: dict[str, Any]) -> Path:
    """Write members whose manifest and end agree with them: what somebody would do who means harm."""
    for part in manifest["tables"]:
        data = members[f"tables/{part['name']}.jsonl.gz"]
        part |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    raw = json.dumps(manifest).encode()
    blobs = {name: data for name, data in members.items() if name.startswith("blobs/")}
    end = {**json.loads(members["end.json"]), "manifest_sha256": hashlib.sha256(raw).hexdigest(), "blobs": len(blobs)}
    return packed(path, {**members, "manifest.json": raw, "end.json": json.dumps(end).encode()})


def manifest_of(members: Members) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(members["manifest.json"])
    return found


def lines_of(members: Members, table: str) -> list[list[Any]]:
    """The rows of a table."""
    return [json.loads(line) for line in gzip.decompress(members[f"tables/{table}.jsonl.gz"]).splitlines()]


def put_lines(members: Members, manifest: dict[str, Any], table: str, rows: list[Any]) -> None:
    """Replace the rows of a table, and say so in the manifest."""
    text = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    members[f"tables/{table}.jsonl.gz"] = gzip.compress(text, mtime=0)
    part_of(manifest, table)["rows"] = len(rows)


def part_of(manifest: dict[str, Any], table: str) -> dict[str, Any]:
    found: dict[str, Any] = next(part for part in manifest["tables"] if part["name"] == table)
    return found


def foreign_member(name: str, kind: bytes) -> bytes:
    """A header of something else than a plain file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info.tobuf(tarfile.GNU_FORMAT)


def plain_tar(path: Path) -> Path:
    """A TAR that is no backup."""
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("hello.txt")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"hello"))
    return path
