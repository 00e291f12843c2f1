"""A backup into an empty installation: all of it becomes visible at once, or nothing.

The rows are one transaction, which commits last. Until then a mark in the data folder says that a restore is under way:
no server opens the folder, and the same restore may be tried again. docs/adr/0015-backup.md
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from boxwright.domain.backups import RestoreReport
from boxwright.domain.clock import now
from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, InvalidBackup, Unavailable
from boxwright.domain.ids import new_id
from boxwright.domain.ports import BlobStore
from boxwright.media.tarstream import TarReader
from boxwright.services.ahead import ahead
from boxwright.services.backup_archive import Checked, Reading, Show, check, read_manifest
from boxwright.services.backups import LEFT_OUT
from boxwright.services.installation import INSTALLATION, STORAGE
from boxwright.storage import schema
from boxwright.storage.files import full_disk_is_an_answer, write_whole
from boxwright.storage.location import Location
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MARK = "restoring.json"
# What may lie in a data folder that counts as empty; with the mark also what a restore leaves when it is killed.
_HARMLESS = frozenset(("boxwright.toml", "boxwright.lock", "logs", "backups", "lost+found"))
_HALF = frozenset((MARK, "boxwright.db", "boxwright.db-wal", "boxwright.db-shm", "blobs", "cache"))
_OURS = _HALF | {"boxwright.lock"}
_SCRATCH = ".restore-"
_SMALL = 8 << 20
_INTERRUPTED = "the backup was made while this job waited or ran; resume it to start it again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Says that a restore is under way, for which installation, and where its files go."""

    installation: str
    storage: str


