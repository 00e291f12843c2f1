from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from boxwright.domain.errors import Invalid, Unavailable
from boxwright.storage import schema
from boxwright.storage.engine import open_engine
from boxwright.storage.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_files_of_the_migrations_bear_their_revisions_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert schema.revisions() == [script.revision for script in scripts.walk_revisions()][::-1]


def test_preparing_twice_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    assert schema.prepare(engine, tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


def test_a_newer_schema_is_refused_in_one_line(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable, match="9999") as caught:
        schema.prepare(engine, tmp_path)
    assert caught.value.code == "schema_newer"
    assert "\n" not in caught.value.message


def test_an_older_sqlite_database_is_backed_up_before_the_upgrade(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = schema.revisions()
    with sqlite_engine.begin() as connection:
        connection.execute(text("INSERT INTO meta VALUES ('colour', 'blue')"))
    monkeypatch.setattr(schema, "revisions", lambda: [*known, "9999"])
    upgraded: list[object] = []
    monkeypatch.setattr(schema, "upgrade", upgraded.append)
    backup = schema.prepare(sqlite_engine, tmp_path / "backups")
    assert backup is not None
    assert upgraded
    copy = sqlite3.connect(backup)
    assert copy.execute("SELECT value FROM meta").fetchall() == [("blue",)]
    copy.close()


def test_no_room_for_the_backup_means_no_upgrade(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = schema.revisions()
    monkeypatch.setattr(schema, "revisions", lambda: [*known, "9999"])
    monkeypatch.setattr(schema.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 0}))
    monkeypatch.setattr(schema, "upgrade", lambda connection: pytest.fail("upgraded without a backup"))
    with pytest.raises(Unavailable, match="no room"):
        schema.prepare(sqlite_engine, tmp_path / "backups")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is a letter, not a database. " * 100)
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(Unavailable) as caught:
        schema.prepare(engine, tmp_path)
    assert caught.value.code == "database_damaged"
    engine.dispose()


def test_an_upgrade_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")

    def half(connection: object) -> None:
        schema_upgrade(connection)
        raise RuntimeError("power cut")

    schema_upgrade = schema.upgrade
    monkeypatch.setattr(schema, "upgrade", half)
    with pytest.raises(RuntimeError):
        schema.prepare(engine, tmp_path)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_engine(url)
    assert caught.value.code == "database_url"


def test_sqlite_is_opened_durably(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
