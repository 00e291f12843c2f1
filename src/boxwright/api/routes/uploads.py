"""Resumable uploads of large files: make one, append at an offset, ask how far it came."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from boxwright.api.bodies import RAW_BODY, spooled
from boxwright.api.deps import App, Who
from boxwright.api.routes import PREFIX
from boxwright.domain.errors import TooLarge
from boxwright.domain.exchange import Upload

router = APIRouter(prefix=PREFIX, tags=["uploads"])
GIGABYTE = 1 << 30
CHUNK_LIMIT = 64 << 20


class NewUpload(BaseModel):
    """Name and size in bytes of the file that will follow."""

    name: str = Field(min_length=1, max_length=255)
    size: int = Field(ge=1)


@router.post("/uploads", operation_id="createUpload", status_code=201)
def create_upload(body: NewUpload, app: App, caller: Who) -> Upload:
    """Make room for a file."""
    if body.size > app.settings.max_archive_gb * GIGABYTE:
        raise TooLarge(f"the file is larger than the limit of {app.settings.max_archive_gb} GB")
    return app.uploads.create(caller, body.name, body.size)


@router.get("/uploads/{upload_id}", operation_id="getUpload")
def get_upload(upload_id: str, app: App, caller: Who) -> Upload:
    """Return how many bytes are safe, so that an interrupted upload can go on from there."""
    return app.uploads.get(upload_id, caller)


@router.patch("/uploads/{upload_id}", operation_id="appendUpload", openapi_extra=RAW_BODY)
async def append_upload(
    upload_id: str, request: Request, app: App, caller: Who, upload_offset: Annotated[int, Header(ge=0)]
) -> Upload:
    """Append the raw body (at most 64 MB) at `Upload-Offset`; 409 `offset_mismatch` tells the right one."""
    async with spooled(request, app.settings.incoming_folder, CHUNK_LIMIT) as path:
        return await run_in_threadpool(app.uploads.append, upload_id, caller, upload_offset, path)


@router.delete("/uploads/{upload_id}", operation_id="deleteUpload", status_code=204)
def delete_upload(upload_id: str, app: App, caller: Who) -> None:
    """Throw an upload away."""
    app.uploads.get(upload_id, caller)
    app.uploads.delete(upload_id, caller)
