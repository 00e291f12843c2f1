from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from boxwright.domain.errors import Unavailable
from boxwright.storage.engine import open_engine
from boxwright.storage.lock import ServerLock
from boxwright.storage.unit_of_work import UnitOfWork
from stores import Heard

_HOLD = """
import sys, time
from pathlib import Path
from boxwright.storage.engine import open_engine
from boxwright.storage.lock import ServerLock
lock = ServerLock(Path(sys.argv[1]), open_engine(f"sqlite:///{sys.argv[1]}/x.db"))
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_server_is_told_who_holds_the_folder(sqlite_engine: Engine, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(Unavailable) as caught:
                ServerLock(tmp_path, sqlite_engine)
            assert caught.value.code == "data_folder_locked"
            assert f"process {holder.pid}" in caught.value.message
            assert "\n" not in caught.value.message
        finally:
            holder.kill()
    ServerLock(tmp_path, sqlite_engine).release()  # a killed holder lets go


def test_release_and_take_again(engine: Engine, tmp_path: Path) -> None:
    first = ServerLock(tmp_path / "data", engine)
    with pytest.raises(Unavailable):
        ServerLock(tmp_path / "data", engine)
    first.release()
    first.release()
    ServerLock(tmp_path / "data", engine).release()


def test_a_refused_lock_leaves_the_folder_free(engine: Engine, tmp_path: Path) -> None:
    first = ServerLock(tmp_path / "one", engine)
    if engine.dialect.name == "postgresql":
        with pytest.raises(Unavailable) as caught:
            ServerLock(tmp_path / "two", engine)
        assert caught.value.code == "data_folder_locked"
    first.release()
    ServerLock(tmp_path / "two", engine).release()


def test_writes_need_the_lock(engine: Engine, tmp_path: Path) -> None:
    lock = ServerLock(tmp_path, engine)
    uow = UnitOfWork(engine, Heard(), lock)
    with uow.write() as tx:
        tx.people.set_meta("a", "1")
    lock.release()


def test_losing_the_advisory_lock_stops_writes(postgres_server: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_server)
    lock = ServerLock(tmp_path, engine)
    uow = UnitOfWork(engine, Heard(), lock)
    with engine.connect() as connection:
        ends = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
        connection.execute(text(f"{ends} AND pid <> pg_backend_pid()"))
    with pytest.raises(Unavailable) as caught, uow.write() as tx:
        tx.people.set_meta("a", "1")
    assert caught.value.code == "lock_lost"
    lock.release()
    engine.dispose()


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable) as caught:
        ServerLock(tmp_path, engine)
    assert caught.value.code == "database_gone"
    assert "\n" not in caught.value.message


def test_what_was_released_is_free_at_once(engine: Engine, tmp_path: Path) -> None:
    for _ in range(20):
        ServerLock(tmp_path, engine).release()
