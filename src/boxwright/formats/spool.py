"""Annotations gathered per picture in a temporary SQLite file, for formats that do not keep them together."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

_MANY = 500
_PLACES = """SELECT alias, image, coalesce(width, 0), coalesce(height, 0)
    FROM aliases LEFT JOIN images ON seq = image WHERE alias IN"""


class Place(NamedTuple):
    """The number of a picture, 0 for one that was left out, and its size."""

    image: int
    width: int
    height: int


class Spool:
    """Pictures in the order of their first appearance, each with its items in order; on disk, not in memory."""

    def __init__(self, folder: Path) -> None:
        path = folder / "spool.db"
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE images (
                seq INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, body TEXT NOT NULL,
                width INTEGER NOT NULL, height INTEGER NOT NULL
            );
            CREATE TABLE aliases (alias TEXT PRIMARY KEY, image INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE items (seq INTEGER PRIMARY KEY, image INTEGER, body TEXT NOT NULL);
            BEGIN;
            """
        )

    def image(self, name: str, body: str, alias: str, size: tuple[int, int] = (0, 0)) -> bool:
        """Add a picture, or only another alias where its name is known. Returns whether it is new.

        What `places` tells of it is the first `size`.
        """
        sql = "INSERT OR IGNORE INTO images (name, body, width, height) VALUES (?, ?, ?, ?)"
        done = self._db.execute(sql, (name, body, *size))
        self._db.execute(
            "INSERT OR IGNORE INTO aliases SELECT ?, seq FROM images WHERE name = ?",
            (alias, name),
        )
        return done.rowcount > 0

    def drop(self, alias: str) -> None:
        """Remember that items of this alias belong to a picture that was left out, and leave them out too."""
        self._db.execute("INSERT OR IGNORE INTO aliases VALUES (?, 0)", (alias,))

    def knows(self, alias: str) -> bool:
        """Tell whether a picture has this alias."""
        return self._db.execute("SELECT 1 FROM aliases WHERE alias = ?", (alias,)).fetchone() is not None

    def items(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Add (alias of the picture, body) pairs; one whose alias nobody has is kept for `orphans`."""
        sql = "INSERT INTO items (image, body) VALUES ((SELECT image FROM aliases WHERE alias = ?), ?)"
        self._db.executemany(sql, pairs)

    def places(self, aliases: Collection[str]) -> dict[str, Place]:
        """Return the pictures of those aliases that are known."""
        found: dict[str, Place] = {}
        keys = [*aliases]
        for start in range(0, len(keys), _MANY):
            some = keys[start : start + _MANY]
            sql = f"{_PLACES} ({','.join('?' * len(some))})"
            found.update((alias, Place(*row)) for alias, *row in self._db.execute(sql, some))
        return found

    def put(self, rows: Iterable[tuple[int | None, str | bytes]]) -> None:
        """Add (number of the picture from `places`, body) pairs; None says that there is none."""
        self._db.executemany("INSERT INTO items (image, body) VALUES (?, ?)", rows)

    def orphans(self) -> Iterator[str]:
        """Yield and forget the items that belong to no picture."""
        for (body,) in self._db.execute("SELECT body FROM items WHERE image IS NULL ORDER BY seq"):
            yield body
        self._db.execute("DELETE FROM items WHERE image IS NULL")

    def count(self) -> int:
        """Return the number of pictures."""
        return int(self._db.execute("SELECT count(*) FROM images").fetchone()[0])

    def groups(self) -> Iterator[tuple[str, str, list[Any]]]:
        """Yield (name, body of the picture, bodies of its items)."""
        self._db.execute("CREATE INDEX IF NOT EXISTS items_by_image ON items (image)")
        for seq, name, body in self._db.execute("SELECT seq, name, body FROM images ORDER BY seq"):
            rows = self._db.execute("SELECT body FROM items WHERE image = ? ORDER BY seq", (seq,))
            yield name, body, [row[0] for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
