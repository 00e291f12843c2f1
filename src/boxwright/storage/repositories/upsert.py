"""Inserts that SQLAlchemy has no plain way for: ON CONFLICT, which both databases spell alike, and very many rows."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert statement for a database (its dialect's name) that knows `on_conflict_do_update`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_rows(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    *,
    key: Sequence[str] = (),
    new: Sequence[str] = (),
) -> None:
    """Insert rows whose values are as the database has them: SQLAlchemy's own way takes as long as the database.

    Where there is a row with the same `key`, its columns `new` change.
    """
    if rows:
        values = ", ".join([_mark(connection)] * len(names))
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})"  # noqa: S608 - names of ours
        if key:
            changes = ", ".join(f"{name} = excluded.{name}" for name in new)
            statement += f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        connection.exec_driver_sql(statement, list(rows))


def update_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Change columns of rows by `id`, the last value of each, as `insert_rows` inserts."""
    if rows:
        mark = _mark(connection)
        changes = ", ".join(f"{name} = {mark}" for name in names)
        statement = f"UPDATE {table.name} SET {changes} WHERE id = {mark}"  # noqa: S608 - names of ours
        connection.exec_driver_sql(statement, list(rows))


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"
