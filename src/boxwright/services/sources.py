"""Datasets from where they lie: an address of the web, a prefix of a bucket, a folder of the server.

The web is open to whoever may import, except for addresses inside the server's own network. Buckets are read with the
server's credentials and folders with its rights, so they are for administrators. What the setting `import_from` names
is open to all who may import.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from boxwright.domain.addresses import shown
from boxwright.domain.clock import now
from boxwright.domain.errors import Cancelled, Forbidden, Invalid, StorageFull, Unavailable
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.media.archives import is_archive
from boxwright.media.zipstream import write_zip
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.job_store import announce
from boxwright.storage.prefixes import BucketPrefix, Folder, Found
from boxwright.storage.referenced import address_of
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_WEB, _BUCKETS = ("http", "https"), ("s3", "gs", "az")
_EXAMPLES = "https://HOST/FILE.zip, s3://BUCKET/PREFIX, gs://..., az://... or file:///FOLDER"
LONGEST = 4000


class Sources:
    """Where datasets may come from, and how they come here.

    Args:
        uow: the database.
        data: the data folder; nothing in it is a dataset.
        import_from: the setting: addresses, separated by commas, that all may import from.
        largest: bytes of one dataset.
    """

    def __init__(self, uow: UnitOfWork, data: Path, import_from: str, largest: int) -> None:
        self._uow, self._data, self._largest = uow, data.resolve(), largest
        self._named = tuple(item.strip().rstrip("/") for item in import_from.split(",") if item.strip())

    def check(self, source: str, caller: Caller) -> str:
        """Return the name of what lies at an address, for people. Raises Invalid, Forbidden."""
        if not 0 < len(source) <= LONGEST or any(ord(letter) < 32 for letter in source):
            raise Invalid(f"the address of a dataset looks like {_EXAMPLES}", code="source_invalid")
        scheme = source.partition(":")[0].lower()
        if scheme in _WEB:
            from boxwright.storage.outgoing import parsed  # httpx loads with the first such address, not the server

            parsed(source)
        elif scheme in (*_BUCKETS, "file"):
            if (
                (scheme == "file" and not source.startswith("file:///"))
                or "?" in source
                or "#" in source
                or ".." in unquote(source).split("/")
            ):
                raise Invalid(f"{source[:200]} is no plain address", code="source_invalid")
            self._check_right(source, caller)
        else:
            raise Invalid(f"{source[:200]} is none of {_EXAMPLES}", code="source_invalid")
        return name_of(source)

    def _check_right(self, source: str, caller: Caller) -> None:
        if not caller.admin and not self.is_named(source):
            what = "folders of the server" if source.startswith("file:") else "buckets"
            message = f"{what} are for administrators, who may open {source[:200]} to all with the setting import_from"
            raise Forbidden(message, code="source_forbidden")

    def is_named(self, url: str) -> bool:
        """Tell whether the setting `import_from` names an address, or a folder that it lies in."""
        plain = shown(url)
        inside = ".." not in unquote(plain).split("/")
        return inside and any(plain == item or plain.startswith(f"{item}/") for item in self._named)

    def fetch(self, source: str, job: Job, target: Path, listing: Path | None = None) -> None:
        """Bring a dataset to `target` as one file, an archive where it is more than one. Raises what its parts do.

        Where a `listing` is wanted, it says where each file lies, so that pictures can stay there.
        """
        tell = self._teller(job)
        try:
            self._fetch(source, target, tell, listing)
        except StorageFull:
            raise
        except Unavailable as error:  # the queue would wait for it as for our own store
            raise Invalid(error.message, code=error.code) from error

    def _fetch(self, source: str, target: Path, tell: Callable[[int, int], None], listing: Path | None) -> None:
        scheme = source.partition(":")[0].lower()
        if scheme in _WEB:
            from boxwright.storage.outgoing import Rules, download

            download(source, target, Rules(largest=self._largest, allowed=self.is_named, progress=tell))
            return
        found = BucketPrefix(source, self._largest) if scheme in _BUCKETS else self._folder(source)
        alone = len(found.files) == 1 and found.files[0].name == name_of(source)
        if listing is not None:
            _list(listing, source.rstrip("/").rpartition("/")[0] if alone else source, found.files)
        total, done = sum(item.size for item in found.files), 0

        def tick(size: int) -> None:
            nonlocal done
            done += size
            tell(done, total)

        entries = found.entries(tick)
        if alone:
            _write_one(next(entries).content, target)
            if listing is not None and is_archive(target):
                message = f"{shown(source)} is one archive: by reference needs the pictures themselves, in a folder"
                raise Invalid(message, code="source_invalid")
        else:
            write_zip(target, entries)

    def _folder(self, source: str) -> Folder:
        path = Path(unquote(urlsplit(source).path))
        real = path.resolve()
        if real.is_relative_to(self._data) or self._data.is_relative_to(real):
            raise Forbidden("the data folder of the server is no dataset", code="source_forbidden")
        if real != path:
            raise Invalid(f"{path} leads over a link; name the folder itself", code="source_invalid")
        return Folder(path, self._largest)

    def _teller(self, job: Job) -> Callable[[int, int], None]:
        told = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told < 1:
                return
            told = time.monotonic()
            with self._uow.write() as tx:
                if tx.jobs.get(job.id).stopping == "discard":
                    raise Cancelled("the import was stopped; nothing was imported")
                tx.jobs.update(job.id, phase="fetching", done=done, total=max(total, done), heartbeat_at=now())
                announce(tx, tx.jobs.get(job.id))

        return tell

    @staticmethod
    def remember(tx: Transaction, *, job_id: str, source: str) -> None:
        """Keep the whole address of a job's dataset, which may hold a signature, where no list of jobs shows it."""
        tx.people.set_meta(_key(job_id), source)

    def recall(self, job_id: str) -> str:
        """Return what was remembered."""
        with self._uow.read() as tx:
            return tx.people.meta(_key(job_id)) or ""

    @staticmethod
    def forget(tx: Transaction, job_id: str) -> None:
        """Forget it: the job is done."""
        tx.people.take_meta(_key(job_id), tx.people.meta(_key(job_id)) or "")

    def tidy(self) -> None:
        """Forget the addresses of jobs that ended without a dataset, or are gone with their project."""
        with self._uow.write() as tx:
            for key in tx.people.meta_keys(_key("")):
                job = tx.jobs.find(key.removeprefix(_key("")))
                if job is None or job.finished_at is not None:
                    self.forget(tx, key.removeprefix(_key("")))


def name_of(source: str) -> str:
    """Return the last part of an address."""
    return unquote(shown(source).rstrip("/").rpartition("/")[2])[:200] or "dataset"


def may_stay(source: str) -> bool:
    """Tell whether pictures can be taken from an address by reference."""
    return source.partition(":")[0].lower() in (*_BUCKETS, "file")


def _list(listing: Path, source: str, files: Iterable[Found]) -> None:
    with full_disk_is_an_answer(), listing.open("w", encoding="utf-8") as out:
        for item in files:
            address = address_of(source, item.name)
            out.write(json.dumps([item.name, address, item.size, item.etag, item.modified]) + "\n")


def _write_one(content: Path | bytes | Iterable[bytes], target: Path) -> None:
    if isinstance(content, Path):
        with full_disk_is_an_answer():
            shutil.copyfile(content, target)  # no link: its owner may write to it
        return
    pieces = (content,) if isinstance(content, bytes) else content
    part = target.with_name(f"{target.name}.part")
    with full_disk_is_an_answer(), part.open("wb") as out:
        for piece in pieces:
            out.write(piece)
    part.replace(target)


def _key(job_id: str) -> str:
    return f"source:{job_id}"