def read_mark(data: Path) -> Mark | None:
    """Return the mark of a data folder, if there is one."""
    try:
        found = json.loads((data / MARK).read_bytes())
        return Mark(installation=str(found["installation"]), storage=str(found["storage"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Mark(installation="", storage="")


def check_whole(data: Path, uow: UnitOfWork) -> None:
    """See that no restore of this installation was broken off. Raises Unavailable with code `half_restored`."""
    mark = read_mark(data)
    if mark is None:
        return
    with uow.read() as tx:
        whole = not tx.snapshots.is_empty() and tx.people.meta(INSTALLATION) == mark.installation
    if not whole:
        message = (
            f"{data} is half restored: run `boxwright restore` again, with the same options, or use another folder"
        )
        raise Unavailable(message, code="half_restored")
    (data / MARK).unlink(missing_ok=True)  # it died after the commit


def check_folder(data: Path) -> None:
    """See that a data folder is empty, or half restored. Raises Conflict with code `not_empty`."""
    allowed = _HARMLESS | (_HALF if (data / MARK).exists() else frozenset())
    with suppress(FileNotFoundError):
        names = (path.name for path in data.iterdir())
        found = sorted(name for name in names if name not in allowed and not name.startswith(_SCRATCH))
        if found:
            message = (
                f"the data folder {data} is not empty (it holds {', '.join(found[:3])}); restore into an empty one"
            )
            raise Conflict(message, code="not_empty")


class Restoring:
    """Restores into one empty installation, whose lock the caller holds."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, location: Location, data: Path) -> None:
        self._uow, self._blobs, self._location, self._data = uow, blobs, location, data
        self._claimed = False

    def run(self, source: Path, show: Show) -> RestoreReport:
        """Check the archive, then restore it.

        Raises:
            InvalidBackup: it is none, or damaged, or does not fit together.
            Unavailable: a newer version made it (`schema_newer`), or database or files cannot be reached.
            Conflict: database or storage are not empty (`not_empty`).
            StorageFull: the disk is full.
        """
        schema.check_known(read_manifest(source).schema)
        mark = self._claim()
        checked = check(source, show)
        with source.open("rb") as stream, self._uow.write() as tx:
            reading = Reading(stream, checked.report.bytes, show)
            self._load(tx, reading)
            tx.snapshots.migrate()
            self._check_references(tx, checked)
            interrupted = tx.jobs.interrupt(_INTERRUPTED, checked.manifest.created_at)
            tx.people.set_meta(INSTALLATION, mark.installation)
            tx.people.set_meta(STORAGE, mark.storage)
            tx.audit.add(None, "backup.restore", detail={"made": checked.manifest.created_at})
            self._store(reading, checked)
        self._claimed = False  # from here on it is an installation
        (self._data / MARK).unlink()
        return RestoreReport(backup=checked.report, data=str(self._data), interrupted=interrupted)

    def _claim(self) -> Mark:
        """Take the place, and leave the mark."""
        with self._uow.read() as tx:
            if not tx.snapshots.is_empty():
                raise Conflict("the database is not empty; restore into an empty one", code="not_empty")
        former = read_mark(self._data)
        if former is not None and former.installation and former.storage != self._location.url:
            message = f"the restore that was broken off put its files into {former.storage or self._data / 'blobs'}"
            raise Invalid(f"{message}; set --storage to it, or begin with another data folder", code="storage_other")
        if former is None and next(self._blobs.all(), None) is not None:
            raise Conflict(f"{self._location.name} holds files; restore into an empty place", code="not_empty")
        mark = former if former and former.installation else Mark(installation=new_id(), storage=self._location.url)
        content = {"installation": mark.installation, "storage": mark.storage, "started_at": now()}
        write_whole(self._data / MARK, json.dumps(content).encode())
        try:
            self._location.claim(mark.installation, fresh=True)
        except BoxwrightError:
            if former is None:
                (self._data / MARK).unlink()
            raise
        self._claimed = True
        return mark

    @staticmethod
    def _load(tx: Transaction, reading: Reading) -> None:
        tx.snapshots.create(reading.manifest.schema)
        for part in reading.manifest.tables:
            if part.name in LEFT_OUT:
                raise InvalidBackup(f"the backup holds the table {part.name}, which does not travel")
            tx.snapshots.insert(part, reading.rows(part, tx.snapshots.kinds(part)))

    @staticmethod
    def _check_references(tx: Transaction, checked: Checked) -> None:
        known_to_miss = set(checked.manifest.missing)
        for sha256 in tx.references.certain():
            if bytes.fromhex(sha256) not in checked.held and sha256 not in known_to_miss:
                raise InvalidBackup(f"the backup does not hold the file {sha256[:12]}… that one of its rows names")

    def _store(self, reading: Reading, checked: Checked) -> None:
        with full_disk_is_an_answer():
            self._data.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=self._data)
        with folder:
            for _ in ahead(self._put, self._pieces(reading, checked, Path(folder.name))):
                pass

    def _put(self, item: tuple[str, bytes | Path]) -> None:
        sha256, content = item
        if isinstance(content, bytes):
            stored = self._blobs.put_bytes(content)
        else:
            stored = self._blobs.put_file(content)
            content.unlink()
        if stored != sha256:
            raise InvalidBackup("the archive changed while it was restored")

    @staticmethod
    def _pieces(reading: Reading, checked: Checked, folder: Path) -> Iterator[tuple[str, bytes | Path]]:
        """Yield the files that are whole: small ones as bytes, others as a file in `folder`."""
        for sha256, size, reader in reading.files():
            if bytes.fromhex(sha256) not in checked.whole:
                continue
            yield sha256, reader.read() if size <= _SMALL else _spooled(reader, folder / sha256)

    def clear(self) -> bool:
        """Take back what was put into the empty place, after a restore that failed.

        Tells whether all of it is gone. Where the rows may be in the database, nothing is touched and the mark stays:
        the next start knows.
        """
        if not self._claimed:
            return not (self._data / MARK).exists()
        try:
            with self._uow.read() as tx:
                if not tx.snapshots.is_empty():
                    return False
            for sha256 in list(self._blobs.all()):
                self._blobs.delete(sha256)
            self._location.release()
        except (BoxwrightError, OSError):
            return False
        return True


class Footprint:
    """What a data folder held before a restore, so that a failed one leaves no trace in it."""

    def __init__(self, data: Path, database: str | None) -> None:
        self._data, self._existed = data, data.is_dir()
        half = (data / MARK).exists()
        self._before = {path.name for path in data.iterdir()} - (_HALF if half else set()) if self._existed else set()
        self._database = Path(database) if database and not Path(database).exists() else None

    def remove(self) -> None:
        """Remove what is new; the lock is still held, and the database closed."""
        if self._database is not None:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._database}{suffix}").unlink(missing_ok=True)
        for path in list(self._data.iterdir()):
            if path.name not in self._before and (path.name in _OURS or path.name.startswith(_SCRATCH)):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def leave(self) -> None:
        """Remove the folder itself where it is new and empty; the lock is free."""
        if not self._existed:
            with suppress(OSError):
                self._data.rmdir()


def _spooled(reader: TarReader, path: Path) -> Path:
    with full_disk_is_an_answer(), path.open("wb") as out:
        for piece in reader.pieces():
            out.write(piece)
    return path
