"""What all tables are made of."""

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, text

from boxwright.storage.types import Str

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
ALIVE = text("deleted_at IS NULL")
DEAD = text("deleted_at IS NOT NULL")


def id_column() -> Column[str]:
    """A UUID as the primary key."""
    return Column("id", Str, primary_key=True)


def owner(name: str, target: str, *, nullable: bool = False, primary_key: bool = False) -> Column[str]:
    """A reference to `target`; the row goes when its owner goes."""
    key = ForeignKey(f"{target}.id", ondelete="CASCADE")
    return Column(name, Str, key, nullable=nullable and not primary_key, primary_key=primary_key)


def text_column(name: str, *, nullable: bool = False, unique: bool = False) -> Column[str]:
    """A column of text."""
    return Column(name, Str, nullable=nullable, unique=unique)


def count(name: str) -> Column[int]:
    """A number of things, 0 at first."""
    return Column(name, Integer, nullable=False, server_default="0")


def living(name: str, table: str, *columns: str, unique: bool = False, dead: bool = False) -> Index:
    """An index on the rows that are not deleted, or only on those that are (`dead`)."""
    where = DEAD if dead else ALIVE
    return Index(f"ix_{table}_{name}", *columns, unique=unique, sqlite_where=where, postgresql_where=where)
