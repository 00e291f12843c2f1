"""What databases and disks say when something goes wrong, in words of the domain."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, StorageFull, Unavailable

_PG_FULL = ("53100", "53200")
_PG_BUSY = ("40001", "40P01", "55P03")
_SQLITE_GONE = ("unable to open database file", "disk I/O error", "readonly database")
_SQLITE_DAMAGED = ("malformed", "not a database")


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of the database and the disk into errors that a person can act on.

    Raises:
        Conflict: two writers met at the same row.
        StorageFull: no room on the disk.
        Unavailable: with code `database_busy`, `database_gone` or `database_damaged`.
        Invalid: with code `value_invalid`, for text or numbers that no database takes.
    """
    try:
        yield
    except PoolTimeout as error:
        raise _busy() from error
    except DBAPIError as error:
        known = _known(error)
        if known is None:
            raise
        raise known from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise _unstorable() from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        raise


def _known(error: DBAPIError) -> BoxwrightError | None:
    state = getattr(error.orig, "sqlstate", None)
    said = str(error.orig)
    if isinstance(error, IntegrityError):
        message = "somebody else changed the same thing at the same moment; load it again and repeat"
        return Conflict(message, code="conflict")
    if isinstance(error, DataError):
        return _unstorable()
    if state in _PG_FULL or "disk is full" in said:
        return _full()
    if state in _PG_BUSY or "database is locked" in said or "database table is locked" in said:
        return _busy()
    if any(words in said for words in _SQLITE_DAMAGED):
        message = "the database file is damaged or none of ours; stop the server and restore a backup"
        return Unavailable(message, code="database_damaged")
    lost = isinstance(error, OperationalError) and hasattr(error.orig, "sqlstate") and state is None
    if lost or error.connection_invalidated or any(words in said for words in _SQLITE_GONE):
        return Unavailable("the database cannot be reached; nothing was changed", code="database_gone")
    return None


def _full() -> StorageFull:
    return StorageFull("the disk is full; nothing of this was kept")


def _busy() -> Unavailable:
    return Unavailable("the database is busy; try again in a moment", code="database_busy")


def _unstorable() -> Invalid:
    return Invalid("a value holds a character or a number that cannot be stored", code="value_invalid")
