"""Where blobs are kept: a folder, or a bucket by URL; and whose it is."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError
from obstore.store import AzureStore, GCSStore, LocalStore, ObjectStore, S3Store

from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, Unavailable
from boxwright.domain.ports import BlobStore
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.cache import FileCache
from boxwright.storage.remote import RemoteBlobs, translated

CLAIM = "boxwright.json"
_STORES: dict[str, Callable[..., ObjectStore]] = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT")
_TIMES = {"timeout": timedelta(seconds=60), "connect_timeout": timedelta(seconds=5)}
# Short enough for a person who waits; jobs try again for longer by themselves.
_RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
_EXAMPLES = "s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX or file:///FOLDER"


class Location:
    """A place for blobs, opened but not yet asked. Reads credentials and options from the environment.

    Args:
        url: empty for `folder`.
        folder: where blobs lie without a URL.

    Raises Invalid with code `storage_url`.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url.rstrip("/")
        self.folder: Path | None = None
        if not url:
            self.folder, self.name = folder, str(folder)
            return
        scheme, bucket, path = _parse(url)
        if scheme == "file":
            self.folder, self.name = Path(path), str(Path(path))
            return
        self.name = self.url
        self._store = _open(scheme, bucket, path)

    def blobs(self, cache: Path, limit: int) -> BlobStore:
        """Return the store; what is far away passes through a cache of `limit` bytes in the folder `cache`."""
        if self.folder is not None:
            return ObjectBlobs(self.folder)
        return RemoteBlobs(self._store, FileCache(cache, limit), self.name)

    def claim(self, installation: str, *, fresh: bool) -> None:
        """See that the place can be written to and belongs to this installation; a free place is taken.

        Two installations in one place would sweep each other's files. `fresh` says that this one has no files yet, or
        brings them along: only then may it take a new place.

        Raises:
            Unavailable: with code `blobs_gone` or `blobs_refused`.
            Invalid: with code `storage_taken` or `storage_other`.
        """
        if not self.url:  # below the data folder, which has a lock
            return
        store = LocalStore(self.folder, mkdir=True) if self.folder is not None else self._store
        owner = self._owner(store)
        if owner not in (None, installation):
            message = f"{self.name} belongs to another installation of Boxwright; choose another prefix"
            raise Invalid(f"{message} (or delete {CLAIM} there if that one is gone for good)", code="storage_taken")
        if owner is None and not fresh:
            message = f"{self.name} holds none of this installation's files; set storage back"
            raise Invalid(f"{message} to where they are", code="storage_other")
        self._write_claim(store, installation, first=owner is None)

    def release(self) -> None:
        """Leave the place, which is empty again, to others. Raises Unavailable."""
        if self.folder is not None:
            _remove_empty(self.folder)
        if not self.url:
            return
        store = LocalStore(self.folder, mkdir=True) if self.folder is not None else self._store
        try:
            obstore.delete(store, CLAIM)
        except (BaseError, OSError) as error:
            if not isinstance(error, FileNotFoundError):
                raise translated(error, self.name) from error

    def _owner(self, store: ObjectStore) -> str | None:
        try:
            data = bytes(obstore.get(store, CLAIM).bytes())
        except (BaseError, OSError) as error:
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
                return None
            raise translated(error, self.name) from error
        try:
            return str(json.loads(data)["installation"])
        except (ValueError, KeyError, TypeError):
            return ""

    def _write_claim(self, store: ObjectStore, installation: str, *, first: bool) -> None:
        data = json.dumps({"installation": installation, "used_at": now()}).encode()
        try:
            if first:
                _create(store, data)
            else:
                obstore.put(store, CLAIM, data, use_multipart=False)
        except AlreadyExistsError as error:
            message = f"another installation has taken {self.name} at this moment"
            raise Unavailable(message, code="storage_taken") from error
        except (BaseError, OSError) as error:
            raise translated(error, self.name) from error


def open_url(url: str) -> ObjectStore:
    """Open a place in a bucket to read from, as `Location` does. Raises Invalid, also for a folder."""
    scheme, bucket, path = _parse(url.rstrip("/"))
    if scheme == "file":
        raise Invalid("a folder is no bucket", code="storage_url")
    return _open(scheme, bucket, path)


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.glob("**/"), reverse=True):
        with suppress(OSError):  # what is not empty stays
            path.rmdir()


def _create(store: ObjectStore, data: bytes) -> None:
    try:
        obstore.put(store, CLAIM, data, mode="create", use_multipart=False)
    except (NotSupportedError, NotImplementedError):  # a store without conditional writes
        obstore.put(store, CLAIM, data, use_multipart=False)


def _parse(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        bucket = parts.hostname or ""
    except ValueError as error:
        raise Invalid(f"the storage URL cannot be read; use {_EXAMPLES}", code="storage_url") from error
    if "@" in parts.netloc or parts.query or parts.fragment:
        message = "the storage URL holds more than a place; keys and options go into the environment (docs/storage.md)"
        raise Invalid(message, code="storage_url")
    path = unquote(parts.path)
    if parts.scheme == "file":
        if bucket not in ("", "localhost") or not Path(path).is_absolute():
            raise Invalid("a storage folder is written file:///FOLDER, with its whole path", code="storage_url")
        return "file", "", path
    if parts.scheme not in _STORES or not bucket or ".." in path.split("/"):
        raise Invalid(f"storage {parts.scheme or url}: is none of {_EXAMPLES}", code="storage_url")
    return parts.scheme, parts.netloc, path.strip("/")


def _open(scheme: str, bucket: str, prefix: str) -> ObjectStore:
    client = {**_TIMES, "allow_http": _allow_http()}
    try:
        return _STORES[scheme](bucket, prefix=prefix or None, client_options=client, retry_config=_RETRIES)
    except (BaseError, ValueError, OSError) as error:
        said = str(error).splitlines()[0][:200]
        message = f"{scheme}://{bucket} cannot be opened: {said}; see docs/storage.md for the variables it needs"
        raise Invalid(message, code="storage_url") from error


def _allow_http() -> bool:
    """Tell whether requests may go unencrypted: to this machine always, elsewhere where AWS_ALLOW_HTTP says so.

    Raises Invalid for an endpoint that no store has: addresses of the local link answer with a machine's own secrets.
    """
    endpoint = next((value for name in _ENDPOINTS if (value := os.environ.get(name))), "")
    host = urlsplit(endpoint).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if address is not None and address.is_link_local:
        message = f"the endpoint {host} is an address of the local link, which is no object store"
        raise Invalid(message, code="storage_url")
    if not endpoint.startswith("http://"):
        return False
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    if os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("true", "1"):
        return True
    message = f"the endpoint http://{host} is not encrypted; use https, or set AWS_ALLOW_HTTP=true in a closed network"
    raise Invalid(message, code="storage_url")
