"""A picture sent for one answer: small ones never touch the disk, the others are written there and removed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request

from boxwright.api.bodies import received
from boxwright.domain.errors import TooLarge

SMALL, LARGE = b"x" * 5000, b"y" * (5 << 20)


def request(body: bytes, *, declared: bool) -> Request:
    chunks: Iterator[bytes] = (body[at : at + 65536] for at in range(0, len(body), 65536))

    async def receive() -> dict[str, object]:
        chunk = next(chunks, b"")
        return {"type": "http.request", "body": chunk, "more_body": chunk != b""}

    headers = [(b"content-length", str(len(body)).encode())] if declared else []
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def take(body: bytes, folder: Path, *, declared: bool, limit: int = 8 << 20) -> tuple[bytes, bool]:
    """Return what arrived, and whether it lay on the disk meanwhile."""

    async def run() -> tuple[bytes, bool]:
        async with received(request(body, declared=declared), folder, limit) as got:
            return (got, False) if isinstance(got, bytes) else (got.read_bytes(), True)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "declared", "on_disk"),
    [(SMALL, True, False), (b"", True, False), (SMALL, False, True), (LARGE, True, True), (LARGE, False, True)],
)
def test_a_body_arrives_whole_and_leaves_nothing(body: bytes, declared: bool, on_disk: bool, tmp_path: Path) -> None:
    assert take(body, tmp_path, declared=declared) == (body, on_disk)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit_is_refused(declared: bool, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="larger than the limit of 0 MB"):
        take(SMALL, tmp_path, declared=declared, limit=4000)
    assert list(tmp_path.iterdir()) == []
