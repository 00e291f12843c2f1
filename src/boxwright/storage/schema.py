"""The schema of the database: made, upgraded, or refused."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from boxwright.domain.errors import StorageFull, Unavailable
from boxwright.storage.engine import is_sqlite
from boxwright.storage.faults import translated
from boxwright.storage.files import sync_file

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(engine: Engine, backup_dir: Path) -> Path | None:
    """Bring the database to this version's schema; creates it when empty. Returns the backup that was made, if any.

    Raises:
        Unavailable: with code `schema_newer` where a later version made the database, `database_damaged` where the file
            is no database, `database_gone` where it cannot be reached.
        StorageFull: no room for the upgrade or for the backup before it.
    """
    with translated():
        return _prepare(engine, backup_dir)


def _prepare(engine: Engine, backup_dir: Path) -> Path | None:
    with engine.connect() as connection:
        current = _current(connection)
    if current == revisions()[-1]:
        return None
    if current is not None and current not in revisions():
        message = (
            f"the database has schema {current}, which this version of Boxwright does not know: "
            "start the newer version that made it, or restore a backup"
        )
        raise Unavailable(message, code="schema_newer")
    backup = _back_up(engine, backup_dir, current) if current is not None and is_sqlite(engine) else None
    with engine.begin() as connection:
        upgrade(connection)
    return backup


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations in the transaction of `connection`."""
    # Alembic takes a tenth of the server's start, and most starts migrate nothing.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def check_known(revision: str) -> None:
    """See that a backup of a schema can be restored. Raises Unavailable with code `schema_newer`."""
    if revision not in revisions():
        message = f"the backup has schema {revision[:40]!r}, which this version of Boxwright does not know"
        raise Unavailable(f"{message}: restore it with the newer version that made it", code="schema_newer")


def revisions() -> list[str]:
    """Return the revisions of this version, oldest first; the files of the migrations begin with them."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _back_up(engine: Engine, backup_dir: Path, current: str) -> Path:
    """Copy a SQLite database as it is before the upgrade; VACUUM INTO sees one consistent state."""
    backup_dir.mkdir(parents=True, exist_ok=True)
    time = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    path = backup_dir / f"boxwright-{current}-{time}.db"
    needed = Path(str(engine.url.database)).stat().st_size
    if shutil.disk_usage(backup_dir).free < needed:
        message = f"no room for a backup of the database ({needed >> 20} MB) in {backup_dir}; free some and start again"
        raise StorageFull(message)
    connection = engine.raw_connection()  # VACUUM runs outside of a transaction only
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
        sync_file(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        connection.close()
    return path
