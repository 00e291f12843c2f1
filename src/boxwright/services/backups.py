"""Everything an installation holds, as one archive, made while it is sent and while others go on working.

The tables are written down first, in one read transaction, so that no slow line keeps it open; then come the files,
which never change and of which none is removed meanwhile. docs/adr/0015-backup.md
"""

import gzip
import hashlib
import logging
import tempfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from boxwright import __version__
from boxwright.domain import backups
from boxwright.domain.answers import StreamAnswer
from boxwright.domain.backups import BackupEnd, BackupManifest, TablePart
from boxwright.domain.clock import now
from boxwright.domain.errors import BoxwrightError, InvalidDataset, NotFound, Unavailable
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.media import tarstream
from boxwright.services.access import ONE_TIME
from boxwright.services.ahead import ahead
from boxwright.services.installation import INSTALLATION, STORAGE
from boxwright.services.needed import Keeper, pictures_of
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.keys import is_hash, read_pieces
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

log = logging.getLogger(__name__)
# Signed-in browsers, answers kept for retries, files on their way in: they belong to the running server.
LEFT_OUT = frozenset(("sessions", "answers", "uploads"))
OWN_VALUES = frozenset((INSTALLATION, STORAGE, ONE_TIME))
_SMALL = 8 << 20
_PRESSED = 3  # how hard gzip tries: a server has other things to do


@dataclass(kw_only=True, slots=True)
class _Plan:
    """What goes into an archive. Digests, 32 bytes each, are the one thing that grows with the number of files."""

    folder: Path
    parts: tuple[TablePart, ...] = ()
    manifest: bytes = b""
    wanted: set[bytes] = field(default_factory=set)
    size: int = 0


