"""One writing server for each data folder, and for each PostgreSQL database."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from boxwright.domain.errors import Unavailable
from boxwright.storage.engine import is_sqlite

# "boxwright" as a number; advisory locks of one database share one space.
_ADVISORY = 0x626F7877
# Windows locks bytes against reading too: this one lies far behind the text.
_FAR = 1 << 30


class ServerLock:
    """Holds the data folder, and the database where it is PostgreSQL, until `release`.

    Raises Unavailable with code `data_folder_locked` where another server holds one of them.
    """

    def __init__(self, data: Path, engine: Engine) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._path = data / "boxwright.lock"
        self._file = _open(self._path)
        self._connection: Connection | None = None
        self._backend = 0
        try:
            if not is_sqlite(engine):
                self._lock_database(engine)
        except BaseException:
            self.release()
            raise

    def check(self, connection: Connection) -> None:
        """Raise Unavailable with code `lock_lost` where the advisory lock is gone (its connection broke)."""
        if self._connection is None:
            return
        held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :key AND pid = :pid"
        if connection.execute(text(held), {"key": _ADVISORY, "pid": self._backend}).scalar() is None:
            message = "this server lost its lock on the database; nothing more is written: start it again"
            raise Unavailable(message, code="lock_lost")

    def release(self) -> None:
        """Let another server in; safe to call twice."""
        if self._connection is not None:
            with suppress(DBAPIError):  # gone with a connection that broke
                # Closing alone would let go of it a moment later, when the server has noticed.
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY})
            self._connection.close()
            self._connection = None
        if not self._file.closed:
            self._file.close()

    def _lock_database(self, engine: Engine) -> None:
        try:
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except OperationalError as error:
            message = f"the database cannot be reached: {str(error.orig).splitlines()[0]}"
            raise Unavailable(message, code="database_gone") from error
        # Never back into the pool: a pooled connection would keep the lock after `release`.
        connection.detach()
        query = text("SELECT pg_try_advisory_lock(:key)")
        if not connection.execute(query, {"key": _ADVISORY}).scalar():
            connection.close()
            raise Unavailable(
                "another Boxwright server writes to this database; stop it first", code="data_folder_locked"
            )
        self._connection = connection
        self._backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()


def _open(path: Path) -> IO[str]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    stream = os.fdopen(handle, "r+", encoding="ascii", errors="replace")
    try:
        _lock(handle)
    except OSError as error:
        pid = stream.read(20).strip() or "unknown"
        stream.close()
        message = f"the data folder {path.parent} is in use by another Boxwright server (process {pid}); stop it first"
        raise Unavailable(message, code="data_folder_locked", detail={"pid": pid}) from error
    stream.truncate(0)
    stream.write(str(os.getpid()))
    stream.flush()
    return stream


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
