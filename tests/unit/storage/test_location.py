from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from obstore.store import AzureStore, GCSStore

from boxwright.domain.errors import Invalid, Unavailable
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.location import CLAIM, Location
from boxwright.storage.remote import RemoteBlobs
from buckets import Bucket


def test_no_url_is_the_folder(tmp_path: Path) -> None:
    location = Location("", tmp_path / "blobs")
    location.claim("a", fresh=False)
    assert isinstance(location.blobs(tmp_path / "cache", 1), ObjectBlobs)
    assert not (tmp_path / "blobs" / CLAIM).exists()


def test_a_folder_by_url(tmp_path: Path) -> None:
    location = Location(f"file://{tmp_path}/the%20blobs/", Path("unused"))
    location.claim("a", fresh=True)
    location.blobs(tmp_path / "cache", 1).put_bytes(b"x")
    assert location.name == str(tmp_path / "the blobs")
    with pytest.raises(Invalid) as caught:
        location.claim("b", fresh=True)
    assert caught.value.code == "storage_taken"


@pytest.mark.parametrize(
    "url",
    [
        "bucket",
        "s3://",
        "s3:///prefix",
        "http://bucket/x",
        "memory:///",
        "s3://key:secret@bucket/x",
        "s3://bucket/x?secret=y",
        "s3://bucket/../other",
        "s3://[bucket/x",
        "file://host/x",
        "file:relative",
        "ftp://host/x",
    ],
)
def test_a_url_that_is_none_of_ours_is_refused_in_one_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        Location(url, tmp_path)
    assert caught.value.code == "storage_url"
    assert "\n" not in caught.value.message
    assert "secret" not in caught.value.message


def test_google_and_azure_by_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="needs"):
        Location("az://container/x", tmp_path)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    assert isinstance(Location("az://container/x", tmp_path)._store, AzureStore)
    assert isinstance(Location("gs://bucket/x", tmp_path)._store, GCSStore)


@pytest.mark.parametrize(
    ("endpoint", "refused"),
    [
        ("http://127.0.0.1:9000", ""),
        ("http://[::1]:9000", ""),
        ("http://localhost:9000", ""),
        ("https://store.example", ""),
        ("http://store.example", "not encrypted"),
        ("http://10.0.0.1", "not encrypted"),
        ("http://169.254.169.254", "local link"),
        ("https://169.254.0.1", "local link"),
        ("http://[fe80::1]", "local link"),
    ],
)
def test_which_endpoints_are_allowed(
    endpoint: str, refused: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    if not refused:
        Location("s3://bucket", tmp_path)
        return
    with pytest.raises(Invalid, match=refused):
        Location("s3://bucket", tmp_path)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    if refused == "not encrypted":
        Location("s3://bucket", tmp_path)
    else:
        with pytest.raises(Invalid, match=refused):
            Location("s3://bucket", tmp_path)


def test_a_bucket_belongs_to_one_installation(bucket: Bucket, tmp_path: Path) -> None:
    location = Location(bucket.url, tmp_path)
    with pytest.raises(Invalid) as caught:
        location.claim("a", fresh=False)
    assert caught.value.code == "storage_other"
    location.claim("a", fresh=True)
    location.claim("a", fresh=False)
    with pytest.raises(Invalid) as caught:
        location.claim("b", fresh=True)
    assert caught.value.code == "storage_taken"
    Location(f"s3://{bucket.name}/another", tmp_path).claim("b", fresh=True)
    bucket.write(CLAIM, b"not json")
    with pytest.raises(Invalid, match="belongs to another"):
        location.claim("a", fresh=True)


def test_a_bucket_that_is_missing(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"the bucket of s3://nowhere/x does not exist") as caught:
        Location("s3://nowhere/x", tmp_path).claim("a", fresh=True)
    assert caught.value.code == "blobs_gone"


def test_an_endpoint_that_is_down(bucket: Bucket, tmp_path: Path) -> None:
    bucket.door.shut()
    with pytest.raises(Unavailable, match="cannot be reached") as caught:
        Location(bucket.url, tmp_path).claim("a", fresh=True)
    assert caught.value.code == "blobs_gone"


class _Refuses(BaseHTTPRequestHandler):
    """An S3 server that reads, or denies, and quotes what it was given."""

    def do_GET(self) -> None:
        self._answer(404, "NoSuchKey") if self.path.startswith("/readonly") else self.do_PUT()

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer(403, "SignatureDoesNotMatch")

    def _answer(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Key>s3cr3t-never-printed</Key></Error>".encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.parametrize("name", ["bucket", "readonly"])
def test_credentials_that_are_refused(
    name: str, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Refuses)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    try:
        with pytest.raises(Unavailable, match="refuses our credentials") as caught:
            Location(f"s3://{name}/x", tmp_path).claim("a", fresh=True)
    finally:
        server.shutdown()
        server.server_close()
    assert caught.value.code == "blobs_refused"
    assert "s3cr3t" not in caught.value.message


def test_the_bucket_is_opened_without_being_asked(bucket: Bucket, tmp_path: Path) -> None:
    bucket.door.shut()
    assert isinstance(Location(bucket.url, tmp_path).blobs(tmp_path / "cache", 1), RemoteBlobs)
