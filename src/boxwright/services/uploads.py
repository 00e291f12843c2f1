"""Resumable uploads: a file grows piece by piece; what was acknowledged is on disk."""

import os
import shutil
import threading
from collections import defaultdict
from pathlib import Path

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound, StorageFull
from boxwright.domain.exchange import Upload
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.services import checks
from boxwright.storage.files import full_disk_is_an_answer, link_or_copy, sync_folder
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MAX_SIZE = 1 << 42


class Uploads:
    """Rules about uploads. Thread-safe; an upload belongs to who made it, for anybody else it is not there."""

    def __init__(self, uow: UnitOfWork, folder: Path) -> None:
        self._uow = uow
        self._folder = folder
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def create(self, caller: Caller, name: str, size: int) -> Upload:
        """Make room for a file of `size` bytes. Raises Invalid, StorageFull where it would not fit on the disk."""
        if not 1 <= size < MAX_SIZE:
            raise Invalid("size is the length of the file in bytes, at least 1", code="size_invalid")
        self._folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._folder).free < size:
            megabytes = -(-size // 10**6)
            raise StorageFull(f"the disk has no room for this file of {megabytes} MB; make room and try again")
        time = now()
        upload = Upload(
            id=new_id(), name=checks.name(name, "the file's name", 255), size=size, received=0, created_at=time
        )
        with full_disk_is_an_answer():
            self._path(upload.id).touch()
            sync_folder(self._folder)
        with self._uow.write() as tx:
            tx.uploads.add(upload, caller.id)
        return upload

    def get(self, upload_id: str, caller: Caller) -> Upload:
        """Return an upload. Raises NotFound."""
        with self._uow.read() as tx:
            found = tx.uploads.find(upload_id, caller.id)
        if found is None or not self._path(upload_id).is_file():
            raise NotFound("there is no such upload; start it anew")
        return found

    def append(self, upload_id: str, caller: Caller, offset: int, chunk: Path) -> Upload:
        """Append the bytes of the file `chunk` at `offset`; they are on disk when this returns.

        Raises:
            NotFound: no such upload.
            Conflict: with code `offset_mismatch` (`detail` holds the right `offset`).
            Invalid: with code `upload_too_long`.
            StorageFull: the upload stays as it was.
        """
        with self._locks[upload_id]:
            upload = self.get(upload_id, caller)
            if offset != upload.received:
                message = f"the upload has {upload.received} bytes; go on from there"
                raise Conflict(message, code="offset_mismatch", detail={"offset": upload.received})
            end = offset + chunk.stat().st_size
            if end > upload.size:
                message = f"{end} bytes are more than the {upload.size} that were announced"
                raise Invalid(message, code="upload_too_long")
            self._write(self._path(upload_id), offset, chunk)
            with self._uow.write() as tx:
                if not tx.uploads.advance(upload_id, offset, end):
                    raise Conflict("the upload went on elsewhere; ask how far it is", code="offset_mismatch")
            return Upload(id=upload.id, name=upload.name, size=upload.size, received=end, created_at=upload.created_at)

    def keep(self, tx: Transaction, upload: Upload, path: Path, caller: Caller) -> None:
        """Take a file that came another way as a complete upload, in an open transaction that may be tried again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._path(upload.id)
        if not target.exists():
            with full_disk_is_an_answer():
                link_or_copy(path, target)
                sync_folder(self._folder)
        if tx.uploads.find(upload.id, caller.id) is None:
            tx.uploads.add(upload, caller.id)

    def delete(self, upload_id: str, caller: Caller) -> None:
        """Throw an upload away. Raises NotFound."""
        with self._locks[upload_id]:
            with self._uow.write() as tx:
                if tx.uploads.find(upload_id, caller.id) is None:
                    raise NotFound("there is no such upload")
                tx.uploads.delete(upload_id)
            self._path(upload_id).unlink(missing_ok=True)
        self._locks.pop(upload_id, None)

    def take(self, upload_id: str, caller: Caller) -> Path:
        """Return the path of a complete upload; it stays until `delete`. Raises NotFound, Conflict."""
        upload = self.get(upload_id, caller)
        if upload.received != upload.size:
            message = f"only {upload.received} of {upload.size} bytes have arrived; send the rest first"
            raise Conflict(message, code="upload_incomplete", detail={"offset": upload.received})
        return self._path(upload_id)

    def _path(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.upload"

    def _write(self, path: Path, offset: int, chunk: Path) -> None:
        """Write at `offset`, over what an interrupted attempt may have left there."""
        with full_disk_is_an_answer(), path.open("r+b") as out, chunk.open("rb") as data:
            try:
                out.truncate(offset)
                out.seek(offset)
                shutil.copyfileobj(data, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            except OSError:
                out.truncate(offset)
                raise
