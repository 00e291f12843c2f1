"""Whole tables as plain rows: out of a database, and into an empty one of either kind."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DataError, IntegrityError

from boxwright.domain.backups import Kind, TablePart
from boxwright.domain.errors import InvalidBackup
from boxwright.storage import schema
from boxwright.storage.tables import metadata
from boxwright.storage.types import Json

_VERSION = "alembic_version"
_FETCHED, _INSERTED = 1000, 500
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Float, "float"),
    (sa.Integer, "integer"),
    (sa.LargeBinary, "binary"),
    (sa.String, "text"),
)


class SnapshotRepository:
    """Reads and writes every table of the schema, whatever its revision: the database itself says what it holds."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def is_empty(self) -> bool:
        """Tell whether there are no tables yet."""
        return not sa.inspect(self._db).get_table_names()

    def revision(self) -> str:
        """Return the revision of the schema."""
        return str(self._db.scalar(sa.select(sa.column("version_num")).select_from(sa.table(_VERSION))))

    def create(self, revision: str) -> None:
        """Make the tables of a revision in an empty database."""
        schema.upgrade(self._db, revision)

    def migrate(self) -> None:
        """Bring the schema to this version's."""
        schema.upgrade(self._db)

    def tables(self) -> dict[str, tuple[str, ...]]:
        """Return our tables with their columns; each comes after those that it refers to."""
        return {table.name: tuple(column.name for column in table.columns) for table in metadata.sorted_tables}

    def rows(self, name: str) -> Iterator[Sequence[object]]:
        """Yield the rows of a table by primary key, a few at a time; JSON as the text that is stored."""
        table = metadata.tables[name]
        columns = [sa.type_coerce(item, sa.Text) if isinstance(item.type, Json) else item for item in table.columns]
        query = sa.select(*columns).order_by(*table.primary_key.columns)
        yield from self._db.execute(query, execution_options={"yield_per": _FETCHED})

    def kinds(self, part: TablePart) -> tuple[Kind, ...]:
        """Return what the columns of a part hold. Raises InvalidBackup for what this revision does not have."""
        table = self._table(part.name)
        strange = next((name for name in part.columns if name not in table.columns), None)
        if strange is not None:
            raise InvalidBackup(f"the backup has an unknown column {part.name}.{strange[:60]}")
        known = metadata.tables.get(part.name)
        return tuple(
            "json" if known is not None and name in known.c and isinstance(known.c[name].type, Json) else kind
            for name, kind in ((name, _kind(table.columns[name])) for name in part.columns)
        )

    def insert(self, part: TablePart, rows: Iterable[Sequence[object]]) -> int:
        """Insert rows and return how many. Raises InvalidBackup where they break a rule of the schema."""
        statement = sa.insert(self._table(part.name))
        waiting, number = iter(rows), 0
        while batch := [dict(zip(part.columns, row, strict=True)) for row in islice(waiting, _INSERTED)]:
            try:
                self._db.execute(statement, batch)
            except (IntegrityError, DataError, OverflowError, UnicodeEncodeError) as error:
                said = str(getattr(error, "orig", error)).splitlines()[0][:160]
                where = f"table {part.name}, among rows {number + 1} to {number + len(batch)}"
                raise InvalidBackup(f"the backup does not fit together: {where}: {said}") from error
            number += len(batch)
        return number

    def _table(self, name: str) -> Table:
        found = self._found.get(name)
        if found is None:
            raise InvalidBackup(f"the backup has an unknown table {name[:60]!r}")
        return found

    @cached_property
    def _found(self) -> dict[str, Table]:
        found = sa.MetaData()
        found.reflect(self._db)
        return {name: table for name, table in found.tables.items() if name != _VERSION}


def _kind(column: sa.Column[object]) -> Kind:
    return next(kind for type_, kind in _KINDS if isinstance(column.type, type_))
