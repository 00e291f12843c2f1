"""Opening the database: SQLite for one machine, PostgreSQL by URL."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from boxwright.domain.errors import Invalid

WRITE = "boxwright_write"
BUSY_MILLISECONDS = 10_000
_POOL = {"pool_size": 20, "max_overflow": 30, "pool_timeout": 30}


def open_engine(url: str) -> Engine:
    """Return an engine for a `sqlite:///path` or `postgresql://...` URL. Raises Invalid for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Invalid(
            "the database URL cannot be read; use sqlite:///PATH or postgresql://...", code="database_url"
        ) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed)
    if backend in ("postgresql", "postgres"):
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_POOL)
    message = f"database {backend!r} is not supported; use sqlite:///PATH or postgresql://..."
    raise Invalid(message, code="database_url")


def is_sqlite(engine: Engine | Connection) -> bool:
    """Tell whether this is SQLite."""
    return engine.dialect.name == "sqlite"


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise Invalid("the SQLite database needs a path: sqlite:///PATH", code="database_url")
    arguments = {"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000, "isolation_level": None}
    engine = sa.create_engine(url.set(drivername="sqlite+pysqlite"), connect_args=arguments, **_POOL)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # FULL: what was acknowledged survives a power cut, not only a crash of the process (docs/adr/0012-durability.md).
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read lock later could fail without waiting.
    writes = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
