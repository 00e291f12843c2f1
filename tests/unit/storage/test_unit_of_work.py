from __future__ import annotations

import errno
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from boxwright.domain.errors import Conflict, Invalid, StorageFull, Unavailable
from boxwright.domain.events import Event
from boxwright.storage import unit_of_work as module
from boxwright.storage.unit_of_work import UnitOfWork
from stores import Heard

_TOLD = Event(topic="project", project_id=None, id="x")


def _value(uow: UnitOfWork) -> str | None:
    with uow.read() as tx:
        return tx.people.meta("a")


def test_events_are_told_after_the_commit(engine: Engine) -> None:
    seen: list[str | None] = []

    class Sink:
        def publish(self, events: object) -> None:
            seen.append(_value(UnitOfWork(engine, Heard())))

    with UnitOfWork(engine, Sink()).write() as tx:
        tx.publish(_TOLD)
        tx.people.set_meta("a", "1")
        assert seen == []
    assert seen == ["1"]


def test_a_block_that_raises_leaves_nothing(uow: UnitOfWork, heard: Heard) -> None:
    with pytest.raises(RuntimeError), uow.write() as tx:  # noqa: PT012
        tx.people.set_meta("a", "1")
        tx.publish(_TOLD)
        raise RuntimeError
    assert _value(uow) is None
    assert heard.events == []


def test_reading_sees_one_state(uow: UnitOfWork) -> None:
    with uow.read() as tx:
        assert tx.people.meta("a") is None
        with uow.write() as other:
            other.people.set_meta("a", "1")
        assert tx.people.meta("a") is None
    assert _value(uow) == "1"


def test_two_that_insert_the_same_are_a_conflict(uow: UnitOfWork) -> None:
    with uow.write() as tx:
        tx.people.add_user("ann", admin=False)
    with pytest.raises(Conflict) as caught, uow.write() as tx:
        tx.people.add_user("ann", admin=False)
    assert caught.value.code == "conflict"


def test_a_foreign_key_holds_on_both(uow: UnitOfWork) -> None:
    with pytest.raises(Conflict), uow.write() as tx:
        tx.credentials.add_session("nobody", "hash", "2999")


def test_writers_take_turns(uow: UnitOfWork) -> None:
    def add() -> None:
        for _ in range(20):
            with uow.write() as tx:
                tx.people.add_user(f"{threading.get_ident()} {id(tx)} {_}", admin=False)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with uow._engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM users")).scalar() == 120


def test_a_full_disk_in_the_database(sqlite_engine: Engine) -> None:
    uow = UnitOfWork(sqlite_engine, Heard())
    with sqlite_engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    @event.listens_for(sqlite_engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    sqlite_engine.dispose()
    with pytest.raises(StorageFull), uow.write() as tx:
        tx.people.set_meta("a", "x" * 1_000_000)
    assert _value(uow) is None


def test_a_full_disk_beside_the_database(uow: UnitOfWork) -> None:
    with pytest.raises(StorageFull), uow.write() as tx:  # noqa: PT012
        tx.people.set_meta("a", "1")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert _value(uow) is None


def test_other_errors_of_the_system_pass(uow: UnitOfWork) -> None:
    with pytest.raises(PermissionError), uow.write():
        raise PermissionError(errno.EACCES, "Permission denied")


def test_a_database_that_another_program_holds(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @event.listens_for(sqlite_engine, "connect")
    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=50").close()

    uow = UnitOfWork(sqlite_engine, Heard())
    other = sqlite3.connect(tmp_path / "only.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as caught, uow.write() as tx:
        tx.people.set_meta("a", "1")
    assert caught.value.code == "database_busy"
    assert _value(uow) is None  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    with uow.write() as tx:
        tx.people.set_meta("a", "1")


def test_a_writer_that_never_ends_does_not_hang_the_others(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WRITER_SECONDS", 0.05)
    uow = UnitOfWork(sqlite_engine, Heard())
    with uow.write():
        with pytest.raises(Unavailable) as caught, uow.write():
            pytest.fail("two writers")
        assert caught.value.code == "database_busy"


@pytest.mark.parametrize(
    ("state", "kind", "code"),
    [
        ("53100", StorageFull, "storage_full"),
        ("40P01", Unavailable, "database_busy"),
        ("40001", Unavailable, "database_busy"),
        (None, Unavailable, "database_gone"),
    ],
)
def test_what_postgresql_says(sqlite_engine: Engine, state: str | None, kind: type, code: str) -> None:
    class Said(Exception):
        sqlstate = state

    with pytest.raises(kind) as caught, UnitOfWork(sqlite_engine, Heard()).read():
        raise OperationalError("SELECT", {}, Said("words"))
    assert caught.value.code == code


@pytest.mark.parametrize("value", ["\ud800", pytest.param("a\0b", id="nul")])
def test_text_that_no_database_takes(uow: UnitOfWork, value: str) -> None:
    if value == "a\0b" and uow._engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes it")
    with pytest.raises(Invalid) as caught, uow.write() as tx:
        tx.people.set_meta("a", value)
    assert caught.value.code == "value_invalid"


def test_a_file_that_was_damaged(sqlite_engine: Engine, tmp_path: Path) -> None:
    uow = UnitOfWork(sqlite_engine, Heard())
    with uow.write() as tx:
        tx.people.set_meta("a", "1")
    sqlite_engine.dispose()
    path = tmp_path / "only.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(Unavailable) as caught, uow.read() as tx:
        tx.people.meta("a")
    assert caught.value.code == "database_damaged"


def test_a_server_that_went_away_and_came_back(uow: UnitOfWork, engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("a file does not go away")
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with pytest.raises(Unavailable) as caught, uow.write() as tx:  # noqa: PT012
        with engine.connect() as other:
            other.execute(text(f"{ends} AND datname = current_database()"))
        tx.people.set_meta("a", "1")
    assert caught.value.code == "database_gone"
    with uow.write() as tx:
        tx.people.set_meta("a", "2")
    assert _value(uow) == "2"
