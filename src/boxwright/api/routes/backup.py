"""The whole installation as one file."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from boxwright.api.bodies import stream_response
from boxwright.api.deps import Administrator, App
from boxwright.api.routes import PREFIX

router = APIRouter(prefix=PREFIX, tags=["accounts"])


@router.get("/backup", operation_id="downloadBackup", response_class=StreamingResponse)
def download_backup(app: App, caller: Administrator) -> StreamingResponse:
    """Return a backup of this moment as one TAR, which holds hashes of passwords; for administrators."""
    return stream_response(app.backups.make(caller))
