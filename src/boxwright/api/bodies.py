"""Raw request bodies on their way to disk, bodies that name finished uploads, and files on their way back."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from boxwright.domain.answers import FileAnswer, StreamAnswer
from boxwright.domain.errors import TooLarge
from boxwright.domain.people import Caller
from boxwright.services.uploads import Uploads
from boxwright.storage.files import full_disk_is_an_answer

RAW_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_IN_MEMORY = 4 << 20
# Only these are ever shown by the browser; everything else is offered as a download (stored XSS).
_INLINE = ("image/jpeg", "image/png", "image/webp", "image/gif")


class Uploaded(BaseModel):
    """Finished uploads that belong together."""

    upload_id: str
    more: list[str] = Field(default_factory=list, max_length=4)

    def given(self, uploads: Uploads, caller: Caller) -> list[tuple[str, Path]]:
        """Return name and path of each. Raises NotFound, Conflict where one is not complete."""
        return [(uploads.get(item, caller).name, uploads.take(item, caller)) for item in self._ids()]

    def forget(self, uploads: Uploads, caller: Caller) -> None:
        """Throw them away."""
        for item in self._ids():
            uploads.delete(item, caller)

    def _ids(self) -> list[str]:
        return list(dict.fromkeys([self.upload_id, *self.more]))


@asynccontextmanager
async def spooled(request: Request, folder: Path, limit: int) -> AsyncIterator[Path]:
    """Write the body to a temporary file of at most `limit` bytes; unless it was moved, it is removed at the end."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"the file is larger than the limit of {limit >> 20} MB")
    with full_disk_is_an_answer():
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="body-")
    path = Path(name)
    try:
        with full_disk_is_an_answer(), os.fdopen(handle, "wb") as out:
            received = 0
            async for chunk in request.stream():
                received += len(chunk)
                if received > limit:
                    raise TooLarge(f"the file is larger than the limit of {limit >> 20} MB")
                await run_in_threadpool(out.write, chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


def is_small(request: Request, limit: int) -> bool:
    """Tell whether a body declares a size that can stay in memory: at most 4 MiB, and at most `limit` bytes."""
    declared = request.headers.get("content-length", "")
    return declared.isdigit() and int(declared) <= min(limit, _IN_MEMORY)


@asynccontextmanager
async def received(request: Request, folder: Path, limit: int) -> AsyncIterator[bytes | Path]:
    """Take the body for reading alone: a small one stays in memory, any other is `spooled`."""
    if is_small(request, limit):
        yield await request.body()  # the server reads no more than was declared
        return
    async with spooled(request, folder, limit) as path:
        yield path


def _disposition(name: str, mime: str) -> str:
    kind = "inline" if mime in _INLINE else "attachment"
    return f"{kind}; filename*=UTF-8''{quote(Path(name).name, safe='')}"


def file_response(answer: FileAnswer, *, immutable: bool = False) -> FileResponse:
    """Serve a file; pictures inline, anything else as a download."""
    mime, headers = _file_headers(answer, immutable=immutable)
    return FileResponse(answer.path, media_type=mime, headers=headers)


def small_file_response(answer: FileAnswer) -> Response:
    """Serve a file that never changes and is read at once, in a thread that may wait for the disk."""
    mime, headers = _file_headers(answer, immutable=True)
    return Response(answer.path.read_bytes(), media_type=mime, headers=headers)


def _file_headers(answer: FileAnswer, *, immutable: bool) -> tuple[str, dict[str, str]]:
    mime = answer.mime if answer.mime in _INLINE else "application/octet-stream"
    cache = "private, max-age=31536000, immutable" if immutable else "private, no-cache"
    # What one person was shown, the browser must not show the next one who signs in there.
    return mime, {"content-disposition": _disposition(answer.name, mime), "cache-control": cache, "vary": "Cookie"}


def stream_response(answer: StreamAnswer) -> StreamingResponse:
    """Serve chunks as a download."""
    headers = {"content-disposition": _disposition(answer.name, ""), "cache-control": "private, no-store"}
    if answer.size is not None:
        headers["content-length"] = str(answer.size)
    return StreamingResponse(answer.chunks, media_type=answer.mime, headers=headers)