class Backups:
    """Makes backups."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, keeper: Keeper, scratch: Path) -> None:
        self._uow, self._blobs, self._keeper, self._scratch = uow, blobs, keeper, scratch

    def make(self, caller: Caller) -> StreamAnswer:
        """Return a backup of this moment; its files are read while it is sent.

        Raises:
            StorageFull: no room for the tables in `cache/incoming`.
            Unavailable: the database or the files cannot be reached.
        """
        with self._uow.write() as tx:
            tx.audit.add(caller, "backup.make")
        sizes: list[int] = []
        chunks = self._run(sizes)
        # To the first yield: everything is decided, and whoever drops the generator from here on ends it.
        next(chunks)
        return StreamAnswer(name=file_name(), mime="application/x-tar", chunks=chunks, size=sizes[0])

    def _run(self, sizes: list[int]) -> Iterator[bytes]:
        with full_disk_is_an_answer():
            self._scratch.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="backup-", dir=self._scratch)
        with folder, self._keeper.keeping():
            plan = self._plan(Path(folder.name))
            sizes.append(plan.size)
            yield b""
            yield from self._send(plan)

    def _plan(self, folder: Path) -> _Plan:
        plan = _Plan(folder=folder)
        with self._uow.read() as tx:
            schema, created_at = tx.snapshots.revision(), now()
            tables = {name: columns for name, columns in tx.snapshots.tables().items() if name not in LEFT_OUT}
            with full_disk_is_an_answer():
                plan.parts = tuple(_write_table(tx, name, columns, folder) for name, columns in tables.items())
            named = {bytes.fromhex(item) for item in tx.references.certain() if is_hash(item)}
            mentioned = {bytes.fromhex(item) for item in tx.references.mentioned()}
            manifests, elsewhere = tx.references.manifests(), tx.originals.all()
        named.update(bytes.fromhex(item) for item in self._frozen(manifests) if is_hash(item))
        found, total, space = set[bytes](), 0, 0
        for sha256, size in self._blobs.sizes():
            digest = bytes.fromhex(sha256)
            if digest in named or digest in mentioned:
                found.add(digest)
                total, space = total + size, space + tarstream.space(size)
        plan.wanted = found
        manifest = BackupManifest(
            schema=schema,
            product=__version__,
            created_at=created_at,
            tables=plan.parts,
            blobs=len(found),
            blob_bytes=total,
            missing=tuple(sorted({item.hex() for item in named - found} - elsewhere)),
        )
        plan.manifest = backups.to_bytes(manifest)
        # The end is one block, whatever it says.
        sizes = [len(plan.manifest), *(part.bytes for part in plan.parts), tarstream.BLOCK]
        plan.size = space + sum(map(tarstream.space, sizes)) + len(tarstream.END)
        return plan

    def _frozen(self, manifests: Iterable[str]) -> Iterator[str]:
        for manifest in manifests:
            try:
                yield from pictures_of(self._blobs, manifest)
            except (NotFound, InvalidDataset, OSError, ValueError) as error:
                log.warning(
                    "a version's manifest cannot be read, its images are kept only as others name them: %s", error
                )
            except Unavailable as error:
                if error.code != "blob_damaged":
                    raise

    def _send(self, plan: _Plan) -> Iterator[bytes]:
        yield from _member(backups.MANIFEST, len(plan.manifest), (plan.manifest,))
        for part in plan.parts:
            yield from _member(part.member, part.bytes, read_pieces(plan.folder / part.name))
        count, damaged = len(plan.wanted), 0
        for sha256, size, content in ahead(self._begin, self._each(plan.wanted)):
            yield tarstream.header(backups.blob_member(sha256), size)
            whole = yield from self._content(sha256, size, content)
            damaged += not whole
            yield tarstream.padding(size)
        if plan.wanted:
            raise Unavailable(f"{len(plan.wanted)} files went away while they were backed up", code="blob_missing")
        end = BackupEnd(manifest_sha256=hashlib.sha256(plan.manifest).hexdigest(), blobs=count, damaged=damaged)
        yield from _member(backups.END, tarstream.BLOCK, (backups.to_bytes(end).ljust(tarstream.BLOCK),))
        yield tarstream.END

    def _each(self, wanted: set[bytes]) -> Iterator[tuple[str, int]]:
        for sha256, size in self._blobs.sizes():
            digest = bytes.fromhex(sha256)
            if digest in wanted:
                wanted.discard(digest)
                yield sha256, size

    def _begin(self, item: tuple[str, int]) -> tuple[str, int, tuple[bytes, bool] | None]:
        """Read a small file whole, ahead of its turn; a large one is read when it is sent."""
        sha256, size = item
        return sha256, size, self._small(sha256) if size <= _SMALL else None

    def _small(self, sha256: str) -> tuple[bytes, bool]:
        kept = bytearray()
        whole = True
        try:
            for piece in self._blobs.chunks(sha256):
                kept += piece
        except BoxwrightError as error:
            _check_damage(error, sha256)
            whole = False
        return bytes(kept), whole

    def _content(self, sha256: str, size: int, small: tuple[bytes, bool] | None) -> Generator[bytes, None, bool]:
        """Yield exactly `size` bytes; returns whether they are those of the hash."""
        left, whole = size, True
        pieces = iter(self._blobs.chunks(sha256)) if small is None else iter((small[0],))
        try:
            for piece in pieces:
                part = piece[:left]
                left -= len(part)
                whole = whole and len(part) == len(piece)
                yield part
        except BoxwrightError as error:
            _check_damage(error, sha256)
            whole = False
        if left:
            yield bytes(left)
        return whole and not left and (small is None or small[1])


def file_name() -> str:
    """Return how a backup that is made now is called."""
    return f"boxwright-{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}.tar"


def _check_damage(error: BoxwrightError, sha256: str) -> None:
    """A file that is damaged or gone must not keep all others from being saved; anything else ends the backup."""
    if error.code not in ("blob_damaged", "blob_missing"):
        raise error
    log.warning("the backup holds the file %s as it is, which is not as it was: %s", sha256, error)


def _member(name: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield tarstream.header(name, size)
    yield from pieces
    yield tarstream.padding(size)


def _write_table(tx: Transaction, name: str, columns: tuple[str, ...], folder: Path) -> TablePart:
    path, rows = folder / name, 0
    # Without name and time, so that equal rows give equal bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _PRESSED, raw, mtime=0) as out:
        for row in tx.snapshots.rows(name):
            if name == "meta" and row[0] in OWN_VALUES:
                continue
            out.write(backups.row_to_line(row))
            rows += 1
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return TablePart(name=name, columns=columns, rows=rows, bytes=path.stat().st_size, sha256=sha256)
