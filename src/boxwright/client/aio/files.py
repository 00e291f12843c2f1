"""Files on their way in and out: resumable uploads, downloads that are there whole or not at all."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import httpx

from boxwright.client.aio.http import Http, Params
from boxwright.client.decode import decode
from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, NotFound, Unavailable
from boxwright.domain.exchange import Upload

CHUNK_BYTES = 8 << 20
# Seconds to wait before each new try after a drop; a try that got something through starts the list anew.
PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0)
_RETRIED = ("server_unreachable", "server_timeout", "offset_mismatch")

Progress = Callable[[int, int], None]


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading. Raises NotFound or Invalid with one clear line."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", code="file_not_found") from None
    except OSError as error:
        raise Invalid(f"cannot read {path}: {error.strerror}", code="file_unreadable") from error


class Uploads:
    """Large files, sent in pieces that survive a broken line."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def create(self, name: str, size: int) -> Upload:
        """Make room for a file of `size` bytes."""
        return decode(Upload, await self._http.create("/uploads", {"name": name, "size": size}))

    async def get(self, upload_id: str) -> Upload:
        """Return how far an upload came."""
        return decode(Upload, await self._http.get(f"/uploads/{upload_id}"))

    async def append(self, upload_id: str, offset: int, data: bytes) -> Upload:
        """Append bytes (at most 64 MiB) at `offset`. Raises Conflict (`offset_mismatch`) where that is not the end."""
        headers = {"upload-offset": str(offset)}
        return decode(Upload, await self._http.send("PATCH", f"/uploads/{upload_id}", content=data, headers=headers))

    async def delete(self, upload_id: str) -> None:
        """Throw an upload away."""
        await self._http.send("DELETE", f"/uploads/{upload_id}")

    async def send(
        self, path: Path, *, upload: Upload | None = None, progress: Progress | None = None, chunk: int = CHUNK_BYTES
    ) -> Upload:
        """Upload a whole file and return the finished upload.

        Args:
            path: the file.
            upload: an upload of the same file to go on with.
            progress: called with the bytes that are safe and the size of the file.
            chunk: bytes a request.

        Raises:
            Unavailable: the server could not be reached for a quarter of a minute.
        """
        with open_file(path) as source:
            size = os.fstat(source.fileno()).st_size
            if size == 0:
                raise Invalid(f"{path} is empty", code="file_empty")
            upload = upload or await self.create(path.name, size)
            if upload.size != size:
                raise Invalid(f"{path} has {size} bytes, but its upload was begun with {upload.size}")
            while upload.received < size:
                upload = await self._send_piece(source, upload, chunk)
                if progress is not None:
                    progress(upload.received, size)
            return upload

    async def _send_piece(self, source: BinaryIO, upload: Upload, chunk: int) -> Upload:
        for wait in (*PATIENCE, None):
            source.seek(upload.received)
            data = await asyncio.to_thread(source.read, chunk)
            if not data:
                raise Conflict(f"{upload.name} became shorter while it was sent", code="file_changed")
            try:
                return await self.append(upload.id, upload.received, data)
            except BoxwrightError as error:
                if error.code not in _RETRIED or wait is None:
                    raise
                upload = await self._look_again(upload, wait)
        raise AssertionError("the last try returns or raises")

    async def _look_again(self, upload: Upload, wait: float) -> Upload:
        await asyncio.sleep(wait)
        try:
            return await self.get(upload.id)
        except Unavailable:
            return upload


async def download(
    http: Http,
    path: str,
    target: Path,
    params: Params | None = None,
    *,
    progress: Progress | None = None,
    secret: bool = False,
    silence: float | None = None,
    resume: bool = False,
) -> Path:
    """Save the answer to a GET as `target`, which appears only when all of it is safe on disk.

    Args:
        http: the server.
        path: what to get.
        target: the file.
        params: of the query.
        progress: called with the bytes that are here and those of all (0 where the server does not say).
        secret: nobody but its owner may read the file.
        silence: seconds without a byte that break the line.
        resume: the server keeps the file, so that a line that breaks goes on where it broke.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
    except OSError as error:
        raise Invalid(f"cannot write {target}: {error.strerror}", code="file_unwritable") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            if resume:
                await _go_on(http, path, out, progress)
            else:
                async with http.stream(path, params, silence=silence) as answer:
                    await _save(answer, out, progress)
        if not secret:
            part.chmod(0o666 & ~_umask())
        part.replace(target)
    except OSError as error:
        raise Unavailable(f"cannot write {target}: {error.strerror}", code="file_unwritable") from error
    finally:
        part.unlink(missing_ok=True)
    return target


async def _go_on(http: Http, path: str, out: BinaryIO, progress: Progress | None) -> None:
    """Save an answer over as many lines as bring something; a file that changed meanwhile begins anew."""
    mark, waits = "", iter(PATIENCE)
    while True:
        have = out.tell()
        headers = {"range": f"bytes={have}-", "if-range": mark} if have and mark else {}
        try:
            async with http.stream(path, headers={**headers, "accept-encoding": "identity"}) as answer:
                if answer.status_code != httpx.codes.PARTIAL_CONTENT:
                    out.seek(0)
                    out.truncate()
                mark = str(answer.headers.get("etag", ""))
                await _save(answer, out, progress)
                return
        except Unavailable as error:
            if error.code not in _RETRIED:
                raise
            waits = iter(PATIENCE) if out.tell() > have else waits
            wait = next(waits, None)
            if wait is None:
                raise
            await asyncio.sleep(wait)


async def _save(answer: httpx.Response, out: BinaryIO, progress: Progress | None) -> None:
    done = out.tell()
    total = int(answer.headers.get("content-length", "0"))
    total += done if total else 0
    # As they come: what waits for a full piece would be lost with the line.
    async for data in answer.aiter_bytes():
        await asyncio.to_thread(out.write, data)
        done += len(data)
        if progress is not None:
            progress(done, total)
    await asyncio.to_thread(_flush, out)


def _flush(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
