"""Pictures by reference."""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.clock import now
from boxwright.domain.originals import Original
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import images, originals

_FIELDS = ("sha256", "address", "bytes", "etag", "modified")
_CHUNK = 500


class OriginalRepository:
    """Table `originals`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, found: Iterable[Original]) -> None:
        """Note where bytes lie; where they lay before is forgotten."""
        rows = [{**{name: getattr(item, name) for name in _FIELDS}, "created_at": now()} for item in found]
        statement = insert(self._db.dialect.name, originals)
        new = {name: statement.excluded[name] for name in (*_FIELDS[1:], "created_at")}
        upsert = statement.on_conflict_do_update(index_elements=["sha256"], set_=new)
        for start in range(0, len(rows), _CHUNK):
            self._db.execute(upsert, rows[start : start + _CHUNK])

    def find(self, sha256: str) -> Original | None:
        """Return where bytes lie that are not copied."""
        row = self._db.execute(sa.select(originals).where(originals.c.sha256 == sha256)).one_or_none()
        return Original(**{name: getattr(row, name) for name in _FIELDS}) if row else None

    def known(self, hashes: Collection[str]) -> set[str]:
        """Return those hashes whose bytes lie elsewhere."""
        keys, found = sorted(hashes), set[str]()
        for start in range(0, len(keys), _CHUNK):
            chunk = originals.c.sha256.in_(keys[start : start + _CHUNK])
            found |= set(self._db.scalars(sa.select(originals.c.sha256).where(chunk)))
        return found

    def all(self) -> set[str]:
        """Return the hashes of all of them."""
        return set(self._db.scalars(sa.select(originals.c.sha256)))

    def before(self, at: str) -> set[str]:
        """Return the hashes of those noted before a time."""
        return set(self._db.scalars(sa.select(originals.c.sha256).where(originals.c.created_at < at)))

    def of_project(self, project_id: str, after: str, limit: int, hashes: Sequence[str] | None = None) -> list[str]:
        """Return some hashes that living pictures of a project have, in order, behind the hash `after`.

        With `hashes`, which are sorted, only of these.
        """
        mine = sa.select(images.c.sha256).where(images.c.project_id == project_id, images.c.deleted_at.is_(None))
        query = sa.select(originals.c.sha256).where(originals.c.sha256 > after, originals.c.sha256.in_(mine))
        query = query.order_by(originals.c.sha256).limit(limit)
        if hashes is None:
            return list(self._db.scalars(query))
        left, found = [sha256 for sha256 in hashes if sha256 > after], list[str]()
        for start in range(0, len(left), _CHUNK):
            found += self._db.scalars(query.where(originals.c.sha256.in_(left[start : start + _CHUNK])))
            if len(found) >= limit:
                break
        return found[:limit]

    def waiting(self, project_id: str, after: str, hashes: Sequence[str] | None = None) -> int:
        """Return how many hashes `of_project` has in all."""
        if hashes is not None:
            return len(self.of_project(project_id, after, len(hashes) + 1, hashes))
        mine = sa.select(images.c.sha256).where(images.c.project_id == project_id, images.c.deleted_at.is_(None))
        query = sa.select(sa.func.count()).select_from(originals)
        return self._db.scalar(query.where(originals.c.sha256 > after, originals.c.sha256.in_(mine))) or 0

    def of_images(self, project_id: str, ids: Sequence[str]) -> list[tuple[str, str]]:
        """Return (id, address) of those of some pictures that are there by reference."""
        query = sa.select(images.c.id, originals.c.address).join(originals, originals.c.sha256 == images.c.sha256)
        found: list[tuple[str, str]] = []
        for start in range(0, len(ids), _CHUNK):
            chunk = images.c.project_id == project_id, images.c.id.in_(ids[start : start + _CHUNK])
            found += [(row.id, row.address) for row in self._db.execute(query.where(*chunk))]
        return found

    def count(self, project_id: str) -> int:
        """Return how many living pictures of a project are there by reference."""
        living = images.c.project_id == project_id, images.c.deleted_at.is_(None)
        query = sa.select(sa.func.count()).select_from(images.join(originals, originals.c.sha256 == images.c.sha256))
        return self._db.scalar(query.where(*living)) or 0

    def delete(self, hashes: Sequence[str]) -> None:
        """Forget where bytes lie."""
        for start in range(0, len(hashes), _CHUNK):
            self._db.execute(sa.delete(originals).where(originals.c.sha256.in_(hashes[start : start + _CHUNK])))
